"""Two versions side by side: what the new files changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality import measure as room
from locality.figures import Column, NotFound, Period, Schema, Table

if TYPE_CHECKING:
    from locality.store import Version
    from locality.workbench import Workbench

NEW_FILES = Schema(
    "new_files",
    "Files that came between two versions, and files that stand no longer",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column("title", "text", "what it is"),
        Column("period", "text", "period code"),
        Column("part", "text", "which part of the period's publication, or empty"),
        Column("file_name", "text", "name of the file as given"),
        Column("what", "text", "new, replaces an earlier file, or no longer in use"),
        Column("replaces", "text", "the file it replaces", required=False),
    ),
)

_KEY = ("publication", "period", "part")


def version_before(here: Workbench, id: str | None = None) -> Version | None:
    """Return the version ``id``, or the newest before the one being read; None without one.

    Raises NotFound for a version that is kept no longer. A few versions are kept.
    """
    from locality.store import Lake, Version

    lake = Lake(here.home)
    kept = [name for name in lake.versions() if name < here.version.id]
    if id is not None and id not in kept:
        listed = ", ".join(kept) or "none"
        raise NotFound(f"No earlier version {id!r} is kept here; kept are: {listed}.")
    name = id or (kept[-1] if kept else None)
    return None if name is None else _opened(Version, str(lake.folder / "versions" / name))


@lru_cache(maxsize=4)
def _opened(version: Any, folder: str) -> Version:
    from pathlib import Path

    opened: Version = version(Path(folder))
    return opened


def new_files(here: Workbench, before: Version) -> Table:
    """Return the files in use now that were not then, and those in use no longer (NEW_FILES)."""
    then = {_subject(row): row for row in _in_use(before)}
    now = {_subject(row): row for row in _in_use(here.version)}
    known = here.knowledge.publications
    rows = []
    for subject, row in {**then, **now}.items():
        old, new = then.get(subject), now.get(subject)
        if old and new and old["sha256"] == new["sha256"]:
            continue
        what = "no longer in use" if new is None else "replaces an earlier file" if old else "new"
        rows.append(
            {
                **{name: row[name] for name in (*_KEY, "file_name")},
                "title": known[row["publication"]].title
                if row["publication"] in known
                else row["publication"],
                "what": what,
                "replaces": old["file_name"] if old and new else None,
            }
        )
    rows.sort(key=lambda row: (row["title"], Period.parse(row["period"]), row["part"]))
    return Table.of(NEW_FILES, rows, title=NEW_FILES.title)


def _in_use(version: Version) -> Iterable[dict[str, Any]]:
    return (row for row in version.lineage().rows if row["state"] == "in use")


def _subject(row: dict[str, Any]) -> tuple[str, ...]:
    # Files that correct row by row stand side by side: each is a subject of its own.
    beside = (row["sha256"],) if row["local"] else ()
    return (*(row[name] for name in _KEY), *beside)


def changes(here: Workbench, before: Version) -> Table:
    """Return which measures' counts differ between ``before`` and the version read (CHANGES).

    Counts that a locality supplied leave through the release gate on both sides.
    """
    rows: list[dict[str, Any]] = []
    version = here.version
    for id, measure in here.knowledge.measures.items():
        if id not in version.measures:
            continue
        if id not in before.measures:
            if version.measures[id]["periods"]:
                rows.append(room.first_counted(measure, version.measures[id]["periods"]))
            continue
        if version.counts_as(before, id):
            continue
        then, now = (
            room.released(
                one.observations(id),
                local=one.measures[id]["local"],
                reader=here.reader_among(None) if one.measures[id]["local"] else None,
            )
            for one in (before, version)
        )
        rows.extend(room.changes(measure, then, now))
    return room.changes_table(rows)
