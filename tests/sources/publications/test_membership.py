"""ePCN: networks and their members, as they stand and as they ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, NotRecognised, Reading, Refused, documents, read
from locality.sources.synthetic.files.membership import Member, Network, write_epcn
from tests.sources import made
from tests.sources.publications import made_need as need

PUBLICATION = "network_membership"
NHS = made.nhs_numbers(6)


def book(sheets: dict[str, Any], name: str = "ePCN-feb-26.xlsx") -> Document:
    return Document(name, made.workbook(sheets), name)


def parts(found: tuple[Reading, ...]) -> dict[str, Reading]:
    assert {one.publication for one in found} == {PUBLICATION}
    return {one.part: one for one in found}


def test_two_sheets_are_two_readings_as_at_the_month_in_the_name() -> None:
    ended = need.member("A81002", "U07032", "20200401", "20230331")
    sheets = need.epcn(
        [need.member(), ended, need.member("A81002")],
        [need.network(), need.network("U07032", closed="20230331")],
    )
    found = parts(read(book(sheets)))
    assert set(found) == {"networks", "members"}
    assert {one.period for one in found.values()} == {"2026-02-01"}
    assert (found["members"].rows, found["members"].practices) == (3, 2)
    rows = found["members"].tables["network_members"].rows
    assert rows[1] == {
        "as_at": date(2026, 2, 1), "practice_code": "A81002", "pcn_code": "U07032",
        "from_date": date(2020, 4, 1), "to_date": date(2023, 3, 31),
    }  # fmt: skip
    networks = found["networks"].tables["networks"].rows
    assert [(one["pcn_code"], one["close_date"]) for one in networks] == [
        ("U89141", None), ("U07032", date(2023, 3, 31)),
    ]  # fmt: skip
    assert networks[0]["name"] == "ONE, PCN" and networks[0]["sub_icb_code"] == "16C"


def test_without_a_month_in_the_name_the_latest_change_stands_for_the_date() -> None:
    sheets = need.epcn([need.member(), need.member("A81002", until="20240930")])
    found = parts(read(book(sheets, "ePCN.xlsx")))
    assert found["members"].period == "2024-09-30"
    assert "latest beginning or end" in found["members"].notes[0]
    assert found["networks"].period == "2019-10-01"


def test_a_practice_may_have_two_networks_from_one_day_but_not_one_twice() -> None:
    both = [need.member(), need.member(network="U07032", until="20191001"), need.member("A81002")]
    assert parts(read(book(need.epcn(both))))["members"].rows == 3
    twice = [need.member(), need.member(), need.member("A81002"), need.member("A81004")]
    found = parts(read(book(need.epcn(twice))))["members"]
    assert found.rows == 3
    assert [one.rows for one in found.set_aside] == [1]


def test_one_sheet_as_csv_is_read_too() -> None:
    rows = need.epcn()["PCN Core Partner Details"]
    (found,) = read(made.document(rows, "ePCN-feb-26.csv"))
    assert (found.part, found.rows) == ("members", 3)


def test_rows_that_cannot_be_used_are_set_aside_with_their_place() -> None:
    rows = [*(need.member(f"A8100{n}") for n in range(1, 8)),
            need.member("A81011", since="yesterday"), need.member("A81012", until="20180101"),
            need.member("A81013", network="X1"), need.member("VNX", "U89141")]  # fmt: skip
    found = parts(read(book(need.epcn(rows))))["members"]
    assert found.rows == 7
    assert {one.reason: one.example for one in found.set_aside} == {
        "The practice code is not one letter and five digits.": "line 12",
        "The network's code is not U and five digits.": "line 11 (A81013)",
        "The first or last day of the membership is no date.": "line 9 (A81011)",
        "The membership ends before it begins.": "line 10 (A81012)",
    }


MEMBERS, NETWORKS = "PCN Core Partner Details", "PCNDetails"


def spoilt(sheet: str, column: int, value: Any) -> dict[str, Any]:
    sheets = need.epcn()
    return {**sheets, sheet: need.spoil(sheets[sheet], column, value)}


DAMAGED: dict[str, tuple[bytes, str]] = {
    "cut short": (made.workbook(need.epcn())[:3000], "damaged"),
    "names for codes": (made.workbook(spoilt(MEMBERS, 0, "The Surgery")), "practice code"),
    "networks for practices": (made.workbook(spoilt(MEMBERS, 0, "U12345")), "primary care network"),
    "no first days": (made.workbook(spoilt(MEMBERS, 8, "")), "no first day"),
    "words for days": (made.workbook(spoilt(MEMBERS, 8, "last year")), "no date"),
    "ends before it begins": (made.workbook(spoilt(MEMBERS, 9, "20010101")), "before it begins"),
    "practices for networks": (made.workbook(spoilt(NETWORKS, 0, "A81001")), "U and five digits"),
    "networks without a name": (made.workbook(spoilt(NETWORKS, 1, "")), "name is empty"),
    "a header and no rows": (
        made.workbook({MEMBERS: [need.MEMBERS_HEADER], "x": [["as", "they", "are"]]}), "no rows",
    ),
    "the sheet of members twice": (
        made.workbook({**need.epcn(), "Copy": need.epcn()[MEMBERS]}), "Two sheets",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED, ids=list(DAMAGED))
def test_damaged_files_are_refused_with_a_sentence(case: str) -> None:
    content, words = DAMAGED[case]
    with pytest.raises(Refused, match=words):
        read(Document("ePCN-feb-26.xlsx", content))


def test_other_tables_of_networks_are_left_to_others() -> None:
    with pytest.raises(NotRecognised):
        read(made.document([["PCN Code", "PCN Name", "patients"], ["U89141", "ONE", 9]]))


PATIENT_LEVEL = {
    "a hidden sheet of patients": made.workbook(
        {**need.epcn(), "x": [["practice", "nhs_no", "n"], *(["A81001", n, 1] for n in NHS)]},
        hidden=["x"],
    ),
    "NHS numbers for names of partners": made.workbook(
        {MEMBERS: [need.MEMBERS_HEADER, *([c[0], n, *c[2:]] for n in NHS for c in [need.member()])]}
    ),
    "a column of dates of birth": made.workbook(
        {MEMBERS: need.beside(need.epcn()[MEMBERS], "Patient DOB", ["1950-01-01"])}
    ),
}


@pytest.mark.parametrize("case", PATIENT_LEVEL, ids=list(PATIENT_LEVEL))
def test_workbooks_with_patients_are_refused(case: str) -> None:
    with pytest.raises(Refused, match="single patients"):
        read(Document("ePCN-feb-26.xlsx", PATIENT_LEVEL[case]))


words = st.text("ABC &'-,<>é", min_size=1, max_size=20).map(str.strip).filter(bool)
dates = st.dates(date(2019, 7, 1), date(2026, 2, 1))
subs = st.tuples(st.from_regex(r"[0-9]{2}[A-Z]", fullmatch=True), words)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Network], list[Member]]:
    numbers = draw(st.lists(st.integers(0, 99_999), min_size=1, max_size=5, unique=True))
    networks = [
        Network(f"U{number:05d}", draw(words), draw(subs), *_span(draw)) for number in numbers
    ]
    practices = draw(st.lists(st.integers(0, 99_999), min_size=1, max_size=8, unique=True))
    members = [
        Member(f"{letter}{number:05d}", draw(words), draw(subs), draw(st.sampled_from(networks)),
               *_span(draw))
        for number in practices
        for letter in [draw(st.sampled_from("ABCY"))]
    ]  # fmt: skip
    return networks, members


def _span(draw: st.DrawFn) -> tuple[date, date | None]:
    first, last = sorted(draw(st.tuples(dates, dates)))
    return first, draw(st.sampled_from([last, None]))


@settings(max_examples=40)
@given(world=worlds())
def test_what_the_synthetic_writer_writes_is_read_back(
    world: tuple[list[Network], list[Member]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    networks, members = world
    path = write_epcn(tmp_path_factory.mktemp("epcn"), date(2026, 2, 1), networks, members)
    found = parts(read(Document(path.name, path.read_bytes(), path.name)))
    assert found["networks"].tables["networks"].rows == [
        {
            "as_at": date(2026, 2, 1), "pcn_code": one.code, "name": one.name,
            "sub_icb_code": one.sub_icb[0], "open_date": one.opened, "close_date": one.closed,
        }
        for one in networks
    ]  # fmt: skip
    assert found["members"].tables["network_members"].rows == [
        {
            "as_at": date(2026, 2, 1), "practice_code": one.code, "pcn_code": one.network.code,
            "from_date": one.since, "to_date": one.until,
        }
        for one in members
    ]  # fmt: skip


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "as_at", "networks", "closed", "links", "practices"),
    [
        ("ePCN-feb-23.xlsx", "2023-02-01", 1329, 65, 7455, 6391),
        ("ePCN-feb-26.xlsx", "2026-02-01", 1366, 81, 7705, 6224),
    ],
)
def test_the_published_files(
    published: Path, name: str, as_at: str, networks: int, closed: int, links: int, practices: int
) -> None:
    (document,) = documents(published / "practice" / name)
    assert isinstance(document, Document)
    found = parts(read(document))
    assert {one.period for one in found.values()} == {as_at}
    assert not any(one.set_aside for one in found.values())
    details = found["networks"].tables["networks"].rows
    assert len(details) == networks
    assert sum(one["close_date"] is not None for one in details) == closed
    members = found["members"].tables["network_members"].rows
    assert len(members) == links
    lasting = [one["practice_code"] for one in members if one["to_date"] is None]
    assert len(lasting) == len(set(lasting)) == practices
    assert {one["pcn_code"] for one in members} <= {one["pcn_code"] for one in details}
