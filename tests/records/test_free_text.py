from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from locality.records.free_text import is_nhs_number, nhs_numbers, one_line, paragraphs

# Never issued: numbers that begin with 999 are kept for tests; 943 476 5919 is the one printed in
# the NHS Data Dictionary.
PRINTED = "9434765919"
TEST_NUMBERS = ("9990000026", "9990000077", "9990000107", "9990000115")


def slow_check(digits: str) -> bool:
    """The Data Dictionary's five steps, one at a time."""
    total = 0
    weight = 10
    for digit in digits[:9]:
        total += int(digit) * weight
        weight -= 1
    check = 11 - (total % 11)
    if check == 11:
        check = 0
    if check == 10:
        return False
    return check == int(digits[9])


def made(nine: str) -> str | None:
    """The number that begins with ``nine``, if there is one."""
    return next((nine + d for d in "0123456789" if slow_check(nine + d)), None)


nine_digits = st.text("0123456789", min_size=9, max_size=9)
numbers = nine_digits.map(made).filter(bool)


def test_known_numbers() -> None:
    assert is_nhs_number(PRINTED)
    assert all(map(is_nhs_number, TEST_NUMBERS))
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")
    assert not is_nhs_number("94347659199")
    assert not is_nhs_number("943 476 5919")


@given(st.text("0123456789", min_size=10, max_size=10))
def test_the_check_equals_its_slow_twin(digits: str) -> None:
    assert is_nhs_number(digits) == slow_check(digits)


@given(nine_digits, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(nine: str, place: int, add: int) -> None:
    number = made(nine)
    if number:
        wrong = (int(number[place]) + add) % 10
        assert not is_nhs_number(f"{number[:place]}{wrong}{number[place + 1 :]}")


words = st.text(st.characters(blacklist_categories=("Nd", "Cs")), max_size=30)
spaces = st.lists(
    st.sampled_from(["", " ", "  ", "\t", "\u00a0", "\u2009"]), min_size=9, max_size=9
)


@given(words, numbers, spaces, words)
@example("(", PRINTED, [""] * 9, ")")
@example("NHS", PRINTED, ["", "", " ", "", "", " ", "", "", ""], "x")
def test_a_number_is_found_however_it_is_spaced(
    before: str, number: str, gaps: list[str], after: str
) -> None:
    spaced = "".join(map("".join, zip(number, [*gaps, ""], strict=True)))
    assert number in nhs_numbers(f"{before}{spaced}{after}")


@given(words, numbers, st.sampled_from("-\u2010\u2011\u2013"), words)
def test_a_number_is_found_printed_with_hyphens(
    before: str, number: str, hyphen: str, after: str
) -> None:
    text = f"{before}{number[:3]}{hyphen}{number[3:6]}{hyphen}{number[6:]}{after}"
    assert nhs_numbers(text) == [number]


@given(words, numbers, words)
def test_digits_of_other_scripts_count(before: str, number: str, after: str) -> None:
    for zero in ("\uff10", "\u0660"):
        written = "".join(chr(ord(zero) + int(digit)) for digit in number)
        assert nhs_numbers(before + written + after) == [number]


@given(numbers, st.text("0123456789", min_size=1, max_size=5))
def test_part_of_a_longer_number_is_not_one(number: str, more: str) -> None:
    assert nhs_numbers(f"no {number}{more}.") == []
    assert nhs_numbers(f"no {more}{number}.") == []


@given(st.text("0123456789 ", max_size=40))
def test_what_is_found_equals_a_plain_search(text: str) -> None:
    """The twin: every stretch of ten digits that no digit touches, spaces dropped."""
    slow = []
    for start in range(len(text)):
        if not text[start].isdigit() or (start and text[start - 1].isdigit()):
            continue
        digits, gap = "", 0
        for end in range(start, len(text)):
            if text[end].isdigit():
                digits, gap = digits + text[end], 0
            else:
                gap += 1
            if gap > 3:
                break
            touches = end + 1 < len(text) and text[end + 1].isdigit()
            if len(digits) == 10 and text[end].isdigit():
                if not touches and slow_check(digits):
                    slow.append(digits)
                break
    assert nhs_numbers(text) == slow


def test_everyday_numbers_are_let_be() -> None:
    for text in (
        "Ring 0191 498 0000 or 01632 960123.",
        "List of 63,766,671; register 9,711,491.",
        "Reviewed on 22/11/2026 at 09:30.",
        "From 2026-04-01 to 2027-03-31.",
        "1. 250\n2. 300\n3. 1,250",
        "Practices A81001 A81002 B82003.",
    ):
        assert nhs_numbers(text) == []


@given(st.text(max_size=200))
def test_tidying_twice_is_tidying_once_and_keeps_one_line(text: str) -> None:
    assert paragraphs(paragraphs(text)) == paragraphs(text)
    assert one_line(one_line(text)) == one_line(text)
    assert not re.search(r"[\x00-\x1f]", one_line(text))
    assert "\x00" not in paragraphs(text)


def test_a_hidden_character_hides_no_number() -> None:
    assert nhs_numbers(paragraphs("943\u200b476\u20605919")) == [PRINTED]
