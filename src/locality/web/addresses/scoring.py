"""Addresses of criteria, of scoring together, and of skills."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from locality.web.pages import criteria, scoring, scoring_sheets, skills

patterns: list[URLPattern | URLResolver] = [
    path("criteria/", criteria.criteria_sets, name="criteria_sets"),
    path("criteria/new", criteria.new, name="new_criteria_set"),
    path("criteria/<code:code>", criteria.criteria_set, name="criteria_set"),
    path("criteria/<code:code>.<ending:ending>", criteria.download, name="criteria_set_download"),
    path("criteria/<code:code>/change", criteria.change, name="change_criteria"),
    path("criteria/<code:code>/lock", criteria.lock, name="lock_criteria"),
    path("criteria/<code:code>/next", criteria.next_version, name="next_criteria"),
    path("scorings/", scoring.scorings, name="scorings"),
    path("scorings/new", scoring.new, name="new_scoring"),
    path("scorings/<code:code>", scoring.scoring, name="scoring"),
    path("scorings/<code:code>/change", scoring.change, name="change_scoring"),
    path("scorings/<code:code>/assessors", scoring.assessors, name="scoring_assessors"),
    path(
        "scorings/<code:code>/assessors/<code:person>/exclude",
        scoring.exclude,
        name="exclude_assessor",
    ),
    path(
        "scorings/<code:code>/assessors/<code:person>/readmit",
        scoring.readmit,
        name="readmit_assessor",
    ),
    path("scorings/<code:code>/open", scoring.open_it, name="open_scoring"),
    path("scorings/<code:code>/reveal", scoring.reveal, name="reveal_scoring"),
    path("scorings/<code:code>/withdraw", scoring.withdraw, name="withdraw_scoring"),
    path("scorings/<code:code>/sheet", scoring_sheets.sheet, name="score_sheet"),
    path("scorings/<code:code>/sheet/reopen", scoring_sheets.reopen, name="reopen_sheet"),
    path("scorings/<code:code>/results", scoring_sheets.results, name="scoring_results"),
    path(
        "scorings/<code:code>/results/<slug:table>.<ending:ending>",
        scoring_sheets.download,
        name="scoring_download",
    ),
    path("scorings/<code:code>/agree/<int:place>", scoring_sheets.agree, name="agree_scores"),
    path("scorings/<code:code>/close", scoring_sheets.close, name="close_scoring"),
    path("skills/", skills.skills, name="skills"),
    path("skills/new", skills.new, name="new_skills"),
    path("skills/<code:code>", skills.review, name="skills_review"),
    path("skills/<code:code>/everyone", skills.everyone, name="skills_everyone"),
    path("skills/<code:code>.<ending:ending>", skills.download, name="skills_download"),
]
