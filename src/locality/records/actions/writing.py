"""One change: its turn, its event, and what it changes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from locality.records.models import Event
from locality.records.models.recorded import Recorded, acting
from locality.records.turns import turn


def fresh_code(kind: str) -> str:
    """Return a new code, such as ``p-3f9a01c77e``: ``kind``, and ten characters at random.

    At least one of them is a letter. Ten digits could be taken for an NHS number wherever a
    code stands in a text, and what its holder signs would be refused.
    """
    while (drawn := secrets.token_hex(5)).isdecimal():
        pass
    return f"{kind}-{drawn}"


@contextmanager
def change() -> Iterator[None]:
    """Open the one transaction in which an action reads, decides and writes."""
    with turn(), acting():
        yield


def event(
    *, who: str, what: str, why: str, kind: str, subject: str, detail: dict[str, Any]
) -> Event:
    """Write and return the event of a change; ``detail`` holds plain values only."""
    written: Event = Event.objects.create(
        at=timezone.now(),
        who=who,
        what=what,
        why=why,
        subject_kind=kind,
        subject=subject,
        detail=detail,
    )
    return written


def keep(thing: Recorded, because: Event) -> None:
    """Save ``thing`` as it stands after the event ``because``; its history says who and why."""
    thing.event = because
    thing._change_reason = because.why
    thing.save()
