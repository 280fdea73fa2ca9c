"""Thousands of equal dots as one stroke, so that a drawing stays small."""

from __future__ import annotations

import re

# As Vega writes a filled circle without an outline: where it stands, its radius, its colour.
_DOT = (
    r'<path transform="translate\(([\d.e+-]+),([\d.e+-]+)\)" '
    r'd="M([\d.]+),0A[^"]*" fill="(#\w+)" stroke-width="[\d.]+" opacity="1"/>'
)
_RUN = re.compile(f"(?:{_DOT}){{50,}}")
_ONE = re.compile(_DOT)


def merged_dots(svg: str) -> str:
    """Return the drawing with each run of 50 or more dots of one size and colour as one path.

    A dot becomes a line of no length with a round end, which looks the same: six thousand
    practices then take 80 kB and not a megabyte.
    """
    return _RUN.sub(_merged, svg)


def _merged(run: re.Match[str]) -> str:
    looks: dict[tuple[str, str], list[str]] = {}
    for x, y, radius, colour in _ONE.findall(run[0]):
        looks.setdefault((radius, colour), []).append(f"M{float(x):.1f} {float(y):.1f}h0")
    return "".join(
        f'<path d="{"".join(places)}" stroke="{colour}" stroke-width="{2 * float(radius):g}" '
        'stroke-linecap="round"/>'
        for (radius, colour), places in looks.items()
    )
