"""Counts during earlier years lead up to what each year's own file publishes; this year has all."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest

from locality import knowledge
from locality.figures import Period
from locality.sources import Document, documents, read
from tests.sources.synthetic.plainly import Plain, Row

RULES = knowledge.load().rules
YEARS = ("2024-25", "2025-26")
#: (practice, indicator) -> column -> count.
Published = dict[tuple[str, str], dict[str, int]]


def typed(made: Plain) -> dict[tuple[str, str, str], list[Row]]:
    """Return (practice, indicator, year) -> its rows in order of date."""
    found = defaultdict(list)
    for one in made.truths["files"]:
        if one["publication"] == "qof_in_year":
            for row in made.rows(one["file"]):
                year = Period.year_of(date.fromisoformat(row["as_at"])).code
                found[row["practice_code"], row["indicator_code"], year].append(row)
    return {key: sorted(rows, key=lambda row: row["as_at"]) for key, rows in found.items()}


def published(made: Plain, year: str) -> Published:
    found: Published = defaultdict(dict)
    for one in made.truths["files"]:
        if one["publication"] == "qof_achievement" and one["period"] == year:
            for row in made.rows(one["file"]):
                # One value is hidden, as some published ones are.
                if row["MEASURE"] != "ACHIEVED_POINTS" and row["VALUE"] != "*":
                    key = row["PRACTICE_CODE"], row["INDICATOR_CODE"]
                    found[key][row["MEASURE"]] = int(row["VALUE"])
    return found


def test_every_code_is_live_in_the_year_of_its_date(made: Plain) -> None:
    for _, code, year in typed(made):
        row = RULES.sheet("qof", year).row(code)
        assert (row.kind, row.status) == ("fraction", "live")


@pytest.mark.parametrize("year", YEARS)
def test_readings_lead_up_to_the_published_result(made: Plain, year: str) -> None:
    ends = published(made, year)
    reached: dict[str, list[float]] = defaultdict(list)
    looked = 0
    for (practice, code, of), rows in typed(made).items():
        if of != year:
            continue
        end = ends[practice, code]
        for row in rows:
            numerator, denominator = int(row["numerator"]), int(row["denominator"])
            assert numerator <= end["NUMERATOR"]
            # Late adjustments take the same people out of the denominator.
            everyone = end["DENOMINATOR"] + end["PCAS"]
            assert end["DENOMINATOR"] <= denominator <= everyone
            if row["pcas"]:
                assert denominator + int(row["pcas"]) == everyone
            assert row["register"] == str(end.get("REGISTER", ""))
            reached[row["as_at"][5:]].append(numerator / end["NUMERATOR"])
            looked += 1
        for earlier, later in pairwise(rows):
            assert int(earlier["numerator"]) <= int(later["numerator"])
            assert int(earlier["denominator"]) >= int(later["denominator"])
    assert looked > 400
    means = [sum(shares) / len(shares) for _, shares in sorted(reached.items())]
    assert sorted(reached) == ["06-30", "09-30", "12-31"]
    assert means == pytest.approx([0.55, 0.75, 0.90], abs=0.02)
    # A practice's years differ: not every reading is the same share of the end.
    assert max(reached["09-30"]) - min(reached["09-30"]) > 0.1


def test_this_year_has_every_indicator_of_its_sheet(made: Plain) -> None:
    rows = {
        (practice, code): rows
        for (practice, code, year), rows in typed(made).items()
        if year == "2026-27"
    }
    sheet = RULES.sheet("qof", "2026-27")
    members = made.planted["small_in_year_counts"]["members"]
    assert {code for practice, code in rows if practice in members} == {
        row.code for row in sheet.standing()
    }
    planted = {cell["indicator"] for cell in made.planted["small_in_year_counts"]["withheld"]}
    for (practice, code), held in rows.items():
        assert {row["as_at"] for row in held} <= {"2026-06-30", "2026-09-30"}
        if practice in members and code not in planted:
            numerators = [int(row["numerator"]) for row in held]
            assert numerators == sorted(numerators)


def test_who_was_put_together_counts_once(made: Plain) -> None:
    ends = published(made, "2025-26")
    for (practice, code, year), rows in typed(made).items():
        if (code, year) == ("CD001", "2026-27"):
            registers = [ends[practice, one]["REGISTER"] for one in ("CHD015", "STIA014")]
            assert max(registers) < int(rows[0]["register"]) < sum(registers)


def test_the_reader_takes_every_row(made: Plain) -> None:
    files = [one["file"] for one in made.truths["files"] if one["publication"] == "qof_in_year"]
    for file in files:
        (document,) = documents(made.folder / file)
        assert isinstance(document, Document)
        (reading,) = read(document, today=date(2026, 11, 23))
        assert (reading.set_aside, reading.rows) == ((), len(made.rows(file)))
