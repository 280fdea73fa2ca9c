"""Tables that this room makes; counts and values are in :mod:`locality.figures.schemas`."""

from __future__ import annotations

from locality.figures import Column, Schema

FIGURES = Schema(
    "figures",
    "An organisation's measures, beside its ICB and England",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("topic", "text", "what it is about"),
        Column("unit", "text", "unit of value, interval and comparators"),
        Column("period", "text", "period code"),
        Column("value", "number", "in the unit", required=False),
        Column("lower", "number", "lower end of the interval", required=False),
        Column("upper", "number", "upper end of the interval", required=False),
        Column("complete", "flag", "a complete count, to which no sampling interval applies"),
        Column("numerator", "number", "count", required=False),
        Column("denominator", "number", "count", required=False),
        Column("excepted", "number", "personalised care adjustments", "patients", required=False),
        Column("icb", "number", "value of its ICB, in the unit", required=False),
        Column("england", "number", "value of England, in the unit", required=False),
        Column("missing", "text", "why there is no value", required=False),
        Column("standing", "text", "higher than, lower than or not clearly different from England"),
        Column("sentence", "text", "how it stands to England, as far as chance lets one say"),
    ),
    ("measure",),
)

CATALOGUE = Schema(
    "catalogue",
    "What is measured",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("topic", "text", "what it is about"),
        Column("unit", "text", "unit of its values"),
        Column("polarity", "text", "none, higher_is_better or lower_is_better"),
        Column("kind", "text", "published or derived"),
        Column("numerator", "text", "what is counted"),
        Column("denominator", "text", "what it is counted over"),
        Column("owner", "text", "the role that answers for the definition"),
        Column("checked_by", "text", "the role that checked it"),
        Column("next_review", "date", "when it is looked at again"),
        Column("status", "text", "draft, live or retired"),
        Column("local", "flag", "a definition of the user's own"),
        Column("place", "text", "its file"),
    ),
    ("measure",),
)
