"""Which registers the prevalence of a group of QOF indicators rests on (``qof/registers.csv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from locality.knowledge.files import PACKAGE, Shelf, rows
from locality.knowledge.problems import nearest, problem

_FILE = PACKAGE / "qof" / "registers.csv"
Basis = Literal["published", "several", "counted", "none"]


@dataclass(frozen=True, slots=True)
class Resting:
    """What a group's prevalence rests on.

    ``basis`` is published (its own register), several (``registers`` added up), counted (no
    prevalence is published: those counted stand in) or none (it is not weighted by prevalence).
    """

    group: str
    registers: tuple[str, ...]
    basis: Basis
    note: str


def resting_on(group: str) -> Resting:
    """Return what the group's prevalence rests on; KnowledgeError for a group nobody knows."""
    found = _known().get(group)
    if found is None:
        raise problem(_place(), "group", f"there is no {group!r}; {nearest(group, _known())}")
    return found


@lru_cache(maxsize=1)
def _known() -> dict[str, Resting]:
    found = {}
    for number, row in enumerate(rows(_FILE, _place()), start=2):
        registers = tuple(row["registers"].split())
        basis = row["basis"]
        if basis not in get_args(Basis) or (basis in ("published", "several")) != bool(registers):
            raise problem(_place(), f"row {number}", f"{basis!r} does not fit its registers.")
        found[row["group"]] = Resting(row["group"], registers, basis, row["note"])  # type: ignore[arg-type]
    return found


def _place() -> str:
    return Shelf(PACKAGE, local=False).place(_FILE)
