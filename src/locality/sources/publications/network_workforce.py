"""Primary Care Network Workforce, individual level: a row for each anonymous post.

The rows are added up at once, to network, staff group and role: no row and no identifier of a
post is kept. A network without a row may have nobody, or may not have made a return: the file
cannot tell.
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.staff import NETWORK_STAFF
from locality.knowledge.workforce_columns import network_roles
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.practice_workforce import month_end
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "network_workforce"
TITLE = "Primary Care Network Workforce"
VERSION = 1

LAYOUT = Layout(
    needed={
        "year": ("census_year", "year"),
        "month": ("census_month", "month"),
        "pcn_code": ("pcn_code",),
        "staff_group": ("staff_group",),
        "staff_role": ("staff_role",),
        "role": ("detailed_staff_role",),
        "fte": ("fte",),
    },
)
#: Columns of the individual-level file of *practices*, which is about persons and is not read.
_ABOUT_PERSONS = {"gender", "age_band", "age_years", "country_qualification_group"}
_NETWORK = r"^U\d{5}$"
_DASHES = r"[–—]"


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the posts of networks."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: NETWORK_STAFF of the month in the rows.

    Raises Refused for rows of several months, and for a file that tells a person's sex, age or
    place of qualification.
    """
    if persons := sorted(_ABOUT_PERSONS.intersection(sheet.words)):
        raise Refused(
            f"This file of staff tells each person's {persons[0].replace('_', ' ')}. Locality "
            "keeps posts added up by network and role. Give the network file without it."
        )
    found = LAYOUT.columns(sheet)
    code = codes(found["pcn_code"])
    sieve = Sieve(sheet, code)
    sieve.drop(~matches(code, _NETWORK), "The network's code is not U and five digits.")
    fte = numbers(found["fte"])
    lacking = np.asarray(pc.is_null(fte.values))
    sieve.drop(fte.wrong | lacking, "The full-time equivalent is no number, or is not there.")
    group, role, unknown = _named(sieve, found["staff_group"], found["role"])
    month = _month(sieve, found["year"], found["month"])
    if hints.today is not None and month > hints.today:
        raise Refused("The posts are of a month that is still to come. Check year and month.")
    aside = sieve.verdict(TITLE)
    rows = pa.table(
        {
            "pcn_code": sieve.kept(code),
            "staff_group": sieve.kept(group),
            "role": sieve.kept(role),
            "fte": sieve.kept(fte.values),
        }
    )
    keys = ["pcn_code", "staff_group", "role"]
    added = rows.group_by(keys, use_threads=False).aggregate([("fte", "count"), ("fte", "sum")])
    added = added.sort_by([(key, "ascending") for key in keys])
    table = Table.of(
        NETWORK_STAFF,
        {
            "as_at": pa.repeat(pa.scalar(month, pa.date32()), added.num_rows),
            **{key: added.column(key) for key in keys},
            "posts": added.column("fte_count"),
            "fte": added.column("fte_sum"),
        },
    )
    networks = pc.count_distinct(table.data["pcn_code"]).as_py()
    whole = pc.sum(rows["fte"]).as_py()
    below = int((negative(fte) & sieve.keep).sum())
    notes = [
        f"{rows.num_rows:,} posts of {networks:,} networks, {whole:,.1f} full-time equivalents, "
        "were added up by network and role; no post is kept.",
        "A network without a row has nobody or made no return: the file cannot tell.",
    ]
    if below:
        notes.append(f"Posts with hours below zero, kept as published: {below:,}.")
    if unknown:
        notes.append(
            f"Posts with a role that is new here, under the name it was given: {unknown:,}."
        )
    return (
        Reading(
            publication=PUBLICATION,
            period=month.isoformat(),
            tables={"network_staff": table},
            rows=len(table),
            practices=0,
            reader_version=VERSION,
            set_aside=aside,
            notes=tuple(notes),
        ),
    )


def _named(sieve: Sieve, group: Array, role: Array) -> tuple[Array, Array, int]:
    """Return the house's group and role of each row, and how many rows have a role new here."""
    known = network_roles()
    groups = {published: one.staff_group for (published, _), one in known.items()}
    plain = [
        pc.utf8_lower(pc.replace_substring_regex(column, _DASHES, "-")) for column in (group, role)
    ]
    pair = pc.binary_join_element_wise(*plain, "\t").dictionary_encode()
    found_groups: list[str | None] = []
    found_roles: list[str | None] = []
    new = []
    for text in pair.dictionary.to_pylist():
        published, _, name = text.partition("\t")
        one = known.get((published, name))
        found_groups.append(groups.get(published))
        found_roles.append(one.role if one else re.sub(r"\s+", " ", name) or None)
        new.append(one is None and published in groups and bool(name))
    places = pair.indices
    whose = pa.array(found_groups, pa.string()).take(places)
    which = pa.array(found_roles, pa.string()).take(places)
    sieve.drop(pc.is_null(whose), "The staff group is none that is known.")
    sieve.drop(pc.is_null(which), "The role is empty.")
    unknown = np.array(new, dtype=bool)[np.asarray(places)] & sieve.keep
    return whose, which, int(unknown.sum())


def _month(sieve: Sieve, year: Array, month: Array) -> date:
    pair = pc.binary_join_element_wise(year, month, "-")
    sieve.drop(
        ~matches(pair, r"^20\d\d-(0?[1-9]|1[0-2])$"), "The year and month are not of a calendar."
    )
    pairs = sorted(
        {tuple(map(int, text.split("-"))) for text in pc.unique(sieve.kept(pair)).to_pylist()}
    )
    if not pairs:
        sieve.verdict(TITLE)
    if len(pairs) > 1:
        raise Refused(
            f"The rows are of {len(pairs)} different months. Give one file for each month."
        )
    return month_end(*pairs[0])
