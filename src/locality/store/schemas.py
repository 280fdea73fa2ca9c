"""Tables that only the store makes; the shared ones are in :mod:`locality.figures.schemas`."""

from __future__ import annotations

from locality.figures import Column, Schema
from locality.figures import schemas as house
from locality.figures.schemas.judged import JUDGED, MODELS

LISTS = Schema(
    "lists",
    "Registered patients: list sizes, and age-sex totals where no list size was published",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("sub_icb_code", "text", "sub-ICB location (or CCG) it belonged to", required=False),
        Column("patients", "whole", "registered patients", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code"),
)

AGE_SEX_TOTALS = Schema(
    "age_sex_totals",
    "Registered patients by sex and age band, summed over an organisation's members",
    (
        Column("code", "text", "organisation that sums"),
        Column("kind", "text", "pcn, place, sub_icb, icb, region, england or group"),
        Column("as_at", "date", "date of the extract"),
        Column("sex", "text", "FEMALE or MALE (others as published)"),
        Column("age_from", "whole", "first year of age in the band; 95 is 95 and over", "years"),
        Column("patients", "whole", "registered patients", "patients"),
    ),
    ("code", "kind", "as_at", "sex", "age_from"),
)

LIFETIMES = Schema(
    "lifetimes",
    "From when and until when each practice could return counts, as far as files tell",
    (
        Column("practice_code", "text", "ODS code of the practice"),
        Column(
            "open_from",
            "date",
            "opened, or first shown; empty if before any extract",
            required=False,
        ),
        Column(
            "open_until", "date", "closed, or last day shown; empty while it stands", required=False
        ),
    ),
    ("practice_code",),
)

GROUPS = Schema(
    "groups",
    "Groups that users made: a federation, a locality",
    (
        Column("code", "text", "the group's own code"),
        Column("kind", "text", "group"),
        Column("name", "text", "the group's name"),
        Column("practice_code", "text", "ODS code of a member practice"),
    ),
    ("code", "practice_code"),
)

LATEST = Schema(
    "latest",
    "The latest period of every measure, by organisation",
    (
        Column("measure", "text", "id in knowledge/measures"),
        *house.OBSERVATIONS.columns,
    ),
    ("measure", "code", "kind"),
)

INGESTED = Schema(
    "ingested",
    "What became of each file",
    (
        Column("file", "text", "name of the file (in an archive, the member's)"),
        Column("what", "text", "publication it was recognised as, or empty"),
        Column("period", "text", "period code, or empty"),
        Column("rows", "whole", "rows kept"),
        Column("practices", "whole", "practices in them"),
        Column("set_aside", "whole", "rows set aside"),
        Column("reasons", "text", "why they were set aside"),
        Column(
            "outcome",
            "text",
            "stored, already held, replaces ..., known, not stored; not recognised; refused",
        ),
        Column("sentence", "text", "the same in words"),
    ),
)

SET_ASIDE = Schema(
    "set_aside",
    "Rows left out, and why",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column("period", "text", "period code"),
        Column("file_name", "text", "name of the file as given"),
        Column("sha256", "text", "hash of the file's bytes"),
        Column("reason", "text", "why"),
        Column("rows", "whole", "how many"),
        Column("example", "text", "one place where it was seen"),
    ),
)

#: Every table a version may hold, by name.
SCHEMAS: dict[str, Schema] = {
    **house.SOURCE_TABLES,
    **{
        schema.name: schema
        for schema in (
            GROUPS,
            LISTS,
            house.HIERARCHY,
            house.MEMBERS,
            house.ORGANISATIONS,
            house.SUCCESSIONS,
            AGE_SEX_TOTALS,
            LIFETIMES,
            LATEST,
            JUDGED,
            MODELS,
        )
    },
}
