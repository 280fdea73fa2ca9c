"""One organisation beside those most like it, nearest first, with the mean of those."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Figure, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.marks import Mark, key, keyed
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import (
    counted,
    gaps,
    number,
    rounded,
    sentence,
    shown,
    titled,
    valued,
)

_ROW = 40
#: What fits above a line on a page 300 pixels wide.
_LETTERS = 36
_AREAS = {"own": 150, "peers": 60}
_COLOURS = {"own": theme.OWN, "peers": theme.SOFT_INK}
_SHAPES = {"own": theme.OWN_SHAPE, "peers": "circle"}
# A short upright line in the key, as the mean is drawn.
_UPRIGHT = "M-.2,-1.2L.2,-1.2L.2,1.2L-.2,1.2Z"


def peers(table: Table, figure: Figure) -> Picture:
    """Return the rows of ``table`` (columns of ``PEERS``) as a strip of dots with intervals.

    The first row is the organisation that is compared (a diamond); its peers follow, nearest
    first, each with its distance: 0 is the same, 1 a usual difference. An upright line is the
    plain mean of the peers that have a value. ``figure`` gives title and unit. A row with a
    reason in ``missing``, or without a value, keeps its place with the reason, and the sentence
    counts it.
    """
    rows = [*table.rows[:1], *sorted(table.rows[1:], key=lambda row: float(row["distance"]))]
    points = [_point(place, row, figure) for place, row in enumerate(rows)]
    there = [row for row in rows[1:] if shown(row) is not None]
    mean = sum(float(row["value"]) for row in there) / len(there) if there else None
    said = _sentence(figure, rows, there, mean)
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "y": theme.wrapped(titled(figure)),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
            "values": _ends(points, mean),
            "places": list(range(len(points))) or [0],
            **keyed(_marks(figure, rows, there, mean)),
        },
    )
    spec["height"] = _ROW * max(1, len(points))
    spec["datasets"] = {
        "points": points,
        # A dash in each row, so that the line leaves the names alone.
        "mean": [{"k": p["k"], "y": rounded(mean, 5)} for p in points if mean is not None],
        "key": [],
    }
    alt = (
        f"Rows of dots with intervals: {_name(rows[0]) if rows else 'nobody'} first, then "
        f"{counted(len(rows[1:]), 'peer')} from the nearest to the furthest, and a line for "
        f"their mean. {said}"
    )
    spec["description"] = alt
    title = f"{figure.title}: {_name(rows[0]) if rows else figure.organisation} and those like it"
    return Picture("peers", title, spec, table, said, alt)


def _name(row: dict[str, Any]) -> str:
    return str(row["name"] or row["code"])


def _point(place: int, row: dict[str, Any], figure: Figure) -> dict[str, Any]:
    """Return a row as it is drawn; without a value it is words alone."""
    value = shown(row)
    known = value is not None
    name, end = _name(row), f", distance {row['distance']:.2f}" if place else ""
    room = _LETTERS - len(end)
    short = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    return {
        "k": place,
        "g": "peers" if place else "own",
        "t": f"{short}{end}",
        "w": name,
        "c": row["code"],
        "d": rounded(row["distance"], 3),
        "a": row["drivers"],
        "y": rounded(value, 5),
        "l": rounded(row["lower"], 4) if known else None,
        "u": rounded(row["upper"], 4) if known else None,
        "v": valued(value, figure.unit, row["lower"], row["upper"])
        if value is not None
        else f"no value ({row['missing'] or 'not given'})",
    }


def _ends(points: list[dict[str, Any]], mean: float | None) -> list[float]:
    """Return the ends of the axis: every value and interval, a tenth of the largest apart."""
    ends = [point[one] for point in points for one in "ylu" if point[one] is not None]
    ends += [] if mean is None else [mean]
    low, high = min(ends, default=0), max(ends, default=1)
    short = max(0.0, 0.1 * abs(high) - (high - low)) / 2
    return [low - short, high + short] if low or high else [0, 1]


def _marks(
    figure: Figure, rows: list[dict[str, Any]], there: list[dict[str, Any]], mean: float | None
) -> list[Mark]:
    """Return the key's lines, of what is there alone."""
    marks = []
    if rows and shown(rows[0]) is not None:
        marks.append(Mark(_name(rows[0]), theme.OWN, theme.OWN_SHAPE))
    if there:
        ranged = any(number(row["lower"]) is not None for row in there)
        words = "Peers, with 95 % intervals" if ranged else "Peers"
        marks.append(Mark(words, theme.SOFT_INK, "circle"))
    if mean is not None:
        marks.append(Mark(f"Mean of peers: {printed(mean, figure.unit)}", theme.INK, _UPRIGHT))
    return marks


def _sentence(
    figure: Figure, rows: list[dict[str, Any]], there: list[dict[str, Any]], mean: float | None
) -> str:
    """Return its own value, the peers' mean, how many it is above and below, and the nearest."""
    if not rows:
        return sentence("nobody is compared")
    own, value = rows[0], shown(rows[0])
    if value is None:
        first = f"{_name(own)} has no value ({own['missing'] or 'not given'})"
    else:
        at = f"{valued(value, figure.unit, own['lower'], own['upper'])} {figure.unit_text}"
        first = f"{_name(own)} is at {at.strip()}"
    if len(rows) == 1:
        return sentence(first, "no peers were found")
    parts = [first]
    if mean is not None:
        whose = f"the mean of its {len(there)} peers with a value"
        if len(there) == 1:
            whose = "its one peer with a value"
        parts.append(f"{whose} is {'at ' if len(there) == 1 else ''}{printed(mean, figure.unit)}")
    if value is not None and len(there) > 1:
        above = sum(value > float(row["value"]) for row in there)
        below = sum(value < float(row["value"]) for row in there)
        parts.append(f"it is higher than {above} of them and lower than {below}")
    near = rows[1]
    parts.append(
        f"the nearest is {_name(near)}, at distance {near['distance']:.2f} (0 is the same, 1 a "
        "usual difference)"
    )
    lost = [row["missing"] for row in rows[1:] if shown(row) is None]
    return sentence(*parts, gaps(lost, "peer"))


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for names and data."""
    import altair as alt

    scale = alt.Scale(domain=["{values}"], zero=False, nice=True)
    x = alt.X("y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4))
    y = alt.Y("k:O", axis=None, sort=None, scale=alt.Scale(domain=["{places}"]))
    interval = (
        f"datum.l === null ? 'not given' : format(datum.l, '{number_format}') + ' to ' + "
        f"format(datum.u, '{number_format}')"
    )
    told = [
        alt.Tooltip("w:N", title="Practice"),
        alt.Tooltip("c:N", title="Code"),
        alt.Tooltip("y:Q", title="{unit}", format=number_format),
        alt.Tooltip("i:N", title="95 % interval"),
        alt.Tooltip("d:Q", title="Distance", format=".2f"),
        alt.Tooltip("a:N", title="Like it in"),
    ]
    base = alt.Chart(alt.NamedData("points"))
    known = base.transform_filter("datum.y !== null").transform_calculate(i=interval)

    def lines(group: str) -> Any:
        drawn = known.transform_filter(f"datum.g == '{group}' && datum.l !== null")
        return drawn.mark_rule(color=_COLOURS[group], strokeWidth=2.5).encode(
            x=alt.X("l:Q", title=None, scale=scale), x2="u:Q", y=y
        )

    def dots(group: str) -> Any:
        return (
            known.transform_filter(f"datum.g == '{group}'")
            .mark_point(
                shape=_SHAPES[group], size=_AREAS[group], color=_COLOURS[group], filled=True,
                opacity=1, stroke=theme.PAPER, strokeWidth=1,
            )
            .encode(x=x, y=y, tooltip=told)
        )  # fmt: skip

    def words(field: str, drawn: Any, **mark: Any) -> list[Any]:
        return [
            drawn.mark_text(align="left", **mark, **halo).encode(
                x=alt.value(0), y=y, text=f"{field}:N"
            )
            for halo in ({"stroke": theme.PAPER, "strokeWidth": 4}, {})
        ]

    layers = alt.layer(
        alt.Chart(alt.NamedData("mean"))
        .mark_tick(orient="vertical", color=theme.INK, thickness=2, size=15, opacity=1)
        .encode(x=x, y=y),
        lines("peers"),
        lines("own"),
        dots("peers"),
        dots("own"),
        *words("t", base, baseline="bottom", dy=-8),
        *words(
            "v", base.transform_filter("datum.y === null"), baseline="middle", color=theme.SOFT_INK
        ),
        key(),
    )
    return (
        layers.properties(title=["{y}"], width="container", autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
