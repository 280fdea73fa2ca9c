"""Who oversees what and role cards, as data: the package's own, and a locality's over them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from locality.knowledge.oversight import overseers, role_cards
from locality.knowledge.problems import KnowledgeError

OWN = """as_at = "November 2026"
[[body]]
id = "ico"
name = "Information Commissioner's Office"
does = "regulates"
over = "personal information"
grade = "read"
reference = { text = "Its own site, read in November 2026" }
to = 2027-03-31
"""


def written(home: Path, folder: str, text: str) -> Path:
    (home / "knowledge" / folder).mkdir(parents=True, exist_ok=True)
    (home / "knowledge" / folder / "own.toml").write_text(text, "utf-8")
    return home


def test_what_was_not_seen_in_a_source_is_marked_and_all_else_names_its_own() -> None:
    shipped = [*overseers().values(), *role_cards().values()]
    unseen = {one.id for one in shipped if one.grade == "check"}
    assert unseen == {"ico", "mhra", "hse", "fire", "coroner", "phso"}
    assert all(one.reference is not None for one in shipped if one.id not in unseen)
    assert all(one.as_at and one.place and not one.local for one in shipped)


def test_what_a_source_says_of_seeing_patients_and_of_supervision() -> None:
    cards = role_cards()
    assert len(cards) == 12
    assert cards["physician_assistant"].undifferentiated == "no"
    assert cards["physician_assistant"].named_supervisor is True
    assert cards["clinical_pharmacist"].supervision_days == 31
    assert cards["care_coordinator"].supervision == ""  # not found, and not guessed


def test_a_locality_replaces_one_and_adds_others(tmp_path: Path) -> None:
    home = written(tmp_path, "oversight", OWN)
    found = overseers(home)
    assert len(found) == len(overseers())
    own = found["ico"]
    assert own.local
    assert own.as_at == "November 2026"
    assert own.stands(date(2027, 3, 31))
    assert not own.stands(date(2027, 4, 1))


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('reference = { text = "Its own site, read in November 2026" }\n', "", "check"),
        ('grade = "read"', 'grade = "recalled"', "grade"),
        ('does = "regulates"', 'doing = "regulates"', "doing"),
        ('as_at = "November 2026"\n', "", "as_at"),
    ],
)
def test_a_fault_names_the_file_and_the_key(tmp_path: Path, was: str, now: str, says: str) -> None:
    home = written(tmp_path, "oversight", OWN.replace(was, now))
    with pytest.raises(KnowledgeError, match=says) as fault:
        overseers(home)
    assert "own.toml" in str(fault.value)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    body = OWN[OWN.index("[[body]]") :]
    with pytest.raises(KnowledgeError, match="already"):
        overseers(written(tmp_path, "oversight", OWN + body))
