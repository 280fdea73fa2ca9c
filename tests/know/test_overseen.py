"""Who oversees what, and role cards, as tables."""

from __future__ import annotations

from datetime import date

from locality.know import oversight, roles
from locality.knowledge.oversight import Overseer, overseers, role_cards


def test_a_body_is_listed_on_the_days_it_stands() -> None:
    days = {"from": date(2025, 1, 1), "to": date(2026, 12, 31)}
    words = {"id": "one", "name": "One", "does": "regulates", "over": "everything", **days}
    body = Overseer.model_validate({**words, "grade": "check"})
    on = [date(2024, 12, 31), date(2025, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [len(oversight([body], day)) for day in on] == [0, 1, 1, 0]


def test_a_row_says_how_well_it_is_known() -> None:
    rows = {row["id"]: row for row in oversight(overseers().values(), date(2026, 11, 23)).rows}
    assert rows["ico"]["known"] == "to be checked: not seen in a source"
    assert rows["ico"]["reference"] == ""
    assert rows["lmc"]["reference"] == "SI 2015/1862, schedule 3, paragraph 75"


def test_role_cards_leave_empty_what_is_not_known() -> None:
    rows = {row["id"]: row for row in roles(role_cards().values()).rows}
    assert rows["podiatrist"]["supervision"] == ""
    assert rows["podiatrist"]["supervision_days"] is None
    assert rows["clinical_pharmacist"]["supervision_days"] == 31
