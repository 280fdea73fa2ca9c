"""Departments of the national cost schedules: what each year calls them, and their plain ids.

The schedules of 2016/17 and 2017/18 have a sheet a department, named by a short code; from
2023/24 on a department is a few words. ``costs/departments.csv`` holds one row for each published
name and the years in which it stands, and gives it an id that stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from locality.figures import Period
from locality.knowledge import files
from locality.knowledge.problems import problem

PLACE = "knowledge/costs/departments.csv"
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class CostDepartment:
    """One published name of a department, and the years in which it stands (``to`` may be None).

    ``published`` is a sheet's code or the words in a column, ``department`` the plain id,
    ``service`` the service code that a sheet of its own stands for (or empty), ``activity`` the
    header over its activity, ``unit`` what is counted, in the singular (empty where the publisher
    does not say), ``note`` what to mind about those years (or empty).
    """

    published: str
    department: str
    service: str
    title: str
    activity: str
    unit: str
    from_: Period
    to: Period | None
    note: str
    reference: str

    def holds(self, period: Period) -> bool:
        """Return whether the name stands in that financial year."""
        return self.from_ <= period and (self.to is None or period <= self.to)


@dataclass(frozen=True)
class CostDepartments:
    """All published names; look one up by name and year, or a title by its id."""

    names: tuple[CostDepartment, ...]
    titles: Mapping[str, str]

    def find(self, published: str, period: Period) -> CostDepartment | None:
        """Return the department that ``published`` means in a year; None where it is not known.

        Capitals and runs of blanks make no difference.
        """
        wanted = _compared(published)
        for one in self.names:
            if _compared(one.published) == wanted and one.holds(period):
                return one
        return None

    def about(self, department: str, period: Period) -> tuple[CostDepartment, ...]:
        """Return the names that a department's id has in a year, as the file orders them."""
        return tuple(o for o in self.names if o.department == department and o.holds(period))


@lru_cache(maxsize=1)
def cost_departments() -> CostDepartments:
    """Return the departments of the package's own file; it is read once."""
    return load_cost_departments(files.PACKAGE / "costs" / "departments.csv", PLACE)


def load_cost_departments(path: Path, place: str = PLACE) -> CostDepartments:
    """Return the departments in a CSV file; KnowledgeError, naming the row, for what is wrong.

    Columns: published, department, service, title, activity, unit, from, to, note, reference.
    """
    names: list[CostDepartment] = []
    titles: dict[str, str] = {}
    for number, row in enumerate(files.rows(path, place), start=2):
        where = f"row {number}"
        try:
            one = CostDepartment(
                published=row["published"],
                department=row["department"],
                service=row["service"],
                title=row["title"],
                activity=row["activity"],
                unit=row["unit"],
                from_=Period.parse(row["from"]),
                to=Period.parse(row["to"]) if row["to"] else None,
                note=row["note"],
                reference=row["reference"],
            )
        except KeyError as lacking:
            raise problem(place, "row 1", f"there is no column {lacking}.") from None
        except ValueError as error:
            raise problem(place, where, str(error)) from None
        if not _ID.fullmatch(one.department):
            raise problem(place, where, f"{one.department!r} is not a plain id.")
        if not (one.published and one.title and one.activity and one.reference):
            raise problem(place, where, "published, title, activity or reference is empty.")
        if one.to is not None and one.to < one.from_:
            raise problem(place, where, f"it ends ({one.to}) before it begins ({one.from_}).")
        if titles.setdefault(one.department, one.title) != one.title:
            raise problem(place, where, f"{one.department!r} has another title in an earlier row.")
        for other in names:
            if _compared(other.published) == _compared(one.published) and _meet(one, other):
                raise problem(place, where, f"{one.published!r} stands twice in the same years.")
        names.append(one)
    return CostDepartments(tuple(names), titles)


def _meet(one: CostDepartment, other: CostDepartment) -> bool:
    return one.holds(other.from_) or other.holds(one.from_)


def _compared(published: str) -> str:
    return " ".join(published.casefold().split())
