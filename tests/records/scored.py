"""Made-up criteria, scorings and sheets for tests, written through the actions."""

from __future__ import annotations

from typing import Any

from locality.records.actions import (
    Given,
    Row,
    SubjectRow,
    draft_scoring,
    lock_criteria,
    make_criteria,
    name_assessors,
    open_scoring,
    save_sheet,
)
from locality.records.models import CriteriaSet, Person, Scoring
from tests.records import made

TOLD: dict[str, Any] = {"who": "Gov Lead, p-1", "why": "The panel meets."}
ROWS = (
    Row("Need", "60", "0", "10", "1", meaning="How many need it.", anchors="0 = none\n10 = many"),
    Row("Cost", "40", "0", "10", "1", domain="Money"),
)


def criteria(*, lock: bool = True, **changes: Any) -> CriteriaSet:
    held = make_criteria(**{
        "title": "Growth options", "purpose": "priority setting", "method": "points",
        "rows": ROWS, **TOLD, **changes,
    })  # fmt: skip
    return lock_criteria(reference=held.reference, who=TOLD["who"]) if lock else held


def drafted(*people: Person, role: str = "member", **changes: Any) -> Scoring:
    held = draft_scoring(**{
        "title": "Next year's growth", "criteria": changes.pop("criteria", "") or
        criteria().reference, "subjects": [SubjectRow("Hub"), SubjectRow("Clinic")], **TOLD,
        **changes,
    })  # fmt: skip
    if people:
        named = [(one.code, role) for one in people]
        name_assessors(reference=held.reference, assessors=named, **TOLD)
    return held


def opened(*people: Person, **changes: Any) -> Scoring:
    held = drafted(*people, **changes)
    return open_scoring(reference=held.reference, who=TOLD["who"])


def cells(*rows: tuple[object, ...]) -> dict[tuple[int, int], Given]:
    """Return the cells of a sheet: a row for each subject, a value for each criterion."""
    return {
        (s, c): Given(str(value), f"Because {value}.")
        for s, row in enumerate(rows, 1)
        for c, value in enumerate(row, 1)
    }


def handed_in(held: Scoring, person: Person, *rows: tuple[object, ...]) -> None:
    save_sheet(
        reference=held.reference, person=person.code, cells=cells(*rows), submit=True,
        who=person.signature,
    )  # fmt: skip


def revealed(**changes: Any) -> tuple[Scoring, Person, Person]:
    """Return a scoring of Hub and Clinic by two people, whose scores are shown."""
    ann, ben = made.person("Ann Ash"), made.person("Ben Beech")
    held = opened(ann, ben, **changes)
    handed_in(held, ann, (8, 2), (3, 3))
    handed_in(held, ben, (4, 2), (3, 9))
    held.refresh_from_db()
    return held, ann, ben


def write_scoring(*people: Person) -> Scoring:
    """Write one of everything of scoring: a set, a scoring, sheets, and an agreed score."""
    from locality.records.actions import Settled, agree_scores

    held, _, _ = revealed()
    agree_scores(reference=held.reference, cells={(1, 1): Settled("6")}, who=TOLD["who"])
    return held
