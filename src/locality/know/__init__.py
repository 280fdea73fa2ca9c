"""Know: who the organisations are and were, their lists, ages, need and fair shares.

Pure functions: they take tables and plain objects, and return a Figure, a Statement or a Table.
"""

from locality.know.age_sex import AGE_SEX_PROFILE, age_sex_profile
from locality.know.due import DUE, due
from locality.know.group_members import ENDED, ended_members
from locality.know.inclusion import INCLUSION, Inclusion, included
from locality.know.lists import list_size, list_trend
from locality.know.need import (
    COMPONENTS,
    NEED,
    PRIMARY_MEDICAL,
    list_in_pounds,
    need,
    primary_medical_differences,
)
from locality.know.organisations import (
    BELONGS,
    CROSSING,
    LEVELS,
    belongs_to,
    crossing_networks,
    hierarchy_at,
)
from locality.know.past import PAST, past
from locality.know.succession import successions

__all__ = [
    "AGE_SEX_PROFILE",
    "BELONGS",
    "COMPONENTS",
    "CROSSING",
    "DUE",
    "ENDED",
    "INCLUSION",
    "LEVELS",
    "NEED",
    "PAST",
    "PRIMARY_MEDICAL",
    "Inclusion",
    "age_sex_profile",
    "belongs_to",
    "crossing_networks",
    "due",
    "ended_members",
    "hierarchy_at",
    "included",
    "list_in_pounds",
    "list_size",
    "list_trend",
    "need",
    "past",
    "primary_medical_differences",
    "successions",
]
