"""One organisation's own series, with what its past leads one to expect: a control chart."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from locality.figures import Figure, Period, Table
from locality.render.pictures import theme
from locality.render.pictures.marks import DASHED, SOLID, Mark, key, keyed
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import (
    counted,
    gaps,
    number,
    rounded,
    sentence,
    short_period,
    shown,
    titled,
    valued,
)

_HEIGHT = 320
_DAY_ONE = date(2000, 1, 1)
# Where a series has one point alone, its limits reach so many days to either side.
_REACH = 45
# Marked points: which way they point is told by the shape. No colour means good or bad.
_MARKS = {
    "usual": Mark("Not marked", theme.OWN, "circle"),
    "high": Mark("Marked: unusually high", theme.NEAR, "triangle-up"),
    "low": Mark("Marked: unusually low", theme.FURTHER, "triangle-down"),
    "changed": Mark("Marked: unusual, to neither side", theme.INK, "square"),
}
_AREAS = {"usual": 45, "high": 130, "low": 130, "changed": 90}
_DOTDASH = "M-1.5,-.15L-.5,-.15L-.5,.15L-1.5,.15ZM-.2,-.15L.2,-.15L.2,.15L-.2,.15Z" + (
    "M.5,-.15L1.5,-.15L1.5,.15L.5,.15Z"
)
_UPRIGHT = "M-.12,-1.3L.12,-1.3L.12,-.2L-.12,-.2ZM-.12,.2L.12,.2L.12,1.3L-.12,1.3Z"
_UPRIGHT_DOTS = "".join(f"M-.15,{y}L.15,{y}L.15,{y + 0.4:.2g}L-.15,{y + 0.4:.2g}Z"
                        for y in (-1.2, -0.2, 0.8))  # fmt: skip


def control_chart(
    table: Table, figure: Figure, *, name: str = "", proposed: str | None = None
) -> Picture:
    """Return the series of ``table`` (columns of ``CONTROL_CHART``) with its centre and limits.

    ``figure`` is the organisation's figure of the measure: it gives title and unit, and ``name``
    is what the organisation is called. Each phase
    has its own centre and limits; a dashed upright line stands where one begins, a dotted one at
    ``proposed``, the code of a period from which new limits are proposed. Marked points are
    triangles that point to their side. A row with a reason in ``missing``, or without a value,
    breaks the line, and the sentence counts it.
    """
    rows = sorted(table.rows, key=lambda row: Period.parse(row["period"]))
    days = [_day(row["period"]) for row in rows]
    edges = _edges(days)
    points = _points(rows, days)
    steps = _steps(rows, edges)
    starts = [
        {"x": edges[place], "p": f"New limits from {Period.parse(row['period']).label}"}
        for place, row in enumerate(rows)
        if place and row["phase"] != rows[place - 1]["phase"]
    ]
    asked = _asked(proposed, rows, edges)
    ticks = {
        day: short_period(Period.parse(row["period"])) for day, row in zip(days, rows, strict=True)
    }
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "y": theme.wrapped(titled(figure)),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
            "heights": _heights(points, steps),
            "span": [edges[0], edges[-1]],
            "ticks": sorted(ticks),
            "labels": {str(x): text for x, text in ticks.items()},
            **keyed(_keys(points, steps, bool(starts), bool(asked))),
        },
    )
    spec["datasets"] = {
        "points": points, "steps": steps, "starts": starts, "proposed": asked, "key": [],
    }  # fmt: skip
    said = _sentence(figure, rows, proposed if asked else None)
    alt = (
        f"Control chart of {figure.title} over {counted(len(points), 'period')}: values through "
        f"time, their average and the limits of what is usual for it. {said}"
    )
    spec["description"] = alt
    title = f"{figure.title}: {name or figure.organisation} beside its own past"
    return Picture("control_chart", title, spec, table, said, alt)


def _day(code: str) -> int:
    return (Period.parse(code).end - _DAY_ONE).days


def _edges(days: list[int]) -> list[float]:
    """Return where each point's step begins, and where the last ends: half way to the next."""
    if len(days) < 2:
        middle = days[0] if days else 0
        return [middle - _REACH, middle + _REACH]
    inner = [(one + two) / 2 for one, two in pairwise(days)]
    return [1.5 * days[0] - days[1] / 2, *inner, 1.5 * days[-1] - days[-2] / 2]


def _points(rows: list[dict[str, Any]], days: list[int]) -> list[dict[str, Any]]:
    """Return one point a period that has a value; ``g`` numbers the unbroken runs of them."""
    points: list[dict[str, Any]] = []
    run = 0
    for row, day in zip(rows, days, strict=True):
        value = shown(row)
        if value is None:
            run += 1
            continue
        points.append(
            {
                "x": day,
                "y": rounded(value, 6),
                "g": run,
                "d": _direction(row),
                "p": Period.parse(row["period"]).label,
                "r": _why(row) or "nothing marked",
                "l": rounded(row["lower"], 6),
                "u": rounded(row["upper"], 6),
                "m": rounded(row["centre"], 6),
            }
        )
    return points


def _direction(row: dict[str, Any]) -> str:
    if row["direction"] in ("high", "low"):
        return str(row["direction"])
    return "changed" if row["rules"] else "usual"


def _why(row: dict[str, Any]) -> str:
    """Return why a point is marked in words, or an empty text."""
    return str(row["sentence"] or row["rules"] or "")


def _steps(rows: list[dict[str, Any]], edges: list[float]) -> list[dict[str, Any]]:
    """Return both ends of every point's step of centre, limits and target.

    A phase is a line of its own (``f``), and a target may change without one (``target`` steps
    with its rows).
    """
    steps = []
    for place, row in enumerate(rows):
        # A withheld number could be told from limits that follow how many were counted.
        open_ = not row["missing"]
        levels = {
            "m": rounded(row["centre"] if open_ else None, 6),
            "l": rounded(row["lower"] if open_ else None, 6),
            "u": rounded(row["upper"] if open_ else None, 6),
            "t": rounded(row["target"], 6),
        }
        steps += [{"x": x, "f": row["phase"], **levels} for x in edges[place : place + 2]]
    return steps


def _asked(
    proposed: str | None, rows: list[dict[str, Any]], edges: list[float]
) -> list[dict[str, Any]]:
    """Return where limits are proposed to begin: nothing where that is outside the series."""
    if not proposed:
        return []
    period = Period.parse(proposed)
    label = f"Proposed: new limits from {period.label}"
    for place, row in enumerate(rows):
        if Period.parse(row["period"]).end >= period.end:
            return [{"x": edges[place], "p": label}]
    return []


def _heights(points: list[dict[str, Any]], steps: list[dict[str, Any]]) -> list[float]:
    """Return the ends of the upright axis: all that is drawn, a tenth of the largest apart."""
    ends = [point["y"] for point in points]
    ends += [step[one] for step in steps for one in "mlut" if step[one] is not None]
    low, high = min(ends, default=0), max(ends, default=1)
    short = max(0.0, 0.1 * abs(high) - (high - low)) / 2
    if not (low or high):
        return [0, 1]
    return [max(0.0, low - short) if low >= 0 else low - short, high + short]


def _keys(
    points: list[dict[str, Any]], steps: list[dict[str, Any]], starts: bool, asked: bool
) -> list[Mark]:
    """Return the key's lines, of what is there alone."""
    marks = [_MARKS[way] for way in _MARKS if any(point["d"] == way for point in points)]
    if not any(step["m"] is not None for step in steps):
        # Without limits nothing leads one to expect anything.
        marks = [Mark("Value", mark.colour, mark.shape) for mark in marks[:1]]
    else:
        marks += [Mark("Average", theme.INK, SOLID), Mark("Limits", theme.INK, DASHED)]
    if any(step["t"] is not None for step in steps):
        marks.append(Mark("Target", theme.FURTHER, _DOTDASH))
    if starts:
        marks.append(Mark("New limits begin", theme.SOFT_INK, _UPRIGHT))
    if asked:
        marks.append(Mark("Proposed start of new limits", theme.INK, _UPRIGHT_DOTS))
    return marks


def _sentence(figure: Figure, rows: list[dict[str, Any]], proposed: str | None) -> str:
    """Return what the latest point says and why, how many are marked, and what is missing."""
    there = [row for row in rows if shown(row) is not None]
    missing = gaps([row["missing"] for row in rows if shown(row) is None], "period")
    if not there:
        return sentence("there is no value in any period", missing)
    last = there[-1]
    at = f"{valued(last['value'], figure.unit)} {figure.unit_text}".strip()
    first = f"in {Period.parse(last['period']).label}, the latest with a value, it is at {at}"
    charted = [row for row in there if number(row["centre"]) is not None]
    if not charted:
        return sentence(
            first,
            f"with {counted(len(there), 'point')} there are too few for limits, so that nothing "
            "is marked",
            missing,
        )
    marked = [row for row in there if _direction(row) != "usual"]
    sides = ", ".join(
        f"{sum(_direction(row) == way for row in marked):,} {words}"
        for way, words in (("high", "high"), ("low", "low"), ("changed", "to neither side"))
        if any(_direction(row) == way for row in marked)
    )
    many = counted(len(there), "point")
    told = f"none of {many} is marked"
    if marked:
        told = f"{len(marked):,} of {many} {'is' if len(marked) == 1 else 'are'} marked ({sides})"
    return sentence(
        first,
        _state(figure, last),
        told,
        f"new limits are proposed from {Period.parse(proposed).label}" if proposed else "",
        missing,
    )  # fmt: skip


def _state(figure: Figure, last: dict[str, Any]) -> str:
    """Return what the latest point says: marked and by which rule, or inside its limits."""
    way = _direction(last)
    if way != "usual":
        side = {"high": "unusually high", "low": "unusually low"}.get(way, "unusual")
        whys = (why[:1].lower() + why[1:] for why in _why(last).rstrip(".").split(". "))
        return f"it is marked as {side}: {'; '.join(whys)}"
    if number(last["centre"]) is None:
        return "there are too few points since new limits began to say whether that is unusual"
    low, high = number(last["lower"]), number(last["upper"])
    usual = valued(last["centre"], figure.unit)
    if low is None or high is None:
        return f"it is not marked, beside an average of {usual}"
    span = valued(last["centre"], figure.unit, low, high).removeprefix(usual).strip(" ()")
    return f"it is not marked: about {usual} is usual, within limits of {span}"


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for names, labels and data."""
    import altair as alt

    scale = alt.Scale(domain=["{heights}"], zero=False, nice=True, padding=8)
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=["{span}"], zero=False, nice=False, padding=6),
        axis=alt.Axis(
            values=["{ticks}"],
            labelExpr="labels[datum.value]",
            grid=False,
            labelOverlap="greedy",
            labelFlush=True,
        ),
    )
    y = alt.Y("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5))
    limits = (
        "isValid(datum.l) && isValid(datum.u) ? "
        f"format(datum.l, '{number_format}') + ' to ' + format(datum.u, '{number_format}') : "
        "'none drawn'"
    )
    told = [
        alt.Tooltip("p:N", title="Period"),
        alt.Tooltip("y:Q", title="{unit}", format=number_format),
        alt.Tooltip("m:Q", title="Average", format=number_format),
        alt.Tooltip("i:N", title="Limits"),
        alt.Tooltip("r:N", title="Marked"),
    ]
    points = alt.Chart(alt.NamedData("points"))
    steps = alt.Chart(alt.NamedData("steps"))

    def step(field: str, colour: str, dash: list[int], width: float) -> Any:
        drawn = steps if field == "t" else steps.transform_filter(f"isValid(datum.{field})")
        return drawn.mark_line(color=colour, strokeDash=dash, strokeWidth=width).encode(
            x=x, y=alt.Y(f"{field}:Q", title=None, scale=scale), detail="f:N"
        )

    def rule(name: str, colour: str, dash: list[int]) -> Any:
        return (
            alt.Chart(alt.NamedData(name))
            .mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5)
            .encode(x=x, tooltip=[alt.Tooltip("p:N", title="Limits")])
        )

    def dots(way: str) -> Any:
        mark = _MARKS[way]
        return (
            points.transform_filter(f"datum.d == '{way}'")
            .transform_calculate(i=limits)
            .mark_point(
                shape=mark.shape, size=_AREAS[way], color=mark.colour, filled=True, opacity=1,
                stroke=theme.PAPER, strokeWidth=1,
            )
            .encode(x=x, y=y, tooltip=told)
        )  # fmt: skip

    layers = alt.layer(
        rule("starts", theme.SOFT_INK, [8, 4]),
        rule("proposed", theme.INK, [2, 3]),
        step("t", theme.FURTHER, theme.FURTHER_DASH, 2),
        step("l", theme.INK, theme.ENGLAND_DASH, 1.5),
        step("u", theme.INK, theme.ENGLAND_DASH, 1.5),
        step("m", theme.INK, theme.OWN_DASH, 1.5),
        points.mark_line(color=theme.OWN, strokeWidth=2).encode(x=x, y=y, detail="g:N"),
        *(dots(way) for way in _MARKS),
        key(),
    )
    return (
        layers.add_params(alt.param(name="labels", value="{labels}"))
        .properties(title=["{y}"], width="container", height=_HEIGHT, autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
