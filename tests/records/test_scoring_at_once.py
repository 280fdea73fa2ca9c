"""Forty people score at once, on SQLite and on PostgreSQL, and no score is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from locality.records import scoring_tables
from locality.records.actions import SubjectRow, save_sheet
from locality.records.models import Event, Person, Score, Scoring, Transition
from tests.records import made, scored
from tests.records.postgresql import ON_POSTGRESQL

PEOPLE, SUBJECTS, CRITERIA = 40, 5, 2


def value(person: int, subject: int, criterion: int, turn: int) -> int:
    """Return a score that says whose it is: lost or swapped ones are seen."""
    return (3 * person + 5 * subject + 7 * criterion + turn) % 11


def score(held: Scoring, number: int, person: Person, ready: threading.Barrier) -> float:
    """Save a draft, row by row, and then hand in; return how long the slowest save took."""
    try:
        connection.ensure_connection()
        ready.wait(timeout=60)
        slowest = 0.0
        for turn in (0, 1):
            for s in range(1, SUBJECTS + 1):
                row = {(s, c): value(number, s, c, turn) for c in range(1, CRITERIA + 1)}
                cells = {
                    cell: scored.Given(str(given), f"{number} says {given}")
                    for cell, given in row.items()
                }
                began = time.monotonic()
                save_sheet(
                    reference=held.reference, person=person.code, cells=cells,
                    submit=bool(turn) and s == SUBJECTS, who=person.signature,
                )  # fmt: skip
                slowest = max(slowest, time.monotonic() - began)
        return slowest
    finally:
        connections.close_all()


@pytest.mark.slow
def test_forty_people_score_at_once_and_no_score_is_lost() -> None:
    people = [made.person(f"Assessor {n}") for n in range(PEOPLE)]
    subjects = [SubjectRow(f"Option {n}") for n in range(SUBJECTS)]
    held = scored.opened(*people, subjects=subjects)
    ready = threading.Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:
        slowest = max(pool.map(lambda one: score(held, *one, ready), enumerate(people)))
    held.refresh_from_db()
    assert held.state == "revealed"
    steps = Transition.objects.filter(subject=held.reference).values_list("to_state", flat=True)
    assert Counter(steps) == {"drafted": 1, "open": 1, "revealed": 1}
    assert Score.objects.count() == PEOPLE * SUBJECTS * CRITERIA
    given = {one.name: n for n, one in enumerate(people)}
    sheets = scoring_tables.sheets(held)
    assert len(sheets.assessors) == PEOPLE
    for a, name in enumerate(sheets.assessors):
        for s in range(SUBJECTS):
            for c in range(CRITERIA):
                assert sheets.values[a, s, c] == value(given[name], s + 1, c + 1, 1)
    for one in Score.objects.select_related("assessor__person"):
        number = given[one.assessor.person.name]
        assert one.comment == f"{number} says {int(one.value)}"
        assert one.history.count() == 2  # the draft and what was handed in
    saved = Event.objects.filter(subject=held.reference, what__startswith="scoring.sheet")
    assert saved.count() == PEOPLE * SUBJECTS * 2
    print(f"{connection.vendor}: {PEOPLE} people, slowest save {slowest:.2f} s")


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.skipif(ON_POSTGRESQL, reason="starts the run, and is no part of it")
def test_forty_people_score_at_once_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--slow", "-s",
         f"--basetemp={tmp_path / 'beside'}", f"{__file__}::"
         "test_forty_people_score_at_once_and_no_score_is_lost"],
        env={**os.environ, "DATABASE_URL": postgresql_url, "LOCALITY_RECORDS_TESTS": "postgresql"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
    assert "1 passed" in run.stdout and "postgresql: 40 people" in run.stdout
    print(run.stdout)
