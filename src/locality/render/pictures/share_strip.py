"""A small bar for one row of counted answers: what share gave each, in the order of the answers.

It stands beside the counts themselves; several under one another show what moved over the years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from locality.render.pictures import theme

_WIDTH, _HEIGHT = 200, 18


def share_strip(rows: Sequence[Mapping[str, Any]], *, name: str) -> str:
    """Return one bar as SVG text, 200 by 18 pixels, to stand in a table cell.

    ``rows`` are answers in their order, each with ``answer``, ``people`` and ``of`` (how many
    answered at all); ``name`` is what they are of, such as a year. Each answer is as wide as its
    share, from the first, which is white, to the last and darkest; one that nobody gave has no
    part. Empty text where nobody answered.
    """
    of = sum(row["people"] for row in rows)
    if not of:
        return ""
    parts, at = [], 0.5
    for place, row in enumerate(rows):
        wide = (_WIDTH - 1) * row["people"] / of
        if wide:
            depth = place / max(len(rows) - 1, 1)
            parts.append(
                f'<rect x="{at:.1f}" y="0.5" width="{wide:.1f}" height="{_HEIGHT - 1}" '
                f'fill="{theme.NEAR}" fill-opacity="{depth:.2f}" stroke="{theme.NEAR}"/>'
            )
        at += wide
    said = "; ".join(f"{row['answer']}: {row['people']}" for row in rows)
    words = escape(f"{name}, of {of}: {said}.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{words}">'
        f"<title>{words}</title>{''.join(parts)}</svg>"
    )


def share_key() -> str:
    """Return the sentence that explains every bar of shares."""
    return (
        "Each bar holds the answers in the order of the columns, from the first, white, to the "
        "last, the darkest; each is as wide as its share."
    )
