"""Who the organisations are, where, and who belongs to whom."""

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

NETWORKS = Schema(
    "networks",
    "Primary care networks as the Organisation Data Service records them, open and closed",
    (
        Column("as_at", "date", "date the file stands for"),
        Column("pcn_code", "text", "ODS code of the network"),
        Column("name", "text", "name as published"),
        Column("sub_icb_code", "text", "sub-ICB location it belongs to", required=False),
        Column("open_date", "date", "date opened", required=False),
        Column("close_date", "date", "date closed", required=False),
    ),
    ("as_at", "pcn_code"),
)

NETWORK_MEMBERS = Schema(
    "network_members",
    "Which practice was a core member of which network from when to when",
    (
        Column("as_at", "date", "date the file stands for"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("pcn_code", "text", "ODS code of the network"),
        Column("from_date", "date", "first day of the membership"),
        Column("to_date", "date", "last day of the membership, empty while it lasts",
               required=False),
    ),
    ("as_at", "practice_code", "pcn_code", "from_date"),
)  # fmt: skip

TABLES = (
    PRACTICE_MAP,
    ODS_PRACTICES,
    PRACTICE_POINTS,
    PRACTICE_SUCCESSORS,
    PLACES,
    NETWORKS,
    NETWORK_MEMBERS,
)
