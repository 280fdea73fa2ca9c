"""Made-up people, posts, bodies and seats for tests, written through the actions."""

from __future__ import annotations

from typing import Any

from locality.records.actions import add_person, give_post, give_seat, open_body
from locality.records.models import Body, Person, Post, Seat

TOLD: dict[str, Any] = {"who": "local", "why": "The locality begins."}


def person(name: str = "Asha Alder", **changes: Any) -> Person:
    return add_person(**{"name": name, **TOLD, **changes})


def post(holder: Person | None = None, **changes: Any) -> Post:
    holder = holder or person()
    return give_post(**{
        "person": holder.code, "organisation": "A81001", "title": "GP partner",
        "tags": ["gp"], "from_day": "2024-04-01", **TOLD, **changes,
    })  # fmt: skip


def body(name: str = "Vale commissioning panel", **changes: Any) -> Body:
    return open_body(**{
        "name": name, "kind": "panel", "acts_for": "The practices of the Vale.",
        "opened_on": "2024-04-01", **TOLD, **changes,
    })  # fmt: skip


def seat(sits: Post | None = None, within: Body | None = None, **changes: Any) -> Seat:
    return give_seat(**{
        "body_code": (within or body()).code, "post": (sits or post()).code, "role": "member",
        "from_day": "2024-05-01", **TOLD, **changes,
    })  # fmt: skip
