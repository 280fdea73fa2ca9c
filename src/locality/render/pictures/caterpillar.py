"""Organisations in the order of their likely true values, with the doubt in that order.

Few are drawn a row each, with their names; many as dots along a band. Those that cannot be judged
have no place in the order and are not drawn.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np

from locality.figures import Figure, Table
from locality.render.pictures import marks, theme
from locality.render.pictures.funnel import CAN_BE_JUDGED
from locality.render.pictures.marks import COLOURS, GROUPS, SHAPES, Mark
from locality.render.pictures.picture import Picture, filled
from locality.render.pictures.wording import (
    counted,
    gaps,
    kind_words,
    number,
    rounded,
    sentence,
    shown,
    titled,
    valued,
)

_HEIGHT, _ROW = 380, 38
#: From this reliability on, a mark is filled: the usual advice where much hangs on it.
_SURE = 0.9
#: What fits above a line on a page 300 pixels wide.
_LETTERS = 32
_AREAS = {"others": 8, "near": 46, "own": 240}
_BAND_MARK = Mark("95 % interval", theme.OTHERS, marks.BAND)
# At the head or the foot of the picture.
_CALLED_MARK = Mark(
    "Surely among the highest tenth (at the top) or the lowest (at the bottom)",
    theme.INK,
    marks.TICK,
)
_FIELDS = (
    "code", "kind", "name", "value", "missing", "state", "reliability", "call",
    "shrunken", "shrunken_lower", "shrunken_upper",
)  # fmt: skip
_SHORT = ("c", "n", "x", "y", "l", "u", "q")


def caterpillar(
    table: Table,
    figure: Figure,
    *,
    own: str | None = None,
    near: Collection[str] = frozenset(),
    near_name: str = "",
    most: int = 30,
) -> Picture:
    """Return the organisations of ``table`` (columns of ``CATERPILLAR``), lowest first.

    ``figure`` (England's, or the group's) gives title, unit and period. A mark is the best guess
    of a true value, its line or band the 95 % interval. Up to ``most`` stand in a row each with
    their names, hollow where the reliability is under 0.9; more are drawn as a band. ``own`` is
    the code of the one to pick out (a diamond), ``near`` are those around it (triangles), and
    ``near_name`` says whose they are. Rows that cannot be judged, or without a value, are counted
    in the sentence and not drawn.
    """
    cells = [table.data.column(field).to_pylist() for field in _FIELDS]
    rows = [dict(zip(_FIELDS, line, strict=True)) for line in zip(*cells, strict=True)]
    ranked = sorted(filter(_placed, rows), key=lambda row: float(row["shrunken"]))
    kind = str(rows[0]["kind"]) if rows else "practice"
    around = set(near) - {own}
    each = len(ranked) <= most
    groups = [
        "own" if row["code"] == own else "near" if row["code"] in around else "others"
        for row in ranked
    ]
    points = [
        _point(place, row, named=each or group != "others")
        for place, (row, group) in enumerate(zip(ranked, groups, strict=True), 1)
    ]
    calls = [str(row["call"] or "") for row in ranked]
    form = theme.number_format(figure.unit)
    words: dict[str, Any] = {
        "y": theme.wrapped(titled(figure)),
        "unit": f"Likely true value ({figure.unit})" if figure.unit else "Likely true value",
        "values": _heights(points),
        **marks.keyed(_key_lines(points, groups, calls, each, kind, near_name)),
    }
    if each:
        spec = filled(_rows_template(form), {**words, "places": [p["x"] for p in points] or [0]})
        spec["height"] = _ROW * max(1, len(points))
        spec["datasets"] = {
            "points": [
                point | {"g": group, "h": (point["q"] or 0) < _SURE, "t": _label(point, call)}
                for point, group, call in zip(points, groups, calls, strict=True)
            ]
        }
    else:
        many = f"{kind_words(kind)}s"
        words["x"] = theme.wrapped(f"{many[:1].upper()}{many[1:]} from lowest to highest")
        words["span"] = [0, len(points) + 1]
        spec = filled(_band_template(form), words)
        spec["datasets"] = {
            group: [
                {
                    short: [p[short] for p, g in zip(points, groups, strict=True) if g == group]
                    for short in _SHORT
                }
            ]
            for group in GROUPS
        }
        spec["datasets"]["band"] = [{short: [p[short] for p in points] for short in "xlu"}]
        spec["datasets"]["calls"] = [
            {"x": place, "k": call} for place, call in enumerate(calls, 1) if call
        ]
    spec["datasets"]["key"] = []
    said = _sentence(figure, kind, own, rows, ranked)
    drawn = "a row each" if each else "dots along a band"
    alt = (
        f"{counted(len(ranked), kind_words(kind))} from the lowest likely true value to the "
        f"highest, {drawn}, with 95 % intervals. {said}"
    )
    spec["description"] = alt
    title = f"{figure.title}: by likely true value, {figure.period.label}"
    return Picture("caterpillar", title, spec, table, said, alt)


def _placed(row: dict[str, Any]) -> bool:
    """Return whether a row has a place in the order."""
    known = shown(row) is not None and number(row["shrunken"]) is not None
    return known and row["state"] == CAN_BE_JUDGED


def _point(place: int, row: dict[str, Any], named: bool) -> dict[str, Any]:
    return {
        "c": row["code"],
        "n": row["name"] if named else None,
        "x": place,
        "y": rounded(row["shrunken"]),
        "l": rounded(row["shrunken_lower"], 3),
        "u": rounded(row["shrunken_upper"], 3),
        "q": rounded(row["reliability"], 2),
    }


def _label(point: dict[str, Any], call: str) -> str:
    """Return a row's name, short enough for a narrow page, and its call if it has one."""
    name, room = str(point["n"] or point["c"]), _LETTERS - len(call)
    short = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    return f"{short} ({call})" if call else short


def _heights(points: list[dict[str, Any]]) -> list[float]:
    """Return the ends of the value axis: every value and interval, a tenth apart at least."""
    ends = [point[one] for point in points for one in "ylu" if point[one] is not None]
    low, high = min(ends, default=0), max(ends, default=1)
    short = max(0.0, 0.1 * abs(high) - (high - low)) / 2
    return [low - short, high + short] if low or high else [0, 1]


def _key_lines(
    points: list[dict[str, Any]],
    groups: list[str],
    calls: list[str],
    each: bool,
    kind: str,
    near_name: str,
) -> list[Mark]:
    """Return the key's lines, of what is there alone."""
    mine = (p["n"] or p["c"] for p, g in zip(points, groups, strict=True) if g == "own")
    lines = marks.group_marks(groups, kind, next(mine, ""), near_name)
    if each and any((point["q"] or 0) < _SURE for point in points):
        lines.append(marks.hollow(f"reliability under {_SURE}"))
    if points and not each:
        lines += [_BAND_MARK, _CALLED_MARK] if any(calls) else [_BAND_MARK]
    return lines


def _sentence(
    figure: Figure,
    kind: str,
    own: str | None,
    rows: list[dict[str, Any]],
    ranked: list[dict[str, Any]],
) -> str:
    """Return where its own lies, how many have a place and who is called, and who has none."""
    one = kind_words(kind)
    valued_rows = [row for row in rows if shown(row) is not None]
    out = len(valued_rows) - len(ranked)
    reasons = [row["missing"] for row in rows if shown(row) is None]
    total = counted(len(valued_rows), one)
    told = f"{len(ranked):,} of {total} with a value can be put in order"
    if not ranked:
        told = f"none of {total} with a value can be put in order" if valued_rows else ""
    elif out == 0:
        told = f"all {total} can be put in order" if len(ranked) > 1 else f"{total} is shown"
    return sentence(
        _own(figure, own, rows, ranked),
        told or ("" if rows else f"there are no {one}s to show"),
        *(_called(ranked) if ranked else ()),
        "neighbours whose intervals overlap cannot be told apart" if len(ranked) > 1 else "",
        f"{counted(out, one)} cannot be judged or compared and {'has' if out == 1 else 'have'} "
        "no place in the order"
        if out
        else "",
        gaps(reasons, one),
    )


def _own(
    figure: Figure, own: str | None, rows: list[dict[str, Any]], ranked: list[dict[str, Any]]
) -> str:
    """Return its own likely true value, and from how many it cannot be told apart."""
    if not own:
        return ""
    mine = next((row for row in rows if row["code"] == own), None)
    if mine is None:
        return f"{own} has no row here"
    name = mine["name"] or own
    if shown(mine) is None:
        return f"{name} has no value ({mine['missing'] or 'not given'})"
    if not _placed(mine):
        return f"{name} has no place in this order, as it cannot be judged or compared"
    low, high = mine["shrunken_lower"], mine["shrunken_upper"]
    value = f"{valued(mine['shrunken'], figure.unit, low, high)} {figure.unit_text}".strip()
    said = f"{name} is likely to be at {value}"
    if number(low) is None or number(high) is None or len(ranked) < 2:
        return said
    below, above = (
        np.array([np.nan if row[end] is None else row[end] for row in ranked], np.float64)
        for end in ("shrunken_upper", "shrunken_lower")
    )
    same = int(((below >= low) & (above <= high)).sum()) - 1
    return f"{said}, which cannot be told apart from {same:,} of the {len(ranked) - 1:,} others"


def _called(ranked: list[dict[str, Any]]) -> list[str]:
    """Return who is called surely among the highest, and the lowest: names up to three."""
    said = []
    for call in ("highest", "lowest"):
        called = [str(row["name"] or row["code"]) for row in ranked if row["call"] == call]
        names = " and ".join(filter(None, [", ".join(called[:-1]), *called[-1:]]))
        who = names if len(called) <= 3 else f"{len(called):,}"
        verb = "is" if len(called) == 1 else "are"
        said += [f"{who} {verb} surely among the {call} tenth"] if called else []
    return said or ["none is surely among the highest or the lowest tenth"]


def _asked(number_format: str) -> list[Any]:
    """Return what a mark says when asked."""
    import altair as alt

    return marks.told(
        number_format,
        alt.Tooltip("i:N", title="95 % interval"),
        alt.Tooltip("q:Q", title="Reliability (0 to 1)", format=".2f"),
    )


@cache
def _rows_template(number_format: str) -> dict[str, Any]:
    """Return the specification for a row each, with gaps for names and data."""
    import altair as alt

    tips = _asked(number_format)
    scale = alt.Scale(domain=["{values}"], zero=False, nice=True)
    x = alt.X("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4))
    y = alt.Y("x:O", axis=None, sort=None, scale=alt.Scale(domain=["{places}"]))
    base = marks.named("points", marks.interval_words(number_format))
    line = base.transform_filter("datum.l !== null && datum.u !== null")

    def dots(group: str) -> list[Any]:
        which = f"datum.g == '{group}'"
        look: dict[str, Any] = {
            "shape": SHAPES[group], "size": max(60, _AREAS[group] / 2), "opacity": 1,
            "stroke": COLOURS[group], "strokeWidth": 2,
        }  # fmt: skip
        return [
            base.transform_filter(f"{which} && {test}")
            .mark_point(**look, fill=fill)
            .encode(x=x, y=y, tooltip=tips)
            for test, fill in (("datum.h", theme.PAPER), ("!datum.h", COLOURS[group]))
        ]

    layers = alt.layer(
        *(
            line.transform_filter(f"datum.g == '{group}'")
            .mark_rule(color=COLOURS[group], strokeWidth=2.5)
            .encode(x=alt.X("l:Q", title=None, scale=scale), x2="u:Q", y=y)
            for group in GROUPS
        ),
        *(mark for group in GROUPS for mark in dots(group)),
        *(
            base.mark_text(align="left", baseline="bottom", dy=-7, **halo).encode(
                x=alt.value(0), y=y, text="t:N"
            )
            for halo in ({"stroke": theme.PAPER, "strokeWidth": 4}, {})
        ),
        marks.key(),
    )
    return marks.whole(layers)


@cache
def _band_template(number_format: str) -> dict[str, Any]:
    """Return the specification for dots along a band, with gaps for names and data."""
    import altair as alt

    tips = _asked(number_format)
    x = alt.X(
        "x:Q",
        title=["{x}"],
        scale=alt.Scale(domain=["{span}"], zero=False, nice=False, padding=8),
        axis=alt.Axis(tickCount=5, grid=False, format=",.0f", labelFlush=True),
    )
    scale = alt.Scale(domain=["{values}"], zero=False, nice=True, padding=8)
    y = alt.Y("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6))
    low = alt.Y("l:Q", title=None, scale=scale)

    def group(name: str) -> Any:
        return marks.named(name, marks.interval_words(number_format), _SHORT)

    def dots(name: str, **mark: Any) -> Any:
        look = {"shape": SHAPES[name], "size": _AREAS[name], "color": COLOURS[name]}
        drawn = group(name).mark_point(filled=True, opacity=1, **look, **mark)
        return drawn.encode(x=x, y=y, tooltip=tips)

    calls = alt.Chart(alt.NamedData("calls"))
    layers = alt.layer(
        alt.Chart(alt.NamedData("band"))
        .transform_flatten(list("xlu"))
        .mark_area(color=theme.OTHERS, opacity=0.4)
        .encode(x=x, y=low, y2="u:Q"),
        dots("others"),
        *(
            calls.transform_filter(f"datum.k == '{call}'")
            .mark_tick(orient="vertical", size=12, thickness=1, color=theme.INK, opacity=1)
            .encode(x=x, y=alt.value(place))
            for call, place in (("highest", 4), ("lowest", _HEIGHT - 4))
        ),
        dots("near", stroke=theme.PAPER, strokeWidth=0.5),
        group("own").mark_rule(color=theme.OWN, strokeWidth=2.5).encode(x=x, y=low, y2="u:Q"),
        dots("own", stroke=theme.PAPER, strokeWidth=1.5),
        marks.key(),
    )
    return marks.whole(layers, _HEIGHT)
