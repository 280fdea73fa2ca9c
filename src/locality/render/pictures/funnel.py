"""Organisations beside the limits for their size: a funnel.

A dot outside the outer limits is unusual among its peers; why is another question. Hollow dots
are of those that cannot be judged: too much of what is seen of them could be chance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from functools import cache
from math import log
from typing import Any

from locality.figures import Figure, Table
from locality.render.pictures import theme
from locality.render.pictures.marks import (
    COLOURS,
    DASHED,
    DOTTED,
    GROUPS,
    SHAPES,
    SOLID,
    Mark,
    group_marks,
    hollow,
    key,
    keyed,
    named,
    told,
    whole,
)
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

_HEIGHT = 420
#: The word of a row of which chance leaves enough to be judged (``state``).
CAN_BE_JUDGED = "can be judged"
_CANNOT = "cannot be judged"
_HOLLOW = {_CANNOT: _CANNOT, "described only": "not compared"}
_LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")
_FIELDS = ("code", "kind", "name", "denominator", "value", "missing", "place", "state", "centre")
# Field names in the drawing's data: short, because seven thousand practices travel.
_SHORT = ("c", "n", "x", "y", "p")
_CURVE = ("x", "m", "a", "b", "d", "e")
_MOST_POINTS = 200
_AREAS = {"others": 12, "near": 46, "own": 240}
_OUTER_DASH, _INNER_DASH = theme.ENGLAND_DASH, theme.NEAR_DASH
_LIMIT_MARKS = (
    Mark("Centre", theme.INK, SOLID),
    Mark("95 % limits", theme.INK, DOTTED),
    Mark("99.8 % limits", theme.INK, DASHED),
)


def funnel(
    table: Table,
    figure: Figure,
    *,
    own: str | None = None,
    near: Collection[str] = frozenset(),
    near_name: str = "",
    denominator_words: str = "how many are counted",
) -> Picture:
    """Return the organisations of ``table`` (columns of ``FUNNEL``) and the limits for their size.

    ``figure`` (England's, or the group's) gives title, unit and period. ``own`` is the code of the
    organisation to pick out (a large diamond); ``near`` are those around it (triangles), and
    ``near_name`` says whose they are. Limits are those of the rows, in order of size. Rows with a
    reason in ``missing``, or without value or denominator, are not drawn, and the sentence counts
    them by reason. Names travel for ``own``, ``near`` and those beyond the outer limits alone.
    """
    around = set(near) - {own}
    points: dict[str, dict[str, list[Any]]] = {
        f"{group}{end}": {short: [] for short in _SHORT}
        for end in ("_hollow", "")
        for group in GROUPS
    }
    seen = _Seen()
    cells = (table.data.column(field).to_pylist() for field in (*_FIELDS, *_LIMITS))
    curve: dict[float, list[Any]] = {}
    for line in zip(*cells, strict=True):
        row = dict(zip((*_FIELDS, *_LIMITS), line, strict=True))
        value, size = shown(row), number(row["denominator"])
        mine = row["code"] == own
        if mine:
            seen.own = row
        if value is None or size is None or size <= 0:
            seen.reasons.append(row["missing"])
            continue
        judged = row["state"] == CAN_BE_JUDGED
        seen.count(row["place"], row["state"])
        if number(row["centre"]) is not None:
            curve[size] = [size, row["centre"], *(row[limit] for limit in _LIMITS)]
        group = "own" if mine else "near" if row["code"] in around else "others"
        named = group != "others" or (judged and abs(row["place"]) == 2)
        for short, cell in zip(
            _SHORT,
            (row["code"], row["name"] if named else None, rounded(size, 5), rounded(value),
             row["place"] if judged else None),
            strict=True,
        ):  # fmt: skip
            points[group if judged else f"{group}_hollow"][short].append(cell)
    kind = str(table.data.column("kind")[0].as_py()) if len(table) else "practice"
    limits = _thinned([curve[size] for size in sorted(curve)])
    sizes = [size for columns in points.values() for size in columns["x"]]
    values = [value for columns in points.values() for value in columns["y"]]
    words = f"{denominator_words[:1].upper()}{denominator_words[1:]}"
    there = {group for group in GROUPS if points[group]["c"] or points[f"{group}_hollow"]["c"]}
    own_name = str((seen.own or {}).get("name") or own or "")
    marks = group_marks(there, kind, own_name, near_name)
    marks += [hollow(seen.why_hollow)] if seen.hollow else []
    marks += _LIMIT_MARKS if limits else ()
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "x": theme.wrapped(f"{words} (log scale)"),
            "size": words,
            "y": theme.wrapped(titled(figure)),
            "sizes": _widths(sizes),
            "values": _heights(values, limits),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
            **keyed(marks),
        },
    )
    spec["datasets"] = {group: [columns] for group, columns in points.items()}
    curves = {short: [rounded(row[n]) for row in limits] for n, short in enumerate(_CURVE)}
    spec["datasets"]["limits"] = [curves]
    spec["datasets"]["key"] = []
    said = _sentence(figure, kind, own, seen, bool(limits))
    alt = (
        f"Funnel of {counted(len(sizes), kind_words(kind))}: {denominator_words} across, value "
        "up, a line for the centre, and limits that draw together as size grows. " + said
    )
    spec["description"] = alt
    title = f"{figure.title}: beside the limits for size, {figure.period.label}"
    return Picture("funnel", title, spec, table, said, alt)


class _Seen:
    """What is counted on the way through the rows."""

    def __init__(self) -> None:
        self.own: dict[str, Any] | None = None
        self.reasons: list[Any] = []
        self.states: set[str] = set()
        self.judged = self.hollow = self.above = self.below = 0

    def count(self, place: int, state: str) -> None:
        """Count a row that is drawn."""
        judged = state == CAN_BE_JUDGED
        self.states |= set() if judged else {state}
        self.judged += judged
        self.hollow += not judged
        self.above += judged and place >= 2
        self.below += judged and place <= -2

    @property
    def why_hollow(self) -> str:
        """Return what hollow marks mean here."""
        return " or ".join(_HOLLOW[one] for one in _HOLLOW if one in self.states) or _CANNOT


def _thinned(rows: list[list[Any]]) -> list[list[Any]]:
    """Return at most 200 of ``rows`` (size first, in order), evenly spread on a log scale.

    Limits of one size alone become a short dash, so that they can be seen.
    """
    if len(rows) == 1:
        return [[rows[0][0] * step, *rows[0][1:]] for step in (0.95, 1.05)]
    if len(rows) <= _MOST_POINTS:
        return rows
    sizes = [log(row[0]) for row in rows]
    step = (sizes[-1] - sizes[0]) / (_MOST_POINTS - 1)
    wanted = (bisect_left(sizes, sizes[0] + n * step) for n in range(_MOST_POINTS - 1))
    return [rows[place] for place in sorted({*wanted, len(rows) - 1})]


def _widths(sizes: list[float]) -> list[float]:
    low, high = min(sizes, default=100), max(sizes, default=10_000)
    return [low, high * 1.01] if low < high else [low / 2, high * 2]


def _heights(values: list[float], limits: list[list[Any]]) -> list[float]:
    """Return the ends of the upright axis: all values, and the limits of a middling size.

    Limits of the smallest run off the picture, where they say little. Zero is the foot unless
    that would leave the lower half empty.
    """
    ends = list(values)
    if limits:
        ends += [float(one) for one in limits[len(limits) // 2][1:] if number(one) is not None]
    low, high = min(ends, default=0), max(ends, default=1)
    if low > high / 2 > 0:
        margin = max(high - low, 0.02 * high) / 20
        return [low - margin, high + margin]
    return [min(0, low), max(0, high)] if low or high else [0, 1]


_PLACES = {
    -2: "below the 99.8 % limits",
    -1: "below the 95 % limits and not the 99.8 % limits",
    0: "inside the limits for its size",
    1: "above the 95 % limits and not the 99.8 % limits",
    2: "above the 99.8 % limits",
}


def _sentence(figure: Figure, kind: str, own: str | None, seen: _Seen, limits: bool) -> str:
    """Return where its own lies, and how many lie outside the limits beside chance's share."""
    one = kind_words(kind)
    first = f"{own} has no row here" if own else ""
    if seen.own is not None:
        name, value = seen.own["name"] or seen.own["code"], shown(seen.own)
        size = number(seen.own["denominator"])
        if value is None:
            first = f"{name} has no value ({seen.own['missing'] or 'not given'})"
        elif size is None or size <= 0:
            first = f"{name} has a value and nothing that it is counted over"
        else:
            judged = seen.own["state"] == CAN_BE_JUDGED
            where = (
                f"lies {_PLACES[max(-2, min(2, seen.own['place']))]}"
                if judged
                else "cannot be judged"
                if seen.own["state"] == _CANNOT
                else "is shown and not compared"
            )
            at = f"{valued(value, figure.unit)} {figure.unit_text}".strip()
            first = f"{name} is at {at} and {where}"
    chance = 0.002 * seen.judged
    about = "fewer than one" if chance < 1 else f"about {chance:,.0f}"
    outside = seen.above + seen.below
    sides = f" ({seen.above:,} above, {seen.below:,} below)" if outside else ""
    lie = f"{outside:,} lie{'s' if outside == 1 else ''}" if outside else "none lies"
    told = (
        f"of {counted(seen.judged, one)} that can be judged, {lie} outside the 99.8 % "
        f"limits{sides}, where chance alone would put {about}"
    )
    if not limits:
        told = "no limits are drawn, so that nobody is called unusual"
    elif not seen.judged:
        told = "none can be judged, so that nobody is called unusual"
    hollow = f"{counted(seen.hollow, f'{one} is', f'{one}s are')} drawn hollow ({seen.why_hollow})"
    return sentence(first, told, hollow if seen.hollow else "", gaps(seen.reasons, one))


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for names and data."""
    import altair as alt

    x = alt.X(
        "x:Q",
        title=["{x}"],
        scale=alt.Scale(type="log", domain=["{sizes}"], nice=False, padding=12),
        axis=alt.Axis(
            format=",~r",
            values=[n * 10**power for power in range(8) for n in (1, 2, 5)],
            labelOverlap="greedy",
            labelBound=True,
            grid=False,
        ),
    )
    scale = alt.Scale(domain=["{values}"], nice=True, zero=False)
    y = alt.Y("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6))
    tips = told(
        number_format,
        alt.Tooltip("x:Q", title="{size}", format=",.0f"),
        alt.Tooltip("i:N", title="Limits"),
    )
    where = (
        "datum.p === null ? 'not judged' : abs(datum.p) == 0 ? 'inside' : "
        "'outside ' + (abs(datum.p) == 1 ? '95 %' : '99.8 %')"
    )

    def dots(group: str, unsure: bool = False) -> Any:
        full: dict[str, Any] = {"filled": True}
        if group != "others":
            full |= {"stroke": theme.PAPER, "strokeWidth": 1.5 if group == "own" else 0.5}
        empty = {"filled": False, "strokeWidth": 1 if group == "others" else 2}
        chart = named(f"{group}{'_hollow' * unsure}", where, _SHORT)
        return chart.mark_point(
            shape=SHAPES[group], size=_AREAS[group], color=COLOURS[group], opacity=1,
            **(empty if unsure else full),
        ).encode(x=x, y=y, tooltip=tips)  # fmt: skip

    curves = alt.Chart(alt.NamedData("limits")).transform_flatten(list(_CURVE))

    def line(field: str, dash: list[int], width: float) -> Any:
        return curves.mark_line(
            color=theme.INK, strokeWidth=width, strokeDash=dash, clip=True
        ).encode(x=x, y=alt.Y(f"{field}:Q", title=None, scale=scale))

    layers = alt.layer(
        dots("others", unsure=True),
        dots("others"),
        dots("near", unsure=True),
        dots("near"),
        line("m", theme.OWN_DASH, 1.5),
        line("a", _INNER_DASH, 1.5),
        line("b", _INNER_DASH, 1.5),
        line("d", _OUTER_DASH, 1.5),
        line("e", _OUTER_DASH, 1.5),
        dots("own", unsure=True),
        dots("own"),
        key(),
    )
    return whole(layers, _HEIGHT)
