"""Who may see and do what with scorings and skills, once people sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from locality.knowledge.skills import ladder, skill_lists
from locality.records.actions import begin_skills
from locality.records.permissions import NOBODY, Asker, permissions
from locality.web.addresses.scoring import patterns
from tests.records import made, scored

GROUP = {
    "may read it": ("scoring", "scoring_results", "scoring_download"),
    "run it": ("change_scoring", "scoring_assessors", "exclude_assessor", "readmit_assessor",
               "open_scoring", "reveal_scoring", "agree_scores", "close_scoring",
               "withdraw_scoring"),
    "score": ("score_sheet", "reopen_sheet"),
}  # fmt: skip


def allowed(asker: Asker, pages: tuple[str, ...], code: str) -> bool:
    table = permissions()
    found = {
        table.allows(asker, page, row.action, code)
        for page in pages
        for row in table
        if row.page == page
    }
    assert len(found) == 1, f"{pages} differ for {asker}"
    return found.pop()


def test_a_scoring_is_read_by_its_body_and_its_assessors_and_run_by_its_chair(home: Path) -> None:
    chair, sits, scores, other = (made.person(name) for name in ("Chair", "Sits", "Scores", "No"))
    board = made.body()
    made.seat(made.post(chair), board, role="chair")
    made.seat(made.post(sits), board)
    held = scored.opened(scores, body=board.code).reference
    expected = {
        NOBODY: (False, False, False),
        Asker(other.code): (False, False, False),
        Asker(other.code, (("practice", "A81001"),)): (False, False, False),
        Asker(other.code, (("analyst", ""),)): (False, False, False),
        Asker(sits.code): (True, False, False),
        Asker(scores.code, (("practice", "A81001"),)): (True, False, True),
        Asker(chair.code): (True, True, False),
        Asker(other.code, (("governance", ""),)): (True, True, False),
        Asker(other.code, (("administrator", ""),)): (True, True, False),
    }
    for asker, wanted in expected.items():
        assert tuple(allowed(asker, pages, held) for pages in GROUP.values()) == wanted, asker
        # Of a scoring that is not there nobody learns anything by a rule.
        if not any(role in ("governance", "administrator") for role, _ in asker.grants):
            assert not allowed(asker, GROUP["may read it"], "S-1999-001")


def test_everyones_skills_are_for_the_chair_and_administrators_alone(home: Path) -> None:
    chair, one, other = made.person("Chair"), made.person("One"), made.person("No")
    board = made.body()
    made.seat(made.post(chair), board, role="chair")
    made.seat(made.post(other), board)
    made.seat(made.post(one), board)
    held = begin_skills(
        title="Skills", people=[one.code], skills=skill_lists()["loop"], ladder=ladder(),
        body=board.code, **scored.TOLD,
    ).reference  # fmt: skip
    own, every = ("skills_review", "skills_download"), ("skills_everyone",)
    for asker, wanted in (
        (Asker(one.code), (True, False)),
        (Asker(chair.code), (True, True)),
        (Asker(other.code), (False, False)),
        (Asker(other.code, (("governance", ""),)), (False, False)),
        (Asker(other.code, (("commissioner", ""),)), (False, False)),
        (Asker(other.code, (("administrator", ""),)), (True, True)),
    ):
        assert (allowed(asker, own, held), allowed(asker, every, held)) == wanted, asker


@pytest.mark.parametrize("pattern", patterns, ids=lambda one: one.name)
def test_every_page_has_its_rows_and_none_is_open_to_the_public(pattern: object) -> None:
    name = getattr(pattern, "name", "")
    rows = [row for row in permissions() if row.page == name]
    assert rows
    assert not any(row.cells["public"] for row in rows)
