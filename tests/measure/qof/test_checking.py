"""Counts typed by hand: what is right is worked with, each mistake gets its sentence."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from locality.figures import Table
from locality.figures.schemas.quality import QOF_ACHIEVEMENT, QOF_OVERALL, QOF_REGISTERS
from locality.measure.qof import Counts, Scheme, moved, prevalence, summed, typed, whole_lists
from tests.measure.qof.made import RULES, counts

SCHEME = Scheme.of(RULES, "2026-27")
WHEN, TODAY = date(2026, 9, 30), date(2026, 11, 23)


def asked(**fields: str) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in fields.items()}


def test_right_counts_are_taken_and_empty_rows_left_out() -> None:
    found = typed(
        asked(HYP010_numerator="1,416", HYP010_denominator=" 1,560 ", HYP010_pcas="",
              DM020_numerator="", DM020_denominator=""),
        SCHEME, "A81001", WHEN, TODAY,
    )  # fmt: skip
    assert not found.mistakes and found.given == ("HYP010",)
    at = SCHEME.codes.index("HYP010")
    assert found.counts.numerator[0, at] == 1416 and found.counts.denominator[0, at] == 1560
    assert np.isnan(found.counts.pcas[0, at]) and found.counts.as_at == WHEN


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (asked(HYP010_numerator="560", HYP010_denominator="416"), "HYP010-numerator",
         "560 reached is more than the 416 in the denominator. Are the two the other way round?"),
        (asked(HYP008_numerator="416", HYP008_denominator="560"), "HYP008-numerator",
         "HYP008 is a code of 2025-26; in 2026-27 it is HYP010."),
        (asked(HYP099_numerator="1", HYP099_denominator="2"), "HYP099-numerator",
         "2026-27 has no indicator HYP099. did you mean"),
        (asked(HYP010_numerator="74 %", HYP010_denominator="560"), "HYP010-numerator",
         "Write a whole number of patients, not '74 %'."),
        (asked(HYP010_numerator="4.5", HYP010_denominator="560"), "HYP010-numerator",
         "whole number"),
        (asked(HYP010_numerator="-4", HYP010_denominator="560"), "HYP010-numerator",
         "whole number"),
        (asked(HYP010_numerator="416"), "HYP010-denominator",
         "Write how many patients are in the denominator."),
        (asked(HYP010_denominator="560"), "HYP010-numerator", "0 if none"),
    ],
)  # fmt: skip
def test_each_mistake_gets_a_clear_sentence(fields: dict[str, str], field: str, said: str) -> None:
    found = typed(fields, SCHEME, "A81001", WHEN, TODAY)
    assert list(found.mistakes) == [field] and said in found.mistakes[field]
    assert found.given == ()


def test_one_mistake_leaves_the_other_rows() -> None:
    found = typed(
        asked(HYP010_numerator="9", HYP010_denominator="8", DM020_numerator="5",
              DM020_denominator="8"),
        SCHEME, "A81001", WHEN, TODAY,
    )  # fmt: skip
    assert found.given == ("DM020",) and len(found.mistakes) == 1


def test_the_day_must_be_in_the_year_and_not_to_come() -> None:
    wrong = typed({}, SCHEME, "A81001", date(2026, 3, 1), TODAY)
    assert "not in 2026-27" in wrong.mistakes["as_at"]
    assert "still to come" in typed({}, SCHEME, "A", date(2026, 12, 1), TODAY).mistakes["as_at"]


def test_what_moved_is_more_than_chance() -> None:
    now = counts(SCHEME, {"HYP010": (460, 560), "DM020": (41, 60), "AF008": (90, 100)})
    before = counts(SCHEME, {"HYP010": (400, 560), "DM020": (40, 60)})
    found = moved(now, before)
    assert list(found) == ["HYP010"]
    assert found["HYP010"].startswith("up from 71.4 % in 2026-27 to 82.1 %")
    assert moved(before, now)["HYP010"].startswith("down")


def test_tables_become_matrices_with_others_left_out() -> None:
    def row(code: str, indicator: str, num: int | None, **more: float) -> dict[str, object]:
        empty = dict.fromkeys(("pcas", "register", "newly_diagnosed", "points"))
        return {"period": "2025-26", "practice_code": code, "indicator_code": indicator,
                "numerator": num, "denominator": 10, "missing": None, **empty, **more}  # fmt: skip

    table = Table.of(
        QOF_ACHIEVEMENT,
        [row("B", "HYP008", 7, pcas=2, points=3.5), row("A", "DM020", None), row("C", "DM020", 4),
         row("B", "ZZZ001", 1)],
    )  # fmt: skip
    found = Counts.of(table, ("A", "B"), ("DM020", "HYP008"), "2025-26")
    assert np.isnan(found.numerator[0]).all() and found.denominator[0, 0] == 10
    assert found.numerator[1, 1] == 7 and found.points[1, 1] == 3.5 and found.eligible[1, 1] == 12
    assert np.isnan(found.numerator[1, 0])
    assert summed(table, ("DM020", "HYP008", "AF006"))[:2].tolist() == [20.0, 12.0]


def test_prevalence_is_of_the_whole_list_and_leaves_out_who_did_not_return() -> None:
    def held(
        code: str, group: str, register: int | None, kind: str, size: int
    ) -> dict[str, object]:
        return {"period": "2025-26", "practice_code": code, "group_code": group,
                "register": register, "list_type": kind, "list_size": size,
                "missing": None if register is not None else "no return"}  # fmt: skip

    registers = Table.of(
        QOF_REGISTERS,
        [held("A", "HYP", 300, "TOTAL", 2000), held("B", "HYP", 100, "TOTAL", 1000),
         held("C", "HYP", None, "TOTAL", 5000), held("A", "DM", 90, "17OV", 1600),
         held("B", "DM", 30, "17OV", 800), held("C", "DM", 400, "17OV", 4000),
         held("A", "CHD", 40, "TOTAL", 2000), held("A", "STIA", 20, "TOTAL", 2000),
         held("B", "CHD", 30, "TOTAL", 1000), held("B", "STIA", 30, "TOTAL", 1000)],
    )  # fmt: skip
    overall = Table.of(
        QOF_OVERALL,
        [{"period": "2025-26", "practice_code": "A", "list_size": 2000, "points": 1.0,
          "maximum_points": 564.0, "available_points": 564.0, "missing": None}],
    )  # fmt: skip
    lists = whole_lists(registers, overall)
    assert lists == {"A": 2000, "B": 1000, "C": 5000}
    groups = ("HYP", "DM", "CVD", "SMOK", "VI")
    eligible = np.array([[np.nan] * 3 + [500.0, np.nan]] * 2)
    found = prevalence(
        registers, lists, ("A", "B"), groups, "2025-26", eligible,
        np.array([np.nan] * 3 + [1600.0, np.nan]), entered={"DM": 0.06},
    )  # fmt: skip
    assert found.own[:, 0].tolist() == [0.15, 0.1]
    assert found.england[0] == pytest.approx(400 / 3000)  # C returned nothing: out on both sides
    assert found.own[0, 1] == 90 / 2000 and found.england[1] == 0.06
    assert found.factor[0, 1] == pytest.approx(0.75)
    assert found.own[1, 2] == 0.06 and found.england[2] == pytest.approx(120 / 3000)
    assert found.own[:, 3].tolist() == [0.25, 0.5] and found.england[3] == 1600 / 8000
    assert np.isnan(found.factor[:, 4]).all()
    assert found.entered == (False, True, False, False, False)
    now = np.full((2, 5), 0.3)
    without = prevalence(
        registers, lists, ("A", "B"), groups, "2025-26", entered={"SMOK": 0.2}, own_now=now
    )
    assert without.factor[:, 3] == pytest.approx(1.5)  # counted now over what was entered
    assert without.own[0, 0] == 0.15 and np.isnan(without.factor[:, 4]).all()
