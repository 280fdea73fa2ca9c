"""Hospital waits: counts, percentiles and comparators from counts by week."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality import knowledge
from locality.figures import Table
from locality.figures.schemas.waiting import WAITING
from locality.measure import combined, waits, waits_over, waits_trend
from locality.sources import Document, documents, read
from locality.store import recount
from locality.store.queries import count_again

# Its stubs tell apart every kind of column.
pc: Any = pyarrow.compute

NAMES = {"C_320": "Cardiology Service", "C_100": "General Surgery Service", "C_999": "Total"}


def row(code: str, week: int, pathways: int, **changes: Any) -> dict[str, Any]:
    kind = "england" if code == "ENG" else "icb" if code.startswith("Q") else "sub_icb"
    return {
        "period": "2026-M01", "code": code, "kind": kind, "part": "incomplete",
        "treatment_function": "C_999", "week": week, "pathways": pathways, **changes,
    }  # fmt: skip


TABLE = Table.of(
    WAITING,
    [
        row("00A", 0, 30), row("00A", 17, 30), row("00A", 18, 20), row("00A", 52, 15),
        row("00A", 104, 5),
        row("00A", 9, 8, treatment_function="C_320"),
        row("00A", 9, 4, treatment_function="C_100"),
        row("00A", -1, 50, part="new_periods"), row("00A", 3, 12, part="completed_admitted"),
        row("00A", -1, 2, part="completed_admitted"),
        row("00B", 0, 10),
        row("ENG", 0, 60), row("ENG", 20, 40),
        row("00A", 0, 1, period="2025-M12"),
    ],
)  # fmt: skip


def test_what_waits_how_long_and_what_started_and_ended() -> None:
    table = waits(TABLE, NAMES, "00A")
    assert [r["name"] for r in table.rows] == [
        "All specialties", "Cardiology Service", "General Surgery Service"
    ]  # fmt: skip
    every = table.rows[0]
    assert (every["incomplete"], every["within_18"], every["share_18"]) == (100, 60, 60.0)
    assert (every["over_52"], every["over_65"], every["over_78"]) == (20, 5, 5)
    assert every["median"] == pytest.approx(17 + 20 / 30)
    assert every["weeks_92"] == pytest.approx(52 + 12 / 15)
    assert (every["new_periods"], every["completed_admitted"]) == (50, 14)
    assert (every["england_share_18"], every["england_median"]) == (60.0, pytest.approx(50 / 60))
    assert table.rows[1]["median"] == 9.5 and "no sampling interval" in table.caption


def test_a_month_may_be_named_and_one_without_rows_is_empty() -> None:
    assert waits(TABLE, NAMES, "00A", "2025-M12").rows[0]["incomplete"] == 1
    assert not len(waits(TABLE, NAMES, "00A", "2020-M01"))
    assert not len(waits(TABLE, NAMES, "00Z"))


def test_a_percentile_in_the_open_band_is_not_told() -> None:
    table = Table.of(WAITING, [row("00A", 104, 10), row("00A", 0, 1)])
    (found,) = waits(table, NAMES, "00A").rows
    assert found["median"] is None and found["share_18"] == pytest.approx(100 / 11)
    assert found["missing"] == "over 104 weeks"
    # Half within the bands and not 92 in 100: there is a median, and nothing to excuse.
    table = Table.of(WAITING, [row("00A", 104, 10), row("00A", 0, 30)])
    (found,) = waits(table, NAMES, "00A").rows
    assert (found["median"], found["weeks_92"]) == (pytest.approx(2 / 3), None)
    assert found["missing"] is None


def test_pathways_without_a_time_have_no_median_and_are_not_over_104_weeks() -> None:
    (found,) = waits(Table.of(WAITING, [row("00A", -1, 4)]), NAMES, "00A").rows
    assert (found["incomplete"], found["median"]) == (4, None)
    assert found["missing"] == "nobody to count"


def test_organisations_stand_in_the_order_of_their_names() -> None:
    table = waits_over(TABLE, {"00A": "Zeal", "00B": "Amble"})
    assert [(r["name"], r["incomplete"]) for r in table.rows] == [("Amble", 10), ("Zeal", 100)]
    assert "not a ranking" in table.caption


def test_months_stand_in_order() -> None:
    assert [(r["period"], r["incomplete"]) for r in waits_trend(TABLE, "00A").rows] == [
        ("2025-M12", 1), ("2026-M01", 100)
    ]  # fmt: skip


def test_a_board_of_today_sums_its_sub_icbs_week_by_week() -> None:
    # Only sub-ICBs are summed, whatever else bears the same code.
    table = Table.of(WAITING, [*TABLE.rows, row("00A", 0, 999, kind="icb")])
    board = combined(table, {"QX": ["00A", "00B", "00Z"]}, "icb")
    (every, *_) = waits(board, NAMES, "QX").rows
    assert every["incomplete"] == 110 and every["within_18"] == 70
    assert {r["kind"] for r in board.rows} == {"icb"}
    assert not len(combined(TABLE, {}, "icb"))


KEYS = st.tuples(
    st.sampled_from(["00A", "00B", "00C"]),
    st.sampled_from(["incomplete", "incomplete_dta", "completed_admitted", "new_periods"]),
    st.sampled_from(["C_320", "C_999"]),
    st.sampled_from([-1, 0, 17, 18, 51, 52, 64, 65, 77, 78, 103, 104]),
)


@given(st.dictionaries(KEYS, st.integers(1, 99), min_size=1, max_size=30))
def test_counts_and_sums_are_those_of_a_plain_loop(
    given: dict[tuple[str, str, str, int], int],
) -> None:
    table = Table.of(
        WAITING,
        [row(code, week, n, part=part, treatment_function=function)
         for (code, part, function, week), n in given.items()],
    )  # fmt: skip
    board = combined(table, {"QX": ["00A", "00B"]}, "icb")
    told = {r["treatment_function"]: r for r in waits(board, NAMES, "QX").rows}
    mine = {k: n for k, n in given.items() if k[0] != "00C"}
    assert set(told) == {function for _, _, function, _ in mine}
    for function, found in told.items():
        own = [(k[1], k[3], n) for k, n in mine.items() if k[2] == function]
        waiting = [(week, n) for part, week, n in own if part == "incomplete"]
        total = sum(n for _, n in waiting)
        within = sum(n for week, n in waiting if 0 <= week < 18)
        assert (found["incomplete"], found["within_18"]) == (total, within)
        assert found["share_18"] == (pytest.approx(100 * within / total) if total else None)
        # A plain walk to the middle, beside the reason why there may be none.
        timed = sorted(week for week, n in waiting for _ in range(n) if week >= 0)
        middle = timed[(len(timed) - 1) // 2] if timed else None
        reasons = {None: "nobody to count", 104: "over 104 weeks"}
        assert found["missing"] == reasons.get(middle)
        if found["median"] is not None and middle is not None:
            assert middle <= found["median"] <= middle + 1
        for weeks in (52, 65, 78):
            assert found[f"over_{weeks}"] == sum(n for week, n in waiting if week >= weeks)
        for part in ("completed_admitted", "completed_non_admitted", "new_periods"):
            assert found[part] == sum(n for name, _, n in own if name == part)


def test_the_measures_count_sub_icbs_and_england_as_published() -> None:
    known = knowledge.load().measures
    for id, expected in (("waits.within_18_weeks", {"00A": (60, 100), "ENG": (60, 100)}),
                         ("waits.over_52_weeks", {"00A": (20, 100), "ENG": (0, 100)})):  # fmt: skip
        rows = recount(known[id], {"waiting": TABLE}).to_pylist()
        january = [r for r in rows if r["period"] == "2026-M01" and r["practice_code"] != "00B"]
        assert {r["practice_code"]: (r["numerator"], r["denominator"]) for r in january} == expected


@pytest.fixture(scope="module")
def january(published: Path) -> Table:
    (document,) = documents(
        published / "commissioner/activity/Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip"
    )
    assert isinstance(document, Document)
    (reading,) = read(document)
    return Table.of(WAITING, count_again("waiting", reading.tables["waiting_rows"]))


@pytest.mark.published
def test_england_in_january_2026(january: Table) -> None:
    every = waits(january, {}, "ENG").rows[0]
    assert (every["incomplete"], every["within_18"]) == (7_155_958, 4_395_958)
    assert (every["over_52"], every["over_65"], every["over_78"]) == (133_860, 7_417, 1_614)
    # No incomplete pathway has an unknown start: the share's denominator leaves no choice.
    assert not any(
        r["part"] == "incomplete" for r in january.data.filter(pc.equal(january.data["week"], -1))
        .select(["part"]).to_pylist()
    )  # fmt: skip
    assert every["median"] == pytest.approx(13.620906, abs=5e-7)
    assert every["weeks_92"] == pytest.approx(40.347456, abs=5e-7)


@pytest.mark.published
def test_every_board_and_specialty_equals_the_published_series(
    january: Table, published: Path
) -> None:
    path = published / (
        "commissioner/activity/rtt_incomplete_icb_treatment_function_2022-10_2026-03.csv.gz"
    )
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    theirs = [r for r in csv.DictReader(io.StringIO(text)) if "2026-01" in r["Period"]]
    boards = sorted({r["ICB_Code"] for r in theirs})
    ours = {
        (code, r["treatment_function"]): r
        for code in boards
        for r in waits(january, {}, code).rows
        if r["incomplete"]
    }
    assert len(theirs) == 966
    # Theirs has no row of all specialties.
    listed = {(their["ICB_Code"], their["TF_Code"]) for their in theirs}
    assert set(ours) - listed == {(code, "C_999") for code in boards} and len(boards) == 42
    unsaid = 0
    for their in theirs:
        own = ours[their["ICB_Code"], their["TF_Code"]]
        assert own["incomplete"] == int(their["Incomplete_Pathways"])
        assert own["within_18"] == int(their["Within_18wks"])
        assert own["over_52"] == int(their["Waiters_52plus"])
        assert own["over_65"] == int(their["Waiters_65plus"])
        assert own["over_78"] == int(their["Waiters_78plus"])
        for name, column in (("median", "Median_Wait_Wks"), ("weeks_92", "P92_Wait_Wks")):
            if not their[column]:
                assert own["incomplete"] < 20, "theirs is empty for the few alone"
                unsaid += 1
                continue
            assert own["incomplete"] >= 20
            assert own[name] == pytest.approx(float(their[column]), abs=1e-6)
    assert unsaid == 2 * 32


def test_arrow_tables_of_the_store_are_taken_as_they_are() -> None:
    data = TABLE.data.combine_chunks()
    assert isinstance(data, pa.Table)
    assert waits(Table(WAITING, data), NAMES, "00A").rows == waits(TABLE, NAMES, "00A").rows
