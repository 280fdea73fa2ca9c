from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.records.actions import Refusal, set_setting
from locality.records.models import Event, Setting
from locality.records.offered import OFFERED
from locality.records.tables import setting

BY: dict[str, Any] = {"who": "local", "why": "Our lists are small."}
ICB: dict[str, Any] = {"name": "allocation.overall", "organisation": "qe1", "period": "2026/27"}


def test_a_setting_is_kept_with_its_event_and_history() -> None:
    set_setting(name="inclusion.minimum_list", value="1,000", **BY)
    row = set_setting(name="inclusion.minimum_list", value=500, **BY)
    assert setting("inclusion.minimum_list") == 500
    assert [h.value for h in row.history.order_by("history_id")] == [1000, 500]
    event = Event.objects.last()
    assert (event.what, event.subject) == ("setting.set", "inclusion.minimum_list")
    assert event.detail == {"from": 1000, "to": 500}
    assert row.event_id == event.pk


def test_none_goes_back_to_what_is_usual_and_is_told() -> None:
    set_setting(name="inclusion.active_only", value="no", **BY)
    assert setting("inclusion.active_only") is False
    set_setting(name="inclusion.active_only", value=None, **BY)
    assert setting("inclusion.active_only") is None
    assert [event.what for event in Event.objects.all()] == ["setting.set", "setting.cleared"]


def test_each_organisation_and_year_has_its_own() -> None:
    set_setting(**ICB, value="£1,234,567.5", **BY)
    set_setting(**{**ICB, "period": "2025-26"}, value=Decimal("2"), **BY)
    assert setting("allocation.overall", "QE1", "2026-27") == "1234567.50"
    assert setting("allocation.overall", "QE1", "2025-26") == "2.00"
    assert Event.objects.first().subject == "allocation.overall/QE1/2026-27"


def test_what_changes_nothing_writes_nothing() -> None:
    set_setting(name="inclusion.minimum_list", value=None, **BY)
    assert not Setting.objects.exists()
    set_setting(name="inclusion.minimum_list", value=1, **BY)
    set_setting(name="inclusion.minimum_list", value="1", **BY)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"name": "inclusion.minimum"}, "name", "Did you mean inclusion.minimum_list?"),
        ({"name": "zzz"}, "name", "There are inclusion.minimum_list"),
        ({"value": "many"}, "value", "is a number, such as 750"),
        ({"value": True}, "value", "is a number"),
        ({"value": "nan"}, "value", "is a number"),
        ({"value": "1e999999999"}, "value", "between 0 and 100,000 patients"),
        ({"value": "7.5"}, "value", "is a whole number"),
        ({"value": -1}, "value", "between 0 and 100,000 patients"),
        ({"name": "inclusion.active_only", "value": 1}, "value", "either yes or no"),
        ({"organisation": "QE1"}, "organisation", "for the whole house"),
        ({"period": "2026-27"}, "period", "the same for every period"),
        ({**ICB, "organisation": ""}, "organisation", "say which organisation"),
        ({**ICB, "organisation": "Q E1"}, "organisation", "letters and digits"),
        ({**ICB, "period": ""}, "period", "say which year"),
        ({**ICB, "period": "soon"}, "period", "is not a period"),
        ({**ICB, "value": "1.234"}, "value", "at most two places"),
        ({"why": " "}, "why", "Write why"),
        ({"why": "943 476 5919"}, "why", "NHS number"),
    ],
)
def test_what_a_setting_cannot_be(words: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        set_setting(**{"name": "inclusion.minimum_list", "value": 1, **BY, **words})
    assert says in caught.value.by_field[field]
    assert not Setting.objects.exists()
    assert not Event.objects.exists()


@given(st.integers(0, 100_000))
def test_a_whole_number_is_read_however_it_is_written(number: int) -> None:
    offered = OFFERED["inclusion.minimum_list"]
    written = (number, str(number), f" {number:,} ", f"{number}.0", float(number))
    assert {offered.read(value) for value in written} == {number}
    assert {type(offered.read(value)) for value in written} == {int}


@given(st.decimals(0, 50_000_000_000, places=2))
def test_money_is_kept_to_the_penny(amount: Decimal) -> None:
    kept = OFFERED["allocation.overall"].read(f"£{amount:,}")
    assert Decimal(str(kept)) == amount


def test_every_setting_says_what_it_is() -> None:
    for name, offered in OFFERED.items():
        assert name == offered.name
        assert offered.title
        assert offered.why.endswith(".")
        bounded = offered.upper > offered.lower and bool(offered.unit)
        assert bounded == (offered.kind in ("whole", "number", "money"))
        assert bool(offered.choices) == (offered.kind == "choice")


def test_a_choice_and_a_number_take_what_they_offer_and_no_more() -> None:
    def set_to(name: str, value: object) -> object:
        return set_setting(name=name, value=value, who="local", why="We agreed.").value

    assert set_to("charts.rule_set", "making-data-count/2023") == "making-data-count/2023"
    assert set_to("alerts.practice_quarter", "0.5") == "0.5"
    assert set_to("judge.reliability", "80") == 80
    for name, value, words in (
        ("charts.rule_set", "my own", "is one of"),
        ("alerts.practice_quarter", "0.55", "at most one place"),
        ("alerts.icb_month", "lots", "is a number"),
        ("judge.reliability", "40", "between 50 and 95"),
    ):
        with pytest.raises(Refusal, match=words):
            set_to(name, value)


def test_every_rule_set_offered_is_one_that_charts_know() -> None:
    from locality.statistics import RULE_SETS

    assert set(OFFERED["charts.rule_set"].choices) <= set(RULE_SETS)
