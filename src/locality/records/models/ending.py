"""What stands until somebody ends it: a mark, new limits, what a measure costs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.recorded import Recorded


class Ending(Recorded):
    """Something that somebody said, which stands until it is ended, wholly or not at all."""

    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """No table of its own."""

        abstract = True

    @property
    def stands(self) -> bool:
        """Return whether nobody has ended it."""
        return self.ended_at is None


def ended_whole(name: str) -> models.CheckConstraint:
    """Return the constraint: ended with who, when and why, or not at all."""
    return models.CheckConstraint(
        condition=Q(ended_at=None, ended_by="", ended_why="")
        | (Q(ended_at__isnull=False) & ~Q(ended_by="") & ~Q(ended_why="")),
        name=name,
    )
