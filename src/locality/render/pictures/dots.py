"""Thousands of equal dots as one stroke, so that a drawing stays small."""

from __future__ import annotations

import re

# As Vega writes a circle: where it stands, its radius, then how it looks. Full ones have a
# colour and no outline, hollow ones an outline alone.
_CIRCLE = (
    r'<path transform="translate\(([\d.e+-]+),([\d.e+-]+)\)" '
    r'd="M([\d.]+),0A[\d.,A-]*" {look} opacity="1"/>'
)
_FULL = _CIRCLE.format(look=r'fill="(#\w+)" stroke-width="[\d.]+"')
_HOLLOW = _CIRCLE.format(look=r'stroke="(#\w+)" stroke-width="([\d.]+)"')
_FULL_RUN, _HOLLOW_RUN = (re.compile(f"(?:{circle}){{50,}}") for circle in (_FULL, _HOLLOW))
_ONE_FULL, _ONE_HOLLOW = re.compile(_FULL), re.compile(_HOLLOW)


def merged_dots(svg: str) -> str:
    """Return the drawing with each run of 50 or more dots of one size and colour as one path.

    A full dot becomes a line of no length with a round end, a hollow one two half circles, which
    look the same: six thousand practices then take 80 kB and not a megabyte.
    """
    return _HOLLOW_RUN.sub(_merged_hollow, _FULL_RUN.sub(_merged_full, svg))


def _merged_full(run: re.Match[str]) -> str:
    looks: dict[tuple[str, str], list[str]] = {}
    for x, y, radius, colour in _ONE_FULL.findall(run[0]):
        looks.setdefault((radius, colour), []).append(f"M{float(x):.1f} {float(y):.1f}h0")
    return "".join(
        f'<path d="{"".join(places)}" stroke="{colour}" stroke-width="{2 * float(radius):g}" '
        'stroke-linecap="round"/>'
        for (radius, colour), places in looks.items()
    )


def _merged_hollow(run: re.Match[str]) -> str:
    looks: dict[tuple[str, str], list[str]] = {}
    for x, y, radius, colour, width in _ONE_HOLLOW.findall(run[0]):
        r = float(radius)
        ring = f"a{r:.2f} {r:.2f} 0 1 1 {-2 * r:.2f} 0a{r:.2f} {r:.2f} 0 1 1 {2 * r:.2f} 0"
        places = looks.setdefault((colour, width), [])
        places.append(f"M{float(x) + r:.1f} {float(y):.1f}{ring}")
    return "".join(
        f'<path d="{"".join(places)}" stroke="{colour}" stroke-width="{width}"/>'
        for (colour, width), places in looks.items()
    )
