"""People and their posts: who they are, what they do where, and how far they may go alone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import Recorded, history


class PostTag(models.TextChoices):
    """What somebody brings to a table: a quorum asks for these, and so does a body's task."""

    GP = "gp", "GP"
    NURSE = "nurse", "Nurse"
    PHARMACIST = "pharmacist", "Pharmacist"
    CLINICIAN = "other clinician", "Other clinician"
    PRACTICE_MANAGER = "practice manager", "Practice manager"
    SECONDARY = "secondary care", "Secondary care"
    FINANCE = "finance", "Finance"
    PUBLIC_HEALTH = "public health", "Public health"
    COUNCIL = "council", "Council"
    LAY = "lay", "Lay member"
    PATIENT = "patient", "Patient"
    INDEPENDENT = "independent", "Independent of those who decide"


class Person(Ending):
    """Somebody who acts here: by name, never a patient. Ended when they leave altogether."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    email = models.CharField(max_length=200, blank=True)

    history = history("records_person_history")

    class Meta:
        """Constraints: a code and a name; an address belongs to one person at a time."""

        ordering = ("name", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="p-") & ~Q(name="") & ~Q(by=""), name="person_whole"
            ),
            ended_whole("person_ended_whole"),
            models.UniqueConstraint(
                Lower("email"), condition=Q(ended_at=None) & ~Q(email=""), name="person_one_email"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def signature(self) -> str:
        """Return how this person signs what they do: two of one name are told apart."""
        return f"{self.name}, {self.code}"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Post(Recorded):
    """What a person does for an organisation, from ``from_day`` up to but not including ``to_day``.

    ``limit`` is what the organisation lets its holder decide alone, in pounds: empty is not
    stated, which is not the same as nothing.
    """

    code = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.CharField(max_length=60, help_text="ODS code, or a group's own code.")
    title = models.CharField(max_length=100)
    tags = models.JSONField(default=list, help_text="What its holder brings to a table.")
    decision_maker = models.BooleanField(help_text="Whether it takes part in spending decisions.")
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    from_day = models.DateField(help_text="First day.")
    to_day = models.DateField(null=True, blank=True, help_text="First day it is held no more.")

    history = history("records_post_history")

    class Meta:
        """Constraints: whole, days in order, no limit below nothing."""

        ordering = ("organisation", "title", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="o-") & ~Q(title="") & ~Q(organisation=""),
                name="post_whole",
            ),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__isnull=False, to_day__gt=F("from_day")),
                name="post_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(limit__isnull=False, limit__gte=0),
                name="post_limit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.organisation})"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)
