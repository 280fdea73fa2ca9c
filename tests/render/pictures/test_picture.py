import json
import re
from typing import Any

import altair
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Figure, Period
from locality.render.pictures import Picture, age_sex, all_practices, need_components, trend
from locality.render.pictures.dots import merged_dots
from locality.render.pictures.picture import filled
from locality.render.pictures.theme import VEGA_LITE
from locality.render.pictures.wording import gaps, rounded, sentence, titled, valued
from tests.render import made

OWN = Figure("m", "High blood pressure register", "A1", Period.parse("2024-25"), "%", value=12.0)


def pictures() -> dict[str, Picture]:
    rows = [made.value(f"A{n}", value=10.0 + n, lower=9.0, upper=14.0, denominator=900.0 * n)
            for n in range(1, 5)]  # fmt: skip
    need = made.Table.of(made.NEED, [{"component": "overall", "index": 1.1, "missing": None}])
    return {
        "age_sex": age_sex(made.ages(), name="Ash"),
        "all_practices": all_practices(
            made.values(*rows), made.england(), own="A1", near=["A2"], near_name="Elm ICB"
        ),
        "trend": trend(OWN, made.values(rows[0]), made.values(rows[1])),
        "need_components": need_components(need, name="Ash"),
    }


PICTURES = pictures()


def keys(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {key for value in node.values() for key in keys(value)}
    return {key for item in node for key in keys(item)} if isinstance(node, list) else set()


@pytest.mark.parametrize("id", PICTURES)
def test_the_specification_is_valid_vega_lite(id: str) -> None:
    spec = json.loads(PICTURES[id].json())
    altair.LayerChart.from_dict(spec)
    assert altair.SCHEMA_VERSION.startswith(f"v{VEGA_LITE}.")
    assert PICTURES[id].id == id


@pytest.mark.parametrize("id", PICTURES)
def test_the_specification_fills_its_container_and_fetches_nothing(id: str) -> None:
    spec = json.loads(PICTURES[id].json())
    assert spec["width"] == "container"
    assert "url" not in keys(spec)
    assert set(re.findall(r"https?://[^\"]+", PICTURES[id].json().decode())) == {spec["$schema"]}


@pytest.mark.parametrize("id", PICTURES)
def test_no_gap_of_a_template_is_left_open(id: str) -> None:
    assert not re.search(r'"\{\w+\}"', PICTURES[id].json().decode())


@pytest.mark.parametrize("id", PICTURES)
def test_words_for_who_cannot_see_it_end_with_the_sentence(id: str) -> None:
    picture = PICTURES[id]
    assert picture.alt.endswith(picture.sentence)
    assert picture.spec["description"] == picture.alt
    assert picture.sentence.endswith(".") and not picture.sentence.endswith("..")
    assert picture.sentence.count(". ") == 0


@pytest.mark.parametrize("width", [300, 640])
@pytest.mark.parametrize("id", PICTURES)
def test_the_server_draws_it_as_wide_as_asked(id: str, width: int) -> None:
    svg = PICTURES[id].svg(width)
    drawn = float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])  # type: ignore[index]
    assert drawn == pytest.approx(width, abs=1)
    assert "NaN" not in svg and "undefined" not in svg


@pytest.mark.parametrize("id", PICTURES)
def test_filling_a_template_twice_gives_two_pictures_that_share_nothing(id: str) -> None:
    first, second = pictures()[id], pictures()[id]
    assert first.json() == second.json()
    first.spec["layer"].clear()
    first.spec["config"]["axis"].clear()
    assert second.json() == PICTURES[id].json()


def test_numbers_that_are_none_cannot_be_sent() -> None:
    picture = Picture("x", "x", {"y": float("nan")}, made.ages(), "", "")
    with pytest.raises(ValueError, match="not JSON compliant"):
        picture.json()


def test_a_placeholder_is_a_whole_text_and_lists_are_spliced() -> None:
    template = {"a": "{one}", "b": ["{many}", "x"], "c": "{one} and more", "d": [["{one}"]]}
    words = {"one": 1, "many": [2, 3]}
    assert filled(template, words) == {
        "a": 1, "b": [2, 3, "x"], "c": "{one} and more", "d": [[1]],
    }  # fmt: skip
    with pytest.raises(KeyError, match="two"):
        filled("{two}", words)


@given(st.text(max_size=30))
def test_a_name_with_braces_is_a_name(name: str) -> None:
    assert filled({"x": ["{name}"], "y": "{name}"}, {"name": name}) == {"x": [name], "y": name}


@given(st.floats(-1e12, 1e12, allow_subnormal=False))
def test_rounding_keeps_the_digits_that_a_drawing_needs(value: float) -> None:
    assert rounded(value) == pytest.approx(value, rel=5.1e-4)


def test_rounding_is_short_and_knows_nothing_from_zero() -> None:
    assert [rounded(x) for x in (15.23456, 1234567, 0.0, None, float("nan"), 7.0)] == [
        15.23, 1235000, 0, None, None, 7,
    ]  # fmt: skip


def test_words_of_pictures() -> None:
    assert valued(15.2, "%", 14.1, 16.4) == "15.2 % (14.1 to 16.4 %)"
    assert valued(15.2, "%", None, 16.4) == "15.2 %"
    assert gaps([], "practice") == ""
    assert gaps(["no return"], "practice") == "1 practice has no value (no return)"
    assert gaps(["a", None, "a"], "practice") == (
        "3 practices have no value (2 a, 1 not given)"
    )  # fmt: skip
    assert sentence("one", "", "two.") == "One; two."
    assert sentence("") == ""
    assert titled(made.england()) == "High blood pressure register (%)"
    patients = Figure("l", "Registered patients", "A", Period.parse("2024"
                      "-25"), "patients", value=1.0)  # fmt: skip
    assert titled(patients) == "Registered patients"


def dot(x: float, y: float, colour: str = "#848f96") -> str:
    return (f'<path transform="translate({x},{y})" d="M1.5,0A1.5,1.5,0,1,1,-1.5,0A1.5,1.5,0,1,1,'
            f'1.5,0" fill="{colour}" stroke-width="2" opacity="1"/>')  # fmt: skip


def test_many_equal_dots_become_one_stroke_with_each_in_its_place() -> None:
    svg = "<g>" + "".join(dot(n + 0.04, 2 * n) for n in range(60)) + "</g>"
    merged = merged_dots(svg)
    assert merged.count("<path") == 1
    assert re.findall(r"M([\d.]+) ([\d.]+)h0", merged) == [
        (f"{n:.1f}", f"{2 * n:.1f}") for n in range(60)
    ]
    assert 'stroke-width="3"' in merged and 'stroke="#848f96"' in merged


def test_few_dots_other_shapes_and_other_colours_are_left_alone() -> None:
    few = "".join(dot(n, n) for n in range(49))
    assert merged_dots(few) == few
    triangles = '<path transform="translate(1,2)" d="M0,-3L-3,3Z" fill="#00707f"/>' * 80
    assert merged_dots(triangles) == triangles
    two = merged_dots("".join(dot(n, n, ("#111111", "#222222")[n % 2]) for n in range(80)))
    assert two.count("<path") == 2 and two.count("h0") == 80
