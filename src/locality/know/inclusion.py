"""Which practices a comparison includes: by default lists of 750 and more, still active.

The default follows the inclusion rule of the national general practice profiles; it is shown
wherever it is used, and can be changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from locality.figures import Column, Schema, Table

INCLUSION = Schema(
    "inclusion",
    "Which practices are compared, and why others are not",
    (
        Column("practice_code", "text", "ODS code of the practice"),
        Column("name", "text", "its name"),
        Column("patients", "whole", "latest list", "patients", required=False),
        Column("included", "flag", "whether it is compared"),
        Column("reason", "text", "why not; empty where it is", required=False),
    ),
    ("practice_code",),
)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The rule: the smallest list compared (in patients), and whether closed ones are left out."""

    minimum_list: int = 750
    active_only: bool = True

    @property
    def sentence(self) -> str:
        """Return the rule in words, for beside a picture."""
        active = "active practices" if self.active_only else "practices, active or not,"
        return f"Compared are {active} with a list of {self.minimum_list:,} or more."


def included(organisations: Table, rule: Inclusion | None = None) -> Table:
    """Return each practice with whether ``rule`` includes it, and why not (INCLUSION).

    ``organisations`` holds rows of ORGANISATIONS; other kinds than practices are passed over.
    """
    rule = rule or Inclusion()
    rows = []
    for row in organisations.rows:
        if row["kind"] != "practice":
            continue
        reason = None
        if rule.active_only and row["status"] != "active":
            reason = f"its status is {row['status']}"
        elif row["patients"] is None:
            reason = "no list is loaded for it"
        elif row["patients"] < rule.minimum_list:
            reason = f"its list is under {rule.minimum_list:,}"
        rows.append(
            {
                "practice_code": row["code"],
                "name": row["name"],
                "patients": row["patients"],
                "included": reason is None,
                "reason": reason,
            }
        )
    return Table.of(INCLUSION, rows, title=INCLUSION.title, caption=rule.sentence)
