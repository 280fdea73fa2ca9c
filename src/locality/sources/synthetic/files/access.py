"""Online consultations, cloud telephony, the patient survey and appointments, as published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from locality.sources.synthetic.calendar import MONTHS
from locality.sources.synthetic.files.sheets import Cell, put_sheets
from locality.sources.synthetic.files.wrapping import put, put_zipped

#: Whether a practice takes part: not said (to May 2024), hidden for all, or 1 and 0.
Said = Literal["absent", "hidden", "said"]
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_COPYRIGHT = "Copyright © {year} NHS England"
BANDS = ("Less than 1 minute", "1 - 2 minutes", "2 - 5 minutes", "Longer than 5 minutes")
QUESTIONS = (
    "overallexp", "gpcontactoverall", "localgpservicesphone", "localgpserviceswebsite",
    "localgpservicesapp", "localgpservicesreception", "localgpservicesprefhpsee",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A practice and what it belongs to: (code, name) each."""

    practice: tuple[str, str]
    pcn: tuple[str, str]
    sub: tuple[str, str]
    board: tuple[str, str]
    region: tuple[str, str]

    @property
    def cells(self) -> list[Cell]:
        """Return codes and names in the order of the monthly workbooks."""
        return [*self.practice, *self.pcn, *self.sub, *self.board, *self.region]


@dataclass(frozen=True, slots=True)
class Submitted:
    """One practice's month online; ``submissions`` are clinical, administrative, other."""

    place: Place
    supplier: str
    submissions: tuple[Cell, Cell, Cell]
    list_size: Cell
    takes_part: bool = True


@dataclass(frozen=True, slots=True)
class Called:
    """One practice's month on the telephone.

    ``outcomes`` are inbound, answered, ended in the menu, call-back requested, missed, call-back
    made; the three tuples of four are calls by band of minutes, None where the cell is empty.
    """

    place: Place
    outcomes: tuple[int | None, ...]
    waited_answered: tuple[int | None, ...]
    lasted_answered: tuple[int | None, ...]
    waited_missed: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """One practice's survey: question -> share 0 to 1, unweighted and weighted base, limits.

    A question whose share is None is hidden (-97 in every cell).
    """

    place: Place
    sent: int
    received: int
    answers: Mapping[str, tuple[float | None, int, float, float, float]]


@dataclass(frozen=True, slots=True)
class Booked:
    """Appointments of one kind in one practice and month."""

    place: Place
    supplier: str
    kinds: tuple[str, str, str, str, str]
    count: int


def write_online(
    folder: Path, month: date, rows: Sequence[Submitted], *, said: Said = "said"
) -> Path:
    """Write one month's workbook: England in Table 1, practices in Table 2 (header in row 12)."""
    year = month.year
    title = f"{_NAMES[month.month - 1]} {year}"
    whole = [sum(int(row.submissions[kind] or 0) for row in rows) for kind in range(3)]
    header: list[Cell] = [
        "Month [1]", "GP Code", "GP Name", "PCN Code [2, 3]", "PCN Name [3]", "Sub ICB Code",
        "Sub ICB Name", "ICB Code", "ICB Name", "Region Code", "Region Name",
        "Supplier [4, 5, 6]", "Submissions [7]" if month.month % 2 else "Submissions [7. 11]",
        "Clinical Submissions [7]", "Administrative Submissions [7]",
        "Other/Unknown Type Submissions [7]", "Registered Patient Count [8]",
        "Rate per 1,000 Registered Patients [9, 10]",
    ]  # fmt: skip
    if said != "absent":
        header.append("Participation [11]" if said == "hidden" else "Participation")
    above = _above(f"Table 2: Submissions received by practices, {title}", 9)
    body: list[list[Cell]] = []
    for row in rows:
        total = sum(int(one or 0) for one in row.submissions)
        size = int(row.list_size or 0)
        cells: list[Cell] = [
            month.isoformat(), *row.place.cells, row.supplier, total, *row.submissions,
            row.list_size, 1000 * total / size if size else 0,
        ]  # fmt: skip
        if said != "absent":
            cells.append("*" if said == "hidden" else int(row.takes_part))
        body.append(cells)
    notes: list[list[Cell]] = [
        [],
        ["Source: NHS England"],
        ["Notes:", "  1   Data for previous months is available in the accompanying csv file"],
        [None, "  2   Geographical information is correct at the time of publication"],
        [None, "  7   If all attempted submissions were aborted this count will be 0"],
        [_COPYRIGHT.format(year=year)],
    ]
    return put_sheets(
        folder / f"Submissions_via_OC_Systems_in_General_Practice_-_{title.replace(' ', '_')}.xlsx",
        {
            "Title sheet": [["Submissions via Online Consultation Systems in General Practice"]],
            "Table 1": [
                *_above("Table 1: Summary of availability and usage, England", 8),
                [None, None, f"{MONTHS[month.month - 1]}-{year % 100:02d} [8]"],
                ["Coverage", "Open active practices", len(rows)],
                ["Submissions", "Total submissions received by practices [3]", sum(whole)],
                ["Submission type", "Clinical submissions", whole[0]],
                [None, "Administrative submissions", whole[1]],
                [None, "Other/unknown type submissions [4]", whole[2]],
            ],
            "Table 2": [*above, header, *body, *notes],
        },
    )


def write_telephony(
    folder: Path, month: date, rows: Sequence[Called], shared: Sequence[Called] = ()
) -> Path:
    """Write one month's workbook: Tables 3, 4 and 5, each with its two-row header and total.

    ``shared`` are accounts of several practices, published as Unassigned.
    """
    title = f"{_NAMES[month.month - 1]} {month.year}"
    every = [*rows, *shared]

    def table(
        number: int,
        over: list[Cell],
        upper: list[Cell],
        lower: list[Cell],
        counts: list[list[int | None]],
    ) -> list[list[Cell]]:
        first: list[Cell] = [
            "Month [1]", "GP Practice \n(ODS_CODE)", "GP Name", "PCN Code", "PCN Name [2,3]",
            "Sub ICB Code [2]", "Sub ICB Name", "ICB Code  [2]", "ICB Name", "Region Code  [2]",
            "Region Name",
        ]  # fmt: skip
        totals = [sum(one[place] or 0 for one in counts) for place in range(len(counts[0]))]
        body: list[list[Cell]] = [
            [month.isoformat(), *one.place.cells, *_spread(number, count)]
            for one, count in zip(every, counts, strict=True)
        ]
        name: Cell = None if number == 3 else "National"
        return [
            ["Return to Contents"],
            [f"Table {number}: Summary of calls by practice, England, {title}"],
            [None] * 11 + over,
            [*first, *upper],
            [None] * 11 + lower,
            ["Total", name, *[None] * 9, *_spread(number, totals)],
            *body,
            [None, None, None],
            ["Notes:", "  1   Data for earlier months is available in the supplementary page"],
            [None, "  3   Not all practices are members of a PCN. These are denoted by U"],
            [_COPYRIGHT.format(year=month.year)],
        ]

    bands: list[Cell] = [cell for band in BANDS for cell in (band, None)]
    pairs: list[Cell] = ["Count", "%"] * 4
    tables: dict[str, list[list[Cell]]] = {
        "Title sheet": [["Cloud Based Telephony data in General Practice"]],
        "Table 3": table(
            3,
            [None, None, "Count of Inbound Call Outcome"],
            ["Count of Inbound calls", None, "Answered", None, "Ended during the IVR Stage [4]",
             None, "Call back requested", None, None, "Missed [5]", None, None, "Call back made",
             None],
            ["Total", None, *["Total", "%"] * 3, None, "Total", "%", None, "Total",
             "% of requested"],
            [list(one.outcomes) for one in every],
        ),
        "Table 4": table(
            4,
            [*[None] * 4, "Answered Calls - Wait time [4]", *[None] * 8,
             "Answered Calls - Duration "],
            ["Total Inbound calls", "Answered  [4]", None, None, *bands, None, *bands],
            ["Count", "Count", "%", None, *pairs, None, *pairs],
            [
                [*one.outcomes[:2], *one.waited_answered, *one.lasted_answered] for one in every
            ],
        ),
        "Table 5": table(
            5,
            [*[None] * 4, "Missed Calls - Wait time [4]"],
            ["Total Inbound calls", "Missed [4]", None, None, *bands],
            ["Count", "Count", "%", None, *pairs],
            [[one.outcomes[0], one.outcomes[4], *one.waited_missed] for one in every],
        ),
    }  # fmt: skip
    name = f"Cloud_Based_Telephony_Publication_Summary_{title.replace(' ', '_')}.xlsx"
    return put_sheets(folder / name, tables)


def write_survey(folder: Path, year: int, rows: Sequence[Answered]) -> Path:
    """Write one year's practice results: administrative columns, then those of each question."""
    header = [
        "ad_practicecode", "ad_practicename", "ad_pcncode", "ad_pcnname", "ad_icscode",
        "ad_icsname", "ad_commissioningregioncode", "ad_commissioningregionname", "distributed",
        "received", "resprate",
    ]  # fmt: skip
    statistics = ("_1.pct", ".pcteval", ".baseevaluw", ".baseevalw", ".lowileval", ".hiwileval")
    header += [f"{question}{one}" for question in QUESTIONS for one in statistics]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        place = row.place
        cells: list[object] = [
            *place.practice, *place.pcn, *place.board, *place.region, row.sent, row.received,
            row.received / row.sent if row.sent else 0,
        ]  # fmt: skip
        for question in QUESTIONS:
            share, base, weighted, lower, upper = row.answers[question]
            if share is None:
                cells += [-97] * len(statistics)
            else:
                cells += [round(share / 2, 9), share, base, weighted, lower, upper]
        writer.writerow(cells)
    name = f"GPPS_{year}_Practice_data_(weighted)_(csv)_PUBLIC.csv"
    return put(folder / name, "\ufeff" + out.getvalue())


def write_appointments(
    folder: Path, last: date, files: Mapping[tuple[date, str], Iterable[Booked]]
) -> Path:
    """Write the archive of the months up to ``last``: (month, regions) -> rows of that file.

    ``regions`` is empty where a month is one file, else such as ``Midlands_North``.
    """
    members = {}
    for (month, regions), rows in files.items():
        between = f"{regions}_" if regions else ""
        name = f"Practice_Level_Crosstab_{between}{_short(month)}.csv"
        members[name] = crosstab(month, rows)
    return put_zipped(folder / f"Practice_Level_Crosstab_{_short(last)}.zip", members)


def crosstab(month: date, rows: Iterable[Booked]) -> str:
    """Return the text of one file of appointments by practice."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "APPOINTMENT_MONTH_START_DATE", "GP_CODE", "GP_NAME", "SUPPLIER", "PCN_CODE",
            "PCN_NAME", "SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_NAME", "HCP_TYPE", "APPT_MODE",
            "NATIONAL_CATEGORY", "TIME_BETWEEN_BOOK_AND_APPT", "COUNT_OF_APPOINTMENTS",
            "APPT_STATUS",
        ]
    )  # fmt: skip
    when = f"{month.day:02d}{MONTHS[month.month - 1].upper()}{month.year}"
    writer.writerows(
        (
            when, *row.place.practice, row.supplier, *row.place.pcn, *row.place.sub,
            *row.kinds[:4], row.count, row.kinds[4],
        )
        for row in rows
    )  # fmt: skip
    return out.getvalue()


def _short(month: date) -> str:
    return f"{MONTHS[month.month - 1]}_{month.year % 100:02d}"


def _above(title: str, blanks: int) -> list[list[Cell]]:
    blank: list[list[Cell]] = [[]] * blanks
    return [["Return to Contents"], ["_"], *blank, [title]]


def _spread(number: int, counts: Sequence[int | None]) -> list[Cell]:
    """Return counts in the columns of a table, with the shares that stand between them."""

    def share(count: int | None, of: int | None) -> Cell:
        return round(count / of, 3) if count is not None and of else None

    inbound, *rest = counts
    if number == 3:
        answered, menu, requested, missed, made = rest
        cells: list[Cell] = [inbound, None]
        for one in (answered, menu, requested):
            cells += [one, share(one, inbound)]
        cells += [None, missed, share(missed, inbound), None, made, share(made, requested)]
        return cells
    total, *bands = rest
    cells = [inbound, total, share(total, inbound), None]
    for place, one in enumerate(bands):
        if place == 4:
            cells.append(None)
        cells += [one, share(one, total)]
    return cells
