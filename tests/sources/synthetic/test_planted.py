"""Each planted truth is really in the files, and is where truths.json says it is."""

from __future__ import annotations

import json
from itertools import pairwise
from statistics import median

from tests.sources.synthetic.plainly import Plain, Row


def on_map(made: Plain, period: str) -> dict[str, Row]:
    return {row["PRACTICE_CODE"]: row for row in made.of("practice_map", period)}


def registers(made: Plain, period: str, group: str) -> dict[str, tuple[str, int]]:
    return {
        row["PRACTICE_CODE"]: (row["REGISTER"], int(row["PRACTICE_LIST_SIZE"]))
        for row in made.of("qof_prevalence", period)
        if row["GROUP_CODE"] == group
    }


def lists(made: Plain, period: str) -> dict[str, int]:
    return {r["CODE"]: int(r["NUMBER_OF_PATIENTS"]) for r in made.of("list_sizes", period)}


def test_truths_are_in_plain_words(made: Plain) -> None:
    assert all(one["words"].endswith(".") for one in made.planted.values())
    assert json.dumps(made.truths)


def test_no_practice_carries_two_truths(made: Plain) -> None:
    carrying = [one["practice"] for one in made.planted.values() if "practice" in one]
    carrying.append(made.planted["merger"]["successor"])
    small = made.planted["small_list"]["practice"]
    # The tiny list carries the empty register too.
    assert carrying.count(small) == 2
    others = [code for code in carrying if code != small]
    assert len(others) == len(set(others)) >= 10
    assert not set(others) & set(made.planted["small_in_year_counts"]["members"])


def test_merger(made: Plain) -> None:
    told = made.planted["merger"]
    closed, successor = told["practice"], told["successor"]
    maps = {period: on_map(made, period) for period in made.files("practice_map")}
    assert {p for p, rows in maps.items() if closed in rows} == {p for p in maps if p < told["on"]}
    assert all(successor in rows for rows in maps.values())
    last = max(period for period in maps if period < told["on"])
    assert maps[last][closed]["PCN_CODE"] == maps[last][successor]["PCN_CODE"] == told["pcn"]
    returned = [p for p in made.files("qof_prevalence") if closed in registers(made, p, "HYP")]
    assert max(returned) == told["last_qof_year"]

    before = lists(made, told["lists_before"]["as_at"])
    after = lists(made, told["lists_after"]["as_at"])
    assert before[closed] == told["lists_before"]["practice"]
    assert before[successor] == told["lists_before"]["successor"]
    assert after[successor] == told["lists_after"]["successor"]
    assert closed not in after
    # The successor grows by the people who came, not merely as lists do.
    assert abs(after[successor] - before[successor] - before[closed]) < 0.1 * before[successor]

    ods = {row[0]: row for row in made.bare_rows(made.files("ods_practices")["2026-07-01"])}
    assert ods[closed][12] == "C"
    assert ods[closed][11] == told["last_day"].replace("-", "")
    assert ods[successor][11:13] == ["", "A"]
    assert made.rows("practice_successors.csv") == [
        {
            "practice_code": closed,
            "successor_code": successor,
            "on": told["on"],
            "how": "merged",
        }
    ]


def test_moved_pcn(made: Plain) -> None:
    told = made.planted["moved_pcn"]
    before, after = on_map(made, told["last_map_before"]), on_map(made, told["first_map_after"])
    practice = told["practice"]
    assert before[practice]["PCN_CODE"] == told["from_pcn"]
    assert after[practice]["PCN_CODE"] == told["to_pcn"] != told["from_pcn"]
    moved = {
        code
        for code in before.keys() & after.keys()
        if before[code]["PCN_CODE"] != after[code]["PCN_CODE"]
    }
    assert moved == {practice}


def test_boards_merged(made: Plain) -> None:
    told = made.planted["board_merger"]
    before, after = on_map(made, "2026-01-01"), on_map(made, "2026-07-01")
    home = {c for c, row in after.items() if row["ICB_CODE"] == told["after"]["code"]}
    older = {one["code"] for one in told["before"]}
    assert {before[code]["ICB_CODE"] for code in home} == older
    assert len(older) == 2 and told["after"]["code"] not in older
    assert told["after"]["code"] == made.truths["home"]["code"]
    for code in home:
        assert before[code]["SUB_ICB_LOCATION_CODE"] == after[code]["SUB_ICB_LOCATION_CODE"]
    others = after.keys() - home
    assert all(before[code]["ICB_CODE"] == after[code]["ICB_CODE"] for code in others)


def test_pcn_across_boards(made: Plain) -> None:
    told = made.planted["pcn_across_boards"]
    found: dict[str, list[str]] = {}
    for code, row in on_map(made, "2026-07-01").items():
        if row["PCN_CODE"] == told["pcn"]:
            found.setdefault(row["ICB_CODE"], []).append(code)
    assert found == told["practices"]
    assert all(len(practices) >= 3 for practices in found.values()) and len(found) == 2


def test_unallocated(made: Plain) -> None:
    told = made.planted["unallocated"]
    for period in made.files("practice_map"):
        rows = on_map(made, period)
        assert [c for c, row in rows.items() if row["PCN_CODE"] == "U"] == [told["practice"]]
        assert rows[told["practice"]]["PCN_NAME"] == "Unallocated"


def test_suppressed_cell_is_the_only_one(made: Plain) -> None:
    told = made.planted["suppressed"]
    hidden = [
        (period, row["PRACTICE_CODE"], row["GROUP_CODE"], int(row["PRACTICE_LIST_SIZE"]))
        for period in made.files("qof_prevalence")
        for row in made.of("qof_prevalence", period)
        if row["REGISTER"] == "*"
    ]
    assert hidden == [(told["period"], told["practice"], told["group"], told["list"])]


def test_no_return_is_the_only_gap(made: Plain) -> None:
    told = made.planted["no_return"]
    gaps = []
    for period in made.files("qof_prevalence"):
        end = f"{int(period[:4]) + 1}-04-01"
        gaps += [
            (period, code)
            for code in lists(made, end).keys() - registers(made, period, "HYP").keys()
        ]
    assert gaps == [(told["period"], told["practice"])]


def test_zero_register(made: Plain) -> None:
    told = made.planted["zero_register"]
    for period in told["periods"]:
        register, of = registers(made, period, told["group"])[told["practice"]]
        assert register in ("0", "0.0") and of > 0
    assert len(told["periods"]) == made.truths["years"]


def test_small_list(made: Plain) -> None:
    told = made.planted["small_list"]
    for period, patients in told["patients"].items():
        assert lists(made, period)[told["practice"]] == patients
        assert 0 < patients < 750
    latest = lists(made, "2026-07-01")
    assert [code for code, number in latest.items() if number < 750] == [told["practice"]]


def test_outlier(made: Plain) -> None:
    told = made.planted["outlier"]
    for period, cell in told["years"].items():
        found = registers(made, period, told["group"])
        register, of = found.pop(told["practice"])
        assert (int(float(register)), of) == (cell["register"], cell["list"])
        others = [float(n) / size for n, size in found.values() if size > 3000]
        assert float(register) / of > 1.2 * max(others)
        assert float(register) / of > 3.5 * median(others)


def test_step_change(made: Plain) -> None:
    told = made.planted["step_change"]
    periods = sorted(told["years"])
    for period in periods:
        register, of = registers(made, period, told["group"])[told["practice"]]
        assert told["years"][period] == {"register": int(float(register)), "list": of}
    rates = {p: told["years"][p]["register"] / told["years"][p]["list"] for p in periods}
    for before, after in pairwise(periods):
        jump = rates[after] / rates[before]
        if after == told["first_period"]:
            assert 1.7 < jump < 2.8
        else:
            assert 0.85 < jump < 1.3
    assert told["first_period"] in periods[1:]


def test_blank_weighted_population(made: Plain) -> None:
    told = made.planted["blank_weighted_population"]
    file = made.files("weighted_populations")[told["period"]]
    blank = [row["Practice_Code"] for row in made.rows(file) if row["Mat WP"] == ""]
    assert blank == [told["practice"]]
    assert told["component"] == "maternity"


def test_late_correction_changes_one_cell(made: Plain) -> None:
    told = made.planted["late_correction"]
    first, second = made.rows(told["replaces"]), made.rows(told["file"])
    changed = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    assert len(changed) == 1
    before, after = changed[0]
    assert before["PRACTICE_CODE"] == told["practice"] and before["GROUP_CODE"] == told["group"]
    for row, when in ((before, "before"), (after, "after")):
        assert int(float(row["REGISTER"])) == told[when]["practice"]
    assert int(before["PRACTICE_LIST_SIZE"]) == told["list"] > told["after"]["practice"]
    # The sums move by just that much; the board next door's does not move.
    more = told["after"]["practice"] - told["before"]["practice"]
    assert more > 50
    assert told["after"]["england"] - told["before"]["england"] == more
    home = made.truths["home"]["code"]
    for board, number in told["after"]["icbs"].items():
        assert number - told["before"]["icbs"][board] == (more if board == home else 0)
    published = made.truths["england"]["qof_registers"][told["period"]][told["group"]]
    assert published["register"] == told["before"]["england"]


def test_small_counts_in_year(made: Plain) -> None:
    told = made.planted["small_in_year_counts"]
    rows = [
        row
        for one in made.truths["files"]
        if one["publication"] == "qof_in_year"
        for row in made.rows(one["file"])
    ]
    keys = [(r["practice_code"], r["indicator_code"], r["as_at"]) for r in rows]
    assert len(keys) == len(set(keys)), "one row a practice, indicator and date"
    columns = ("register", "denominator", "numerator", "pcas")
    small = {
        (*key, column, int(row[column]))
        for key, row in zip(keys, rows, strict=True)
        for column in columns
        if row[column] and 1 <= int(row[column]) <= told["at_most"]
    }
    assert small == {
        (c["practice"], c["indicator"], c["as_at"], c["column"], c["value"])
        for c in told["withheld"]
    }
    for row in rows:
        assert int(row["numerator"]) <= int(row["denominator"])
        # Published denominators are net of adjustments: both fit into the register.
        if row["register"]:
            assert int(row["denominator"]) + int(row["pcas"] or 0) <= int(row["register"])
    members = {c for c, row in on_map(made, "2026-07-01").items() if row["PCN_CODE"] == told["pcn"]}
    assert members == set(told["members"])
    assert {row["practice_code"] for row in rows} == members | set(told["also_supplied_by"])


def test_which_pcn_totals_give_a_small_count_away(made: Plain) -> None:
    told = made.planted["small_in_year_counts"]
    totals = told["pcn_totals"]
    assert {True, False} == {total["second_needed"] for total in totals}
    for total in totals:
        values = total["values"]
        assert values.keys() == set(told["members"])
        assert total["pcn_total"] == sum(values.values())
        hidden = [code for code, value in values.items() if 1 <= value <= told["at_most"]]
        assert total["small"] == hidden
        rest = total["pcn_total"] - sum(v for c, v in values.items() if c not in hidden)
        gives_away = len(hidden) == 1 and rest == values[hidden[0]]
        assert gives_away == total["second_needed"]
    boundary = [c for c in told["withheld"] if c["value"] == told["at_most"]]
    assert boundary, "a count of exactly 7 is small"
