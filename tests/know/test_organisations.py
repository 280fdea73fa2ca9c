from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.know import belongs_to, crossing_networks, hierarchy_at
from tests.know.made import EARLY, LAST_DAY, LATE, hierarchy, moved, span

NAMES = {"N1": "Old Town PCN", "I1": "First ICB", "I2": "Second ICB"}


def rows_of(table):
    return [(r["kind"], r["code"], r["practices"]) for r in table.rows]


def standing_on(rows, on):
    return [r for r in rows if r["valid_from"] <= on <= (r["valid_to"] or date.max)]


@st.composite
def pasts(draw: st.DrawFn):
    """Practices with spans that follow each other, with gaps and closures."""
    rows = []
    for practice in ("P1", "P2", "P3", "P4"):
        day = EARLY + timedelta(days=draw(st.integers(0, 40)))
        for _ in range(draw(st.integers(0, 3))):
            end = day + timedelta(days=draw(st.integers(0, 20)))
            stands = draw(st.integers(0, 4)) == 0
            rows.append(
                span(practice, draw(st.sampled_from(["N1", "N2", "U", None])),
                     icb=draw(st.sampled_from(["I1", "I2", None])), start=day,
                     end=None if stands else end)
            )  # fmt: skip
            if stands:
                break
            day = end + timedelta(days=draw(st.integers(1, 15)))
    return rows


DAYS = st.integers(-5, 120).map(lambda n: EARLY + timedelta(days=n))


@given(pasts(), DAYS)
def test_the_hierarchy_of_a_day_is_its_slow_twin(rows, on) -> None:
    assert hierarchy_at(hierarchy(*rows), on).rows == standing_on(rows, on)


@given(pasts(), DAYS)
def test_belonging_on_a_day_counts_each_practice_once_and_never_u(rows, on) -> None:
    standing = standing_on(rows, on)
    table = belongs_to(hierarchy(*rows), NAMES, "group", on)
    for kind in ("pcn", "icb"):
        twin = Counter(r[f"{kind}_code"] for r in standing if r[f"{kind}_code"] not in ("U", None))
        assert {c: n for k, c, n in rows_of(table) if k == kind} == dict(twin)
    for row in table.rows:
        assert row["valid_from"] <= on <= (row["valid_to"] or date.max)


def stretch(rows, practice, column, parent, on):
    """Walk from ``on``, a day at a time, while one practice has one parent."""

    def has(day):
        return any(
            r[column] == parent for r in standing_on(rows, day) if r["practice_code"] == practice
        )

    first = last = on
    while has(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while last < EARLY + timedelta(days=400) and has(last + timedelta(days=1)):
        last += timedelta(days=1)
    return first, None if last == EARLY + timedelta(days=400) else last


@given(pasts(), st.none() | DAYS)
def test_since_and_until_are_those_of_a_walk_day_by_day(rows, on) -> None:
    made = belongs_to(hierarchy(*rows), NAMES, "group", on).rows
    ends = [r["valid_to"] for r in rows]
    if on is None and rows:
        # The last day that anybody stood: any day after all changes where one still stands.
        on = max(ends) if None not in ends else EARLY + timedelta(days=300)
    expected = {}
    for row in standing_on(rows, on) if on else []:
        for kind in ("pcn", "sub_icb", "icb", "region"):
            parent = row[f"{kind}_code"]
            if parent not in ("U", None):
                span_of = stretch(rows, row["practice_code"], f"{kind}_code", parent, on)
                expected.setdefault((kind, parent), []).append(span_of)
    assert {(r["kind"], r["code"]): (r["practices"], r["valid_from"], r["valid_to"])
            for r in made} == {
        key: (len(some), min(first for first, _ in some),
              None if any(last is None for _, last in some) else max(last for _, last in some))
        for key, some in expected.items()
    }  # fmt: skip


def test_a_closed_member_does_not_keep_a_living_network_in_an_abolished_board() -> None:
    past = hierarchy(span("P1", icb="I1", end=LAST_DAY), *moved("P2", {"icb": "I1"}, {"icb": "I9"}))
    boards = [r for r in belongs_to(past, NAMES, "pcn", code="N1").rows if r["kind"] == "icb"]
    assert [(r["code"], r["practices"], r["valid_from"]) for r in boards] == [("I9", 1, LATE)]


def test_an_ended_network_keeps_the_board_of_its_last_day() -> None:
    early = date(2025, 6, 30)
    past = hierarchy(span("P1", icb="I1", end=early), span("P2", icb="I2", end=LAST_DAY))
    made = belongs_to(past, NAMES, "pcn", code="N1")
    assert [row for row in rows_of(made) if row[0] == "icb"] == [("icb", "I2", 1)]
    assert {r["valid_to"] for r in made.rows} == {LAST_DAY}


def test_a_practice_that_vanishes_and_returns_belongs_anew() -> None:
    gone = date(2025, 6, 30)
    past = hierarchy(span("P1", end=gone), span("P1", start=LATE))
    assert {r["valid_from"] for r in belongs_to(past, NAMES, "practice").rows} == {LATE}
    assert rows_of(belongs_to(past, NAMES, "practice", date(2025, 9, 1))) == []
    before = belongs_to(past, NAMES, "practice", gone).rows
    assert {(r["valid_from"], r["valid_to"]) for r in before} == {(EARLY, gone)}


def test_the_order_of_rows_says_nothing() -> None:
    rows = [*moved("P1", {"pcn": "N1"}, {"pcn": "N2"}), *moved("P2", {"icb": "I2"}, {})]
    for kind, code in (("group", None), ("icb", "I1")):
        forwards = belongs_to(hierarchy(*rows), NAMES, kind, None, code)
        assert belongs_to(hierarchy(*reversed(rows)), NAMES, kind, None, code).rows == forwards.rows


def test_a_code_without_a_name_stands_for_itself_and_most_practices_come_first() -> None:
    past = hierarchy(span("P1", "N8"), span("P2", "N7"), span("P3", "N8"), span("P4", "N6"))
    networks = [r for r in belongs_to(past, NAMES, "group").rows if r["kind"] == "pcn"]
    assert [(r["name"], r["practices"]) for r in networks] == [("N8", 2), ("N6", 1), ("N7", 1)]


@given(pasts(), DAYS)
def test_crossing_networks_are_those_of_the_slow_twin(rows, on) -> None:
    boards: dict[str, Counter[str]] = {}
    for row in standing_on(rows, on):
        if row["pcn_code"] not in ("U", None) and row["icb_code"]:
            boards.setdefault(row["pcn_code"], Counter())[row["icb_code"]] += 1
    made = crossing_networks(hierarchy_at(hierarchy(*rows), on), NAMES)
    assert {(r["pcn_code"], r["icb_code"], r["practices"]) for r in made.rows} == {
        (pcn, icb, n) for pcn, some in boards.items() if len(some) > 1 for icb, n in some.items()
    }


def test_a_practice_belongs_from_network_to_region() -> None:
    table = belongs_to(hierarchy(span("P1", place="L1")), NAMES, "practice", LATE)
    assert rows_of(table) == [
        ("pcn", "N1", 1), ("place", "L1", 1), ("sub_icb", "S1", 1), ("icb", "I1", 1),
        ("region", "R1", 1),
    ]  # fmt: skip
    assert table.rows[0]["name"] == "Old Town PCN"
    assert table.rows[0]["valid_to"] is None


def test_a_closed_practice_keeps_its_past_hierarchy() -> None:
    past = hierarchy(span("P1", end=LAST_DAY))
    kept = belongs_to(past, NAMES, "practice")
    assert ("icb", "I1", 1) in rows_of(kept)
    assert kept.rows[0]["valid_to"] == LAST_DAY
    assert rows_of(belongs_to(past, NAMES, "practice", LATE)) == []


def test_a_level_that_did_not_change_reaches_back_over_one_that_did() -> None:
    past = hierarchy(*moved("P1", {"pcn": "N1"}, {"pcn": "N2"}))
    rows = belongs_to(past, NAMES, "practice").rows
    since = {r["kind"]: (r["code"], r["valid_from"]) for r in rows}
    assert since["pcn"] == ("N2", LATE)
    assert since["icb"] == ("I1", EARLY)
    before = belongs_to(past, NAMES, "practice", LAST_DAY).rows[0]
    assert (before["code"], before["valid_from"], before["valid_to"]) == ("N1", EARLY, LAST_DAY)


def test_unallocated_is_no_organisation() -> None:
    table = belongs_to(hierarchy(span("P1", pcn="U")), NAMES, "practice")
    assert [r["kind"] for r in table.rows] == ["sub_icb", "icb", "region"]


def test_only_levels_above_are_named() -> None:
    past = hierarchy(span("P1"), span("P2"), span("P3", icb="I2"))
    assert rows_of(belongs_to(past, NAMES, "pcn", code="N1")) == [
        ("sub_icb", "S1", 3), ("icb", "I1", 2), ("icb", "I2", 1), ("region", "R1", 3)
    ]  # fmt: skip
    assert rows_of(belongs_to(past, NAMES, "region")) == []
    assert rows_of(belongs_to(past, NAMES, "england")) == []


def test_a_member_counts_only_while_it_was_one() -> None:
    past = hierarchy(
        span("P1", "N1"), *moved("P2", {"pcn": "N2", "icb": "I2"}, {"pcn": "N1", "icb": "I1"})
    )
    assert ("icb", "I2", 1) in rows_of(belongs_to(past, NAMES, "pcn", EARLY))
    assert ("icb", "I1", 1) in rows_of(belongs_to(past, NAMES, "pcn", EARLY, code="N1"))
    assert "I2" not in {c for _, c, _ in rows_of(belongs_to(past, NAMES, "pcn", EARLY, code="N1"))}
    assert ("icb", "I1", 2) in rows_of(belongs_to(past, NAMES, "pcn", LATE, code="N1"))


def test_networks_that_cross_boards_are_found_and_u_never_does() -> None:
    rows = [span("P1"), span("P2", icb="I2"), span("P3", icb="I2"), span("P4", pcn="N2"),
            span("P5", pcn="U", icb="I1"), span("P6", pcn="U", icb="I2"),
            span("P7", pcn=None, icb="I1"), span("P8", pcn=None, icb="I2")]  # fmt: skip
    table = crossing_networks(hierarchy(*rows), NAMES)
    assert [(r["pcn_code"], r["icb_code"], r["practices"]) for r in table.rows] == [
        ("N1", "I2", 2), ("N1", "I1", 1)
    ]  # fmt: skip
    assert table.rows[0]["pcn_name"] == "Old Town PCN"


@pytest.mark.parametrize("kind", ["practice", "pcn", "group"])
def test_nothing_known_gives_an_empty_table(kind) -> None:
    assert rows_of(belongs_to(hierarchy(), NAMES, kind)) == []
