"""With and without personalised care adjustments: achievement, reach, and the rate of adjustments.

An adjustment takes a patient out of the denominator: because care was declined, would do harm, or
could not be given. It may be right for the people a practice has. So everything is shown side by
side, and what looks unusual is put as a question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from locality.figures import Cell, Column, Problem, Schema, Table
from locality.figures.figure import printed
from locality.measure.compare import Standing
from locality.measure.qof.score import by_indicator
from locality.measure.values import values
from locality.statistics import wilson

if TYPE_CHECKING:
    from locality.knowledge import Measure

pc: Any = pyarrow.compute
Numbers = npt.NDArray[np.float64]

VIEWS = ("achievement", "reach", "pca_rate")


def _shares(prefix: str = "", whose: str = "") -> tuple[Column, ...]:
    of = f", {whose}" if whose else ""
    return (
        Column(f"{prefix}achievement", "number", f"of the denominator{of}", "%", required=False),
        Column(f"{prefix}reach", "number", f"of everyone eligible{of}", "%", required=False),
        Column(f"{prefix}pca_rate", "number", f"of everyone, adjusted{of}", "%", required=False),
    )


def _ends() -> tuple[Column, ...]:
    return tuple(
        Column(f"{view}_{end}", "number", f"{end} end of its interval", "%", required=False)
        for view in VIEWS
        for end in ("lower", "upper")
    )


CARE_ADJUSTMENTS = Schema(
    "care_adjustments",
    "A practice's QOF with and without personalised care adjustments",
    (
        Column("period", "text", "financial year"),
        Column("indicator_code", "text", "QOF indicator, such as HYP008"),
        Column("title", "text", "what it is about"),
        Column("numerator", "whole", "patients who meet it", "patients", required=False),
        Column("denominator", "whole", "net of care adjustments", "patients", required=False),
        Column("pcas", "whole", "personalised care adjustments", "patients", required=False),
        *_shares(),
        *_ends(),
        *_shares("icb_", "its ICB"),
        *_shares("england_", "England"),
        Column("standing", "text", "its rate of adjustments beside England's, or empty"),
        Column("sentence", "text", "the same in words"),
        Column("missing", "text", "why there is no achievement", required=False),
    ),
    ("period", "indicator_code"),
)

CARE_OVER = Schema(
    "care_adjustments_over",
    "Care adjustments beside achievement, over organisations",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("name", "text", "its name", required=False),
        Column("period", "text", "period code"),
        *_shares(),
        *_ends(),
        Column("numerator", "number", "count", required=False),
        Column("denominator", "number", "net of care adjustments", required=False),
        Column("excepted", "number", "personalised care adjustments", required=False),
        Column("missing", "text", "why there is no rate of adjustments", required=False),
    ),
    ("code", "kind"),
)

MAY_BE_RIGHT = (
    "An adjustment may be right for the people a practice has: care declined, care that would do "
    "harm, people who joined late. A high rate is something to look at, not a fault."
)
_READ = (
    "Achievement leaves out patients under a care adjustment; reach counts everyone eligible. "
    "Where the two lie far apart, adjustments make the difference."
)


def care_adjustments(
    achievement: Table,
    indicators: Table,
    code: str,
    icb: Collection[str] = (),
    period: str | None = None,
    titles: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> Table:
    """Return one year of the practice ``code`` by indicator, by code (CARE_ADJUSTMENTS).

    As :func:`locality.measure.qof_by_indicator`, with an interval for each share, the sums of its
    ICB (the practices ``icb``) beside England's, and a sentence. ``standing`` says whether the
    interval of its rate of adjustments leaves out England's rate, which is all practices' together.
    The table is empty where there is no row.
    """
    own = by_indicator(achievement, indicators, code, period, titles, level).rows
    when = own[0]["period"] if own else period
    inside = pc.is_in(achievement.data["practice_code"], pa.array(sorted(icb), pa.string()))
    board = Table(achievement.schema, achievement.data.filter(inside))
    # Of its ICB alone, what that function calls England's is the ICB's.
    beside = {
        row["indicator_code"]: row for row in by_indicator(board, indicators, code, when).rows
    }
    rows = [_row(row, beside.get(row["indicator_code"], {}), level) for row in own]
    return Table.of(
        CARE_ADJUSTMENTS,
        rows,
        title=f"{CARE_ADJUSTMENTS.title}, {when}" if when else CARE_ADJUSTMENTS.title,
        caption=_READ,
        notes=(MAY_BE_RIGHT, *_many_looks(rows, level)),
    )


def care_over(
    measure: Measure,
    observations: Table,
    names: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> Table:
    """Return one period's ``observations`` (OBSERVATIONS) with and without (CARE_OVER), by name.

    Organisations that did not exist then are left out, and counts of a withheld cell not shown.
    Raises Problem for a measure without the three views.
    """
    for view in VIEWS:
        if view not in measure.measure.views:
            raise Problem(f"{measure.title} has no care adjustments: it is counted without them.")
    there = observations.column("flags") & np.uint8(Cell.NOT_APPLICABLE) == 0
    data = observations.data.filter(pa.array(there))
    shown = Table(observations.schema, data)
    flags = shown.column("flags")
    num, den, exc = (shown.column(one) for one in ("numerator", "denominator", "excepted"))
    made = {view: values(measure, num, den, exc, flags, level, view) for view in VIEWS}
    hidden = flags & np.uint8(Cell.WITHHELD) != 0
    codes: list[Any] = data.column("code").to_pylist()
    columns: dict[str, Any] = {
        "code": data.column("code"),
        "kind": data.column("kind"),
        "name": pa.array([(names or {}).get(code) for code in codes], pa.string()),
        "period": data.column("period"),
        "missing": pa.array(made["pca_rate"].reasons, pa.string()),
        "numerator": _cells(np.where(hidden, np.nan, num)),
        "denominator": _cells(np.where(hidden, np.nan, den)),
        "excepted": _cells(np.where(hidden, np.nan, exc)),
    }
    for view, found in made.items():
        columns[view] = _cells(found.value)
        columns[f"{view}_lower"] = _cells(found.lower)
        columns[f"{view}_upper"] = _cells(found.upper)
    table = Table.of(CARE_OVER, columns)
    return Table(
        CARE_OVER,
        table.data.sort_by([("name", "ascending"), ("code", "ascending")]),
        title=f"{measure.title}: with and without care adjustments",
        caption=" ".join(filter(None, (_middle_half(made["pca_rate"].value), _READ))),
        notes=(MAY_BE_RIGHT, "In order of name. It is not a ranking."),
    )


def _row(row: Mapping[str, Any], icb: Mapping[str, Any], level: float) -> dict[str, Any]:
    num, den, exc = (row[one] for one in ("numerator", "denominator", "pcas"))
    found = {name: row[name] for name in CARE_ADJUSTMENTS.names if name in row}
    found |= {"achievement_lower": row["lower"], "achievement_upper": row["upper"]}
    found |= {f"icb_{view}": icb.get(f"england_{view}") for view in VIEWS}
    everyone = None if den is None or exc is None else den + exc
    for view, top in (("reach", num), ("pca_rate", exc)):
        low, high = _ends_of(top, everyone, level)
        found |= {f"{view}_lower": low, f"{view}_upper": high}
    found["standing"] = _standing(found)
    found["sentence"] = _sentence(found, everyone)
    return found


def _ends_of(top: int | None, whole: int | None, level: float) -> tuple[float | None, float | None]:
    if top is None or not whole or not 0 <= top <= whole:
        return None, None
    ends = wilson(top, whole, level)
    return 100 * float(ends.lower), 100 * float(ends.upper)


def _standing(row: Mapping[str, Any]) -> str:
    lower, upper, england = (
        row[one] for one in ("pca_rate_lower", "pca_rate_upper", "england_pca_rate")
    )
    if lower is None or england is None:
        return ""
    if lower > england:
        return str(Standing.HIGHER)
    return str(Standing.LOWER if upper < england else Standing.UNCLEAR)


def _sentence(row: Mapping[str, Any], everyone: int | None) -> str:
    if row["pcas"] is None:
        return "The care adjustments are not given, so that only achievement can be shown."
    if everyone is None or row["numerator"] is None:
        return "There is no result to set beside the adjustments."
    if not everyone:
        return "Nobody was eligible."
    rate, reach = printed(row["pca_rate"], "%"), printed(row["reach"], "%")
    said = f"Of {everyone:,} eligible, {row['pcas']:,} ({rate}) are under a care adjustment"
    if row["standing"]:
        said += f": {row['standing']} England ({printed(row['england_pca_rate'], '%')})"
    said += f". Counting everyone, {reach} are reached"
    if row["england_reach"] is not None:
        said += f" (England {printed(row['england_reach'], '%')})"
    return f"{said}."


def _many_looks(rows: list[dict[str, Any]], level: float) -> tuple[str, ...]:
    """Return how many rates would look different from England's by chance alone."""
    looked = [row["standing"] for row in rows if row["standing"]]
    if not looked:
        return ()
    found = sum(one != str(Standing.UNCLEAR) for one in looked)
    return (
        f"Rates that lie beyond chance from England's: {found} of {len(looked)}, of which chance "
        f"alone would put about {(1 - level) * len(looked):.1f} there. Practices also truly differ "
        "in whom they have, which is no fault.",
    )


def _middle_half(rates: Numbers) -> str:
    there = rates[np.isfinite(rates)]
    if there.size < 4:
        return ""
    low, high = np.percentile(there, [25, 75])
    ends = f"{printed(low, '%')} and {printed(high, '%')}"
    return f"Half of them adjust for between {ends} of those eligible."


def _cells(numbers: Numbers) -> Any:
    return pa.array(numbers, pa.float64(), from_pandas=True)
