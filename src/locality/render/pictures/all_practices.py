"""Every practice on one picture: size across, value up, England as a line.

Dots are spread by chance more on the left, where practices are small, than on the right. The
picture ranks nobody: position along the bottom is size, and no colour means good or bad.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from locality.figures import Figure, Table
from locality.figures.figure import printed
from locality.render.pictures import theme
from locality.render.pictures.marks import (
    COLOURS,
    GROUPS,
    SHAPES,
    group_marks,
    interval_words,
    keyed,
    told,
    whole,
)
from locality.render.pictures.picture import Picture, filled
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

_HEIGHT = 420
_FIELDS = ("code", "name", "denominator", "value", "lower", "upper", "missing")
# Field names in the drawing's data: short, because seven thousand practices travel.
_SHORT = ("c", "n", "x", "y", "l", "u")
_AREAS = {"others": 12, "near": 46, "own": 240}


def all_practices(
    table: Table,
    england: Figure,
    *,
    own: str | None = None,
    near: Collection[str] = (),
    near_name: str = "",
    denominator_words: str = "patients counted",
) -> Picture:
    """Return one measure over every practice of ``table`` (columns of ``VALUES``).

    ``england`` gives the line, and the measure's title, unit and period. ``own`` is the code of
    the practice to pick out (a large diamond); ``near`` are the codes of the practices around it,
    such as its ICB's (triangles), and ``near_name`` says whose they are. ``denominator_words``
    name what the bottom axis counts. Rows with a reason in ``missing``, or without value or
    denominator, are not drawn; the sentence counts them by reason.
    """
    around = set(near) - {own}
    points: dict[str, dict[str, list[Any]]] = {
        group: {short: [] for short in _SHORT} for group in GROUPS
    }
    reasons: list[Any] = []
    mine: dict[str, Any] | None = None
    cells = (table.data.column(field).to_pylist() for field in _FIELDS)
    for row in (dict(zip(_FIELDS, line, strict=True)) for line in zip(*cells, strict=True)):
        value, size = shown(row), number(row["denominator"])
        if row["code"] == own:
            mine = row
        if value is None or size is None or size <= 0:
            reasons.append(row["missing"])
            continue
        group = "own" if row["code"] == own else "near" if row["code"] in around else "others"
        for short, cell in (
            ("c", row["code"]),
            ("n", row["name"]),
            ("x", rounded(size, 5)),
            ("y", rounded(value)),
            ("l", rounded(row["lower"], 3)),
            ("u", rounded(row["upper"], 3)),
        ):
            points[group][short].append(cell)
    sizes = [size for columns in points.values() for size in columns["x"]]
    values = [value for columns in points.values() for value in columns["y"]]
    values += [england.value] if england.value is not None else []
    drawn = len(sizes)
    there = {group for group in GROUPS if points[group]["c"]}
    own_name = str((mine or {}).get("name") or own or "")
    spec = filled(
        _template(theme.number_format(england.unit)),
        {
            "x": theme.wrapped(f"{_capital(denominator_words)} (log scale)"),
            "size": _capital(denominator_words),
            "y": theme.wrapped(titled(england)),
            "sizes": [min(sizes, default=100), max(sizes, default=10_000) * 1.01],
            "values": [min(0, *values, 0), max(0, *values, 0) or 1],
            "unit": f"Value ({england.unit})" if england.unit else "Value",
            **keyed(group_marks(there, "practice", own_name, near_name)),
        },
    )
    spec["datasets"] = {group: [columns] for group, columns in points.items()}
    spec["datasets"]["england"] = [
        {"y": value, "t": f"England {printed(value, england.unit)}"}
        for value in (england.value,)
        if value is not None
    ]
    said = _sentence(own, mine, england, drawn, reasons)
    alt = (
        f"Scatter of {counted(drawn, 'practice')}: {denominator_words} across, value up, "
        f"and a line for England. {said}"
    )
    spec["description"] = alt
    title = f"{england.title}: every practice, {england.period.label}"
    return Picture("all_practices", title, spec, table, said, alt)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sentence(
    own: str | None,
    mine: dict[str, Any] | None,
    england: Figure,
    drawn: int,
    reasons: list[Any],
) -> str:
    """Return the organisation's value, England's, and how many are drawn and not drawn."""
    unit = england.unit
    first = f"{own} has no row in {england.period.label}" if own else ""
    if mine is not None:
        name, value = mine["name"] or mine["code"], shown(mine)
        first = (
            f"{name} has no value ({mine['missing'] or 'not given'})"
            if value is None
            else f"{name} is at {valued(value, unit, mine['lower'], mine['upper'])}"
        )
    return sentence(
        first,
        f"England is at {england.text}"
        if england.value is not None
        else f"England has no value ({england.text})",
        f"{counted(drawn, 'practice is', 'practices are')} shown",
        gaps(reasons, "practice"),
    )


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
            values=[n * 10**power for power in range(7) for n in (1, 2, 5)],
            labelOverlap="greedy",
        ),
    )
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=["{values}"], nice=True),
        axis=alt.Axis(tickCount=6),
    )
    tips = told(
        number_format,
        alt.Tooltip("i:N", title="95 % interval"),
        alt.Tooltip("x:Q", title="{size}", format=",.0f"),
        who="n",
        kind="Practice",
    )

    def layer(group: str, **mark: Any) -> Any:
        return (
            alt.Chart(alt.NamedData(group))
            .transform_flatten(list(_SHORT))
            .transform_calculate(i=interval_words(number_format))
            .mark_point(
                shape=SHAPES[group], size=_AREAS[group], color=COLOURS[group], filled=True, **mark
            )
            .encode(x=x, y=y, tooltip=tips)
        )

    line = alt.Chart(alt.NamedData("england"))
    names = "k:N"
    domain = ["{names}"]
    key = (
        line.transform_filter("false")
        .mark_point(filled=True, opacity=1)
        .encode(
            color=alt.Color(
                names, scale=alt.Scale(domain=domain, range=["{colours}"]), legend=_legend()
            ),
            shape=alt.Shape(names, scale=alt.Scale(domain=domain, range=["{shapes}"])),
        )
    )
    layers = alt.layer(
        layer("others", opacity=1),
        layer("near", opacity=1, stroke=theme.PAPER, strokeWidth=0.5),
        line.mark_rule(color=theme.INK, strokeWidth=2, strokeDash=theme.ENGLAND_DASH).encode(y=y),
        *(
            line.mark_text(
                align="left", baseline="bottom", dx=4, dy=-4, fontWeight="bold", **halo
            ).encode(y=y, text="t:N", x=alt.value(0))
            for halo in ({"stroke": theme.PAPER, "strokeWidth": 4}, {})
        ),
        layer("own", opacity=1, stroke=theme.PAPER, strokeWidth=1.5),
        key,
    )
    return whole(layers, _HEIGHT)


def _legend() -> Any:
    import altair as alt

    return alt.Legend(columns=1)
