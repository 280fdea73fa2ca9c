import re
import struct
from typing import Any

import pytest

from locality.figures import Schema, Table
from locality.figures.schemas.judged import (
    CATERPILLAR,
    CONTROL_CHART,
    FUNNEL,
    INEQUALITY,
    OPPORTUNITY,
    PEERS,
)
from locality.render.pictures import of_table, png
from tests.render import made
from tests.render.pictures import (
    test_caterpillar,
    test_control_chart,
    test_funnel,
    test_inequality,
    test_peers,
)

TITLE = "Blood pressure controlled (%)"
SERIES = tuple(test_control_chart.row(month, 40.0 + month % 3) for month in range(1, 13))
TABLES = {
    "control_chart": Table.of(CONTROL_CHART, SERIES, title=TITLE),
    "trend": Table.of(
        made.VALUES,
        [made.value("A1", f"20{n}-{n + 1}", value=12.0 + n) for n in range(22, 25)],
        title=TITLE,
    ),
    "peers": Table.of(PEERS, test_peers.ROWS, title=TITLE),
    "inequality": Table.of(INEQUALITY, test_inequality.ROWS, title=TITLE),
    "funnel": Table.of(FUNNEL, test_funnel.ROWS, title=TITLE),
    "caterpillar": Table.of(CATERPILLAR, test_caterpillar.ROWS, title=TITLE),
}


def size(data: bytes) -> tuple[int, int]:
    return struct.unpack(">II", data[16:24])  # type: ignore[return-value]


def above(picture: Any) -> str:
    return " ".join(picture.spec["title"])


@pytest.mark.parametrize("id", TABLES)
def test_the_schema_says_which_picture_it_is(id: str) -> None:
    picture = of_table(TABLES[id])
    assert picture is not None and picture.id == id
    assert picture.table is TABLES[id]
    assert picture.title.startswith(TITLE)
    assert picture.sentence.endswith(".")
    assert above(picture) == TITLE


def test_no_picture_takes_an_unknown_schema_an_empty_table_or_one_period() -> None:
    assert of_table(Table.of(OPPORTUNITY, [])) is None
    assert of_table(Table.of(Schema("x", "X", ()), {})) is None
    assert all(of_table(Table.of(table.schema, [])) is None for table in TABLES.values())
    assert of_table(made.values(made.value("A1", value=1.0), made.value("A2", value=2.0))) is None
    gone = made.value("A1", "2023-24", missing="no return")
    assert of_table(made.values(made.value("A1", value=1.0), gone)) is None


def test_a_unit_is_never_guessed() -> None:
    def said(title: str, unit: str | None = None) -> str:
        picture = of_table(Table.of(CONTROL_CHART, SERIES, title=title), unit=unit)
        assert picture is not None
        return picture.sentence

    assert "it is at 40;" in said("Blood pressure (2024-25)")
    assert "it is at 40.0 %;" in said("Blood pressure (%)")
    assert "it is at £40.00;" in said("Cost (£ per patient)")
    assert "it is at 40 per 1,000 patients;" in said("Visits (per 1,000 patients)")
    assert "it is at 40.0 %;" in said("Blood pressure (2024-25)", unit="%")
    assert "it is at 40;" in said("Blood pressure (%)", unit="")


def test_the_organisation_can_be_named() -> None:
    picture = of_table(TABLES["control_chart"], name="Elm Surgery")
    assert picture is not None and picture.title.endswith("Elm Surgery beside its own past")


@pytest.mark.parametrize("id", TABLES)
def test_a_picture_is_as_wide_and_sharp_as_asked(id: str) -> None:
    picture = of_table(TABLES[id])
    assert picture is not None
    before = picture.json()
    data = png(picture, 400, scale=1.5)
    assert data.startswith(b"\x89PNG") and size(data)[0] == pytest.approx(600, abs=2)
    assert png(picture, 400, scale=1.5) == data
    assert picture.json() == before


def test_a_lower_picture_is_lower_and_two_dots_to_each_unit_are_usual() -> None:
    picture = of_table(TABLES["control_chart"])
    assert picture is not None
    usual, low = size(png(picture)), size(png(picture, height=220))
    assert usual[0] == low[0] == pytest.approx(1200, abs=2)
    assert usual[1] - low[1] == pytest.approx(200, abs=2)


def test_few_ticks_are_drawn_and_the_last_period_keeps_its_own() -> None:
    from locality.render.pictures.of_table import _drawable

    rows = [test_control_chart.row(1 + n % 12, 40.0, period=f"{2022 + n // 12}-M{1 + n % 12:02}")
            for n in range(48)]  # fmt: skip
    picture = of_table(Table.of(CONTROL_CHART, rows, title=TITLE))
    assert picture is not None
    spec, thin = picture.spec, _drawable(picture.spec)
    ticks = [layer["encoding"]["x"]["axis"]["values"]
             for layer in thin["layer"] if "axis" in layer["encoding"].get("x", {})]  # fmt: skip
    whole = spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert ticks and all(len(one) == 5 and one[-1] == whole[-1] for one in ticks)
    assert len(whole) == 48
    assert thin["datasets"] == spec["datasets"]


@pytest.mark.parametrize("text", ["a\x00b", "\x1f", "\ufffe", "<svg>&", "x" * 5000, "🩺", ""])
def test_no_title_ends_the_program(text: str) -> None:
    picture = of_table(Table.of(CONTROL_CHART, SERIES, title=text))
    assert picture is not None and len(picture.title) < 300
    assert png(picture, 300, scale=1).startswith(b"\x89PNG")


def test_what_vega_hides_is_left_out_of_the_drawing() -> None:
    from locality.render.pictures.of_table import _HIDDEN

    shown = '<text fill="#1" opacity="1">a</text><text fill-opacity="0">b</text>'
    hidden = '<text transform="translate(1,2)" opacity="0">c</text>'
    assert _HIDDEN.sub("", shown + hidden + shown) == shown + shown
    assert re.search(_HIDDEN, hidden)


def test_a_title_with_letters_that_cannot_be_drawn_does_not_end_the_process() -> None:
    found = of_table(Table.of(CONTROL_CHART, SERIES, title="Blood\x00 pressure\uffff (%)"))
    assert found is not None
    assert "Blood pressure" in found.svg(300)
