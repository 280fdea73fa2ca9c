"""A small strip for one row of a table: own value and interval, beside England's.

Every strip of a column has the same axis, own value divided by England's, in equal steps of
doubling: strips can be read down the page whatever the measures' own sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import log2
from typing import Any

from locality.render.pictures import theme
from locality.render.pictures.wording import number, valued

_WIDTH, _HEIGHT, _MARGIN = 160, 24, 8
_MIDDLE = 10
# The strip reaches from a third of England's value to three times it.
_REACH = log2(3)


def interval_strip(row: Mapping[str, Any], *, unit: str = "%", name: str = "") -> str:
    """Return one strip as SVG text, 160 by 24 pixels, to stand in a table cell.

    ``row`` holds value, lower, upper, england and icb (any may be empty, icb may be absent) and
    missing, the reason where there is no value; all in ``unit``. The upright line is England;
    the bar is the own interval, the diamond the own value (an arrowhead where it lies beyond a
    third or three times England's), the small triangle below is the ICB. Without a value, or where
    England's is missing or zero, the strip says so in its words and draws the line alone.
    """
    england = number(row.get("england"))
    value = None if row.get("missing") else number(row.get("value"))
    parts = [
        f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{_MIDDLE}" y2="{_MIDDLE}" '
        f'stroke="{theme.GRID}" stroke-width="2"/>'
    ]
    if value is not None and england:
        low, high = number(row.get("lower")), number(row.get("upper"))
        if low is not None and high is not None:
            parts.append(_bar(low, high, england))
    parts.append(
        f'<line x1="{_WIDTH / 2:g}" x2="{_WIDTH / 2:g}" y1="0" y2="{2 * _MIDDLE}" '
        f'stroke="{theme.INK}" stroke-width="2"/>'
    )
    if england:
        icb = number(row.get("icb"))
        if icb is not None:
            parts.append(_triangle(_x(icb, england)[0]))
        if value is not None:
            parts.append(_mark(*_x(value, england)))
    words = escape(_words(row, value, england, unit, name))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{words}">'
        f"<title>{words}</title>{''.join(parts)}</svg>"
    )


def strip_key(icb: bool = True) -> str:
    """Return one sentence that explains every strip of a column."""
    triangle = ", the triangle below its ICB" if icb else ""
    return (
        "The upright line is England, the diamond the value here, the bar its 95 % interval"
        f"{triangle}; left of the line is lower and right is higher, up to a third and three "
        "times."
    )


def _x(value: float, england: float) -> tuple[float, int]:
    """Return where ``value`` stands, and -1 or 1 where it lies beyond the strip."""
    ratio = value / england
    place = log2(ratio) if ratio > 0 else -2 * _REACH
    beyond = -1 if place < -_REACH else 1 if place > _REACH else 0
    place = min(max(place, -_REACH), _REACH)
    half = _WIDTH / 2 - _MARGIN
    return round(_WIDTH / 2 + half * place / _REACH, 1), beyond


def _bar(lower: float, upper: float, england: float) -> str:
    left, right = _x(lower, england)[0], _x(upper, england)[0]
    return (
        f'<rect x="{left:g}" y="{_MIDDLE - 4}" width="{max(round(right - left, 1), 1):g}" '
        f'height="8" fill="{theme.OWN_BAND}"/>'
    )


def _mark(x: float, beyond: int) -> str:
    """Return the own value: a diamond, or an arrowhead where it lies beyond the strip."""
    y = _MIDDLE
    path = (
        f"M{x:g} {y - 6}L{x + 5:g} {y}L{x:g} {y + 6}L{x - 5:g} {y}Z"
        if not beyond
        else f"M{x:g} {y - 6}L{x + 7 * beyond:g} {y}L{x:g} {y + 6}Z"
    )
    return f'<path d="{path}" fill="{theme.OWN}" stroke="{theme.PAPER}"/>'


def _triangle(x: float) -> str:
    return f'<path d="M{x:g} {_HEIGHT - 7}l4.5 7h-9Z" fill="{theme.NEAR}"/>'


def _words(
    row: Mapping[str, Any], value: float | None, england: float | None, unit: str, name: str
) -> str:
    own = (
        f"no value ({row.get('missing') or 'not given'})"
        if value is None
        else valued(value, unit, row.get("lower"), row.get("upper"))
    )
    whole = "England has no value" if england is None else f"England {valued(england, unit)}"
    icb = number(row.get("icb"))
    return ", ".join(
        part
        for part in (f"{name} {own}".strip(), whole, icb is not None and f"ICB {valued(icb, unit)}")
        if part
    )
