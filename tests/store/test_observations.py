"""Observations of a version: written once, read by series, by period, or whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from locality.figures import Cell, Table
from locality.store import Draft, LakeError, Version
from tests.store.made import NOON, document, lake, mapped, put, reading
from tests.store.test_matrices import rows

MAP = reading(
    "practice_map",
    "2024-07-01",
    practice_map=[mapped("2024-07-01", "A81001"), mapped("2024-07-01", "A81002")],
)


@pytest.fixture
def version(tmp_path: Path) -> Version:
    home = lake(tmp_path)
    home.ingest([put(tmp_path / "in", document("map.csv", MAP))])

    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups(
            [{"code": "F1", "kind": "group", "name": "Federation", "practice_code": "A81001"}]
        )
        draft.derive_all()
        for measure, extra in (("qof.register.hyp", 0), ("qof.register.dm", 5)):
            draft.write_observations(
                measure,
                rows(
                    ("A81001", "2024-25", 10 + extra, 100, None, 0),
                    ("A81002", "2024-25", 20 + extra, 100, None, 0),
                    ("A81001", "2023-24", 11 + extra, 100, None, 0),
                ),
                definition_hash=f"hash of {measure}",
            )

    return home.build(write, made_at=NOON)


def test_a_series_a_period_and_all_of_it(version: Version) -> None:
    series = version.observations("qof.register.hyp", codes="A81001")
    assert [(r["period"], r["numerator"]) for r in series.rows] == [
        ("2023-24", 11),
        ("2024-25", 10),
    ]
    period = version.observations("qof.register.hyp", kind="practice", period="2023-24")
    assert [(r["code"], r["numerator"], Cell(r["flags"])) for r in period.rows] == [
        ("A81001", 11, Cell.OK),
        ("A81002", None, Cell.NO_RETURN),
    ]
    whole = version.observations("qof.register.hyp")
    assert {r["kind"] for r in whole.rows} == {
        "practice",
        "pcn",
        "sub_icb",
        "icb",
        "region",
        "england",
        "group",
    }
    both = version.observations("qof.register.hyp", codes=["ENG", "F1"], period="2024-25")
    assert [(r["code"], r["numerator"]) for r in both.rows] == [("ENG", 30), ("F1", 10)]
    assert len(version.observations("qof.register.hyp", codes=[])) == 0


def test_the_same_as_a_matrix(version: Version) -> None:
    matrix = version.matrix("qof.register.dm")
    assert matrix.codes == ("A81001", "A81002") and matrix.periods == ("2023-24", "2024-25")
    assert matrix.numerator[:, 1].tolist() == [15, 25]
    england = version.matrix("qof.register.dm", "england")
    assert england.numerator.tolist() == [[16, 40]]
    assert Cell(int(england.flags[0, 0])) == Cell.PARTIAL


def test_the_latest_period_of_every_measure_at_once(version: Version) -> None:
    latest = version.latest(codes=["A81002", "ENG"])
    assert [(r["code"], r["measure"], r["period"], r["numerator"]) for r in latest.rows] == [
        ("ENG", "qof.register.dm", "2024-25", 40),
        ("ENG", "qof.register.hyp", "2024-25", 30),
        ("A81002", "qof.register.dm", "2024-25", 25),
        ("A81002", "qof.register.hyp", "2024-25", 20),
    ]
    assert len(version.latest(kind="icb")) == 2


def test_the_manifest_names_measures_and_unknown_ones_are_said(version: Version) -> None:
    assert version.measures["qof.register.hyp"] == {
        "definition_hash": "hash of qof.register.hyp",
        "periods": ["2023-24", "2024-25"],
    }
    with pytest.raises(LakeError, match=r"no measure 'qof\.register\.xyz'"):
        version.observations("qof.register.xyz")


def test_what_is_withheld_is_kept_and_flagged(tmp_path: Path) -> None:
    home = lake(tmp_path)
    home.ingest([put(tmp_path / "in", document("map.csv", MAP))])

    def small(observed: Table, members: Table) -> np.ndarray:
        assert len(members) == 10
        return np.array([row["numerator"] <= 7 for row in observed.rows])

    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups([])
        draft.derive_all()
        counts = rows(("A81001", "2024-25", 3, 9, None, 0), ("A81002", "2024-25", 8, 9, None, 0))
        written = draft.write_observations("local.count", counts, withhold=small, local=True)
        assert written.periods == ("2024-25",) and written.rows == 7

    version = home.build(write, made_at=NOON)
    flags = {
        r["code"]: (r["numerator"], Cell(r["flags"]))
        for r in version.observations("local.count").rows
    }
    assert flags["A81001"] == (3, Cell.WITHHELD) and flags["ENG"] == (11, Cell.OK)
    latest = {r["code"]: Cell(r["flags"]) for r in version.latest(kind="practice").rows}
    assert latest == {"A81001": Cell.WITHHELD, "A81002": Cell.OK}


def test_an_id_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups([])
        draft.derive_all()
        draft.write_observations("../escape", rows())

    with pytest.raises(LakeError, match="cannot be the id"):
        lake(tmp_path).build(write, made_at=NOON)


def test_an_empty_lake_makes_a_version_all_the_same(tmp_path: Path) -> None:
    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups([])
        draft.derive_all()
        draft.write_observations("qof.register.hyp", rows())

    version = lake(tmp_path).build(write, made_at=NOON)
    assert len(version.observations("qof.register.hyp")) == 0
    assert len(version.latest()) == 0 and len(version.table("organisations")) == 0
    with pytest.raises(LakeError, match="whole matrix"):
        version.matrix("qof.register.hyp")
