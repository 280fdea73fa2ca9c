"""Criteria sets: make one, change it while it is open, lock it, begin its next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from locality.judging import criteria as engine
from locality.judging import scales
from locality.judging.weights import METHODS
from locality.records.actions.numbering import next_reference
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import end
from locality.records.actions.writing import change, event, keep
from locality.records.free_text import one_line, paragraphs
from locality.records.models import CriteriaSet, Criterion, Event, Purpose

#: More criteria than these are more than people can weigh against each other.
MOST = 30


@dataclass(frozen=True)
class Row:
    """One criterion as it was typed; ``anchors`` has a line for each, such as ``0 = none``."""

    name: str
    weight: str = ""
    lower: str = "0"
    upper: str = "10"
    step: str = "1"
    meaning: str = ""
    domain: str = ""
    anchors: str = ""


def make_criteria(
    *, title: str, purpose: str, method: str, rows: Sequence[Row], who: str, why: str
) -> CriteriaSet:
    """Return a new criteria set, open to change until it is locked.

    Raises Refusal for ``title``, ``purpose``, ``method``, ``who``, ``why``; for a field of a row
    as ``weight-0``; and for ``rows`` where all of them together do not hold.
    """
    with Checking() as check:
        title, why, who = _told(check, title, purpose, why, who)
        each = _rows(check, method, rows)
    with change():
        reference = next_reference("C")
        because = _event(reference, "criteria.made", who, why, title=title)
        made = CriteriaSet(reference=reference, title=title, purpose=purpose, method=method,
                           number=1)  # fmt: skip
        keep(made, because)
        _keep_rows(made, each, because)
    return made


def change_criteria(
    *,
    reference: str,
    title: str,
    purpose: str,
    method: str,
    rows: Sequence[Row],
    who: str,
    why: str,
    seen: str | int | None = None,
) -> CriteriaSet:
    """Return the set as it is now: what is no longer in ``rows`` ends.

    Raises Refusal as ``make_criteria`` does, for ``reference`` where it is locked, and Changed.
    """
    with Checking() as check:
        title, why, who = _told(check, title, purpose, why, who)
        each = _rows(check, method, rows)
    with change():
        held = _open(reference)
        unchanged(held, seen)
        now = [one.plain for one in held.rows]
        if (held.title, held.purpose, held.method, now) == (title, purpose, method, each):
            return held
        because = _event(held.reference, "criteria.changed", who, why, title=title)
        for one in held.rows:
            end(one, because, "The criteria were written anew.")
        _keep_rows(held, each, because)
        held.title, held.purpose, held.method = title, purpose, method
        keep(held, because)
    return held


def lock_criteria(
    *, reference: str, who: str, why: str = "", seen: str | int | None = None
) -> CriteriaSet:
    """Return the set, locked: it never changes again. Raises Refusal and Changed."""
    with Checking() as check:
        why = check.reason(why) if why.strip() else "The criteria are settled."
        who = check.who(who)
    with change():
        held = _open(reference)
        unchanged(held, seen)
        wrong = held.plain.faults()
        if wrong:
            raise Refusal("rows", wrong[0][2])
        because = _event(held.reference, "criteria.locked", who, why)
        for one in held.rows:
            one.locked = True
            keep(one, because)
        held.locked_at, held.locked_by = because.at, because.who
        keep(held, because)
    return held


def next_version(*, reference: str, who: str, why: str) -> CriteriaSet:
    """Return the next version of a locked set: the same criteria, open to change.

    Raises Refusal for ``reference``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        old = criteria_set(reference)
        if not old.is_locked:
            raise Refusal("reference", f"{old.reference} is open still: change it as it is.")
        later = old.followed_by.first()
        if later is not None:
            raise Refusal("reference", f"{later.reference} is the version after this already.")
        because = _event(next_reference("C"), "criteria.next version", who, why,
                         after=old.reference)  # fmt: skip
        made = CriteriaSet(reference=because.subject, title=old.title, purpose=old.purpose,
                           method=old.method, number=old.number + 1, supersedes=old)  # fmt: skip
        keep(made, because)
        _keep_rows(made, [one.plain for one in old.rows], because)
    return made


def criteria_set(reference: str, field: str = "reference") -> CriteriaSet:
    """Return the set under ``reference``; Refusal in ``field`` where there is none."""
    found: CriteriaSet | None = CriteriaSet.objects.filter(reference=reference).first()
    if found is None:
        raise Refusal(field, "Choose a set of criteria that is here.")
    return found


def _open(reference: str) -> CriteriaSet:
    held = criteria_set(reference)
    if held.is_locked:
        raise Refusal(
            "reference", f"{held.reference} is locked and stays as it is. Make a new version of it."
        )
    return held


def _told(check: Checking, title: str, purpose: str, why: str, who: str) -> tuple[str, str, str]:
    if purpose not in Purpose.values:
        check.refuse("purpose", "Choose what the criteria are for.")
    return check.line("title", title, "a title", 160), check.reason(why), check.who(who)


def _rows(check: Checking, method: str, rows: Sequence[Row]) -> list[engine.Criterion]:
    """Return the criteria; what is wrong with them is refused, field by field."""
    if method not in METHODS:
        check.refuse("method", "Choose how the weights come about.")
    if not rows:
        check.refuse("rows", "Write at least one criterion.")
    if len(rows) > MOST:
        check.refuse("rows", f"Keep it to {MOST} criteria: people cannot weigh up more.")
    before = len(check.reasons)
    each = [one for at, row in enumerate(rows) if (one := _row(check, at, row))]
    if len(check.reasons) == before and each and method in METHODS:
        for place, field, sentence in engine.faults(method, each):
            check.refuse("rows" if place is None else f"{field}-{place}", sentence)
    return each


def _row(check: Checking, at: int, row: Row) -> engine.Criterion | None:
    name = check.line(f"name-{at}", row.name, "what is looked at", 120)
    meaning, domain = paragraphs(row.meaning), one_line(row.domain)
    if meaning:
        check.words(f"meaning-{at}", meaning, "what is meant")
    if domain:
        check.line(f"domain-{at}", domain, "the heading", 80)
    numbers: dict[str, Decimal] = {}
    for field in ("weight", "lower", "upper", "step"):
        try:
            numbers[field] = scales.typed(getattr(row, field))
        except ValueError as error:
            check.refuse(f"{field}-{at}", str(error))
    anchors: dict[Decimal, str] = {}
    try:
        anchors = scales.anchors_typed(row.anchors)
        check.private(f"anchors-{at}", row.anchors)
    except ValueError as error:
        check.refuse(f"anchors-{at}", str(error))
    if len(numbers) < 4:
        return None
    lower, upper, step = numbers["lower"], numbers["upper"], numbers["step"]
    wrong = scales.faults(lower, upper, step, anchors)
    for field, sentence in wrong:
        check.refuse(f"{field}-{at}", sentence)
    if wrong:
        return None
    scale = scales.Scale(lower, upper, step, anchors)
    return engine.Criterion(name, scale, numbers["weight"], meaning, domain)


def _keep_rows(held: CriteriaSet, each: Sequence[engine.Criterion], because: Event) -> None:
    for position, one in enumerate(each, 1):
        anchors = {scales.plain(value): words for value, words in one.scale.anchors.items()}
        row = Criterion(
            criteria_set=held, position=position, name=one.name, meaning=one.meaning,
            domain=one.domain, weight=one.raw, lower=one.scale.lower, upper=one.scale.upper,
            step=one.scale.step, anchors=anchors, by=because.who, at=because.at,
        )  # fmt: skip
        keep(row, because)


def _event(reference: str, what: str, who: str, why: str, **detail: str) -> Event:
    return event(who=who, what=what, why=why, kind="criteria set", subject=reference,
                 detail=detail)  # fmt: skip
