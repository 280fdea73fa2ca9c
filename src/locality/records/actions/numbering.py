"""Numbers by which people know things: D-2026-014 is the fourteenth decision of 2026."""

from __future__ import annotations

from django.utils import timezone

from locality.records.models import Numbering


def next_reference(letter: str) -> str:
    """Return the next reference under ``letter`` in this year, such as D-2026-014.

    Called inside a change: writers go one at a time, so no number is given twice, and a change
    that fails gives its number back.
    """
    year = timezone.localdate().year
    counter = Numbering.objects.filter(letter=letter, year=year).first() or Numbering(
        letter=letter, year=year, last=0
    )
    counter.last += 1
    counter.save()
    return f"{letter}-{year}-{counter.last:03d}"
