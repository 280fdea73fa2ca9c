"""What is made of the source tables: organisations, members, counts, values, lineage."""

from __future__ import annotations

from locality.figures.table import Column, Schema

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
