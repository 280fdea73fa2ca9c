import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from locality.render.pictures import score_key, score_strip, theme

SCALE = {"lower": 0.0, "upper": 10.0, "step": 1.0}
SCORES = st.lists(st.integers(0, 10).map(float), min_size=1, max_size=40)


def row(scores: list[float], agreed: float | None = None) -> dict[str, Any]:
    low, middle, high = np.percentile(scores, [25, 50, 75])
    return {"median": middle, "lower_quartile": low, "upper_quartile": high, "agreed": agreed,
            "sentence": "Some gave <this> & that."}  # fmt: skip


def drawn(svg: str, colour: str) -> list[dict[str, str]]:
    root = ElementTree.fromstring(svg)
    return [one.attrib for one in root if one.get("fill") == colour]


def columns(svg: str) -> list[tuple[float, float]]:
    """Return the middle and the height of each column."""
    return [
        (float(one["x"]) + float(one["width"]) / 2, float(one["height"]))
        for one in drawn(svg, theme.NEAR)
    ]


def test_it_says_its_row_s_sentence() -> None:
    root = ElementTree.fromstring(score_strip(row([3, 4]), [3, 4], **SCALE))
    assert root.get("aria-label") == root[0].text == "Some gave <this> & that."
    assert root.get("role") == "img"


@given(SCORES)
def test_columns_are_as_high_as_people_gave_the_score(scores: list[float]) -> None:
    found = columns(score_strip(row(scores), scores, **SCALE))
    values, counts = np.unique(scores, return_counts=True)
    assert np.allclose([place for place, _ in found], 30 + 140 * values / 10, atol=0.11)
    assert np.allclose([high for _, high in found], 20 * counts / counts.max(), atol=0.06)


@given(SCORES, st.integers(0, 10))
def test_median_and_agreed_stand_where_they_are(scores: list[float], agreed: int) -> None:
    svg = score_strip(row(scores, agreed), scores, **SCALE)
    (triangle,), (diamond,) = drawn(svg, theme.INK), drawn(svg, theme.OWN)
    for mark, value in ((triangle, np.median(scores)), (diamond, agreed)):
        place = re.match(r"M([\d.]+) ", mark["d"])
        assert place is not None
        assert abs(float(place[1]) - (30 + 14 * value)) < 0.06


def test_two_camps_look_unlike_one_broad_middle() -> None:
    apart, together = [0.0, 0, 10, 10], [5.0, 5, 5, 5]
    assert len(columns(score_strip(row(apart), apart, **SCALE))) == 2
    assert len(columns(score_strip(row(together), together, **SCALE))) == 1
    # Where all agree there is no middle half to draw.
    assert drawn(score_strip(row(apart), apart, **SCALE), theme.OTHERS)
    assert not drawn(score_strip(row(together), together, **SCALE), theme.OTHERS)


def test_a_signed_scale_shows_its_nought_and_a_fine_one_stays_apart() -> None:
    def ends(**scale: float) -> tuple[list[str | None], list[str | None]]:
        parts = ElementTree.fromstring(score_strip(row([1, 2]), [1, 2], **scale))
        return (
            [one.text for one in parts if one.tag.endswith("text")],
            [one.get("x1") for one in parts if one.get("stroke") == theme.INK],
        )

    assert ends(lower=-5, upper=5, step=1) == (["−5", "5"], ["100"])
    assert ends(lower=0, upper=2.5, step=0.5) == (["0", "2.5"], [])
    fine = score_strip(row([50, 51]), [50.0, 51.0], lower=0, upper=100, step=1)
    assert {float(one["width"]) for one in drawn(fine, theme.NEAR)} == {3.0}


def test_what_nobody_has_scored_is_an_empty_scale() -> None:
    nothing = dict.fromkeys(("median", "lower_quartile", "upper_quartile", "agreed"))
    svg = score_strip({**nothing, "sentence": "Nobody has scored this."}, [], **SCALE)
    assert not columns(svg) and "<path" not in svg


def test_the_key_explains_what_is_drawn() -> None:
    for shape in ("column", "bar", "triangle", "diamond"):
        assert shape in score_key()
