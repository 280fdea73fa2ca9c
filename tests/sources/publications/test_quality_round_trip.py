"""What the synthetic writers put into a file, the readers take out of it again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Missing
from locality.sources import Document, Reading, read
from locality.sources.synthetic.files import quality as files

CODES = [f"Z9{number:04d}" for number in range(1, 30)]
INDICATORS = ["HYP008", "DM020", "QIPDDMI004", "VI001"]
words = st.text(
    st.characters(codec="utf-8", categories=("L", "N"), include_characters=",'&- \""), max_size=20
).map(lambda text: f"A{text}B".replace('"', "'") + ", Surgery")
years = st.sampled_from([2017, 2018, 2019, 2021, 2022, 2024])
points = st.integers(0, 55_900).map(lambda hundredths: hundredths / 100)


def place(code: str, name: str) -> files.Place:
    return files.Place(
        code, name, "U", "Unallocated", "Z0S0A", "E38999001", "A, sub", "QZ0", "E54999001",
        "An ICB", "Y90", "E40999001", "A region",
    )  # fmt: skip


def back(path: Path) -> Reading:
    (reading,) = read(Document(path.name, path.read_bytes(), path.name))
    assert not reading.set_aside
    return reading


def rows(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables.values()
    return table.rows


@settings(max_examples=40)
@given(
    years,
    st.dictionaries(
        st.sampled_from(CODES),
        st.tuples(words, st.integers(0, 99_999), st.none() | st.tuples(points, points)),
        min_size=1,
    ),
)
def test_overall_achievement(year: int, practices: dict[str, Any]) -> None:
    made = []
    for code, (name, size, result) in practices.items():
        low, high = sorted(result) if result else (None, None)
        made.append(files.Overall(place(code, name), size, low, high))
    with tempfile.TemporaryDirectory() as folder:
        reading = back(files.write_overall(Path(folder), year, 559, made))
    assert (reading.publication, reading.period) == ("qof_overall", files.long(year))
    assert rows(reading) == [
        {
            "period": files.long(year),
            "practice_code": one.place.practice,
            "list_size": one.list_size,
            "points": one.points,
            "maximum_points": 559.0,
            "available_points": one.available,
            "missing": Missing.NO_RETURN if one.points is None else None,
        }
        for one in made
    ]


@settings(max_examples=30)
@given(
    st.sampled_from([2018, 2019, 2021, 2024]),
    st.dictionaries(
        st.sampled_from(INDICATORS), st.tuples(st.integers(0, 60), words, words), min_size=1
    ),
)
def test_indicators(year: int, listed: dict[str, Any]) -> None:
    made = [
        files.Listed(code, float(worth), "GRP", group, "CL", "Clinical", "TOTAL", wording)
        for code, (worth, group, wording) in listed.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        reading = back(files.write_indicators(Path(folder), year, made))
    assert (reading.publication, reading.period) == ("qof_indicators", files.long(year))
    assert rows(reading) == [
        {
            "period": files.long(year),
            "indicator_code": one.code,
            "group_code": "GRP",
            "group_name": one.group_name,
            "domain": "Clinical",
            "list_type": "TOTAL",
            "points": one.points,
            "description": one.description if year == 2018 else None,
        }
        for one in made
    ]


@settings(max_examples=30)
@given(
    st.sampled_from([2019, 2021, 2022, 2023]),
    st.booleans(),
    st.dictionaries(st.sampled_from(CODES), words, min_size=1),
)
def test_geographies(year: int, manual: bool, practices: dict[str, str]) -> None:
    made = [place(code, name) for code, name in practices.items()]
    write = files.write_manual_mapping if manual else files.write_geographies
    with tempfile.TemporaryDirectory() as folder:
        reading = back(write(Path(folder), year, made))
    assert (reading.publication, reading.period) == ("qof_geographies", files.long(year))
    assert reading.part == ("manual mapping" if manual else "")
    assert [(r["practice_code"], r["practice_name"]) for r in rows(reading)] == list(
        practices.items()
    )
    first = rows(reading)[0]
    assert [first[f"{kind}_code"] for kind in ("pcn", "sub_icb", "icb", "region")] == [
        "U", "Z0S0A", "QZ0", "Y90",
    ]  # fmt: skip
    assert (first["sub_icb_name"], first["icb_name"]) == ("A, sub", "An ICB")


@given(
    st.sampled_from([2020, 2024]),
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 6350).map(lambda n: n / 10), min_size=1),
)
def test_points(year: int, most: dict[str, float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reading = back(files.write_points(Path(folder), year, most.items()))
    assert (reading.publication, reading.period) == ("qof_points", files.long(year))
    assert {r["practice_code"]: r["maximum_points"] for r in rows(reading)} == most


PUBLISHED = (
    "NUMERATOR", "DENOMINATOR", "PCAS", "REGISTER", "NEWLY_DIAGNOSED", "ACHIEVED_POINTS",
)  # fmt: skip
counts = st.none() | st.just("*") | st.integers(0, 3000)


@settings(max_examples=60)
@given(
    st.sampled_from(["", "North West", "LONDON"]),
    st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from(INDICATORS)),
        st.fixed_dictionaries(
            {
                "NUMERATOR": counts, "DENOMINATOR": counts, "PCAS": counts, "REGISTER": counts,
                "NEWLY_DIAGNOSED": counts, "ACHIEVED_POINTS": st.none() | points,
            }
        ),
        min_size=1,
    ),
)  # fmt: skip
def test_achievement_equals_its_plain_twin(region: str, made: dict[Any, dict[str, Any]]) -> None:
    long: list[tuple[str, str, str, str]] = []
    expected = {}
    for (code, indicator), cell in made.items():
        num, den = cell["NUMERATOR"], cell["DENOMINATOR"]
        if isinstance(num, int) and isinstance(den, int):
            cell["NUMERATOR"] = num = min(num, den)
        long += [(code, indicator, name, str(v)) for name, v in cell.items() if v is not None]
        if all(value is None for value in cell.values()):
            continue
        if num is None and den is None:
            missing = Missing.NOT_APPLICABLE
        elif "*" in (num, den):
            missing = Missing.SUPPRESSED
        else:
            missing = Missing.NO_RETURN if None in (num, den) else None
        expected[code, indicator] = [
            *(None if cell[name] == "*" else cell[name] for name in PUBLISHED), missing,
        ]  # fmt: skip
    if not expected:
        return
    with tempfile.TemporaryDirectory() as folder:
        columns = zip(*long[::-1], strict=True)
        path = files.write_achievement(Path(folder), 2023, *map(list, columns), region)
        reading = back(path)
    assert (reading.publication, reading.period) == ("qof_achievement", "2023-24")
    assert reading.part == region.lower()
    names = (
        "numerator", "denominator", "pcas", "register", "newly_diagnosed", "points", "missing",
    )  # fmt: skip
    assert {
        (r["practice_code"], r["indicator_code"]): [r[name] for name in names]
        for r in rows(reading)
    } == expected


@given(
    st.dictionaries(
        st.sampled_from(CODES), st.tuples(words, st.integers(0, 90_000), st.integers(0, 500)),
        min_size=1,
    ),
    st.dictionaries(st.sampled_from(["U22510", "U41045"]), st.integers(0, 9000), max_size=2),
)  # fmt: skip
def test_iif(practices: dict[str, Any], networks: dict[str, int]) -> None:
    made = [
        files.Fund("PCN", code, "A, network", "NCDMI191", f"ACC-10b {how}numerator", float(value))
        for code, value in networks.items()
        for how in ("baseline non-standardised ", "non-standardised ")
    ]
    for code, (name, booked, rounds) in practices.items():
        who = "GP practice", code, name
        made += [
            files.Fund(*who, "NCD026", "ACC-08 Denominator", booked),
            files.Fund(*who, "NCD026", "ACC-08 Numerator", booked // 2),
            files.Fund(*who, "NCDMI198", "EHCH-04 Numerator", rounds),
        ]
    with tempfile.TemporaryDirectory() as folder:
        reading = back(files.write_iif(Path(folder), 2023, made))
    assert (reading.publication, reading.period) == ("iif", "2023-24")
    found = {(r["organisation_code"], r["indicator"]): r for r in rows(reading)}
    assert len(found) == 2 * len(practices) + len(networks)
    for code, (_, booked, rounds) in practices.items():
        soon = found[code, "ACC-08"]
        assert (soon["numerator"], soon["denominator"]) == (booked // 2, booked)
        assert found[code, "EHCH-04"]["numerator"] == rounds
    for code, value in networks.items():
        row = found[code, "ACC-10B"]
        assert row["numerator"] == row["baseline_numerator"] == value
