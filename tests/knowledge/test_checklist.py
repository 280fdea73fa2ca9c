"""Checklists as data: every template whole, an overlay marked, a slip named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from locality import knowledge
from locality.knowledge import KnowledgeError, files
from locality.knowledge.checklist import CADENCES, GRADES, thawed

KNOWN = knowledge.load().checklists
#: How many items each template has, and how well its questions are known: as the sources say.
EXPECTED = {
    "ssm_five_steps": (14, "stated"), "roberts_six": (6, "stated"), "obholzer": (7, "stated"),
    "checkland_seven": (7, "stated"), "vsm_five": (5, "source"), "smith_nine": (9, "recalled"),
    "ostrom_eight": (8, "source"), "a4r": (4, "source"), "five_tests": (5, "source"),
    "gp_provider": (15, "source"), "pbma_process": (11, "source"), "ifpmm": (7, "source"),
    "commissioning_plan": (4, "stated"), "engagement_pulse": (6, "ours"),
}  # fmt: skip

MADE = """
id = "huddle"
version = 3
title = "Morning huddle"
purpose = "Whether the huddle does what it is there for, in our own words."
when = "yearly"
use = "Once a year, by the whole team"
about = ["organisation"]
raters = "two"
grade = "ours"

[[item]]
id = "time"
question = "Does it begin on time?"
kind = "choice"
"""


def overlay(tmp_path: Path, text: str, name: str = "huddle.toml") -> Path:
    folder = tmp_path / "knowledge" / "checklists"
    folder.mkdir(parents=True)
    (folder / name).write_text(text, "utf-8")
    return tmp_path


def test_all_of_them_are_here_and_whole() -> None:
    assert {id: (len(one.item), one.grade) for id, one in KNOWN.items()} == EXPECTED
    assert all(one.when in CADENCES and one.grade in GRADES for one in KNOWN.values())


def test_what_is_not_proved_is_marked_with_the_reason() -> None:
    assert {id for id, one in KNOWN.items() if one.check} == {"smith_nine", "vsm_five", "ifpmm"}
    assert "not seen in a source" in KNOWN["smith_nine"].check_why
    assert not KNOWN["smith_nine"].references, "it is not put in anybody's mouth"
    items = {one.id for template in KNOWN.values() for one in template.item if one.check}
    assert items == {"above_core"}
    assert "cut off" in KNOWN["gp_provider"].item[-1].check_why


def test_what_is_recalled_is_always_marked() -> None:
    for one in KNOWN.values():
        assert one.check or one.grade != "recalled", one.id


def test_the_swap_goes_the_right_way_round() -> None:
    swap = KNOWN["pbma_process"].asked("s6c")
    assert swap is not None
    assert "only if the growth option is worth more per pound" in swap.hint


def test_levels_that_belong_to_others_are_not_here() -> None:
    for item in KNOWN["ifpmm"].item:
        assert item.scale is not None and set(item.scale.anchors) == {"1", "6"}


def test_what_can_be_worked_out_says_from_what() -> None:
    found = {
        (id, item.id): item.computed.from_
        for id, one in KNOWN.items() for item in one.item if item.computed
    }  # fmt: skip
    assert found == {
        ("roberts_six", "home_invests"): "delegated limits",
        ("roberts_six", "right_people"): "tags of seats",
        ("commissioning_plan", "waiting"): "hospital waits",
        ("a4r", "publicity"): "decision",
        ("a4r", "revision"): "decision",
        ("a4r", "enforcement"): "decision",
    }


@pytest.mark.parametrize("id", sorted(EXPECTED))
def test_a_template_comes_back_from_where_it_is_kept(id: str) -> None:
    again = thawed(json.loads(json.dumps(KNOWN[id].frozen)))
    assert again.item == KNOWN[id].item
    assert again.content_hash == KNOWN[id].content_hash


def test_the_hash_changes_with_a_word_and_not_with_the_file_it_stands_in() -> None:
    one = KNOWN["obholzer"]
    item = one.item[0].model_copy(update={"question": "Does anybody know?"})
    other = one.model_copy(update={"item": [item, *one.item[1:]]})
    moved = one.model_copy(update={"place": "elsewhere", "local": True, "replaces": "this"})
    assert other.content_hash != one.content_hash == moved.content_hash


def test_ones_own_are_added_and_marked(tmp_path: Path) -> None:
    known = knowledge.load(overlay(tmp_path, MADE)).checklists
    own = known["huddle"]
    assert own.local and own.version == 3 and not own.replaces
    assert own.place.endswith("knowledge/checklists/huddle.toml")
    assert len(known) == len(KNOWN) + 1


def test_ones_own_words_replace_and_lift_the_mark(tmp_path: Path) -> None:
    text = (files.PACKAGE / "checklists/vsm_five.toml").read_text("utf-8")
    before, after = text.split("check = true\n")
    own = before + after.split("\n", 1)[1]
    known = knowledge.load(overlay(tmp_path, own, "vsm_five.toml")).checklists
    assert known["vsm_five"].local and not known["vsm_five"].check
    assert known["vsm_five"].replaces == "knowledge/checklists/vsm_five.toml"
    assert KNOWN["vsm_five"].check


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('kind = "choice"', 'kind = "chioce"', "the nearest"),
        ('kind = "choice"', 'kind = "rating"', "a rating has a scale"),
        ('kind = "choice"', 'kind = "table"', "have parts"),
        ('kind = "choice"', 'kind = "references"', "say what they refer to"),
        ('kind = "choice"', 'kind = "choice"\ncheck = true', "says why"),
        ('grade = "ours"', 'grade = "source"', "names one in references"),
        ('grade = "ours"', 'grade = "ours"\nanonymous = true', "everyone answers alone"),
        ('raters = "two"', 'raters = "one"\nagreed = true', "needs raters"),
        ("version = 3", "version = 0", "greater than or equal to 1"),
        ("version = 3", "version = 3\nlocal = true", "the loader sets it"),
        ('raters = "two"', 'raters = "two"\nsides = [{ id = "a", title = "As" }]', "sides are two"),
        ('kind = "choice"', 'kind = "choice"\n[[item]]\nid = "time"\nquestion = "Again, then?"\n'
         'kind = "text"', "stands twice"),
        ('kind = "choice"', 'kind = "choice"\n[item.computed]\nfrom = "decision"\n'
         'words = "Worked out from what was decided."', "raters = one"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_file(tmp_path: Path, was: str, now: str, says: str) -> None:
    assert was in MADE
    with pytest.raises(KnowledgeError) as raised:
        knowledge.load(overlay(tmp_path, MADE.replace(was, now)))
    assert "huddle.toml" in str(raised.value)
    if says != "the nearest":
        assert says in str(raised.value)
    else:
        assert "'chioce' is not a choice here" in str(raised.value)


def test_an_anonymous_one_asks_for_no_words(tmp_path: Path) -> None:
    text = MADE.replace('"two"', '"each"\nanonymous = true').replace('"choice"', '"text"')
    with pytest.raises(KnowledgeError, match="words"):
        knowledge.load(overlay(tmp_path, text))


def test_the_house_writes_short_questions() -> None:
    for one in KNOWN.values():
        for item in one.item:
            assert len(item.question) <= 130, (one.id, item.id)
