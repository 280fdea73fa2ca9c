"""What people say of a signal: whether it is explained, and where new limits begin."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import history


class MarkState(models.TextChoices):
    """What is known of a signal. Variation that meets need is no fault."""

    UNEXPLAINED = "unexplained", "Unexplained"
    DATA_PROBLEM = "data problem", "A data problem"
    WARRANTED = "warranted", "Warranted: it meets need"
    WORKED_ON = "being worked on", "Being worked on"


class Mark(Ending):
    """What somebody says of one measure of one organisation, until the day it is looked at again.

    One stands at a time; the next one ends it.
    """

    code = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60, help_text="ODS code, or a group's own code.")
    measure = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=MarkState.choices)
    reason = models.TextField()
    review_on = models.DateField(help_text="When it is looked at again.")

    history = history("records_mark_history")

    class Meta:
        """Constraints: whole, one at a time, ended wholly or not at all."""

        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="m-")
                & ~Q(organisation="")
                & ~Q(measure="")
                & ~Q(reason="")
                & ~Q(by="")
                & Q(state__in=MarkState.values),
                name="mark_whole",
            ),
            ended_whole("mark_ended_whole"),
            models.UniqueConstraint(
                fields=("organisation", "measure"), condition=Q(ended_at=None), name="mark_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.organisation} {self.measure} is {self.state}"


class Rebase(Ending):
    """New limits on one organisation's control chart, from a period on, with the reason why."""

    code = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60, help_text="ODS code, or a group's own code.")
    measure = models.CharField(max_length=120)
    period = models.CharField(max_length=25, help_text="Period code: the first with new limits.")
    reason = models.TextField()
    proposed = models.BooleanField(help_text="Whether the program asked about this very period.")

    history = history("records_rebase_history")

    class Meta:
        """Constraints: whole, one for a period, ended wholly or not at all."""

        ordering = ("organisation", "measure", "period")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="r-")
                & ~Q(organisation="")
                & ~Q(measure="")
                & ~Q(period="")
                & ~Q(reason="")
                & ~Q(by=""),
                name="rebase_whole",
            ),
            ended_whole("rebase_ended_whole"),
            models.UniqueConstraint(
                fields=("organisation", "measure", "period"),
                condition=Q(ended_at=None),
                name="rebase_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.organisation} {self.measure} from {self.period}"
