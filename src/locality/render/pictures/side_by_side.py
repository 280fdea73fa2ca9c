"""Several amounts of one organisation, each beside its ICB's and England's, on one axis."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import gaps, number, rounded, sentence

_ROW = 40
_ENGLAND = "England"
#: A short upright line, as England is drawn elsewhere; one unit is half the mark.
_UPRIGHT = "M-.16,-1.2L.16,-1.2L.16,1.2L-.16,1.2Z"


def side_by_side(
    table: Table,
    *,
    label: str,
    title: str,
    name: str,
    unit: str,
    icb_name: str = "",
    most: int = 16,
) -> Picture:
    """Return one row of marks for each row of ``table``: the own value, its ICB's and England's.

    ``table`` has a column called ``label`` (words), value, and may have icb, england and missing.
    All are in ``unit``. Rows keep their order; the first ``most`` are drawn, and the sentence says
    how many are not. A row without a value is a gap that the sentence counts.
    """
    rows = table.rows[:most]
    names = {"value": name, "icb": icb_name or "Its ICB", "england": _ENGLAND}
    points: list[dict[str, Any]] = []
    own: dict[str, str] = {}
    reasons: list[Any] = []
    for row in rows:
        words = "\n".join(theme.wrapped(str(row[label]), 24))
        value = None if row.get("missing") else number(row.get("value"))
        own[words] = "no value" if value is None else printed(value, unit)
        if value is None:
            reasons.append(row.get("missing"))
        found = {
            "value": value,
            "icb": number(row.get("icb")),
            "england": number(row.get("england")),
        }
        points += [
            {"k": words, "w": names[who], "x": rounded(x, 5), "t": printed(x, unit)}
            for who, x in found.items()
            if x is not None
        ]
    there = [who for who in names.values() if any(point["w"] == who for point in points)]
    spec = filled(
        _template(),
        {
            "order": list(own),
            "numbers": own,
            "x": theme.wrapped(f"{title} ({unit})" if unit else title, 40),
            "who": there,
            "shapes": [_MARKS[key][0] for key, who in names.items() if who in there],
            "colours": [_MARKS[key][1] for key, who in names.items() if who in there],
        },
    )
    spec["height"] = max(_ROW * len(own), _ROW)
    spec["datasets"] = {"points": points}
    left = len(table) - len(rows)
    said = sentence(
        _reading(rows, label, name, unit, title),
        gaps(reasons, "row"),
        f"{left} more are in the table" if left else "",
    )
    alt = f"Rows of marks: a diamond for {name}, beside its ICB and England. {said}"
    spec["description"] = alt
    return Picture("side_by_side", f"{title}: {name} and England", spec, table, said, alt)


_MARKS = {
    "value": (theme.OWN_SHAPE, theme.OWN),
    "icb": (theme.NEAR_SHAPE, theme.NEAR),
    "england": (_UPRIGHT, theme.INK),
}


def _reading(rows: list[dict[str, Any]], label: str, name: str, unit: str, title: str) -> str:
    """Return how many rows lie above and below England, and the largest amount."""
    both = [
        (row, value, england)
        for row in rows
        if not row.get("missing")
        and (value := number(row.get("value"))) is not None
        and (england := number(row.get("england"))) is not None
    ]
    if not both:
        known = [r for r in rows if not r.get("missing") and number(r.get("value")) is not None]
        return f"{title}: {len(known)} of {len(rows)} rows have a value for {name}"
    above = sum(value > england for _, value, england in both)
    row, value, england = max(both, key=lambda one: one[1])
    first = (
        f"In {above} of {len(both)} rows {name} is above England"
        if len(both) > 1
        else f"{name} is {'above' if above else 'not above'} England"
    )
    return (
        f"{first}; the largest is {str(row[label])[:1].lower()}{str(row[label])[1:]}, "
        f"{printed(value, unit)} against {printed(england, unit)}"
    )


@cache
def _template() -> dict[str, Any]:
    """Return the specification with gaps for words and data."""
    import altair as alt

    x = alt.X("x:Q", title=["{x}"], axis=alt.Axis(tickCount=5, format="~s"))
    order = {"sort": ["{order}"], "scale": alt.Scale(domain=["{order}"])}
    bare = {"title": None, "labelOverlap": False, "domain": False, "ticks": False}
    left = alt.Y("k:N", axis=alt.Axis(labelLimit=180, grid=True, **bare), **order)
    right = alt.Y(
        "k:N", axis=alt.Axis(orient="right", labelExpr="numbers[datum.value]", **bare), **order
    )
    who = {"domain": ["{who}"]}
    points = alt.Chart(alt.NamedData("points"))
    marks = points.mark_point(filled=True, size=120, opacity=1, strokeWidth=3).encode(
        x=x,
        y=alt.Y("k:N", axis=None, **order),
        shape=alt.Shape(
            "w:N",
            sort=["{who}"],
            legend=alt.Legend(title=None, columns=1),
            scale=alt.Scale(range=["{shapes}"], **who),
        ),
        color=alt.Color(
            "w:N",
            sort=["{who}"],
            legend=alt.Legend(title=None, columns=1),
            scale=alt.Scale(range=["{colours}"], **who),
        ),
        tooltip=[
            alt.Tooltip("w:N", title="Who"),
            alt.Tooltip("k:N", title="What"),
            alt.Tooltip("t:N", title="Value"),
        ],
    )
    layers = alt.layer(
        points.mark_point(opacity=0).encode(y=left),
        points.mark_point(opacity=0).encode(y=right),
        marks,
    ).resolve_axis(y="independent")
    return (
        layers.add_params(alt.param(name="numbers", value="{numbers}"))
        .properties(width="container", autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
