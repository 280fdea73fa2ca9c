"""What QOF points are weighted by: practices' lists and registers, and England's, loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from locality.figures import Table
from locality.knowledge import RuleMissing
from locality.measure import qof as room
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.knowledge import Rules
    from locality.store import Version


def prevalence(
    version: Version, rules: Rules, held: room.Counts, scheme: room.Scheme
) -> room.Prevalence:
    """Return what each indicator is weighted by: of the year itself where it is published."""
    base = prevalence_year(version, held.period)
    groups = [row.group for row in scheme.rows]
    if not base:
        nothing = np.full((len(held.practices), len(groups)), np.nan)
        return room.Prevalence(held.period, nothing, nothing[0])
    registers, whole = _registers(version, base)
    eligible, england = _eligible(version, rules, base, held, scheme)
    entered = _entered(rules, groups, held.period)
    with np.errstate(invalid="ignore", divide="ignore"):
        now = held.eligible / lists(version, held)[:, None]
    return room.prevalence(
        registers, whole, held.practices, groups, base, eligible, england, entered, now
    )


def lists(version: Version, held: room.Counts) -> Any:
    """Return each practice's list: of the year's results, or the latest that is loaded."""
    known: Mapping[str, float]
    if held.as_at is None:
        _, known = _registers(version, held.period)
    else:
        known = _latest_lists(version, held.as_at)
    return np.array([known.get(one, np.nan) for one in held.practices])


def _eligible(
    version: Version, rules: Rules, base: str, held: room.Counts, scheme: room.Scheme
) -> tuple[Any, Any]:
    """Return who was eligible in the year ``base``, under ``scheme``: practices', England's."""
    old = room.Scheme.of(rules, base)
    rows = loading.select(
        version, "qof_achievement", period=base, practice_code=list(held.practices)
    )
    then = room.Counts.of(rows, held.practices, old.codes, base)
    england = _england_eligible(version, base, old.codes)
    if base == scheme.period:
        return then.eligible, england
    carry = room.carried(old.sheet, scheme.sheet)
    column = {code: at for at, code in enumerate(old.codes)}
    own = np.full((len(held.practices), len(scheme.codes)), np.nan)
    whole = np.full(len(scheme.codes), np.nan)
    for at, code in enumerate(scheme.codes):
        parts = [column[one] for one in carry.into.get(code, ()) if one in column]
        if parts:
            own[:, at], whole[at] = then.eligible[:, parts].sum(axis=1), england[parts].sum()
    return own, whole


def _entered(rules: Rules, groups: list[str], period: str) -> dict[str, float]:
    """Return the national prevalence that somebody here read and entered, as shares."""
    found = {}
    for group in set(groups):
        id = f"qof.national_prevalence.{group.lower()}"
        if id in rules.scalars:
            try:
                found[group] = float(rules.value(id, period).value) / 100
            except RuleMissing:
                continue
    return found


@lru_cache(maxsize=8)
def _registers(version: Version, period: str) -> tuple[Table, dict[str, float]]:
    """Return a year's registers of every practice and their whole lists, read once a version."""
    registers = loading.select(version, "qof_registers", period=period)
    overall = loading.select(version, "qof_overall", period=period)
    return registers, room.whole_lists(registers, overall)


@lru_cache(maxsize=8)
def _england_eligible(version: Version, period: str, codes: tuple[str, ...]) -> Any:
    """Return everybody eligible in England in a year, (indicators,), read once a version."""
    return room.summed(loading.select(version, "qof_achievement", period=period), codes)


@lru_cache(maxsize=8)
def _latest_lists(version: Version, day: date) -> dict[str, float]:
    """Return each practice's list on the last date up to ``day``."""
    text = (
        "SELECT practice_code, arg_max(patients, as_at) AS patients FROM lists "
        "WHERE as_at <= $day GROUP BY practice_code"
    )
    rows: list[Any] = version.run(text, day=day).to_pylist()
    return {row["practice_code"]: float(row["patients"]) for row in rows if row["patients"]}


def prevalence_year(version: Version, period: str) -> str:
    """Return the last year with published registers, up to ``period``; empty without any."""
    text = "SELECT max(period) AS last FROM qof_registers WHERE period <= $period"
    found: str | None = version.run(text, period=period).column("last")[0].as_py()
    return found or ""


@lru_cache(maxsize=8)
def england_care(version: Version, period: str) -> dict[str, float]:
    """Return England's rate of care adjustments in a year by indicator, in per cent."""
    text = (
        "SELECT indicator_code, 100.0 * sum(pcas) / sum(denominator + pcas) AS rate "
        "FROM qof_achievement WHERE period = $period AND pcas IS NOT NULL "
        "AND denominator IS NOT NULL GROUP BY indicator_code HAVING sum(denominator + pcas) > 0"
    )
    rows: list[Any] = version.run(text, period=period).to_pylist()
    return {row["indicator_code"]: float(row["rate"]) for row in rows}
