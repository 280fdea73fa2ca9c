"""Lists of skills and the ladder they are scored on."""

from __future__ import annotations

from pathlib import Path

import pytest

from locality.knowledge.problems import KnowledgeError
from locality.knowledge.skills import ladder, skill_lists

OWN = """kind = "list"
id = "{id}"
title = "Ours"
reference = "Our team, 2026"
[[skill]]
name = "Triage"
meaning = "Sends people to whom can help."
"""


def own(home: Path, name: str, text: str) -> None:
    folder = home / "knowledge" / "skills"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def test_every_list_says_where_it_comes_from_and_ours_is_marked() -> None:
    lists = skill_lists()
    assert set(lists) == {"loop"}
    assert lists["loop"].local and "no outside standard" in lists["loop"].reference
    assert len(lists["loop"].skill) == 9


def test_the_ladder_has_its_four_steps_lowest_first() -> None:
    steps = [one.split(":")[0] for one in ladder().steps]
    assert steps == ["unaware", "aware", "with thought", "without thinking"]
    assert ladder().reference


def test_a_users_own_lists_stand_beside_ours_or_replace_them(tmp_path: Path) -> None:
    own(tmp_path, "a.toml", OWN.format(id="front_desk"))
    own(tmp_path, "b.toml", OWN.format(id="loop"))
    lists = skill_lists(tmp_path)
    assert set(lists) == {"loop", "front_desk"} and lists["front_desk"].local
    assert lists["loop"].title == "Ours"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.format(id="x") + '[[skill]]\nname = "triage"\nmeaning = "The same again."\n', "twice"),
        (OWN.format(id="Not An Id"), "id"),
        (OWN.format(id="x").replace("reference", "refrence"), "refrence"),
    ],
)
def test_a_list_that_does_not_hold_is_told_by_file_and_key(
    tmp_path: Path, text: str, words: str
) -> None:
    own(tmp_path, "a.toml", text)
    with pytest.raises(KnowledgeError, match=words) as told:
        skill_lists(tmp_path)
    assert "a.toml" in str(told.value)


def test_one_id_stands_once(tmp_path: Path) -> None:
    own(tmp_path, "a.toml", OWN.format(id="x"))
    own(tmp_path, "b.toml", OWN.format(id="x"))
    with pytest.raises(KnowledgeError, match="is already in"):
        skill_lists(tmp_path)
