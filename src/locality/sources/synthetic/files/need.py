"""Fingertips' own CSV, the re-headed deprivation scores, and counts that a locality supplies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from locality.sources.synthetic.files.wrapping import put

_ENGLAND = ("E92000001", "England")
_HEADER = [
    "Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name",
    "Area Type", "Sex", "Age", "Category Type", "Category", "Time period", "Value",
    "Lower CI 95.0 limit", "Upper CI 95.0 limit", "Lower CI 99.8 limit", "Upper CI 99.8 limit",
    "Count", "Denominator", "Value note", "Recent Trend",
    "Compared to England value or percentiles", "Compared to percentiles",
    "Time period Sortable", "New data", "Compared to goal", "Time period range",
]  # fmt: skip
#: How areas were headed: at first GP, later GPs and the date of the networks' boundaries.
AREA_TYPES = {"england": "England", "practice": "GPs", "pcn": "PCNs (v. 27/10/23)"}
EARLIER_AREA_TYPES = {**AREA_TYPES, "practice": "GP"}
SUPPRESSED = "Value suppressed for disclosure control reasons"


@dataclass(frozen=True, slots=True)
class Area:
    """One row of Fingertips. ``kind``: england, practice or pcn; numbers are texts as written."""

    kind: str
    code: str
    name: str
    value: str = ""
    lower: str = ""
    upper: str = ""
    count: str = ""
    denominator: str = ""
    note: str = ""
    sex: str = "Persons"
    category: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What one file of Fingertips is about; ``time`` as written: 2019 or 2021/22."""

    number: int
    name: str
    age: str
    time: str


def write_fingertips(
    path: Path,
    about: Indicator,
    areas: Iterable[Area],
    *,
    area_types: dict[str, str] = AREA_TYPES,
) -> Path:
    """Write Fingertips' 27 columns for one indicator and time, and return where."""
    rows = []
    for one in areas:
        parent = ("", "") if one.kind == "england" else _ENGLAND
        rows.append(
            [str(about.number), about.name, *parent, one.code, one.name, area_types[one.kind],
             one.sex, about.age, *one.category, about.time, one.value, one.lower, one.upper, "",
             "", one.count, one.denominator, one.note, "", "Not compared", "Not compared",
             f"{about.time[:4]}0000", "", "", "1y"]
        )  # fmt: skip
    return put(path, _text([_HEADER, *rows]))


def write_scores(path: Path, year: int, scores: Iterable[tuple[str, str, str]]) -> Path:
    """Write the re-headed deprivation scores: rows of code, name and score as text."""
    header = ["PRACTICE_CODE", "PRACTICE_NAME", "IMD_YEAR", "IMD_SCORE"]
    rows = [[code, name, str(year), score] for code, name, score in scores]
    return put(path, _text([header, *rows]))


def write_aggregates(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write a locality's own counts: practice, measure, period, numerator, denominator, source."""
    header = ["practice_code", "measure_id", "period", "numerator", "denominator", "source"]
    return put(path, _text([header, *rows]))


def _text(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
