import gzip
import json
import re
from typing import Any

import altair
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Figure, Missing, Table
from locality.figures.schemas.judged import FUNNEL
from locality.render.pictures import theme
from locality.render.pictures.funnel import funnel
from locality.render.pictures.picture import Picture
from tests.render import made
from tests.render.pictures.test_theme import contrast

CAN, CANNOT, DESCRIBED = "can be judged", "cannot be judged", "described only"
UNITS = ("%", "£ per patient", "per 1,000 patients", "")


def figure(unit: str = "%", value: float | None = 30.0, **fields: Any) -> Figure:
    return Figure(
        "m", "Blood pressure controlled", "ENG", made.Period.parse("2024-25"), unit,
        value=value, **fields,
    )  # fmt: skip


def sound(picture: Picture, id: str) -> None:
    """Assert what every picture must keep to, whatever its table holds."""
    sent = picture.json().decode()
    spec = json.loads(sent)
    altair.LayerChart.from_dict(spec)
    assert picture.id == id and spec["width"] == "container"
    assert set(re.findall(r"https?://[^\"]+", sent)) == {spec["$schema"]}
    assert picture.alt.endswith(picture.sentence) and spec["description"] == picture.alt
    assert picture.sentence.endswith(".") and picture.sentence.count(". ") == 0
    assert not {"red", "green"} & set(sent.lower().split('"'))
    for width in (300, 640):
        svg = picture.svg(width)
        drawn = float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])  # type: ignore[index]
        assert drawn == pytest.approx(width, abs=1)
        assert not re.search("NaN|undefined|Infinity", svg)


def colours(picture: Picture) -> set[str]:
    """Return every colour of marks and key."""
    spec = json.loads(picture.json())
    marks = {layer["mark"].get("color") for layer in spec["layer"]}
    return (marks | set(key(picture).values())) - {None}


def key(picture: Picture) -> dict[str, str]:
    """Return the key's words with their colours."""
    scale = picture.spec["layer"][-1]["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def shapes(picture: Picture) -> list[str]:
    return picture.spec["layer"][-1]["encoding"]["shape"]["scale"]["range"]  # type: ignore[no-any-return]


def row(code: str, size: float | None, value: float | None = 30.0, **fields: Any) -> dict[str, Any]:
    wide = 100 / np.sqrt(size) if size and size > 0 else None
    limits = {} if wide is None else {
        "centre": 30.0, "lower_95": 30 - wide, "upper_95": 30 + wide,
        "lower_998": 30 - 2 * wide, "upper_998": 30 + 2 * wide,
    }  # fmt: skip
    blank = dict.fromkeys(FUNNEL.names) | {"code": code, "kind": "practice", "period": "2024-25"}
    rest = {"name": f"Practice {code}", "place": 0, "state": CAN, "value": value}
    return blank | rest | {"denominator": size} | limits | fields


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(FUNNEL, rows)


ROWS = (
    row("A1", 400.0, 41.0, place=2),
    row("A2", 100.0, 35.0),
    row("A3", 900.0, 20.0, place=-2),
    row("A4", 10.0, 60.0, state=CANNOT),
)


def column(picture: Picture, group: str, short: str) -> list[Any]:
    return picture.spec["datasets"][group][0][short]  # type: ignore[no-any-return]


def test_every_row_stands_in_one_group_with_its_own_numbers() -> None:
    picture = funnel(table(*ROWS), figure(), own="A1", near=frozenset({"A1", "A2"}))
    codes = {group: column(picture, group, "c") for group in picture.spec["datasets"]
             if group not in ("limits", "key")}  # fmt: skip
    assert {group: found for group, found in codes.items() if found} == {
        "own": ["A1"], "near": ["A2"], "others": ["A3"], "others_hollow": ["A4"],
    }  # fmt: skip
    assert [column(picture, "own", short) for short in "xyp"] == [[400], [41], [2]]
    assert [column(picture, "others_hollow", short) for short in "xyp"] == [[10], [60], [None]]
    assert picture.table.rows == list(ROWS)


def test_limits_are_the_rows_own_in_order_of_size() -> None:
    picture = funnel(table(*ROWS), figure())
    assert column(picture, "limits", "x") == [10, 100, 400, 900]
    assert column(picture, "limits", "a")[1:] == [20, 25, 26.67]
    assert column(picture, "limits", "b")[1:] == [40, 35, 33.33]
    assert column(picture, "limits", "d")[1:] == [10, 20, 23.33]
    assert column(picture, "limits", "e")[1:] == [50, 40, 36.67]
    assert column(picture, "limits", "m") == [30] * 4


def test_centre_and_limits_differ_by_dash() -> None:
    lines = [layer["mark"] for layer in funnel(table(*ROWS), figure()).spec["layer"]
             if layer["mark"]["type"] == "line"]  # fmt: skip
    assert [line["strokeDash"] for line in lines] == [
        theme.OWN_DASH, theme.NEAR_DASH, theme.NEAR_DASH, theme.ENGLAND_DASH, theme.ENGLAND_DASH,
    ]  # fmt: skip


def test_the_sentence_says_where_own_lies_and_what_chance_alone_would_do() -> None:
    many = (row(f"B{n}", 200.0, place=n % 3 - 1) for n in range(997))
    picture = funnel(table(*ROWS, *many), figure(), own="A1")
    assert picture.sentence == (
        "Practice A1 is at 41.0 % and lies above the 99.8 % limits; of 1,000 practices that can "
        "be judged, 2 lie outside the 99.8 % limits (1 above, 1 below), where chance alone would "
        "put about 2; 1 practice is drawn hollow (cannot be judged)."
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"place": 1}, "and lies above the 95 % limits and not the 99.8 % limits; "),
        ({"place": -1}, "and lies below the 95 % limits and not the 99.8 % limits; "),
        ({"place": -2}, "and lies below the 99.8 % limits; "),
        ({}, "and lies inside the limits for its size; "),
        ({"state": CANNOT}, "and cannot be judged; "),
        ({"state": DESCRIBED}, "and is shown and not compared; "),
    ],
)
def test_where_own_lies(changed: dict[str, Any], words: str) -> None:
    said = funnel(table(row("A1", 50.0, **changed)), figure(), own="A1").sentence
    assert said.startswith(f"Practice A1 is at 30.0 % {words}")


def test_own_that_cannot_be_judged_is_a_hollow_diamond() -> None:
    picture = funnel(table(row("A1", 50.0, state=CANNOT)), figure(), own="A1")
    assert column(picture, "own_hollow", "c") == ["A1"] and not column(picture, "own", "c")
    mark = next(layer["mark"] for layer in picture.spec["layer"]
                if layer["data"]["name"] == "own_hollow")  # fmt: skip
    assert (mark["shape"], mark["filled"]) == ("diamond", False)


def test_the_key_names_what_is_there_and_why_marks_are_hollow() -> None:
    assert list(key(funnel(table(*ROWS[:3]), figure()))) == [
        "Practices", "Centre", "95 % limits", "99.8 % limits",
    ]  # fmt: skip
    picture = funnel(table(*ROWS), figure(), own="A1", near={"A2"}, near_name="Elm ICB")
    assert list(key(picture))[:4] == [
        "Practice A1", "Practices in Elm ICB", "Other practices", "Hollow: cannot be judged",
    ]  # fmt: skip
    mixed = funnel(table(*ROWS, row("D", 9.0, state=DESCRIBED)), figure())
    assert "Hollow: cannot be judged or not\ncompared" in key(mixed)


def test_nothing_is_told_by_colour_alone_and_every_colour_stands_out() -> None:
    picture = funnel(table(*ROWS), figure(), own="A1", near={"A2"}, near_name="Elm ICB")
    assert len(set(shapes(picture))) == len(shapes(picture)) == 7
    assert all(contrast(colour, theme.PAPER) >= 3 for colour in colours(picture))


def test_without_a_model_no_limits_are_drawn_and_nobody_is_called() -> None:
    blank = dict.fromkeys(("centre", "lower_95", "upper_95", "lower_998", "upper_998"))
    rows = [row(f"A{n}", 50.0, state=DESCRIBED, **blank) for n in range(3)]
    picture = funnel(table(*rows), figure())
    assert picture.sentence == (
        "No limits are drawn, so that nobody is called unusual; 3 practices are drawn hollow "
        "(not compared)."
    )
    assert "Centre" not in key(picture)
    sound(picture, "funnel")


def test_gaps_are_counted_by_reason_and_own_may_be_one() -> None:
    gone = [row("G1", 40.0, None, missing=Missing.NO_RETURN), row("G2", None), row("G3", 0.0)]
    picture = funnel(table(*ROWS, *gone), figure(), own="G1")
    assert picture.sentence.startswith("Practice G1 has no value (no return); ")
    assert "3 practices have no value (2 not given, 1 no return)" in picture.sentence
    assert funnel(table(*ROWS), figure(), own="Z").sentence.startswith("Z has no row here; ")


@given(number=st.floats(1000.001, 9999.999), field=st.sampled_from(FUNNEL.names[4:13]))
def test_no_number_of_a_withheld_row_reaches_the_drawing(number: float, field: str) -> None:
    hidden = row("H1", None, None, missing=Missing.WITHHELD) | {field: number}
    sent = json.loads(funnel(table(*ROWS, hidden), figure(), own="H1").json())
    bare = json.loads(funnel(table(*ROWS), figure(), own="H1").json())
    assert sent["datasets"] == bare["datasets"] and sent["layer"][:-1] == bare["layer"][:-1]


def test_names_travel_for_own_near_and_those_outside_alone() -> None:
    picture = funnel(table(*ROWS, row("A5", 50.0)), figure(), near={"A2"})
    assert column(picture, "others", "n") == ["Practice A1", "Practice A3", None]
    assert column(picture, "near", "n") == ["Practice A2"]


def many(how_many: int, unjudged: float) -> Table:
    draw = np.random.default_rng(5)
    sizes = draw.lognormal(7, 1, how_many).astype(int) + 1.0
    values = draw.normal(30, 5, how_many)
    hollow = draw.random(how_many) < unjudged
    codes = draw.choice(100_000, how_many, replace=False)
    return table(
        *(
            row(f"A{code:05}", float(size), float(value), state=CANNOT if grey else CAN)
            for code, size, value, grey in zip(codes, sizes, values, hollow, strict=True)
        )
    )


def test_seven_thousand_practices_travel_light_and_curves_are_thinned() -> None:
    data = many(7_000, 0.3)
    codes = data.data.column("code").to_pylist()
    picture = funnel(data, figure(), own=codes[0], near=frozenset(codes[1:200]), near_name="Elm")
    assert len(gzip.compress(picture.json())) <= 150_000
    sizes = column(picture, "limits", "x")
    assert 100 < len(sizes) <= 200 and sizes == sorted(sizes)
    ends = [column(picture, group, "x") for group in picture.spec["datasets"]
            if group not in ("limits", "key")]  # fmt: skip
    assert (sizes[0], sizes[-1]) == pytest.approx(
        (min(map(min, filter(None, ends))), max(map(max, filter(None, ends)))), rel=1e-3
    )
    drawn = sum(len(column(picture, group, "c")) for group in picture.spec["datasets"]
                if group not in ("limits", "key"))  # fmt: skip
    assert drawn == 7_000


@pytest.mark.parametrize("unjudged", [0.0, 0.3, 1.0])
def test_seven_thousand_draw_small_however_many_are_hollow(unjudged: float) -> None:
    svg = funnel(many(7_000, unjudged), figure()).svg()
    full = len(re.findall(r"M[\d.]+ [\d.]+h0", svg))
    hollow = svg.count("a1.73 1.73 0 1 1 -3.46 0")
    assert full + hollow == 7_000 and hollow == pytest.approx(7_000 * unjudged, abs=150)
    assert len(svg) < 500_000 and len(gzip.compress(svg.encode())) < 60_000


def test_thinned_curves_are_as_fine_among_the_largest_as_among_the_smallest() -> None:
    sizes = np.geomspace(10, 100_000, 2_000)
    picture = funnel(table(*(row(f"A{n}", size) for n, size in enumerate(sizes))), figure())
    steps = np.diff(np.log(column(picture, "limits", "x")))
    assert 150 < len(steps) < 200 and steps.max() < 0.06


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_sound_in_every_unit_and_with_braces_in_names(unit: str) -> None:
    rows = [*ROWS, row("A9", 70.0, name="{names}", place=1)]
    picture = funnel(table(*rows), figure(unit), own="A9", near={"A2"}, near_name="{key}")
    assert "{names}" in key(picture) and "{names} is at" in picture.sentence
    sound(picture, "funnel")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("A1", 50.0)],
        [row("A1", 50.0, 0.0, name=None)],
        [row("A1", 5.0, None, missing=Missing.NO_RETURN), row("A2", None, None)],
        [row("A1", 50.0, float("nan")), row("A2", 50.0, centre=float("nan"), lower_95=None)],
    ],
)
def test_a_short_or_empty_table_is_still_a_picture(rows: list[dict[str, Any]]) -> None:
    sound(funnel(table(*rows), figure(), own="A1"), "funnel")
    sound(funnel(table(*rows), figure(value=None, missing=Missing.SUPPRESSED)), "funnel")


def test_limits_of_one_size_are_a_dash_around_it() -> None:
    assert column(funnel(table(row("A1", 100.0)), figure()), "limits", "x") == [95, 105]
