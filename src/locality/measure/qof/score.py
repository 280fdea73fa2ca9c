"""One practice's QOF, as published at the end of each year: points by year, and by indicator.

These are the published results (``qof.achievement``, ``qof.overall_points``), not what a practice
types in while the year runs (``qof.in_year``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from locality.figures import Column, Missing, Schema, Table
from locality.statistics import wilson

pc: Any = pyarrow.compute
Numbers = npt.NDArray[np.float64]

QOF_SCORE = Schema(
    "qof_score",
    "A practice's QOF points by year",
    (
        Column("period", "text", "financial year"),
        Column("list_size", "whole", "registered patients", "patients", required=False),
        Column("points", "number", "points achieved", "points", required=False),
        Column("maximum_points", "number", "points of the whole framework", "points"),
        Column("available_points", "number", "points open to it", "points", required=False),
        Column("share", "number", "points of the maximum", "%", required=False),
        Column("share_available", "number", "points of those open to it", "%", required=False),
        Column("icb_code", "text", "the ICB (earlier, STP) it was in that year", required=False),
        Column("icb_share", "number", "share of that ICB's practices", "%", required=False),
        Column("england_share", "number", "share of England's practices", "%", required=False),
        Column("missing", "text", "why there is no result", required=False),
    ),
    ("period",),
)

QOF_BY_INDICATOR = Schema(
    "qof_by_indicator",
    "A practice's QOF by indicator",
    (
        Column("period", "text", "financial year"),
        Column("indicator_code", "text", "QOF indicator, such as HYP008"),
        Column("title", "text", "what it is about"),
        Column("group_code", "text", "group, such as HYP", required=False),
        Column("domain", "text", "such as Clinical", required=False),
        Column("register", "whole", "patients on the register", "patients", required=False),
        Column("numerator", "whole", "patients who meet it", "patients", required=False),
        Column("denominator", "whole", "net of care adjustments", "patients", required=False),
        Column("pcas", "whole", "personalised care adjustments", "patients", required=False),
        Column("achievement", "number", "of those in the denominator", "%", required=False),
        Column("lower", "number", "lower end of its 95 % interval", "%", required=False),
        Column("upper", "number", "upper end of its 95 % interval", "%", required=False),
        Column("reach", "number", "of everyone, adjustments counted in", "%", required=False),
        Column("pca_rate", "number", "under a care adjustment", "%", required=False),
        Column("england_achievement", "number", "England's achievement", "%", required=False),
        Column("england_reach", "number", "England's reach", "%", required=False),
        Column("england_pca_rate", "number", "England's rate of adjustments", "%", required=False),
        Column("points", "number", "points achieved", "points", required=False),
        Column("indicator_points", "number", "points it is worth", "points", required=False),
        Column("missing", "text", "why there is no achievement", required=False),
    ),
    ("period", "indicator_code"),
)

_YEAR_END = (
    "Published results of the whole year. Counts typed in while a year runs are another thing."
)
_ADJUSTED = (
    "Achievement is of patients in the denominator, which leaves out those under a personalised "
    "care adjustment; reach counts them in. A high rate of adjustments may be right for the people "
    "a practice has: it is something to look at, not a fault."
)


def overall(results: Table, geographies: Table, code: str) -> Table:
    """Return the points of the practice ``code`` by year, oldest first (QOF_SCORE).

    ``results`` are QOF_OVERALL and ``geographies`` QOF_GEOGRAPHIES, of any practices and years:
    the ICB is the one it was in that year, empty where no file says. Shares are in per cent. An
    ICB's and England's are of all points of their practices with a result; each practice counts
    alike. The table is empty for a practice without a row.
    """
    years = results.data.filter(pc.equal(results.data["practice_code"], code))
    rows = []
    for row in sorted(years.to_pylist(), key=lambda row: row["period"]):
        of_year = results.data.filter(pc.equal(results.data["period"], row["period"]))
        inside = _of_year(geographies, row["period"])
        icb = _icb_of(inside, code)
        members = inside.filter(pc.equal(inside["icb_code"], icb))["practice_code"]
        with_it = of_year.filter(pc.is_in(of_year["practice_code"], members.combine_chunks()))
        rows.append(
            {
                **{name: row[name] for name in _KEPT},
                "share": _per_cent(row["points"], row["maximum_points"]),
                "share_available": _per_cent(row["points"], row["available_points"]),
                "icb_code": icb,
                "icb_share": _share_of(with_it) if icb else None,
                "england_share": _share_of(of_year),
            }
        )
    return Table.of(
        QOF_SCORE,
        rows,
        title=QOF_SCORE.title,
        caption="A complete score, no sampling interval. The maximum differs from year to year.",
        notes=(_YEAR_END,),
    )


_KEPT = ("period", "list_size", "points", "maximum_points", "available_points", "missing")


def by_indicator(
    achievement: Table,
    indicators: Table,
    code: str,
    period: str | None = None,
    titles: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> Table:
    """Return one year of the practice ``code`` by indicator, by code (QOF_BY_INDICATOR).

    ``achievement`` are QOF_ACHIEVEMENT of all of England (what England comes to is summed from
    them), ``indicators`` QOF_INDICATORS. ``period`` is its latest year unless given. ``titles``
    maps an indicator's code to words; without, the published wording or the code stands there.
    Achievement has a Wilson interval at ``level``. The table is empty where there is no row.
    """
    own = achievement.data.filter(pc.equal(achievement.data["practice_code"], code))
    years: list[Any] = own["period"].to_pylist()
    period = period or max(years, default="")
    own = own.filter(pc.equal(own["period"], period)).sort_by("indicator_code")
    of_year = achievement.data.filter(pc.equal(achievement.data["period"], period))
    england = _england(of_year)
    known = {r["indicator_code"]: r for r in _of_year(indicators, period).to_pylist()}
    codes: list[Any] = own["indicator_code"].to_pylist()
    counts = {name: _numbers(own, name) for name in ("numerator", "denominator", "pcas")}
    num, den, exc = counts.values()
    ends = _interval(num, den, level)
    shares = {**_views(num, den, exc), "lower": ends[0], "upper": ends[1]}
    for name, made in england.items():
        shares[f"england_{name}"] = np.array([made.get(one, np.nan) for one in codes], np.float64)
    listed = [known.get(one, {}) for one in codes]
    columns: dict[str, Any] = {
        "period": own["period"],
        "indicator_code": own["indicator_code"],
        "title": [
            (titles or {}).get(one) or about.get("description") or one
            for one, about in zip(codes, listed, strict=True)
        ],
        "group_code": pa.array([about.get("group_code") for about in listed], pa.string()),
        "domain": pa.array([about.get("domain") for about in listed], pa.string()),
        "indicator_points": pa.array([about.get("points") for about in listed], pa.float64()),
        **{name: own[name] for name in ("register", *counts, "points")},
        **{name: _column(values) for name, values in shares.items()},
        "missing": _why_not(own, den),
    }
    return Table.of(
        QOF_BY_INDICATOR,
        columns,
        title=f"{QOF_BY_INDICATOR.title}, {period}" if period else QOF_BY_INDICATOR.title,
        caption=_ADJUSTED,
        notes=(_YEAR_END,),
    )


def _views(num: Numbers, den: Numbers, exc: Numbers) -> dict[str, Numbers]:
    """Return achievement, reach and rate of adjustments in per cent; NaN where nobody counts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "achievement": 100 * num / den,
            "reach": 100 * num / (den + exc),
            "pca_rate": 100 * exc / (den + exc),
        }
    return {name: np.where(np.isfinite(made), made, np.nan) for name, made in found.items()}


def _england(of_year: pa.Table) -> dict[str, dict[str, float]]:
    """Return each view by indicator over the practices that have all of its counts."""
    counts = ("numerator", "denominator", "pcas")
    found: dict[str, dict[str, float]] = {}
    for name, needed in {
        "achievement": counts[:2],
        "reach": counts,
        "pca_rate": counts,
    }.items():
        whole = of_year
        for one in needed:
            whole = whole.filter(pc.is_valid(whole[one]))
        summed = whole.group_by("indicator_code").aggregate([(one, "sum") for one in counts])
        sums = [_numbers(summed, f"{one}_sum") for one in counts]
        codes: list[Any] = summed["indicator_code"].to_pylist()
        found[name] = dict(zip(codes, _views(*sums)[name].tolist(), strict=True))
    return found


def _interval(num: Numbers, den: Numbers, level: float) -> tuple[Numbers, Numbers]:
    lower, upper = np.full(len(num), np.nan), np.full(len(num), np.nan)
    sound = (num >= 0) & (den > 0) & (num <= den)
    ends = wilson(num[sound], den[sound], level)
    lower[sound], upper[sound] = 100 * ends.lower, 100 * ends.upper
    return lower, upper


def _why_not(own: pa.Table, den: Numbers) -> Any:
    """Return why there is no achievement: the file's reason, or that there is nobody to count."""
    absent = pc.or_(pc.is_null(own["numerator"]), pc.is_null(own["denominator"]))
    said = pc.coalesce(own["missing"], pa.scalar(str(Missing.NO_RETURN)))
    nobody = pc.if_else(
        pa.array(den == 0), str(Missing.NOTHING_TO_COUNT), pa.scalar(None, pa.string())
    )
    return pc.if_else(absent, said, nobody)


def _of_year(table: Table, period: str) -> pa.Table:
    return table.data.filter(pc.equal(table.data["period"], period))


def _icb_of(inside: pa.Table, code: str) -> str | None:
    found: list[Any] = inside.filter(pc.equal(inside["practice_code"], code))[
        "icb_code"
    ].to_pylist()
    return str(found[0]) if found else None


def _share_of(rows: pa.Table) -> float | None:
    """Return the points of practices with a result, of the most that they could have had."""
    there = rows.filter(pc.is_valid(rows["points"]))
    return _per_cent(pc.sum(there["points"]).as_py(), pc.sum(there["maximum_points"]).as_py())


def _per_cent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole


def _numbers(rows: pa.Table, name: str) -> Numbers:
    """Return a column of counts as numbers, NaN where one is empty."""
    filled = pc.fill_null(rows[name].cast(pa.float64()), np.nan)
    return np.asarray(filled, dtype=np.float64)


def _column(values: Numbers) -> Any:
    return pa.array(values, pa.float64(), mask=np.isnan(values))
