"""Investment and Impact Fund: counts of practices and of networks in one file.

Network codes (``U`` and five digits) look like those of practices, so that the type of the
organisation decides. The indicator and what was counted stand together in words, such as
``ACC-08 Denominator``; some networks' counts are standardised or of the year before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from locality.figures import Missing, Period, Table
from locality.figures.schemas.quality import IIF
from locality.sources.arrow import Array, pc
from locality.sources.cells import PRACTICE_CODE, Numbers, codes, matches, negative, numbers
from locality.sources.dating import extract_date
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "iif"
TITLE = "Investment and Impact Fund counts"
VERSION = 1

LAYOUT = Layout(
    needed={
        "kind": ("organisation_type",),
        "organisation_code": ("organisation_code",),
        "achieved_on": ("ach_date",),
        "indicator_code": ("ind_code",),
        "measure": ("measure",),
        "value": ("value",),
    }
)
_KINDS = {"GP PRACTICE": "practice", "PRACTICE": "practice", "PCN": "pcn"}
_NETWORK_CODE = r"^U\d{5}$"
_MEASURE = (
    r"(?i)^(?P<indicator>[A-Z]{2,5}-\d{2}[A-Z]?)\s+(?P<before>baseline\s+)?"
    r"(?P<how>(?:non-)?standardised\s+)?(?P<what>numerator|denominator)$"
)
_COUNTS = ("numerator", "denominator", "baseline_numerator", "baseline_denominator")


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the Investment and Impact Fund."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: IIF of the financial year in which the achievement is dated."""
    found = LAYOUT.columns(sheet)
    code, indicator = codes(found["organisation_code"]), codes(found["indicator_code"])
    sieve = Sieve(sheet, code)
    on = extract_date(sieve, found["achieved_on"], TITLE)
    period = Period.financial_year(on.year if on.month > 3 else on.year - 1)
    kind = _taken(_KINDS, codes(found["kind"]))
    sieve.drop(pc.is_null(kind), "The organisation is neither a GP practice nor a PCN.")
    sieve.drop(
        np.where(
            np.asarray(pc.fill_null(pc.equal(kind, "pcn"), False)),
            ~matches(code, _NETWORK_CODE),
            ~matches(code, PRACTICE_CODE),
        ),
        "The code is not of the kind that the row says: PCN codes alone begin with U.",
    )
    sieve.drop(pc.equal(indicator, ""), "The indicator code is empty.")
    parts = pc.extract_regex(found["measure"], _MEASURE)
    sieve.drop(
        pc.is_null(parts),
        "What was counted is not told as numerator or denominator of an indicator.",
    )
    value = numbers(found["value"])
    sieve.drop(value.wrong, "The value is not a number.")
    sieve.drop(negative(value), "The value is below zero.")
    words = {
        name: pc.fill_null(pc.utf8_trim_whitespace(pc.utf8_lower(pc.struct_field(parts, name))), "")
        for name in ("indicator", "before", "how", "what")
    }
    # A baseline may be told otherwise than the year itself, so the way of counting is the year's.
    words["before"] = pc.if_else(pc.equal(words["before"], ""), "", "baseline_")
    column = pc.binary_join_element_wise(words["before"], words["what"], "")
    sieve.drop_repeats(
        [code, indicator, words["indicator"], column], [value.values, words["how"]],
        "organisation, indicator and measure",
    )  # fmt: skip
    rows = _turned(sieve, code, kind, indicator, words, column, value)
    bad = _share_above_one(rows)
    if bad.num_rows:
        key = pc.binary_join_element_wise(code, indicator, " ")
        wrong = pc.binary_join_element_wise(bad["organisation_code"], bad["indicator_code"], " ")
        sieve.drop(
            pc.is_in(key, wrong.combine_chunks()), "The numerator is larger than the denominator."
        )
        rows = _turned(sieve, code, kind, indicator, words, column, value)
    aside = sieve.verdict(TITLE)
    table = Table.of(
        IIF, rows.append_column("period", pa.repeat(pa.scalar(period.code), rows.num_rows))
    )
    practices = table.data.filter(pc.equal(table.data["kind"], "practice"))
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"iif": table},
            rows=len(table),
            practices=pc.count_distinct(practices["organisation_code"]).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=_standardised(table),
        ),
    )


def _taken(names: dict[str, str], column: Array) -> Array:
    place = pc.index_in(column, pa.array(list(names)))
    return pc.take(pa.array(list(names.values())), place)


def _turned(
    sieve: Sieve,
    code: Array,
    kind: Array,
    indicator: Array,
    words: dict[str, Array],
    column: Array,
    value: Numbers,
) -> pa.Table:
    """Return one row for each organisation and indicator, from one row for each count."""
    keys = ["organisation_code", "indicator_code"]
    kept = {
        "organisation_code": sieve.kept(code),
        "indicator_code": sieve.kept(indicator),
        "kind": sieve.kept(kind),
        "indicator": pc.utf8_upper(sieve.kept(words["indicator"])),
    }
    of, number = sieve.kept(column), sieve.kept(value.values)
    nothing = pa.scalar(None, pa.float64())
    for name in _COUNTS:
        kept[name] = pc.if_else(pc.equal(of, name), number, nothing)
    own = pc.equal(of, "numerator")
    how = sieve.kept(words["how"])
    kept["how"] = pc.if_else(pc.and_(own, pc.not_equal(how, "")), how, pa.scalar(None, pa.string()))
    told = pc.is_in(of, pa.array(["numerator", "denominator"]))
    kept["missing"] = pc.if_else(told, sieve.kept(value.missing), pa.scalar(None, pa.string()))
    # Whether there is a row at all: a denominator without one is not part of the publication.
    kept["has"] = pc.cast(pc.equal(of, "denominator"), pa.int8())
    names = ["kind", "indicator", *_COUNTS, "how", "missing", "has"]
    grouped = pa.table(kept).group_by(keys).aggregate([(name, "max") for name in names])
    made = grouped.rename_columns([one.removesuffix("_max") for one in grouped.column_names])
    absent = pc.if_else(
        pc.equal(made["has"], 0), str(Missing.NOT_APPLICABLE), pa.scalar(None, pa.string())
    )
    missing = pc.coalesce(made["missing"], absent)
    return (
        made.drop_columns(["has", "missing", "how"])
        .append_column("missing", missing)
        .append_column("numerator_kind", made["how"])
    )


def _share_above_one(rows: pa.Table) -> pa.Table:
    """Return practices' rows with a numerator above the denominator; networks' may be rates."""
    above = pc.greater(rows["numerator"], rows["denominator"])
    practice = pc.equal(rows["kind"], "practice")
    return rows.filter(pc.fill_null(pc.and_(above, practice), False))


def _standardised(table: Table) -> tuple[str, ...]:
    kinds: list[Any] = pc.unique(table.data["numerator_kind"]).to_pylist()
    if "standardised" not in kinds:
        return ()
    return (
        "Some numerators are standardised by the publisher: they are no plain counts, and "
        "are kept with the word for it.",
    )
