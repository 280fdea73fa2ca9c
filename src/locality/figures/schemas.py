"""The tables that flow from sources through the store into the loop.

A reader returns rows under one of these; the store keeps them; rooms take and return them.
Codes are the NHS's own (ODS). ``period`` columns hold :attr:`Period.code`.
"""

from __future__ import annotations

from locality.figures.table import Column, Schema

PRACTICE_MAP = Schema(
    "practice_map",
    "Practices and the organisations they belong to, as at one date",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("practice_name", "text", "name as published"),
        Column("postcode", "text", "postcode as published", required=False),
        Column("pcn_code", "text", "primary care network, or U where unallocated", required=False),
        Column("pcn_name", "text", "its name", required=False),
        Column("sub_icb_code", "text", "sub-ICB location (before July 2022 a CCG)"),
        Column("sub_icb_name", "text", "its name", required=False),
        Column("icb_code", "text", "integrated care board (before July 2022 an STP)"),
        Column("icb_name", "text", "its name", required=False),
        Column("region_code", "text", "NHS England region"),
        Column("region_name", "text", "its name", required=False),
        Column("supplier", "text", "clinical system supplier", required=False),
    ),
    ("as_at", "practice_code"),
)

LIST_SIZES = Schema(
    "list_sizes",
    "Registered patients",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("sub_icb_code", "text", "sub-ICB location (or CCG) it belonged to", required=False),
        Column("patients", "whole", "registered patients", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code"),
)

AGE_SEX = Schema(
    "age_sex",
    "Registered patients by sex and five-year age band",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("sex", "text", "FEMALE or MALE (others as published)"),
        Column("age_from", "whole", "first year of age in the band; 95 is 95 and over", "years"),
        Column("patients", "whole", "registered patients; an absent row is zero", "patients"),
    ),
    ("as_at", "practice_code", "sex", "age_from"),
)

ODS_PRACTICES = Schema(
    "ods_practices",
    "Practices as the Organisation Data Service records them, open and closed",
    (
        Column("as_at", "date", "date the file stands for"),
        Column("practice_code", "text", "ODS code"),
        Column("practice_name", "text", "name as published"),
        Column("postcode", "text", "postcode", required=False),
        Column("open_date", "date", "date opened", required=False),
        Column("close_date", "date", "date closed", required=False),
        Column("status", "text", "active, closed, dormant or proposed"),
        Column("is_gp_practice", "flag", "prescribing setting 4, as against other cost centres"),
        Column("sub_icb_code", "text", "commissioner", required=False),
        Column("icb_code", "text", "high-level health geography", required=False),
        Column("region_code", "text", "national grouping", required=False),
    ),
    ("as_at", "practice_code"),
)

QOF_REGISTERS = Schema(
    "qof_registers",
    "QOF disease registers and the list each is counted against",
    (
        Column("period", "text", "financial year"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("group_code", "text", "disease group, such as HYP"),
        Column("register", "whole", "patients on the register", "patients", required=False),
        Column("list_type", "text", "which list: TOTAL, or ages such as 18OV"),
        Column("list_size", "whole", "patients on that list", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("period", "practice_code", "group_code"),
)

WEIGHTED_POPULATIONS = Schema(
    "weighted_populations",
    "Registered and need-weighted populations from NHS England's allocations",
    (
        Column("period", "text", "financial year of the allocation"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("component", "text", "registered, or a need component such as general_and_acute"),
        Column("population", "number", "people, weighted for need", "people", required=False),
        Column("icb_code", "text", "integrated care board in that file", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("period", "practice_code", "component"),
)

PRACTICE_POINTS = Schema(
    "practice_points",
    "Where practices are",
    (
        Column("period", "text", "financial year of the file"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("latitude", "number", "WGS84", "degrees", required=False),
        Column("longitude", "number", "WGS84", "degrees", required=False),
        Column("district_code", "text", "local authority district", required=False),
        Column("district_name", "text", "its name", required=False),
    ),
    ("period", "practice_code"),
)

QOF_IN_YEAR = Schema(
    "qof_in_year",
    "QOF counts during the year, as a practice supplies them",
    (
        Column("as_at", "date", "date of the count"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("indicator_code", "text", "QOF indicator, such as HYP010"),
        Column("register", "whole", "patients on the register", "patients", required=False),
        Column(
            "denominator",
            "whole",
            "net of personalised care adjustments",
            "patients",
            required=False,
        ),
        Column("numerator", "whole", "patients who meet the indicator", "patients", required=False),
        Column("pcas", "whole", "personalised care adjustments", "patients", required=False),
        Column("source", "text", "where the practice took the count from"),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code", "indicator_code"),
)

PRACTICE_SUCCESSORS = Schema(
    "practice_successors",
    "Practices that closed or merged, and which practice follows them, as a locality says",
    (
        Column("practice_code", "text", "the practice that ended"),
        Column("successor_code", "text", "the practice that follows it"),
        Column("on", "date", "when"),
        Column("how", "text", "merged, closed or renamed"),
    ),
    ("practice_code", "successor_code"),
)

PLACES = Schema(
    "places",
    "Which place a practice belongs to, as its locality says",
    (
        Column("practice_code", "text", "ODS code of the practice"),
        Column("place_code", "text", "the locality's own code"),
        Column("place_name", "text", "the locality's own name"),
        Column("from_date", "date", "first day"),
    ),
    ("practice_code", "from_date"),
)

SUCCESSIONS = Schema(
    "successions",
    "Organisations that closed or merged, and what follows them",
    (
        Column("code", "text", "the organisation that ended"),
        Column("successor_code", "text", "the one that follows it"),
        Column("on", "date", "when"),
        Column("how", "text", "merged, closed or renamed; found in files, or stated"),
    ),
    ("code", "successor_code"),
)

#: Every table a reader may return, by name.
SOURCE_TABLES: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        PRACTICE_MAP,
        LIST_SIZES,
        AGE_SEX,
        ODS_PRACTICES,
        QOF_REGISTERS,
        WEIGHTED_POPULATIONS,
        PRACTICE_POINTS,
        QOF_IN_YEAR,
        PLACES,
        PRACTICE_SUCCESSORS,
    )
}

ORGANISATIONS = Schema(
    "organisations",
    "Every organisation that any file has named",
    (
        Column("code", "text", "ODS code; ENG for England; a group's own code"),
        Column("kind", "text", "practice, pcn, place, sub_icb, icb, region, england or group"),
        Column("name", "text", "latest name"),
        Column("first_seen", "date", "first extract that names it", required=False),
        Column("last_seen", "date", "last extract that names it", required=False),
        Column("open_date", "date", "opened, where ODS says", required=False),
        Column("close_date", "date", "closed, where ODS says", required=False),
        Column("status", "text", "active, closed, dormant, proposed or not known"),
        Column("patients", "whole", "latest list", "patients", required=False),
        Column("patients_as_at", "date", "date of that list", required=False),
    ),
    ("code", "kind"),
)

HIERARCHY = Schema(
    "hierarchy",
    "Who belonged to whom, from one date to another",
    (
        Column("practice_code", "text", "ODS code of the practice"),
        Column("valid_from", "date", "first extract that shows this row"),
        Column(
            "valid_to", "date", "day before the next change; empty while it stands", required=False
        ),
        Column("pcn_code", "text", "primary care network; U where unallocated", required=False),
        Column("place_code", "text", "place, where the locality has said", required=False),
        Column("sub_icb_code", "text", "sub-ICB location", required=False),
        Column("icb_code", "text", "integrated care board", required=False),
        Column("region_code", "text", "region", required=False),
    ),
    ("practice_code", "valid_from"),
)

MEMBERS = Schema(
    "members",
    "Today's boundaries: each practice, last known, under each organisation that sums it",
    (
        Column("code", "text", "organisation that sums"),
        Column("kind", "text", "practice, pcn, place, sub_icb, icb, region, england or group"),
        Column("practice_code", "text", "ODS code of the member practice"),
    ),
    ("code", "kind", "practice_code"),
)

OBSERVATIONS = Schema(
    "observations",
    "Counts for one measure: what is stored; values and intervals are computed on reading",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "practice, pcn, place, sub_icb, icb, region, england or group"),
        Column("period", "text", "period code"),
        Column("numerator", "number", "as the measure's definition says", required=False),
        Column("denominator", "number", "as the measure's definition says", required=False),
        Column("excepted", "number", "personalised care adjustments", "patients", required=False),
        Column("flags", "bits", "locality.figures.Cell"),
    ),
    ("code", "kind", "period"),
)

VALUES = Schema(
    "values",
    "One measure over organisations or periods, with intervals",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("name", "text", "its name", required=False),
        Column("period", "text", "period code"),
        Column("value", "number", "in the measure's unit", required=False),
        Column("lower", "number", "lower end of the interval", required=False),
        Column("upper", "number", "upper end of the interval", required=False),
        Column("numerator", "number", "count", required=False),
        Column("denominator", "number", "count", required=False),
        Column("excepted", "number", "personalised care adjustments", "patients", required=False),
        Column("missing", "text", "why there is no value", required=False),
    ),
    ("code", "kind", "period"),
)

LINEAGE = Schema(
    "lineage",
    "Which file every row set came from",
    (
        Column("table", "text", "table it fills"),
        Column("publication", "text", "id in knowledge/publications"),
        Column("publisher", "text", "who published it"),
        Column("period", "text", "period code"),
        Column("part", "text", "which part of the period's publication, or empty"),
        Column("file_name", "text", "name of the file as given"),
        Column("sha256", "text", "hash of the file's bytes"),
        Column("reader_version", "whole", "version of the reader"),
        Column("rows", "whole", "rows kept"),
        Column("set_aside", "whole", "rows set aside"),
        Column("ingested_at", "text", "when, in UTC"),
        Column("state", "text", "in use, or replaced"),
        Column("local", "flag", "supplied by the locality itself"),
    ),
    ("table", "sha256", "period", "part"),
)
