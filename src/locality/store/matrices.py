"""Counts of one measure as matrices, organisations by periods, and their sums over members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from locality.figures import Cell, Period
from locality.store.disk import LakeError

Numbers = NDArray[np.float64]
Bits = NDArray[np.uint8]
Column = Any  # an Arrow chunked array, whose element types say nothing here

#: Which kinds sum organisations of a kind other than practices, besides England.
_ABOVE = {"sub_icb": ("icb", "region")}

_WITHOUT_NUMBER = np.uint8(
    Cell.NO_RETURN | Cell.SUPPRESSED | Cell.NOT_APPLICABLE | Cell.WITHHELD | Cell.TOO_FEW_RETURNS
)
#: Sums over so many members or more need a return from half of them.
_MANY = 10
_TOO_FEW = np.uint8(Cell.TOO_FEW_RETURNS)
_NO_RETURN = np.uint8(Cell.NO_RETURN)
_SUPPRESSED = np.uint8(Cell.SUPPRESSED)
_NOT_APPLICABLE = np.uint8(Cell.NOT_APPLICABLE)
_PARTIAL = np.uint8(Cell.PARTIAL)


@dataclass(frozen=True)
class Matrix:
    """One measure over organisations (rows) and periods (columns, oldest first).

    ``numerator``, ``denominator`` and ``excepted`` are float64 of shape (codes, periods), NaN
    where there is no number; ``flags`` holds :class:`locality.figures.Cell` bits (uint8).
    ``kinds`` has the kind of each row's organisation.
    """

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    periods: tuple[str, ...]
    numerator: Numbers
    denominator: Numbers
    excepted: Numbers
    flags: Bits

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many organisations and periods it holds."""
        return len(self.codes), len(self.periods)

    @classmethod
    def of_practices(
        cls,
        rows: pa.Table,
        practices: Sequence[str],
        periods: Sequence[str] | None = None,
        lifetimes: pa.Table | None = None,
        kind: str = "practice",
    ) -> Matrix:
        """Return practice rows laid out as a matrix with a row for each of ``practices``.

        They may be organisations of another ``kind``: their codes then stand in practice_code.

        ``rows`` has practice_code, period, numerator, denominator, excepted, flags, as a
        compiled measure gives. A cell without a row is "no return", or "not applicable" where
        ``lifetimes`` (LIFETIMES) says that the practice did not exist then. Raises LakeError for
        a practice that is not among ``practices`` and for two rows on one cell.
        """
        codes = tuple(practices)
        found: list[Any] = rows.column("period").unique().to_pylist()
        columns = tuple(periods) if periods is not None else in_order(found)
        row = _places(rows.column("practice_code"), codes, kind)
        column = _places(rows.column("period"), columns, "period")
        shape = (len(codes), len(columns))
        flags = absent(codes, columns, lifetimes)
        cell = row * len(columns) + column
        doubled = np.bincount(cell, minlength=1) > 1
        if doubled.any():
            twice = int(np.argmax(doubled))
            raise LakeError(
                f"Two rows stand for practice {codes[twice // len(columns)]} in "
                f"{columns[twice % len(columns)]}; a measure needs one."
            )
        given = rows.column("flags").to_numpy().astype(np.uint8)
        numerator, denominator, excepted = (
            _scattered(rows.column(name), cell, shape)
            for name in ("numerator", "denominator", "excepted")
        )
        flags.reshape(-1)[cell] = given
        lacking = (np.isnan(numerator) | np.isnan(denominator)) & (flags & _WITHOUT_NUMBER == 0)
        flags[lacking] |= _NO_RETURN
        return cls(
            codes,
            (kind,) * len(codes),
            columns,
            numerator,
            denominator,
            excepted,
            flags,
        )

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Return which cells have a number, of shape (codes, periods)."""
        return np.asarray(self.flags & _WITHOUT_NUMBER == 0)

    @property
    def told(self) -> Matrix:
        """Return the periods in which anybody has a number, or one that is hidden.

        A measure of two publications has no counts where only one of them was loaded.
        """
        something = (self.counted | (self.flags & _SUPPRESSED != 0)).any(axis=0)
        if something.all():
            return self
        kept = np.flatnonzero(something)
        return replace(
            self,
            periods=tuple(self.periods[place] for place in kept),
            **{
                name: getattr(self, name)[:, kept]
                for name in ("numerator", "denominator", "excepted", "flags")
            },
        )

    def with_row(self, one: Matrix) -> Matrix:
        """Return this matrix with the row of ``one``, a single organisation, instead of its own."""
        place = self.row(one.codes[0])
        changed: dict[str, Any] = {}
        for name in ("numerator", "denominator", "excepted", "flags"):
            grid = getattr(self, name).copy()
            grid[place] = getattr(one, name)[0]
            changed[name] = grid
        return replace(self, **changed)

    def row(self, code: str) -> int:
        """Return the row of ``code``; KeyError if it is not here."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise KeyError(code) from None


@dataclass(frozen=True)
class Membership:
    """Which matrix rows each organisation sums: those from ``starts[i]`` in ``rows``."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    starts: NDArray[np.intp]
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, members: pa.Table, practices: Sequence[str]) -> Membership:
        """Return who sums whom, from MEMBERS rows; ``practices`` are a matrix's row codes.

        Members that are not among ``practices`` have no counts and are left out; so is an
        organisation that has no others.
        """
        row = pc.index_in(
            members.column("practice_code").cast(pa.string()),
            value_set=pa.array(practices, pa.string()),
        )
        known = members.append_column("row", row).filter(pc.is_valid(row))
        known = known.sort_by([("kind", "ascending"), ("code", "ascending"), ("row", "ascending")])
        groups = known.group_by(["kind", "code"], use_threads=False).aggregate([("row", "count")])
        sizes = groups.column("row_count").to_numpy()
        codes: list[Any] = groups.column("code").to_pylist()
        kinds: list[Any] = groups.column("kind").to_pylist()
        return cls(
            codes=tuple(codes),
            kinds=tuple(kinds),
            starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
            if len(sizes)
            else np.zeros(0, np.intp),
            rows=known.column("row").to_numpy().astype(np.intp),
        )

    @classmethod
    def above(cls, members: pa.Table, kind: str, codes: Sequence[str]) -> Membership:
        """Return who sums organisations of a ``kind`` other than practices (MEMBERS rows).

        England sums all of ``codes``. ICBs and regions sum the sub-ICBs whose practices they have;
        networks cross boards, so that nobody but England sums those.
        """
        pairs = members.select(["code", "kind", "practice_code"])
        own = pairs.filter(pc.equal(pairs.column("kind"), pa.scalar(kind))).select(
            ["code", "practice_code"]
        )
        higher = pairs.filter(
            pc.is_in(pairs.column("kind"), pa.array(_ABOVE.get(kind, ()), pa.string()))
        )
        joined = higher.join(own, "practice_code", right_suffix="_own", join_type="inner")
        found = joined.group_by(["code", "kind", "code_own"]).aggregate([])
        # Named types: without any codes the lists would have none.
        words = pa.schema([(name, pa.string()) for name in ("code", "kind", "practice_code")])
        whole = {"code": ["ENG"] * len(codes), "kind": ["england"] * len(codes)}
        england = pa.table(whole | {"practice_code": list(codes)}, schema=words)
        above = found.rename_columns(["code", "kind", "practice_code"])
        return cls.of(pa.concat_tables([above.cast(england.schema), england]), codes)

    def summed(self, matrix: Matrix) -> Matrix:
        """Return ``matrix`` summed over members: one row for each organisation.

        Only members with a number are summed. Where others should have returned one, the cell is
        PARTIAL; where none has one it is empty: "not applicable" if no member existed,
        "suppressed" if one was, else "no return". It is empty too, as "too few returns", where
        fewer than half of ten or more members have a number: their sum would pass for a whole.
        """
        counted = matrix.counted
        expected = matrix.flags & _NOT_APPLICABLE == 0
        suppressed = (matrix.flags & _SUPPRESSED != 0) & expected
        with_number = self._sum(counted)
        wanted = self._sum(expected)
        hidden = self._sum(suppressed)
        empty = with_number == 0
        flags = np.zeros(empty.shape, np.uint8)
        flags[~empty & (with_number < wanted)] = _PARTIAL
        flags[empty] = _NO_RETURN
        flags[empty & (hidden > 0)] = _SUPPRESSED
        flags[empty & (wanted == 0)] = _NOT_APPLICABLE
        few = ~empty & (wanted >= _MANY) & (2 * with_number < wanted)
        flags[few] = _TOO_FEW
        empty |= few
        excepted_known = counted & ~np.isnan(matrix.excepted)
        excepted = self._sum(np.where(excepted_known, matrix.excepted, 0.0))
        excepted[self._sum(excepted_known) == 0] = np.nan
        sums = [
            self._sum(np.where(counted, values, 0.0))
            for values in (matrix.numerator, matrix.denominator)
        ]
        for values in sums:
            values[empty] = np.nan
        return Matrix(self.codes, self.kinds, matrix.periods, sums[0], sums[1], excepted, flags)

    def _sum(self, values: NDArray[np.float64] | NDArray[np.bool_]) -> Numbers:
        if not len(self.starts):
            return np.zeros((0, values.shape[1]))
        picked = values[self.rows].astype(np.float64, copy=False)
        return np.add.reduceat(picked, self.starts, axis=0)


def in_order(periods: Iterable[str]) -> tuple[str, ...]:
    """Return period codes, oldest first."""
    return tuple(sorted(set(periods), key=Period.parse))


def absent(practices: Sequence[str], periods: Sequence[str], lifetimes: pa.Table | None) -> Bits:
    """Return the flags of cells that no row fills, of shape (practices, periods).

    "No return", or "not applicable" where the practice opened after the period or ended before
    it, by ``lifetimes`` (LIFETIMES).
    """
    flags = np.full((len(practices), len(periods)), _NO_RETURN, np.uint8)
    if lifetimes is None or not lifetimes.num_rows or not periods:
        return flags
    spans = [Period.parse(code) for code in periods]
    first = np.array([_ordinal(span.start) for span in spans])
    last = np.array([_ordinal(span.end) for span in spans])
    place: Any = pc.index_in(
        pa.array(practices, pa.string()), value_set=lifetimes.column("practice_code")
    )
    unknown = np.asarray(pc.is_null(place))
    known = lifetimes.take(np.where(unknown, 0, np.asarray(place)).astype(np.int64))
    opened = _days(known.column("open_from"), date.min)
    ended = _days(known.column("open_until"), date.max)
    outside = (opened[:, None] > last[None, :]) | (ended[:, None] < first[None, :])
    flags[outside & ~unknown[:, None]] = _NOT_APPLICABLE
    return flags


def _ordinal(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _days(column: Column, empty: date) -> NDArray[np.int32]:
    days = column.cast(pa.int32()).fill_null(pa.scalar(_ordinal(empty), pa.int32()))
    return np.asarray(days.to_numpy())


def _places(column: Column, among: Sequence[str], what: str) -> NDArray[np.int64]:
    place: Any = pc.index_in(column, value_set=pa.array(among, pa.string()))
    if place.null_count:
        strange = column.filter(pc.is_null(place))[0].as_py()
        raise LakeError(f"The {what} {strange!r} is not one that this refresh knows.")
    return np.asarray(place.to_numpy(), dtype=np.int64)


def _scattered(column: Column, cell: NDArray[np.int64], shape: tuple[int, int]) -> Numbers:
    grid = np.full(shape, np.nan)
    grid.reshape(-1)[cell] = column.cast(pa.float64()).to_numpy()
    return grid
