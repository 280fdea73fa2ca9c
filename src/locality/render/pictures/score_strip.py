"""A small strip for one cell of scores: how many people gave which score, median and agreed.

It stands beside the sentence and the list of what each person gave, and shows where they divide:
two camps and one broad middle have the same median.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from locality.render.pictures import theme
from locality.render.pictures.wording import number

_WIDTH, _HEIGHT, _MARGIN = 200, 42, 30
#: Where columns stand, how high the highest is, and how wide one may be.
_GROUND, _HIGHEST, _WIDEST = 22, 20, 10
#: Where the middle half and the median stand below, and where the agreed score.
_MIDDLE, _AGREED = 28, 37


def score_strip(
    row: Mapping[str, Any], scores: Iterable[float], *, lower: float, upper: float, step: float
) -> str:
    """Return one strip as SVG text, 200 by 42 pixels, to stand in a table cell.

    ``row`` is one of judging's SPREAD: median, quartiles and agreed (any may be empty) and the
    sentence that the strip says. ``scores`` are those given, on a scale from ``lower`` to
    ``upper`` in steps of ``step``; its ends are printed, and nought has a mark where the scale
    is signed. Columns show how many gave a score; the highest is that which most people gave.
    """

    def x(value: float) -> float:
        share = (value - lower) / (upper - lower)
        return round(_MARGIN + (_WIDTH - 2 * _MARGIN) * min(max(share, 0), 1), 1)

    parts = [
        f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{_GROUND}" y2="{_GROUND}" '
        f'stroke="{theme.OTHERS}" stroke-width="1"/>'
    ]
    one_step = (_WIDTH - 2 * _MARGIN) * step / (upper - lower)
    wide = round(min(max(one_step * 0.7, 3), _WIDEST), 1)
    many = Counter(scores)
    for value, count in sorted(many.items()):
        high = round(_HIGHEST * count / max(many.values()), 1)
        parts.append(
            f'<rect x="{round(x(value) - wide / 2, 1):g}" y="{round(_GROUND - high, 1):g}" '
            f'width="{wide:g}" height="{high:g}" fill="{theme.NEAR}"/>'
        )
    first, third = number(row.get("lower_quartile")), number(row.get("upper_quartile"))
    if first is not None and third is not None and third > first:
        parts.append(
            f'<rect x="{x(first):g}" y="{_MIDDLE - 1}" width="{round(x(third) - x(first), 1):g}" '
            f'height="3" fill="{theme.OTHERS}"/>'
        )
    median, agreed = number(row.get("median")), number(row.get("agreed"))
    if median is not None:
        parts.append(f'<path d="M{x(median):g} {_MIDDLE - 4}l4.5 8h-9Z" fill="{theme.INK}"/>')
    if agreed is not None:
        parts.append(
            f'<path d="M{x(agreed):g} {_AGREED - 5}l4.5 5l-4.5 5l-4.5 -5Z" fill="{theme.OWN}"/>'
        )
    if lower < 0 < upper:
        parts.append(
            f'<line x1="{x(0):g}" x2="{x(0):g}" y1="{_GROUND - 4}" y2="{_GROUND + 3}" '
            f'stroke="{theme.INK}" stroke-width="1"/>'
        )
    for value, place, anchor in ((lower, x(lower) - 7, "end"), (upper, x(upper) + 7, "start")):
        parts.append(
            f'<text x="{place:g}" y="{_GROUND + 4}" text-anchor="{anchor}" font-size="12" '
            f'font-family="{theme.FONT}" fill="{theme.SOFT_INK}">{f"{value:g}".replace("-", "−")}'
            "</text>"
        )
    words = escape(str(row["sentence"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{words}">'
        f"<title>{words}</title>{''.join(parts)}</svg>"
    )


def score_key() -> str:
    """Return the sentence that explains every strip of scores."""
    return (
        "In each small drawing a column is how many people gave that score; below them the "
        "bar holds the middle half and the triangle is the median; the diamond is the score "
        "agreed. The numbers are the ends of the scale, the short line its nought."
    )
