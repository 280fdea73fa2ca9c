import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing, Table
from locality.figures.schemas.judged import PEERS
from locality.render.pictures import theme
from locality.render.pictures.peers import peers
from locality.render.pictures.picture import Picture
from tests.render.pictures.test_funnel import UNITS, colours, figure, key, shapes, sound
from tests.render.pictures.test_theme import contrast


def row(code: str, distance: float, value: float | None, **fields: Any) -> dict[str, Any]:
    blank = dict.fromkeys(PEERS.names) | {"code": code, "distance": distance, "value": value}
    blank |= {"name": f"Practice {code}", "drivers": "Rural: no", "period": "2024-25"}
    if value is not None:
        blank |= {"lower": value - 2, "upper": value + 2}
    return blank | fields


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(PEERS, rows)


ROWS = (row("A1", 0.0, 18.0), row("B1", 0.2, 12.0), row("B2", 0.41, 20.0), row("B3", 0.9, 13.0))


def points(picture: Picture) -> list[dict[str, Any]]:
    return picture.spec["datasets"]["points"]  # type: ignore[no-any-return]


def test_own_comes_first_then_peers_from_the_nearest_with_their_distance() -> None:
    drawn = points(peers(table(ROWS[0], ROWS[3], ROWS[1], ROWS[2]), figure()))
    assert [(p["k"], p["t"], p["y"], p["l"], p["u"], p["g"]) for p in drawn] == [
        (0, "Practice A1", 18, 16, 20, "own"),
        (1, "Practice B1, distance 0.20", 12, 10, 14, "peers"),
        (2, "Practice B2, distance 0.41", 20, 18, 22, "peers"),
        (3, "Practice B3, distance 0.90", 13, 11, 15, "peers"),
    ]


def test_the_line_is_the_plain_mean_of_the_peers_and_leaves_its_own_out() -> None:
    picture = peers(table(*ROWS, row("B4", 1.0, None, missing="no return")), figure())
    assert picture.spec["datasets"]["mean"] == [{"k": place, "y": 15} for place in range(5)]
    assert "Mean of peers: 15.0 %" in key(picture)


def test_the_sentence_says_own_the_mean_and_how_near_the_nearest_is() -> None:
    gone = row("B4", 1.0, None, missing=Missing.NO_RETURN)
    assert peers(table(*ROWS, gone), figure()).sentence == (
        "Practice A1 is at 18.0 % (16.0 to 20.0 %); the mean of its 3 peers with a value is "
        "15.0 %; it is higher than 2 of them and lower than 1; the nearest is Practice B1, at "
        "distance 0.20 (0 is the same, 1 a usual difference); 1 peer has no value (no return)."
    )


def test_one_peer_and_own_without_a_value() -> None:
    said = peers(table(*ROWS[:2]), figure()).sentence
    assert "; its one peer with a value is at 12.0 %; the nearest" in said
    said = peers(table(row("A1", 0.0, None, missing="no return"), ROWS[1]), figure()).sentence
    assert said.startswith("Practice A1 has no value (no return); its one peer")
    assert peers(table(), figure()).sentence == "Nobody is compared."
    assert peers(table(ROWS[0]), figure()).sentence.endswith("; no peers were found.")


def test_a_row_without_a_value_keeps_its_place_with_the_reason() -> None:
    gone = row("B1", 0.1, 77.7, missing=Missing.WITHHELD)
    picture = peers(table(ROWS[0], gone, ROWS[2]), figure())
    point = points(picture)[1]
    assert (point["k"], point["y"], point["l"], point["v"]) == (
        1, None, None, "no value (withheld: small numbers)",
    )  # fmt: skip
    assert ">no value (withheld: small numbers)<" in picture.svg(300)


FIELDS = ("value", "lower", "upper", "numerator", "denominator")


@given(number=st.floats(1000.001, 9999.999), field=st.sampled_from(FIELDS), place=st.integers(0, 1))
def test_no_number_of_a_withheld_row_reaches_the_drawing(
    number: float, field: str, place: int
) -> None:
    hidden = row("H1", 0.0, None, missing=Missing.WITHHELD)

    def sent(one: dict[str, Any]) -> Any:
        rows = [*ROWS[1:]]
        rows.insert(place, one)
        return json.loads(peers(table(*rows), figure()).json())

    assert sent(hidden | {field: number}) == sent(hidden)


def test_own_differs_by_shape_and_every_colour_stands_out() -> None:
    picture = peers(table(*ROWS), figure())
    assert len(set(shapes(picture))) == 3 and shapes(picture)[0] == theme.OWN_SHAPE
    assert all(contrast(colour, theme.PAPER) >= 3 for colour in colours(picture))


def test_without_intervals_the_key_speaks_of_none() -> None:
    plain = [one | {"lower": None, "upper": None} for one in ROWS]
    assert list(key(peers(table(*plain), figure())))[1] == "Peers"


def test_a_long_name_leaves_room_for_the_distance() -> None:
    drawn = points(peers(table(ROWS[0], row("B1", 0.2, 3.0, name="X" * 90)), figure()))
    assert len(drawn[1]["t"]) <= 36 and drawn[1]["t"].endswith("…, distance 0.20")
    assert drawn[1]["w"] == "X" * 90


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_sound_in_every_unit_and_with_braces_in_names(unit: str) -> None:
    rows = [row("A1", 0.0, 18.0, name="{names}"), row("B1", 0.2, 3.0, name="{places}")]
    picture = peers(table(*rows), figure(unit))
    assert "{names}" in key(picture) and "{places}" in picture.sentence
    sound(picture, "peers")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [ROWS[0]],
        [row("A1", 0.0, 0.0, name=None, lower=None, upper=None)],
        [row(f"A{n}", float(n), None, missing=Missing.NO_RETURN) for n in range(3)],
        [row("A1", 0.0, float("nan")), row("B1", 0.1, -3.0, lower=float("nan"))],
    ],
)
def test_a_short_or_empty_table_is_still_a_picture(rows: list[dict[str, Any]]) -> None:
    sound(peers(table(*rows), figure()), "peers")
