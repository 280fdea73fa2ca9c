import pytest
from hypothesis import given

from locality.render.papers.inert import could_run, inert, writable
from tests.render.papers.nasty import HARM, STARTS, TEXT


@pytest.mark.parametrize("text", [text for text in HARM if text != "'=1"])
def test_harm_is_put_behind_an_apostrophe(text: str) -> None:
    assert inert(text) != text
    assert inert(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    "text",
    ["", "Elm Surgery", "A81001", "10-14", "a = b", "x@y.example", "St John's", "a; b", "'=1"],
)
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert inert(text) == text


@given(TEXT)
def test_nothing_inert_could_run_wherever_a_spreadsheet_splits_it(text: str) -> None:
    safe = inert(text)
    assert not could_run(safe)
    for separator in (";", "\t", "\n", "\r"):
        for cell in safe.split(separator)[1:]:
            assert not cell.lstrip().startswith(tuple(start for start in STARTS if start.strip()))


@given(TEXT)
def test_only_apostrophes_are_added_and_never_twice(text: str) -> None:
    safe = inert(text)
    assert safe.replace("'", "") == text.replace("'", "")
    assert inert(safe) == safe


@pytest.mark.parametrize(
    ("text", "left"),
    [("a\x00b\x1f\x08", "ab"), ("\ufffe\uffff\ud800x", "x"),
     ("a\r\nb\rc\x0bd\x0ce", "a\nb\nc\nd\ne"),
     ("£ 🩺\t½", "£ 🩺\t½")],
)  # fmt: skip
def test_what_a_file_cannot_hold_is_left_out_and_lines_end_in_one_way(text: str, left: str) -> None:
    assert writable(text) == left
