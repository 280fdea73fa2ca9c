"""QOF counts of one year as matrices, practices by indicators, and what prevalence rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from locality.figures import Table
from locality.knowledge.qof_registers import resting_on

pc: Any = pyarrow.compute
Numbers = npt.NDArray[np.float64]

_COLUMNS = ("numerator", "denominator", "pcas", "points")


@dataclass(frozen=True)
class Counts:
    """What practices counted: arrays are (practices, indicators), NaN where there is no count.

    ``denominator`` is net of personalised care adjustments, ``pcas``. ``points`` are the published
    ones, NaN everywhere during the year. ``as_at`` is the day of a count during the year, None for
    the results of a whole one.
    """

    period: str
    practices: tuple[str, ...]
    codes: tuple[str, ...]
    numerator: Numbers
    denominator: Numbers
    pcas: Numbers
    points: Numbers
    as_at: date | None = None

    @classmethod
    def of(
        cls,
        rows: Table,
        practices: Sequence[str],
        codes: Sequence[str],
        period: str,
        as_at: date | None = None,
    ) -> Counts:
        """Return the rows of QOF_ACHIEVEMENT or QOF_IN_YEAR of one year as matrices.

        Rows of other practices and indicators are left out.
        """
        data = rows.data
        who = pc.index_in(data["practice_code"], pa.array(practices, pa.string()))
        what = pc.index_in(data["indicator_code"], pa.array(codes, pa.string()))
        known = pc.and_(pc.is_valid(who), pc.is_valid(what))
        place = (
            np.asarray(pc.filter(who, known), np.int64) * len(codes)
            + np.asarray(pc.filter(what, known), np.int64)
        )  # fmt: skip
        shape = (len(practices), len(codes))
        found: dict[str, Any] = {}
        for name in _COLUMNS:
            flat = np.full(shape[0] * shape[1], np.nan)
            if name in data.column_names:
                flat[place] = _numbers(pc.filter(data[name], known))
            found[name] = flat.reshape(shape)
        return cls(period, tuple(practices), tuple(codes), as_at=as_at, **found)

    @property
    def eligible(self) -> Numbers:
        """Return everybody eligible: the denominator and those under a care adjustment."""
        return self.denominator + np.nan_to_num(self.pcas)


@dataclass(frozen=True)
class Prevalence:
    """What the prevalence factor of each practice and indicator rests on, in one year.

    ``own`` is (practices, indicators): patients on the register as a share of the whole list;
    ``england`` (indicators,) the same for all of England, ``entered`` which of them somebody read
    and entered. NaN where it is not known.
    """

    period: str
    own: Numbers
    england: Numbers
    entered: tuple[bool, ...] = ()

    @property
    def factor(self) -> Numbers:
        """Return own / England; NaN where either is not known or England has nobody."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.own / self.england
        return np.where(np.isfinite(found), found, np.nan)


def prevalence(
    registers: Table,
    lists: Mapping[str, float],
    practices: Sequence[str],
    groups: Sequence[str],
    period: str,
    eligible: Numbers | None = None,
    england_eligible: Numbers | None = None,
    entered: Mapping[str, float] | None = None,
    own_now: Numbers | None = None,
) -> Prevalence:
    """Return the prevalence that each indicator of ``groups`` is weighted by.

    ``registers`` are QOF_REGISTERS of one year and of every practice in England, ``lists`` the
    whole list of each practice (never one limited by age: the Statement of Financial Entitlements
    measures prevalence on the whole list, the publication on lists by age). A group without a
    published register (CHOL, SMOK) rests on ``eligible``, (practices, indicators), and
    ``england_eligible``, (indicators,): those in the denominator or under a care adjustment.
    A practice without a list is left out of England. ``entered`` maps a group to the national
    prevalence that somebody read (a share, 0 to 1): it takes the place of England's own.
    ``own_now``, (practices, indicators), are shares of those counted now: they stand in where a
    group without a published register has no count of that year.
    """
    data = registers.data
    listed = pa.array(list(lists), pa.string())
    sizes = np.array(list(lists.values()), np.float64)
    england_list = float(np.nansum(sizes))
    at = pc.index_in(data["practice_code"], listed)
    known = pc.and_(pc.is_valid(at), pc.is_valid(data["register"]))
    kept_at = np.asarray(pc.filter(at, known), np.int64)
    kept_group: list[Any] = pc.filter(data["group_code"], known).to_pylist()
    kept = _numbers(pc.filter(data["register"], known))
    names = sorted(set(kept_group))
    column = {name: number for number, name in enumerate(names)}
    matrix = np.full((len(sizes), len(names)), np.nan)
    matrix[kept_at, [column[name] for name in kept_group]] = kept
    order = {code: number for number, code in enumerate(lists)}
    rows = np.array([order.get(code, -1) for code in practices], np.int64)
    own = np.full((len(practices), len(groups)), np.nan)
    england = np.full(len(groups), np.nan)
    there = rows >= 0
    own_list = np.where(there, sizes[rows] if len(sizes) else np.nan, np.nan)
    for number, group in enumerate(groups):
        resting = resting_on(group)
        if resting.registers and all(one in column for one in resting.registers):
            columns = [column[one] for one in resting.registers]
            summed = matrix[:, columns].sum(axis=1)
            # Practices without a return are in neither sum, so that both speak of the same people.
            england[number] = np.nansum(summed) / max(_list_of(summed, sizes), 1.0)
            own[there, number] = summed[rows[there]] / own_list[there]
        elif resting.basis == "counted" and eligible is not None and england_eligible is not None:
            own[:, number] = eligible[:, number] / own_list
            england[number] = england_eligible[number] / max(england_list, 1.0)
    if own_now is not None:
        counted = np.array([resting_on(group).basis == "counted" for group in groups])
        own = np.where(counted & ~np.isfinite(own), own_now, own)
    for number, group in enumerate(groups):
        england[number] = (entered or {}).get(group, england[number])
    england[england <= 0] = np.nan
    return Prevalence(period, own, england, tuple(one in (entered or {}) for one in groups))


def whole_lists(registers: Table, overall: Table) -> dict[str, float]:
    """Return each practice's whole list in one year: from QOF_OVERALL, else a register's TOTAL."""
    found: dict[str, float] = {}
    total = registers.data.filter(pc.equal(registers.data["list_type"], "TOTAL"))
    for table in (total, overall.data):
        codes: list[Any] = table["practice_code"].to_pylist()
        sizes = _numbers(table["list_size"])
        found.update(
            {code: float(size) for code, size in zip(codes, sizes, strict=True) if size > 0}
        )
    return found


def summed(rows: Table, codes: Iterable[str]) -> Numbers:
    """Return everybody eligible over all practices of ``rows``, (indicators,); NaN for none."""
    wanted = list(codes)
    data = rows.data
    whole = pc.add(data["denominator"], pc.fill_null(data["pcas"], 0))
    made = pa.table({"code": data["indicator_code"], "n": whole})
    sums = made.group_by("code").aggregate([("n", "sum")])
    found: dict[Any, Any] = dict(
        zip(sums["code"].to_pylist(), sums["n_sum"].to_pylist(), strict=True)
    )
    return np.array([float(found.get(one) or np.nan) for one in wanted])


def _list_of(register: Numbers, sizes: Numbers) -> float:
    """Return the patients listed with the practices that have a register."""
    return float(np.nansum(np.where(np.isfinite(register), sizes, 0.0)))


def _numbers(values: Any) -> Numbers:
    filled = pc.fill_null(values.cast(pa.float64()), np.nan)
    return np.asarray(filled, dtype=np.float64)
