"""Published files, fetched: the addresses in knowledge meet the network, and then the lake."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from locality import fetching, knowledge
from locality.figures import Problem, Table
from locality.store import Lake


def offered(home: Path) -> Table:
    """Return how each publication's files are come by (:data:`locality.fetching.FETCHED`)."""
    return fetching.offered(knowledge.load(home).publications)


def fetch(
    home: Path,
    publications: Sequence[str],
    *,
    into: Path | None = None,
    period: str | None = None,
    indicators: Sequence[str] = (),
    show_pages: bool = False,
    ingest: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Table:
    """Fetch into ``into`` (``home/fetched``) and return one row a file (FETCHED).

    ``show_pages`` opens the pages of what is taken by hand; ``ingest`` gives each file to the
    lake at once. ``LOCALITY_CONTACT`` tells publishers who asks. Problem where the words of the
    command mean nothing; what fails on the way is a row that says so.
    """
    return fetching.fetch(
        knowledge.load(home).publications,
        publications,
        into or home / "fetched",
        period=period,
        indicators=indicators,
        contact=os.environ.get("LOCALITY_CONTACT", ""),
        show=_show if show_pages else None,
        ingest=_ingesting(home) if ingest else None,
        progress=progress,
    )


def _show(page: str) -> bool:
    try:
        return webbrowser.open(page)
    except (webbrowser.Error, OSError):
        return False


def _ingesting(home: Path) -> fetching.Ingest:
    def ingested(path: Path) -> tuple[str, bool]:
        try:
            report = Lake(home).ingest([path])
        except Problem as error:
            return str(error), False
        return " ".join(outcome.sentence for outcome in report.outcomes), not report.refused

    return ingested
