"""A list's age and sex, against England's."""

from __future__ import annotations

from collections import defaultdict

from locality.figures import Column, Schema, Table

AGE_SEX_PROFILE = Schema(
    "age_sex_profile",
    "Registered patients by sex and age band, against England",
    (
        Column("sex", "text", "FEMALE or MALE"),
        Column("age_from", "whole", "first year of age in the band", "years"),
        Column("band", "text", "the band in words, such as 5 to 9"),
        Column("patients", "whole", "registered patients", "patients"),
        Column("share", "number", "share of the whole list", "%"),
        Column("england_share", "number", "England's share", "%", required=False),
    ),
    ("sex", "age_from"),
)

SEXES = ("FEMALE", "MALE")
BANDS = tuple(range(0, 100, 5))


def age_sex_profile(own: Table, england: Table) -> Table:
    """Return the share of each sex and five-year band, own and England's (AGE_SEX_PROFILE).

    Both tables (AGE_SEX, or AGE_SEX of an organisation's sums) have sex, age_from (years) and
    patients for one date; an absent row is zero. Shares are percentages of everyone, so they add
    up to 100 where every patient is recorded as female or male: patients of other recorded sexes
    count in the whole but have no bar of their own. An empty list gives no rows; where England is
    empty its shares are. The caption says in one sentence how the list differs.
    """
    counts, whole = _counted(own)
    standard, england_whole = _counted(england)
    rows = [
        {
            "sex": sex,
            "age_from": age,
            "band": f"{age} and over" if age == BANDS[-1] else f"{age} to {age + 4}",
            "patients": counts[sex, age],
            "share": 100 * counts[sex, age] / whole if whole else 0.0,
            "england_share": 100 * standard[sex, age] / england_whole if england_whole else None,
        }
        for sex in SEXES
        for age in BANDS
    ]
    return Table.of(
        AGE_SEX_PROFILE,
        rows if whole else [],
        title=AGE_SEX_PROFILE.title,
        caption=_sentence(counts, whole, standard, england_whole),
    )


Counts = defaultdict[tuple[str, int], int]


def _counted(table: Table) -> tuple[Counts, int]:
    counts: Counts = defaultdict(int)
    summed = table.data.group_by(["sex", "age_from"]).aggregate([("patients", "sum")])
    for row in summed.to_pylist():
        counts[row["sex"], min(row["age_from"], BANDS[-1])] += row["patients_sum"]
    return counts, sum(counts.values())


def _sentence(own: Counts, whole: int, england: Counts, england_whole: int) -> str:
    if not whole or not england_whole:
        return ""

    def share(counts: Counts, total: int, first: int, last: int) -> float:
        within = (n for (_, age), n in counts.items() if first <= age <= last)
        return 100 * sum(within) / total

    parts = []
    for words, first, last in (("under 20", 0, 15), ("65 and over", 65, 95)):
        here = share(own, whole, first, last)
        there = share(england, england_whole, first, last)
        parts.append(f"{here:.1f} % are {words} (England {there:.1f} %)")
    patients = "1 patient" if whole == 1 else f"{whole:,} patients"
    return f"Of {patients} " + " and ".join(parts) + "."
