"""Workforce files: the detailed practice file of 831 columns, and posts of networks."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.files import staff_headers as heads
from locality.sources.synthetic.files.wrapping import put, put_zipped

#: English names, whatever language the computer is set to.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
Floats = NDArray[np.float64]
#: Column stem (such as GP_EXTG) -> headcount and FTE of each practice; NaN for no return.
Staff = Mapping[str, tuple[Floats, Floats]]


def detailed(
    identity: Sequence[Sequence[str]],
    patients: NDArray[np.int64],
    staff: Staff,
    sources: Sequence[Sequence[str]],
    on: date,
    *,
    united: bool = False,
) -> str:
    """Return the detailed file of the month of ``on``, a row a practice.

    ``identity`` has the ten columns that say who it is, ``patients`` is practices x sexes (male,
    female) x seven bands, ``sources`` four columns. A stem that ``staff`` lacks is zero where its
    group made a return; a united file leaves columns that ended empty.
    """
    columns: dict[str, Iterable[str]] = dict(zip(heads.IDENTITY, identity, strict=True))
    columns |= dict(zip(heads.SOURCES, sources, strict=True))
    by_sex = patients.sum(axis=2)
    columns["TOTAL_PATIENTS"] = map(str, by_sex.sum(axis=1).tolist())
    for place, sex in enumerate(heads.SEXES[1:]):
        columns[f"TOTAL_{sex}"] = map(str, by_sex[:, place].tolist())
        for band, name in enumerate(heads.PATIENT_BANDS):
            columns[f"{sex}_PATIENTS_{name}"] = map(str, patients[:, place, band].tolist())
    many = len(patients)
    columns["YEAR"], columns["MONTH"] = [str(on.year)] * many, [f"{on.month:02d}"] * many
    columns["TOTAL_UNKNOWN_GENDER"] = ["0"] * many
    absent = {group: _absent(staff, group, many) for group in heads.GROUPS}
    wanted = heads.header(united=united)
    ended = (
        {c for c in wanted if any(f"_{stem}_" in f"{c}_" for stem in heads.OLDER)}
        if united
        else set()
    )
    for stem in (*heads.GP, *heads.NURSE, *heads.DPC, *heads.ADMIN):
        if stem in staff:
            columns |= _shared(stem, *staff[stem])
    nothing = {
        group: ["NA" if one else "0" for one in gone.tolist()] for group, gone in absent.items()
    }
    for column in wanted:
        if column not in columns:
            columns[column] = [""] * many if column in ended else nothing[_group_of(column)]
    return _text(wanted, [columns[column] for column in wanted])


def detailed_name(on: date) -> str:
    """Return the name of the detailed file of a month, with the publisher's en dash."""
    return f"1 General Practice – {MONTHS[on.month - 1]} {on.year} Practice Level - Detailed.csv"


def write_detailed(folder: Path, text: str, on: date) -> Path:
    """Write the archive of one month as it is published, with a byte order mark inside."""
    path = folder / f"GPWPracticeCSV.{on:%m%Y}.zip"
    return put_zipped(path, {detailed_name(on): "\ufeff" + text})


def derived(
    identity: Sequence[Sequence[str]],
    patients: NDArray[np.int64],
    staff: Staff,
    twice: Sequence[int] = (),
) -> str:
    """Return the derived table: blanks for no return, numbers with a point, some rows twice.

    ``identity`` has its first thirteen columns; ``twice`` are rows that are repeated at the end.
    """
    columns: list[list[str]] = [list(one) for one in identity]
    by_sex = patients.sum(axis=2)
    whole = [by_sex.sum(axis=1), by_sex[:, 0], by_sex[:, 1]]
    whole += [patients[:, sex, band] for sex in (0, 1) for band in range(len(heads.PATIENT_BANDS))]
    columns += [[f"{n}.0" for n in one.tolist()] for one in whole]
    many = len(patients)
    for stems in (heads.DERIVED_GP, heads.DERIVED_NURSE, heads.DERIVED_DPC, heads.DERIVED_ADMIN):
        nobody = np.where(np.isnan(staff[stems[0]][1]), np.nan, 0.0)
        for measure in (0, 1):
            for stem in stems:
                values = staff[stem][measure] if stem in staff else nobody
                columns.append(["" if np.isnan(n) else repr(float(n)) for n in values.tolist()])
    rows = [*range(many), *twice]
    return _text(heads.derived_header(), [[column[row] for row in rows] for column in columns])


def write_derived(folder: Path, text: str) -> Path:
    """Write the derived table compressed, under the name that it is kept by."""
    path = folder / "gp_workforce_practice_2023.csv.gz"
    return put(path, gzip.compress(text.encode(), compresslevel=6, mtime=0))


def posts(rows: Iterable[Sequence[str]]) -> str:
    """Return the posts of networks as CSV text: a row each, in the sixteen published columns."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([heads.NETWORK_HEADER, *rows])
    return out.getvalue()


def write_posts(folder: Path, text: str, on: date) -> Path:
    """Write the posts of one month as published; until 2022 a bare file in Windows-1252."""
    if on.year <= 2022:
        path = folder / f"PCNWF-{MONTHS[on.month - 1]}-{on.year}-Individual-Level.csv"
        return put(path, text.encode("cp1252"))
    member = f"1.Primary Care Networks - {MONTHS[on.month - 1]} {on.year} Individual Level.csv"
    return put_zipped(folder / f"PCNWFIndividualCSV.{on:%m%Y}.zip", {member: "\ufeff" + text})


def number(value: float) -> str:
    """Return a number as the publisher writes it: 0, 1, 4.84, 2.133333333; NA for none."""
    return "NA" if np.isnan(value) else f"{value:.10g}"


def _numbers(values: Floats) -> list[str]:
    """Return numbers as texts; each different one is written once, for most are alike."""
    different, which = np.unique(values, return_inverse=True)
    texts = np.array([number(one) for one in different.tolist()], dtype=object)
    found: list[str] = texts[which].tolist()
    return found


def _group_of(column: str) -> str:
    _, first, second, *_ = f"{column}_".split("_")
    first = second if first == "TRAINEE" else first
    return "N" if first == "NURSES" else first


def _absent(staff: Staff, group: str, many: int) -> NDArray[np.bool_]:
    stem = "NURSES" if group == "N" else group
    return np.isnan(staff[stem][1]) if stem in staff else np.zeros(many, dtype=bool)


def _shared(stem: str, people: Floats, fte: Floats) -> dict[str, list[str]]:
    """Return a role's columns by sex, and by age and country where the file has them."""
    men = np.floor(people * 0.3)
    share = np.divide(men, people, out=np.zeros_like(people), where=people > 0)
    of_men = np.round(fte * share, 9)
    parts = {"HC": (people, men, people - men), "FTE": (fte, of_men, np.round(fte - of_men, 9))}
    found = {}
    for measure, three in parts.items():
        for sex, values in zip(heads.SEXES, three, strict=True):
            column = f"{sex}_{stem}_{measure}"
            found[heads.SLIP.get(column, column)] = _numbers(values)
            if stem in ("GP", "GP_EXTG", "GP_EXL", "GP_EXTGL", "NURSES", "DPC", "ADMIN"):
                ages = (heads.GP_AGES if stem.startswith("GP") else heads.AGES).split()
                found |= _cut(column, values, ages, whole=measure == "HC")
            if column.endswith("_GP_HC"):
                places = [f"COQ_{place}" for place in heads.QUALIFIED]
                found |= _cut(column, values, places, whole=True)
    return found


def _cut(column: str, values: Floats, names: Sequence[str], *, whole: bool) -> dict[str, list[str]]:
    """Return ``values`` cut into nearly equal parts that add up to them, whole where they are."""
    ends = np.linspace(0, 1, len(names) + 1)[:, None] * values
    pieces = np.diff(np.floor(ends) if whole else np.round(ends, 9), axis=0)
    return {
        f"{column}_{name}": _numbers(np.round(piece, 9))
        for name, piece in zip(names, pieces, strict=True)
    }


def _text(head: Sequence[str], columns: Sequence[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()
