"""National costs ("national_costs"): two layouts in five eras, faults, round trips, real files."""

from __future__ import annotations

import gzip
import math
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing
from locality.sources import Document, NotRecognised, Reading, Refused, contents, read
from locality.sources.synthetic.files import prices as files
from locality.sources.synthetic.files.prices import Costed, Department
from tests.sources import made
from tests.sources.publications import made_prices
from tests.sources.publications.made_prices import ELECTIVE, SERVICED, department, schedule

BOOK = "schedule.xlsx"
LATER, EARLIER = "ncc_2024-25_national_schedule.csv", "ncc_2023-24_national_schedule.csv"


def rows(*readings: Reading) -> list[dict[str, Any]]:
    return [row for reading in readings for row in reading.tables["national_costs"].rows]


def book(content: bytes, name: str = BOOK) -> tuple[Reading, ...]:
    return read(Document(name, content, name))


def test_a_sheet_is_a_department_and_the_title_says_the_year() -> None:
    (reading,) = book(schedule(), "HRG_ref_costs_2016.xlsx")
    assert (reading.publication, reading.period, reading.part) == (
        "national_costs", "2017-18", "EL",
    )  # fmt: skip
    assert rows(reading)[0] == {
        "period": "2017-18", "department": "elective_inpatient", "service_code": "",
        "currency_code": "AA22C", "service_name": "", "name": "Stroke, with Score 14+",
        "activity": 73.0, "unit_cost": 7663.5, "total_cost": 559435.5, "worked_out": False,
        "missing": None,
    }  # fmt: skip


def test_without_totals_the_total_is_worked_out_and_marked() -> None:
    sheet = department(ELECTIVE, year="2016-17", totals=False)
    (reading,) = book(schedule(EL=sheet))
    assert reading.period == "2016-17"
    assert [row["total_cost"] for row in rows(reading)] == [559435.5, 2238500]
    assert all(row["worked_out"] for row in rows(reading))
    assert "activity x unit cost" in reading.notes[0]


def test_services_and_departments_within_a_sheet_are_kept_apart() -> None:
    rehabilitation = department(
        [["REHABL1", "Level 1", "APC", "Admitted patient care", "VC01Z", "Assessment", 4, 2.5, 10],
         ["REHABL1", "Level 1", "Oth", "Other", "VC01Z", "Assessment", 2, 2.5, 5]],
        ("Department Code", "Department Description", *SERVICED, "Activity"),
    )  # fmt: skip
    clinics = department(
        [["WF01A", "Follow-up", 100.0, "General Surgery", 733645, 2, 1467290]],
        ("Currency Code", "Currency Description", "Service Code", "Service Description",
         "No. of attendances"),
    )  # fmt: skip
    found = book(schedule(REHAB=rehabilitation, CL=clinics))
    assert [
        (row["department"], row["service_code"], row["service_name"]) for row in rows(*found)
    ] == [
        ("rehabilitation", "REHABL1/APC", "Level 1: Admitted patient care"),
        ("rehabilitation", "REHABL1/OTH", "Level 1: Other"),
        ("consultant_led", "100", "General Surgery"),
    ]


def test_secure_care_lines_up_over_the_years_though_its_sheets_were_merged() -> None:
    header = ("Currency Code", "Currency Description", "No.of Completed episodes")
    one = department([["SMH110", "Shorter", 10, 500, 5000]], header, "2016-17", totals=False)
    merged = department(
        [["HSMHCC", "High Secure", "SMH110", "Shorter", 10, 600, 6000]],
        (*SERVICED, "No.of Occupied bed-days"),
    )
    (earlier,), (later,) = book(schedule(HSMHCC=one)), book(schedule(SECMHCC=merged))
    for field in ("department", "service_code", "currency_code"):
        assert rows(earlier)[0][field] == rows(later)[0][field]
    assert any("occupied bed-days" in note for note in earlier.notes)


def test_hidden_activity_is_suppressed_and_keeps_its_cost() -> None:
    (reading,) = read(made.document(made_prices.costs(), LATER))
    assert (reading.period, reading.part, reading.rows) == ("2024-25", "", 4)
    hidden = next(row for row in rows(reading) if row["department"] == "day_case")
    assert (hidden["activity"], hidden["unit_cost"]) == (None, None)
    assert (hidden["total_cost"], hidden["missing"]) == (5672.64, str(Missing.SUPPRESSED))
    drugs = next(row for row in rows(reading) if row["department"] == "cancer_mdt")
    assert (drugs["currency_code"], drugs["name"]) == ("CMDTSPU", "Specialist Upper Meetings")


def test_stars_hide_as_empty_cells_do() -> None:
    starred = [[("*" if cell == "" else cell) for cell in row] for row in made_prices.costs()]
    assert rows(*read(made.document(starred, LATER))) == rows(
        *read(made.document(made_prices.costs(), LATER))
    )


def test_the_earlier_extract_has_blanks_around_its_words() -> None:
    (reading,) = read(made.document(made_prices.costs(later=False), EARLIER))
    assert reading.period == "2023-24"
    assert [(row["currency_code"], row["name"]) for row in rows(reading)][1] == (
        "01", "Hear & Treat",
    )  # fmt: skip


def test_a_department_that_no_year_knows_is_set_aside_with_its_line() -> None:
    content = [*made_prices.costs(), ["Astrology", "ZZ01Z", "Stars", 1, 2, 2]]
    (reading,) = read(made.document(content, LATER))
    (aside,) = reading.set_aside
    assert (aside.rows, aside.example) == (1, "line 6")
    assert "No department is so called" in aside.reason


def test_sheets_of_sums_and_indexes_are_passed_over() -> None:
    sums = [
        [None, "National Schedule of Reference Costs Year : 2017-18 - HRG Data"], [],
        ["Total HRG activity", None, 2797935.5, 73], [], [None, None, "Total", None],
        ["Currency ", "Currency Description", "Activity ", "Unit Cost ", "Total Cost"],
        ["AA22C", "Stroke", 73, 7663.5, 559435.5],
    ]  # fmt: skip
    found = book(schedule(**{"Total HRG's": sums, "EL": department(ELECTIVE)}))
    assert [reading.part for reading in found] == ["EL"]


def spoilt(place: int, value: Any) -> made_prices.Rows:
    head, *below = made_prices.costs()
    return [head, *([*row[:place], value, *row[place + 1 :]] for row in below)]


def swapped() -> made_prices.Rows:
    """Return an extract whose unit cost and cost changed places under their headers."""
    head, *below = made_prices.costs()
    return [head, *([*row[:4], row[5], row[4] or 1] for row in below)]


DAMAGED: dict[str, tuple[str, bytes | made_prices.Rows, str]] = {
    "words for costs": (LATER, spoilt(5, "a lot"), "total cost is not a number"),
    "words for activity": (LATER, spoilt(3, "many"), "activity is not a number"),
    "unit costs below zero": (LATER, spoilt(4, -5), "unit cost is below zero"),
    "no currency": (LATER, spoilt(1, ""), "currency code is empty"),
    "unknown departments": (LATER, spoilt(0, "Wards"), "No department is so called"),
    "columns that changed places": (LATER, swapped(), "changed places"),
    "one row many times": (
        LATER, [*made_prices.costs()[:2], *([*made_prices.costs()[1][:3], n, 1, n]
                                            for n in range(4))],
        "disagree",
    ),
    "no year": ("ncc.csv", made_prices.costs(), "Put the year into the name"),
    "no rows": (LATER, made_prices.costs()[:1], "no rows"),
    "cut short": (LATER, made.text(made_prices.costs()).encode()[:-12], "middle of line"),
    "an unknown sheet": (BOOK, schedule(ELX=department(ELECTIVE)), "no department is so called"),
    "a sheet of another year": (
        BOOK, schedule(AE=department(ELECTIVE, (*SERVICED[2:], "Attendances"), "2016-17")),
        "no department is so called in 2016-17",
    ),
    "activity under another name": (
        BOOK, schedule(EL=department(ELECTIVE, (*SERVICED[2:], "Bed days"))),
        "no column called “Number of FCEs”",
    ),
    "a sheet without a year": (
        BOOK, schedule(EL=department(ELECTIVE, year="this")), "Put the year into the name",
    ),
    "a sheet twice": (
        BOOK, schedule(EL=department(ELECTIVE), el_=department(ELECTIVE)),
        "no department is so called",
    ),
    "half a workbook": (BOOK, schedule()[:-300], "damaged or stops"),
}  # fmt: skip


@pytest.mark.parametrize("fault", DAMAGED)
def test_damaged_files_are_refused_with_a_sentence(fault: str) -> None:
    name, content, says = DAMAGED[fault]
    with pytest.raises(Refused, match=says) as told:
        read(made.document(content, name))
    assert str(told.value).endswith(".") and "Traceback" not in str(told.value)


def test_a_lost_column_is_named() -> None:
    with pytest.raises(NotRecognised, match="no column called unit_cost"):
        read(made.document([[*row[:4], *row[5:]] for row in made_prices.costs()], LATER))


@pytest.mark.parametrize("header", ["NHS Number", "Surname", "dob"])
def test_cost_files_of_single_patients_are_refused(header: str) -> None:
    head, *below = made_prices.costs()
    values = made.nhs_numbers(len(below))
    content = [[*head, header], *([*r, v] for r, v in zip(below, values, strict=True))]
    with pytest.raises(Refused, match="single patients"):
        read(made.document(content, LATER))
    sheet = department(ELECTIVE)
    for row, value in zip(sheet[4:], (header, *values), strict=False):
        row[-1] = value
    with pytest.raises(Refused, match="single patients"):
        book(schedule(EL=sheet))


# Round trips: what the synthetic writers write, the reader gives back.

WORDS = st.text(alphabet="ABab ,\"'&éZ09", min_size=1, max_size=15).map(lambda t: f"A{t}Z")
AMOUNTS = st.integers(0, 5_000_000) | st.floats(0, 1e6).map(lambda x: round(x, 4))


@st.composite
def departments(draw: st.DrawFn, hidden: bool) -> list[Department]:
    """Draw an ordinary department, one that is split by service, and one of other currencies."""
    kinds = (
        ("EL", "Elective Inpatients", "Number of FCEs", False),
        ("CL", "Consultant Led", "No. of attendances", True),
        ("AMB", "Ambulance", "Activity ", False),
    )
    found = []
    for sheet, words, activity, split in kinds:
        if hidden and split:
            continue
        services = draw(
            st.lists(st.sampled_from(["100", "320", "DAS"]), min_size=1, max_size=2, unique=True)
        )
        codes = draw(
            st.lists(st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z]|0[1-9]|CMDT_[A-Z]", fullmatch=True),
                     min_size=1, max_size=4, unique=True)
        )  # fmt: skip
        some = []
        for code in codes:
            for service in services if split else [""]:
                many, each = float(draw(AMOUNTS)), float(draw(AMOUNTS))
                name = "Ward" if service else ""
                shown = None if hidden and draw(st.booleans()) else many
                some.append(Costed(code, draw(WORDS), shown, each, many * each, service, name))
        found.append(Department(sheet, words, words, activity, tuple(some)))
    return found


def compared(some: list[Department], extract: bool) -> dict[tuple[str, ...], tuple[Any, ...]]:
    ids = {"EL": "elective_inpatient", "CL": "consultant_led", "AMB": "ambulance"}
    return {
        (ids[one.sheet], row.service, row.code): (
            " ".join(row.name.split()),
            row.activity,
            None if extract and row.activity is None else row.unit_cost,
            None if row.activity is not None else str(Missing.SUPPRESSED),
        )
        for one in some
        for row in one.rows
    }


def given_back(*readings: Reading) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {
        (row["department"], row["service_code"], row["currency_code"]): (
            row["name"], row["activity"], row["unit_cost"], row["missing"],
        )
        for row in rows(*readings)
    }  # fmt: skip


def total(*readings: Reading) -> float:
    return math.fsum(row["total_cost"] for row in rows(*readings))


@given(departments(hidden=False), st.booleans())
def test_a_schedule_comes_back(some: list[Department], totals: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = files.write_cost_workbook(Path(folder) / BOOK, "2017-18", some, totals=totals)
        found = book(path.read_bytes())
    assert given_back(*found) == compared(some, extract=False)
    assert total(*found) == pytest.approx(sum(row.total for one in some for row in one.rows))
    assert all(row["worked_out"] is not totals for row in rows(*found))


@given(departments(hidden=True), st.booleans())
def test_the_extracts_come_back(some: list[Department], later: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = LATER if later else EARLIER
        path = files.write_cost_extract(Path(folder) / name, some, year=2024 if later else 2023)
        found = read(Document(name, gzip.decompress(path.read_bytes()), name))
    assert given_back(*found) == compared(some, extract=True)
    assert total(*found) == pytest.approx(sum(row.total for one in some for row in one.rows))


# The real files.


def real(published: Path, name: str) -> Document:
    path = published / "commissioner" / "costs" / name
    content = path.read_bytes()
    return Document(
        name.removesuffix(".gz"), gzip.decompress(content) if name.endswith(".gz") else content
    )


def together(readings: tuple[Reading, ...]) -> pa.Table:
    return pa.concat_tables(reading.tables["national_costs"].data for reading in readings)


@pytest.mark.published
@pytest.mark.parametrize(
    ("year", "sheets", "row_count"), [("2016-17", 38, 25572), ("2017-18", 34, 26914)]
)
def test_the_real_schedules_add_up_to_their_own_index(
    published: Path, year: str, sheets: int, row_count: int
) -> None:
    document = real(published, f"reference_costs_{year}_national_schedule.xlsx")
    readings = read(document)
    assert {reading.period for reading in readings} == {year}
    assert len(readings) == sheets and not any(reading.set_aside for reading in readings)
    table = together(readings)
    assert table.num_rows == row_count and table.column("missing").null_count == row_count
    # Counted apart from the reader: the publisher's own sums on the sheet Index.
    index = next(sheet for sheet in contents(document).sheets if sheet.name == "Index")
    own = {row[1]: row for row in zip(*index.body.to_pydict().values(), strict=True)}
    for reading in readings:
        data = reading.tables["national_costs"].data
        assert pc.sum(data.column("total_cost")).as_py() == pytest.approx(
            float(own[reading.part][5]), abs=0.01
        )
        assert pc.sum(data.column("activity")).as_py() == pytest.approx(
            float(own[reading.part][3]), abs=0.01
        )
    quantum = pc.sum(table.column("total_cost")).as_py()
    assert quantum == pytest.approx(float(own["Total Quantum"][5]), abs=0.05)
    if year == "2017-18":
        assert round(quantum, 2) == 68_005_614_662.78
        clinics = table.filter(
            pc.is_in(table.column("department"),
                     value_set=pa.array(["consultant_led", "non_consultant_led"]))
        )  # fmt: skip
        attended = pc.sum(clinics.column("activity")).as_py()
        cost = pc.sum(clinics.column("total_cost")).as_py()
        assert (attended, round(cost, 2)) == (74_523_886, 9_316_401_297.85)
        assert round(cost / attended, 2) == 125.01
        days = {
            row["department"]: (row["activity"], round(row["unit_cost"], 2))
            for row in table.to_pylist()
            if row["currency_code"] == "AA22C" and "bed_days" in row["department"]
        }
        assert days == {
            "elective_excess_bed_days": (175, 262.19),
            "non_elective_excess_bed_days": (4221, 343.05),
        }


@pytest.mark.published
def test_the_hrgs_of_the_real_schedule_add_up(published: Path) -> None:
    table = together(read(real(published, "reference_costs_2017-18_national_schedule.xlsx")))
    # The sheet of all HRGs has these as columns, and of two more those currencies that are HRGs.
    departments = [
        "elective_inpatient", "elective_excess_bed_days", "non_elective_long_stay",
        "non_elective_excess_bed_days", "non_elective_short_stay", "day_case",
        "regular_day_or_night", "outpatient_procedures", "emergency_care", "chemotherapy",
        "critical_care", "diagnostic_imaging", "nuclear_medicine", "radiotherapy",
        "rehabilitation", "specialist_palliative_care", "renal_dialysis",
    ]  # fmt: skip
    partly = ["directly_accessed_diagnostics", "community_health"]
    department_of = table.column("department")
    is_hrg = pc.match_substring_regex(table.column("currency_code"), r"^[A-Z]{2}\d{2}[A-Z]$")
    hrgs = table.filter(
        pc.or_(
            pc.is_in(department_of, value_set=pa.array(departments)),
            pc.and_(pc.is_in(department_of, value_set=pa.array(partly)), is_hrg),
        )
    )
    assert round(pc.sum(hrgs.column("total_cost")).as_py(), 2) == 40_693_973_936.63


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "count", "hidden", "billions"),
    [(EARLIER, 11303, 0, 97.70), (LATER, 13362, 1820, 99.18)],
)
def test_the_real_extracts(
    published: Path, name: str, count: int, hidden: int, billions: float
) -> None:
    (reading,) = read(real(published, f"{name}.gz"))
    assert reading.rows == count and not reading.set_aside
    table = reading.tables["national_costs"].data
    assert table.column("total_cost").null_count == 0
    assert round(pc.sum(table.column("total_cost")).as_py() / 1e9, 2) == billions
    suppressed = table.filter(pc.is_valid(table.column("missing")))
    assert pc.unique(suppressed.column("missing")).to_pylist() in ([], [Missing.SUPPRESSED])
    assert suppressed.num_rows == suppressed.column("activity").null_count == hidden
    shown = table.filter(pc.is_valid(table.column("activity")))
    product = pc.multiply(shown.column("activity"), shown.column("unit_cost"))
    off = pc.abs(pc.subtract(product, shown.column("total_cost")))
    # In 2023/24 unit costs are rounded to four places.
    slack = 1e-15 if hidden else 6e-5
    share = pc.divide(off, pc.max_element_wise(shown.column("total_cost"), 1.0))
    rounding = pc.multiply(shown.column("activity"), slack)
    assert pc.all(pc.or_(pc.less(share, 1e-12), pc.less_equal(off, pc.add(rounding, 6e-3)))).as_py()
