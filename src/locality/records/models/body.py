"""Bodies that meet and settle things, who sits in them, and when they may settle anything."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.person import Post
from locality.records.models.recorded import Recorded, history


class BodyKind(models.TextChoices):
    """What sort of body it is."""

    BOARD = "board", "Board"
    COMMITTEE = "committee", "Committee"
    PANEL = "panel", "Panel"
    NETWORK = "network", "Network or neighbourhood meeting"
    PARTNERS = "partners", "Partners' or practice meeting"
    PATIENTS = "patients", "Patient participation group"
    OTHER = "other", "Another body"


class SeatRole(models.TextChoices):
    """What somebody does in a body."""

    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice chair", "Vice chair"
    MEMBER = "member", "Member"
    ATTENDING = "in attendance", "In attendance"


class Body(Recorded):
    """Something that meets: for whom it acts, by what consent, and what may be brought to it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=BodyKind)
    organisation = models.CharField(max_length=60, blank=True, help_text="Whose body it is.")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        help_text="The body to which it answers.",
    )  # fmt: skip
    acts_for = models.TextField(help_text="For whom it acts.")
    consent = models.TextField(blank=True, help_text="By what consent, law or agreement.")
    bring = models.TextField(blank=True, help_text="What to bring to it.")
    contact = models.TextField(blank=True, help_text="Whom to contact.")
    task = models.TextField(blank=True, help_text="What it is there to do.")
    needs_tags = models.JSONField(default=list, help_text="What its task needs at the table.")
    opened_on = models.DateField(help_text="First day.")
    closed_on = models.DateField(null=True, blank=True, help_text="First day it is no more.")

    history = history("records_body_history")

    class Meta:
        """Constraints: whole, not its own parent, dates in order, one open by a name."""

        ordering = ("name", "code")
        verbose_name_plural = "bodies"
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="b-")
                & ~Q(name="")
                & ~Q(acts_for="")
                & Q(kind__in=BodyKind.values),
                name="body_whole",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | (Q(parent__isnull=False) & ~Q(parent=F("id"))),
                name="body_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(closed_on__isnull=False, closed_on__gte=F("opened_on")),
                name="body_dates",
            ),
            models.UniqueConstraint(
                Lower("name"), F("organisation"), condition=Q(closed_on=None),
                name="body_one_open_by_a_name",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Return whether it has not been closed."""
        return self.closed_on is None

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Seat(Recorded):
    """A post's place in a body, from ``from_day`` up to but not including ``to_day``."""

    code = models.CharField(max_length=20, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20, choices=SeatRole)
    voting = models.BooleanField()
    from_day = models.DateField(help_text="First day.")
    to_day = models.DateField(null=True, blank=True, help_text="First day it is held no more.")

    history = history("records_seat_history")

    class Meta:
        """Constraints: whole, days in order, one open seat a post, one open chair a body."""

        ordering = ("body", "role", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="s-") & Q(role__in=SeatRole.values), name="seat_whole"
            ),
            models.CheckConstraint(
                condition=~Q(role=SeatRole.ATTENDING) | Q(voting=False), name="seat_votes"
            ),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__isnull=False, to_day__gt=F("from_day")),
                name="seat_days_in_order",
            ),
            models.UniqueConstraint(
                fields=("body", "post"), condition=Q(to_day=None), name="seat_one_open"
            ),
            models.UniqueConstraint(
                fields=("body",),
                condition=Q(to_day=None, role=SeatRole.CHAIR),
                name="seat_one_chair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.body_id}: {self.post_id}"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class QuorumRule(Ending):
    """One thing that must be so before a body may settle anything; all of its rules must hold.

    At least ``minimum`` of those present, counting only holders of one of the tags ``any_of``
    (any at all where it is empty) and only those who vote where ``voting_only``.
    """

    code = models.CharField(max_length=20, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="quorum")
    position = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField()
    any_of = models.JSONField(default=list)
    voting_only = models.BooleanField()

    history = history("records_quorumrule_history")

    class Meta:
        """Constraints: at least one, its place in the body's list, ended wholly or not at all."""

        ordering = ("body", "position", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="u-") & Q(minimum__gte=1) & ~Q(by=""),
                name="quorumrule_whole",
            ),
            ended_whole("quorumrule_ended_whole"),
            models.UniqueConstraint(
                fields=("body", "position"), condition=Q(ended_at=None), name="quorumrule_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.minimum} of {self.any_of or 'anyone'}"
