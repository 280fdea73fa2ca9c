"""One organisation's values through time, with England's and its ICB's beside them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from locality.figures import Figure, Period, Table
from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE, Picture, filled
from locality.render.pictures.wording import (
    gaps,
    rounded,
    sentence,
    short_period,
    shown,
    titled,
    valued,
)

_HEIGHT = 280
# Where nothing is loaded for longer than this, the line stops and starts again.
_LONGEST_STEP = 366
_DAY_ONE = date(2000, 1, 1)
# The organisation itself, England, the first other comparator (its ICB), any more.
_COLOURS = {"own": theme.OWN, "england": theme.INK, "near": theme.NEAR, "more": theme.FURTHER}
_SHAPES = {"own": theme.OWN_SHAPE, "england": "circle", "near": theme.NEAR_SHAPE, "more": "square"}
_DASHES = {
    "own": theme.OWN_DASH,
    "england": theme.ENGLAND_DASH,
    "near": theme.NEAR_DASH,
    "more": theme.FURTHER_DASH,
}


def trend(figure: Figure, own: Table, *comparators: Table) -> Picture:
    """Return the values of ``own`` by period, its interval as a band, and the comparators' lines.

    ``figure`` is one of the organisation's figures: it gives the measure's title and unit and
    says which rows are its own. ``own`` and ``comparators`` have the columns of ``VALUES``; rows
    of other organisations in any of them are comparators too (England, an ICB). A period with a
    reason in ``missing``, and more than a year without a row, break the line.
    """
    table = _joined(own, comparators)
    series: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in table.rows:
        series.setdefault((row["code"], row["kind"]), []).append(row)
    mine = [key for key in series if key[0] == figure.organisation]
    order = [*mine, *sorted((k for k in series if k not in mine), key=lambda k: k[1] != "england")]
    for rows in series.values():
        rows.sort(key=lambda row: Period.parse(row["period"]))
    names = {key: series[key][-1]["name"] or key[0] for key in order}
    # Two organisations of one name are told apart by their codes.
    twice = [name for name, often in Counter(names.values()).items() if often > 1]
    names |= {key: f"{name} ({key[0]})" for key, name in names.items() if name in twice}
    roles = _roles(order, mine)
    points: list[dict[str, Any]] = []
    for key in order:
        points += _points(series[key], "\n".join(theme.wrapped(names[key], 36)), roles[key])
    periods = {Period.parse(row["period"]) for row in table.rows}
    ticks = {(period.end - _DAY_ONE).days: short_period(period) for period in periods}
    spec = filled(
        _template(theme.number_format(figure.unit)),
        {
            "y": theme.wrapped(titled(figure)),
            "unit": f"Value ({figure.unit})" if figure.unit else "Value",
            "heights": _heights(points),
            "span": _span(ticks),
            "ticks": sorted(ticks),
            "labels": {str(x): text for x, text in ticks.items()},
            "names": ["\n".join(theme.wrapped(names[key], 36)) for key in order],
            "colours": [_COLOURS[roles[key]] for key in order],
            "shapes": [_SHAPES[roles[key]] for key in order],
        },
    )
    spec["datasets"] = {"points": points}
    said = _sentence(figure, series, order, names)
    alt = (
        f"Line chart of {figure.title} by period for {_list([names[key] for key in order])}; "
        f"a shaded band shows the interval of the first. {said}"
    )
    spec["description"] = alt
    who = names[mine[0]] if mine else figure.organisation
    return Picture("trend", f"{figure.title}: {who} through time", spec, table, said, alt)


def _joined(own: Table, comparators: tuple[Table, ...]) -> Table:
    if not comparators:
        return own
    data = pa.concat_tables([own.data, *(table.data for table in comparators)])
    return Table(own.schema, data, title=own.title, caption=own.caption, notes=own.notes)


def _roles(order: list[tuple[str, str]], mine: list[tuple[str, str]]) -> dict[Any, str]:
    """Return how each line is drawn: its own, England's, the next organisation's, any more."""
    roles = {key: "own" if key in mine else "england" for key in order}
    others = [key for key in order if key not in mine and key[1] != "england"]
    return roles | {key: "more" if place else "near" for place, key in enumerate(others)}


def _points(rows: list[dict[str, Any]], name: str, role: str) -> list[dict[str, Any]]:
    """Return one point a period that has a value; ``g`` numbers the unbroken runs of them."""
    points: list[dict[str, Any]] = []
    before: Period | None = None
    run = 0
    for row in rows:
        period, value = Period.parse(row["period"]), shown(row)
        if value is None or (before and (period.end - before.end).days > _LONGEST_STEP):
            run += 1
        before = period
        if value is None:
            continue
        point: dict[str, Any] = {
            "k": name,
            "r": role,
            "g": run,
            "x": (period.end - _DAY_ONE).days,
            "y": rounded(value, 6),
            "p": period.label,
        }
        if role == "own" and row["lower"] is not None and row["upper"] is not None:
            point |= {"l": rounded(row["lower"], 6), "u": rounded(row["upper"], 6)}
        points.append(point)
    return points


def _span(ticks: dict[int, str]) -> list[int]:
    """Return the ends of the bottom axis; a lone period stands in the middle of two months."""
    low, high = min(ticks, default=0), max(ticks, default=0)
    return [low, high] if low < high else [low - 30, high + 30]


def _heights(points: list[dict[str, Any]]) -> list[float]:
    """Return the ends of the upright axis: a tenth of the largest value apart at least.

    A list that grows by one in a hundred must not look as if it had doubled.
    """
    ends = [point["y"] for point in points]
    ends += [point[end] for point in points if "l" in point for end in ("l", "u")]
    low, high = min(ends, default=0), max(ends, default=1)
    short = max(0.0, 0.1 * abs(high) - (high - low)) / 2
    return [max(0.0, low - short) if low >= 0 else low - short, high + short]


def _list(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _sentence(
    figure: Figure,
    series: dict[tuple[str, str], list[dict[str, Any]]],
    order: list[tuple[str, str]],
    names: dict[tuple[str, str], str],
) -> str:
    """Return the first and last value of each line, and how many of its own are missing."""
    parts: list[str] = []
    for key in order:
        there = [row for row in series[key] if shown(row) is not None]
        if not there:
            parts.append(f"{names[key]} has no value in any period")
            continue
        last = there[-1]
        now = valued(last["value"], figure.unit, *(
            (last["lower"], last["upper"]) if key[0] == figure.organisation else ()
        ))  # fmt: skip
        when = Period.parse(last["period"])
        if len(there) == 1:
            parts.append(
                f"{names[key]} is at {now} in {short_period(when)}, the only period loaded"
            )
            continue
        first = there[0]
        then = valued(first["value"], figure.unit)
        start = short_period(Period.parse(first["period"]))
        parts.append(
            f"{names[key]} was at {then} in {start} and is at {now} in {short_period(when)}"
        )
    missing = [
        row["missing"]
        for key in order
        if key[0] == figure.organisation
        for row in series[key]
        if shown(row) is None
    ]
    lost = gaps(missing, "period")
    return sentence(*parts, f"{lost} for {names[order[0]]}" if lost else "")


@cache
def _template(number_format: str) -> dict[str, Any]:
    """Return the specification with gaps for names, labels and data."""
    import altair as alt

    labels = alt.param(name="labels", value="{labels}")
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=["{span}"], zero=False, nice=False, padding=24),
        axis=alt.Axis(
            values=["{ticks}"], labelExpr="labels[datum.value]", grid=False, labelOverlap="greedy"
        ),
    )
    y_scale = alt.Scale(domain=["{heights}"], zero=False, nice=True)
    y = alt.Y("y:Q", title=None, scale=y_scale, axis=alt.Axis(tickCount=5))
    low = alt.Y("l:Q", title=None, scale=y_scale, axis=alt.Axis(tickCount=5))
    names, domain = "k:N", ["{names}"]
    legend = alt.Legend(columns=1)
    colour = alt.Color(
        names, scale=alt.Scale(domain=domain, range=["{colours}"]), legend=legend, sort=None
    )
    shape = alt.Shape(names, scale=alt.Scale(domain=domain, range=["{shapes}"]), legend=legend)
    # The dash follows another column, so that the key's symbols keep whole outlines.
    dash = alt.StrokeDash(
        "r:N",
        scale=alt.Scale(domain=list(_DASHES), range=[list(dash) for dash in _DASHES.values()]),
        legend=None,
    )
    said = (
        f"isValid(datum.l) ? format(datum.l, '{number_format}') + ' to ' + "
        f"format(datum.u, '{number_format}') : 'not drawn'"
    )
    told = [
        alt.Tooltip(names, title="Organisation"),
        alt.Tooltip("p:N", title="Period"),
        alt.Tooltip("y:Q", title="{unit}", format=number_format),
        alt.Tooltip("i:N", title="95 % interval"),
    ]
    base = alt.Chart(alt.NamedData("points"))
    band = base.transform_filter("isValid(datum.l)")

    def dots(which: str, size: int) -> Any:
        return (
            base.transform_filter(f"datum.r {which} 'own'")
            .transform_calculate(i=said)
            .mark_point(filled=True, opacity=1, size=size)
            .encode(x=x, y=y, color=colour, shape=shape, tooltip=told)
        )

    layers = alt.layer(
        band.mark_area(color=theme.OWN, opacity=0.16).encode(x=x, y=low, y2="u:Q", detail="g:N"),
        band.mark_rule(color=theme.OWN, opacity=0.5, strokeWidth=1.5).encode(x=x, y=low, y2="u:Q"),
        base.mark_line(strokeWidth=2.5).encode(
            x=x, y=y, color=colour, strokeDash=dash, detail="g:N"
        ),
        dots("!=", 55),
        dots("==", 120),
    )
    return (
        layers.add_params(labels)
        .properties(title=["{y}"], width="container", height=_HEIGHT, autosize=AUTOSIZE)
        .configure(**theme.config())
        .to_dict()
    )
