"""Made-up waiting times: read back as written, with the truths that are told of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures.schemas.waiting import WEEKS
from locality.sources import Document, documents, read
from locality.sources.synthetic.files.waiting import PARTS, Pathways, extract_text
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.waiting import (
    CARDIOLOGY,
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
    weeks = draw(st.lists(st.integers(0, 9), min_size=105, max_size=105)) if timed else ()
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
        assert [own[week] for week in WEEKS] == (list(row.weeks) or [None] * 105)
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
    assert CARDIOLOGY == "C_320" and len(told_months(world)) == 12


def test_the_same_seed_gives_the_same_bytes(made: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = next(write_waiting(tmp_path / "a", *made))
    world = make(60, 5, 2026)
    population = Population(world)
    next(write_waiting(tmp_path / "b", world, population, Registers(population)))
    assert (tmp_path / "a" / one.file).read_bytes() == (tmp_path / "b" / one.file).read_bytes()
