"""Merged dots: nothing is lost, nothing moves, and what is no dot is left alone."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.render.pictures.dots import merged_dots

GREY, TEAL = "#848f96", "#00707f"
RING = re.compile(r"M([\d.]+) ([\d.]+)a([\d.]+) ")


def circle(radius: float) -> str:
    r = f"{radius:g}"
    return f"M{r},0A{r},{r},0,1,1,-{r},0A{r},{r},0,1,1,{r},0"


def hollow(x: float, y: float, radius: float = 1.732, colour: str = GREY, width: float = 1) -> str:
    return (f'<path transform="translate({x},{y})" d="{circle(radius)}" '
            f'stroke="{colour}" stroke-width="{width:g}" opacity="1"/>')  # fmt: skip


def full(x: float, y: float, colour: str = GREY) -> str:
    return (f'<path transform="translate({x},{y})" d="{circle(1.732)}" '
            f'fill="{colour}" stroke-width="2" opacity="1"/>')  # fmt: skip


def centres(svg: str) -> list[tuple[float, float]]:
    """Return where the rings of a merged drawing stand: each begins at its right-hand end."""
    return [(float(x) - float(r), float(y)) for x, y, r in RING.findall(svg)]


@given(st.integers(0, 2**32 - 1), st.integers(50, 70), st.sampled_from([1.0, 1.732, 3.391]))
def test_every_hollow_dot_keeps_its_place_and_its_size(seed: int, n: int, radius: float) -> None:
    draw = np.random.default_rng(seed)
    places = list(zip(draw.uniform(10, 900, n), draw.uniform(0, 500, n), strict=True))
    svg = "<g>" + "".join(hollow(x, y, radius) for x, y in places) + "</g>"
    merged = merged_dots(svg)
    assert merged.count("<path") == 1 and merged.startswith("<g>") and merged.endswith("</g>")
    for (x, y), (x_there, y_there) in zip(places, centres(merged), strict=True):
        assert (x_there, y_there) == pytest.approx((x, y), abs=0.06)
    rings = re.findall(r"a([-\d. ]+)a([-\d. ]+)", merged)
    assert len(rings) == len(places)
    for first, second in (map(str.split, ring) for ring in rings):
        assert float(first[0]) == pytest.approx(radius, abs=0.005)
        assert float(first[5]) == pytest.approx(-2 * radius, abs=0.01)
        assert float(second[5]) == -float(first[5])  # the ring closes
    assert f'stroke="{GREY}"' in merged and 'stroke-width="1"' in merged
    assert "fill=" not in merged


def test_hollow_and_full_dots_are_merged_apart_and_in_their_order() -> None:
    svg = "".join(hollow(n, n) for n in range(60)) + "".join(full(n, n) for n in range(50))
    rings, dots = merged_dots(svg).split("/><")
    assert rings.count("a1.73 ") == 120 and "h0" not in rings
    assert dots.count("h0") == 50 and 'stroke-linecap="round"' in dots


def test_each_look_is_a_stroke_of_its_own() -> None:
    svg = "".join(hollow(n, n, colour=(GREY, TEAL)[n % 2], width=1 + n % 4) for n in range(80))
    merged = merged_dots(svg)
    assert merged.count("<path") == 4 and len(centres(merged)) == 80
    assert len(centres(re.findall(f'<path [^>]*{TEAL}[^>]*width="2"/>', merged)[0])) == 20


@pytest.mark.parametrize(
    "svg",
    [
        "".join(hollow(n, n) for n in range(49)),
        "".join(hollow(n, n).replace('opacity="1"', 'opacity="0.5"') for n in range(80)),
        "".join(hollow(n, n).replace("stroke=", 'fill="#ffffff" stroke=') for n in range(80)),
        '<path transform="translate(1,2)" d="M0,-3L-3,3Z" stroke="#00707f" stroke-width="2" '
        'opacity="1"/>' * 80,
        # A square that begins as a circle does.
        '<path transform="translate(1,2)" d="M2,0L0,2Z" stroke="#00707f" stroke-width="2" '
        'opacity="1"/>' * 80,
    ],
    ids=["few", "see-through", "filled and lined", "triangles", "others"],
)
def test_what_is_no_run_of_equal_hollow_dots_is_left_alone(svg: str) -> None:
    assert merged_dots(svg) == svg
