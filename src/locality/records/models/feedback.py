"""Feedback as it was sent: the frozen paper, and until when the practice has it alone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import history


class Feedback(Ending):
    """A paper that went to a practice about itself, as it was on the day; ended is withdrawn.

    ``evidence`` is the paper as canonical JSON text, the same bytes on every database, so that
    ``evidence_hash`` can be worked out anew by anybody at any time.
    """

    code = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60, help_text="ODS code, or a group's own code.")
    name = models.CharField(max_length=200, help_text="The organisation's name on that day.")
    title = models.CharField(max_length=200, help_text="The paper's own title.")
    data_version = models.CharField(max_length=120, help_text="The lake it was made from.")
    sent_on = models.DateField()
    reply_by = models.DateField(help_text="Last day on which the practice has it alone.")
    evidence = models.TextField(help_text="The frozen paper: JSON, keys in order, no spaces.")
    evidence_hash = models.CharField(max_length=64, help_text="sha256 of the evidence, UTF-8.")

    history = history("records_feedback_history")

    class Meta:
        """Constraints: whole, days in order, one of a version at a time, ended wholly or not."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="f-")
                & ~Q(organisation="")
                & ~Q(name="")
                & ~Q(title="")
                & ~Q(data_version="")
                & ~Q(evidence="")
                & ~Q(by=""),
                name="feedback_whole",
            ),
            models.CheckConstraint(
                condition=Q(evidence_hash__regex=r"^[0-9a-f]{64}$"), name="feedback_hash"
            ),
            models.CheckConstraint(
                condition=Q(reply_by__gt=F("sent_on")), name="feedback_days_in_order"
            ),
            ended_whole("feedback_ended_whole"),
            models.UniqueConstraint(
                fields=("organisation", "data_version"),
                condition=Q(ended_at=None),
                name="feedback_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.organisation} on {self.sent_on}"
