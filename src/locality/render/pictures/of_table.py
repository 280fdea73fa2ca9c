"""A picture from a table alone, where its schema says what to draw; and a picture as PNG."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from locality.figures import Figure, Period, Table
from locality.render.pictures.caterpillar import caterpillar
from locality.render.pictures.control_chart import control_chart
from locality.render.pictures.funnel import funnel
from locality.render.pictures.inequality import inequality
from locality.render.pictures.peers import peers
from locality.render.pictures.picture import Picture, lettered
from locality.render.pictures.theme import VEGA_LITE
from locality.render.pictures.trend import trend
from locality.render.pictures.wording import number

# A unit in brackets that ends a title, in the forms that figures print.
_UNIT = re.compile(r"\((%|£[^()]*|per [^()]+|ratio|index)\)\s*\Z")
# What Vega hides where labels overlap still costs a millisecond each to draw.
_HIDDEN = re.compile(r'<text(?=[^>]* opacity="0")[^>]*>[^<]*</text>')
# Each letter group costs some three milliseconds: a third of a drawing's time is its ticks.
_MOST_TICKS, _UPRIGHT_TICKS = 5, 3
# Five lines above a drawing; a longer title leaves no room for it.
_LONGEST = 200


def of_table(table: Table, *, name: str = "", unit: str | None = None) -> Picture | None:
    """Return the picture of ``table``, or None where it has no rows or no picture takes it.

    The schema's name says which: ``control_chart``, ``values`` (a trend, where the organisation
    of the first row has several periods), ``peers``, ``inequality``, ``funnel``, ``caterpillar``.
    The table's title is the measure's; ``name`` is what the organisation is called. Where
    ``unit`` is None it is the schema's unit of ``value``, else one that stands in brackets at
    the end of the title, else none: numbers then stand without a unit.
    """
    draw = _DRAWN.get(table.schema.name)
    return draw(table, _figure(table, unit), name) if draw and len(table) else None


def png(
    picture: Picture, width: int = 600, *, height: int | None = None, scale: float = 2.0
) -> bytes:
    """Return the drawing as PNG, ``width`` units wide with ``scale`` dots to each.

    600 units fill the lines of an A4 page with letters as large as its text; two dots to each are
    192 to the inch. ``height`` is for a picture whose height does not follow its rows. At most
    five ticks of an axis of periods are kept, the last among them: letters take most of the time.
    """
    import vl_convert

    spec = {**_drawable(picture.spec), "width": width}
    if height is not None:
        spec["height"] = height
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    out: bytes = vl_convert.svg_to_png(_HIDDEN.sub("", drawn), scale=scale)
    return out


def _figure(table: Table, unit: str | None) -> Figure:
    """Return what a picture asks beside its rows: title, unit, whose, and the latest period."""
    title = table.title or table.schema.title
    if unit is None:
        said = _UNIT.search(title)
        unit = table.schema.column("value").unit or (said[1] if said else "")
    # A fifth of England has no code.
    code = str(table.column("code")[0]) if "code" in table.schema.names else ""
    latest = max(Period.parse(str(period)) for period in set(table.column("period")))
    # The rows are drawn, never the figure's own value.
    if len(title) > _LONGEST:
        title = f"{title[: _LONGEST - 1].rstrip()}…"
    return Figure("", title, code, latest, unit, value=0.0)


def _trend(table: Table, figure: Figure, name: str) -> Picture | None:
    own = [row for row in table.rows if row["code"] == figure.organisation]
    told = len({row["period"] for row in own if number(row["value"]) is not None})
    return trend(figure, table) if told > 1 else None


_DRAWN: dict[str, Callable[[Table, Figure, str], Picture | None]] = {
    "control_chart": lambda table, figure, name: control_chart(table, figure, name=name),
    "values": _trend,
    "peers": lambda table, figure, name: peers(table, figure),
    "inequality": lambda table, figure, name: inequality(table, figure),
    "funnel": lambda table, figure, name: funnel(table, figure),
    "caterpillar": lambda table, figure, name: caterpillar(table, figure),
}


def _drawable(node: Any) -> Any:
    """Return ``node`` for paper: few ticks, nothing to point at, and letters that can be drawn."""
    if isinstance(node, str):
        return lettered(node)
    if isinstance(node, list):
        return [_drawable(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _drawable(value) for key, value in node.items() if key != "tooltip"}
    axis = out.get("axis")
    if isinstance(axis, dict) and isinstance(ticks := axis.get("values"), list):
        step = -(-len(ticks) // _MOST_TICKS) or 1
        axis["values"] = ticks[::-1][::step][::-1]
    elif isinstance(axis, dict) and "tickCount" in axis:
        axis["tickCount"] = min(axis["tickCount"], _UPRIGHT_TICKS)
    return out
