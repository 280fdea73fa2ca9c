"""Wide sheets of staff columns as practices by roles, and as rows of PRACTICE_STAFF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from locality.figures import Missing, Table
from locality.figures.schemas.staff import PRACTICE_STAFF
from locality.knowledge.workforce_columns import GROUPS, TOTAL, staff_columns
from locality.sources.arrow import Array, pc
from locality.sources.cells import negative, numbers
from locality.sources.reading import Refused
from locality.sources.sieve import Sieve

#: Which column says whether the publisher estimated a group's hours.
SOURCES = {
    "GP": "gp_source",
    "nurse": "nurse_source",
    "direct patient care": "dpc_source",
    "admin": "admin_source",
}
#: Totals that no column gives: the difference of two that do. By the publisher's dictionary one
#: excludes GPs in training grade, the other locums, and nobody else.
_DIFFERENCES = {
    "total trainees": ("total", "total fully qualified"),
    "total locums": ("total", "total without locums"),
}
_ESTIMATED = r"(?i)^fully estimated"
_PROVIDED = r"(?i)^fully provided$"
#: FTE are given to nine places; parts of a practice's total may miss it by their rounding.
_ROUNDING = 1e-4


@dataclass(frozen=True)
class WideStaff:
    """The staff columns of a sheet: rows by roles, NaN where there is no number.

    ``given`` says which cells hold a number or a mark, as against blanks.
    """

    code: Array
    roles: tuple[tuple[str, str], ...]
    fte: NDArray[np.float64]
    headcount: NDArray[np.float64]
    given: NDArray[np.bool_]
    sources: Mapping[str, Array]
    values: tuple[Array, ...]

    @classmethod
    def of(cls, sieve: Sieve) -> WideStaff:
        """Return the staff columns; rows that cannot be used are dropped from ``sieve``."""
        sheet = sieve.sheet
        columns = [one for one in staff_columns() if one.word in sheet.words]
        roles = tuple(dict.fromkeys((one.staff_group, one.role) for one in columns))
        shape = (len(sieve.label), len(roles))
        grids = {name: np.full(shape, np.nan) for name in ("fte", "headcount")}
        given = np.zeros(shape, dtype=bool)
        kept = []
        for one in columns:
            if sheet.words.count(one.word) > 1:
                raise Refused(
                    f"The header has “{one.column}” more than once, so it cannot be told which "
                    "one is meant. Keep one of them."
                )
            text = sheet.column(sheet.words.index(one.word))
            cells = numbers(no_return_as_empty(text))
            sieve.drop(cells.wrong, f"There is a word where {one.column} should be a number.")
            sieve.drop(negative(cells), f"{one.column} is below zero.")
            place = roles.index((one.staff_group, one.role))
            grids[one.measure][:, place] = cells.values.to_numpy(zero_copy_only=False)
            given[:, place] |= np.asarray(pc.not_equal(text, ""))
            kept.append(cells.values)
        wide = cls(
            sieve.label, roles, grids["fte"], grids["headcount"], given,
            {
                group: sheet.column(sheet.words.index(word))
                for group, word in SOURCES.items() if word in sheet.words
            },
            tuple(kept),
        )  # fmt: skip
        everyone, qualified = (
            wide.fte[:, wide._at("GP", role)] for role in _DIFFERENCES["total trainees"]
        )
        sieve.drop(qualified > everyone + _ROUNDING, "There are more fully qualified GPs than GPs.")
        return wide

    def _at(self, group: str, role: str) -> int:
        return self.roles.index((group, role))

    def table(self, day: date, chosen: NDArray[np.bool_]) -> tuple[Table, tuple[str, ...]]:
        """Return the chosen rows as PRACTICE_STAFF of one day, and notes.

        A group without a return has its totals alone, and they say so. Of the others, roles of
        nobody are left out, and so are those whose columns are blank throughout: they were not
        collected in that month.
        """
        fte, headcount = self.fte[chosen].copy(), self.headcount[chosen].copy()
        collected: NDArray[np.bool_] = np.any(self.given[chosen], axis=0)
        estimated: dict[str, NDArray[np.object_]] = {}
        notes: list[str] = []
        for group in GROUPS:
            inside = np.array([one == group for one, _ in self.roles])
            if group in self.sources:
                said = self.sources[group].filter(pa.array(chosen))
                estimated[group] = _truths(said)
                nothing = np.asarray(pc.match_substring_regex(said, _ESTIMATED))
                # Zero was written for these until January 2023; it is not a count of nobody.
                empty = nothing & (np.nan_to_num(fte[:, self._at(group, TOTAL)]) == 0)
                fte[np.ix_(empty, inside)] = np.nan
                headcount[np.ix_(empty, inside)] = np.nan
            notes += self._differences_noted(group, fte, collected)
        roles, fte, headcount = self._with_differences(fte, headcount)
        total = np.array([role.startswith(TOTAL) for _, role in roles])
        returned = np.stack(
            [~np.isnan(fte[:, roles.index((group, TOTAL))]) for group, _ in roles], axis=1
        )
        collected = np.append(collected, np.ones(len(roles) - len(collected), dtype=bool))
        nobody = (np.nan_to_num(fte) == 0) & (np.nan_to_num(headcount) == 0)
        unsaid = returned & (np.isnan(fte) & np.isnan(headcount)) & collected
        practice, role = np.nonzero(np.where(total, True, ~nobody | unsaid))
        value, people = fte[practice, role], headcount[practice, role]
        names: Array = pa.array([name for _, name in roles])
        groups: Array = pa.array([whose for whose, _ in roles])
        flags = np.full((len(fte), len(roles)), None, dtype=object)
        for place, (whose, _) in enumerate(roles):
            if whose in estimated:
                flags[:, place] = estimated[whose]
        reason = pc.if_else(
            pa.array(np.isnan(value)),
            pa.scalar(Missing.NO_RETURN.value),
            pa.scalar(None, pa.string()),
        )
        table = Table.of(
            PRACTICE_STAFF,
            {
                "as_at": pa.repeat(pa.scalar(day, pa.date32()), len(value)),
                "practice_code": self.code.filter(pa.array(chosen)).take(pa.array(practice)),
                "staff_group": groups.take(pa.array(role)),
                "role": names.take(pa.array(role)),
                "fte": pa.array(value, from_pandas=True),
                "headcount": pa.array(people, from_pandas=True),
                "estimated": pa.array(flags[practice, role], pa.bool_()),
                "missing": reason,
            },
        )
        return table, tuple(notes)

    def _with_differences(
        self, fte: NDArray[np.float64], headcount: NDArray[np.float64]
    ) -> tuple[list[tuple[str, str]], NDArray[np.float64], NDArray[np.float64]]:
        roles = list(self.roles)
        for name, (whole, rest) in _DIFFERENCES.items():
            apart = fte[:, self._at("GP", whole)] - fte[:, self._at("GP", rest)]
            apart = np.where(apart < _ROUNDING, 0.0, np.round(apart, 9))
            fte = np.column_stack([fte, apart])
            # People in two roles count once in a total, so a difference counts nobody rightly.
            headcount = np.column_stack([headcount, np.full(len(fte), np.nan)])
            roles.append(("GP", name))
        return roles, fte, headcount

    def _differences_noted(
        self, group: str, fte: NDArray[np.float64], collected: NDArray[np.bool_]
    ) -> list[str]:
        """Say in how many practices a group's roles do not add up to its total."""
        parts = [
            place
            for place, (one, role) in enumerate(self.roles)
            if one == group and not role.startswith(TOTAL) and collected[place]
        ]
        total = fte[:, self._at(group, TOTAL)]
        apart = np.abs(np.nansum(fte[:, parts], axis=1) - total) > 100 * _ROUNDING
        off = int(apart.sum())
        if not off:
            return []
        return [
            f"In {off:,} practices the {group} roles that have a column do not add up to the "
            "group's total; totals are as published."
        ]


def no_return_as_empty(text: Array) -> Array:
    """Return ``text`` with this publication's marks for nothing valid as empty cells."""
    return pc.replace_substring_regex(text, r"(?i)^n[ad]$", "")


def _truths(said: Array) -> NDArray[np.object_]:
    """Return whether each source says that hours were estimated; None where it says nothing."""
    flags = np.asarray(pc.invert(pc.match_substring_regex(said, _PROVIDED))).astype(object)
    flags[np.asarray(pc.is_in(pc.utf8_lower(said), pa.array(["", "na", "nd"])))] = None
    return flags
