"""The parts of a measure: rows, inputs, counts, lists of codes, governance, worked cases."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from locality.figures.missing import Missing
from locality.figures.schemas import SOURCE_TABLES
from locality.figures.table import Schema
from locality.knowledge.measures_language import Kind
from locality.knowledge.models import Reference, Strict
from locality.knowledge.problems import nearest

_KINDS: dict[str, Kind] = {
    "text": "text", "whole": "number", "number": "number", "date": "date"
}  # fmt: skip
Words = Annotated[str, Field(min_length=10)]


class Rows(Strict):
    """Which rows of which table are counted, by whom and for when.

    ``entity`` is the column of codes, and ``kind`` what they are codes of: counts are summed for
    the organisations above. A row whose code is ENG is England as published, and stands instead
    of the sum.
    """

    dataset: str
    where: str = ""
    entity: str = "practice_code"
    kind: Literal["practice", "pcn", "sub_icb"] = "practice"
    period: Literal["financial_year", "calendar_year", "month", "day"]

    @model_validator(mode="after")
    def _sound(self) -> Rows:
        if self.dataset not in SOURCE_TABLES:
            near = nearest(self.dataset, SOURCE_TABLES)
            raise ValueError(f"there is no dataset {self.dataset!r}; {near}")
        if self.entity not in self.table_schema.names:
            near = nearest(self.entity, self.table_schema.names)
            raise ValueError(f"{self.dataset} has no column {self.entity!r}; {near}")
        return self

    @property
    def table_schema(self) -> Schema:
        """Return the schema of the dataset."""
        return SOURCE_TABLES[self.dataset]

    @property
    def period_column(self) -> str:
        """Return the column that says when: ``period``, or ``as_at`` for a day's extract."""
        return "period" if "period" in self.table_schema.names else "as_at"

    @property
    def names(self) -> dict[str, Kind]:
        """Return the columns that an expression may speak of, with their kinds."""
        return {c.name: _KINDS[c.type] for c in self.table_schema.columns if c.type in _KINDS}


class Input(Rows):
    """One set of rows that a derived measure adds up, under a name of its own.

    ``absent`` says what it means when an organisation that other inputs know has no row here.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    column: str
    absent: Literal["zero", "no return"]

    @model_validator(mode="after")
    def _countable(self) -> Input:
        if self.names.get(self.column) != "number":
            numbers = [name for name, kind in self.names.items() if kind == "number"]
            near = nearest(self.column, numbers)
            raise ValueError(f"{self.dataset} has no column of numbers {self.column!r}; {near}")
        return self


class Counts(Strict):
    """Numerator, denominator and adjustments, each as an expression and in words, and the views.

    A published denominator is already net of personalised care adjustments. ``interval`` says
    what chance there is in the count: a ``share`` of the people counted over, ``events`` that
    happen at a rate, or ``none`` for a complete count, such as money paid or staff in post.
    """

    numerator: str
    numerator_words: Words
    denominator: str
    denominator_words: Words
    excepted: str = ""
    excepted_words: str = ""
    interval: Literal["share", "events", "none"] = "share"
    views: dict[str, str] = Field(min_length=1)


class CodeList(Strict):
    """A list of codes that ``in list('name')`` asks for."""

    codes: list[str] = Field(min_length=1)
    licence: str = Field(min_length=3)
    reference: Reference


class Change(Strict):
    """One line of a measure's change log."""

    on: date
    what: Words
    by: str = Field(min_length=3)


class Governance(Strict):
    """Who answers for a definition: roles, never persons."""

    authored_by: str = Field(min_length=3)
    checked_by: str = Field(min_length=3)
    next_review: date
    status: Literal["draft", "live", "retired"]
    change_log: list[Change] = Field(min_length=1)

    @field_validator("authored_by", "checked_by")
    @classmethod
    def _a_role(cls, given: str) -> str:
        if "@" in given or re.search(r"\b[A-Z][a-z]", given):
            raise ValueError(f"{given!r} looks like a person; write a role, such as 'lead analyst'")
        return given

    @model_validator(mode="after")
    def _two_people(self) -> Governance:
        if self.authored_by.casefold() == self.checked_by.casefold():
            raise ValueError(f"{self.authored_by!r} cannot check their own work; name another role")
        days = [change.on for change in self.change_log]
        if days != sorted(days):
            raise ValueError("the change_log is out of order; write the oldest change first")
        return self


class Case(Strict):
    """One worked example. ``expect`` gives a number for each view, or why there is none.

    ``given`` states the counts (num, den, exc) themselves. ``rows`` gives rows of the dataset
    instead (by input name for a derived measure), so that the whole definition is tried.
    """

    words: str = Field(min_length=3)
    given: dict[Literal["num", "den", "exc"], float] = Field(default={})
    rows: list[dict[str, Any]] = Field(default=[])
    inputs: dict[str, list[dict[str, Any]]] = Field(default={})
    missing: Missing | None = None
    expect: dict[str, float | str] = Field(min_length=1)

    @field_validator("missing", mode="before")
    @classmethod
    def _reason(cls, given: str) -> Missing:
        return _missing(given)

    @field_validator("expect")
    @classmethod
    def _reasons(cls, given: dict[str, float | str]) -> dict[str, float | str]:
        return {
            name: _missing(value) if isinstance(value, str) else value
            for name, value in given.items()
        }


def _missing(given: str) -> Missing:
    try:
        return Missing(given)
    except ValueError:
        near = nearest(given, [one.value for one in Missing])
        raise ValueError(f"{given!r} is no reason why a number is missing; {near}") from None
