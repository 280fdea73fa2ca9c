"""What is loaded, how old it is, what was set aside, and whom to thank."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from locality import know
from locality import measure as room
from locality.figures import Column, Schema, Table
from locality.workbench import comparing

if TYPE_CHECKING:
    from locality.workbench import Workbench

VERSION = Schema(
    "version",
    "The version being read",
    (
        Column("id", "text", "name of the version"),
        Column("made_at", "text", "when it was made, in UTC"),
        Column("records_event", "whole", "the last event of the records in it", required=False),
        Column("knowledge", "text", "hash of the rules and definitions it was made with"),
    ),
    ("id",),
)

ATTRIBUTIONS = Schema(
    "attributions",
    "Whom to thank for what is loaded, and under which licence",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column("title", "text", "what it is"),
        Column("publisher", "text", "who published it"),
        Column("licence", "text", "licence"),
        Column("licence_address", "text", "where the licence stands", required=False),
        Column("attribution", "text", "words to show"),
        Column("landing_page", "text", "where new files are found", required=False),
    ),
    ("publication",),
)

COVERAGE = Schema(
    "coverage",
    "Which schemes, years and publications are complete, partial or absent",
    (
        Column("subject", "text", "scheme or publication"),
        Column("period", "text", "year, or all", required=False),
        Column("state", "text", "complete, partial or absent"),
        Column("sentence", "text", "what is there and what is not"),
        Column("landing_page", "text", "where it is published", required=False),
    ),
)


class Data:
    """The room of files and versions."""

    def __init__(self, here: Workbench) -> None:
        self._here = here

    def version(self) -> Table:
        """Return the version being read, one row (VERSION)."""
        version = self._here.version
        row = {
            "id": version.id,
            "made_at": version.made_at.isoformat(timespec="seconds"),
            "records_event": version.manifest["records_event"],
            "knowledge": version.manifest["knowledge_hash"],
        }
        return Table.of(VERSION, [row], title=VERSION.title)

    def lineage(self) -> Table:
        """Return every row set's file, publisher, period and reader, replaced ones too."""
        return self._here.version.lineage()

    def set_aside(self) -> Table:
        """Return the rows that readers left out, and why."""
        return self._here.version.set_aside()

    def attributions(self) -> Table:
        """Return whom to thank for what is loaded (ATTRIBUTIONS)."""
        loaded = {row["publication"] for row in self.lineage().rows}
        known = self._here.knowledge.publications
        rows = [
            {
                "publication": one.id,
                "title": one.title,
                "publisher": one.publisher,
                "licence": one.licence,
                "licence_address": one.licence_address,
                "attribution": one.attribution,
                "landing_page": one.landing_page,
            }
            for one in known.values()
            if one.id in loaded
        ]
        return Table.of(ATTRIBUTIONS, rows, title=ATTRIBUTIONS.title)

    def versions(self) -> tuple[str, ...]:
        """Return the ids of the earlier versions that are kept, oldest first."""
        from locality.store import Lake

        ids = Lake(self._here.home).versions()
        return tuple(id for id in ids if id < self._here.version.id)

    def new_files(self, since: str | None = None) -> Table:
        """Return the files that came since the version before, or ``since`` (NEW_FILES).

        Empty where there is no earlier version. NotFound for one that is kept no longer.
        """
        before = comparing.version_before(self._here, since)
        if before is None:
            return Table.of(comparing.NEW_FILES, {}, title=comparing.NEW_FILES.title)
        return comparing.new_files(self._here, before)

    def changes(self, since: str | None = None) -> Table:
        """Return which measures' counts the files since then changed (CHANGES).

        Empty where there is no earlier version. NotFound for one that is kept no longer.
        """
        before = comparing.version_before(self._here, since)
        if before is None:
            return room.changes_table([])
        return comparing.changes(self._here, before)

    def due(self, today: date) -> Table:
        """Return the publications of which a newer file is likely to be out (DUE)."""
        return know.due(self._here.knowledge.publications.values(), self.lineage(), today)

    def coverage(self) -> Table:
        """Return what Locality knows and reads, and what it does not (COVERAGE)."""
        return coverage_table(self._here.home)


def coverage_table(home: Path) -> Table:
    """Return what Locality covers, with the user's own knowledge in ``home`` (COVERAGE)."""
    from locality.knowledge import load

    known = load(home)
    rows = [
        {
            "subject": one.title,
            "period": one.period,
            "state": one.state,
            "sentence": one.sentence,
            "landing_page": known.publications[one.about].landing_page
            if one.about in known.publications
            else "",
        }
        for one in known.coverage
    ]
    return Table.of(COVERAGE, rows, title=COVERAGE.title)
