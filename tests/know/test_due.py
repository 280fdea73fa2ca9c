"""Which publications are likely to have newer files."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from locality.figures import Table
from locality.figures.schemas import LINEAGE
from locality.know import due


def publication(id: str, every: str = "month", local: bool = False) -> Any:
    return SimpleNamespace(
        id=id, title=f"The {id}", every=every, local=local, landing_page="https://example.org/"
    )


def held(*rows: tuple[str, str, str]) -> Table:
    blank = {
        "table": "t", "publisher": "p", "part": "", "file_name": "f", "reader_version": 1,
        "rows": 1, "set_aside": 0, "ingested_at": "", "local": False,
    }  # fmt: skip
    return Table.of(
        LINEAGE,
        [
            {**blank, "publication": id, "period": period, "state": state, "sha256": str(n)}
            for n, (id, period, state) in enumerate(rows)
        ],
    )


@pytest.mark.parametrize(
    ("every", "period", "last_quiet", "first_due"),
    [
        ("month", "2026-M07", date(2026, 9, 15), date(2026, 9, 16)),
        ("year", "2024-25", date(2026, 10, 1), date(2026, 10, 2)),
        ("quarter", "2026-06-30", date(2026, 11, 15), date(2026, 11, 16)),
    ],
)
def test_half_an_interval_after_the_next_period_has_ended(
    every: str, period: str, last_quiet: date, first_due: date
) -> None:
    one, rows = [publication("lists", every)], held(("lists", period, "in use"))
    assert not len(due(one, rows, last_quiet))
    (found,) = due(one, rows, first_due).rows
    assert found["latest"] == period and f"every {every}" in found["sentence"]


def test_only_the_newest_file_in_use_counts() -> None:
    rows = held(("lists", "2020-M01", "in use"), ("lists", "2026-M10", "in use"),
                ("lists", "2026-M11", "replaced"))  # fmt: skip
    assert not len(due([publication("lists")], rows, date(2026, 11, 23)))
    assert len(due([publication("lists")], rows, date(2027, 1, 1)))


def test_those_without_a_rhythm_of_ones_own_or_not_held_are_not_due() -> None:
    rows = held(("a", "2010-11", "in use"), ("b", "2010-11", "in use"))
    known = [publication("a", ""), publication("b", "year", local=True), publication("c")]
    assert not len(due(known, rows, date(2026, 11, 23)))
