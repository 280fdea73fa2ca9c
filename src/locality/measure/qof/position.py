"""Where one practice stands in QOF: a row for each indicator, with points, pounds and patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from locality.figures import Table
from locality.measure.qof.carrying import Carried
from locality.measure.qof.payment import why_estimate
from locality.measure.qof.points import achievement
from locality.measure.qof.schemas import QOF_POSITION
from locality.measure.qof.scoring import Scored
from locality.statistics import wilson


@dataclass(frozen=True)
class Beside:
    """What stands beside points and pounds, by indicator: all of it may be left out.

    ``care`` is England's rate of care adjustments in per cent; ``said``, ``moved`` and ``earns``
    are what :func:`standings` and :func:`cards` found, in words.
    """

    care: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    earns: Mapping[str, str] = field(default_factory=dict)


_NOTHING = Beside()


def position(
    scored: Scored,
    *,
    name: str,
    prevalence_of: str,
    beside: Beside = _NOTHING,
    ahead: tuple[Scored, Carried] | None = None,
) -> Table:
    """Return one practice's indicators in the sheet's order (QOF_POSITION).

    ``scored`` is of one practice. ``ahead`` are the same counts under the next year's sheet, with
    what became of each indicator. Achievement has a 95 % Wilson interval: what chance alone could
    make of so few patients.
    """
    counts, scheme = scored.counts, scored.scheme
    num, den = counts.numerator[0], counts.denominator[0]
    eligible = counts.eligible[0]
    ends = wilson(np.where(np.isfinite(num), num, 0), np.where(np.isfinite(den), den, 0), 0.95)
    reached, care = achievement(num, den), achievement(counts.pcas[0], eligible)
    rows = []
    for at, row in enumerate(scheme.rows):
        estimate = why_estimate(scored, at, prevalence_of)
        there = isfinite(reached[at])
        found: dict[str, Any] = {
            "code": row.code,
            "title": row.title,
            "group": row.group,
            "worth": float(row.points),
            "lower": _number(scheme.lower[at]),
            "upper": _number(scheme.upper[at]),
            "numerator": _whole(num[at]),
            "denominator": _whole(den[at]),
            "pcas": _whole(counts.pcas[0, at]),
            "achievement": _number(reached[at]),
            "achievement_lower": 100 * float(ends.lower[at]) if there else None,
            "achievement_upper": 100 * float(ends.upper[at]) if there else None,
            "pca_rate": _number(care[at]),
            "england_pca_rate": beside.care.get(row.code),
            "points": _number(scored.points[0, at]),
            "points_from": _from(scored, at),
            "rate": _number(scored.rate[0, at]),
            "pounds": _number(scored.pounds[0, at]),
            "points_to_earn": _number(scored.points_to_earn[0, at]),
            "pounds_to_earn": _number(scored.pounds_to_earn[0, at]),
            "patients_to_next": _whole(scored.patients_to_next[0, at]),
            "patients_to_upper": _whole(scored.patients_to_upper[0, at]),
            "worth_of_one": _number(scored.worth_of_one[0, at]),
            "estimate": bool(estimate),
            "why_estimate": estimate or None,
            "said": beside.said.get(row.code),
            "moved": beside.moved.get(row.code),
            "earns": beside.earns.get(row.code),
            **_ahead(row.code, ahead),
            "missing": _missing(scored, at),
        }
        rows.append(found)
    when = counts.as_at
    on = f", as at {when.day} {when:%B %Y}" if when else ", the whole year"
    return Table.of(
        QOF_POSITION,
        rows,
        title=f"QOF points and pounds of {name}, {scheme.period}{on}",
        caption=(
            "Patients to reach are counted with today's denominator. What one more patient reached "
            "is worth is never what taking a patient out would bring."
        ),
        notes=_notes(scored),
    )


def _ahead(code: str, ahead: tuple[Scored, Carried] | None) -> dict[str, Any]:
    names = ("next_code", "next_worth", "next_points", "next_pounds", "next_note")
    if ahead is None:
        return dict.fromkeys(names)
    scored, carried = ahead
    follows = carried.follows.get(code)
    if follows is None or follows not in scored.scheme.codes:
        return {**dict.fromkeys(names), "next_note": carried.words.get(code)}
    at = scored.scheme.codes.index(follows)
    first = carried.first(code)
    return {
        "next_code": follows,
        "next_worth": float(scored.scheme.worth[at]),
        # Where several become one, the points stand once, beside the first of them.
        "next_points": _number(scored.points[0, at]) if first else None,
        "next_pounds": _number(scored.pounds[0, at]) if first else None,
        "next_note": carried.words.get(code),
    }


def _from(scored: Scored, at: int) -> str:
    if isfinite(scored.worked_out[0, at]) or scored.open[0, at] == 0:
        return "counts"
    return "published" if isfinite(scored.counts.points[0, at]) else "none"


def _missing(scored: Scored, at: int) -> str | None:
    row = scored.scheme.rows[at]
    if row.points == 0:
        return "Counted for information: it is worth no points."
    if scored.open[0, at] == 0:
        return "Nobody to count: no points are open to the practice, and none are lost."
    if not isfinite(scored.points[0, at]):
        return scored.scheme.why_not_counted(row.code) or "No count is held for it."
    if not isfinite(scored.factor[0, at]):
        return (
            "Points but no pounds: the practice's or England's prevalence for it is not known. "
            "It can be entered."
        )
    return None


def _notes(scored: Scored) -> tuple[str, ...]:
    scheme = scored.scheme
    found = [
        f"{one.title}: {one.value:,} ({one.words})"
        for one in (scheme.point, scheme.average_list)
        if one.words
    ]
    found += [one.missing for one in (scheme.point, scheme.average_list) if one.missing]
    if scheme.weighting:
        found.append(scheme.weighting)
    if scheme.improvement_missing:
        found.append(
            "Some vaccination points are also paid for improvement on the practice's own past. "
            "That is refused here until the upper end of that route is read and entered."
        )
    published, made = scored.counts.points[0], scored.worked_out[0]
    both = np.isfinite(published) & np.isfinite(made)
    apart = [scheme.codes[at] for at in np.flatnonzero(both & (np.abs(published - made) > 0.01))]
    if apart:
        found.append(
            "Published points differ from those worked out from the published counts for "
            f"{', '.join(apart)}. Those worked out stand here."
        )
    return tuple(found)


def _number(given: Any) -> float | None:
    return float(given) if np.isfinite(given) else None


def _whole(given: Any) -> int | None:
    return round(float(given)) if np.isfinite(given) else None
