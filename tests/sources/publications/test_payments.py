"""NHS Payments to General Practice: six header sets, totals that add up, what is refused."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.knowledge.payment_lines import compared, payment_lines
from locality.sources import NotRecognised, Reading, Refused, documents, read
from locality.sources.synthetic.files.payments import (
    PaidPractice,
    file_name,
    payments_of,
    payments_text,
)
from tests.sources import made
from tests.sources.publications.made_payments import HEADER, ROWS, at, document, one, table

PUBLICATION = "payments"
APART = {"networks", "covid", "deductions"}


def amounts(reading: Reading, practice: str) -> dict[str, float]:
    rows = reading.tables["payments"].rows
    return {row["line"]: row["amount"] for row in rows if row["practice_code"] == practice}


def practice(reading: Reading, code: str) -> dict[str, Any]:
    (row,) = [
        row for row in reading.tables["payment_practices"].rows if row["practice_code"] == code
    ]
    return row


def test_every_column_of_money_is_a_line_and_zero_stays_zero() -> None:
    reading = one(document(table()))
    assert (reading.publication, reading.period) == (PUBLICATION, "2022-23")
    assert amounts(reading, "A81001") == {
        "global_sum": 100000.1, "qof": 20000.0, "minor_surgery": -50.05, "premises": 100.0,
        "drugs_reimbursed": 7.5, "network_workforce": 300.0, "covid_vaccination": 200.0,
        "deductions": -1000.5,
    }  # fmt: skip
    assert amounts(reading, "A81002")["premises"] == 12.34
    assert amounts(reading, "A81002")["qof"] == 0.0
    groups = {row["line"]: row["line_group"] for row in reading.tables["payments"].rows}
    assert groups["minor_surgery"] == "enhanced" and groups["network_workforce"] == "networks"
    status = {row["practice_code"]: row["list_status"] for row in reading.tables["payments"].rows}
    assert status == {"A81001": "list", "A81002": "no list", "Y07020": "list"}
    assert "£119,569.89" in reading.notes[0]
    assert any("1 practice has no registered patients" in note for note in reading.notes)
    assert any("1 practice has a close date" in note for note in reading.notes)
    assert any("2 payments are below zero" in note for note in reading.notes)


def test_what_is_said_of_practices() -> None:
    reading = one(document(table()))
    assert practice(reading, "A81001") == {
        "period": "2022-23", "practice_code": "A81001", "registered": 4000.25, "weighted": 4500.5,
        "patients_are": "average", "contract_type": "GMS", "dispensing": False,
        "practice_type": "GP practice", "rurality": "Urban", "open_date": date(1974, 4, 1),
        "close_date": None, "atypical": None, "pcn_code": "U89141", "sub_icb_code": None,
        "missing": None,
    }  # fmt: skip
    second = practice(reading, "A81002")
    unknown = ("contract_type", "dispensing", "rurality", "pcn_code")
    assert [second[name] for name in unknown] == [None] * 4
    assert second["close_date"] == date(2019, 4, 30) and second["registered"] == 0.0
    assert second["atypical"] == "Part year of data; No registered patients"
    assert practice(reading, "Y07020")["dispensing"] is True


def test_a_footnote_digit_a_blank_and_a_date_counted_in_days() -> None:
    rows = table()
    rows[0][at("Minor Surgery")] = " Minor  surgery4 "
    rows[0][at("Premises Payments")] = "Premises Payments12"
    rows[1][at("Practice Open Date")] = "36251"
    reading = one(document(rows))
    assert amounts(reading, "A81001")["minor_surgery"] == -50.05
    assert practice(reading, "A81001")["open_date"] == date(1999, 4, 1)


def test_a_blank_amount_is_no_zero() -> None:
    rows = table()
    rows[1][at("Minor Surgery")] = ""
    reading = one(document(rows))
    (row,) = [
        row for row in reading.tables["payments"].rows
        if (row["practice_code"], row["line"]) == ("A81001", "minor_surgery")
    ]  # fmt: skip
    assert row["amount"] is None and row["missing"] == "no return"


def test_last_known_figures_are_told_from_averages() -> None:
    rows = table()
    for kind in ("Registered", "Weighted"):
        place = at(f"Average Number of {kind} Patients")
        rows[0][place] = f"Number of {kind} Patients (Last Known Figure)"
    assert practice(one(document(rows)), "A81001")["patients_are"] == "last known figure"


def test_a_later_year_with_known_headers_is_read() -> None:
    assert one(document(table(), "nhspaymentsgp-23-24-prac-csv.csv")).period == "2023-24"


def test_the_year_is_that_of_the_headers_where_the_name_has_none() -> None:
    text = payments_text(2021, [paid("A81001"), paid("A81002")])
    assert one(made.document(text, "payments.csv")).period == "2021-22"


def test_a_name_of_another_year_than_the_headers_is_refused() -> None:
    text = payments_text(2021, [paid("A81001"), paid("A81002")])
    with pytest.raises(Refused, match="says 2022-23, but its columns are those of 2021-22"):
        read(made.document(text, "nhspaymentsgp-22-23.csv"))


def test_no_year_at_all_is_refused() -> None:
    with pytest.raises(Refused, match="Put the year into the name"):
        read(document(table(), "payments.csv"))


def test_a_column_of_no_known_year_is_refused_by_its_name() -> None:
    rows = table()
    for number, row in enumerate(rows):
        row.append("Rural Moped Allowance" if not number else "5")
    with pytest.raises(Refused, match=r"Rural Moped Allowance.*column 27.*headers\.csv"):
        read(document(rows, "nhspaymentsgp-23-24-prac-csv.csv"))


def test_one_payment_under_two_names_is_refused() -> None:
    rows = table()
    for number, row in enumerate(rows):
        row.append("Minor Surgery2" if not number else "0")
    with pytest.raises(Refused, match="would be counted twice"):
        read(document(rows))


def test_a_lost_column_is_found_by_the_totals() -> None:
    rows = [row[: at("Premises Payments")] + row[at("Reimbursement of Drugs") :] for row in table()]
    with pytest.raises(NotRecognised, match="premises_payments"):
        read(document(rows))
    rows = [[c for i, c in enumerate(row) if i != at("Total QOF Payments") + 1] for row in table()]
    rows[2][at("Total NHS Payments to General Practice") - 1] = "99"
    with pytest.raises(Refused, match=r"In 2 practices the payments do not add up.*line 2"):
        read(document(rows))


def test_one_practice_that_does_not_add_up_is_set_aside() -> None:
    rows = table()
    rows[1][at("Global Sum")] = "100000.11"
    reading = one(document(rows))
    assert reading.practices == 2
    assert reading.set_aside[0].reason.startswith("The payments do not add up")
    assert reading.set_aside[0].example == "line 2 (A81001)"


def test_a_word_for_money_is_set_aside_and_named() -> None:
    rows = table()
    rows[1][at("Total QOF Payments")] = "twenty"
    (aside,) = one(document(rows)).set_aside
    assert aside.reason == "The amount under “Total QOF Payments” is not a number."
    assert aside.example == "line 2 (A81001)"


def test_people_below_zero_are_set_aside() -> None:
    rows = table()
    rows[3][at("Average Number of Registered Patients")] = "-1"
    (aside,) = one(document(rows)).set_aside
    assert "is below zero" in aside.reason and aside.example == "line 4 (Y07020)"


def test_a_practice_twice_with_different_money_is_not_used() -> None:
    other = list(ROWS[1])
    for word in (
        "Premises Payments",
        "Total NHS Payments to General Practice",
        "Total NHS Payments to General Practice Minus Deductions",
        "Total NHS Payments to General Practice including Covid and PCN payments",
    ):
        other[at(word)] = "13"
    third = [*ROWS[0]]
    third[at("Practice Code")] = "B82001"
    reading = one(document(table(rows=[*ROWS, other, third])))
    assert set(reading.tables["payment_practices"].column("practice_code")) == {
        "A81001", "Y07020", "B82001",
    }  # fmt: skip
    assert reading.set_aside[0].rows == 2


def test_codes_of_networks_are_no_practices() -> None:
    rows = table()
    rows[3][at("Practice Code")] = "U89141"
    (aside,) = one(document(rows)).set_aside
    assert "primary care network" in aside.reason


def test_a_download_cut_short_and_a_header_alone_are_refused() -> None:
    text = made.text(table())
    with pytest.raises(Refused, match="cut short"):
        read(made.document(text[:-40], "nhspaymentsgp-22-23.csv"))
    with pytest.raises(Refused, match="no rows under it"):
        read(document(table(rows=[])))


def test_no_column_of_patients_is_refused() -> None:
    place = at("Average Number of Registered Patients")
    rows = [row[:place] + row[place + 1 :] for row in table()]
    with pytest.raises(Refused, match="lacks a column of registered"):
        read(document(rows))


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("NHS Number", made.nhs_numbers(3)),
        ("Patient Surname", ["Smith", "Jones", "Brown"]),
        ("Date of Birth", ["01/02/1950", "02/03/1960", "03/04/1970"]),
    ],
)
def test_a_file_with_people_in_it_is_refused(header: str, values: list[str]) -> None:
    rows = table()
    for row, cell in zip(rows, [header, *values], strict=True):
        row.append(cell)
    with pytest.raises(Refused, match="single patients") as refused:
        read(document(rows))
    assert not any(value in str(refused.value) for value in values)


def paid(code: str, **about: Any) -> PaidPractice:
    return PaidPractice(
        **{
            "code": code, "name": "A, B AND PARTNERS", "opened": date(1990, 4, 1),
            "registered": 1000.25, "weighted": 900.5, "pence": {"global_sum": 12_345}, **about,
        }
    )  # fmt: skip


MONEY = st.one_of(st.none(), st.just(0), st.integers(-5_000_000, 500_000_000))
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "Nd", "P", "Zs")), max_size=20)


@st.composite
def practices(draw: st.DrawFn, year: int) -> list[PaidPractice]:
    lines = payments_of(year)
    people = st.one_of(st.just(0), st.integers(1, 9_000_000))
    return [
        paid(
            code,
            name=draw(NAMES),
            registered=draw(people) / 100,
            weighted=draw(people) / 100,
            closed=draw(st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2024, 1, 1)))),
            contract_type=draw(st.sampled_from(["GMS", "PMS", "APMS", "Unknown"])),
            dispensing=draw(st.sampled_from(["Yes", "No", "Unknown"])),
            rurality=draw(st.sampled_from(["Urban", "Rural", "Missing"])),
            marks=draw(st.sampled_from([(), ("Part year of data", "No registered patients")])),
            pence=draw(st.dictionaries(st.sampled_from(lines), MONEY, max_size=8)),
        )
        for code in draw(st.sets(st.from_regex(r"[A-HY]8[0-9]{4}", fullmatch=True), min_size=1))
    ]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    year = data.draw(st.sampled_from([2019, 2021, 2022, 2023]))
    written = data.draw(practices(year))
    # A practice with a blank amount cannot be checked against its total, and is taken as it is.
    reading = one(made.document(payments_text(year, written), file_name(year)))
    assert reading.period == f"{year}-{year % 100 + 1}" and not reading.set_aside
    money = {(r["practice_code"], r["line"]): r["amount"] for r in reading.tables["payments"].rows}
    assert len(money) == len(written) * len(payments_of(year))
    for row in written:
        for line in payments_of(year):
            pence = row.pence.get(line, 0)
            assert money[row.code, line] == (None if pence is None else pence / 100)
        read_back = practice(reading, row.code)
        assert (read_back["registered"], read_back["weighted"]) == (row.registered, row.weighted)
        assert (read_back["open_date"], read_back["close_date"]) == (row.opened, row.closed)
        assert read_back["contract_type"] == (
            None if row.contract_type == "Unknown" else row.contract_type
        )
        assert read_back["dispensing"] == {"Yes": True, "No": False}.get(row.dispensing)
        assert (read_back["atypical"] or "") == "; ".join(row.marks)


TOTALS = {
    "17-18": ("9050596201.87", 7543, 158, 268), "18-19": ("9261391489.85", 7279, 130, 258),
    "19-20": ("9377079858.68", 7001, 115, 173), "20-21": ("9683718065.03", 6808, 108, 196),
    "21-22": ("10075780270.50", 6758, 188, 220), "22-23": ("10230094803.70", 6669, 206, 176),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(TOTALS))
def year(request: pytest.FixtureRequest, published: Path) -> tuple[str, Path]:
    (path,) = (published / "practice").glob(f"nhspaymentsgp-{request.param}-*.csv.gz")
    return request.param, path


@pytest.mark.published
def test_the_published_years_to_the_penny(year: tuple[str, Path]) -> None:
    short, path = year
    (found,) = documents(path)
    reading = one(found)
    total, rows, no_list, closed = TOTALS[short]
    assert (reading.period, reading.rows, reading.set_aside) == (f"20{short}", rows, ())
    data = reading.tables["payments"].data
    in_total = [one.group for one in payment_lines().groups.values() if one.group not in APART]
    main = data.filter(pc.is_in(data["line_group"], pc.unique(pc.cast(in_total, "string"))))
    assert f"{pc.sum(main['amount']).as_py():.2f}" == total
    practices = reading.tables["payment_practices"].data
    assert pc.sum(pc.equal(practices["registered"], 0)).as_py() == no_list
    assert rows - practices["close_date"].null_count == closed


@pytest.mark.published
def test_every_column_of_money_is_accounted_for(year: tuple[str, Path]) -> None:
    """Every published cell, read here plainly: lines as they are, totals as sums of lines."""
    short, path = year
    known = payment_lines()
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        header, *rows = csv.reader(io.StringIO(text.read()))
    known_then = known.of_year(f"20{short}")
    meanings = [known_then[compared(word)] for word in header]
    kinds = Counter(meaning.kind for meaning in meanings)
    assert kinds["unused"] <= 7 and kinds["line"] >= 30 and kinds.total() == len(header)
    code = [meaning.name for meaning in meanings].index("practice_code")
    expected: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        lines = {
            meaning.name: Decimal(cell)
            for meaning, cell in zip(meanings, row, strict=True)
            if meaning.kind == "line"
        }
        for meaning, cell in zip(meanings, row, strict=True):
            if meaning.kind == "total":
                adds = known.totals[meaning.name].adds
                made_up = sum(
                    (v for line, v in lines.items() if known.counted_in(line) in adds), Decimal(0)
                )
                assert made_up == Decimal(cell), (row[code], meaning.header)
        expected |= {(row[code], line): amount for line, amount in lines.items()}
    (found,) = documents(path)
    (reading,) = read(found)
    data = reading.tables["payments"].data
    keys = zip(data["practice_code"].to_pylist(), data["line"].to_pylist(), strict=True)
    got = dict(zip(keys, data["amount"].to_pylist(), strict=True))
    assert got.keys() == expected.keys()
    assert all(Decimal(f"{got[key]:.2f}") == amount for key, amount in expected.items())


def test_the_made_header_is_one_that_was_published() -> None:
    of_year = payment_lines().years["2022-23"]
    assert all(compared(word) in of_year for word in HEADER)
