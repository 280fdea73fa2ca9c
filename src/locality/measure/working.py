"""One figure of a measure, with its whole working."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

from locality.figures import Cell, Figure, Missing, Period, RuleReference, Source, Step, Working
from locality.figures.figure import COMPLETE, printed
from locality.measure.compare import sentence
from locality.measure.values import REASONS, values

if TYPE_CHECKING:
    from locality.knowledge import Measure

PARTIAL = "Not every member practice made a return: the counts are of those that did."
_SUMMED = {"practice": "member practices", "pcn": "PCNs", "sub_icb": "sub-ICBs"}
_INTERVALS = {
    "share": ("Wilson score interval", "people"),
    "events": ("Byar's interval for a Poisson count", "events"),
}
ROUNDED = (
    "These counts were supplied locally: small ones are hidden, and the others are rounded to 5."
)


def figure(
    measure: Measure,
    row: Mapping[str, Any],
    *,
    sources: Iterable[Source] = (),
    beside: Iterable[tuple[str, Mapping[str, Any]]] = (),
    members: int | None = None,
    rounded: bool = False,
    view: str | None = None,
    level: float = 0.95,
) -> Figure:
    """Return the figure of one ``row`` of OBSERVATIONS, in the measure's unit, with its working.

    ``beside`` are comparators, each a name and a row of the same measure and period: a sentence
    on each goes into the note. ``members`` is how many practices were to be summed; ``rounded``
    says that the row came through the release gate rounded. A withheld row shows no count.
    """
    flags = Cell(int(row["flags"]))
    shown = {
        name: None if Cell.WITHHELD in flags or _empty(row[name]) else float(row[name])
        for name in ("numerator", "denominator", "excepted")
    }
    num, den, exc = (_number(count) for count in shown.values())
    made = values(measure, num, den, exc, int(flags), level, view)
    missing = REASONS[int(made.missing)]
    value, lower, upper = (
        None if isnan(one) else one
        for one in (float(made.value), float(made.lower), float(made.upper))
    )
    found = Figure(
        measure=measure.id,
        title=measure.title,
        organisation=str(row["code"]),
        period=Period.parse(str(row["period"])),
        unit=measure.unit,
        value=value,
        missing=missing,
        numerator=shown["numerator"],
        denominator=shown["denominator"],
        excepted=shown["excepted"],
        lower=lower,
        upper=upper,
        level=level,
        complete=measure.measure.interval == "none",
    )
    notes = [PARTIAL] if Cell.PARTIAL in flags and missing is None else []
    notes += [ROUNDED] if rounded and missing is None else []
    for name, other in beside:
        theirs = figure(measure, other, view=view, level=level)
        said = sentence(found, theirs, name, measure.polarity)
        notes += [said] if said else []
    working = Working(
        sources=tuple(sources),
        rules=(reference(measure),),
        steps=tuple(_steps(measure, found, row, members, notes, view)),
    )
    return replace(found, note=" ".join(notes), working=working)


def reference(measure: Measure) -> RuleReference:
    """Return where a measure's definition stands, and the document it rests on."""
    first = measure.references[0]
    return RuleReference(
        id=measure.id,
        title=measure.title,
        place=measure.place,
        reference=first.text,
        address=first.address,
        definition_hash=measure.definition_hash,
        grade=measure.governance.status,
        local=measure.local,
    )


def _steps(
    measure: Measure,
    found: Figure,
    row: Mapping[str, Any],
    members: int | None,
    notes: list[str],
    view: str | None,
) -> Iterable[Step]:
    if found.missing is Missing.WITHHELD:
        yield Step(Missing.WITHHELD.sentence)
        return
    if row["kind"] != "practice":
        one = _SUMMED[measure.counted_for]
        if members is not None:
            whom = f"{members:,} {one}"
            yield Step(f"The counts of its {whom} are added up, as they belong together today.")
        elif row["kind"] != measure.counted_for:
            yield Step(f"The counts of its {one} are added up, as they belong together today.")
    parts = (
        ("Numerator", measure.numerator_words, found.numerator),
        ("Denominator", measure.denominator_words, found.denominator),
        ("Set apart", measure.excepted_words, found.excepted),
    )
    for name, words, count in parts:
        if words and not (count is None and name == "Set apart"):
            text = f"{name}: {words[:1].lower()}{words[1:].rstrip('.')}."
            yield Step(text, "no number" if count is None else _count(count))
    for note in notes:
        if note in (PARTIAL, ROUNDED):
            yield Step(note)
    if found.value is None:
        yield Step(Missing(found.missing or Missing.NO_RETURN).sentence)
        return
    expression = measure.view(view).text
    yield Step(
        f"{(view or measure.main_view).replace('_', ' ').capitalize()}: {expression}",
        f"{_filled(expression, found)} = {found.text}",
    )
    if found.interval_text:
        name, what = _INTERVALS[measure.measure.interval]
        yield Step(
            f"{name}, {100 * found.level:g} % level: what chance alone could explain in so many "
            f"{what}.",
            found.interval_text,
        )
    elif found.complete:
        yield Step(f"{COMPLETE[0].upper()}{COMPLETE[1:]}: everything was counted.")


def _filled(expression: str, found: Figure) -> str:
    counts = {"num": found.numerator, "den": found.denominator, "exc": found.excepted}
    words = expression.replace("*", "×").replace("/", "÷")
    return re.sub(r"\b(num|den|exc)\b", lambda name: _count(counts[name[1]] or 0.0), words)


def _count(count: float) -> str:
    return printed(count, "patients")


def _empty(count: Any) -> bool:
    return count is None or isnan(count)


def _number(count: float | None) -> float:
    return float("nan") if count is None else count
