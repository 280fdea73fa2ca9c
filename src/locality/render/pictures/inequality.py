"""A measure by fifths of patients, from the least deprived to the most, and the fitted line."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Figure, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.marks import SOLID, Mark, key, keyed
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import (
    counted,
    number,
    rounded,
    sentence,
    shown,
    titled,
    valued,
)

_HEIGHT = 300
_ENDS = {1: "Least\ndeprived", 5: "Most\ndeprived"}


def inequality(table: Table, figure: Figure, *, slope: Figure | None = None) -> Picture:
    """Return the fifths of ``table`` (columns of ``INEQUALITY``) with intervals and fitted line.

    ``figure`` (England's, or the group's) gives title and unit. ``slope`` is the difference from
    the least deprived end to the most with its interval: with it, the sentence says whether
    chance could explain the difference; without it, nothing is said of chance. A fifth without a
    value is not drawn, and the sentence counts it.
    """
    rows = sorted(table.rows, key=lambda row: int(row["fifth"]))
    there = [row for row in rows if shown(row) is not None]
    points = [
        {
            "x": rounded(row["share"]),
            "y": rounded(row["value"], 6),
            "l": rounded(row["lower"], 6),
            "u": rounded(row["upper"], 6),
            "w": row["title"],
            "n": row["practices"],
            "a": rounded(row["numerator"], 9),
            "b": rounded(row["denominator"], 9),
        }
        for row in there
    ]
    ends = _line(rows)
    line = [{"x": x, "y": rounded(y, 6)} for x, y in zip((0, 1), ends or (), strict=False)]
    ticks = {row["share"]: _ENDS.get(row["fifth"], str(row["fifth"])) for row in rows}
    ranged = any(point["l"] is not None for point in points)
    words = "A fifth, with its 95 % interval" if ranged else "A fifth"
    marks = [Mark(words, theme.OWN, "circle")] if points else []
    marks += [Mark("Line fitted through practices", theme.INK, SOLID)] if line else []
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "y": theme.wrapped(titled(figure)),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
            "heights": _heights(points, line),
            "shares": list(ticks),
            "places": [*ticks.values()],
            **keyed(marks),
        },
    )
    spec["datasets"] = {"points": points, "line": line, "key": []}
    said = _sentence(figure, rows, there, ends, slope)
    alt = (
        f"{counted(len(points), 'dot')} with intervals for fifths of patients, from the least "
        f"deprived on the left to the most deprived on the right, and a fitted line. {said}"
    )
    spec["description"] = alt
    title = f"{figure.title}: by deprivation, {figure.period.label}"
    return Picture("inequality", title, spec, table, said, alt)


def _line(rows: list[dict[str, Any]]) -> tuple[float, float] | None:
    """Return the fitted line's ends, at the least deprived (0) and the most (1)."""
    known = [
        (float(row["share"]), fitted)
        for row in rows
        if (fitted := number(row["fitted"])) is not None
    ]
    if len(known) < 2 or known[0][0] == known[-1][0]:
        return None
    (x, y), (x2, y2) = known[0], known[-1]
    rise = (y2 - y) / (x2 - x)
    return y - rise * x, y + rise * (1 - x)


def _heights(points: list[dict[str, Any]], line: list[dict[str, Any]]) -> list[float]:
    """Return the ends of the upright axis: all that is drawn, a tenth of the largest apart."""
    ends = [point[one] for point in points for one in "ylu" if point[one] is not None]
    ends += [end["y"] for end in line]
    low, high = min(ends, default=0), max(ends, default=1)
    short = max(0.0, 0.1 * abs(high) - (high - low)) / 2
    if not (low or high):
        return [0, 1]
    return [max(0.0, low - short) if low >= 0 else low - short, high + short]


def _sentence(
    figure: Figure,
    rows: list[dict[str, Any]],
    there: list[dict[str, Any]],
    ends: tuple[float, float] | None,
    slope: Figure | None,
) -> str:
    """Return the fifths at both ends, how far the line's ends differ, and what chance may do."""
    lost = len(rows) - len(there)
    empty = f"{counted(lost, 'fifth')} {'has' if lost == 1 else 'have'} no value" if lost else ""
    if not there:
        return sentence(empty or "there are no fifths to show")
    parts = []
    for words, end in (("least", 1), ("most", 5)):
        for row in (row for row in there if row["fifth"] == end):
            value = valued(row["value"], figure.unit, row["lower"], row["upper"])
            parts.append(f"the {words} deprived fifth is at {value} {figure.unit_text}".strip())
    return sentence(*parts, _difference(figure, ends, slope), empty)


def _difference(figure: Figure, ends: tuple[float, float] | None, slope: Figure | None) -> str:
    """Return how far apart the line's ends are, and what can be said of chance."""
    index = slope.value if slope is not None else ends[1] - ends[0] if ends else None
    if index is None:
        return "no line is fitted, so that nothing can be said of the two ends"
    unit = "percentage points" if figure.unit == "%" else figure.unit
    size = _plain(abs(index), figure.unit)
    words = "" if figure.unit.startswith("£") else f" {unit}".rstrip()
    way = "higher" if index > 0 else "lower"
    said = f"from the least deprived end to the most it is {size}{words} {way}"
    if index == 0:
        said = "from the least deprived end to the most it is the same"
    low, high = (slope.lower, slope.upper) if slope is not None else (None, None)
    if slope is None or low is None or high is None:
        return said
    if low > 0 or high < 0:
        span = f"{_plain(low, figure.unit)} to {_plain(high, figure.unit)}"
        return f"{said}, more than chance would explain (difference {span})"
    span = f"{_plain(low, figure.unit)} to {_plain(high, figure.unit)}"
    return f"{said}, and chance could explain that (difference {span})"


def _plain(value: float, unit: str) -> str:
    """Return a difference as a page prints it: ``5.3``, ``-0.25``, ``£1.20``."""
    if unit.startswith("£"):
        return printed(value, unit)
    return f"{value:,.1f}" if unit == "%" or abs(value) >= 1 else f"{value:.2f}"


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for words and data."""
    import altair as alt

    x = alt.X(
        "x:Q",
        title="Fifths of patients by deprivation",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            values=["{shares}"],
            labelExpr="places[indexof(shares, datum.value)]",
            grid=False,
            labelOverlap=False,
        ),
    )
    scale = alt.Scale(domain=["{heights}"], zero=False, nice=True, padding=6)
    y = alt.Y("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5))
    interval = (
        f"datum.l === null ? 'not given' : format(datum.l, '{number_format}') + ' to ' + "
        f"format(datum.u, '{number_format}')"
    )
    points = alt.Chart(alt.NamedData("points"))
    layers = alt.layer(
        alt.Chart(alt.NamedData("line"))
        .mark_line(color=theme.INK, strokeWidth=2)
        .encode(x=x, y=y),
        points.transform_filter("datum.l !== null && datum.u !== null")
        .mark_rule(color=theme.OWN, strokeWidth=2.5)
        .encode(x=x, y=alt.Y("l:Q", title=None, scale=scale), y2="u:Q"),
        points.transform_calculate(i=interval)
        .mark_point(
            shape="circle", size=110, color=theme.OWN, filled=True, opacity=1,
            stroke=theme.PAPER, strokeWidth=1,
        )
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("w:N", title="Fifth"),
                alt.Tooltip("y:Q", title="{unit}", format=number_format),
                alt.Tooltip("i:N", title="95 % interval"),
                alt.Tooltip("n:Q", title="Practices", format=",.0f"),
                alt.Tooltip("a:Q", title="Numerator", format=",.0f"),
                alt.Tooltip("b:Q", title="Denominator", format=",.0f"),
            ],
        ),
        key(),
    )  # fmt: skip
    return (
        layers.add_params(
            alt.param(name="shares", value=["{shares}"]),
            alt.param(name="places", value=["{places}"]),
        )
        .properties(title=["{y}"], width="container", height=_HEIGHT, autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
