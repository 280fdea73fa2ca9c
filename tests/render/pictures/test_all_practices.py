import gzip
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing
from locality.render.pictures import all_practices
from tests.render import made

ROWS = [
    made.value("A1", value=18.0, lower=16.8, upper=19.2, denominator=3904.0, numerator=703.0),
    made.value("A2", value=12.0, lower=11.0, upper=13.0, denominator=8000.0),
    made.value("A3", value=14.0, lower=13.0, upper=15.0, denominator=6000.0),
]


def codes(picture: object, group: str) -> list[str]:
    return picture.spec["datasets"][group][0]["c"]  # type: ignore[attr-defined,no-any-return]


def test_each_practice_stands_in_one_group() -> None:
    picture = all_practices(made.values(*ROWS), made.england(), own="A1", near=["A1", "A2"])
    assert [codes(picture, group) for group in ("own", "near", "others")] == [
        ["A1"],
        ["A2"],
        ["A3"],
    ]
    own = picture.spec["datasets"]["own"][0]
    assert (own["x"], own["y"], own["l"], own["u"]) == ([3904], [18], [16.8], [19.2])


def test_own_near_and_others_differ_by_shape_and_by_colour() -> None:
    spec = all_practices(made.values(*ROWS), made.england(), own="A1", near=["A2"]).spec
    marks = {
        layer["data"]["name"]: layer["mark"] for layer in spec["layer"][:2] + spec["layer"][5:6]
    }
    assert set(marks) == {"others", "near", "own"}
    assert len({mark["shape"] for mark in marks.values()}) == 3
    assert len({mark["color"] for mark in marks.values()}) == 3


def test_the_key_names_only_what_is_there() -> None:
    def key(**words: object) -> list[str]:
        spec = all_practices(made.values(*ROWS), made.england(), **words).spec  # type: ignore[arg-type]
        return spec["layer"][-1]["encoding"]["shape"]["scale"]["domain"]  # type: ignore[no-any-return]

    assert key() == ["Practices"]
    assert key(own="A1") == ["Practice A1", "Other practices"]
    assert key(near=["A1", "A2"], near_name="Elm ICB") == [
        "Practices in Elm ICB", "Other practices",
    ]  # fmt: skip


def test_the_sentence_says_own_england_and_the_gaps_by_reason() -> None:
    gone = [made.value(f"B{n}", missing=Missing.NO_RETURN, denominator=900.0) for n in range(2)]
    hidden = made.value("B9", missing=Missing.WITHHELD)
    picture = all_practices(made.values(*ROWS, *gone, hidden), made.england(), own="A1")
    assert picture.sentence == (
        "Practice A1 is at 18.0 % (16.8 to 19.2 %); England is at 15.2 %; 3 practices are shown; "
        "3 practices have no value (2 no return, 1 withheld: small numbers)."
    )


def test_own_without_a_value_or_without_a_row_is_said() -> None:
    row = made.value("A9", missing=Missing.NO_RETURN)
    said = all_practices(made.values(*ROWS, row), made.england(), own="A9").sentence
    assert said.startswith("Practice A9 has no value (no return); ")
    said = all_practices(made.values(*ROWS), made.england(), own="A9").sentence
    assert said.startswith("A9 has no row in April 2024 to March 2025; ")


def test_england_without_a_value_draws_no_line() -> None:
    picture = all_practices(made.values(*ROWS), made.england(None, missing=Missing.SUPPRESSED))
    assert picture.spec["datasets"]["england"] == []
    assert "England has no value (suppressed by the publisher)" in picture.sentence


@given(
    number=st.floats(1000.001, 9999.999),
    field=st.sampled_from(["value", "lower", "upper", "denominator", "numerator"]),
    own=st.booleans(),
)
def test_no_number_of_a_withheld_row_reaches_the_drawing(
    number: float, field: str, own: bool
) -> None:
    hidden = made.value("H1", missing=Missing.WITHHELD) | {field: number}
    picture = all_practices(made.values(*ROWS, hidden), made.england(), own="H1" if own else None)
    sent = json.loads(picture.json())
    assert all("H1" not in columns[0]["c"] for name, columns in sent["datasets"].items()
               if name != "england")  # fmt: skip
    assert f"{number:.0f}" not in picture.sentence


@pytest.mark.parametrize("denominator", [None, 0.0, -1.0, float("nan")])
def test_a_practice_without_a_place_along_the_bottom_is_counted(denominator: float | None) -> None:
    row = made.value("Z1", value=3.0, denominator=denominator)
    picture = all_practices(made.values(*ROWS, row), made.england())
    assert "Z1" not in codes(picture, "others")
    assert "1 practice has no value (not given)" in picture.sentence


def test_seven_thousand_practices_travel_light_and_draw_small() -> None:
    table = made.practices(7_000)
    all_codes = table.data.column("code").to_pylist()
    picture = all_practices(table, made.england(), own=all_codes[0], near=all_codes[1:400])
    assert len(gzip.compress(picture.json())) <= 150_000
    svg = picture.svg()
    assert len(re.findall(r"M[\d.]+ [\d.]+h0", svg)) == 6_600
    assert len(svg) < 300_000
    assert len(gzip.compress(svg.encode())) < 60_000


@pytest.mark.parametrize("width", [300, 640])
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [made.value("A1", missing=Missing.NO_RETURN)],
        [made.value("A1", value=3.0, denominator=0.0)],
        [made.value("A1", value=0.0, denominator=1.0)],
    ],
    ids=["empty", "no value", "over nothing", "one zero"],
)
def test_a_short_or_empty_table_is_still_a_picture(
    rows: list[dict[str, object]], width: int
) -> None:
    for england in (made.england(), made.england(None, missing=Missing.SUPPRESSED)):
        svg = all_practices(made.values(*rows), england, own="A1").svg(width)
        assert not re.search("NaN|undefined|Infinity", svg)
        assert 420 < float(re.search(r'<svg[^>]* height="([\d.]+)"', svg)[1]) < 700  # type: ignore[index]


def test_an_empty_picture_says_that_it_is_empty() -> None:
    picture = all_practices(made.values(), made.england())
    scale = picture.spec["layer"][-1]["encoding"]["shape"]["scale"]
    assert scale["domain"] == ["Nothing to show"] and len(scale["range"]) == 1
    assert picture.sentence == "England is at 15.2 %; 0 practices are shown."


def test_polarity_is_none_no_red_no_green_no_rank() -> None:
    picture = all_practices(made.values(*ROWS), made.england(), own="A1")
    assert not {"rank", "best", "worst", "top", "bottom"} & set(picture.sentence.lower().split())
    assert not {"red", "green"} & set(picture.json().decode().lower().split('"'))
