"""Values of rules entered here: proved, kept with their document, written as a sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from locality.figures import Problem
from locality.knowledge import KnowledgeError, RuleMissing, load
from locality.records import rule_tables as tables
from locality.records.actions import Refusal, enter_rule, rules, withdraw_rule, write_rules
from locality.records.models import EnteredRule, Event

NHS = "943 476 5919"
SFE = "Statement of Financial Entitlements 2018, paragraph 6(6)"
OWN = {"rule": "local.scheme_payment", "title": "Local scheme's payment", "unit": "£ per patient"}


def entered(home: Path, **changes: Any) -> EnteredRule:
    return enter_rule(**{
        "rule": "qof.point_value", "period": "2018-19", "value": "179.260", "reference": SFE,
        "who": "local", "home": home, **changes,
    })  # fmt: skip


def sheet(home: Path) -> Path:
    return home / "knowledge" / "rules" / "entered.toml"


def test_a_missing_value_is_entered_with_its_document_and_in_force(home: Path) -> None:
    with pytest.raises(RuleMissing):
        load(home).rules.value("qof.point_value", "2018-19")
    made = entered(home, address="https://example.org/sfe.pdf")
    value = load(home).rules.value("qof.point_value", "2018-19")
    assert (str(value.value), value.reference, value.grade) == ("179.260", SFE, "read")
    assert value.address == "https://example.org/sfe.pdf" and value.local
    (row,) = tables.entered("qof.point_value").rows
    assert (row["value"], row["from_day"], row["to_day"], row["unit"], row["signed_off"]) == (
        "179.260", date(2018, 4, 1), date(2019, 3, 31), "£ per point", False
    )  # fmt: skip
    event = Event.objects.get()
    assert (event.what, event.why, event.subject) == ("rule.entered", SFE, made.code)
    assert tables.entered("qof.national_list").rows == []
    assert [one.name for one in sheet(home).parent.iterdir()] == ["entered.toml"]


def test_a_year_that_is_still_to_come_and_a_rule_of_one_s_own(home: Path) -> None:
    entered(home, period="2027-28", value=230)
    entered(home, **OWN, period="2026-27", value="£1,234.50")
    # A second value of one's own rule knows what it is called.
    entered(home, rule=OWN["rule"], period="2027-28", value="0")
    known = load(home).rules
    assert known.value("qof.point_value", "2027-28").value == 230
    assert known.value(OWN["rule"], "2026-27").value == Decimal("1234.50")
    assert known.value(OWN["rule"], "2027-28").unit == OWN["unit"]
    with pytest.raises(Refusal, match="is counted in"):
        entered(home, rule=OWN["rule"], period="2028-29", unit="points")


def test_the_same_again_writes_nothing_and_a_newer_value_ends_the_older(home: Path) -> None:
    first = entered(home)
    assert entered(home).code == first.code
    assert Event.objects.count() == 1
    second = entered(home, value="179.2600")
    assert load(home).rules.value("qof.point_value", "2018-19").value == Decimal("179.26")
    old = next(r for r in tables.entered(ended=True).rows if r["code"] == first.code)
    assert old["ended_why"] == "A newer value was entered."
    assert [row["code"] for row in tables.entered().rows] == [second.code]
    assert EnteredRule.history.filter(code=first.code).count() == 2


def test_what_ships_second_hand_is_signed_off_by_who_read_the_document(home: Path) -> None:
    assert load(home).rules.value("qof.point_value", "2026-27").grade == "second_hand"
    made = entered(home, period="2026-27", value="227.95")
    assert made.signed_off and Event.objects.get().what == "rule.signed_off"
    assert load(home).rules.value("qof.point_value", "2026-27").grade == "read"
    # Another value is a correction, not a signature; and a value read already needs none.
    assert not entered(home, period="2026-27", value="227.94").signed_off
    assert not entered(home, period="2024-25", value="220.62").signed_off


def test_a_value_taken_back_leaves_what_ships_and_at_last_no_sheet(home: Path) -> None:
    first = entered(home)
    second = entered(home, period="2026-27", value="227.95")
    withdraw_rule(code=first.code, who="local", why="Misread.", home=home)
    with pytest.raises(RuleMissing):
        load(home).rules.value("qof.point_value", "2018-19")
    assert sheet(home).exists()
    withdraw_rule(code=second.code, who="local", why="Misread too.", home=home)
    assert not sheet(home).exists()
    assert load(home).rules.value("qof.point_value", "2026-27").grade == "second_hand"
    assert [row["ended_why"] for row in tables.entered(ended=True).rows] == [
        "Misread.", "Misread too."
    ]  # fmt: skip
    with pytest.raises(Refusal, match="ended already"):
        withdraw_rule(code=second.code, who="local", why="Again.", home=home)
    with pytest.raises(Refusal, match="Write why"):
        withdraw_rule(code=second.code, who="local", why="", home=home)


def test_what_is_left_after_one_is_taken_back_must_be_sound(home: Path) -> None:
    """Point and list fit each other, one of them fits no longer beside what ships."""
    entered(home, period="2026-27", value="227.97")
    patients = entered(home, rule="qof.national_list", period="2026-27", value="10296")
    point = entered(home, period="2026-27", value="227.99")
    told = {"who": "local", "why": "Misread.", "home": home}
    with pytest.raises(Refusal, match="One of the two is wrong") as refused:
        withdraw_rule(code=patients.code, **told)
    assert refused.value.field == "code" and len(tables.entered()) == 2
    assert load(home).rules.value("qof.national_list", "2026-27").value == 10296
    with pytest.raises(Refusal, match="One of the two is wrong"):
        withdraw_rule(code=point.code, **told)
    entered(home, period="2026-27", value="227.97")
    withdraw_rule(code=patients.code, **told)
    assert load(home).rules.value("qof.national_list", "2026-27").grade == "second_hand"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"rule": "qof.aspiration_shar"}, "rule", "Did you mean qof.aspiration_share?"),
        ({"rule": "qof.aspiration_shar"}, "rule", "give its title and unit too"),
        ({"rule": "Points"}, "rule", "An id is written as qof.point_value"),
        ({**OWN, "title": ""}, "title", "Write what the rule is"),
        ({**OWN, "title": "Fee"}, "title", "a few words"),
        ({**OWN, "unit": ""}, "unit", "Write what the value is counted in"),
        ({"unit": "points"}, "unit", "is counted in '£ per point'"),
        ({"period": "soon"}, "period", "is not a period"),
        ({"period": "2026-M07"}, "period", "known as one value, 227.95, 1 April 2026 to 31"),
        ({"period": "2026-M07"}, "period", "as 2026-04-01/2027-03-31"),
        ({"period": "2017-04-01/2019-03-31"}, "period", "known as one value, 171.20"),
        ({"value": "a lot"}, "value", "as a number"),
        ({"value": ""}, "value", "as a number"),
        ({"value": "179,26"}, "value", "as a number"),
        ({"value": "nan"}, "value", "as a number"),
        ({"value": "1e5"}, "value", "as a number"),
        ({"value": "-1"}, "value", "not below nought"),
        ({"value": "1234567890123"}, "value", "12 digits before"),
        ({"value": "1.123456789"}, "value", "8 after it"),
        ({"period": "2026-27", "value": "230"}, "value", "Their ratio is 0.022341"),
        ({"reference": ""}, "reference", "Write the document"),
        ({"reference": "SFE"}, "reference", "so that others can find it"),
        ({"reference": f"Letter to {NHS}"}, "reference", "could be an NHS number"),
        ({"address": "www.england.nhs.uk"}, "address", "https://"),
        ({"who": ""}, "who", "who does this"),
    ],
)
def test_what_cannot_be_entered_is_refused_beside_its_field(
    home: Path, changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        entered(home, **changes)
    assert words in " ".join(s for name, s in refused.value.reasons if name == field)
    assert not Event.objects.exists() and not sheet(home).exists()


def test_a_guard_speaks_of_the_sheet_by_its_own_name(home: Path) -> None:
    with pytest.raises(Refusal) as refused:
        entered(home, period="2026-27", value="230")
    assert str(sheet(home)) in refused.value.sentence


def test_days_that_overlap_what_was_entered_are_refused(home: Path) -> None:
    entered(home, period="2027-28", value="230")
    with pytest.raises(Refusal, match="Withdraw that first") as refused:
        entered(home, period="2027-M06", value="231")
    assert refused.value.field == "period"
    assert load(home).rules.value("qof.point_value", "2027-28").value == 230


def test_a_part_of_what_is_missing_narrows_it(home: Path) -> None:
    entered(home, period="2018-04-01/2018-09-30")
    known = load(home).rules
    assert known.value("qof.point_value", date(2018, 9, 30)).value == Decimal("179.260")
    with pytest.raises(RuleMissing, match="not been read"):
        known.value("qof.point_value", date(2018, 10, 1))


def test_a_rule_of_one_s_own_sheet_is_changed_there(home: Path) -> None:
    entered(home)
    sheet(home).rename(sheet(home).with_name("mine.toml"))
    with pytest.raises(Refusal, match=r"change it in .*mine\.toml") as refused:
        entered(home, period="2027-28", value=230)
    assert refused.value.field == "rule"


def test_a_broken_sheet_of_one_s_own_is_told_as_what_it_is(home: Path) -> None:
    entered(home)
    sheet(home).with_name("mine.toml").write_text("broken")
    with pytest.raises(KnowledgeError, match=r"mine\.toml"):
        entered(home, period="2027-28", value=230)


def test_the_sheet_is_made_again_from_the_records(home: Path) -> None:
    entered(home)
    text = sheet(home).read_text("utf-8")
    sheet(home).write_text("lost")
    write_rules(home)
    assert sheet(home).read_text("utf-8") == text
    sheet(home).unlink()
    write_rules(home)
    assert sheet(home).read_text("utf-8") == text


def test_no_records_no_sheet(home: Path) -> None:
    write_rules(home)
    assert not (home / "knowledge").exists()


def test_a_sheet_that_cannot_be_written_is_a_sentence_and_the_old_one_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(home)
    text = sheet(home).read_text("utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rules.os, "replace", full)
    with pytest.raises(Problem, match=r"in the records, but .*entered\.toml cannot be written"):
        entered(home, period="2027-28", value=230)
    assert sheet(home).read_text("utf-8") == text
    assert [one.name for one in sheet(home).parent.iterdir()] == ["entered.toml"]
    monkeypatch.undo()
    write_rules(home)
    assert load(home).rules.value("qof.point_value", "2027-28").value == 230


def test_a_reference_of_quotes_and_lines_survives(home: Path) -> None:
    told = 'The "directions",\nparagraph 6\\(6)\n# as printed'
    entered(home, reference=told)
    assert load(home).rules.value("qof.point_value", "2018-19").reference == told
