"""The truths agree with the files, counted again from the files with the csv module alone."""

from __future__ import annotations

from collections import defaultdict

import pytest
from python_calamine import CalamineWorkbook

from tests.sources.synthetic.plainly import Plain, Row

COMPONENTS = {
    "registered": ("pop 2022/23", "pop 2024/25", "Population"),
    "general_and_acute": ("G&A WP",),
    "community": ("CS WP",),
    "mental_health": ("MH WP",),
    "maternity": ("Mat WP",),
    "health_inequalities": ("Health Ineq WP", "Health Ineq  WP"),
    "prescribing": ("Prescr WP",),
    "overall": ("Final WP", "Final WP "),
    "primary_medical_need": ("Primary Medical Care WP", "Primary Medical Care need"),
    "primary_medical": ("Final PMC WP",),
}


def boards(made: Plain, practice: str) -> tuple[str, str]:
    return "ENG", made.last_icb[practice]


def told(made: Plain, board: str) -> dict:  # type: ignore[type-arg]
    return made.truths["england"] if board == "ENG" else made.truths["icbs"][board]


def test_registers(made: Plain) -> None:
    compared = 0
    for period, file in made.files("qof_prevalence").items():
        register: dict[tuple[str, str], int] = defaultdict(int)
        counted: dict[tuple[str, str], int] = defaultdict(int)
        in_file: dict[tuple[str, str], int] = defaultdict(int)
        for row in made.rows(file):
            for board in boards(made, row["PRACTICE_CODE"]):
                cell = board, row["GROUP_CODE"]
                in_file[cell] += int(row["PRACTICE_LIST_SIZE"])
                if row["REGISTER"] != "*":
                    register[cell] += int(float(row["REGISTER"]))
                    counted[cell] += int(row["PRACTICE_LIST_SIZE"])
        for board, group in in_file:
            said = told(made, board)["qof_registers"][period][group]
            assert said["register"] == register[board, group]
            assert said["list_counted"] == counted[board, group]
            assert said["list"] == in_file[board, group]
            compared += 1
    assert compared == 3 * 21 * made.truths["years"]


def test_list_sizes(made: Plain) -> None:
    for period, file in made.files("list_sizes").items():
        patients: dict[str, int] = defaultdict(int)
        for row in made.rows(file):
            for board in boards(made, row["CODE"]):
                patients[board] += int(row["NUMBER_OF_PATIENTS"])
        assert patients == {b: told(made, b)["list_sizes"][period] for b in patients}
        assert len(patients) == 3


def test_age_sex(made: Plain) -> None:
    for period, file in made.files("age_sex").items():
        patients: dict[tuple[str, str], int] = defaultdict(int)
        for row in made.rows(file):
            if row["ORG_TYPE"] == "GP" and row["SEX"] != "ALL" and row["AGE_GROUP_5"] != "ALL":
                for board in boards(made, row["ORG_CODE"]):
                    patients[board, row["SEX"]] += int(row["NUMBER_OF_PATIENTS"])
        for (board, sex), number in patients.items():
            assert told(made, board)["age_sex"][period][sex] == number


def allocation_rows(made: Plain, file: str) -> list[Row]:
    if not file.endswith(".xlsx"):
        return made.rows(file)
    book = CalamineWorkbook.from_path(str(made.folder / file))
    header, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def test_weighted_populations(made: Plain) -> None:
    for period, file in made.files("weighted_populations").items():
        people: dict[tuple[str, str], float] = defaultdict(float)
        for row in allocation_rows(made, file):
            for component, headers in COMPONENTS.items():
                (cell,) = [row[h] for h in headers if h in row] or [""]
                for board in boards(made, row["Practice_Code"]):
                    people[board, component] += float(cell or 0)
        for board in {board for board, _ in people}:
            said = told(made, board)["weighted_populations"][period]
            assert said == pytest.approx({c: people[board, c] for c in said}, abs=1e-3)
            assert len(said) == (8 if period == "2022-23" else 10)
        england = told(made, "ENG")["weighted_populations"][period]
        complete = {c: n for c, n in england.items() if c != "maternity"}
        # Every component is scaled to the same England total, but for rounding.
        assert complete == pytest.approx(dict.fromkeys(complete, england["registered"]), abs=0.1)


def test_practices_open(made: Plain) -> None:
    for period, file in made.files("practice_map").items():
        open_in: dict[str, int] = defaultdict(int)
        for row in made.rows(file):
            for board in boards(made, row["PRACTICE_CODE"]):
                open_in[board] += 1
        assert open_in == {b: told(made, b)["practices_open"][period] for b in open_in}


def test_latest_of_every_organisation(made: Plain) -> None:
    latest = made.truths["latest"]
    patients = {
        r["CODE"]: int(r["NUMBER_OF_PATIENTS"]) for r in made.of("list_sizes", latest["as_at"])
    }
    hyp = {
        r["PRACTICE_CODE"]: (int(float(r["REGISTER"])), int(r["PRACTICE_LIST_SIZE"]))
        for r in made.of("qof_prevalence", latest["period"])
        if r["GROUP_CODE"] == "HYP"
    }
    place = {r["practice_code"]: r["place_code"] for r in made.rows("places.csv")}
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in made.of("practice_map", latest["as_at"]):
        practice = row["PRACTICE_CODE"]
        over = {
            "pcn": row["PCN_CODE"],
            "place": place.get(practice),
            "sub_icb": row["SUB_ICB_LOCATION_CODE"],
            "icb": row["ICB_CODE"],
            "region": row["COMM_REGION_CODE"],
        }
        for kind, code in over.items():
            if code not in (None, "U"):
                numbers = (1, patients[practice], *hyp[practice])
                found[kind, code] = [a + b for a, b in zip(found[kind, code], numbers, strict=True)]
    said = {
        (kind, code): list(numbers.values())
        for kind, codes in latest.items()
        if isinstance(codes, dict)
        for code, numbers in codes.items()
    }
    assert said == dict(found)
