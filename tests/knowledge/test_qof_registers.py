"""Which registers a group's prevalence rests on; what payment itself uses may be entered."""

from __future__ import annotations

import csv

import pytest

from locality import knowledge
from locality.figures import Period
from locality.knowledge.files import PACKAGE
from locality.knowledge.qof_registers import resting_on

RULES = knowledge.load().rules
SHEETS = [sheet for sheet in RULES.sheets.values() if sheet.scheme == "qof"]
LATEST = ("2025-26", "2026-27")
WEIGHTED = sorted(
    {(row.group, year) for year in LATEST for row in RULES.sheet("qof", year).rows
     if row.prevalence_weighted}
)  # fmt: skip


def test_every_group_of_every_sheet_is_known_and_stands_once() -> None:
    for sheet in SHEETS:
        for row in sheet.rows:
            assert resting_on(row.group).group == row.group
    with (PACKAGE / "qof" / "registers.csv").open(encoding="utf-8") as file:
        groups = [row["group"] for row in csv.DictReader(file)]
    assert len(groups) == len(set(groups))
    assert set(groups) == {row.group for sheet in SHEETS for row in sheet.rows}


def test_only_what_is_weighted_rests_on_people() -> None:
    for year in LATEST:
        for row in RULES.sheet("qof", year).rows:
            if row.prevalence_weighted:
                assert resting_on(row.group).basis != "none", row.code
            elif row.group != "SMOK":  # SMOK002 is weighted, SMOK004 is not
                assert resting_on(row.group).basis == "none", row.code


def test_heart_disease_and_stroke_together_rest_on_both_registers() -> None:
    together = resting_on("CVD")
    assert (together.registers, together.basis) == (("CHD", "STIA"), "several")
    assert "count twice" in together.note


@pytest.mark.parametrize("group", ["CHOL", "SMOK"])
def test_where_nothing_is_published_those_counted_stand_in_and_it_is_said(group: str) -> None:
    resting = resting_on(group)
    assert (resting.registers, resting.basis) == ((), "counted")
    assert "publishes no prevalence" in resting.note


def test_a_group_that_nobody_knows_gets_the_nearest() -> None:
    with pytest.raises(knowledge.KnowledgeError, match="did you mean"):
        resting_on("HYPP")


@pytest.mark.parametrize(("group", "year"), WEIGHTED)
def test_the_prevalence_that_payment_uses_is_asked_for_and_never_guessed(
    group: str, year: str
) -> None:
    period = Period.parse(year)
    for day in (period.start, period.end):
        with pytest.raises(knowledge.RuleMissing, match="has not been read"):
            RULES.value(f"qof.national_prevalence.{group.lower()}", day)


def test_no_national_prevalence_is_asked_for_that_nothing_uses() -> None:
    ids = {id.rpartition(".")[2] for id in RULES.scalars if id.startswith("qof.national_prev")}
    assert ids == {group.lower() for group, _ in WEIGHTED}
