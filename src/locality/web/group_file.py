"""A small file of groups, as a person uploads it: read at the edge, and not kept."""

from __future__ import annotations

import csv
import io

from locality.records.actions import Named
from locality.records.free_text import nhs_numbers
from locality.records.models import GroupKind

#: How the columns may be headed, in small letters with spaces as underscores.
_GROUP = ("group", "group_name", "name")
_PRACTICE = ("practice_code", "practice", "code", "ods_code")
_KIND = ("kind", "sort")
MOST_ROWS = 20_000


def groups_in(text: str) -> list[Named]:
    """Return the groups that a CSV file names, in its order; ValueError with a sentence.

    It has a header with a column ``group`` (the group's name) and a column ``practice_code``, one
    row a practice, and may have a column ``kind``.
    """
    if nhs_numbers(text):
        raise ValueError(
            "There is a number in that file that could be an NHS number, so it was not read. "
            "Send names of groups and practice codes alone."
        )
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline="")) if any(map(str.strip, row))
        ]
    except csv.Error:
        raise ValueError("That file is not CSV. Save it as CSV and send it again.") from None
    if not rows:
        raise ValueError("That file is empty.")
    if len(rows) > MOST_ROWS:
        raise ValueError(f"That file has more than {MOST_ROWS:,} rows, too many for groups.")
    header = [word.strip().lower().replace(" ", "_") for word in rows[0]]
    group, practice = _place(header, _GROUP), _place(header, _PRACTICE)
    kind = next((header.index(name) for name in _KIND if name in header), None)
    members: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    for line, row in enumerate(rows[1:], start=2):
        cells = [*map(str.strip, row), *[""] * len(header)]
        if not cells[group] or not cells[practice]:
            raise ValueError(f"Row {line} has no name of a group, or no practice code.")
        name = cells[group].casefold()
        names.setdefault(name, cells[group])
        members.setdefault(name, []).append(cells[practice])
        said = cells[kind].lower() if kind is not None else ""
        if said and said not in GroupKind.values:
            raise ValueError(
                f"Row {line}: there is no sort of group called {said[:30]!r}; there are "
                f"{', '.join(GroupKind.values)}."
            )
        if said and kinds.setdefault(name, said) != said:
            raise ValueError(f"Row {line} gives {cells[group][:60]} another sort than a row above.")
    return [
        Named(names[name], tuple(codes), kinds.get(name, "other"))
        for name, codes in members.items()
    ]


def _place(header: list[str], names: tuple[str, ...]) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise ValueError(
        f"The first row has no column called {names[0]}. It needs two: group and practice_code."
    )
