"""Settings: what this house decided to do its own way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.recorded import Recorded, history


class Setting(Recorded):
    """One setting, for the whole house or for one organisation or period.

    ``value`` is empty once the house went back to the usual value; the row stays, with its
    history. Which settings there are: :mod:`locality.records.offered`.
    """

    name = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, blank=True, help_text="Empty: the house.")
    period = models.CharField(max_length=25, blank=True, help_text="Period code; empty: any.")
    value = models.JSONField(null=True, help_text="Whole number, flag or text; money is text.")

    history = history("records_setting_history")

    class Meta:
        """Constraints: one value for a name, organisation and period."""

        ordering = ("name", "organisation", "period")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="setting_has_name"),
            models.UniqueConstraint(
                fields=("name", "organisation", "period"), name="setting_one_value"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} = {self.value}"

    @property
    def subject(self) -> str:
        """Return what the event log calls it: name, organisation and period, as far as set."""
        return "/".join(filter(None, (self.name, self.organisation, self.period)))
