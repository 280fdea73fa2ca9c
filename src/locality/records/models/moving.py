"""States through time, and the numbers by which people know things."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.event import WrittenOnce
from locality.records.models.recorded import Guarded


class Transition(WrittenOnce):
    """One step of a thing from state to state; the first comes from none. Never changed.

    When, who and why are those of its event.
    """

    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    event = models.ForeignKey("records.Event", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Constraints: about something, to somewhere else."""

        ordering = ("id",)
        indexes = (models.Index(fields=("subject_kind", "subject", "id"), name="transition_of"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(subject="")
                & ~Q(subject_kind="")
                & ~Q(to_state="")
                & ~Q(from_state=models.F("to_state")),
                name="transition_whole",
            ),
            # The first state of a thing is reached once, whoever else is writing.
            models.UniqueConstraint(
                fields=("subject_kind", "subject"),
                condition=Q(from_state=""),
                name="transition_one_beginning",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.from_state or 'begun'} -> {self.to_state}"


class Numbering(Guarded):
    """The last number given under a letter in a year: D-2026-014 is letter D, year 2026, 14."""

    letter = models.CharField(max_length=1)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        """Constraints: one row a letter and year, counting from one."""

        ordering = ("letter", "year")
        constraints = (
            models.UniqueConstraint(fields=("letter", "year"), name="numbering_one"),
            models.CheckConstraint(
                condition=Q(letter__regex=r"^[A-Z]$") & Q(last__gte=1), name="numbering_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter}-{self.year}-{self.last:03d}"
