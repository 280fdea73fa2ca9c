"""Colours, shapes and type sizes of every picture, in one place.

Nothing is told by colour alone: whatever a colour says, a shape, a dash or a label says too.
Every colour reaches 3:1 against white as a mark (WCAG 2.2, criterion 1.4.11), the text colours
4.5:1 (criterion 1.4.3). No colour stands for good or bad.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

FONT = "Arial, Helvetica, sans-serif"
PAPER = "#ffffff"
INK = "#1f2a30"
SOFT_INK = "#4a5860"
GRID = "#e3e7ea"

#: The organisation the page is about: a large diamond.
OWN = "#7a2380"
#: Its interval, drawn under it.
OWN_BAND = "#b07ab5"
#: Those around it (its ICB's practices): triangles.
NEAR = "#00707f"
#: A second comparator: squares.
FURTHER = "#8a5a00"
#: Everyone else: small round dots.
OTHERS = "#848f96"

OWN_SHAPE, NEAR_SHAPE, OTHERS_SHAPE = "diamond", "triangle-up", "circle"
OWN_DASH: list[int] = [1, 0]
NEAR_DASH: list[int] = [2, 3]
FURTHER_DASH: list[int] = [8, 3, 2, 3]
ENGLAND_DASH: list[int] = [7, 4]

#: Vega-Lite's version, for the server's drawing; the browser's bundle carries the same.
VEGA_LITE = "6.4"


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every picture carries."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": SOFT_INK}
    return {
        "background": PAPER,
        "font": FONT,
        "padding": {"left": 4, "right": 10, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "labelPadding": 5,
            "domainColor": SOFT_INK,
            "tickColor": SOFT_INK,
            "tickSize": 4,
            "gridColor": GRID,
            "labelOverlap": "greedy",
        },
        "axisY": {"domain": False, "ticks": False},
        "axisX": {"labelSeparation": 8},
        "title": {
            "font": FONT,
            "fontSize": 13,
            "fontWeight": "normal",
            "color": SOFT_INK,
            "anchor": "start",
            "lineHeight": 17,
            "offset": 10,
        },
        "lineBreak": "\n",
        "legend": {
            **text,
            "labelFontSize": 13,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "symbolSize": 90,
            "symbolStrokeWidth": 2,
            "labelLimit": 260,
            "offset": 14,
            "rowPadding": 5,
            "columnPadding": 18,
        },
        "text": {"font": FONT, "fontSize": 13, "color": INK},
        "aria": False,
    }


def wrapped(text: str, width: int = 44) -> list[str]:
    """Return ``text`` in lines that fit a picture 300 pixels wide."""
    return wrap(text, width) or [""]


def number_format(unit: str) -> str:
    """Return the d3 format that prints a value in ``unit`` as pages print it."""
    if unit == "%":
        return ".1f"
    if unit.startswith("£"):
        return ",.2f"
    if unit.startswith("per "):
        return ",.3~r"
    return ".3f" if unit in ("ratio", "index") else ",.0f"
