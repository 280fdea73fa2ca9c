"""The addresses that come with Locality: those its sources name, and no others."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from locality import knowledge
from locality.fetching import offered
from locality.fetching.landing import page_of, take
from locality.fetching.plan import Asking, ByHand, File, plans
from locality.figures import Period
from locality.knowledge import Publication

KNOWN = knowledge.load().publications
PUBLISHED = [one for one in KNOWN.values() if not one.local]
TODAY = date(2026, 11, 22)


def address(id: str, *indicators: str) -> str:
    (plan,) = plans(KNOWN[id], None, indicators, TODAY)
    assert isinstance(plan, File)
    return f"{plan.address} -> {plan.save_as}"


def test_the_fixed_addresses_are_those_of_the_publishers() -> None:
    assert address("ods_practices") == (
        "https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=epraccur"
        " -> epraccur-nov-26.csv"
    )
    assert address("network_membership") == (
        "https://digital.nhs.uk/binaries/content/assets/website-assets/services/ods/"
        "data-downloads-other-nhs-organisations/epcn.zip -> ePCN-nov-26.zip"
    )
    assert address("fingertips", "93553") == (
        "https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id?indicator_ids=93553"
        "&child_area_type_id=7&parent_area_type_id=15 -> fingertips-93553.csv"
    )


def test_the_catalogue_of_prescribing_is_asked_for_the_month() -> None:
    (plan,) = plans(KNOWN["prescribing"], Period.parse("July 2025"), (), TODAY)
    assert isinstance(plan, Asking)
    asked = "https://opendata.nhsbsa.net/api/3/action/package_show?id="
    (newer, named), (older, called) = plan.lists
    assert newer == f"{asked}english-prescribing-dataset-epd-with-snomed-code"
    assert older == f"{asked}english-prescribing-data-epd"
    assert named.fullmatch("EPD_SNOMED_202507") and not named.fullmatch("EPD_SNOMED_202508")
    assert called.fullmatch("EPD_202507") and not called.fullmatch("EPD_SNOMED_202507")


@pytest.mark.parametrize(
    ("id", "period", "page", "name"),
    [
        ("practice_map", "July 2026", "patients-registered-at-a-gp-practice/july-2026",
         "gp-reg-pat-prac-map"),
        ("qof_prevalence", "2024-25", "prevalence-and-exceptions-data/2024-25",
         "PREVALENCE_2425.csv"),
        ("practice_workforce", "2026-M06", "personal-medical-services/30-june-2026",
         "GPWPracticeCSV.062026.zip"),
        ("practice_workforce", "2024-02-29", "personal-medical-services/29-february-2024",
         "GPWPracticeCSV.022024.zip"),
        ("network_workforce", "2026-M06", "primary-care-network-workforce/30-june-2026",
         "PCNWFIndividualCSV.062026.zip"),
        ("appointments", "June 2026", "appointments-in-general-practice/june-2026",
         "Practice_Level_Crosstab_Jun_26.zip"),
        ("telephony", "2025-M10", "cloud-based-telephony-data-in-general-practice/october-2025",
         "Cloud Based Telephony Publication Summary October 2025.xlsx"),
        ("iif", "2023-24", "mi-network-contract-des/2023-24-iif",
         "IIF_indicators_annual_pub_2023_24.csv"),
        ("gp_survey", "2025", "https://gp-patient.co.uk/surveysandreports",
         "GPPS_2025_Practice_data_(weighted)_(csv)_PUBLIC.csv"),
        ("payments", "2022-23", "nhs-payments-to-general-practice",
         "nhspaymentsgp-22-23-prac-csv.csv"),
        ("waiting_times", "January 2026", "rtt-waiting-times/rtt-data-2025-26/",
         "Full-CSV-data-file-Jan26"),
    ],
)  # fmt: skip
def test_page_and_name_are_as_the_publishers_write_them(
    id: str, period: str, page: str, name: str
) -> None:
    when = Period.parse(period)
    assert page_of(KNOWN[id], when).endswith(page)
    sentence = take(KNOWN[id], when)
    assert name in sentence and sentence.startswith(f"For {when.label} take ")


@pytest.mark.parametrize("one", PUBLISHED, ids=[one.id for one in PUBLISHED])
def test_each_has_a_way_that_works(one: Publication) -> None:
    download = one.download
    assert download is not None or one.derived, "add a [download] table to its TOML"
    if download is None:
        return
    indicators = tuple(download.indicators)
    period = Period.parse(download.example) if download.kind == "catalogue" else None
    todo = list(plans(one, period, indicators, TODAY))
    assert todo
    for plan in todo:
        for place in (
            [plan.address] if isinstance(plan, File)
            else [address for address, _ in plan.lists] if isinstance(plan, Asking)
            else [page_of(one, None)]
        ):  # fmt: skip
            parts = urlsplit(place)
            assert parts.scheme == "https"
            assert parts.hostname and parts.hostname.endswith(
                (".nhs.uk", ".nhs.net", "opendata.nhsbsa.net", ".phe.org.uk", "gp-patient.co.uk")
            )
        assert isinstance(plan, ByHand) == (download.kind == "landing")
    if download.example and download.kind == "landing":
        when = Period.parse(download.example)
        assert "{" not in take(one, when) + page_of(one, when)
        assert page_of(one, when).startswith("https://")


def test_all_are_in_the_list() -> None:
    table = offered(KNOWN)
    assert {row["publication"] for row in table.rows} == set(KNOWN)
    assert all("{" not in row["sentence"] and "*" not in row["sentence"] for row in table.rows)
