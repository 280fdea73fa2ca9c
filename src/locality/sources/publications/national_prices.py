"""National prices: for each healthcare resource group (HRG), what each kind of care is paid.

Two layouts: the publisher's price workbook (Annex A; one year, whose number stands in a title, the
sheet's name or the file's), and an extract with a year in every row. A price may not exist: the
workbook writes "-", the extract leaves the cell empty. The workbook also gives trim points.
Later workbooks may say "price" where this one says "tariff"; both are read.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.prices import HRGS, NATIONAL_PRICES, TRIM_POINTS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, matches, negative, numbers
from locality.sources.dating import year_from_names, years_in
from locality.sources.layout import Layout
from locality.sources.publications.price_tables import (
    HRG_CODE,
    long_table,
    same,
    tidy,
    title_year,
)
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "national_prices"
TITLE = "the national prices"
VERSION = 1

_HEAVY = 1_000_000


def _either(words: str) -> tuple[str, str]:
    return words, words.replace("tariff", "price")


#: What a price is for -> header names.
SETTINGS: dict[str, tuple[str, ...]] = {
    "outpatient_procedure": ("outpatient_procedure", *_either("outpatient_procedure_tariff")),
    "combined_day_case_ordinary_elective": (
        "combined_day_case_ordinary_elective",
        *_either("combined_day_case_ordinary_elective_spell_tariff"),
    ),
    "day_case": ("day_case", *_either("day_case_spell_tariff")),
    "ordinary_elective": ("ordinary_elective", *_either("ordinary_elective_spell_tariff")),
    "non_elective": ("non_elective", *_either("non_elective_spell_tariff")),
    "reduced_short_stay_emergency": _either("reduced_short_stay_emergency_tariff"),
    "long_stay_per_day": ("per_day_long_stay_payment_for_days_exceeding_trim_point",),
}
#: Setting of a trim point -> header names.
_TRIMS = {
    "elective": ("ordinary_elective_long_stay_trim_point_days",),
    "non_elective": ("non_elective_long_stay_trim_point_days",),
}
_ALWAYS = ("combined_day_case_ordinary_elective", "non_elective")

LAYOUT = Layout(
    needed={
        "hrg_code": ("hrg_code",),
        "name": ("hrg_name",),
        **{setting: SETTINGS[setting] for setting in _ALWAYS},
    },
    also={
        "year": ("year",),
        **{setting: words for setting, words in SETTINGS.items() if setting not in _ALWAYS},
        **{f"trim {setting}": words for setting, words in _TRIMS.items()},
    },
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of national prices."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading for each year: its prices, names and, where given, trim points."""
    found = LAYOUT.columns(sheet)
    code, name = codes(found["hrg_code"]), found["name"]
    year, notes = _years(sheet, hints, found)
    prices = {s: numbers(_pounds(found[s])) for s in SETTINGS if s in found}
    trims = {s: counts(found[f"trim {s}"]) for s in _TRIMS if f"trim {s}" in found}
    sieve = Sieve(sheet, code)
    sieve.drop(
        _empty([column for field, column in found.items() if field not in ("hrg_code", "name")]),
        "The row is a heading or a note, without any price.",
        expected=True,
    )
    sieve.drop(~matches(code, HRG_CODE), "The code is not that of an HRG, such as AA22C.")
    sieve.drop(np.asarray(pc.equal(name, "")), "The HRG has no name.")
    sieve.drop(np.asarray(pc.is_null(year)), "The year is empty or not one such as 2018/19.")
    for setting, values in prices.items():
        words = setting.replace("_", " ")
        sieve.drop(values.wrong, f"The {words} price is not a number.")
        sieve.drop(negative(values), f"The {words} price is below zero.")
        heavy = np.asarray(pc.fill_null(pc.greater(values.values, _HEAVY), False))
        sieve.drop(heavy, f"The {words} price is above a million pounds.")
    for setting, days in trims.items():
        words = f"{setting.replace('_', '-')} trim point"
        sieve.drop(days.wrong | negative(days), f"The {words} is not a number of days.")
    sieve.drop_repeats([year, code], [v.values for v in (*prices.values(), *trims.values())],
                       "year and HRG")  # fmt: skip
    aside = sieve.verdict(TITLE)
    years: list[str] = sorted(pc.unique(sieve.kept(year)).to_pylist())
    readings = []
    for number, period in enumerate(years):
        here = pa.array(np.asarray(pc.fill_null(pc.equal(year, period), False)) & sieve.keep)
        own = code.filter(here)
        tables = {
            "national_prices": long_table(NATIONAL_PRICES, "price", period, own, prices, here),
            "hrgs": Table.of(
                HRGS,
                {"period": same(period, own), "hrg_code": own, "name": tidy(name.filter(here))},
            ),
        }
        if trims:
            tables["trim_points"] = long_table(TRIM_POINTS, "days", period, own, trims, here)
        readings.append(
            Reading(
                publication=PUBLICATION,
                period=period,
                tables=tables,
                rows=len(own),
                practices=0,
                reader_version=VERSION,
                # What is set aside belongs to the file, and is told once.
                set_aside=aside if number == 0 else (),
                notes=(*notes, *_without(tables["national_prices"])),
            )
        )
    return tuple(readings)


def _years(sheet: Sheet, hints: Hints, found: dict[str, Array]) -> tuple[Array, tuple[str, ...]]:
    """Return the period code of each row (null where its cell says none), and notes."""
    if "year" in found:
        coded = found["year"].dictionary_encode()
        written = [_one_year(text) for text in coded.dictionary.to_pylist()]
        return pa.array(written, pa.string()).take(coded.indices), ()
    told: tuple[str, ...] = ()
    period = title_year(sheet)
    if period is None:
        period = year_from_names((sheet.name, *hints.names) if sheet.name else hints.names)
        if period is None:
            raise Refused(
                "These are national prices, but the file does not say of which year, and nor does "
                "its name. Put the year into the name, such as annex-a-prices-2018-19.xlsx, and "
                "give one year to a sheet."
            )
        told = (f"The year {period.code} comes from the name of the file or sheet.",)
    return same(period.code, found["hrg_code"]), told


def _one_year(text: str) -> str | None:
    years = years_in(text)
    return Period.financial_year(years[0]).code if len(years) == 1 else None


def _pounds(column: Array) -> Array:
    """Return a column of prices without pound signs."""
    return pc.utf8_trim_whitespace(pc.replace_substring(column, "£", ""))


def _empty(columns: list[Array]) -> np.ndarray:
    """Return the rows in which every one of ``columns`` is empty."""
    empty = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        empty &= np.asarray(pc.equal(column, ""))
    return empty


def _without(prices: Table) -> tuple[str, ...]:
    """Say how many HRGs have no price at all."""
    given = prices.data.filter(pc.is_valid(prices.data.column("price")))
    every = pc.count_distinct(prices.data.column("hrg_code")).as_py()
    without = every - pc.count_distinct(given.column("hrg_code")).as_py()
    return (f"HRGs without a price of any kind: {without:,}.",) if without else ()
