"""Carry counts of one year over to another year's indicators: what became of each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.knowledge.qof_successions import Succession, became
from locality.knowledge.sheets import Indicator, Sheet
from locality.measure.qof.counts import Counts, Prevalence

Numbers = npt.NDArray[np.float64]

#: Kinds of succession whose counts speak of the new indicator too.
CARRIED = ("renumbered", "merged", "widened")


@dataclass(frozen=True)
class Carried:
    """What became of each indicator: ``follows`` maps old code to new, ``words`` says what changes.

    ``into`` maps each new code to the old ones whose counts it takes; an empty tuple where no
    count of the old year speaks of it.
    """

    follows: Mapping[str, str]
    words: Mapping[str, str]
    into: Mapping[str, tuple[str, ...]]

    def first(self, code: str) -> bool:
        """Return whether ``code`` is the first of those that became one."""
        return self.into.get(self.follows.get(code, ""), (code,))[:1] == (code,)


def carried(old: Sheet, new: Sheet) -> Carried:
    """Return what became of the indicators of ``old`` in ``new``, a later year's sheet.

    Counts are carried where an indicator kept its code, was renumbered, put together with others,
    or widened (fewer patients than it will have). They are not where another count replaced it.
    """
    there = {row.code: row for row in new.standing()}
    follows, words = {}, {}
    into: dict[str, list[str]] = {code: [] for code in there}
    for row in old.standing():
        code = row.code
        steps = became(code, _year(old), _year(new)) if code not in there else ()
        # The last step may be years before: from then on the indicator kept its code.
        ends = [one for one in steps[-1:] if one.to_code in there]
        if code in there:
            follows[code] = code
        elif ends:
            follows[code] = ends[-1].to_code
        words[code] = _words(row, there.get(follows.get(code, "")), new.period.code, steps)
        target = follows.get(code)
        if target and (code == target or all(one.kind in CARRIED for one in steps)):
            into[target].append(code)
    return Carried(follows, words, {code: tuple(one) for code, one in into.items()})


def counts_under(counts: Counts, carry: Carried, codes: tuple[str, ...], period: str) -> Counts:
    """Return ``counts`` as counts of the indicators ``codes`` of ``period``.

    Indicators that were put together are added up, so that a patient counted for both is counted
    twice, reached or not. One part missing leaves the sum missing.
    """
    found = {
        name: np.full((len(counts.practices), len(codes)), np.nan)
        for name in ("numerator", "denominator", "pcas", "points")
    }
    column = {code: number for number, code in enumerate(counts.codes)}
    for at, code in enumerate(codes):
        parts = [column[one] for one in carry.into.get(code, ()) if one in column]
        if parts:
            for name in ("numerator", "denominator", "pcas"):
                found[name][:, at] = getattr(counts, name)[:, parts].sum(axis=1)
    return Counts(period, counts.practices, codes, **found, as_at=counts.as_at)


def prevalence_under(
    held: Prevalence, carry: Carried, codes: tuple[str, ...], old: tuple[str, ...]
) -> Prevalence:
    """Return prevalence for ``codes``: that of the indicators whose counts they take.

    Where several became one, their shares are added on both sides, so that people on two
    registers count twice on both.
    """
    own = np.full((held.own.shape[0], len(codes)), np.nan)
    england = np.full(len(codes), np.nan)
    column = {code: number for number, code in enumerate(old)}
    for at, code in enumerate(codes):
        parts = [column[one] for one in carry.into.get(code, ()) if one in column]
        if parts:
            own[:, at] = held.own[:, parts].sum(axis=1)
            england[at] = held.england[parts].sum()
    return Prevalence(held.period, own, england)


def _words(was: Indicator, now: Indicator | None, year: str, steps: tuple[Succession, ...]) -> str:
    """Return what changes for an indicator, in plain words; empty where nothing does."""
    if now is None:
        ended = steps[-1].note if steps and steps[-1].note else ""
        return f"It ends: {year} has no such indicator. {ended}".strip()
    said = []
    kind = steps[-1].kind if steps else "renumbered"
    if now.code != was.code:
        said.append({
            "renumbered": f"It becomes {now.code}.",
            "merged": f"It is put together with others as {now.code}; patients in several counts "
            "count several times here.",
            "widened": f"It becomes {now.code}, for more patients.",
        }.get(kind, f"{now.code} replaces it, and counts something else."))  # fmt: skip
        if kind not in CARRIED:
            return " ".join(said)
    if kind != "merged" and was.points != now.points:
        said.append(f"Points {was.points:g} → {now.points:g}.")
    for column, name in (("lower", "Lower"), ("upper", "Upper")):
        before, after = getattr(was, column), getattr(now, column)
        if before is not None and after is not None and before != after:
            said.append(f"{name} threshold {before:g} % → {after:g} %.")
    return " ".join(said)


def _year(sheet: Sheet) -> str:
    return sheet.period.code
