"""Patients Registered at a GP Practice, by sex and five-year age band.

The published file has rows for practices and for the organisations above them; practices are
kept. Rows for ALL ages or sexes are used as a check only. An absent band is zero.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas import AGE_SEX
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, counts, matches, negative
from locality.sources.dating import extract_date
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "age_sex"
TITLE = "registered patients by sex and five-year age band"
VERSION = 1

LAYOUT = Layout(
    needed={
        "as_at": ("extract_date",),
        "type": ("org_type",),
        "practice_code": ("org_code",),
        "sex": ("sex",),
        "age": ("age_group_5",),
        "patients": ("number_of_patients",),
    }
)
_BAND = r"^(\d{1,2}_\d{1,2}|95\+)$"


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the five-year age bands."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: AGE_SEX as at the extract date, practices only.

    A practice whose bands do not add up to its own total is set aside whole. Raises Refused
    where the practices do not add up to the regions that stand in the same file.
    """
    found = LAYOUT.columns(sheet)
    code, kind = codes(found["practice_code"]), codes(found["type"])
    sex, age = codes(found["sex"]), pc.replace_substring(codes(found["age"]), "-", "_")
    patients = counts(found["patients"])
    sieve = Sieve(sheet, code)
    everyone = pc.and_(pc.equal(sex, "ALL"), pc.equal(age, "ALL"))
    regions = _sum(patients, pc.and_(pc.equal(kind, "COMM REGION"), everyone))

    sieve.drop(pc.not_equal(kind, "GP"), "The row is not about a practice.", expected=True)
    as_at = extract_date(sieve, found["as_at"], TITLE)
    sieve.drop_unknown_practices()
    without = ~np.asarray(pc.is_valid(patients.values))
    sieve.drop(
        patients.wrong | without, "The number of patients is not a whole number, or is not there."
    )
    sieve.drop(negative(patients), "The number of patients is below zero.")
    both = sieve.keep & np.asarray(everyone)
    total = {"code": code.filter(pa.array(both)), "total": patients.values.filter(pa.array(both))}
    sieve.drop(
        pc.or_(pc.equal(sex, "ALL"), pc.equal(age, "ALL")),
        "The row is a total, used to check the bands.",
        expected=True,
    )
    sieve.drop(~matches(age, _BAND), "The age band is not one of 0_4 to 90_94 or 95+.")
    age_from = pc.cast(
        pc.replace_substring_regex(
            pc.if_else(pa.array(sieve.keep), age, pa.scalar(None, pa.string())), r"[_+].*$", ""
        ),
        pa.int64(),
    )
    off = pc.fill_null(pc.not_equal(pc.multiply(pc.divide(age_from, 5), 5), age_from), False)
    sieve.drop(off, "The age band does not start at a multiple of five.")
    sieve.drop(pc.equal(sex, ""), "The sex is empty.")
    sieve.drop_repeats([code, sex, age_from], [patients.values], "practice, sex and age band")
    _drop_unbalanced(sieve, code, patients, pa.table(total))
    aside = sieve.verdict(TITLE)
    notes = _against_regions(sieve, patients, regions)
    rows = int(sieve.keep.sum())
    table = Table.of(
        AGE_SEX,
        {
            "as_at": pa.repeat(pa.scalar(as_at), rows),
            "practice_code": sieve.kept(code),
            "sex": sieve.kept(sex),
            "age_from": sieve.kept(age_from),
            "patients": sieve.kept(patients.values),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            tables={"age_sex": table},
            rows=rows,
            practices=pc.count_distinct(sieve.kept(code)).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=notes,
        ),
    )


def _sum(patients: Numbers, where: Array) -> int:
    return pc.sum(patients.values.filter(where)).as_py() or 0


def _drop_unbalanced(sieve: Sieve, code: Array, patients: Numbers, total: pa.Table) -> None:
    """Set aside every row of a practice whose bands do not add up to the total it gives."""
    bands = pa.table({"code": sieve.kept(code), "bands": sieve.kept(patients.values)})
    bands = bands.group_by("code").aggregate([("bands", "sum")])
    total = total.group_by("code").aggregate([("total", "max")])
    compared = bands.join(total, "code", join_type="inner")
    wrong = compared.filter(pc.not_equal(compared["bands_sum"], compared["total_max"]))["code"]
    if len(wrong):
        sieve.drop(
            pc.is_in(code, value_set=wrong.combine_chunks()),
            "The age bands of the practice do not add up to the total that the file gives.",
        )


def _against_regions(sieve: Sieve, patients: Numbers, regions: int) -> tuple[str, ...]:
    practices = _sum(patients, pa.array(sieve.keep))
    if not regions or practices == regions:
        return ()
    if not sieve.impossible and not sieve.sheet.strays:
        raise Refused(
            f"The file is not whole: its practices add up to {practices:,} patients and its "
            f"regions to {regions:,}. It was cut short or edited. Download it again."
        )
    return (
        f"The practices kept add up to {practices:,} patients, the regions in the same file "
        f"to {regions:,}: rows were set aside.",
    )
