import gzip
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing, Table
from locality.figures.schemas.judged import CATERPILLAR
from locality.render.pictures import theme
from locality.render.pictures.caterpillar import caterpillar
from locality.render.pictures.picture import Picture
from tests.render.pictures.test_funnel import (
    CAN,
    CANNOT,
    DESCRIBED,
    UNITS,
    colours,
    figure,
    key,
    shapes,
    sound,
)
from tests.render.pictures.test_theme import contrast


def row(code: str, value: float | None, half: float = 2.0, **fields: Any) -> dict[str, Any]:
    blank = dict.fromkeys(CATERPILLAR.names)
    blank |= {"code": code, "kind": "practice", "period": "2024-25", "name": f"Practice {code}"}
    blank |= {"value": value, "call": "", "state": CAN, "reliability": 0.95}
    if value is not None:
        blank |= {"shrunken": value, "shrunken_lower": value - half, "shrunken_upper": value + half}
    return blank | fields


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(CATERPILLAR, rows)


ROWS = (
    row("A1", 20.0, 1.0, call="lowest"),
    row("A2", 25.0),
    row("A3", 27.0, reliability=0.8),
    row("A4", 40.0, call="highest"),
    row("A5", 29.0, state=CANNOT, reliability=0.3),
)


def points(picture: Picture) -> list[dict[str, Any]]:
    return picture.spec["datasets"]["points"]  # type: ignore[no-any-return]


def test_a_few_stand_in_a_row_each_lowest_first_with_their_intervals() -> None:
    drawn = points(caterpillar(table(*ROWS), figure(), own="A2", near={"A2", "A3"}))
    assert [(p["c"], p["x"], p["y"], p["l"], p["u"], p["g"]) for p in drawn] == [
        ("A1", 1, 20, 19, 21, "others"),
        ("A2", 2, 25, 23, 27, "own"),
        ("A3", 3, 27, 25, 29, "near"),
        ("A4", 4, 40, 38, 42, "others"),
    ]
    assert [p["t"] for p in drawn] == [
        "Practice A1 (lowest)", "Practice A2", "Practice A3", "Practice A4 (highest)",
    ]  # fmt: skip


def test_rows_out_of_order_are_put_in_it_and_the_table_is_left_alone() -> None:
    given_rows = table(*reversed(ROWS))
    picture = caterpillar(given_rows, figure())
    assert [p["c"] for p in points(picture)] == ["A1", "A2", "A3", "A4"]
    assert picture.table is given_rows


def test_the_sentence_names_who_is_called_and_how_unsure_the_order_is() -> None:
    assert caterpillar(table(*ROWS), figure(), own="A2").sentence == (
        "Practice A2 is likely to be at 25.0 % (23.0 to 27.0 %), which cannot be told apart from "
        "1 of the 3 others; 4 of 5 practices with a value can be put in order; Practice A4 is "
        "surely among the highest tenth; Practice A1 is surely among the lowest tenth; neighbours "
        "whose intervals overlap cannot be told apart; 1 practice cannot be judged or compared "
        "and has no place in the order."
    )


def test_more_than_three_called_are_counted() -> None:
    rows = [row(f"A{n}", 40.0 + n, call="highest") for n in range(4)]
    assert (
        "4 are surely among the highest tenth; neighb"
        in caterpillar(table(*rows), figure()).sentence
    )
    rows = [row(f"A{n}", 40.0 + n, call="lowest") for n in range(2)]
    assert (
        "Practice A0 and Practice A1 are surely among the lowest tenth"
        in caterpillar(table(*rows), figure()).sentence
    )
    said = caterpillar(table(row("A1", 3.0), row("A2", 4.0)), figure()).sentence
    assert "none is surely among the highest or the lowest tenth" in said


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=2, max_size=9))
def test_overlap_is_counted_one_by_one(spans: list[tuple[int, int]]) -> None:
    rows = [row(f"A{n}", float(value), float(half)) for n, (value, half) in enumerate(spans)]
    low, high = rows[0]["shrunken_lower"], rows[0]["shrunken_upper"]
    same = sum(one["shrunken_lower"] <= high and one["shrunken_upper"] >= low for one in rows[1:])
    said = caterpillar(table(*rows), figure(), own="A0").sentence
    assert f"told apart from {same} of the {len(rows) - 1} others" in said


def test_own_without_a_place_says_why() -> None:
    def said(**fields: Any) -> str:
        return caterpillar(table(*ROWS, row("Z", **fields)), figure(), own="Z").sentence

    assert said(value=None, missing=Missing.NO_RETURN).startswith(
        "Practice Z has no value (no return); "
    )
    for state in (CANNOT, DESCRIBED):
        assert said(value=3.0, state=state).startswith("Practice Z has no place in this order")
    assert caterpillar(table(*ROWS), figure(), own="Y").sentence.startswith("Y has no row here; ")


def test_a_lower_reliability_is_hollow_and_the_key_says_so() -> None:
    picture = caterpillar(table(*ROWS), figure())
    assert [p["h"] for p in points(picture)] == [False, False, True, False]
    assert "Hollow: reliability under 0.9" in key(picture)
    assert "Hollow: reliability under 0.9" not in key(caterpillar(table(*ROWS[:2]), figure()))


def test_many_are_dots_along_a_band_of_their_own_intervals() -> None:
    picture = caterpillar(table(*ROWS), figure(), own="A2", near={"A3"}, near_name="Elm", most=3)
    sets = picture.spec["datasets"]
    assert sets["band"] == [{"x": [1, 2, 3, 4], "l": [19, 23, 25, 38], "u": [21, 27, 29, 42]}]
    assert [sets[group][0]["c"] for group in ("own", "near", "others")] == [
        ["A2"], ["A3"], ["A1", "A4"],
    ]  # fmt: skip
    assert sets["others"][0]["n"] == [None, None] and sets["own"][0]["n"] == ["Practice A2"]
    assert sets["calls"] == [{"x": 1, "k": "lowest"}, {"x": 4, "k": "highest"}]
    assert list(key(picture))[:4] == [
        "Practice A2", "Practices in Elm", "Other practices", "95 % interval",
    ]  # fmt: skip
    sound(picture, "caterpillar")


@pytest.mark.parametrize("most", [3, 30])
def test_nothing_is_told_by_colour_alone_and_every_colour_stands_out(most: int) -> None:
    picture = caterpillar(table(*ROWS), figure(), own="A2", near={"A3"}, most=most)
    assert len(set(shapes(picture))) == len(shapes(picture)) >= 4
    assert all(contrast(colour, theme.PAPER) >= 3 for colour in colours(picture))


@given(number=st.floats(1000.001, 9999.999), field=st.sampled_from(CATERPILLAR.names[4:15]))
def test_no_number_of_a_withheld_row_reaches_the_drawing(number: float, field: str) -> None:
    hidden = row("H1", None, missing=Missing.WITHHELD) | {field: number}
    for most in (3, 30):
        sent = json.loads(caterpillar(table(*ROWS, hidden), figure(), most=most).json())
        bare = json.loads(caterpillar(table(*ROWS), figure(), most=most).json())
        assert sent["datasets"] == bare["datasets"] and sent["layer"] == bare["layer"]


def test_seven_thousand_practices_travel_light() -> None:
    draw = np.random.default_rng(5)
    codes = draw.choice(100_000, 7_000, replace=False)
    rows = [
        row(f"A{code:05}", float(value), float(half), reliability=float(sure))
        for code, value, half, sure in zip(
            codes, np.sort(draw.normal(30, 5, 7_000)), draw.uniform(1, 5, 7_000),
            draw.uniform(0.7, 1, 7_000), strict=True,
        )
    ]  # fmt: skip
    near = frozenset(one["code"] for one in rows[::40])
    picture = caterpillar(table(*rows), figure(), own=rows[9]["code"], near=near, near_name="Elm")
    assert len(gzip.compress(picture.json())) <= 150_000
    assert sum(len(picture.spec["datasets"][g][0]["c"]) for g in ("own", "near", "others")) == 7_000
    svg = picture.svg()
    assert len(svg) < 600_000 and len(gzip.compress(svg.encode())) < 150_000


@pytest.mark.parametrize("most", [1, 30])
@pytest.mark.parametrize("unit", UNITS)
def test_it_is_sound_in_every_unit_and_with_braces_in_names(unit: str, most: int) -> None:
    rows = [*ROWS, row("A9", 31.0, name="{names}")]
    picture = caterpillar(table(*rows), figure(unit), own="A9", near_name="{key}", most=most)
    assert "{names}" in key(picture) and "{names} is likely" in picture.sentence
    sound(picture, "caterpillar")


@pytest.mark.parametrize("most", [0, 30])
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("A1", 50.0)],
        [row("A1", 0.0, 0.0, name=None)],
        [row("A1", None, missing=Missing.NO_RETURN), row("A2", None)],
        [row("A1", 4.0, shrunken_lower=None, shrunken_upper=None, reliability=None),
         row("A2", 5.0, shrunken=None), row("A3", 6.0, shrunken_lower=float("nan"))],
    ],
)  # fmt: skip
def test_a_short_or_empty_table_is_still_a_picture(rows: list[dict[str, Any]], most: int) -> None:
    picture = caterpillar(table(*rows), figure(), own="A1" if rows else None, most=most)
    sound(picture, "caterpillar")


def test_a_long_name_is_shortened_for_a_narrow_page() -> None:
    (point,) = points(caterpillar(table(row("A1", 3.0, name="X" * 99)), figure()))
    assert len(point["t"]) <= 33 and point["t"].endswith("…") and point["n"] == "X" * 99
