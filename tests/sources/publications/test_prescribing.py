""" "prescribing": the English Prescribing Dataset, its layouts, and what is left out of it."""

from __future__ import annotations

import csv
import gzip
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, NotRecognised, Refused, documents, read
from locality.sources.synthetic.files.prescribing import (
    Prescribed,
    Prescriber,
    Presentation,
    month_text,
)
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.prescribing import prescribing_truths, write_prescribing
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World, make
from tests.sources import made
from tests.sources.publications.made_prescribing import (
    AMOXICILLIN,
    BETWEEN,
    HOSIERY,
    NEW,
    OLD,
    OMEPRAZOLE,
    changed,
    month,
    one,
    row,
)

PUBLICATION = "prescribing"
Made = tuple[World, Population, Registers]


def rows_of(given: Any, **more: Any) -> list[dict[str, Any]]:
    return one(given, **more).tables["prescribing_rows"].rows


# Layouts and quirks


@pytest.mark.parametrize(
    ("header", "written", "snomed"),
    [(OLD, "2017_09", False), (OLD, "201709", False), (BETWEEN, "201709", False),
     ([*BETWEEN, "SNOMED_CODE"], "201709", True), (NEW, "2017-09", True)],
)  # fmt: skip
def test_every_layout_gives_the_same_rows(header: list[str], written: str, snomed: bool) -> None:
    reading = one(month([row(month=written, snomed=snomed)], header))
    assert (reading.publication, reading.period, reading.rows) == (PUBLICATION, "2017-M09", 1)
    assert reading.tables["prescribing_rows"].rows == [
        {
            "period": "2017-M09",
            "practice_code": "A81001",
            "bnf_code": AMOXICILLIN,
            "items": 3,
            "quantity": 63.0,
            "nic": 3.78,
            "actual_cost": 3.51234,
        }
    ]


def test_numbers_that_end_in_a_point_and_capitals() -> None:
    (found,) = rows_of(month([row("a81001", AMOXICILLIN.lower(), "3.", "63.", "3.", ".5")]))
    assert (found["practice_code"], found["bnf_code"]) == ("A81001", AMOXICILLIN)
    assert (found["items"], found["quantity"], found["nic"]) == (3, 63.0, 3.0)
    assert found["actual_cost"] == 0.5


def test_rows_of_the_same_presentation_are_all_kept_and_zero_is_zero() -> None:
    found = rows_of(month([row(), row(), row(total=0, items=0, nic=0, cost=0)]))
    assert [one["items"] for one in found] == [3, 3, 0]
    assert found[2]["nic"] == 0.0


def test_an_empty_amount_is_no_number() -> None:
    (found,) = rows_of(month([row(items="", total="", nic="", cost="")]))
    assert [found[name] for name in ("items", "quantity", "nic", "actual_cost")] == [None] * 4


def test_prescribers_that_are_no_practices_are_left_out_and_belong_there() -> None:
    others = [
        row("-", unidentified="Y"), row("36J998", unidentified="Y"), row("36J998"), row("RXX01"),
        row("U12345"), row("A81009", unidentified="Y"),
    ]  # fmt: skip
    reading = one(month([row(), *others]))
    assert reading.rows == 1 and reading.practices == 1
    assert [(aside.reason, aside.rows, aside.example) for aside in reading.set_aside] == [
        ("The prescriber is not identified.", 4, "line 3"),
        ("The prescriber is not a practice.", 2, "line 6"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("TOTAL_QUANTITY", "-1", "total quantity is below zero"),
        ("NIC", "-0.01", "net ingredient cost is below zero"),
        ("ACTUAL_COST", "-3", "actual cost is below zero"),
        ("ITEMS", "-1", "number of items is below zero"),
        ("ITEMS", "1.5", "number of items is not a whole number"),
        ("NIC", "free", "net ingredient cost is not a number"),
        ("NIC", "inf", "net ingredient cost is not a number"),
        ("BNF_CODE", "0501013B", "BNF code has not 15 or 11 signs"),
        ("BNF_CODE", "Amoxicillin", "BNF code has not 15 or 11 signs"),
        ("PRACTICE_CODE", "THE SURGERY", "practice code is not one letter"),
        ("YEAR_MONTH", "", "month is not one such as"),
        ("YEAR_MONTH", "201713", "month is not one such as"),
    ],
)
def test_rows_that_cannot_be_used_are_set_aside(column: str, value: str, reason: str) -> None:
    reading = one(changed(column, value))
    assert reading.rows == 2
    (aside,) = reading.set_aside
    assert reason in aside.reason and aside.example.startswith("line 2")


# Damaged


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (month([row(items=word) for word in ("three", "many", "few")]), "is not a whole number"),
        (month([row(month="202607"), row(month="202608")]), "2 different months .from July 2026"),
        (month([row(code) for code in ("THE SURGERY", "A", "")]), "rows cannot be used"),
        (month([row("-"), row("-")]), "2 of its 2 rows cannot be used.*not identified"),
        (month([row(bnf="Amoxicillin 500mg")]), "has not 15 or 11 signs"),
        (month([]), "a header and no rows"),
        (month([row()[:-3]]), "as many cells as the header"),
        (month([row(month="June 2026")] * 3), "The month is not one such as 202607"),
        ([[*OLD, "NIC"], [*row(), 9]], "“NIC” more than once"),
        (month([row(nic=-1)] * 3), "is below zero"),
    ],
)  # fmt: skip
def test_damaged_files_are_refused_with_a_sentence(rows: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        one(rows)


def test_a_download_cut_short_is_refused() -> None:
    text = made.text(month([row() for _ in range(9)]))
    with pytest.raises(Refused, match="stops in the middle of line 10"):
        read(made.document(text[:-60]))


def test_a_month_to_come_is_refused() -> None:
    with pytest.raises(Refused, match="dated September 2017"):
        one(month(), today=date(2017, 8, 31))
    assert one(month(), today=date(2017, 9, 1)).rows == 3


@pytest.mark.parametrize("lost", ["TOTAL_QUANTITY", "ITEMS", "BNF_CODE", "PRACTICE_CODE"])
def test_a_file_that_lacks_a_column_is_not_taken(lost: str) -> None:
    place = OLD.index(lost)
    rows = [[*line[:place], *line[place + 1 :]] for line in month()]
    with pytest.raises(NotRecognised, match="come nearest to the English Prescribing Dataset"):
        one(rows)


# Patients


@pytest.mark.parametrize("header", ["NHS_NUMBER", "PATIENT_ID", "DATE_OF_BIRTH"])
def test_prescriptions_of_patients_are_refused(header: str) -> None:
    values = made.nhs_numbers(3)
    rows = [[*OLD, header], *([*row(), value] for value in values)]
    with pytest.raises(Refused, match="single patients") as refused:
        one(rows)
    assert not any(value in str(refused.value) for value in values)


@pytest.mark.parametrize("column", ["ADDRESS_1", "BNF_CHEMICAL_SUBSTANCE"])
def test_numbers_of_patients_in_a_known_column_are_refused(column: str) -> None:
    rows = month([row() for _ in range(4)])
    for line, value in zip(rows[1:], made.nhs_numbers(4), strict=True):
        line[OLD.index(column)] = value
    with pytest.raises(Refused, match="pass the check of an NHS number"):
        one(rows)


# Round trips with the synthetic writer

_MISSING = st.just("")
_AMOUNT = st.one_of(
    _MISSING,
    st.just(0),
    st.integers(0, 10**9),
    st.floats(0, 1e9, allow_nan=False).map(lambda one: round(one, 5)),
)
_ITEMS = st.one_of(_MISSING, st.integers(0, 10**6))
_NAMES = st.text(st.sampled_from('AZ ,"&0½'), max_size=12)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Z90001", "Z90002", "-"]),
        _NAMES,
        st.sampled_from([AMOXICILLIN, OMEPRAZOLE, HOSIERY]),
        _ITEMS,
        _AMOUNT,
        _AMOUNT,
        _AMOUNT,
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(_ROWS, st.sampled_from([date(2017, 9, 1), date(2025, 2, 1), date(2026, 6, 1)]))
def test_what_the_synthetic_writer_writes_is_read_back(rows: list[Any], when: date) -> None:
    rows = [("Z90003", "A, B", AMOXICILLIN, 1, 2, 3, 4.5), *rows]
    place = ("Y9A", "A place")
    text = month_text(
        when,
        [
            Prescribed(
                Prescriber((code, name), place, place, place, identified=code != "-"),
                Presentation(bnf, name),
                1, items, total, nic, cost,
            )
            for code, name, bnf, items, total, nic, cost in rows
        ],
    )  # fmt: skip
    (reading,) = read(Document("epd.csv", text.encode(), "epd.csv"))

    def number(cell: Any) -> float | None:
        return None if cell == "" else float(cell)

    expected = [
        {
            "period": f"{when.year}-M{when.month:02d}",
            "practice_code": code,
            "bnf_code": bnf,
            "items": number(items),
            "quantity": number(total),
            "nic": number(nic),
            "actual_cost": number(cost),
        }
        for code, _, bnf, items, total, nic, cost in rows
        if code != "-"
    ]
    assert reading.tables["prescribing_rows"].rows == expected
    assert sum(aside.rows for aside in reading.set_aside) == len(rows) - len(expected)


# The made-up locality


@pytest.fixture(scope="module")
def made_up() -> Made:
    world = make(40, 3, 7)
    population = Population(world)
    return world, population, Registers(population)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, made_up: Made) -> tuple[Path, list[Written]]:
    folder = tmp_path_factory.mktemp("prescribing")
    return folder, list(write_prescribing(folder, *made_up))


def test_the_made_up_months_are_read_as_the_truths_say(
    made_up: Made, written: tuple[Path, list[Written]]
) -> None:
    folder, files = written
    truths = prescribing_truths(*made_up)
    assert [one.period for one in files] == ["2026-M04", "2026-M05", "2026-M06"]
    assert set(truths["items"]) == {one.period for one in files}
    outlier = truths["antibacterial_outlier"]
    others = truths["not_practices"]
    practices = set(made_up[0].practices.code)
    for file in files:
        assert (folder / file.file).stat().st_size < 200_000
        (document,) = documents(folder / file.file)
        assert isinstance(document, Document)
        (reading,) = read(document)
        rows = reading.tables["prescribing_rows"].rows
        of = [one for one in rows if one["practice_code"] in practices]
        anti = [one for one in of if one["bnf_code"].startswith("0501")]
        assert (reading.publication, reading.period) == (file.publication, file.period)
        assert sum(one["items"] for one in of) == truths["items"][file.period]
        assert sum(one["items"] for one in anti) == truths["antibacterial_items"][file.period]
        own = sum(one["items"] for one in anti if one["practice_code"] == outlier["practice"])
        assert own == outlier["items"][file.period]
        there = {one["practice_code"] for one in rows}
        left_out = set(others["left_out_by_the_reader"])
        assert there & set(others["codes"]) == set(others["codes"]) - left_out
        assert {aside.rows for aside in reading.set_aside} == {len(rows) - len(of)}


def test_the_outlier_has_most_antibacterials_for_its_list(made_up: Made) -> None:
    world, population, _ = made_up
    truths = prescribing_truths(*made_up)
    lists = population.lists(date(2026, 6, 1))
    place = world.practices.code.index(truths["antibacterial_outlier"]["practice"])
    own = truths["antibacterial_outlier"]["items"]["2026-M06"] / lists[place]
    all_of_them = truths["antibacterial_items"]["2026-M06"] / lists.sum()
    assert own > 1.4 * all_of_them


def test_the_same_seed_gives_the_same_bytes(
    made_up: Made, written: tuple[Path, list[Written]]
) -> None:
    folder, files = written
    with tempfile.TemporaryDirectory() as again:
        for file in write_prescribing(Path(again), *made_up):
            assert (Path(again) / file.file).read_bytes() == (folder / file.file).read_bytes()
    assert len(files) == 3


# Published rows of four practices


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "period", "rows"),
    [("epd_201709_4practices", "2017-M09", 10_027), ("epd_201710_4practices", "2017-M10", 10_223)],
)
def test_published_rows_add_up(published: Path, name: str, period: str, rows: int) -> None:
    path = published / "practice" / f"{name}.csv.gz"
    (document,) = documents(path)
    assert isinstance(document, Document)
    (reading,) = read(document, today=date(2026, 11, 22))
    assert (reading.period, reading.rows, reading.practices) == (period, rows, 4)
    assert reading.set_aside == ()
    items: Counter[str] = Counter()
    cost: defaultdict[str, float] = defaultdict(float)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            items[line["PRACTICE_CODE"]] += int(line["ITEMS"])
            cost[line["PRACTICE_CODE"]] += float(line["ACTUAL_COST"])
    found: Counter[str] = Counter()
    paid: defaultdict[str, float] = defaultdict(float)
    for one_row in reading.tables["prescribing_rows"].rows:
        found[one_row["practice_code"]] += one_row["items"]
        paid[one_row["practice_code"]] += one_row["actual_cost"]
    assert found == items
    assert dict(paid) == pytest.approx(dict(cost))
