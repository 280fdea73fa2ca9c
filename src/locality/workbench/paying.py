"""Which payments, of which practices and year, the tables of money received are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from locality import know
from locality.figures import Problem, Table
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.store import Version


def money(version: Version, code: str, year: str | None = None) -> Table:
    """Return what ``code`` received in a year, the latest unless given (know.MONEY).

    Beside it stand its board's and England's amounts for each patient. Problem where no payments
    of it are loaded.
    """
    found = loading.organisation(version, code)
    members = loading.practices(version, code)
    practices = loading.select(version, "payment_practices", practice_code=members)
    periods = sorted({row["period"] for row in practices.rows})
    if not periods:
        raise Problem(
            f"No payments to {found['name']} are loaded. They are in NHS England's publication "
            "NHS Payments to General Practice."
        )
    when = loading.parsed(year) if year else periods[-1]
    own = know.payment_sums(loading.select(version, "payments", practice_code=members), practices)
    boards = loading.boards(version).get(str(found["code"]), ())
    board = tuple(boards) if len(boards) == 1 else ()
    inside = loading.practices(version, board[0]) if board else ()
    alone = [row for row in practices.rows if row["period"] == when]
    return know.money(
        own,
        _paid(version, when, inside),
        _paid(version, when, None),
        period=when,
        name=str(found["name"]),
        practice=alone[0] if found["kind"] == "practice" and alone else None,
    )


def money_trend(version: Version, code: str) -> Table:
    """Return what ``code`` received in each year, by group (know.MONEY_TREND)."""
    found = loading.organisation(version, code)
    members = loading.practices(version, code)
    own = know.payment_sums(
        loading.select(version, "payments", practice_code=members),
        loading.select(version, "payment_practices", practice_code=members),
    )
    return know.money_trend(own, name=str(found["name"]))


def years(version: Version, code: str) -> tuple[str, ...]:
    """Return the years in which a practice of ``code`` was paid, latest first."""
    members = loading.practices(version, code)
    rows = loading.select(version, "payment_practices", practice_code=members).rows
    return tuple(sorted({row["period"] for row in rows}, reverse=True))


@lru_cache(maxsize=32)
def _paid(version: Version, period: str, practices: tuple[str, ...] | None) -> Table:
    """Return the payments of a year added up over ``practices``; None means everyone's."""
    return know.payment_sums(
        loading.select(version, "payments", period=period, practice_code=practices),
        loading.select(version, "payment_practices", period=period, practice_code=practices),
    )
