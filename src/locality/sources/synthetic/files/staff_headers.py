"""The columns of workforce files, in the publisher's order: built, for there are hundreds."""

from __future__ import annotations

from collections.abc import Sequence


def words(text: str) -> list[str]:
    """Return the words of a text: column names without a quotation mark around each."""
    return text.split()


IDENTITY = words(
    "PRAC_CODE PRAC_NAME PCN_CODE PCN_NAME SUB_ICB_CODE SUB_ICB_NAME ICB_CODE ICB_NAME "
    "REGION_CODE REGION_NAME"
)
PATIENT_BANDS = words("0TO4 5TO14 15TO44 45TO64 65TO74 75TO84 85PLUS")
SOURCES = ("GP_SOURCE", "NURSE_SOURCE", "DPC_SOURCE", "ADMIN_SOURCE")
#: A mark of a group in its columns -> which source speaks of it.
GROUPS = ("GP", "N", "DPC", "ADMIN")

GP = words(
    "GP GP_EXTG GP_EXL GP_EXTGL GP_SEN_PTNR GP_PTNR_PROV GP_SAL_BY_PRAC GP_SAL_BY_OTH "
    "GP_TRN_GR_ST1 GP_TRN_GR_ST2 GP_TRN_GR_ST3 GP_TRN_GR_ST4 GP_TRN_GR_OTH GP_TRN_GR_F1_2 GP_RET "
    "GP_LOCUM_VAC GP_LOCUM_ABS GP_LOCUM_OTH"
)
_NURSE_FIRST = words("NURSES N_PRAC_NURSE N_ADV_NURSE_PRAC")
_NURSE_REST = words(
    "N_NURSE_SPEC N_EXT_ROLE_NURSE N_TRAINEE_NURSE N_NURSE_DISP N_NURSE_PTNR N_NURSE_OTH"
)
_ENHANCED = ["N_ENH_PRAC_NURSE"]
NURSE = [*_NURSE_FIRST, *_ENHANCED, *_NURSE_REST]
DPC = words(
    "DPC DPC_ADV_DIETICIAN_PRAC DPC_ADV_PARAMED_PRAC DPC_ADV_PHARMA_PRAC DPC_ADV_PHYSIO_PRAC "
    "DPC_ADV_PODIA_PRAC DPC_ADV_THERA_OCC_PRAC DPC_DIETICIAN DPC_DISPENSER DPC_GPA DPC_HCA "
    "DPC_OST DPC_PHLEB DPC_PHARMA DPC_PHYSIO DPC_PODIA DPC_PHYSICIAN_ASSOC DPC_THERA_COU "
    "DPC_THERA_OCC DPC_THERA_OTH DPC_NURSE_ASSOC DPC_TRAINEE_NURSE_ASSOC DPC_PARAMED DPC_PHARMT "
    "DPC_TRAINEE_PHARMT DPC_SPLW DPC_NHS_TALKING_THERA DPC_TRAINEE_NHS_TALKING_THERA DPC_APP_HCA "
    "DPC_APP_PHLEB DPC_APP_PHARMA DPC_APP_PHYSIO DPC_APP_PHYSICIAN_ASSOC DPC_APP_OTH "
    "DPC_APPRENTICE DPC_HLTH_SPRT_WRK DPC_OTH"
)
OLDER = words("DPC_HI_THERA DPC_TRAINEE_HI_THERA DPC_PSYCH_WELLB_PRAC DPC_TRAINEE_PSYCH_WELLB_PRAC")
_ADDED = ["DPC_GPA", "DPC_APP_PHYSICIAN_ASSOC"]
_LATEST = words(
    "DPC_ADV_DIETICIAN_PRAC DPC_OST DPC_TRAINEE_PHARMT DPC_NHS_TALKING_THERA "
    "DPC_TRAINEE_NHS_TALKING_THERA"
)
_LEAD = ["ADMIN_DT_LEAD"]
ADMIN = words(
    "ADMIN ADMIN_MANAGER ADMIN_MANAGE_PTNR ADMIN_MED_SECRETARY ADMIN_RECEPT ADMIN_TELEPH "
    "ADMIN_ESTATES_ANC ADMIN_DT_LEAD ADMIN_OTH ADMIN_APP"
)
GP_AGES = "UNDER30 30TO34 35TO39 40TO44 45TO49 50TO54 55TO59 60TO64 65TO69 70PLUS UNKNOWN_AGE"
AGES = GP_AGES.replace("UNDER30", "UNDER25 25TO29")
QUALIFIED = words(
    "UK EEA EUROPE_OTHER AFRICA ASIA_OTHER ASIA_SOUTH AUS_PAC CEN_AMERICA NORTH_AMERICA "
    "SOUTH_AMERICA MIDDLE_EAST UNKNOWN"
)
SEXES = ("TOTAL", "MALE", "FEMALE")
#: A slip of the publisher, in both layouts.
SLIP = {"FEMALE_DPC_TRAINEE_NURSE_ASSOC_HC": "FEMALE_TRAINEE_DPC_NURSE_ASSOC_HC"}


def header(*, united: bool = False) -> list[str]:
    """Return the columns of the detailed file in their order.

    As its dictionary of 2025-26 lists them they are 805. ``united``: 831, as a database that holds
    the files of several years gives them: columns that ended, later ones at the end, year, month.
    """
    unknown = ["TOTAL_UNKNOWN_GENDER"]
    found = [
        *IDENTITY,
        "TOTAL_PATIENTS",
        "TOTAL_MALE",
        "TOTAL_FEMALE",
        *([] if united else unknown),
    ]
    found += [f"{sex}_PATIENTS_{band}" for sex in SEXES[1:] for band in PATIENT_BANDS]
    found += [*SOURCES, *_by_role(GP, ("HC", "FTE"))]
    late = [f"TOTAL_{group}_FTE" for group in ("GP", "NURSES", "DPC", "ADMIN")]
    ages = {
        group: _aged([group], (GP_AGES if group.endswith("GP_FTE") else AGES)) for group in late
    }
    found += _aged([f"{sex}_GP_HC" for sex in SEXES], GP_AGES)
    found += [] if united else ages[late[0]]
    found += [f"{sex}_GP_HC_COQ_{place}" for sex in SEXES for place in QUALIFIED]
    for kind in ("EXTG", "EXL", "EXTGL"):
        found += _aged([f"{sex}_GP_{kind}_HC" for sex in SEXES], GP_AGES)
    if united:
        held = [stem for stem in DPC if stem not in (*_ADDED, *_LATEST)]
        place = held.index("DPC_SPLW") + 1
        roles = {
            "NURSES": [*_NURSE_FIRST, *_NURSE_REST],
            "DPC": [*held[:place], *OLDER, *held[place:]],
            "ADMIN": [stem for stem in ADMIN if stem not in _LEAD],
        }
    else:
        roles = {"NURSES": NURSE, "DPC": DPC, "ADMIN": ADMIN}
    for group, stems in roles.items():
        found += _by_role(stems, ("HC", "FTE"))
        found += _aged([f"{sex}_{group}_HC" for sex in SEXES], AGES)
        found += [] if united else ages[f"TOTAL_{group}_FTE"]
    if united:
        found += [column for group in late for column in ages[group]]
        for stems in (_ADDED, _LEAD):
            found += _by_role(stems, ("HC", "FTE"))
        found += [*unknown, *_by_role(_LATEST, ("HC", "FTE")), *_by_role(_ENHANCED, ("HC", "FTE"))]
        found += ["YEAR", "MONTH"]
    return found


_DERIVED = words(
    "practice_code practice_name pcn_code pcn_name icb_code icb_name region_code region_name "
    "postcode prescribing_setting imd_2019 decile rank total_patients total_male total_female"
)
DERIVED_GP = GP[:7]
DERIVED_NURSE = [*_NURSE_FIRST, *_NURSE_REST]
DERIVED_DPC = [
    stem for stem in DPC
    if stem not in _LATEST and not stem.startswith("DPC_APP")
    and stem not in ("DPC_HLTH_SPRT_WRK", "DPC_OTH")
]  # fmt: skip
DERIVED_ADMIN = [stem for stem in ADMIN if stem not in _LEAD]


def derived_header() -> list[str]:
    """Return the 126 columns of the table that a support unit put together."""
    found = list(_DERIVED)
    found += [
        f"{sex}_patients_{band.lower()}" for sex in ("male", "female") for band in PATIENT_BANDS
    ]
    for stems in (DERIVED_GP, DERIVED_NURSE, DERIVED_DPC, DERIVED_ADMIN):
        found += [f"total_{s.lower()}_{m}" for m in ("hc", "fte") for s in stems]
    return found


NETWORK_HEADER = words(
    "Data_source CENSUS_YEAR CENSUS_MONTH PCN_CODE PCN_NAME SUB_ICB_CODE SUB_ICB_NAME ICB_CODE "
    "ICB_NAME COMM_REGION_CODE COMM_REGION_NAME STAFF_GROUP STAFF_ROLE DETAILED_STAFF_ROLE FTE "
    "UNIQUE_IDENTIFIER"
)


def _by_role(stems: Sequence[str], measures: Sequence[str]) -> list[str]:
    found = [f"{sex}_{stem}_{m}" for m in measures for sex in SEXES for stem in stems]
    return [SLIP.get(column, column) for column in found]


def _aged(heads: Sequence[str], ages: str) -> list[str]:
    return [f"{head}_{age}" for head in heads for age in ages.split()]
