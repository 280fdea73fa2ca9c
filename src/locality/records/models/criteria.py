"""Criteria: what is looked at, with which weights and scales, in versions that are locked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from locality.judging import criteria as engine
from locality.judging.scales import PLACES, Scale
from locality.judging.weights import METHODS
from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import Recorded, history


class Purpose(models.TextChoices):
    """What a set of criteria, and a scoring by it, is for."""

    PRIORITY = "priority setting", "Setting priorities"
    PROVIDER = "provider selection", "Choosing a provider"
    CONTRACT = "contract review", "Reviewing a contract"
    PRACTICE = "practice maturity", "How far a practice has come"
    SKILLS = "skills", "Skills of people"
    OTHER = "other", "Something else"


def score_number(**options: Any) -> models.DecimalField:
    """Return a column for a score, a weight or an end of a scale."""
    return models.DecimalField(max_digits=9, decimal_places=PLACES, **options)


class CriteriaSet(Recorded):
    """One version of a list of criteria. Locked before the first score, and then it stays."""

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160)
    purpose = models.CharField(max_length=20, choices=Purpose)
    method = models.CharField(max_length=20, help_text="How weights come about.")
    number = models.PositiveSmallIntegerField(help_text="Which version of it this is, from 1.")
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=100, blank=True)

    history = history("records_criteriaset_history")

    class Meta:
        """Constraints: whole; locked wholly or not at all; versions follow each other in a line."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__startswith="C-")
                & ~Q(title="")
                & Q(purpose__in=Purpose.values)
                & Q(method__in=tuple(METHODS)),
                name="criteriaset_whole",
            ),
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by="")
                | (Q(locked_at__isnull=False) & ~Q(locked_by="")),
                name="criteriaset_locked_whole",
            ),
            models.CheckConstraint(
                condition=Q(number=1, supersedes=None) | Q(number__gt=1, supersedes__isnull=False),
                name="criteriaset_versions",
            ),
            models.UniqueConstraint(
                fields=("supersedes",),
                condition=Q(supersedes__isnull=False),
                name="criteriaset_one_next",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def code(self) -> str:
        """Return its reference, by which addresses name it."""
        return str(self.reference)

    @property
    def is_locked(self) -> bool:
        """Return whether it can change no more."""
        return self.locked_at is not None

    @property
    def rows(self) -> list[Criterion]:
        """Return its criteria in order."""
        return list(self.criteria.filter(ended_at=None).order_by("position"))

    @property
    def plain(self) -> engine.Criteria:
        """Return its criteria as the engine takes them."""
        return engine.Criteria(self.method, tuple(one.plain for one in self.rows))

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Criterion(Ending):
    """One thing that is looked at, with the weight that was given and its scale.

    While its set is open, a change ends the row and writes another. Once ``locked``, the database
    itself refuses any change.
    """

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    meaning = models.TextField(blank=True)
    domain = models.CharField(max_length=80, blank=True)
    weight = score_number(help_text="As given: points, a place or a swing.")
    lower = score_number()
    upper = score_number()
    step = score_number()
    anchors = models.JSONField(default=dict, help_text="Value, as text, -> its words.")
    locked = models.BooleanField(default=False)

    history = history("records_criterion_history")

    class Meta:
        """Constraints: whole; a scale with steps; a place and a name once in a set."""

        ordering = ("criteria_set", "position", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(by="") & Q(weight__gte=0), name="criterion_whole"
            ),
            models.CheckConstraint(
                condition=Q(lower__lt=F("upper"), step__gt=0), name="criterion_scale"
            ),
            models.CheckConstraint(
                condition=Q(locked=False) | Q(ended_at=None), name="criterion_locked_stands"
            ),
            ended_whole("criterion_ended_whole"),
            models.UniqueConstraint(
                fields=("criteria_set", "position"),
                condition=Q(ended_at=None),
                name="criterion_one_place",
            ),
            models.UniqueConstraint(
                F("criteria_set"), Lower("name"), condition=Q(ended_at=None),
                name="criterion_one_name",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> Scale:
        """Return the scale on which it is scored."""
        words = {Decimal(value).normalize(): text for value, text in self.anchors.items()}
        return Scale(self.lower, self.upper, self.step, words)

    @property
    def plain(self) -> engine.Criterion:
        """Return it as the engine takes it."""
        return engine.Criterion(self.name, self.scale, self.weight, self.meaning, self.domain)
