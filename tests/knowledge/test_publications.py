import fnmatch

import pytest

from locality import knowledge
from locality.knowledge import Publication
from locality.sources import READERS

PUBLICATIONS = knowledge.load().publications
every = pytest.mark.parametrize("one", PUBLICATIONS.values(), ids=list(PUBLICATIONS))


@every
def test_each_stands_in_the_file_of_its_id(one: Publication) -> None:
    assert one.place == f"knowledge/publications/{one.id}.toml"


@every
def test_open_data_carry_licence_and_attribution(one: Publication) -> None:
    if one.local:
        assert not one.landing_page and one.corrects == "rows"
    else:
        assert one.licence == "Open Government Licence v3.0"
        assert one.licence in one.attribution and one.licence_address.startswith("https://")
        assert one.corrects == "file"


def test_file_names_fit_those_the_publishers_use() -> None:
    names = {
        "gp-reg-pat-prac-map-jul-26.zip": "practice_map",
        "gp-reg-pat-prac-all-jan-21.csv.gz": "list_sizes",
        "gp-reg-pat-prac-quin-age.zip": "age_sex",
        "epraccur-may-25.csv.gz": "ods_practices",
        "PREVALENCE_2425.csv": "qof_prevalence",
        "GP_Practice_WP_2023_2024_2025.xlsx": "weighted_populations",
        "icb_allocation_tool_2025_2026.csv.gz": "weighted_populations",
    }
    for name, id in names.items():
        assert any(fnmatch.fnmatch(name, pattern) for pattern in PUBLICATIONS[id].file_names), name


def test_the_local_ones() -> None:
    assert {id for id, one in PUBLICATIONS.items() if one.local} == {
        "qof_in_year", "places", "practice_successors", "local_aggregates",
    }  # fmt: skip


def test_every_reader_has_its_publication() -> None:
    assert {reader.publication for reader in READERS} == set(PUBLICATIONS)
