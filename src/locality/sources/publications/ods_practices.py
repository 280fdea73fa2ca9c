"""ODS ``epraccur``: every practice and prescribing cost centre, open or closed. No header.

England and Wales stand in one file; England is kept. Settings other than 4 are cost centres of
other kinds (walk-in centres, hospices, prisons), kept and told apart.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas import ODS_PRACTICES
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, day, days, empty_as_null
from locality.sources.dating import in_words, month_from_names
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "ods_practices"
TITLE = "the ODS list of practices (epraccur)"
VERSION = 1

#: The last of the 27 columns is always empty, and a workbook loses it.
_WIDTHS = (26, 27)
_CODE, _NAME, _REGION, _ICB, _POSTCODE, _OPEN, _CLOSE = 0, 1, 2, 3, 9, 10, 11
_STATUS, _COMMISSIONER, _JOINED, _LEFT, _SETTING = 12, 14, 15, 16, 25
_STATUSES = {
    "A": "active", "ACTIVE": "active", "C": "closed", "CLOSED": "closed",
    "D": "dormant", "DORMANT": "dormant", "P": "proposed", "PROPOSED": "proposed",
}  # fmt: skip


def recognise(sheet: Sheet) -> bool:
    """Return whether the first rows are those of ``epraccur``: 27 columns, dates, a status."""
    if len(sheet.header) not in _WIDTHS:
        return False
    rows = sheet.head[:20]
    alike = sum(
        1
        for row in rows
        if row[_CODE].strip().isalnum()
        and day(row[_OPEN]) is not None
        and row[_STATUS].strip().upper() in _STATUSES
        and row[_SETTING].strip().isdigit()
    )
    # A first row of headings, which some copies have, must not spoil it.
    return alike >= max(1, len(rows) - 1) if len(rows) > 1 else alike == 1


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: ODS_PRACTICES of England."""
    if day(sheet.header[_OPEN]) is not None:
        sheet = sheet.with_header_as_row()
    code = codes(sheet.column(_CODE))
    region = codes(sheet.column(_REGION))
    sieve = Sieve(sheet, code)
    wales = pc.or_(pc.starts_with(region, "W"), pc.starts_with(code, "W"))
    sieve.drop(wales, "The practice is in Wales; Locality covers England.", expected=True)
    abroad = pc.match_substring_regex(code, r"^[A-Z]{3}\d{3}$")
    sieve.drop(abroad, "The practice is in the Channel Islands or the Isle of Man.", expected=True)
    sieve.drop_unknown_practices()
    opened, bad_open = days(sheet.column(_OPEN))
    closed, bad_close = days(sheet.column(_CLOSE))
    sieve.drop(bad_open | bad_close, "The date of opening or closing is no date.")
    backwards = pc.fill_null(pc.less(closed, opened), False)
    sieve.drop(backwards, "The practice closes before it opens.")
    letters = codes(sheet.column(_STATUS))
    status = pc.take(
        pa.array(list(_STATUSES.values())), pc.index_in(letters, pa.array(list(_STATUSES)))
    )
    sieve.drop(pc.is_null(status), "The status is not one of A, C, D and P.")
    sieve.drop(pc.equal(sheet.column(_NAME), ""), "The name is empty.")
    sieve.drop_repeats([code], [status, opened, closed], "code")
    aside = sieve.verdict(TITLE)
    as_at, note = _as_at(sheet, sieve, status, (opened, closed), hints)
    rows = int(sieve.keep.sum())
    table = Table.of(
        ODS_PRACTICES,
        {
            "as_at": pa.repeat(pa.scalar(as_at), rows),
            "practice_code": sieve.kept(code),
            "practice_name": sieve.kept(sheet.column(_NAME)),
            "postcode": empty_as_null(sieve.kept(sheet.column(_POSTCODE))),
            "open_date": sieve.kept(opened),
            "close_date": sieve.kept(closed),
            "status": sieve.kept(status),
            "is_gp_practice": sieve.kept(pc.equal(sheet.column(_SETTING), "4")),
            "sub_icb_code": empty_as_null(sieve.kept(codes(sheet.column(_COMMISSIONER)))),
            "icb_code": empty_as_null(sieve.kept(codes(sheet.column(_ICB)))),
            "region_code": empty_as_null(sieve.kept(region)),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            tables={"ods_practices": table},
            rows=rows,
            practices=int(np.asarray(table.data["is_gp_practice"]).sum()),
            reader_version=VERSION,
            set_aside=aside,
            notes=(note,),
        ),
    )


def _as_at(
    sheet: Sheet, sieve: Sieve, status: Array, dates: tuple[Array, Array], hints: Hints
) -> tuple[date, str]:
    """Return what date the file stands for, and how that was found: it does not say so itself."""
    joined, _ = days(sheet.column(_JOINED))
    left, _ = days(sheet.column(_LEFT))
    # A proposed practice, and one still active, may carry a date that has yet to come.
    past = pc.not_equal(status, "proposed")
    gone = pc.equal(status, "closed")
    latest = max(
        (
            found
            for column, where in (
                (dates[0], past), (joined, past), (dates[1], gone), (left, gone)
            )
            if (found := pc.max(column.filter(pc.and_(where, pa.array(sieve.keep)))).as_py())
            and (hints.today is None or found <= hints.today)
        ),
        default=None,
    )  # fmt: skip
    named = month_from_names(hints.names)
    if named and (latest is None or named >= latest.replace(day=1)):
        as_at = max(named, latest) if latest else named
        return as_at, (
            f"The file carries no date of its own: {in_words(as_at)} comes from its name."
        )
    if latest is None:
        raise Refused("No practice in the file has a date, so it cannot be told how old it is.")
    return latest, (
        f"The file carries no date of its own: {in_words(latest)} is the latest opening, "
        "closing or change of commissioner in it."
    )
