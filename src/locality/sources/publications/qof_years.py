"""Which QOF year a file is for: it stands in the file's name, or in a title above the table."""

from __future__ import annotations

from locality.figures import Period
from locality.sources.dating import year_from_names
from locality.sources.reading import Hints, Refused
from locality.sources.rows import Sheet


def qof_year(sheet: Sheet, hints: Hints, what: str, example: str) -> tuple[Period, tuple[str, ...]]:
    """Return the QOF year of a file and the note that says where the year was found.

    A title above the table is asked first, then the file's name. ``what`` is the publication in
    words and ``example`` a name that carries a year, both for the sentence. Raises Refused where
    neither names one year.
    """
    titles = [cell for row in sheet.above for cell in row if cell.strip()]
    if titled := year_from_names(titles):
        return titled, (f"The year {titled.code} comes from the title above the table.",)
    if named := year_from_names(hints.names):
        note = f"The year {named.code} comes from the file's name: the file does not say it."
        return named, (note,)
    raise Refused(
        f"This is {what}, but the file does not say which year it is for, and nor does its name. "
        f"Put the year into the name, as published: {example}."
    )
