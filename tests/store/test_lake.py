"""Documents go in once, whole or not at all; versions are made beside the one in use."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from locality.figures import Table
from locality.figures.schemas import MEMBERS
from locality.store import Disk, Draft, Lake, LakeError, Version
from locality.store.connection import connect, fetched
from tests.store.made import NOON, document, lake, listed, mapped, put, reading

JULY = reading(
    "practice_map",
    "2026-07-01",
    practice_map=[mapped("2026-07-01", "A81001"), mapped("2026-07-01", "A81002", pcn_code="U")],
)
SIZES = reading(
    "list_sizes",
    "2026-07-01",
    list_sizes=[
        listed("2026-07-01", "A81001", 5000),
        listed("2026-07-01", "A81002", None, missing="suppressed by the publisher"),
    ],
)


def built(home: Lake, days: int = 0) -> Version:
    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups([])
        draft.derive_all()

    return home.build(write, made_at=NOON + timedelta(days=days), knowledge_hash="abc")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix != ".lock"
    }


def test_a_document_is_kept_as_it_came_with_its_lineage(tmp_path: Path) -> None:
    given = document("map.csv", JULY, SIZES)
    home = lake(tmp_path)
    report = home.ingest([put(tmp_path / "in", given)], clock=lambda: NOON)
    assert [o.outcome for o in report.outcomes] == ["stored", "stored"]
    assert report.refused == 0 and report.stored == 2
    row = report.table.rows[0]
    assert (row["file"], row["what"], row["rows"], row["set_aside"], row["reasons"]) == (
        "map.csv",
        "Practice map",
        2,
        2,
        "2: no practice code (line 7)",
    )
    assert home.content(given.sha256) == given.content
    lineage = home.holdings().lineage().rows
    assert {(r["table"], r["rows"], r["state"], r["sha256"]) for r in lineage} == {
        ("practice_map", 2, "in use", given.sha256),
        ("list_sizes", 2, "in use", given.sha256),
    }
    assert lineage[0]["ingested_at"] == "2026-11-22T12:00:00+00:00"


def test_the_same_document_again_changes_nothing(tmp_path: Path) -> None:
    home = lake(tmp_path)
    folder = put(tmp_path / "in", document("map.csv", JULY))
    home.ingest([folder])
    before = snapshot(home.folder)
    put(folder, document("renamed.csv", JULY))
    report = home.ingest([folder])
    assert [o.outcome for o in report.outcomes] == ["already held", "already held"]
    assert report.stored == 0
    assert snapshot(home.folder) == before


def test_a_corrected_file_replaces_its_predecessor_and_both_are_kept(tmp_path: Path) -> None:
    home = lake(tmp_path)
    home.ingest([put(tmp_path / "a", document("sizes.csv", SIZES))], clock=lambda: NOON)
    first = built(home)
    corrected = reading(
        "list_sizes", "2026-07-01", list_sizes=[listed("2026-07-01", "A81001", 5100)]
    )
    report = home.ingest([put(tmp_path / "b", document("sizes_v2.csv", corrected))])
    assert [o.outcome for o in report.outcomes] == ["replaces sizes.csv"]
    assert "sizes.csv of 2026-11-22, which is kept" in report.outcomes[0].sentence
    second = built(home, 1)
    assert first.table("list_sizes").data.column("patients").to_pylist() == [5000, None]
    assert second.table("list_sizes").data.column("patients").to_pylist() == [5100]
    assert {(r["file_name"], r["state"]) for r in second.lineage().rows} == {
        ("sizes.csv", "replaced"),
        ("sizes_v2.csv", "in use"),
    }
    again = home.ingest([tmp_path / "a"]).outcomes[0]
    assert again.outcome == "already held" and "replaced by a newer file" in again.sentence


def test_another_part_or_period_replaces_nothing(tmp_path: Path) -> None:
    home = lake(tmp_path)
    august = reading("list_sizes", "2026-08-01", list_sizes=[listed("2026-08-01", "A81001", 5)])
    part = reading(
        "list_sizes", "2026-07-01", part="north", list_sizes=[listed("2026-07-01", "A81009", 9)]
    )
    folder = put(
        tmp_path / "in",
        document("1.csv", SIZES),
        document("2.csv", august),
        document("3.csv", part),
    )
    report = home.ingest([folder])
    assert [o.outcome for o in report.outcomes] == ["stored"] * 3
    rows = built(home).table("list_sizes").rows
    assert {(str(r["as_at"]), r["practice_code"], r["patients"]) for r in rows} == {
        ("2026-07-01", "A81001", 5000),
        ("2026-07-01", "A81002", None),
        ("2026-08-01", "A81001", 5),
        ("2026-07-01", "A81009", 9),
    }


def test_where_a_publication_is_corrected_by_rows_the_newest_row_wins(tmp_path: Path) -> None:
    def count(indicator: str, numerator: int) -> dict[str, object]:
        return {
            "as_at": "2026-09-30",
            "practice_code": "A81001",
            "indicator_code": indicator,
            "numerator": numerator,
            "source": "clinical system",
        }

    home = lake(tmp_path)
    first = reading("qof_in_year", "2026-M09", qof_in_year=[count("A", 1), count("B", 2)])
    second = reading("qof_in_year", "2026-M09", qof_in_year=[count("B", 3)])
    folder = put(tmp_path / "in", document("1.csv", first), document("2.csv", second))
    report = home.ingest([folder])
    assert [o.outcome for o in report.outcomes] == ["stored", "stored"]
    version = built(home)
    assert {(r["indicator_code"], r["numerator"]) for r in version.table("qof_in_year").rows} == {
        ("A", 1),
        ("B", 3),
    }
    stored = duckdb.sql(
        f"SELECT indicator_code, document FROM '{version.path('qof_in_year')}'"
    ).fetchall()
    assert dict(stored) == {
        "A": document("1.csv", first).sha256,
        "B": document("2.csv", second).sha256,
    }


def test_refused_and_unknown_files_leave_no_trace_and_the_rest_goes_on(tmp_path: Path) -> None:
    home = lake(tmp_path)
    folder = put(tmp_path / "in", document("z.csv", JULY))
    (folder / "patients.csv").write_text("refuse")
    (folder / "shopping.csv").write_text("milk")
    (folder / "archive.bomb").write_text("x")
    (folder / "notes.txt").write_text("x")
    (folder / "odd.csv").write_text('{"readings": [{"publication": "practice_map"}]}')
    twice = [listed("2026-07-01", "A81001", 5), listed("2026-07-01", "A81001", 6)]
    put(
        folder,
        document("double.csv", reading("list_sizes", "2026-07-01", list_sizes=twice)),
        document("unknown.csv", reading("weather", "2026-07-01", list_sizes=[])),
    )
    report = home.ingest([folder])
    assert {o.file: o.outcome for o in report.outcomes} == {
        "archive.bomb": "refused",
        "double.csv": "refused",
        "notes.txt": "not recognised",
        "odd.csv": "refused",
        "patients.csv": "refused",
        "shopping.csv": "not recognised",
        "unknown.csv": "refused",
        "z.csv": "stored",
    }
    assert report.refused == 5
    said = {o.file: o.sentence for o in report.outcomes}
    assert "practice_code A81001" in said["double.csv"] and "weather" in said["unknown.csv"]
    assert len(list((home.folder / "documents").iterdir())) == 1
    assert not list((home.folder / "drafts").rglob("*.gz"))


def test_progress_names_each_file(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", document("1.csv", JULY), document("2.csv", SIZES))
    told: list[tuple[str, int, int]] = []
    lake(tmp_path).ingest([folder], progress=lambda *said: told.append(said))
    assert told == [("Reading 1.csv", 0, 0), ("Reading 2.csv", 1, 0)]


def test_a_version_answers_with_typed_tables(tmp_path: Path) -> None:
    home = lake(tmp_path)
    assert home.current() is None
    home.ingest([put(tmp_path / "in", document("1.csv", JULY, SIZES))])
    built(home)
    version = home.current()
    assert version is not None
    assert version.made_at == NOON and version.manifest["knowledge_hash"] == "abc"
    assert ("ENG", "england", "A81001") in {
        (r["code"], r["kind"], r["practice_code"]) for r in version.table("members").rows
    }
    assert version.table("organisations").schema.name == "organisations"
    assert version.query("lists").num_rows == 2
    assert version.set_aside().rows[0]["reason"] == "no practice code"
    with pytest.raises(LakeError, match="holds no table 'weather'; it holds age_sex,"):
        version.table("weather")


def test_a_connection_reads_its_own_version_and_nothing_else(tmp_path: Path) -> None:
    home = lake(tmp_path / "odd [name]* 'quoted'")
    home.ingest([put(tmp_path / "in", document("1.csv", JULY))])
    version = built(home)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    connection = version.connect()
    assert connection.sql("SELECT COUNT(*) FROM practice_map").fetchall() == [(2,)]
    for forbidden in (
        f"SELECT * FROM '{secret}'",
        f"COPY practice_map TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/other.db'",
        "SET threads = 64",
        "SET enable_external_access = true",
        "SELECT * FROM secret",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(forbidden)


def test_every_row_knows_the_file_it_came_from(tmp_path: Path) -> None:
    home = lake(tmp_path)
    august = reading("list_sizes", "2026-08-01", list_sizes=[listed("2026-08-01", "A81001", 5)])
    home.ingest([put(tmp_path / "in", document("1.csv", SIZES), document("2.csv", august))])
    version = built(home)
    files = {
        "A81001": version.sources("list_sizes", practice_code="A81001"),
        "A81002": version.sources("list_sizes", practice_code="A81002"),
        "August": version.sources("list_sizes", as_at=date(2026, 8, 1)),
        "all": version.sources("list_sizes"),
        "none": version.sources("practice_map"),
    }
    assert {what: [row["file_name"] for row in found.rows] for what, found in files.items()} == {
        "A81001": ["1.csv", "2.csv"],
        "A81002": ["1.csv"],
        "August": ["2.csv"],
        "all": ["1.csv", "2.csv"],
        "none": [],
    }


def test_what_does_not_fit_in_memory_goes_to_the_drafts_own_folder(tmp_path: Path) -> None:
    views = {"numbers": tmp_path / "numbers.parquet"}
    Disk().write_table(views["numbers"], pa.table({"n": np.arange(2_000_000)}))
    text = "SELECT n, md5(CAST(n AS VARCHAR)) AS words FROM numbers ORDER BY words"
    with (
        connect(views, memory="50MB", spill=tmp_path / "spill") as connection,
        connect(views, memory="50MB") as without,
    ):
        assert fetched(
            connection, f"SELECT COUNT(n) AS n FROM ({text} LIMIT 1999999)", {}
        ).to_pylist() == [{"n": 1_999_999}]
        with pytest.raises(duckdb.OutOfMemoryException):
            fetched(without, f"SELECT COUNT(n) AS n FROM ({text} LIMIT 1999999)", {})


def test_threads_share_a_version(tmp_path: Path) -> None:
    home = lake(tmp_path)
    home.ingest([put(tmp_path / "in", document("1.csv", JULY, SIZES))])
    version = built(home)
    answers: list[int] = []
    cursors: set[int] = set()

    def ask() -> None:
        cursors.add(id(version.connect()))
        answers.extend(version.query("lists").num_rows for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [2] * 80 and len(cursors) == 4


def test_a_failed_build_leaves_the_old_version_and_no_draft(tmp_path: Path) -> None:
    home = lake(tmp_path)
    old = built(home)

    def write(draft: Draft) -> None:
        draft.write_source_tables()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        home.build(write, made_at=NOON)
    current = home.current()
    assert current is not None and current.id == old.id
    assert home.versions() == (old.id,)
    assert not list((home.folder / "drafts" / "versions").iterdir())


def test_few_old_versions_are_kept_and_none_that_is_being_read(tmp_path: Path) -> None:
    home = lake(tmp_path)
    home.ingest([put(tmp_path / "in", document("1.csv", JULY))])
    reader = built(home)
    for day in range(1, 6):
        built(home, day).close()
    assert len(home.versions()) == 4 and reader.id in home.versions()
    assert len(reader.table("practice_map")) == 2
    assert reader.query("members").num_rows == 9
    reader.close()
    built(home, 7).close()
    assert len(home.versions()) == 3 and reader.id not in home.versions()
    current = home.current()
    assert current is not None and current.id == home.versions()[-1]


def test_a_pointer_to_nothing_is_said_in_a_sentence(tmp_path: Path) -> None:
    home = lake(tmp_path)
    built(home)
    (home.folder / "current").write_text("000009-20300101T000000\n")
    with pytest.raises(LakeError, match=r"names a version .* that is not there"):
        home.current()


def test_a_damaged_document_is_named(tmp_path: Path) -> None:
    home = lake(tmp_path)
    given = document("1.csv", JULY)
    home.ingest([put(tmp_path / "in", given)])
    place = home.folder / "documents" / given.sha256 / "reading.json"
    place.write_text(json.dumps({})[:1])
    with pytest.raises(LakeError, match=given.sha256):
        home.holdings()


def test_a_result_goes_under_its_own_name(tmp_path: Path) -> None:
    home = lake(tmp_path)
    table = Table.of(MEMBERS, [{"code": "ENG", "kind": "england", "practice_code": "A81001"}])

    def write(draft: Draft) -> None:
        draft.write_result(table)
        draft.note("made_for", "a test")

    version = home.build(write, made_at=NOON)
    assert version.table("members").rows == table.rows
    assert version.manifest["made_for"] == "a test"


def test_parts_of_one_file_are_told_in_one_line() -> None:
    from locality.sources.reading import SetAside
    from locality.store.reports import IngestReport, Outcome

    def part(rows: int, reason: str) -> Outcome:
        aside = (SetAside(reason, 1, "line 3"),) if reason else ()
        return Outcome(
            "costs.xlsx", "stored", "Stored.", "Costs", "costs", "2017-18", rows, 2, aside
        )

    report = IngestReport((part(4, "A note."), part(6, "A note."), part(1, "")))
    (row,) = report.by_file.rows
    assert (row["rows"], row["set_aside"], row["practices"]) == (11, 2, 2)
    assert row["reasons"] == "1: A note. (line 3)"
    assert len(report.table) == 3
