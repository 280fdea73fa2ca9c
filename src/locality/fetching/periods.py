"""The words of a period that a publication's addresses and file names are made with."""

from __future__ import annotations

from locality.fetching.faults import FetchError
from locality.figures import Period
from locality.knowledge import Publication
from locality.knowledge.download import asked, words


def fitting(publication: Publication, period: Period) -> dict[str, str]:
    """Return the words of ``period``; FetchError where the publication comes in other periods."""
    said = words(period)
    download = publication.download
    if download is None:
        return said
    templates = [download.take, download.page, download.address, download.save_as]
    templates += [one.resource for one in download.packages]
    for template in templates:
        for name in asked(template):
            if name not in said and name not in ("indicator", "package"):
                raise FetchError(
                    f"{publication.id} does not come in periods like {period.code}: say it as "
                    f"--period {download.example}."
                )
    return said
