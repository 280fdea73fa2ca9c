"""A day as people in England write it, and as files do."""

from __future__ import annotations

import re
from datetime import date, datetime

from locality.figures.problem import Problem

#: How every form says that a day may be written.
DAY_HINT = "such as 31 March 2027 or 31/3/2027"

_WRITTEN = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)


def typed_day(text: str) -> date:
    """Return the day that ``text`` means: 31 March 2027, 31/3/2027 (day first) or 2027-03-31.

    A year has four figures: of two nobody knows which hundred is meant. Raises Problem.
    """
    told = " ".join(_ORDINAL.sub("", text).replace(",", " ").split())
    try:
        return date.fromisoformat(told)
    except ValueError:
        pass
    for form in _WRITTEN:
        try:
            return datetime.strptime(told, form).date()
        except ValueError:
            continue
    raise Problem(f"{text.strip()[:20]!r} is not a day. Write a real one, {DAY_HINT}.")
