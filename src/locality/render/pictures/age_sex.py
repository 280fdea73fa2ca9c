"""The age and sex of a list as a pyramid of bars, with England's as an outline."""

from __future__ import annotations

from functools import cache
from typing import Any

from locality.figures import Table
from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import counted, number, rounded, sentence

# Women stand on the left of the middle line, men on the right.
_SIDES = {"FEMALE": (-1, "Women and girls"), "MALE": (1, "Men and boys")}
_HEIGHT = 400


def age_sex(table: Table, *, name: str) -> Picture:
    """Return the pyramid of one list against England.

    ``table`` has the columns sex (FEMALE, MALE, others as published), age_from, band, patients,
    share and england_share; shares are percentages (0 to 100) of everyone on the list, both
    sexes together. ``name`` is the organisation's. Rows of another sex are in the table and
    counted in the sentence, not drawn; an empty england_share leaves a gap in the outline.
    """
    rows = sorted(table.rows, key=lambda row: (row["sex"], row["age_from"]))
    drawn = [row for row in rows if row["sex"] in _SIDES]
    ends = _ends([row["age_from"] for row in drawn])
    bars = [_bar(row, ends[row["age_from"]]) for row in drawn if number(row["share"]) is not None]
    outline = [
        point for sex in _SIDES for point in _outline([r for r in drawn if r["sex"] == sex], ends)
    ]
    widest = max((abs(point["x"] or 0) for point in (*bars, *outline)), default=1) or 1
    top = max(ends.values(), default=100)
    sides = [{"x": side * widest / 2, "y": top, "t": words} for side, words in _SIDES.values()]
    names = ["\n".join(theme.wrapped(name, 36)), "England"]
    spec = filled(_template(), {"names": names, "domain": [-widest, widest]})
    spec["datasets"] = {"bars": bars, "outline": outline, "sides": sides}
    title = f"Age and sex of registered patients: {name} and England"
    said = _sentence(rows, drawn, name)
    alt = (
        f"Population pyramid. Bars show the share of the list of {name} in each age band, "
        f"women on the left and men on the right; a dark outline shows England. {said}"
    )
    spec["description"] = alt
    return Picture("age_sex", title, spec, table, said, alt)


def _ends(starts: list[int]) -> dict[int, int]:
    """Return where each age band ends; the last is drawn as wide as the one before it."""
    ordered = sorted(set(starts))
    width = ordered[-1] - ordered[-2] if len(ordered) > 1 else 5
    return dict(zip(ordered, [*ordered[1:], ordered[-1] + width if ordered else 0], strict=False))


def _bar(row: dict[str, Any], end: int) -> dict[str, Any]:
    side, words = _SIDES[row["sex"]]
    return {
        "s": words,
        "b": row["band"],
        "y": row["age_from"],
        "z": end,
        "x": side * (rounded(row["share"]) or 0),
        "n": row["patients"],
        "p": rounded(row["share"]),
        "e": rounded(row["england_share"]),
    }


def _outline(rows: list[dict[str, Any]], ends: dict[int, int]) -> list[dict[str, Any]]:
    """Return two points for each band, so that the line runs along the ends of its bars."""
    points: list[dict[str, Any]] = []
    for row in rows:
        side, words = _SIDES[row["sex"]]
        share = rounded(row["england_share"])
        x = None if share is None else side * share
        for y in (row["age_from"], ends[row["age_from"]]):
            points.append({"s": words, "x": x, "y": y, "o": len(points)})
    # The last band is closed towards the middle.
    return [*points, {**points[-1], "x": 0, "o": len(points)}] if points else []


def _sentence(rows: list[dict[str, Any]], drawn: list[dict[str, Any]], name: str) -> str:
    """Return the age band where the list differs most from England, in one sentence."""
    own: dict[str, float] = {}
    england: dict[str, float] = {}
    unknown = 0
    for row in drawn:
        share, other = number(row["share"]), number(row["england_share"])
        if share is None or other is None:
            unknown += 1
            continue
        own[row["band"]] = own.get(row["band"], 0) + share
        england[row["band"]] = england.get(row["band"], 0) + other
    if not own:
        first = f"There are no ages of {name} to set beside England's"
    else:
        band = max(own, key=lambda b: abs(own[b] - england[b]))
        first = (
            f"The largest difference is at ages {band}: {own[band]:.1f} % of the list of {name}, "
            f"{england[band]:.1f} % of England's"
        )
    elsewhere = sum(row["patients"] or 0 for row in rows if row["sex"] not in _SIDES)
    return sentence(
        first,
        f"{counted(unknown, 'bar')} left out for want of a share" if unknown else "",
        f"{counted(elsewhere, 'patient')} recorded under another sex stand in the table only"
        if elsewhere
        else "",
    )


@cache
def _template() -> dict[str, Any]:
    """Return the pyramid's specification with gaps for names and data."""
    import altair as alt

    x = alt.X(
        "x:Q",
        title="Share of everyone on the list (%)",
        scale=alt.Scale(domain=["{domain}"], nice=True),
        axis=alt.Axis(labelExpr="format(abs(datum.value), '~f')", tickCount=6),
    )
    y = alt.Y(
        "y:Q",
        title="Age",
        axis=alt.Axis(values=list(range(0, 100, 10))),
        scale=alt.Scale(nice=False),
    )
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(color=theme.OWN_BAND, stroke=theme.PAPER, strokeWidth=1)
        .encode(
            x=x,
            x2=alt.datum(0),
            y=y,
            y2="z:Q",
            tooltip=[
                alt.Tooltip("s:N", title="Sex"),
                alt.Tooltip("b:N", title="Age"),
                alt.Tooltip("n:Q", title="Patients", format=",.0f"),
                alt.Tooltip("p:Q", title="Share of the list (%)", format=".2f"),
                alt.Tooltip("e:Q", title="England (%)", format=".2f"),
            ],
        )
    )
    # A wide pale line under the dark one keeps the outline visible over the bars.
    lines = [
        alt.Chart(alt.NamedData("outline"))
        .mark_line(stroke=colour, strokeWidth=width, strokeJoin="miter")
        .encode(x=x, y=y, order="o:Q", detail="s:N")
        for colour, width in ((theme.PAPER, 4), (theme.INK, 2))
    ]
    sides = (
        alt.Chart(alt.NamedData("sides"))
        .mark_text(baseline="bottom", dy=-6, fontWeight="bold")
        .encode(x=x, y=y, text="t:N")
    )
    who, domain = "k:N", ["{names}"]
    key = (
        alt.Chart(alt.NamedData("sides"))
        .transform_filter("false")
        .mark_point(opacity=1)
        .encode(
            shape=alt.Shape(who, scale=alt.Scale(domain=domain, range=["square", "stroke"])),
            fill=alt.Fill(who, scale=alt.Scale(domain=domain, range=[theme.OWN_BAND, theme.INK])),
            stroke=alt.Stroke(
                who,
                scale=alt.Scale(domain=domain, range=[theme.OWN_BAND, theme.INK]),
                legend=alt.Legend(columns=1, offset=30),
            ),
        )
    )
    return (
        alt.layer(bars, *lines, sides, key)
        .properties(width="container", height=_HEIGHT, autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
