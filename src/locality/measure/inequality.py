"""How a measure changes with deprivation: by fifths of patients, and along the whole order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from locality.figures import Figure, Missing, Period, Problem, Source, Step, Table, Working
from locality.figures.figure import printed
from locality.figures.schemas.judged import INEQUALITY
from locality.measure.values import Values, values
from locality.measure.working import reference
from locality.statistics.inequality import Slope, quantiles, slope

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.intp]

FIFTHS = 5
#: With fewer practices than this, fifths of them say nothing.
FEWEST = 10
TITLES = (
    "Least deprived fifth of patients",
    "Second fifth",
    "Middle fifth",
    "Fourth fifth",
    "Most deprived fifth of patients",
)
OF_PRACTICES = (
    "Practices stand in the order of the average deprivation of their lists. People on one list "
    "differ too, so that this says nothing of any one person, nor why it is so."
)
_POLARITY = {"higher_is_better": "Higher is better.", "lower_is_better": "Lower is better."}


@dataclass(frozen=True, slots=True)
class Unequal:
    """One measure by deprivation: the table of fifths, the slope index and the relative index."""

    fifths: Table
    slope: Figure
    relative: Figure


def inequality(
    measure: Measure,
    observations: Table,
    deprivation: Mapping[str, float],
    patients: Mapping[str, float],
    *,
    organisation: str = "ENG",
    name: str = "England",
    sources: Iterable[Source] = (),
    level: float = 0.95,
) -> Unequal:
    """Return how ``measure`` changes with deprivation among the practices in ``observations``.

    ``observations`` holds practices' rows of one period (OBSERVATIONS, as they may be shown),
    ``deprivation`` a score and ``patients`` the registered patients by practice code. The fifths
    (INEQUALITY) hold as nearly as can be equal numbers of patients; a value is that of all their
    counts together, with the measure's own interval. Slope and relative index are of the line
    through practices' values, weighted by patients (locality.statistics.inequality.slope), whose
    interval comes from their scatter about it: differences between practices widen it, which they
    do not do to the intervals of the fifths. The slope is in the measure's unit, and per cent in
    percentage points.

    A practice without score or list takes no part; one without a value keeps its place and is
    not fitted. ``organisation`` and ``name`` say whose practices they are.
    Raises Problem for fewer than ten practices with all three.
    """
    codes: list[Any] = observations.data.column("code").to_pylist()
    counts = {one: observations.column(one) for one in ("numerator", "denominator", "excepted")}
    num, den, exc = counts.values()
    # A withheld cell has no value here, so that its counts are in no sum either.
    made = values(measure, num, den, exc, observations.column("flags"), level)
    score = np.array([deprivation.get(code, np.nan) for code in codes], np.float64)
    people = np.nan_to_num(np.array([patients.get(code, np.nan) for code in codes], np.float64))
    placed = np.isfinite(score) & (people > 0)
    used = placed & np.isfinite(made.value)
    many = int(used.sum())
    if many < FEWEST:
        raise Problem(
            f"Of {name}, {many} {'practice has' if many == 1 else 'practices have'} a value, a "
            f"deprivation score and a list; at least {FEWEST} are needed to part them into fifths. "
            "Look at England, or at a wider area."
        )
    line = slope(made.value, score, people, level=level)
    period = str(observations.data.column("period")[0].as_py())
    fifths = Table.of(
        INEQUALITY,
        _fifths(measure, period, counts, quantiles(score, FIFTHS, people), used, people, line),
        title=f"{measure.title}, by deprivation, {name}",
        caption=_sentence(measure, line, level),
        notes=_notes(codes, placed, used, made),
    )
    working = Working(
        sources=tuple(sources),
        rules=(reference(measure),),
        steps=(
            Step("Practices are put in the order of the deprivation of their patients.",
                 f"{many:,} practices, {people[used].sum():,.0f} patients"),
            Step("A straight line is fitted to their values, weighted by patients.",
                 f"{printed(float(line.bottom), measure.unit)} at the least deprived end, "
                 f"{printed(float(line.top), measure.unit)} at the most deprived"),
        ),
    )  # fmt: skip
    shared: dict[str, Any] = {
        "measure": measure.id,
        "organisation": organisation,
        "period": Period.parse(period),
        "level": level,
        "working": working,
    }
    unit = "percentage points" if measure.unit == "%" else measure.unit
    return Unequal(
        fifths,
        _figure(
            line.slope, line.interval, unit=unit, note=_sentence(measure, line, level),
            title=f"{measure.title}: slope index by deprivation", **shared,
        ),
        _figure(
            line.relative, line.relative_interval, unit="ratio", note=_ratio_sentence(line, level),
            title=f"{measure.title}: relative index by deprivation", **shared,
        ),
    )  # fmt: skip


def _fifths(
    measure: Measure,
    period: str,
    counts: Mapping[str, Numbers],
    group: Groups,
    used: Truth,
    people: Numbers,
    line: Slope,
) -> list[dict[str, Any]]:
    """Return a row for each fifth; one that no practice falls into has no value."""
    size = np.bincount(group, people, FIFTHS + 1)[1:]
    middle = (size.cumsum() - 0.5 * size) / size.sum()
    rows = []
    for number in range(1, FIFTHS + 1):
        inside = used & (group == number)
        num, den, exc = (float(one[inside].sum()) for one in counts.values())
        pooled = values(measure, num, den, exc)
        there = bool(inside.any())
        numbers = {
            "value": float(pooled.value),
            "lower": float(pooled.lower),
            "upper": float(pooled.upper),
            "numerator": num,
            "denominator": den,
            "fitted": float(line.bottom + line.slope * middle[number - 1]),
        }
        rows.append(
            {
                "fifth": number,
                "title": TITLES[number - 1],
                "practices": int(inside.sum()),
                "period": period,
                "share": float(middle[number - 1]),
            }
            | {one: None if isnan(made) or not there else made for one, made in numbers.items()}
        )
    return rows


def _notes(codes: list[Any], placed: Truth, used: Truth, made: Values) -> tuple[str, ...]:
    notes = [OF_PRACTICES]
    without, silent = int((~placed).sum()), int((placed & ~used).sum())
    if without:
        notes.append(
            f"{without:,} of {len(codes):,} practices are left out: no deprivation or list is "
            "known for them."
        )
    if silent:
        notes.append(f"{silent:,} more keep their place in the order and have no value to show.")
    if np.isfinite(made.lower[used]).any():
        notes.append(
            "The intervals of the fifths are of chance alone; the line's takes in how much "
            "practices differ."
        )
    return tuple(notes)


def _sentence(measure: Measure, line: Slope, level: float) -> str:
    """Return what the slope says, as far as its interval lets one say anything."""
    index, ends = float(line.slope), (float(line.interval.lower), float(line.interval.upper))
    if isnan(index):
        return "Nothing can be said of deprivation: its practices do not differ in it."
    unit = "percentage points" if measure.unit == "%" else measure.unit
    told = f"{100 * level:g} % interval {_plain(ends[0])} to {_plain(ends[1])}"
    if isnan(ends[0]):
        told = "no interval"
    better = _POLARITY.get(measure.polarity, "")
    if ends[0] > 0 or ends[1] < 0:
        way = "higher" if index > 0 else "lower"
        said = (
            f"From the least deprived end to the most it is {_plain(abs(index))} {unit} {way} "
            f"(slope index {_plain(index)}, {told})."
        )
        return f"{said} {better}".rstrip()
    return (
        "It is not clear that it changes with deprivation at all (slope index "
        f"{_plain(index)} {unit}, {told})."
    )


def _ratio_sentence(line: Slope, level: float) -> str:
    ratio = float(line.relative)
    if isnan(ratio):
        return "There is no ratio to give: one end of the line is at 0 or below."
    said = f"At the most deprived end it is {ratio:.2f} times what it is at the least deprived"
    ends = (float(line.relative_interval.lower), float(line.relative_interval.upper))
    if isnan(ends[0]):
        return f"{said}; no interval can be given."
    return f"{said} ({100 * level:g} % interval {ends[0]:.2f} to {ends[1]:.2f})."


def _plain(number: float) -> str:
    return f"{number:,.1f}" if abs(number) >= 1 else f"{number:.2f}"


def _figure(index: Any, ends: Any, **words: Any) -> Figure:
    number = float(index)
    if isnan(number):
        return Figure(missing=Missing.NOTHING_TO_COUNT, **words)
    lower, upper = float(ends.lower), float(ends.upper)
    bounded = not isnan(lower)
    return Figure(
        value=number, lower=lower if bounded else None, upper=upper if bounded else None, **words
    )
