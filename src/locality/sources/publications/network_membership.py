"""ODS ``ePCN``: primary care networks, and which practices are their core members.

A workbook with a sheet of networks and a sheet of memberships, each a reading of its own (parts
``networks`` and ``members``). Ended memberships and closed networks are kept. Headers are broken
over several lines inside their cells; before July 2022 sub-ICB locations were CCGs.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.organisations import NETWORK_MEMBERS, NETWORKS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, days, empty_as_null, matches
from locality.sources.dating import in_words, month_from_names
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "network_membership"
TITLE = "the ODS list of primary care networks (ePCN)"
VERSION = 1

_PCN_CODE = r"^U\d{5}$"

LAYOUT = Layout(
    needed={
        "practice_code": ("partner_organisation_code",),
        "pcn_code": ("pcn_code",),
        "from_date": ("practice_to_pcn_relationship_start_date",),
        "to_date": ("practice_to_pcn_relationship_end_date",),
    }
)
_NETWORKS = Layout(
    needed={
        "pcn_code": ("pcn_code",),
        "name": ("pcn_name",),
        "sub_icb_code": ("current_sub_icb_loc_code", "current_clinical_commissioning_group_code"),
        "open_date": ("open_date",),
        "close_date": ("close_date",),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of networks or of their members."""
    return LAYOUT.fits(sheet) or _NETWORKS.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: NETWORK_MEMBERS or NETWORKS, as at the month in the file's name."""
    return (_members if LAYOUT.fits(sheet) else _networks)(sheet, hints)


def _members(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    found = LAYOUT.columns(sheet)
    code, network = codes(found["practice_code"]), codes(found["pcn_code"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    sieve.drop(~matches(network, _PCN_CODE), "The network's code is not U and five digits.")
    first, last = _span(sieve, found["from_date"], found["to_date"], "membership")
    sieve.drop(pc.is_null(first), "The membership has no first day.")
    sieve.drop_repeats(
        [code, network, first], [last], "practice, network and first day of membership"
    )
    aside = sieve.verdict(TITLE)
    as_at, note = _as_at(sieve, (first, last), hints)
    rows = int(sieve.keep.sum())
    table = Table.of(
        NETWORK_MEMBERS,
        {
            "as_at": pa.repeat(pa.scalar(as_at), rows),
            "practice_code": sieve.kept(code),
            "pcn_code": sieve.kept(network),
            "from_date": sieve.kept(first),
            "to_date": sieve.kept(last),
        },
    )
    practices = pc.count_distinct(table.data["practice_code"]).as_py()
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            part="members",
            tables={"network_members": table},
            rows=rows,
            practices=practices,
            reader_version=VERSION,
            set_aside=aside,
            notes=(note,),
        ),
    )


def _networks(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    found = _NETWORKS.columns(sheet)
    code = codes(found["pcn_code"])
    sieve = Sieve(sheet, code)
    sieve.drop(~matches(code, _PCN_CODE), "The network's code is not U and five digits.")
    sieve.drop(pc.equal(found["name"], ""), "The name is empty.")
    first, last = _span(sieve, found["open_date"], found["close_date"], "network")
    sub_icb = codes(found["sub_icb_code"])
    sieve.drop_repeats([code], [found["name"], sub_icb, first, last], "network")
    aside = sieve.verdict(TITLE)
    as_at, note = _as_at(sieve, (first, last), hints)
    rows = int(sieve.keep.sum())
    table = Table.of(
        NETWORKS,
        {
            "as_at": pa.repeat(pa.scalar(as_at), rows),
            "pcn_code": sieve.kept(code),
            "name": sieve.kept(found["name"]),
            "sub_icb_code": empty_as_null(sieve.kept(sub_icb)),
            "open_date": sieve.kept(first),
            "close_date": sieve.kept(last),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            part="networks",
            tables={"networks": table},
            rows=rows,
            practices=0,
            reader_version=VERSION,
            set_aside=aside,
            notes=(note,),
        ),
    )


def _span(sieve: Sieve, begun: Array, ended: Array, what: str) -> tuple[Array, Array]:
    """Return first and last days; rows with a date that is none, or in no order, are set aside."""
    first, bad_first = days(begun)
    last, bad_last = days(ended)
    sieve.drop(bad_first | bad_last, f"The first or last day of the {what} is no date.")
    backwards = pc.fill_null(pc.less(last, first), False)
    sieve.drop(np.asarray(backwards), f"The {what} ends before it begins.")
    return first, last


def _as_at(sieve: Sieve, spans: tuple[Array, Array], hints: Hints) -> tuple[date, str]:
    """Return what date the file stands for, and how that was found: it does not say so itself."""
    latest = max(
        (
            day
            for column in spans
            for day in pc.unique(sieve.kept(column)).to_pylist()
            if day and (hints.today is None or day <= hints.today)
        ),
        default=None,
    )
    named = month_from_names(hints.names)
    if named and (latest is None or named >= latest.replace(day=1)):
        as_at = max(named, latest) if latest else named
        return as_at, (
            f"The file carries no date of its own: {in_words(as_at)} comes from its name."
        )
    as_at = latest or date(2019, 7, 1)
    return as_at, (
        f"The file carries no date of its own: {in_words(as_at)} is the latest beginning or end "
        "in it."
    )
