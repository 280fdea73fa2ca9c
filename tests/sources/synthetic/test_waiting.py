"""Made-up waiting times: read back as written, with the truths that are told of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures.schemas.waiting import WEEKS
from locality.sources import Document, documents, read
from locality.sources.synthetic.files.waiting import PARTS, Pathways, extract_text
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.waiting import (
    CARDIOLOGY,
    rows_of,
    told_months,
    waiting_truths,
    write_waiting,
)
from locality.sources.synthetic.world import World, make
from locality.store.queries import count_again

KEPT = {
    "Part_1A": "completed_admitted", "Part_1B": "completed_non_admitted", "Part_2": "incomplete",
    "Part_2A": "incomplete_dta", "Part_3": "new_periods",
}  # fmt: skip
CODES = st.text("ABRQ0123456789", min_size=3, max_size=5)
NAMES = st.text("Aé ,'&-\"", min_size=1, max_size=9).filter(str.strip)


@st.composite
def pathways(draw: Any) -> Pathways:
    part = draw(st.sampled_from(list(PARTS)))
    timed = part != "Part_3"
    waited = draw(st.dictionaries(st.integers(0, 104), st.integers(1, 9), max_size=6))
    weeks = tuple(waited.get(week, 0) for week in range(105)) if timed else ()
    return Pathways(
        provider=(draw(CODES), draw(NAMES)),
        provider_parent=(draw(CODES), draw(NAMES)),
        commissioner=(draw(CODES), draw(NAMES)),
        commissioner_parent=draw(st.sampled_from([("", ""), ("QAB", "A, BOARD")])),
        part=part,
        function=draw(st.sampled_from([("C_320", "Cardiology"), ("C_999", "Total")])),
        weeks=weeks,
        unknown=draw(st.none() | st.integers(0, 5)) if part.startswith("Part_1") else None,
        new=0 if timed else draw(st.integers(0, 99)),
    )


def key(row: Pathways) -> tuple[str, ...]:
    return (row.provider[0], row.commissioner[0], row.part, row.function[0])


@settings(max_examples=30)
@given(st.lists(pathways(), min_size=1, max_size=6, unique_by=key))
def test_what_is_written_is_read_back(rows: list[Pathways]) -> None:
    text = extract_text(date(2026, 1, 1), rows)
    (reading,) = read(Document("x.csv", text.encode(), "x.csv"))
    found = {
        (r["provider_code"], r["commissioner_code"], r["part"], r["treatment_function"]): r
        for r in reading.tables["waiting_rows"].rows
    }
    assert reading.period == "2026-M01" and len(found) == len(rows)
    for row in rows:
        own = found[row.provider[0], row.commissioner[0], KEPT[row.part], row.function[0]]
        assert own["commissioner_parent_code"] == (row.commissioner_parent[0] or None)
        assert tuple(own[week] for week in WEEKS) == (row.weeks or (None,) * 105)
        assert own["unknown_start"] == row.unknown
        told = sum(row.weeks) + (row.unknown or 0) if row.weeks else row.new
        assert own["total_all"] == told


@pytest.fixture(scope="module")
def made() -> tuple[World, Population, Registers]:
    world = make(60, 5, 2026)
    population = Population(world)
    return world, population, Registers(population)


def test_the_files_come_to_what_the_truths_tell(made: Any, tmp_path: Path) -> None:
    written = list(write_waiting(tmp_path, *made))
    truths = waiting_truths(made[0], made[1])["months"]
    assert [one.period for one in written] == list(truths) and len(truths) == 12
    last = written[-1]
    assert (tmp_path / last.file).stat().st_size < 300_000
    (document,) = documents(tmp_path / last.file)
    (reading,) = read(document)  # type: ignore[arg-type]
    assert reading.set_aside == () and reading.period == last.period
    rows = [
        row
        for row in count_again("waiting", reading.tables["waiting_rows"]).to_pylist()
        if row["part"] == "incomplete" and row["treatment_function"] == "C_999"
    ]
    england = [row for row in rows if row["kind"] == "england"]
    told = truths[last.period]
    assert sum(row["pathways"] for row in england) == told["incomplete"]
    assert sum(row["pathways"] for row in england if row["week"] < 18) == told["within_18"]


def test_cardiology_lengthens_at_home_alone(made: Any) -> None:
    world, population, _ = made
    months = list(waiting_truths(world, population)["months"].values())
    for sub, code in enumerate(world.subs.code):
        first, last = (month["cardiology"][code] for month in (months[0], months[-1]))
        if world.sub_board[sub] == 0:
            assert last > 1.25 * first
        else:
            assert last == pytest.approx(first, rel=0.1)
    assert CARDIOLOGY == "C_320" and len(told_months(world)) == 12
    assert not all(world.sub_board == 0), "a board to set beside it"


def test_the_words_of_the_truths_are_so(made: Any) -> None:
    world, population, _ = made
    home = {code for sub, code in enumerate(world.subs.code) if world.sub_board[sub] == 0}
    months = told_months(world)
    for month, inside, expected in (
        (months[0], True, 20.0), (months[-1], True, 20.0 + 0.8 * 11), (months[-1], False, 15.0)
    ):  # fmt: skip
        weeks = np.zeros(105)
        for row in rows_of(world, population, month):
            whose = row.commissioner[0]
            counted = (row.part, row.function[0]) == ("Part_2", CARDIOLOGY) and whose != "NONC"
            if counted and (whose in home) == inside:
                weeks += row.weeks
        # Waits decline as e^(-weeks / mean), so that half of them are over ln 2 of the mean; the
        # open band, of which no mean can be taken, does no harm to a median.
        middle = float(np.interp(weeks.sum() / 2, np.cumsum(weeks), np.arange(1, 106)))
        assert middle / np.log(2) == pytest.approx(expected, rel=0.08)


def test_each_month_has_the_shape_of_the_published_extract(made: Any) -> None:
    world, population, _ = made
    for month in told_months(world):
        rows = rows_of(world, population, month)
        boards, of = world.boards_on(month)
        parents = {
            code: boards.code[of[np.flatnonzero(world.sub == sub)[0]]]
            for sub, code in enumerate(world.subs.code)
        } | {"NONC": ""}
        assert {row.part for row in rows} == set(PARTS)
        assert {row.commissioner[0] for row in rows} == set(parents)
        assert all(parents[row.commissioner[0]] == row.commissioner_parent[0] for row in rows)
        assert len({key(row) for row in rows}) == len(rows)
        sums: dict[tuple[str, ...], Any] = {}
        for row in rows:
            sign = -1 if row.function[0] == "C_999" else 1
            counted = np.array([*(row.weeks or [0] * 105), row.unknown or 0, row.new])
            at = key(row)[:3]
            sums[at] = sums.get(at, 0) + sign * counted
        assert not any(left.any() for left in sums.values()), "C_999 is the sum of the others"


def test_the_same_seed_gives_the_same_bytes(made: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = next(write_waiting(tmp_path / "a", *made))
    world = make(60, 5, 2026)
    population = Population(world)
    next(write_waiting(tmp_path / "b", world, population, Registers(population)))
    assert (tmp_path / "a" / one.file).read_bytes() == (tmp_path / "b" / one.file).read_bytes()
