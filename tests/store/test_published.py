"""The published files themselves, through the readers, into a lake and out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from locality import sources
from locality.store import Draft, Lake, Version, compile_measure
from tests.store.made import NOON, PUBLICATIONS
from tests.store.measures import measure

pytestmark = pytest.mark.published

FILES = (
    "PREVALENCE_2425.csv.gz",
    "epraccur-may-25.csv.gz",
    "gp-reg-pat-prac-map-jan-22.csv.gz",
    "gp-reg-pat-prac-map-jul-26.zip",
    "gp-reg-pat-prac-all-jan-26.csv.gz",
)
HYPERTENSION = measure(
    "made.hypertension",
    "register",
    "list_size",
    source={
        "dataset": "qof_registers",
        "where": "group_code == 'HYP'",
        "period": "financial_year",
    },
)


@pytest.fixture(scope="module")
def england(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    home = Lake(
        tmp_path_factory.mktemp("england"),
        open_documents=sources.documents,
        read=sources.read,
        publications=PUBLICATIONS,
    )
    report = home.ingest([published / "practice" / name for name in FILES])
    assert [outcome.outcome for outcome in report.outcomes] == ["stored"] * len(FILES)

    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.write_groups([])
        draft.derive_all()
        draft.write_observations(HYPERTENSION.id, draft.run(compile_measure(HYPERTENSION)))

    return home.build(write, made_at=NOON)


def test_england_sums_are_the_published_ones(england: Version) -> None:
    (row,) = england.observations(HYPERTENSION.id, codes="ENG").rows
    assert (row["period"], row["numerator"], row["denominator"]) == (
        "2024-25",
        9_711_491,
        63_766_671,
    )


def test_forty_two_boards_became_thirty_six_and_every_practice_has_one_today(
    england: Version,
) -> None:
    boards = england.connect().sql(
        """
        SELECT as_at, COUNT(DISTINCT icb_code), COUNT(DISTINCT sub_icb_code)
        FROM practice_map GROUP BY as_at ORDER BY as_at
        """
    )
    assert [row[1:] for row in boards.fetchall()] == [(42, 106), (36, 106)]
    active = england.connect().sql(
        "SELECT COUNT(*) FROM organisations WHERE kind = 'icb' AND status = 'active'"
    )
    assert active.fetchall() == [(36,)]
    several = england.connect().sql(
        """
        SELECT kind, practice_code FROM members WHERE kind <> 'group'
        GROUP BY kind, practice_code HAVING COUNT(*) > 1
        """
    )
    assert several.fetchall() == []
    without = england.connect().sql(
        """
        SELECT practice_code FROM practice_map
        WHERE practice_code NOT IN (SELECT practice_code FROM members WHERE kind = 'icb')
        """
    )
    assert without.fetchall() == []


def test_members_sums_add_up_to_england(england: Version) -> None:
    whole = england.observations(HYPERTENSION.id, codes="ENG").rows[0]["numerator"]
    for kind in ("practice", "icb", "region", "sub_icb"):
        parts = england.matrix(HYPERTENSION.id, kind)
        assert parts.numerator[parts.counted].sum() == whole
