"""Know: who the organisations are and were, their lists, ages, need and fair shares.

Pure functions: they take tables and plain objects, and return a Figure, a Statement or a Table.
"""

from locality.know.age_sex import AGE_SEX_PROFILE, age_sex_profile
from locality.know.beside import BESIDE, beside
from locality.know.costs import COST_HISTORY, COST_LIST, cost, cost_history, cost_list
from locality.know.due import DUE, due
from locality.know.group_members import ENDED, ended_members
from locality.know.inclusion import INCLUSION, Inclusion, included
from locality.know.lists import list_size, list_trend
from locality.know.money import money
from locality.know.money_schemas import MONEY, MONEY_TREND, PAYMENT_SUMS
from locality.know.money_statement import money_statement
from locality.know.money_sums import payment_sums
from locality.know.money_trend import money_trend
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
from locality.know.overseen import OVERSIGHT, ROLE_CARDS, oversight, roles
from locality.know.past import PAST, past
from locality.know.prices import (
    PRICE_LIST,
    SETTINGS,
    TRIM_SETTINGS,
    price,
    price_list,
    trim_point,
)
from locality.know.prices import search as search_hrgs
from locality.know.staff import network_staff, staff, staff_trend
from locality.know.staff_grid import HEADLINES as STAFF_HEADLINES
from locality.know.staff_tables import STAFF, STAFF_OF_NETWORK, STAFF_TREND
from locality.know.succession import successions

__all__ = [
    "AGE_SEX_PROFILE",
    "BELONGS",
    "BESIDE",
    "COMPONENTS",
    "COST_HISTORY",
    "COST_LIST",
    "CROSSING",
    "DUE",
    "ENDED",
    "INCLUSION",
    "LEVELS",
    "MONEY",
    "MONEY_TREND",
    "NEED",
    "OVERSIGHT",
    "PAST",
    "PAYMENT_SUMS",
    "PRICE_LIST",
    "PRIMARY_MEDICAL",
    "ROLE_CARDS",
    "SETTINGS",
    "STAFF",
    "STAFF_HEADLINES",
    "STAFF_OF_NETWORK",
    "STAFF_TREND",
    "TRIM_SETTINGS",
    "Inclusion",
    "age_sex_profile",
    "belongs_to",
    "beside",
    "cost",
    "cost_history",
    "cost_list",
    "crossing_networks",
    "due",
    "ended_members",
    "hierarchy_at",
    "included",
    "list_in_pounds",
    "list_size",
    "list_trend",
    "money",
    "money_statement",
    "money_trend",
    "need",
    "network_staff",
    "oversight",
    "past",
    "payment_sums",
    "price",
    "price_list",
    "primary_medical_differences",
    "roles",
    "search_hrgs",
    "staff",
    "staff_trend",
    "successions",
    "trim_point",
]
