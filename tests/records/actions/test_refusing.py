from __future__ import annotations

import pytest

from locality.figures import Problem
from locality.records.actions.refusing import Checking, Refusal, found_already

NUMBER = "9434765919"


def test_a_refusal_names_every_field_once_and_in_order() -> None:
    refusal = Refusal("name", "Write a name.", ("why", "Write why."), ("name", "Too long."))
    assert isinstance(refusal, Problem)
    assert (refusal.field, refusal.sentence) == ("name", "Write a name.")
    assert refusal.by_field == {"name": "Write a name.", "why": "Write why."}
    assert str(refusal) == "Write a name. Write why. Too long."


def test_checking_looks_at_the_whole_form_first() -> None:
    with pytest.raises(Refusal) as caught, Checking() as check:
        check.line("name", " \n", "the name", 5)
        check.reason("x" * 2_001)
        check.who("dr 943 476 5919")
    assert [field for field, _ in caught.value.reasons] == ["name", "why", "who"]
    assert "2,001 now" in caught.value.by_field["why"]


def test_what_a_form_found_is_refused_with_all_the_rest() -> None:
    found = found_already({"organisation": "Nobody."})
    with pytest.raises(Refusal) as caught, found, Checking() as check:
        check.line("name", "", "the name", 5)
    assert caught.value.by_field == {"organisation": "Nobody.", "name": "Write the name."}
    with pytest.raises(Refusal), found_already({"organisation": "Nobody."}), Checking():
        pass
    with found_already({}), Checking() as check:
        pass
    with Checking() as check:
        assert check.reasons == []


def test_checking_does_not_hide_another_error() -> None:
    with pytest.raises(ZeroDivisionError), Checking() as check:
        check.refuse("name", "No.")
        _ = 1 / 0


@pytest.mark.parametrize(
    "text", [NUMBER, "see 943 476 5919.", "943-476-5919", "９４３４７６５９１９"]
)
def test_an_nhs_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Refusal) as caught, Checking() as check:
        check.note(text)
    assert "ending in 19" in caught.value.sentence
    assert "was not saved" in caught.value.sentence
    assert "943" not in str(caught.value)


def test_texts_are_put_in_order() -> None:
    with Checking() as check:
        assert check.line("name", "  Vale\t of\u00a0 Trent ", "the name", 50) == "Vale of Trent"
        assert check.note("one \r\n\r\ntwo\x00 ") == "one\n\ntwo"
