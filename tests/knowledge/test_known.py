"""Entries of ``known/*.toml``: sound, told by content, each with its sentence and reference."""

from __future__ import annotations

import re
from typing import Any

import pytest

from locality.knowledge.deprivation_indicators import deprivation_indicators
from locality.knowledge.known import KnownFile, KnownFiles, known_files
from locality.knowledge.models import built
from locality.knowledge.problems import KnowledgeError

ENTRY: dict[str, Any] = {
    "id": "a_file",
    "what": "A file about something",
    "publisher": "Somebody",
    "why": "nobody counts with it",
    "marks": {"columns": ["one", "two"]},
    "references": [{"text": "A publication of theirs"}],
}
every = pytest.mark.parametrize("one", known_files(), ids=[one.id for one in known_files()])


@every
def test_each_says_in_one_sentence_what_it_is_and_why(one: KnownFile) -> None:
    assert re.fullmatch(r"[A-Z].*: known and not stored, because [a-zA-Z].*[^.]\.", one.sentence)
    assert not re.search(r"\. [A-Z]|—|\.\.|  ", one.sentence)
    assert len(one.sentence) < 320


@every
def test_each_stands_in_a_file_by_subject_and_names_what_it_rests_on(one: KnownFile) -> None:
    assert re.fullmatch(r"knowledge/known/[a-z]+\.toml", one.place)
    assert one.references


def test_only_pages_are_known_by_name() -> None:
    by_name = {one.id for one in known_files() if one.marks.names}
    assert by_name == {"readme", "network_workforce_guide"}


def test_the_ids_are_different_and_so_are_the_marks() -> None:
    marks = [one.marks.model_dump_json() for one in known_files()]
    assert len(set(marks)) == len(marks) == len({one.id for one in known_files()}) > 45


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"marks": {}}, "marks in its content"),
        ({"marks": {"columns": ["a", "b"], "names": ["x*.csv"]}}, "marks in its content"),
        ({"marks": {"columns": ["date"]}}, "one column is not enough"),
        ({"marks": {"colums": ["a", "b"]}}, "did you mean 'columns'"),
        ({"why": "nobody counts with it."}, "why"),
        ({"instead": "Give another."}, "instead"),
        ({"references": []}, "references"),
        ({"reason": "none"}, "no such key"),
    ],
)
def test_an_unsound_entry_is_a_sentence_that_names_its_key(
    changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(KnowledgeError, match=words):
        built(KnownFiles, {"known": [ENTRY | changed]}, "knowledge/known/x.toml")


def test_the_sentence_is_put_together() -> None:
    one = KnownFile.model_validate(ENTRY | {"instead": "give another"})
    assert one.sentence == (
        "A file about something (Somebody): known and not stored, because nobody counts with it; "
        "give another."
    )


def test_the_indicators_of_deprivation_are_those_of_two_indices() -> None:
    assert deprivation_indicators() == (93553, 94240)
