"""Values of payment rules that somebody here read in the document and entered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import history


class EnteredRule(Ending):
    """One value of one rule from one day to another, with the document it was read in.

    It stands in ``HOME/knowledge/rules/entered.toml`` until it is ended.
    """

    code = models.CharField(max_length=20, unique=True)
    rule = models.CharField(max_length=120, help_text="Its id, such as qof.aspiration_share.")
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=100)
    from_day = models.DateField()
    to_day = models.DateField(help_text="Last day.")
    value = models.CharField(max_length=24, help_text="Decimal as text, every digit kept.")
    reference = models.TextField(help_text="The document it was read in.")
    address = models.CharField(max_length=500, blank=True)
    signed_off = models.BooleanField(
        help_text="Whether it confirms, from the document, a value that ships second hand."
    )

    history = history("records_enteredrule_history")

    class Meta:
        """Constraints: whole, a plain number, days in order, one for a rule and first day."""

        ordering = ("rule", "from_day", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="v-")
                & ~Q(rule="")
                & ~Q(title="")
                & ~Q(unit="")
                & ~Q(reference="")
                & ~Q(by=""),
                name="enteredrule_whole",
            ),
            models.CheckConstraint(
                condition=Q(value__regex=r"^(0|[1-9][0-9]{0,11})([.][0-9]{1,8})?$"),
                name="enteredrule_number",
            ),
            models.CheckConstraint(
                condition=Q(to_day__gte=F("from_day")), name="enteredrule_days_in_order"
            ),
            ended_whole("enteredrule_ended_whole"),
            models.UniqueConstraint(
                fields=("rule", "from_day"), condition=Q(ended_at=None), name="enteredrule_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.rule} is {self.value} from {self.from_day}"
