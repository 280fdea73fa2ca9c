"""The bar of counted answers: widths are shares, the order is that of the answers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.render.pictures import share_key, share_strip, theme


def rows(*people: int) -> list[dict[str, Any]]:
    return [{"answer": f"<{at}>", "people": count, "of": sum(people)}
            for at, count in enumerate(people)]  # fmt: skip


def parts(svg: str) -> list[tuple[float, float, float]]:
    """Return (from, width, depth) of each part."""
    root = ElementTree.fromstring(svg)
    found = [one.attrib for one in root.iter() if one.tag.endswith("rect")]
    assert {one["fill"] for one in found} == {theme.NEAR}
    return [(float(a["x"]), float(a["width"]), float(a["fill-opacity"])) for a in found]


def test_each_part_is_as_wide_as_its_share_from_white_to_dark() -> None:
    found = parts(share_strip(rows(1, 1, 2), name="2026"))
    assert [width for _, width, _ in found] == pytest.approx([49.75, 49.75, 99.5], abs=0.1)
    assert [depth for *_, depth in found] == [0, 0.5, 1]


def test_what_nobody_gave_has_no_part_and_the_others_keep_their_depth() -> None:
    assert [depth for *_, depth in parts(share_strip(rows(3, 0, 1), name="2026"))] == [0, 1]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7).filter(any))
def test_parts_follow_one_another_and_fill_the_bar(people: list[int]) -> None:
    found = parts(share_strip(rows(*people), name="2026"))
    assert len(found) == sum(1 for count in people if count)
    for (at, width, _), (following, *_) in pairwise(found):
        assert at + width == pytest.approx(following, abs=0.15)
    assert found[-1][0] + found[-1][1] == pytest.approx(199.5, abs=0.15)


def test_the_same_stands_in_words_and_nothing_is_drawn_of_nothing() -> None:
    svg = share_strip(rows(2, 1), name="2026")
    assert ElementTree.fromstring(svg).attrib["aria-label"] == "2026, of 3: <0>: 2; <1>: 1."
    assert share_strip(rows(0, 0), name="2026") == "" == share_strip([], name="2026")
    assert "as wide as its share" in share_key()
