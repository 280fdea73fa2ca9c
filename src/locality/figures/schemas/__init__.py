"""The tables that flow from sources through the store into the loop, a module for each subject.

A reader returns rows under one of these; the store keeps them; rooms take and return them.
Codes are the NHS's own (ODS). ``period`` columns hold :attr:`Period.code`.
"""

from __future__ import annotations

from locality.figures.schemas import (
    access,
    money,
    need,
    organisations,
    patients,
    prescribing,
    prices,
    quality,
    staff,
    waiting,
)
from locality.figures.schemas.organisations import (
    ODS_PRACTICES,
    PLACES,
    PRACTICE_MAP,
    PRACTICE_POINTS,
    PRACTICE_SUCCESSORS,
)
from locality.figures.schemas.patients import AGE_SEX, LIST_SIZES, WEIGHTED_POPULATIONS
from locality.figures.schemas.quality import QOF_IN_YEAR, QOF_REGISTERS
from locality.figures.schemas.results import (
    HIERARCHY,
    LINEAGE,
    MEMBERS,
    OBSERVATIONS,
    ORGANISATIONS,
    SUCCESSIONS,
    VALUES,
)
from locality.figures.table import Schema

__all__ = [
    "AGE_SEX",
    "HIERARCHY",
    "LINEAGE",
    "LIST_SIZES",
    "MEMBERS",
    "OBSERVATIONS",
    "ODS_PRACTICES",
    "ORGANISATIONS",
    "PLACES",
    "PRACTICE_MAP",
    "PRACTICE_POINTS",
    "PRACTICE_SUCCESSORS",
    "QOF_IN_YEAR",
    "QOF_REGISTERS",
    "SOURCE_TABLES",
    "SUCCESSIONS",
    "VALUES",
    "WEIGHTED_POPULATIONS",
]

_SUBJECTS = (
    organisations,
    patients,
    quality,
    money,
    staff,
    access,
    need,
    waiting,
    prescribing,
    prices,
)

#: Every table a reader may return, by name.
SOURCE_TABLES: dict[str, Schema] = {
    schema.name: schema for subject in _SUBJECTS for schema in subject.TABLES
}
