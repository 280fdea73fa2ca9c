"""How much need a list carries by component, against an average of 1."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from locality.figures import Period, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import counted, gaps, number, rounded, sentence

_ROW = 36


def need_components(table: Table, *, name: str, against: str = "England") -> Picture:
    """Return each component's index (weighted over registered, 1 = the average) as a dot.

    ``table`` has the columns component and index, and may have title (the component in words),
    period (only the latest is drawn), missing and not_given (member practices left out); ``name``
    is the organisation's, ``against`` says whose average 1 is. Rows keep their order;
    ``registered`` is the list itself and is not drawn; a component without an index is a gap that
    the sentence counts.
    """
    table, period = _latest(table)
    rows = [row for row in table.rows if row["component"] != "registered"]
    points: list[dict[str, Any]] = []
    reasons: list[Any] = []
    for row in rows:
        value = None if row.get("missing") else number(row["index"])
        words = "\n".join(theme.wrapped(_said(row), 22))
        if value is None:
            reasons.append(row.get("missing"))
            points.append({"k": words, "x": None})
        else:
            points.append({"k": words, "x": rounded(value, 5)})
    found = [point["x"] for point in points if point["x"] is not None]
    reach = max((abs(x - 1) for x in found), default=0.1) or 0.1
    spec = filled(
        _template(),
        {
            "numbers": {
                point["k"]: "no value" if point["x"] is None else printed(point["x"], "index")
                for point in points
            },
            "order": [point["k"] for point in points],
            "x": theme.wrapped(f"Need for each registered patient ({against} = 1)", 28),
            "domain": [round(max(0.0, 1 - 1.12 * reach), 3), round(1 + 1.12 * reach, 3)],
            "against": f"Against {against}",
        },
    )
    spec["height"] = max(_ROW * len(points), _ROW)
    spec["datasets"] = {"points": points, "line": [{"x": 1}]}
    lacking = max((row.get("not_given") or 0 for row in rows), default=0)
    said = sentence(
        _reading(rows, name, against, period),
        gaps(reasons, "component"),
        f"{counted(lacking, 'member practice is', 'member practices are')} left out of a "
        "component for want of a value"
        if lacking
        else "",
    )
    alt = (
        f"Dots, one for each component of need, against a line at 1, the average of {against}. "
        f"{said}"
    )
    spec["description"] = alt
    title = f"Need by component: {name} and {against}" + (f", {period}" if period else "")
    return Picture("need_components", title, spec, table, said, alt)


def _latest(table: Table) -> tuple[Table, str]:
    """Return the rows of the last period and its code; a table without periods as it is."""
    if "period" not in table.schema.names or not len(table):
        return table, ""
    periods = [str(period) for period in table.data.column("period").to_pylist()]
    last = max(set(periods), key=Period.parse)
    return replace(table, data=table.data.filter([period == last for period in periods])), last


def component_words(component: str) -> str:
    """Return a component as a reader says it: ``mental_health`` is ``Mental health``."""
    words = component.replace("_", " ")
    return words[:1].upper() + words[1:]


def _said(row: dict[str, Any]) -> str:
    return str(row.get("title") or component_words(row["component"]))


def _reading(rows: list[dict[str, Any]], name: str, against: str, period: str) -> str:
    known = [
        (row, value)
        for row in rows
        if not row.get("missing") and (value := number(row["index"])) is not None
    ]
    if not known:
        return f"There is no need index for {name}"
    parts = [(_said(row), value) for row, value in known if row["component"] != "overall"]
    overall = [value for row, value in known if row["component"] == "overall"]
    said = []
    if len(parts) > 1:
        low, high = min(parts, key=lambda p: p[1]), max(parts, key=lambda p: p[1])
        said.append(f"from {_one(*low)} to {_one(*high)}")
    else:
        said += [_one(*part) for part in parts]
    said += [f"{printed(value, 'index')} overall" for value in overall]
    when = f" in {period}" if period else ""
    return f"Need for each patient of {name}{when} is {', '.join(said)}, where {against} is 1"


def _one(words: str, value: float) -> str:
    return f"{printed(value, 'index')} ({words[:1].lower()}{words[1:]})"


@cache
def _template() -> dict[str, Any]:
    """Return the specification with gaps for words and data."""
    import altair as alt

    x = alt.X(
        "x:Q",
        title=["{x}"],
        scale=alt.Scale(domain=["{domain}"], nice=False, zero=False),
        axis=alt.Axis(tickCount=4, format=".2~f", labelSeparation=4),
    )
    order = {"sort": ["{order}"], "scale": alt.Scale(domain=["{order}"])}
    bare = {"title": None, "labelOverlap": False, "domain": False, "ticks": False}
    y = alt.Y("k:N", axis=None, **order)
    left = alt.Y("k:N", axis=alt.Axis(labelLimit=160, **bare), **order)
    # The numbers stand in a column of their own on the right, clear of every dot.
    right = alt.Y(
        "k:N", axis=alt.Axis(orient="right", labelExpr="numbers[datum.value]", **bare), **order
    )
    points = alt.Chart(alt.NamedData("points"))
    there = points.transform_filter("isValid(datum.x)")
    layers = alt.layer(
        alt.Chart(alt.NamedData("line")).mark_rule(color=theme.INK, strokeWidth=2).encode(x=x),
        points.mark_point(opacity=0).encode(y=left),
        points.mark_point(opacity=0).encode(y=right),
        there.mark_rule(color=theme.OWN, strokeWidth=3).encode(x=x, x2=alt.datum(1), y=y),
        there.mark_point(
            filled=True, size=110, shape=theme.OWN_SHAPE, color=theme.OWN, opacity=1
        ).encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("k:N", title="Component"),
                alt.Tooltip("x:Q", title="{against}", format=".3f"),
            ],
        ),
    ).resolve_axis(y="independent")
    return (
        layers.add_params(alt.param(name="numbers", value="{numbers}"))
        .properties(width="container", autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
