"""Scores: save a sheet, hand it in, take it back to change it; agree scores together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from locality.judging import scales
from locality.judging.sheets import departs
from locality.records.actions.moving import move
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.scoring import assessor_of, in_state, reveal_if_all_are_in
from locality.records.actions.seen import unchanged
from locality.records.actions.writing import change, event, keep
from locality.records.free_text import paragraphs
from locality.records.models import (
    AgreedScore,
    Assessor,
    Criterion,
    Event,
    Purpose,
    Score,
    Scoring,
    Subject,
)
from locality.records.scoring_tables import agreed, own_cells, subjects, submitted

#: A cell: the place of its subject and of its criterion, both from 1.
Cell = tuple[int, int]


@dataclass(frozen=True)
class Given:
    """What was typed into one cell; an empty value is not scored yet."""

    value: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Settled:
    """What was typed as agreed of one cell, and the version that the form showed (0: none)."""

    value: str
    reason: str = ""
    seen: str = ""


def save_sheet(
    *,
    reference: str,
    person: str,
    cells: Mapping[Cell, Given],
    who: str,
    submit: bool = False,
    seen: str | int | None = None,
) -> Assessor:
    """Return the assessor with their sheet as it is now; with ``submit`` it is handed in.

    A sheet that is handed in has every cell. When the last one is, scores are shown to everyone,
    in the same moment. Cells that are not in ``cells`` stay as they were. Raises Refusal for
    ``reference``, ``person``, ``who``, and for a cell as ``score-1-2`` or ``comment-1-2``; Changed
    where the same person saved it elsewhere since.
    """
    with Checking() as check:
        who = check.who(who)
    with change():
        held = in_state(reference, "open")
        one = _scorer(held, person)
        unchanged(one, seen)
        things, looked_at = _due(held, one), held.criteria.rows
        with Checking() as check:
            typed = _typed(check, cells, things, looked_at)
            if submit:
                _whole(check, one, typed, things, looked_at)
        before = own_cells(one)
        changed = [
            cell for cell, (value, comment) in typed.items()
            if (value, comment) != _was(before.get(cell))
        ]  # fmt: skip
        if not changed and not submit:
            return one
        what = "scoring.sheet submitted" if submit else "scoring.sheet saved"
        why = "The sheet is complete." if submit else "Work on the sheet."
        because = _event(held, what, who, why, person=one.person.code)
        for s, c in changed:
            score = before.get((s, c)) or Score(
                assessor=one, subject=things[s], criterion=looked_at[c - 1]
            )
            score.value, score.comment = typed[s, c]
            keep(score, because)
        if submit:
            one.submitted_at = because.at
        keep(one, because)
        if submit:
            reveal_if_all_are_in(held, who)
    return one


def reopen_sheet(*, reference: str, person: str, who: str, why: str = "") -> Assessor:
    """Return the assessor, whose sheet is theirs to change again, until scores are shown.

    Raises Refusal for ``reference``, ``person``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why) if why.strip() else "To change a score."
        who = check.who(who)
    with change():
        held = in_state(reference, "open")
        one = assessor_of(held, person)
        if one.submitted_at is None:
            raise Refusal("person", "Your sheet is not handed in: change it as it is.")
        because = _event(held, "scoring.sheet reopened", who, why, person=one.person.code)
        one.submitted_at = None
        keep(one, because)
    return one


def agree_scores(*, reference: str, cells: Mapping[Cell, Settled], who: str) -> list[AgreedScore]:
    """Return the scores that are agreed anew; empty values are left as they were.

    One that is further from the median than the scoring's margin says why. Raises Refusal for
    ``reference``, ``who``, a cell as ``agreed-1-2`` or ``reason-1-2``, and Changed.
    """
    with Checking() as check:
        who = check.who(who)
    with change():
        held = in_state(reference, "revealed")
        things = {one.position: one for one in subjects(held)}
        looked_at = held.criteria.rows
        medians = submitted(held).medians
        before = agreed(held)
        wanted = {}
        with Checking() as check:
            for cell, told in cells.items():
                _known(cell, things, looked_at)
                if told.value.strip():
                    middle = float(medians[list(things).index(cell[0]), cell[1] - 1])
                    wanted[cell] = _settled(check, cell, told, looked_at, middle,
                                            float(held.margin))  # fmt: skip
        made = []
        for (s, c), found in wanted.items():
            now = before.get((s, c))
            if now is not None:
                if (now.value, now.reason) == (found.value, found.reason):
                    continue
                unchanged(now, cells[s, c].seen)
            one = now or found
            one.subject, one.criterion = things[s], looked_at[c - 1]
            one.value, one.median, one.departs, one.reason = (
                found.value, found.median, found.departs, found.reason,
            )  # fmt: skip
            because = _agreed_event(held, who, one)
            keep(one, because)
            made.append(one)
    return made


def close_scoring(
    *, reference: str, who: str, why: str = "", seen: str | int | None = None
) -> Scoring:
    """Return the scoring, agreed: nothing of it changes any more.

    Raises Refusal for ``reference``, ``who``, ``why``, or for ``agreed`` where a score is missing.
    """
    with Checking() as check:
        why = check.reason(why) if why.strip() else "Every score is agreed."
        who = check.who(who)
    with change():
        held = in_state(reference, "revealed")
        unchanged(held, seen)
        settled = agreed(held)
        for thing in subjects(held):
            for criterion in held.criteria.rows:
                if (thing.position, criterion.position) not in settled:
                    raise Refusal("agreed", f"Agree a score first for {thing.name}: "
                                  f"{criterion.name}.")  # fmt: skip
        move(held, "agreed", _event(held, "scoring.agreed", who, why))
    return held


def _scorer(held: Scoring, person: str) -> Assessor:
    one = assessor_of(held, person)
    if not one.may_score:
        raise Refusal("person", f"You do not score this: {one.why_not}")
    if one.submitted_at is not None:
        raise Refusal("person", "Your sheet is handed in. Take it back first to change it.")
    return one


def _due(held: Scoring, one: Assessor) -> dict[int, Subject]:
    return {thing.position: thing for thing in subjects(held) if one.scores_subject(thing)}


def _typed(
    check: Checking,
    cells: Mapping[Cell, Given],
    things: Mapping[int, Subject],
    looked_at: list[Criterion],
) -> dict[Cell, tuple[Decimal | None, str]]:
    found: dict[Cell, tuple[Decimal | None, str]] = {}
    for cell, given in cells.items():
        _known(cell, things, looked_at)
        field = f"{cell[0]}-{cell[1]}"
        comment = paragraphs(given.comment)
        if comment:
            check.words(f"comment-{field}", comment, "the comment")
        found[cell] = _value(check, f"score-{field}", given.value, looked_at[cell[1] - 1]), comment
    return found


def _value(check: Checking, field: str, text: str, criterion: Criterion) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = scales.typed(text)
    except ValueError as error:
        check.refuse(field, str(error))
        return None
    wrong = criterion.scale.fault(value)
    if wrong:
        check.refuse(field, wrong)
        return None
    return value


def _whole(
    check: Checking,
    one: Assessor,
    typed: Mapping[Cell, tuple[Decimal | None, str]],
    things: Mapping[int, Subject],
    looked_at: list[Criterion],
) -> None:
    before = own_cells(one)
    refused = {field for field, _ in check.reasons}
    for s in things:
        for c in range(1, len(looked_at) + 1):
            value, _ = typed.get((s, c), _was(before.get((s, c))))
            field = f"score-{s}-{c}"
            if value is None and field not in refused:
                check.refuse(field, f"Score {looked_at[c - 1].name} for {things[s].name}.")


def _was(score: Score | None) -> tuple[Decimal | None, str]:
    return (score.value, score.comment) if score else (None, "")


def _settled(
    check: Checking, cell: Cell, told: Settled, looked_at: list[Criterion], median: float,
    margin: float,
) -> AgreedScore:  # fmt: skip
    field = f"{cell[0]}-{cell[1]}"
    value = _value(check, f"agreed-{field}", told.value, looked_at[cell[1] - 1])
    reason = paragraphs(told.reason)
    if reason:
        check.words(f"reason-{field}", reason, "the reason")
    if value is None:
        return AgreedScore()
    far = bool(departs(np.array(float(value)), np.array(median), margin))
    if far and not reason:
        check.refuse(
            f"reason-{field}",
            f"{scales.plain(value)} is more than {scales.plain(margin)} from the median "
            f"{scales.plain(round(median, 2))}: say why.",
        )
    middle = None if np.isnan(median) else Decimal(str(round(median, 3)))
    return AgreedScore(value=value, median=middle, departs=far, reason=reason)


def _agreed_event(held: Scoring, who: str, one: AgreedScore) -> Event:
    where = {"subject": one.subject.name, "criterion": one.criterion.name}
    if held.purpose == Purpose.SKILLS:
        # The log has other readers than a person's skills.
        return _event(held, "scoring.score agreed", who, "Agreed together.", **where)
    why = one.reason or "Agreed together."
    value = scales.plain(one.value)
    return _event(held, "scoring.score agreed", who, why, value=value, **where)


def _known(cell: Cell, things: Mapping[int, Subject], looked_at: list[Criterion]) -> None:
    if cell[0] not in things or not 1 <= cell[1] <= len(looked_at):
        raise Refusal("reference", "This form is not whole. Open it again, please.")


def _event(held: Scoring, what: str, who: str, why: str, **detail: str) -> Event:
    return event(who=who, what=what, why=why, kind="scoring", subject=held.reference, detail=detail)
