"""Staff by role: rates over the practices that made a return, and nothing divided or doubled."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Missing, Table
from locality.figures.schemas import WEIGHTED_POPULATIONS
from locality.figures.schemas.staff import NETWORK_STAFF, PRACTICE_STAFF, WORKFORCE_PATIENTS
from locality.know.staff import network_staff, staff, staff_trend
from locality.know.staff_grid import HEADLINES
from locality.sources import Document, read

ON = date(2026, 6, 30)
NO_RETURN = Missing.NO_RETURN.value


def staff_rows(*rows: tuple[str, str, str, float | None], on: date = ON) -> list[dict[str, Any]]:
    return [
        {
            "as_at": on, "practice_code": code, "staff_group": group, "role": role, "fte": fte,
            "headcount": None if fte is None else float(round(fte + 0.5)), "estimated": False,
            "missing": NO_RETURN if fte is None else None,
        }
        for code, group, role, fte in rows
    ]  # fmt: skip


def patients(on: date = ON, **people: int | None) -> list[dict[str, Any]]:
    return [
        {"as_at": on, "practice_code": code, "patients": n, "missing": None}
        for code, n in people.items()
    ]


def weighted(component: str = "primary_medical_need", **people: float | None) -> Table:
    return Table.of(
        WEIGHTED_POPULATIONS,
        [
            {"period": "2025-26", "practice_code": code, "component": component,
             "population": n, "icb_code": "QHM", "missing": None}
            for code, n in people.items()
        ],
    )  # fmt: skip


def table(rows: list[dict[str, Any]]) -> Table:
    return Table.of(PRACTICE_STAFF, rows)


def people(rows: list[dict[str, Any]]) -> Table:
    return Table.of(WORKFORCE_PATIENTS, rows)


def lines(found: Table) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["staff_group"], row["role"]): row for row in found.rows}


ROWS = staff_rows(
    ("A00001", "GP", "total", 4.0), ("A00001", "GP", "total fully qualified", 3.0),
    ("A00001", "GP", "total trainees", 1.0), ("A00001", "GP", "total locums", 0.5),
    ("A00001", "GP", "senior partner", 2.5), ("A00001", "nurse", "total", 2.0),
    ("A00001", "nurse", "practice nurse", 2.0), ("A00001", "admin", "total", None),
    ("A00002", "GP", "total", 6.0), ("A00002", "GP", "total fully qualified", 6.0),
    ("A00002", "GP", "total trainees", 0.0), ("A00002", "GP", "total locums", 0.0),
    ("A00002", "nurse", "total", None), ("A00002", "admin", "total", 9.0),
    ("A00003", "GP", "total", 1.0), ("A00003", "GP", "total fully qualified", 1.0),
    ("A00003", "GP", "total trainees", 0.0), ("A00003", "GP", "total locums", 0.0),
    ("A00003", "nurse", "total", 1.0), ("A00003", "nurse", "nurse specialist", 1.0),
    ("A00003", "admin", "total", 3.0),
)  # fmt: skip
PATIENTS = patients(A00001=5000, A00002=10_000, A00003=5000)
WEIGHTED = weighted(A00001=6000.0, A00002=8000.0, A00003=None)
BOARD = ("A00001", "A00002")


def found(own: Collection[str], icb: Collection[str] = BOARD) -> Table:
    return staff(table(ROWS), people(PATIENTS), WEIGHTED, own, icb)


def test_rates_are_per_ten_thousand_beside_the_board_and_england() -> None:
    line = lines(found(["A00001"]))["GP", "total fully qualified"]
    assert line["fte"] == 3 and line["rate"] == 6 and line["rate_weighted"] == 5
    assert line["icb_rate"] == pytest.approx(1e4 * 9 / 15_000)
    assert line["england_rate"] == pytest.approx(1e4 * 10 / 20_000)
    # The third practice has no weighted population: neither its staff nor its people are in it.
    assert line["england_rate_weighted"] == pytest.approx(1e4 * 9 / 14_000)


def test_a_rate_counts_the_patients_of_the_practices_that_made_a_return() -> None:
    line = lines(found(["A00001"]))["nurse", "total"]
    assert line["icb_rate"] == pytest.approx(1e4 * 2 / 5000)
    assert line["england_rate"] == pytest.approx(1e4 * 3 / 10_000)
    both = lines(found(BOARD))["nurse", "total"]
    assert (both["practices"], both["no_return"], both["rate"]) == (1, 1, pytest.approx(4.0))


def test_no_return_is_said_and_is_not_zero() -> None:
    table_ = found(["A00001"])
    admin = lines(table_)["admin", "total"]
    assert (admin["fte"], admin["rate"], admin["missing"]) == (None, None, NO_RETURN)
    assert (admin["practices"], admin["no_return"]) == (0, 1)
    assert admin["england_rate"] == pytest.approx(1e4 * 12 / 15_000)
    assert any("admin (1)" in note and "not counted as having nobody" in note
               for note in table_.notes)  # fmt: skip


def test_a_role_without_a_row_is_zero_where_the_practice_made_a_return() -> None:
    first = lines(found(["A00001"]))
    assert first["nurse", "nurse specialist"]["fte"] == 0
    assert first["nurse", "nurse specialist"]["headcount"] == 0
    second = lines(found(["A00002"]))
    assert second["nurse", "nurse specialist"]["missing"] == NO_RETURN


def test_trainees_and_locums_stand_apart_and_headlines_come_first() -> None:
    table_ = found(["A00001"])
    order = [(row["staff_group"], row["role"]) for row in table_.rows]
    assert order[:3] == list(HEADLINES[:3])
    assert order[3:5] == [("nurse", "total"), ("admin", "total")]
    assert lines(table_)["GP", "total trainees"]["fte"] == 1
    assert "Locums are among the fully qualified" in table_.notes[0]


def test_the_caption_says_that_staff_of_networks_are_not_in_it() -> None:
    caption = found(["A00001"]).caption
    assert "employed by primary care networks are not in practice figures" in caption
    assert "never divided among practices" in caption
    assert "no sampling interval" in caption


def test_overall_need_stands_in_where_primary_care_is_not_in_the_allocation() -> None:
    overall = weighted("overall", A00001=3000.0)
    line = staff(table(ROWS), people(PATIENTS), overall, ["A00001"])
    assert lines(line)["GP", "total"]["rate_weighted"] == pytest.approx(1e4 * 4 / 3000)
    assert any("all core services" in note for note in line.notes)
    none = staff(table(ROWS), people(PATIENTS), weighted(), ["A00001"])
    assert lines(none)["GP", "total"]["rate_weighted"] is None
    assert any("No need-weighted population is loaded" in note for note in none.notes)


def test_no_patients_no_board_and_nothing_loaded() -> None:
    nobody = staff(table(ROWS), people(patients(A00001=0, A00002=None)), WEIGHTED, ["A00001"])
    line = lines(nobody)["GP", "total"]
    assert (line["fte"], line["rate"], line["icb_rate"]) == (4, None, None)
    empty = staff(table([]), people([]), weighted(), ["A00001"])
    assert not len(empty) and "No workforce file" in empty.caption


def test_of_several_censuses_the_latest_counts() -> None:
    older = staff_rows(("A00001", "GP", "total", 99.0), on=date(2025, 6, 30))
    both = staff(table([*older, *ROWS]), people(PATIENTS), WEIGHTED, ["A00001"])
    assert lines(both)["GP", "total"]["fte"] == 4
    assert {row["as_at"] for row in both.rows} == {ON}


def test_estimated_hours_are_counted() -> None:
    rows = [
        {**row, "estimated": row["practice_code"] == "A00002"}
        for row in ROWS
        if row["staff_group"] == "GP"
    ]
    line = lines(staff(table(rows), people(PATIENTS), WEIGHTED, BOARD))["GP", "total"]
    assert line["estimated"] == 1
    unsaid = [{**row, "estimated": None} for row in rows]
    line = lines(staff(table(unsaid), people(PATIENTS), WEIGHTED, BOARD))["GP", "total"]
    assert line["estimated"] is None


def test_headcounts_of_several_practices_carry_a_warning() -> None:
    assert any("counts twice" in note for note in found(BOARD).notes)
    assert not any("counts twice" in note for note in found(["A00001"]).notes)


def test_the_trend_is_oldest_first_and_says_where_a_return_lacks() -> None:
    older = date(2025, 6, 30)
    rows = [
        *ROWS,
        *staff_rows(("A00001", "nurse", "total", 1.0), ("A00002", "nurse", "total", 2.0),
                    on=older),
    ]  # fmt: skip
    mine = [row for row in rows if row["practice_code"] in BOARD]
    listed = [*PATIENTS, *patients(older, A00001=5000, A00002=10_000)]
    trend = staff_trend(table(mine), people(listed), BOARD)
    nurses = [row for row in trend.rows if row["staff_group"] == "nurse"]
    assert [row["as_at"] for row in nurses] == [older, ON]
    assert [row["rate"] for row in nurses] == [pytest.approx(2.0), pytest.approx(4.0)]
    assert [row["no_return"] for row in nurses] == [0, 1]
    gone = [r for r in trend.rows if r["as_at"] == older and r["staff_group"] == "admin"]
    assert gone[0]["missing"] == NO_RETURN
    assert trend.notes == ("Not every practice made a return on 30 June 2026.",)


def test_a_practice_that_had_closed_by_a_census_is_not_lacking_in_its_trend() -> None:
    older = date(2025, 6, 30)
    rows = staff_rows(("A00001", "GP", "total fully qualified", 3.0))
    line = "GP", "total fully qualified"
    before = staff_rows(("A00001", *line, 3.0), ("A00009", *line, 1.0), on=older)
    both = [*rows, *before]
    listed = [*patients(A00001=5000), *patients(older, A00001=5000, A00009=2500)]
    trend = staff_trend(table(both), people(listed), ["A00001", "A00009"])
    told = [(r["fte"], r["no_return"]) for r in trend.rows if r["role"] == "total fully qualified"]
    assert told == [(4.0, 0), (3.0, 0)]
    assert trend.notes == ()
    now = staff(table(both), people(listed), weighted(), ["A00001", "A00009"])
    assert lines(now)[line]["no_return"] == 0
    gone = staff(table(both), people(listed), weighted(), ["A00009"])
    assert (lines(gone)[line]["no_return"], lines(gone)[line]["missing"]) == (1, NO_RETURN)


def network(*rows: tuple[str, str, int, float], on: date = ON) -> list[dict[str, Any]]:
    return [
        {"as_at": on, "pcn_code": "U12345", "staff_group": group, "role": role, "posts": posts,
         "fte": fte}
        for group, role, posts, fte in rows
    ]  # fmt: skip


def test_staff_of_a_network_by_group_and_role() -> None:
    rows = network(
        ("director", "other director", 1, 0.1), ("direct patient care", "pharmacist", 3, 2.5),
        ("direct patient care", "care coordinator", 4, 3.5), ("GP", "salaried by PCN", 1, 0.5),
    )  # fmt: skip
    older = network(("GP", "locum", 1, 9.0), on=date(2022, 9, 30))
    shown = network_staff(Table.of(NETWORK_STAFF, [*older, *rows]), "One PCN")
    assert [(r["staff_group"], r["role"], r["posts"], r["fte"]) for r in shown.rows] == [
        ("GP", "total", 1, 0.5), ("GP", "salaried by PCN", 1, 0.5),
        ("direct patient care", "total", 7, 6.0),
        ("direct patient care", "care coordinator", 4, 3.5),
        ("direct patient care", "pharmacist", 3, 2.5),
        ("director", "total", 1, 0.1), ("director", "other director", 1, 0.1),
    ]  # fmt: skip
    assert "never divided among practices" in shown.caption
    assert shown.title == "Staff of One PCN, 30 June 2026"


def test_a_network_without_rows_has_nobody_or_made_no_return() -> None:
    shown = network_staff(Table.of(NETWORK_STAFF, []), "One PCN")
    assert not len(shown)
    assert "may have nobody, or may not have made a return" in shown.caption


practice = st.fixed_dictionaries(
    {
        "total": st.one_of(st.none(), st.integers(0, 400).map(lambda n: n / 10)),
        "part": st.one_of(st.none(), st.integers(1, 50).map(lambda n: n / 10)),
        "patients": st.one_of(st.none(), st.integers(0, 20_000)),
        "weighted": st.one_of(st.none(), st.integers(1, 20_000).map(float)),
    }
)


@settings(max_examples=150)
@given(practices=st.lists(practice, min_size=1, max_size=7), own=st.sets(st.integers(0, 6)),
       icb=st.sets(st.integers(0, 6)))  # fmt: skip
def test_against_a_slow_plain_twin(
    practices: list[dict[str, Any]], own: set[int], icb: set[int]
) -> None:
    code = [f"A0000{n}" for n in range(7)]
    rows = []
    for n, one in enumerate(practices):
        rows += staff_rows((code[n], "nurse", "total", one["total"]))
        if one["total"] is not None and one["part"] is not None:
            rows += staff_rows((code[n], "nurse", "practice nurse", one["part"]))
    shown = lines(
        staff(
            table(rows),
            people(patients(**{code[n]: one["patients"] for n, one in enumerate(practices)})),
            weighted(**{code[n]: one["weighted"] for n, one in enumerate(practices)}),
            [code[n] for n in own],
            [code[n] for n in icb],
        )
    )
    for line, row in shown.items():
        for prefix, who in (("", own), ("icb_", icb), ("england_", set(range(7)))):
            here = [one for n, one in enumerate(practices) if n in who]
            here = [one for one in here if one["total"] is not None]
            for column, base in (("rate", "patients"), ("rate_weighted", "weighted")):
                top = bottom = 0.0
                for one in here:
                    if one[base] is not None:
                        top += one["total"] if line[1] == "total" else one["part"] or 0.0
                        bottom += one[base]
                told = row[f"{prefix}{column}"]
                assert told == (pytest.approx(1e4 * top / bottom) if bottom else None)
        mine = [one for n, one in enumerate(practices) if n in own and one["total"] is not None]
        assert row["practices"] == len(mine)
        in_file = [n for n in own if n < len(practices)]
        assert row["no_return"] == len(in_file or own) - len(mine)
        assert (row["missing"] == NO_RETURN) == (not mine)
        if mine:
            slowly = sum(o["total"] if line[1] == "total" else o["part"] or 0.0 for o in mine)
            assert row["fte"] == pytest.approx(slowly)


@pytest.mark.published
def test_england_in_april_2023(published: Path) -> None:
    path = published / "practice/derived/gp_workforce_practice_2023.csv.gz"
    content = gzip.decompress(path.read_bytes())
    (reading,) = read(Document(path.stem, content, path.name))
    raw = {
        row["practice_code"]: row
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    }
    shown = lines(
        staff(
            reading.tables["practice_staff"],
            reading.tables["workforce_patients"],
            weighted(),
            ["B81051"],
            [code for code, row in raw.items() if row["icb_code"] == "QOQ"],
        )
    )
    for line, column in (
        (("GP", "total fully qualified"), "total_gp_extg_fte"),
        (("nurse", "total"), "total_nurses_fte"),
        (("direct patient care", "total"), "total_dpc_fte"),
        (("admin", "total"), "total_admin_fte"),
    ):
        for prefix, board in (("icb_", "QOQ"), ("england_", "")):
            given = [
                (float(row[column]), float(row["total_patients"]))
                for row in raw.values()
                if row[column] and board in ("", row["icb_code"])
            ]
            rate = 1e4 * math.fsum(f for f, _ in given) / math.fsum(p for _, p in given)
            assert shown[line][f"{prefix}rate"] == pytest.approx(rate)
    assert shown["GP", "total fully qualified"]["fte"] == pytest.approx(6.12)
    assert shown["admin", "total"]["missing"] == NO_RETURN
