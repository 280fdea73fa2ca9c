"""Workforce files of practices and networks: layouts, no return, totals and parts, round trips."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Missing
from locality.knowledge.workforce_columns import TOTAL, staff_columns
from locality.sources import Document, Reading, read
from locality.sources.synthetic.files import staff as files
from locality.sources.synthetic.files import staff_headers
from tests.sources import made
from tests.sources.publications import made_staff

PRACTICES = "practice_workforce"
DERIVED = "practice_workforce_derived"
NETWORKS = "network_workforce"
NO_RETURN = Missing.NO_RETURN.value


def one(content: Any, name: str = made_staff.NAME, **asked: Any) -> Reading:
    (reading,) = read(made.document(content, name), **asked)
    return reading


def staff_of(reading: Reading, code: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (row["staff_group"], row["role"]): row
        for row in reading.tables["practice_staff"].rows
        if row["practice_code"] == code
    }


def plain(reading: Reading, table: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in reading.tables[table].rows), key=str)


def test_the_detailed_file_gives_roles_and_patients() -> None:
    reading = one(made_staff.detailed())
    assert (reading.publication, reading.period) == (PRACTICES, "2026-06-30")
    assert (reading.rows, reading.practices, reading.set_aside) == (3, 3, ())
    assert reading.notes == ("The month comes from the file's name: 30 June 2026.",)
    first = staff_of(reading, "A81001")
    assert first["GP", "partner or provider"] == {
        "as_at": made_staff.ON, "practice_code": "A81001", "staff_group": "GP",
        "role": "partner or provider", "fte": 2.2, "headcount": 3.0, "estimated": False,
        "missing": None,
    }  # fmt: skip
    patients = reading.tables["workforce_patients"].rows
    assert [row["patients"] for row in patients] == [4000, 9000, 1200]
    assert staff_of(reading, "A81002")["GP", TOTAL]["estimated"] is True


def test_trainees_and_locums_stand_apart_as_totals() -> None:
    reading = one(made_staff.detailed())
    first, second = staff_of(reading, "A81001"), staff_of(reading, "A81002")
    assert first["GP", "total trainees"]["fte"] == pytest.approx(2.0)
    assert first["GP", "total locums"]["fte"] == 0
    assert second["GP", "total locums"]["fte"] == pytest.approx(0.5)
    assert second["GP", "total trainees"]["headcount"] is None


def test_no_return_is_never_zero_and_an_absent_role_is() -> None:
    reading = one(made_staff.detailed())
    third = staff_of(reading, "Y07020")
    assert third["nurse", TOTAL]["fte"] is None
    assert third["nurse", TOTAL]["missing"] == NO_RETURN
    assert not [role for group, role in third if group == "nurse" and role != TOTAL]
    second = staff_of(reading, "A81002")
    assert second["direct patient care", TOTAL]["fte"] == 0
    assert ("direct patient care", "healthcare assistant") not in second


def test_zero_that_was_written_for_no_return_is_no_return() -> None:
    older = made_staff.detailed()
    for column in [c for c in older[0] if "NURSE" in c and c.endswith(("_HC", "_FTE"))]:
        if "_DPC_" not in column:
            place = older[0].index(column)
            older[3][place] = "0"
    third = staff_of(one(older), "Y07020")
    assert third["nurse", TOTAL]["missing"] == NO_RETURN
    marked = [[("ND" if cell == "NA" else cell) for cell in row] for row in made_staff.detailed()]
    assert staff_of(one(marked), "Y07020")["nurse", TOTAL]["missing"] == NO_RETURN


def test_care_staff_taken_as_none_by_the_publisher_stay_zero() -> None:
    changed = made_staff.changed(
        made_staff.detailed(), "DPC_SOURCE", made_staff.PROVIDED, "No data provided"
    )
    row = staff_of(one(changed), "A81002")["direct patient care", TOTAL]
    assert (row["fte"], row["missing"], row["estimated"]) == (0, None, True)


@pytest.mark.parametrize("united", [False, True])
def test_sums_of_roles_are_never_doubled(united: bool) -> None:
    (reading,) = read(made.document(made_staff.detailed(united=united), made_staff.NAME))
    rows = reading.tables["practice_staff"].rows
    for code in made_staff.CODES:
        for group in ("GP", "nurse", "direct patient care", "admin"):
            mine = [r for r in rows if (r["practice_code"], r["staff_group"]) == (code, group)]
            parts = sum(r["fte"] for r in mine if not r["role"].startswith(TOTAL))
            (total,) = [r["fte"] for r in mine if r["role"] == TOTAL]
            assert parts == pytest.approx(total or 0)


def test_the_united_layout_says_its_months_itself_and_ended_columns_give_no_role() -> None:
    both = made_staff.detailed(united=True)
    both += made_staff.detailed(united=True, on=date(2025, 6, 30))[1:]
    readings = read(made.document(made.text(both).lower(), "anything.csv"))
    assert [r.period for r in readings] == ["2025-06-30", "2026-06-30"]
    assert {r.publication for r in readings} == {PRACTICES}
    alone = one(made_staff.detailed())
    assert plain(readings[1], "practice_staff") == plain(alone, "practice_staff")
    assert not {row["role"] for row in readings[0].tables["practice_staff"].rows} & {
        "high intensity therapist", "psychological wellbeing practitioner",
    }  # fmt: skip


def test_roles_that_do_not_add_up_are_told() -> None:
    short = made_staff.changed(made_staff.detailed(), "TOTAL_ADMIN_RECEPT_FTE", "3.0")
    assert any("In 3 practices the admin roles" in note for note in one(short).notes)


def test_the_order_of_columns_does_not_matter() -> None:
    turned = [row[::-1] for row in made_staff.detailed()]
    assert plain(one(turned), "practice_staff") == plain(
        one(made_staff.detailed()), "practice_staff"
    )


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("General Practice – June 2022 Practice Level.csv", "2022-06-30"),
        ("GPWPracticeCSV.022024.csv", "2024-02-29"),
        ("gpw-sept-2019.csv", "2019-09-30"),
    ],
)
def test_the_month_of_the_name(name: str, period: str) -> None:
    assert one(made_staff.detailed(), name).period == period


def test_a_month_that_is_still_to_come_is_not_read() -> None:
    assert one(made_staff.detailed(), today=date(2026, 7, 30)).rows == 3
    with pytest.raises(Exception, match="still to come"):
        one(made_staff.detailed(), today=date(2026, 6, 1))


def test_the_derived_table_is_a_publication_of_its_own() -> None:
    reading = one(made_staff.derived(), "gp_workforce_practice_2023.csv")
    assert (reading.publication, reading.period, reading.rows) == (DERIVED, "2023-04-30", 3)
    assert [(a.rows, "repeats" in a.reason) for a in reading.set_aside] == [(1, True)]
    assert "year alone" in reading.notes[0]
    same = staff_of(one(made_staff.detailed()), "A81001")
    for line, row in staff_of(reading, "A81001").items():
        assert row["fte"] == pytest.approx(same[line]["fte"])
        assert row["estimated"] is None
    assert staff_of(reading, "Y07020")["nurse", TOTAL]["missing"] == NO_RETURN
    assert one(made_staff.derived(), "workforce_may_2023.csv").period == "2023-05-31"


def test_posts_are_added_up_and_none_is_kept() -> None:
    reading = one(made_staff.posts(), "posts.csv")
    assert (reading.publication, reading.period) == (NETWORKS, "2026-06-30")
    assert [tuple(row.values())[1:] for row in reading.tables["network_staff"].rows] == [
        ("U12345", "admin", "manager", 1, 0.6),
        ("U12345", "direct patient care", "pharmacist", 2, 1.5),
        ("U99999", "director", "clinical director, nurse", 1, 0.2),
    ]
    assert "no post is kept" in reading.notes[0]
    assert "cannot tell" in reading.notes[1]


def test_posts_in_windows_1252_with_hours_below_zero_and_new_roles() -> None:
    older = made_staff.posts(on=date(2022, 9, 30), fte=("1", "-0.1", "0.6", "0.2"))
    older = made_staff.changed(
        older, "DETAILED_STAFF_ROLE", "Pharmacist", "Pharmacist", "Seer", "Other Director"
    )
    reading = one(made.text(older).encode("cp1252"), "PCNWF.csv")
    assert reading.period == "2022-09-30"
    found = {row["role"]: row["fte"] for row in reading.tables["network_staff"].rows}
    assert found == {"pharmacist": pytest.approx(0.9), "seer": 0.6, "other director": 0.2}
    assert any("below zero, kept as published: 1" in note for note in reading.notes)
    assert any("new here" in note for note in reading.notes)


codes = st.lists(st.from_regex(r"\A[A-TV-Z][0-9]{5}\Z"), min_size=1, max_size=6, unique=True)
names = st.text("ABC ,'\"&;-é", max_size=18).map(lambda word: f"THE {word}".strip())
ftes = st.integers(0, 400).map(lambda hours: round(hours / 37.5, 9))
PARTS = ("GP_SEN_PTNR", "GP_TRN_GR_ST1", "GP_LOCUM_VAC")
GROUP_PARTS = {"NURSES": "N_PRAC_NURSE", "DPC": "DPC_PHARMA", "ADMIN": "ADMIN_RECEPT"}


@st.composite
def workforces(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(codes)
    many = len(found)

    def amounts() -> Any:
        return np.array(draw(st.lists(ftes, min_size=many, max_size=many)))

    def gone() -> Any:
        return np.array(draw(st.lists(st.booleans(), min_size=many, max_size=many)))

    staff = {}
    partner, trainee, locum = (amounts() for _ in PARTS)
    nothing = np.where(gone(), np.nan, 0.0)
    by_stem = dict(zip(PARTS, (partner, trainee, locum), strict=True))
    by_stem |= {
        "GP": partner + trainee + locum, "GP_EXTG": partner + locum,
        "GP_EXL": partner + trainee, "GP_EXTGL": partner,
    }  # fmt: skip
    for stem, fte in by_stem.items():
        staff[stem] = np.ceil(fte) + nothing, np.round(fte, 9) + nothing
    for total, part in GROUP_PARTS.items():
        fte, nothing = amounts(), np.where(gone(), np.nan, 0.0)
        staff[total] = staff[part] = np.ceil(fte) + nothing, fte + nothing
    patients = draw(st.lists(st.integers(0, 20_000), min_size=many, max_size=many))
    return {"codes": found, "name": draw(names), "staff": staff, "patients": patients}


def expected(made_up: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Return the rows that a plain reading gives: practice, group, role, FTE, headcount."""
    by_stem = {
        one.column.removeprefix("TOTAL_").removesuffix("_FTE"): (one.staff_group, one.role)
        for one in staff_columns()
        if one.measure == "fte"
    }
    totals = {"GP": "GP", "nurse": "NURSES", "direct patient care": "DPC", "admin": "ADMIN"}
    told = set()
    staff = made_up["staff"]
    for place, code in enumerate(made_up["codes"]):
        for stem, (group, role) in by_stem.items():
            people, fte = (
                (float(one[place]) for one in staff[stem])
                if stem in staff
                else (staff[totals[group]][1][place] * 0,) * 2
            )
            if role.startswith(TOTAL) or (not math.isnan(fte) and (people or fte)):
                nothing = math.isnan(fte)
                told.add(
                    (code, group, role, None if nothing else round(fte, 6),
                     None if nothing else people)
                )  # fmt: skip
        for role, rest in (("total trainees", "GP_EXTG"), ("total locums", "GP_EXL")):
            apart = staff["GP"][1][place] - staff[rest][1][place]
            told.add((code, "GP", role, None if math.isnan(apart) else abs(round(apart, 6)), None))
    return told


def told_by(reading: Reading) -> set[tuple[Any, ...]]:
    return {
        (
            row["practice_code"], row["staff_group"], row["role"],
            None if row["fte"] is None else round(row["fte"], 6), row["headcount"],
        )
        for row in reading.tables["practice_staff"].rows
    }  # fmt: skip


@settings(max_examples=10)
@given(made_up=workforces(), united=st.booleans())
def test_detailed_files_round_trip(made_up: dict[str, Any], united: bool) -> None:
    many = len(made_up["codes"])
    text = files.detailed(
        made_staff.identity(made_up["codes"], made_up["name"]),
        made_staff.people(made_up["patients"]),
        made_up["staff"],
        [[made_staff.PROVIDED] * many] * 4,
        made_staff.ON,
        united=united,
    )
    (reading,) = read(Document(made_staff.NAME, text.encode(), made_staff.NAME))
    assert told_by(reading) == expected(made_up)
    patients = reading.tables["workforce_patients"].rows
    assert [row["patients"] for row in patients] == made_up["patients"]


@settings(max_examples=15)
@given(made_up=workforces(), data=st.data())
def test_derived_tables_round_trip(made_up: dict[str, Any], data: st.DataObject) -> None:
    many = len(made_up["codes"])
    twice = data.draw(st.lists(st.integers(0, many - 1), max_size=2, unique=True))
    columns = made_staff.identity(made_up["codes"], made_up["name"])
    kept = [*columns[:4], *columns[6:], *([w] * many for w in ("ZZ1", "4.0", "1.5", "2.0", "3.0"))]
    text = files.derived(
        kept, made_staff.people(made_up["patients"]), made_up["staff"], twice if many > 2 else ()
    )
    name = "gp_workforce_practice_2023.csv"
    (reading,) = read(Document(name, text.encode(), name))
    held = {
        word.removeprefix("total_").removesuffix("_fte").upper()
        for word in staff_headers.derived_header()
        if word.endswith("_fte")
    }
    roles = {
        (one.staff_group, one.role)
        for one in staff_columns()
        if one.column.removeprefix("TOTAL_").removesuffix("_FTE") in held
    }
    roles |= {("GP", "total trainees"), ("GP", "total locums")}
    assert told_by(reading) == {row for row in expected(made_up) if row[1:3] in roles}


post = st.tuples(
    st.from_regex(r"\AU[0-9]{5}\Z"),
    st.sampled_from(("Pharmacist", "Care Coordinator", "Other")),
    st.integers(1, 5000).map(lambda n: n / 1000),
)


@settings(max_examples=30)
@given(rows=st.lists(post, min_size=1, max_size=12), name=names, older=st.booleans())
def test_posts_round_trip(rows: list[tuple[str, str, float]], name: str, older: bool) -> None:
    on = date(2022, 9, 30) if older else made_staff.ON
    place = [name, "16C", "A sub-ICB", "QHM", "NHS An ICB", "Y63", "A region"]
    text = files.posts(
        ["NWRS contracted services", str(on.year), str(on.month), code, *place,
         "Other Direct Patient Care staff", "Staff", role, files.number(fte), ""]
        for code, role, fte in rows
    )  # fmt: skip
    (reading,) = read(Document("x.csv", text.encode("cp1252" if older else "utf-8-sig"), "x.csv"))
    slowly: dict[tuple[str, str], list[float]] = {}
    for code, role, fte in rows:
        slowly.setdefault((code, role.lower()), []).append(fte)
    assert {
        (row["pcn_code"], row["role"]): (row["posts"], pytest.approx(row["fte"]))
        for row in reading.tables["network_staff"].rows
    } == {key: (len(hours), sum(hours)) for key, hours in slowly.items()}
    assert reading.period == on.isoformat()
