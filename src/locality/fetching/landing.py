"""Words for the publications whose addresses cannot be told: which page, and which file there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from locality.fetching.periods import fitting
from locality.figures import Period
from locality.knowledge import Publication
from locality.knowledge.download import asked


def page_of(publication: Publication, period: Period | None) -> str:
    """Return the page to open: that of ``period`` where it can be told, else the landing page.

    Without a period it is the landing page. FetchError where ``period`` does not fit.
    """
    if publication.download is None or period is None:
        return publication.landing_page
    said = fitting(publication, period)
    return publication.download.page.format_map(said) or publication.landing_page


def take(publication: Publication, period: Period | None = None) -> str:
    """Return one sentence: which file to take on the page, named for ``period`` where given."""
    download = publication.download
    if download is None:
        names = publication.file_names
        # The publishers give files as they are; .gz and .parquet are how others pass them on.
        given = [name for name in names if not name.endswith((".gz", ".parquet"))] or names
        named = _either([_readable(name) for name in given])
        when = f"For {period.label} take" if period else "Take"
        return f"{when} the file that is named like {named}."
    if period is not None:
        said = download.take.format_map(fitting(publication, period))
        return f"For {period.label} take {said}."
    if not any(asked(download.take)):
        return f"Take the latest of {download.take}."
    example = Period.parse(download.example)
    said = download.take.format_map(fitting(publication, example))
    return f"Take the latest; for {example.label} it is {said}."


def _readable(pattern: str) -> str:
    return re.sub(r"[*?]+|\[[^]]*\]", "…", pattern.rstrip("*"))


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
