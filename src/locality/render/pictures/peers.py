"""One organisation beside those most like it, in order of likeness."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Figure, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
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

_ROW = 26
_OWN, _PEER = "The organisation", "A peer"


def peers(table: Table, figure: Figure) -> Picture:
    """Return ``table`` (PEERS: the organisation first, then its peers) as dots with intervals.

    ``figure`` is one of the organisation's figures: it gives title and unit. The upright line is
    the mean of the peers' values. Rows without a value keep their place and have no dot.
    """
    rows = table.rows
    points, order, values = [], [], []
    for place, row in enumerate(rows):
        distance = number(row["distance"]) or 0.0
        label = f"{row['name'] or row['code']}"[:30] + ("" if place == 0 else f"  {distance:.2f}")
        order.append(label)
        value = shown(row)
        if value is None:
            continue
        if place:
            values.append(value)
        points.append(
            {"k": label, "w": _PEER if place else _OWN, "x": rounded(value, 5),
             "l": rounded(row["lower"], 4), "u": rounded(row["upper"], 4), "d": row["drivers"],
             "t": printed(value, figure.unit)}
        )  # fmt: skip
    mean = sum(values) / len(values) if values else None
    there = [who for who in (_OWN, _PEER) if any(point["w"] == who for point in points)]
    spec = filled(
        _template(),
        {
            "order": order,
            "x": theme.wrapped(titled(figure), 40),
            "who": there,
            "shapes": [_MARKS[who][0] for who in there],
            "colours": [_MARKS[who][1] for who in there],
        },
    )
    spec["height"] = max(_ROW * len(order), _ROW)
    spec["datasets"] = {
        "points": points,
        "mean": [] if mean is None else [{"x": rounded(mean, 5)}],
    }
    said = _sentence(figure, rows, mean)
    alt = f"Rows of dots: the organisation first, then its peers from most like it. {said}"
    spec["description"] = alt
    title = f"{figure.title}: beside those most like it"
    return Picture("peers", title, spec, table, said, alt)


_MARKS = {_OWN: (theme.OWN_SHAPE, theme.OWN), _PEER: (theme.OTHERS_SHAPE, theme.SOFT_INK)}


def _sentence(figure: Figure, rows: list[dict[str, Any]], mean: float | None) -> str:
    if not rows:
        return "There are no peers to show."
    own, others = rows[0], rows[1:]
    value = shown(own)
    first = (
        f"{own['name'] or own['code']} is at "
        f"{valued(value, figure.unit, own['lower'], own['upper'])}"
        if value is not None
        else f"{own['name'] or own['code']} has no value ({own['missing'] or 'not given'})"
    )
    lost = [row["missing"] for row in others if shown(row) is None]
    return sentence(
        first,
        f"the mean of {counted(len(others) - len(lost), 'peer')} is {printed(mean, figure.unit)}"
        if mean is not None
        else "",
        "the number after each name is how unlike it is, where 1 is as far apart as two usually are"
        if others
        else "",
        gaps(lost, "peer"),
    )


@cache
def _template() -> dict[str, Any]:
    """Return the specification with gaps for words and data."""
    import altair as alt

    x = alt.X("x:Q", title=["{x}"], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    y = alt.Y(
        "k:N",
        sort=["{order}"],
        scale=alt.Scale(domain=["{order}"]),
        axis=alt.Axis(title=None, labelLimit=170, domain=False, ticks=False, labelOverlap=False),
    )
    points = alt.Chart(alt.NamedData("points"))
    who = {"domain": ["{who}"]}
    marks = points.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape(
            "w:N", sort=None, scale=alt.Scale(range=["{shapes}"], **who),
            legend=alt.Legend(title=None, columns=1),
        ),
        color=alt.Color(
            "w:N", sort=None, scale=alt.Scale(range=["{colours}"], **who),
            legend=alt.Legend(title=None, columns=1),
        ),
        tooltip=[
            alt.Tooltip("k:N", title="Who, and how unlike"),
            alt.Tooltip("t:N", title="Value"),
            alt.Tooltip("d:N", title="Known by"),
        ],
    )  # fmt: skip
    layers = alt.layer(
        alt.Chart(alt.NamedData("mean"))
        .mark_rule(color=theme.INK, strokeDash=theme.ENGLAND_DASH, strokeWidth=2)
        .encode(x=x),
        points.transform_filter("isValid(datum.l)")
        .mark_rule(color=theme.OTHERS, strokeWidth=3)
        .encode(x=alt.X("l:Q", title=["{x}"]), x2="u:Q", y=y),
        marks,
    )
    return (
        layers.properties(width="container", autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
