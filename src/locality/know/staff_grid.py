"""One census of staff as arrays, and its sums over practices that made a return."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

# Its stubs tell apart every kind of column, which these tables' schemas do already.
pc: Any = pyarrow.compute

Numbers = npt.NDArray[np.float64]
Line = tuple[str, str]

TOTAL = "total"
#: The lines that stand for a group, in the order in which they are read. Trainees and locums
#: stand apart; by the publisher's definition locums are among the fully qualified.
HEADLINES: tuple[Line, ...] = (
    ("GP", "total fully qualified"),
    ("GP", "total locums"),
    ("GP", "total trainees"),
    ("nurse", TOTAL),
    ("direct patient care", TOTAL),
    ("admin", TOTAL),
)
_GROUPS = ("GP", "nurse", "direct patient care", "admin", "director")
#: The weighted populations that may be taken: the first that the allocation gives.
WEIGHTS = {
    "primary_medical_need": "the need for primary medical care",
    "overall": "the need for all core services (primary medical care is not in that allocation)",
}
PER = 10_000


@dataclass(frozen=True, slots=True)
class Summed:
    """One line over some practices; None where there is nothing to say."""

    fte: float | None = None
    headcount: float | None = None
    rate: float | None = None
    rate_weighted: float | None = None
    returned: int = 0
    estimated: int | None = None


@dataclass(frozen=True)
class Grid:
    """One census as arrays, practices x lines; patients NaN where none are given."""

    practices: list[str]
    lines: list[Line]
    fte: Numbers
    headcount: Numbers
    estimated: Numbers
    registered: Numbers
    weighted: Numbers
    weight: str

    @classmethod
    def of(cls, rows: pa.Table, patients: pa.Table, weighted: pa.Table) -> Grid:
        """Return one day's rows of PRACTICE_STAFF and WORKFORCE_PATIENTS laid out.

        ``weighted`` are rows of WEIGHTED_POPULATIONS of one year, or none.
        """
        codes: list[Any] = rows.column("practice_code").unique().to_pylist()
        listed: list[Any] = patients.column("practice_code").to_pylist()
        practices: list[str] = sorted({*codes, *listed})
        pairs: list[Any] = rows.group_by(["staff_group", "role"]).aggregate([]).to_pylist()
        found = {(row["staff_group"], row["role"]) for row in pairs}
        lines = _ordered(found)
        shape = (len(practices), len(lines))
        where = pc.index_in(rows.column("practice_code"), pa.array(practices, pa.string()))
        names = pc.binary_join_element_wise(rows.column("staff_group"), rows.column("role"), "\t")
        which = pc.index_in(names, pa.array(["\t".join(line) for line in lines], pa.string()))
        cells = where.to_numpy(), which.to_numpy()
        grids = {}
        for name in ("fte", "headcount", "estimated"):
            grids[name] = np.full(shape, np.nan)
            grids[name][cells] = rows.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
        there = np.zeros(shape, dtype=bool)
        there[cells] = True
        for place, (group, role) in enumerate(lines):
            if role.startswith(TOTAL) or (group, TOTAL) not in found:
                continue
            # A role without a row is nobody, where the practice made a return for the group.
            returned = ~np.isnan(grids["fte"][:, lines.index((group, TOTAL))])
            for name in ("fte", "headcount"):
                grids[name][returned & ~there[:, place], place] = 0.0
        need, weight = _need(weighted)
        return cls(
            practices, lines, **grids,
            registered=_spread(patients, "patients", practices),
            weighted=_spread(need, "population", practices), weight=weight,
        )  # fmt: skip

    def members(self, codes: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which practices are among ``codes``."""
        wanted = set(codes)
        return np.array([code in wanted for code in self.practices], dtype=bool)

    def summed(self, line: Line, of: npt.NDArray[np.bool_]) -> Summed:
        """Return one line over the practices ``of``; each rate over the same practices."""
        if line not in self.lines:
            return Summed()
        place = self.lines.index(line)
        fte = self.fte[:, place]
        returned = of & ~np.isnan(fte)
        if not returned.any():
            return Summed()
        people = self.headcount[returned, place]
        hours = self.estimated[returned, place]
        if (line[0], TOTAL) in self.lines:
            hours = self.estimated[returned, self.lines.index((line[0], TOTAL))]
        return Summed(
            fte=float(fte[returned].sum()),
            headcount=None if np.isnan(people).any() else float(people.sum()),
            rate=_rate(fte, self.registered, returned),
            rate_weighted=_rate(fte, self.weighted, returned),
            returned=int(returned.sum()),
            estimated=None if np.isnan(hours).all() else int(np.nansum(hours)),
        )


def _rate(fte: Numbers, people: Numbers, of: npt.NDArray[np.bool_]) -> float | None:
    both = of & ~np.isnan(people)
    whole = float(people[both].sum())
    return PER * float(fte[both].sum()) / whole if whole > 0 else None


def _ordered(found: Iterable[Line]) -> list[Line]:
    """Return headlines first, then each group's other totals and its roles by name."""
    rest = sorted(
        (line for line in found if line not in HEADLINES),
        key=lambda line: (place_of(line[0]), not line[1].startswith(TOTAL), line[1]),
    )
    there = set(found)
    return [*(line for line in HEADLINES if line in there), *rest]


def place_of(group: str) -> int:
    """Return where a staff group stands among the others."""
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)


def _need(weighted: pa.Table) -> tuple[pa.Table, str]:
    """Return the weighted populations taken, and which component they are."""
    for component in WEIGHTS:
        chosen = weighted.filter(pc.equal(weighted.column("component"), component))
        chosen = chosen.filter(pc.is_valid(chosen.column("population")))
        if chosen.num_rows:
            return chosen, component
    return weighted.slice(0, 0), ""


def _spread(table: pa.Table, column: str, practices: Sequence[str]) -> Numbers:
    values = np.full(len(practices), np.nan)
    place = pc.index_in(table.column("practice_code"), pa.array(practices, pa.string()))
    known = np.asarray(pc.is_valid(place))
    given = table.column(column).cast(pa.float64()).to_numpy(zero_copy_only=False)
    values[np.asarray(pc.drop_null(place))] = given[known]
    return values
