"""Scoring: who scores what by locked criteria, their scores, and what they agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from locality.records.models.body import Body
from locality.records.models.criteria import CriteriaSet, Criterion, Purpose, score_number
from locality.records.models.ending import Ending, ended_whole
from locality.records.models.person import Person
from locality.records.models.recorded import Recorded, history


class ScoringState(models.TextChoices):
    """How far a scoring has come."""

    DRAFTED = "drafted", "Being prepared"
    OPEN = "open", "Being scored"
    REVEALED = "revealed", "Scores shown"
    AGREED = "agreed", "Agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AssessorRole(models.TextChoices):
    """As what somebody scores: it says which subjects are theirs."""

    MEMBER = "member", "Scores everything"
    SELF = "self", "Scores themself"
    PEER = "peer", "Scores the others"
    BOTH = "self and peer", "Scores themself and the others"


class Scoring(Recorded):
    """People score subjects by a locked set of criteria, each alone, and then agree together.

    Nobody sees another's scores before ``revealed_at``: when all who may score have, or when a
    chair shows them early and says why.
    """

    FOLLOWING: ClassVar[dict[str, tuple[str, ...]]] = {
        "drafted": ("open", "withdrawn"),
        "open": ("revealed", "withdrawn"),
        "revealed": ("agreed", "withdrawn"),
        "agreed": ("withdrawn",),
        "withdrawn": (),
    }

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160)
    purpose = models.CharField(max_length=20, choices=Purpose)
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="scorings"
    )
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="scorings")
    score_by = models.DateField(null=True, blank=True, help_text="Day by which people score.")
    margin = score_number(
        help_text="How far from the median an agreed score may be without a reason, in steps of "
        "the scale."
    )
    state = models.CharField(max_length=20, choices=ScoringState)
    revealed_at = models.DateTimeField(null=True, blank=True)
    early_why = models.TextField(blank=True, help_text="Why scores were shown before all were in.")
    withdrawn_why = models.TextField(blank=True)

    history = history("records_scoring_history")

    class Meta:
        """Constraints: whole for its state: revealed or not, withdrawn with its reason."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__startswith="S-")
                & ~Q(title="")
                & Q(purpose__in=Purpose.values)
                & Q(state__in=ScoringState.values)
                & Q(margin__gte=0),
                name="scoring_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(ScoringState.DRAFTED, ScoringState.OPEN),
                    revealed_at=None,
                    early_why="",
                )
                | Q(
                    state__in=(ScoringState.REVEALED, ScoringState.AGREED),
                    revealed_at__isnull=False,
                )
                | (
                    Q(state=ScoringState.WITHDRAWN)
                    & (Q(revealed_at__isnull=False) | Q(early_why=""))
                ),
                name="scoring_revealed_whole",
            ),
            models.CheckConstraint(
                condition=(Q(state=ScoringState.WITHDRAWN) & ~Q(withdrawn_why=""))
                | (~Q(state=ScoringState.WITHDRAWN) & Q(withdrawn_why="")),
                name="scoring_withdrawn_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def code(self) -> str:
        """Return its reference, by which addresses name it."""
        return str(self.reference)

    @property
    def is_shown(self) -> bool:
        """Return whether scores may be seen by others than those who gave them."""
        return self.revealed_at is not None

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Subject(Ending):
    """One thing, or one person, that is scored."""

    scoring = models.ForeignKey(Scoring, on_delete=models.PROTECT, related_name="subjects")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="scored"
    )
    words = models.TextField(blank=True)

    history = history("records_subject_history")

    class Meta:
        """Constraints: named; a place, a name and a person once in a scoring."""

        ordering = ("scoring", "position", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(by=""), name="subject_whole"),
            ended_whole("subject_ended_whole"),
            models.UniqueConstraint(
                fields=("scoring", "position"),
                condition=Q(ended_at=None),
                name="subject_one_place",
            ),
            models.UniqueConstraint(
                F("scoring"), Lower("name"), condition=Q(ended_at=None, person=None),
                name="subject_one_name",
            ),
            models.UniqueConstraint(
                fields=("scoring", "person"),
                condition=Q(ended_at=None, person__isnull=False),
                name="subject_one_person",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Assessor(Recorded):
    """Somebody who scores, or who may not, and why not. Submitted is a whole sheet or none."""

    scoring = models.ForeignKey(Scoring, on_delete=models.PROTECT, related_name="assessors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assesses")
    role = models.CharField(max_length=20, choices=AssessorRole)
    may_score = models.BooleanField(verbose_name="whether they may score")
    why_not = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, verbose_name="submitted")

    history = history("records_assessor_history")

    class Meta:
        """Constraints: once a scoring; may score, or not and why not, and then nothing is in."""

        ordering = ("scoring", "id")
        constraints = (
            models.UniqueConstraint(fields=("scoring", "person"), name="assessor_once"),
            models.CheckConstraint(
                condition=Q(role__in=AssessorRole.values)
                & (
                    Q(may_score=True, why_not="")
                    | (Q(may_score=False, submitted_at=None) & ~Q(why_not=""))
                ),
                name="assessor_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} scores {self.scoring_id}"

    @property
    def is_awaited(self) -> bool:
        """Return whether this person's sheet is still waited for."""
        return self.may_score and self.submitted_at is None

    def scores_subject(self, subject: Subject) -> bool:
        """Return whether ``subject`` is one that this person is asked to score."""
        if self.role == AssessorRole.SELF:
            return subject.person_id == self.person_id
        if self.role == AssessorRole.PEER:
            return subject.person_id != self.person_id
        return True

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Score(Recorded):
    """One cell of one person's sheet. Without a value it is not scored yet."""

    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="scores")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = score_number(null=True, blank=True)
    comment = models.TextField(blank=True)

    history = history("records_score_history")

    class Meta:
        """Constraint: one a cell, whoever else is writing."""

        ordering = ("assessor", "subject", "criterion")
        constraints = (
            models.UniqueConstraint(
                fields=("assessor", "subject", "criterion"), name="score_one_a_cell"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessor_id}: {self.subject_id} by {self.criterion_id}"


class AgreedScore(Recorded):
    """What all settled on, with its reason where it departs from the middle of their scores."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="agreed")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="agreed")
    value = score_number()
    median = score_number(null=True, blank=True, help_text="Of the scores, when this was agreed.")
    departs = models.BooleanField(verbose_name="whether it departs from the median")
    reason = models.TextField(blank=True)

    history = history("records_agreedscore_history")

    class Meta:
        """Constraints: one a cell; a departure has its reason."""

        ordering = ("subject", "criterion")
        constraints = (
            models.UniqueConstraint(fields=("subject", "criterion"), name="agreedscore_one"),
            models.CheckConstraint(
                condition=Q(departs=False) | ~Q(reason=""), name="agreedscore_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} by {self.criterion_id}: {self.value}"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)
