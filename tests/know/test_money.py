"""Money received: exact sums, what is divided and what is not, the statement, the years."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Problem, Table
from locality.figures.schemas.money import PAYMENT_PRACTICES, PAYMENTS
from locality.know.money import CAPTION, money
from locality.know.money_statement import money_statement
from locality.know.money_sums import payment_sums
from locality.know.money_trend import money_trend
from locality.knowledge.payment_lines import payment_lines
from locality.sources import documents, read

KNOWN = payment_lines()
YEAR = "2022-23"
MONEY = {
    "global_sum": 500_000.25, "qof": 60_000.0, "minor_surgery": -250.75, "premises": 80_000.0,
    "drugs_reimbursed": 7_000.5, "network_workforce": 90_000.0, "covid_vaccination": 3_000.0,
    "deductions": -45_000.1,
}  # fmt: skip


def about(code: str, registered: float = 5000.0, **changed: Any) -> dict[str, Any]:
    return {
        "period": YEAR, "practice_code": code, "registered": registered,
        "weighted": registered * 1.1, "patients_are": "average", "contract_type": "GMS",
        "dispensing": False, "practice_type": "GP practice", "rurality": "Urban",
        "open_date": None, "close_date": None, "atypical": None, "pcn_code": None,
        "sub_icb_code": None, "missing": None, **changed,
    }  # fmt: skip


def lines(practice: dict[str, Any], amounts: dict[str, float | None]) -> list[dict[str, Any]]:
    return [
        {
            "period": practice["period"], "practice_code": practice["practice_code"], "line": line,
            "line_group": KNOWN.lines[line].group,
            "list_status": "list" if practice["registered"] else "no list",
            "amount": amount, "missing": "no return" if amount is None else None,
        }
        for line, amount in amounts.items()
    ]  # fmt: skip


def sums(*given: tuple[dict[str, Any], dict[str, float | None]]) -> Table:
    rows = [row for practice, amounts in given for row in lines(practice, amounts)]
    return payment_sums(
        Table.of(PAYMENTS, rows), Table.of(PAYMENT_PRACTICES, [practice for practice, _ in given])
    )


def row(table: Table, level: str, name: str) -> dict[str, Any]:
    (found,) = [
        one
        for one in table.rows
        if one["level"] == level and name == (one["line_group" if level == "group" else "line"])
    ]
    return found


A, B = about("A00001"), about("A00002", 10_000.0)
NO_LIST = about("A00003", 0.0, atypical="No registered patients")


def of_one(practice: dict[str, Any] = A, amounts: dict[str, Any] | None = None) -> Table:
    own = sums((practice, amounts or MONEY))
    board = sums((practice, amounts or MONEY), (B, {"global_sum": 900_000.0}))
    england = sums(
        (practice, amounts or MONEY), (B, {"global_sum": 900_000.0}), (NO_LIST, {"other": 70_000.0})
    )
    return money(own, board, england, period=YEAR, name="The First", practice=practice)


def test_lines_groups_and_totals_for_each_patient() -> None:
    table = of_one()
    core = row(table, "group", "core")
    assert core["amount"] == 500_000.25
    assert core["per_registered"] == pytest.approx(100.00005)
    assert core["per_weighted"] == pytest.approx(500_000.25 / 5500)
    assert core["icb_per_registered"] == pytest.approx(1_400_000.25 / 15_000)
    assert core["england_per_registered"] == pytest.approx(1_400_000.25 / 15_000)
    total = row(table, "total", "practice")
    assert total["amount"] == 646_750.0 == 500_000.25 + 60_000 - 250.75 + 80_000 + 7_000.5
    assert row(table, "total", "after_deductions")["amount"] == 601_749.9
    assert row(table, "total", "with_both_after_deductions")["amount"] == 694_749.9
    assert row(table, "line", "deductions")["per_registered"] == pytest.approx(-9.00002)
    assert all(one["missing"] is None for one in table.rows)


def test_premises_dispensing_networks_and_deductions_stand_apart() -> None:
    table = of_one()
    groups = [one["line_group"] for one in table.rows if one["level"] == "group"]
    assert groups == [
        "core", "quality", "enhanced", "premises", "dispensing", "networks", "covid", "deductions",
    ]  # fmt: skip
    assert row(table, "group", "networks")["counted_in"] == "networks"
    assert table.caption == CAPTION and "not what GPs earn" in CAPTION and "ranked" in CAPTION


def test_an_amount_below_zero_is_told_as_money_taken_back() -> None:
    assert "taken back" in row(of_one(), "line", "minor_surgery")["note"]
    assert "taken back" not in (row(of_one(), "line", "qof")["note"] or "")
    given = row(of_one(amounts={**MONEY, "deductions": 20.0}), "line", "deductions")
    assert "more was given back than taken off" in given["note"]
    usual = row(of_one(), "line", "deductions")["note"]
    assert "taken back" not in usual


def test_the_money_of_practices_without_a_list_is_divided_by_nobody() -> None:
    table = of_one()
    assert row(table, "total", "practice")["england_per_registered"] == pytest.approx(
        (646_750.0 + 900_000) / 15_000
    )
    everyone = sums((A, MONEY), (B, {"global_sum": 900_000.0}), (NO_LIST, {"other": 70_000.0}))
    many = money(everyone, everyone, everyone, period=YEAR, name="England")
    total = row(many, "total", "practice")
    assert total["amount"] == 646_750.0 + 900_000 + 70_000
    assert total["per_registered"] == total["england_per_registered"]
    told = " ".join(many.notes)
    assert "sum of 3 practices" in told and "their £70,000.00 of payments" in told


def test_no_list_gives_no_figure_for_each_patient_and_says_why() -> None:
    table = of_one(NO_LIST, {"other": 70_000.0})
    found = row(table, "line", "other")
    assert (found["amount"], found["per_registered"], found["per_weighted"]) == (70_000, None, None)
    assert found["missing"] == "nobody to count"
    assert found["england_per_registered"] is not None
    assert "no registered patients" in table.notes[0]
    assert any("No registered patients" in note for note in table.notes[1:])


def test_a_tiny_list_gives_none_either() -> None:
    table = of_one(about("A00001", 5.25))
    assert row(table, "line", "qof")["per_registered"] is None
    assert row(table, "line", "qof")["missing"] == "not applicable"
    assert table.notes[0].startswith("Its list was 5 in that file, under 750")
    own = sums((about("A00001", 5.25), MONEY))
    asked = money(own, own, own, period=YEAR, name="X", smallest_list=5)
    assert row(asked, "line", "qof")["per_registered"] == pytest.approx(60_000 / 5.25)


def test_a_closed_practice_says_when() -> None:
    notes = of_one(about("A00001", close_date=date(2022, 9, 30))).notes
    assert "The file gives the practice a close date: 30 September 2022." in notes


def test_payments_to_networks_say_how_few_have_them() -> None:
    (note,) = [note for note in of_one().notes if "networks" in note]
    assert "in England 1 of 3 have any for network workforce" in note
    bare = of_one(amounts={"global_sum": 1.0})
    assert not [note for note in bare.notes if "networks" in note]


def test_amounts_that_are_not_given_are_counted() -> None:
    notes = of_one(amounts={"global_sum": 1.0, "qof": None, "premises": None}).notes
    assert "2 amounts are not given in the file, and are in no sum." in notes
    assert not [note for note in of_one().notes if "not given" in note]


def test_no_board_leaves_its_columns_empty() -> None:
    own, none = sums((A, MONEY)), sums()
    table = money(own, none, own, period=YEAR, name="X", practice=A)
    assert {one["icb_per_registered"] for one in table.rows} == {None}
    assert row(table, "line", "qof")["per_registered"] == 12.0


def test_a_year_that_is_not_there_is_told_with_those_that_are() -> None:
    own, none = sums((A, MONEY)), sums()
    with pytest.raises(Problem, match=r"for 2030-31 is loaded\. Years loaded: 2022-23\."):
        money(own, own, own, period="2030-31", name="X")
    with pytest.raises(Problem, match="X is not in the payments file of 2022-23"):
        money(none, none, own, period=YEAR, name="X")


def test_the_statement_adds_up_to_the_published_total() -> None:
    payments = Table.of(PAYMENTS, lines(A, {**MONEY, "seniority": 0.0, "other": None}))
    found = money_statement(payments, A, name="The First")
    assert found.total == Decimal("646750.00")
    assert [line.rule.id for line in found.lines] == [
        "payments.global_sum", "payments.qof", "payments.minor_surgery", "payments.premises",
        "payments.drugs_reimbursed",
    ]  # fmt: skip
    assert found.lines[0].rule.reference.endswith("column “Global Sum”")
    assert found.lines[2].pounds == Decimal("-250.75")
    told = " ".join(step.text for step in found.working.steps)
    assert "Nothing was paid under: Seniority." in told
    assert "No amount is given for: Other payments (no return)." in told
    off = money_statement(payments, A, name="X", counted_in=("practice", "deductions"))
    assert off.total == Decimal("601749.90")
    with pytest.raises(Problem, match="not in the payments file"):
        money_statement(Table.of(PAYMENTS, []), A, name="X")


def test_the_years_side_by_side() -> None:
    before = about("A00001", 4000.0, period="2021-22")
    table = money_trend(sums((before, {"global_sum": 400_000.0}), (A, MONEY)), name="The First")
    found = {(one["period"], one["line_group"]): one for one in table.rows}
    assert found["2021-22", "core"]["per_registered"] == 100.0
    assert found["2022-23", ""]["amount"] == 646_750.0
    assert ("2021-22", "premises") not in found
    assert "not adjusted for prices" in table.caption
    assert len(money_trend(sums(), name="X")) == 0
    small = money_trend(sums((about("A00001", 3.0), MONEY)), name="X")
    assert {one["per_registered"] for one in small.rows} == {None}
    assert {one["missing"] for one in small.rows} == {"not applicable"}


PENCE = st.one_of(st.none(), st.integers(-(10**9), 10**11))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([YEAR, "2021-22"]),
            st.sampled_from([0.0, 0.25, 900.5, 12_345.75]),
            st.dictionaries(st.sampled_from(list(KNOWN.lines)), PENCE, min_size=1),
        ),
        max_size=8,
    )
)
def test_sums_are_exact_to_the_penny(given_rows: list[tuple[str, float, dict[str, Any]]]) -> None:
    """The vectorised sums against a slow plain twin in whole pence."""
    practices = [
        (about(f"A{place:05d}", people, period=period), pence)
        for place, (period, people, pence) in enumerate(given_rows)
    ]
    table = sums(
        *(
            (one, {line: None if p is None else p / 100 for line, p in pence.items()})
            for one, pence in practices
        )
    )
    plain: dict[tuple[str, str], dict[str, Any]] = defaultdict(
        lambda: {"amount": 0, "listed_amount": 0, "paid": 0, "not_given": 0}
    )
    for one, pence in practices:
        for line, p in pence.items():
            cell = plain[one["period"], line]
            cell["amount"] += p or 0
            cell["listed_amount"] += (p or 0) if one["registered"] else 0
            cell["paid"] += bool(p)
            cell["not_given"] += p is None
    assert {(r["period"], r["line"]) for r in table.rows} == set(plain)
    for r in table.rows:
        cell = plain[r["period"], r["line"]]
        assert r["amount"] == cell["amount"] / 100
        assert r["listed_amount"] == cell["listed_amount"] / 100
        assert (r["paid"], r["not_given"]) == (cell["paid"], cell["not_given"])
        same = [one for one, _ in practices if one["period"] == r["period"]]
        assert r["practices"] == len(same)
        assert r["no_list"] == sum(not one["registered"] for one in same)
        assert r["registered"] == sum(one["registered"] for one in same)


@pytest.mark.published
def test_each_practice_comes_to_the_average_that_the_publisher_gives(published: Path) -> None:
    """Payments for each patient of 2022-23, worked out here, against the published columns."""
    (path,) = (published / "practice").glob("nhspaymentsgp-22-23-*.csv.gz")
    (document,) = documents(path)
    (reading,) = read(document)
    payments, practices = (reading.tables[name] for name in ("payments", "payment_practices"))
    england = payment_sums(payments, practices)
    none = sums()
    everyone = money(england, none, england, period=YEAR, name="England")
    assert row(everyone, "total", "practice")["amount"] == 10_230_094_803.70
    assert row(everyone, "total", "with_both")["amount"] == 11_011_986_630.11
    assert row(everyone, "total", "with_both_after_deductions")["amount"] == 10_158_685_142.52
    assert "206 of them have no registered patients; their £78,797,122.93" in everyone.notes[1]
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    about_each = {one["practice_code"]: one for one in practices.rows}
    for one in rows[::97]:
        code = one["Practice Code"]
        own = payment_sums(
            *(
                Table.of(t.schema, t.data.filter(pc.equal(t.data["practice_code"], code)))
                for t in (payments, practices)
            )
        )
        table = money(
            own, none, england, period=YEAR, name=code, practice=about_each[code], smallest_list=0
        )
        total, networks, covid = (
            row(table, "total", name) for name in ("practice", "with_networks", "with_covid")
        )
        if not about_each[code]["registered"]:
            assert one["Average payments per registered patient"] == "0"
            assert total["per_registered"] is None
            continue
        for found, what in (
            (total, ""),
            (networks, " including PCN Workforce, Leadership and Support"),
            (covid, " including covid vaccination, covid support and long covid payments"),
        ):
            for per, people in (("per_registered", "registered"), ("per_weighted", "weighted")):
                published_average = float(one[f"Average payments per {people} patient{what}"])
                assert found[per] == pytest.approx(published_average, abs=0.0051), code
