"""Notes: what someone knows about an organisation's figures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.recorded import Recorded, history


class Note(Recorded):
    """A few sentences about an organisation, or about one of its measures.

    Words are never rewritten: a note that no longer stands is withdrawn, and says why.
    """

    code = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60, help_text="ODS code, or a group's own code.")
    measure = models.CharField(max_length=120, blank=True, help_text="Empty: all of it.")
    text = models.TextField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_why = models.TextField(blank=True)

    history = history("records_note_history")

    class Meta:
        """Constraints: someone's words about something; withdrawn wholly or not at all."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("organisation", "measure"), name="note_subject"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="n-") & ~Q(organisation="") & ~Q(text="") & ~Q(by=""),
                name="note_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="", withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawn_why="")),
                name="note_withdrawn_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} about {self.organisation} by {self.by}"

    @property
    def stands(self) -> bool:
        """Return whether the note has not been withdrawn."""
        return self.withdrawn_at is None
