"""A measure by fifths of deprivation, with the line from the least deprived end to the most."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Figure, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import number, rounded, sentence, shown, titled, valued

_HEIGHT = 300


def inequality(table: Table, figure: Figure, *, slope: Figure | None = None) -> Picture:
    """Return ``table`` (INEQUALITY, five rows) as points with intervals and the fitted line.

    ``figure`` gives title and unit. ``slope`` is the difference between the two ends with its
    interval; with it the sentence says whether chance could explain the difference.
    """
    rows = table.rows
    points = [
        {"x": rounded(row["share"], 4), "y": rounded(row["value"], 5),
         "l": rounded(row["lower"], 4), "u": rounded(row["upper"], 4), "k": row["title"],
         "t": printed(row["value"], figure.unit), "n": row["practices"]}
        for row in rows
        if shown({**row, "missing": None}) is not None
    ]  # fmt: skip
    line = [
        {"x": rounded(row["share"], 4), "y": rounded(row["fitted"], 5)}
        for row in rows
        if number(row["fitted"]) is not None
    ]
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "y": theme.wrapped(titled(figure)),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
        },
    )
    spec["datasets"] = {"points": points, "line": line}
    said = _sentence(figure, rows, slope)
    alt = f"Five points from the least deprived fifth to the most, with a line. {said}"
    spec["description"] = alt
    return Picture("inequality", f"{figure.title}: by deprivation", spec, table, said, alt)


def _sentence(figure: Figure, rows: list[dict[str, Any]], slope: Figure | None) -> str:
    there = [row for row in rows if number(row["value"]) is not None]
    if len(there) < 2:
        return "There are too few numbers to compare by deprivation."
    low, high = there[0], there[-1]
    first = (
        f"{low['title']}: {printed(low['value'], figure.unit)}; "
        f"{high['title'][:1].lower()}{high['title'][1:]}: {printed(high['value'], figure.unit)}"
    )
    if slope is None or slope.value is None or slope.lower is None or slope.upper is None:
        return sentence(first)
    span = valued(slope.value, figure.unit, slope.lower, slope.upper)
    apart = slope.lower > 0 or slope.upper < 0
    return sentence(
        first,
        f"from one end to the other the difference is {span}"
        + ("" if apart else ", which chance could explain"),
    )


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for words and data."""
    import altair as alt

    x = alt.X(
        "x:Q",
        title="From least deprived to most",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0.1, 0.3, 0.5, 0.7, 0.9], grid=False,
                      labelExpr="['1 least', '2', '3', '4', '5 most']"
                                "[round((datum.value - 0.1) / 0.2)]"),
    )  # fmt: skip

    def y(field: str) -> Any:
        return alt.Y(
            f"{field}:Q",
            title=None,
            scale=alt.Scale(zero=False, nice=True, padding=12),
            axis=alt.Axis(tickCount=5),
        )

    points = alt.Chart(alt.NamedData("points"))
    layers = alt.layer(
        alt.Chart(alt.NamedData("line"))
        .mark_line(color=theme.SOFT_INK, strokeDash=theme.ENGLAND_DASH)
        .encode(x=x, y=y("y")),
        points.transform_filter("isValid(datum.l)")
        .mark_rule(color=theme.OTHERS, strokeWidth=4)
        .encode(x=x, y=y("l"), y2="u:Q"),
        points.mark_point(filled=True, size=120, opacity=1, color=theme.INK).encode(
            x=x,
            y=y("y"),
            tooltip=[
                alt.Tooltip("k:N", title="Fifth"),
                alt.Tooltip("y:Q", title="{unit}", format=number_format),
                alt.Tooltip("n:Q", title="Practices"),
            ],
        ),
    )
    return (
        layers.properties(title=["{y}"], width="container", height=_HEIGHT, autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
