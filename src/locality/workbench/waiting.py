"""Whose waits, of which month, the tables of hospital waits are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from locality import measure as room
from locality.figures import Period, Problem, Table
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.store import Version

#: Kinds that have waits of their own; the others are shown their sub-ICB's.
KINDS = ("sub_icb", "icb", "region", "england")


def waits(version: Version, code: str, period: str | None = None) -> Table:
    """Return hospital waits by specialty of ``code``, or of its sub-ICB (measure.WAITS).

    Boards and regions are the sums of their sub-ICBs as they belong today. Problem where no waits
    are loaded, or where ``code`` lies in several sub-ICBs and is none of those kinds.
    """
    whose = whose_waits(version, code)
    when = _month(version, period)
    rows = _rows(version, whose, when)
    table = room.waits(rows, _specialties(version), whose, when)
    name = loading.names(version)[whose]
    title = f"Hospital waits of {name}, {Period.parse(when).label}"
    return Table(table.schema, table.data, title=title, caption=table.caption)


def waits_over(
    version: Version,
    treatment_function: str = "C_999",
    kind: str = "sub_icb",
    period: str | None = None,
) -> Table:
    """Return one specialty's waits over sub-ICBs, ICBs or regions, by name (WAITS_OVER)."""
    if kind not in KINDS:
        raise Problem(f"Waits are told for {', '.join(KINDS)}; not for {kind!r}.")
    when = _month(version, period)
    rows = loading.select(
        version, "waiting", period=when, treatment_function=treatment_function.upper()
    )
    if kind in ("icb", "region"):
        rows = room.combined(rows, _subs(version, kind), kind)
    return room.waits_over(rows, loading.names(version), treatment_function.upper(), kind, when)


def waits_trend(version: Version, code: str, treatment_function: str = "C_999") -> Table:
    """Return one specialty's waits of ``code``, or of its sub-ICB, by month (WAITS_TREND)."""
    whose = whose_waits(version, code)
    rows = _rows(version, whose, None, treatment_function.upper())
    return room.waits_trend(rows, whose, treatment_function.upper())


def months(version: Version) -> tuple[str, ...]:
    """Return the months of which waits are loaded, latest first."""
    found = version.run("SELECT DISTINCT period FROM waiting").column("period").to_pylist()
    return tuple(sorted(map(str, found), key=Period.parse, reverse=True))


def whose_waits(version: Version, code: str) -> str:
    """Return the organisation whose waits are told for ``code``: itself, or its one sub-ICB."""
    found = loading.organisation(version, code)
    own = str(found["code"])
    if found["kind"] in KINDS:
        return own
    inside = set(loading.practices(version, own))
    subs = [
        one for one, members in _subs_by_practice(version).items() if inside.intersection(members)
    ]
    if len(subs) != 1:
        raise Problem(
            f"{found['name']} lies in {len(subs)} sub-ICBs, and waits are counted by sub-ICB. "
            "Look at each of them."
        )
    return subs[0]


def _rows(version: Version, whose: str, period: str | None, function: str | None = None) -> Table:
    """Return the counts of ``whose`` and of England, in one month or all."""
    kind = str(loading.organisation(version, whose)["kind"])
    wanted = {"period": period, "treatment_function": function}
    if kind in ("sub_icb", "england"):
        return loading.select(version, "waiting", code=(whose, "ENG"), **wanted)
    subs = _subs(version, kind)[whose]
    own = loading.select(version, "waiting", code=subs, kind="sub_icb", **wanted)
    england = loading.select(version, "waiting", code="ENG", **wanted)
    return room.joined(room.combined(own, {whose: subs}, kind), england)


def _month(version: Version, period: str | None) -> str:
    held = months(version)
    if not held:
        raise Problem(
            "No waiting times are loaded. They are in NHS England's Referral to Treatment waiting "
            "times: take the full CSV data file."
        )
    if period is None:
        return held[0]
    when = loading.parsed(period)
    if when not in held:
        raise Problem(f"No waiting times of {when} are loaded; there are {', '.join(held)}.")
    return when


@lru_cache(maxsize=8)
def _specialties(version: Version) -> dict[str, str]:
    """Return the latest name of each specialty by its code."""
    rows = sorted(
        loading.select(version, "treatment_functions").rows,
        key=lambda row: Period.parse(row["period"]),
    )
    return {row["treatment_function"]: row["name"] for row in rows}


@lru_cache(maxsize=8)
def _subs_by_practice(version: Version) -> dict[str, tuple[str, ...]]:
    """Return the practices of each sub-ICB."""
    known = loading.known_organisations(version)
    return {
        code: members
        for code, members in loading.members_of(version).items()
        if known.get(code, {}).get("kind") == "sub_icb"
    }


@lru_cache(maxsize=8)
def _subs(version: Version, kind: str) -> dict[str, tuple[str, ...]]:
    """Return the sub-ICBs of each organisation of ``kind``."""
    known = loading.known_organisations(version)
    members = loading.members_of(version)
    return {
        code: tuple(
            sub
            for sub, practices in _subs_by_practice(version).items()
            if set(practices).intersection(members[code])
        )
        for code in members
        if known.get(code, {}).get("kind") == kind
    }
