"""Which small counts to hide, and which others so that nobody can work them out.

The attacker is taken to be strong. They know every shown cell and every shown total exactly (the
release rounds as well: that is not relied on), which hidden cells are small and which are hidden
for their sake, and that counts are whole and not negative. They may be one of the units, and so
know their own hidden cells.

*Units* (practices) that stand in the same shown totals make up one *class*. A shown total is a
sum over whole classes, and so is whatever can be made of several: subtracting totals, however
they overlap, never tells more than the sums of the hidden cells of each class. It is therefore
enough that no class gives its own cells away. Linear algebra over all groupings at once is
thereby done by sorting units; classes are merged by hiding the totals that tell them apart.

For the problem: Hundepool A et al. (2012), Statistical Disclosure Control, chapter 4. Ours is
stricter than their linear conditions, and does not seek the smallest number of hidden cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells to hide: ``units`` of shape (units,) and ``totals`` of shape (groups,)."""

    units: Flags
    totals: Flags


def suppress(
    counts: npt.ArrayLike,
    memberships: npt.ArrayLike,
    threshold: float = 7,
    worth: npt.ArrayLike | None = None,
) -> Suppression:
    """Return which units and which totals to hide so that no count up to ``threshold`` is told.

    ``counts`` has shape (units,), or (parts, units) for several counts that are shown or hidden
    together (numerator, denominator, adjustments); NaN where a unit gave none. Zero is small
    too. ``memberships`` is true where a group (row) sums a unit (column), of shape
    (groups, units); groups may nest and overlap as they like. ``worth`` says how much it matters
    to show each group's total (by default how many units it sums).

    With what is hidden, no small count or total can be worked out exactly, no hidden part of a
    shown total is small, and a unit that knows its own cells still learns no other's.
    Raises ValueError for shapes that do not fit, or a negative count.
    """
    values = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    groups = np.asarray(memberships, dtype=np.bool_)
    if values.ndim != 2 or groups.ndim != 2 or groups.shape[1] != values.shape[1]:
        raise ValueError("counts are (parts, units) and memberships (groups, units)")
    if np.any(values < 0):
        raise ValueError("a count cannot be negative")
    worths = groups.sum(axis=1) if worth is None else np.asarray(worth)
    if worths.shape != (len(groups),):
        raise ValueError("worth has one number for each group")
    there: Flags = np.asarray(~np.isnan(values).all(axis=0))
    units, totals = np.zeros(len(there), np.bool_), np.zeros(len(groups), np.bool_)
    counted = groups[:, there].any(axis=1)
    if there.any():
        table = _Table(values[:, there], groups[np.ix_(counted, there)], threshold, worths[counted])
        table.protect()
        units[there], totals[counted] = table.hidden, ~table.shown
    return Suppression(units, totals)


class _Table:
    """Cells of units that gave counts, and the totals over them, being hidden step by step."""

    def __init__(self, values: Numbers, groups: Flags, small: float, worth: Numbers) -> None:
        self.groups, self.small, self.worth = groups, small, worth.astype(np.float64)
        self.present = ~np.isnan(values)
        self.values = np.where(self.present, values, 0.0)
        self.sensitive = self.present & (self.values <= small)
        self.hidden: Flags = np.asarray(self.sensitive.any(axis=0))
        # Who is hidden next when company is needed: those of whom least is lost.
        self.order: Whole = np.argsort(self.values.sum(axis=0), kind="stable").astype(np.intp)
        rows, units = np.nonzero(groups)
        self.shown: Flags = np.ones(len(groups), np.bool_)
        # A unit's totals as one number: equal sums of random numbers are equal sets of totals
        # (two that differ agree by chance once in 2^64).
        self.marks = np.random.default_rng(2026).integers(2**64, size=len(groups), dtype=np.uint64)
        self.sign = np.zeros(groups.shape[1], np.uint64)
        np.add.at(self.sign, units, self.marks[rows])
        # What the totals that each unit stands in are worth.
        self.carried = np.bincount(
            units, weights=self.worth[rows], minlength=groups.shape[1]
        ).astype(np.float64)
        low = np.zeros(len(groups), np.bool_)
        for value, there in zip(self.values, self.present, strict=True):
            total = np.bincount(rows, weights=value[units], minlength=len(groups))
            given = np.bincount(rows, weights=there[units], minlength=len(groups)) > 0
            low |= given & (total <= small)
        self._hide(low)

    def protect(self) -> None:
        """Hide more until every class is safe. Ends, for each step hides another cell."""
        if not self.hidden.any():
            return
        self._classify()
        while (unsafe := self._unsafe()).any():
            if not self._hide_members(unsafe):
                self._hide_totals(int(np.flatnonzero(unsafe)[0]))
                self._classify()

    def _hide(self, totals: Flags) -> None:
        for one in np.flatnonzero(totals & self.shown):
            members = self.groups[one]
            self.sign[members] -= self.marks[one]
            self.carried[members] -= self.worth[one]
        self.shown &= ~totals

    def _classify(self) -> None:
        """Find the classes: units that stand in the same shown totals. ``first`` is one of each."""
        _, first, place = np.unique(self.sign, return_index=True, return_inverse=True)
        self.first: Whole = first.astype(np.intp)
        self.place: Whole = place.ravel().astype(np.intp)

    def _unsafe(self) -> Flags:
        """Return which classes give a hidden cell away, of shape (classes,)."""
        cells = np.flatnonzero(self.hidden)
        bad = self._exposing(cells, self.place[cells], len(self.first))
        # Units in no shown total are told by nothing.
        return np.asarray(bad & (self.sign[self.first] != 0))

    def _hide_members(self, unsafe: Flags) -> bool:
        """Hide one more unit in each unsafe class that has one; return whether any had."""
        free = self.order[(~self.hidden & unsafe[self.place])[self.order]]
        _, first = np.unique(self.place[free], return_index=True)
        self.hidden[free[first]] = True
        return len(first) > 0

    def _hide_totals(self, one: int) -> None:
        """Hide the totals that tell class ``one`` from another, or all of its own.

        Of the classes that would be safe company if hidden whole, the one is taken for whose
        sake the least worth of totals is hidden.
        """
        own = self.groups[:, self.first[one]] & self.shown
        shared = self.worth[own] @ self.groups[np.ix_(own, self.first)]
        alone = float(self.worth[own].sum())
        cost = alone + self.carried[self.first] - 2 * shared
        for other in np.argsort(cost, kind="stable"):
            if cost[other] >= alone:
                break
            if other != one and self._safe_together(one, int(other)):
                theirs = self.groups[:, self.first[other]] & self.shown
                self._hide(np.asarray(own ^ theirs))
                return
        self._hide(np.asarray(own))

    def _safe_together(self, one: int, other: int) -> bool:
        cells = np.flatnonzero((self.place == one) | (self.place == other))
        return not self._exposing(cells, np.zeros(len(cells), np.intp), 1)[0]

    def _exposing(self, cells: Whole, place: Whole, many: int) -> Flags:
        """Return which of ``many`` classes tell a small one of ``cells``, given each class's sum.

        ``place`` is the class of each. Tried for an outsider, and for each unit of the class in
        turn, who takes its own cell away from the sum.
        """
        bad = np.zeros(many, np.bool_)
        for part in range(len(self.values)):
            value, there, low = (
                one[part, cells].astype(np.float64)
                for one in (self.values, self.present, self.sensitive)
            )
            total, count, lows = (
                np.bincount(place, weights=one, minlength=many).astype(np.float64)
                for one in (value, there, low)
            )
            bad |= _told(total, count, lows, self.small)
            without = (total[place] - value, count[place] - there, lows[place] - low)
            bad[place[_told(*without, self.small)]] = True
        return bad


def _told(total: Numbers, cells: Numbers, lows: Numbers, small: float) -> Flags:
    """Return whether ``cells`` whole numbers, ``lows`` of them small, are told by their sum.

    A small cell lies from 0 to ``small``, any other above. It is told where it is alone, where
    the sum is itself small, and where the sum is the least or the most that it could be.
    """
    others = cells - lows
    least = total <= others * (small + 1)
    most = (others == 0) & (total >= lows * small)
    return np.asarray((lows > 0) & ((cells < 2) | (total <= small) | least | most))
