"""What practices can be alike in (``drivers.toml``), and which of it matters for which measures.

A driver comes from a measure, or from one column of a source table: as it stands, summed over
rows and divided by the sum over other rows, or as yes and no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from locality.figures.schemas import SOURCE_TABLES
from locality.knowledge import files
from locality.knowledge.measures_language import Expression, Kind, Names
from locality.knowledge.models import Reference, Strict, built
from locality.knowledge.problems import nearest, problem

if TYPE_CHECKING:
    from locality.knowledge.measure import Measure

PLACE = "knowledge/drivers.toml"
_REGISTERS = "qof.register."
#: A list holds at least so many drivers that are no register.
_PLAIN = 2
_KINDS: dict[str, Kind] = {
    "text": "text", "whole": "number", "number": "number", "date": "date", "flag": "truth"
}  # fmt: skip


class Driver(Strict):
    """One thing that practices can be alike in.

    It is the value of a ``measure`` at its latest period, or comes from the rows of ``table`` of
    the latest period: the sum of ``column`` over the rows ``where``, times ``scale``, divided by
    its sum ``over`` other rows if there are such; or 1 and 0 for ``yes`` and no. ``absent`` says
    what it means when a practice has rows ``over`` and none ``where``. A ``log`` driver is
    compared by ratio. Measures named in ``not_for`` are never likened by it, as well as its own.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=4)
    unit: str = Field(min_length=1)
    why: str = Field(min_length=20)
    transform: Literal["none", "log"] = "none"
    measure: str = ""
    table: str = ""
    column: str = ""
    where: str = ""
    over: str = ""
    yes: str = ""
    scale: float = Field(default=1.0, gt=0)
    absent: Literal["zero", "no return"] = "no return"
    not_for: list[str] = Field(default=[])
    references: list[Reference] = Field(min_length=1)
    place: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Driver:
        if bool(self.measure) == bool(self.table):
            raise ValueError(f"{self.id} comes from a measure or from a table: one of them")
        if self.measure and (self.column or self.where or self.over or self.yes):
            raise ValueError(f"{self.id}: column, where, over and yes belong to a table")
        if self.table and self.table not in SOURCE_TABLES:
            near = nearest(self.table, SOURCE_TABLES)
            raise ValueError(f"{self.id}: there is no table {self.table!r}; {near}")
        if self.table and self.column not in SOURCE_TABLES[self.table].names:
            near = nearest(self.column, SOURCE_TABLES[self.table].names)
            raise ValueError(f"{self.id}: {self.table} has no column {self.column!r}; {near}")
        if self.yes and (self.where or self.over or self.transform == "log"):
            raise ValueError(f"{self.id}: yes and no has no where, no over and no log")
        return self

    @property
    def is_register(self) -> bool:
        """Return whether it is what practices have found and coded of one condition."""
        return self.measure.startswith(_REGISTERS)

    @property
    def period_column(self) -> str:
        """Return the column of its table that says when: ``period`` or ``as_at``."""
        return "period" if "period" in SOURCE_TABLES[self.table].names else "as_at"

    @cached_property
    def expressions(self) -> Mapping[str, Expression]:
        """Return ``where``, ``over`` and ``yes``, those that there are, with words checked.

        Raises KnowledgeError for a word that is not a column of its table.
        """
        if not self.table:
            return {}
        kinds = {c.name: _KINDS[c.type] for c in SOURCE_TABLES[self.table].columns
                 if c.type in _KINDS}  # fmt: skip
        texts = {"where": self.where, "over": self.over, "yes": self.yes}
        return {
            key: Expression(text, Names(kinds), "truth", self.place, f"{self.id}.{key}")
            for key, text in texts.items()
            if text
        }


class Likened(Strict):
    """Which ``drivers`` matter for a ``topic``, or for measures whose id begins so, and why."""

    topic: str = ""
    measures: str = ""
    drivers: list[str] = Field(min_length=2)
    why: str = Field(min_length=20)

    @model_validator(mode="after")
    def _one(self) -> Likened:
        if bool(self.topic) == bool(self.measures):
            raise ValueError("it is of a topic or of measures: one of them")
        return self


class DriverFile(Strict):
    """All of ``drivers.toml``."""

    default: list[str] = Field(min_length=2)
    driver: list[Driver] = Field(min_length=2)
    likened: list[Likened] = Field(default=[])


@dataclass(frozen=True)
class Drivers:
    """Every driver by id, and which of them matter: by topic, by start of a measure's id."""

    known: Mapping[str, Driver]
    default: tuple[str, ...]
    topics: Mapping[str, Likened]
    starts: Mapping[str, Likened]

    def of(self, measure: Measure) -> tuple[Driver, ...]:
        """Return the drivers that ``measure`` is likened by, never itself among them.

        The longest start of its id counts before its topic; where neither is known, the usual.
        """
        return tuple(
            self.known[id]
            for id in self._listed(measure.id, measure.topic)
            if self.known[id].measure != measure.id and measure.id not in self.known[id].not_for
        )

    def why(self, measure: Measure) -> str:
        """Return why these drivers matter for ``measure``; an empty text for the usual ones."""
        found = self._found(measure.id, measure.topic)
        return "" if found is None else found.why

    def check(self, measures: Mapping[str, Measure]) -> None:
        """Raise KnowledgeError for a measure that there is not, or that is no share in per cent."""
        for driver in self.known.values():
            for id in filter(None, (driver.measure, *driver.not_for)):
                if id not in measures:
                    raise problem(
                        PLACE, f"driver.{driver.id}",
                        f"there is no measure {id!r}; {nearest(id, measures)}",
                    )  # fmt: skip
            if driver.measure and not driver.unit == measures[driver.measure].unit == "%":
                raise problem(
                    PLACE, f"driver.{driver.id}", f"{driver.measure} is no share in per cent."
                )
        for start in self.starts:
            if not any(id.startswith(start) for id in measures):
                raise problem(PLACE, "likened.measures", f"no measure begins with {start!r}.")

    def _found(self, id: str, topic: str) -> Likened | None:
        begun = [start for start in self.starts if id.startswith(start)]
        return self.starts[max(begun, key=len)] if begun else self.topics.get(topic)

    def _listed(self, id: str, topic: str) -> tuple[str, ...]:
        found = self._found(id, topic)
        return self.default if found is None else tuple(found.drivers)


@lru_cache(maxsize=1)
def drivers() -> Drivers:
    """Return the drivers of the package's own file; it is read once."""
    return load_drivers(files.PACKAGE / "drivers.toml", PLACE)


def load_drivers(path: Path, place: str = PLACE) -> Drivers:
    """Return the drivers in a TOML file; KnowledgeError, naming file and key, for what is wrong."""
    read = built(DriverFile, files.toml(path, place), place)
    known: dict[str, Driver] = {}
    for driver in read.driver:
        if driver.id in known:
            raise problem(place, "driver", f"{driver.id!r} stands twice.")
        known[driver.id] = driver.model_copy(update={"place": place})
        _ = known[driver.id].expressions
    topics: dict[str, Likened] = {}
    starts: dict[str, Likened] = {}
    _check_list(known, read.default, place, "default")
    for one in read.likened:
        found, name = (topics, one.topic) if one.topic else (starts, one.measures)
        if name in found:
            raise problem(place, "likened", f"{name!r} stands twice.")
        _check_list(known, one.drivers, place, f"likened, {name!r}")
        found[name] = one
    return Drivers(known, tuple(read.default), topics, starts)


def _check_list(known: Mapping[str, Driver], listed: list[str], place: str, key: str) -> None:
    for id in listed:
        if id not in known:
            raise problem(place, key, f"there is no driver {id!r}; {nearest(id, known)}")
    if len(set(listed)) != len(listed):
        raise problem(place, key, "a driver stands twice, and would count twice.")
    if sum(not known[id].is_register for id in listed) < _PLAIN:
        raise problem(
            place, key,
            "nothing is likened by registers alone: name at least two drivers that are none.",
        )  # fmt: skip
