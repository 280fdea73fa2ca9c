"""Files that are known and not stored: told by content, after the check for patients."""

from __future__ import annotations

import bz2
import json
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from locality import sources
from locality.knowledge.known import KnownFile, known_files
from locality.sources import (
    Document,
    Known,
    NotRecognised,
    Refused,
    Unopened,
    documents,
    known,
    synthetic,
)
from locality.store import Lake
from tests.sources import made
from tests.sources.made_old_workbook import old_workbook

NHS = made.nhs_numbers(8)
EARNINGS = [
    ["GP_Type", "Contract_Type", "Practice_Type", "Rurality", "Practice_Registered_Patients", "n"],
    ["All", "GMS", "All", "Urban", "All", "100"],
    ["Salaried", "GMS", "All", "Rural", "All", "40"],
]
RTT_TITLES = [["Title:", "Referral to Treatment (RTT) Waiting Times"], ["Period:", "March 2015"]]
R_DATA = b"RDX3\nX\n\0\0\0\3\0\4\5\1\0\3\5\0\0\0\0\5UTF-8"
COSTS = R_DATA + b"".join(
    len(word).to_bytes(4) + word
    for word in (b"Ambulance", b"department_code", b"currency_code", b"currency_desc", b"unit_cost")
)
BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"icb22cd": "E54000008", "icb22nm": "A board"},
            "geometry": {"type": "Point", "coordinates": [-2.5, 53.1]},
        }
    ],
}


def rtt(name: str) -> list[list[str]]:
    return [*RTT_TITLES, ["Code", "Name", name], ["QHM", "A board", "12"], ["QOP", "B", "9"]]


KNOWN: dict[str, tuple[str, bytes, str]] = {
    "a table": ("x.csv", made.text(EARNINGS).encode(), "gp_earnings_and_expenses"),
    "the same in a workbook": (
        "x.xlsx", made.workbook({"Notes": [["a note"]], "Data": EARNINGS}),
        "gp_earnings_and_expenses",
    ),
    "a map": ("x.geojson", json.dumps(BOUNDARIES).encode(), "boundaries_icb_2022"),
    "a map called json": ("x.json", json.dumps(BOUNDARIES).encode(), "boundaries_icb_2022"),
    "R data": ("x.rda", COSTS, "cost_schedule_r"),
    "R data packed with bzip2": ("x.rda", bz2.compress(COSTS), "cost_schedule_r"),
    "R data packed with xz": ("x.rda", lzma.compress(COSTS), "cost_schedule_r"),
    "a readme": ("README.md", b"# Files\n\nWhat they are.\n", "readme"),
    "a readme in a folder's own spelling": ("Readme-first.md", b"# Files\n", "readme"),
    "a guide": (
        "0.Guide to using Pivot Tables.pdf", b"%PDF-1.7\n...", "network_workforce_guide",
    ),
    "a nested key": (
        "x.json",
        json.dumps({c: {"description": "x", "subchapters": {"AA": {}}} for c in "AB"}).encode(),
        "hrg_names",
    ),
}  # fmt: skip


def by_id(id: str) -> KnownFile:
    return next(one for one in known_files() if one.id == id)


@pytest.mark.parametrize("case", KNOWN, ids=list(KNOWN))
def test_a_known_file_says_what_it_is_and_why_it_is_not_stored(case: str) -> None:
    name, content, id = KNOWN[case]
    with pytest.raises(Known) as found:
        sources.read(Document(name, content, name))
    one = by_id(id)
    assert found.value.what == one.what
    assert str(found.value) == one.sentence


def test_the_truths_of_a_made_up_locality_are_known(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "made", practices=30, years=3)
    (document,) = documents(folder / "truths.json")
    assert isinstance(document, Document)
    with pytest.raises(Known, match="truths of a made-up locality"):
        sources.read(document)


def test_old_workbooks_are_looked_at_and_never_read(tmp_path: Path) -> None:
    (tmp_path / "rtt.xls").write_bytes(old_workbook(rtt("n"), "National"))
    (document,) = documents(tmp_path)
    assert isinstance(document, Document)
    # Of the four sheets that the publication has, only one is here.
    with pytest.raises(NotRecognised, match="old Excel") as found:
        sources.read(document)
    assert not isinstance(found.value, Known)
    lists = Document("lists.xls", old_workbook([list(map(str, r)) for r in made.list_sizes()]))
    with pytest.raises(NotRecognised, match=r"save it as \.xlsx"):
        sources.read(lists)
    assert known.known(document, sources.contents(document)) is None


def test_an_old_workbook_with_a_new_name_is_told_apart_too() -> None:
    found = sources.contents(Document("rtt.xlsx", old_workbook(rtt("n"), "National")))
    assert found.kind == "old workbook"
    ae = sources.contents(Document("ae.xlsx", made.workbook({s: rtt(s) for s in (
        "National", "Region", "Area Team", "Commissioner")})))  # fmt: skip
    one = known.known(Document("ae.xlsx", b""), ae)
    assert one is not None and one.id == "rtt_by_commissioner_workbook"


def with_column(header: str, values: list[str]) -> list[list[str]]:
    return [
        [*EARNINGS[0], header],
        *([*row, v] for row, v in zip(EARNINGS[1:], values, strict=True)),
    ]


def spoilt(more: dict[str, str]) -> bytes:
    feature = {
        **BOUNDARIES["features"][0],
        "properties": {"icb22cd": "E54", "icb22nm": "A", **more},
    }  # type: ignore[dict-item]
    return json.dumps({**BOUNDARIES, "features": [feature]}).encode()


PATIENT_LEVEL: dict[str, tuple[str, bytes]] = {
    "NHS numbers beside known columns": (
        "x.csv", made.text(with_column("NHS Number", NHS[:2])).encode(),
    ),
    "dates of birth beside known columns": (
        "x.csv", made.text(with_column("Date of birth", ["1950-01-01", "1961-02-02"])).encode(),
    ),
    "a known workbook with a hidden sheet of patients": (
        "x.xlsx",
        made.workbook(
            {"Data": EARNINGS, "s": [["ref", "n", "m"], *([n, 1, 2] for n in NHS)]}, hidden=["s"]
        ),
    ),
    "a map of patients": ("x.geojson", spoilt({"nhs_number": NHS[0]})),
    "a map with addresses": ("x.geojson", spoilt({"patient_postcode": "ZZ1 1AA"})),
    "a page of NHS numbers": ("README.md", "\n".join(f"* {n}" for n in NHS).encode()),
    "a page of NHS numbers with blanks": (
        "README.md", "\n".join(f"seen: {n[:3]} {n[3:6]} {n[6:]}." for n in NHS).encode(),
    ),
    "a page with a table of NHS numbers": (
        "README.md", "\n".join(f"|A81001|{n}|" for n in NHS).encode(),
    ),
    "R data with NHS numbers": (
        "x.rda", COSTS + b"".join(b"\0\4\0\t\0\0\0\n" + n.encode() for n in NHS),
    ),
    "R data with dates of birth": ("x.rda", bz2.compress(COSTS + b"\0\0\0\rdate_of_birth\0")),
    "an old workbook of patients": (
        "x.xls",
        old_workbook([["practice", "nhs number", "bp"], *(["A81001", n, "120"] for n in NHS)]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PATIENT_LEVEL, ids=list(PATIENT_LEVEL))
def test_a_known_file_that_looks_patient_level_is_refused_first(case: str) -> None:
    name, content = PATIENT_LEVEL[case]
    with pytest.raises(Refused, match="single patients") as found:
        sources.read(Document(name, content, name))
    assert not any(number in str(found.value) for number in NHS)


DAMAGED: dict[str, tuple[str, bytes, str]] = {
    "R data cut short": ("x.rda", bz2.compress(COSTS * 50)[:-20], "cut short"),
    "R data that is not": ("x.rda", b"PDX3 something else", "damaged"),
    "bzip2 of something else": ("x.rda", bz2.compress(b"a table, of words"), "another kind"),
    "an old workbook cut short": ("x.xls", old_workbook(rtt("n"))[:1024], "password"),
    "a map cut short": ("x.geojson", json.dumps(BOUNDARIES).encode()[:-9], "damaged"),
}


@pytest.mark.parametrize("case", DAMAGED, ids=list(DAMAGED))
def test_damaged_files_of_these_kinds_are_refused_with_a_sentence(case: str) -> None:
    name, content, words = DAMAGED[case]
    with pytest.raises(Refused, match=words):
        sources.read(Document(name, content, name))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.md", b"# Notes", r"\.md"),
        ("other.rda", R_DATA + b"\0\0\0\4some\0\0\0\5words", "Save the table as CSV"),
        ("letter.pdf", b"%PDF-1.4\n", r"\.pdf"),
        ("map.geojson", json.dumps({**BOUNDARIES, "features": []}).encode(), "no publication"),
        ("list.json", b"[]", "no publication"),
        ("number.json", b"12", "no publication"),
    ],
)
def test_what_is_like_a_known_file_and_is_none_is_not_recognised(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(NotRecognised, match=words) as found:
        sources.read(Document(name, content, name))
    assert not isinstance(found.value, Known)


def test_of_two_that_fit_the_one_with_more_marks_is_meant() -> None:
    wide = by_id("ae_by_board")
    fewer = wide.marks.model_copy(update={"columns": wide.marks.columns[:2]})
    narrow = wide.model_copy(update={"id": "narrow", "marks": fewer})
    document = made.document([wide.marks.columns, ["E54", 1, 2, 3, "April 2022"]])
    content = sources.contents(document)
    for order in ((wide, narrow), (narrow, wide)):
        assert known.known(document, content, order) is wide


def test_the_lake_keeps_nothing_of_a_known_file_and_does_not_call_it_an_error(
    tmp_path: Path,
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "README.md").write_text("# What is here\n", "utf-8")
    (files / "earnings.csv").write_text(made.text(EARNINGS), "utf-8")
    lake = Lake(tmp_path / "home")
    report = lake.ingest([files], clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    assert {row["outcome"] for row in report.table.rows} == {"known, not stored"}
    assert [row["what"] for row in report.table.rows] == [
        by_id("readme").what, by_id("gp_earnings_and_expenses").what,
    ]  # fmt: skip
    assert (report.refused, report.stored) == (0, 0)
    assert lake.holdings().readings == ()


@pytest.fixture(scope="module")
def walked(published: Path) -> dict[str, str]:
    """Return, for every published file, the readers that take it or what it is known as."""
    found = {}
    for document in documents(published):
        if isinstance(document, Unopened):
            found[document.came_in] = f"unopened: {document.sentence}"
            continue
        content = sources.contents(document)
        taken = {r.publication for s in content.sheets if (r := sources.reader_of(content, s))}
        one = None if taken else known.known(document, content)
        name = f"{document.came_in}: {document.name}"
        found[name] = " ".join(sorted(taken)) or (f"known {one.id}" if one else "not recognised")
    return found


@pytest.mark.published
def test_every_published_file_is_read_or_known(walked: dict[str, str]) -> None:
    assert len(walked) > 150
    lost = [name for name, what in walked.items() if what.startswith(("unopened", "not"))]
    assert not lost, "not recognised: " + ", ".join(lost)


@pytest.mark.published
def test_every_known_kind_has_a_published_file_that_it_was_made_for(
    walked: dict[str, str],
) -> None:
    seen = {what.removeprefix("known ") for what in walked.values() if what.startswith("known ")}
    assert seen == {one.id for one in known_files()} - {"synthetic_truths"}
