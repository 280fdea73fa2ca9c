"""The action log: what somebody has taken on, by when, and what shows that it is done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from locality.records.models.body import Body
from locality.records.models.ending import Ending, ended_whole
from locality.records.models.person import Person
from locality.records.models.recorded import Recorded, history


class ActionState(models.TextChoices):
    """How far an action has come."""

    OPEN = "open", "Open"
    STARTED = "in progress", "In progress"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class OriginKind(models.TextChoices):
    """What an action came out of."""

    NONE = "none", "Nothing in particular"
    BODY = "body", "A meeting of a body"
    SCORING = "scoring", "A scoring"
    CHECKLIST = "checklist", "A checklist"
    CRITERIA = "criteria set", "A set of criteria"
    MARK = "mark", "What is known of a signal"
    REQUEST = "request", "A request"
    FEEDBACK = "feedback", "Feedback"
    RULE = "rule", "A number that was entered"


#: States in which something is still to be done.
TO_DO = (ActionState.OPEN, ActionState.STARTED)


class Action(Recorded):
    """Something that its owner does, and for which somebody is accountable, by a day.

    Done says what shows it; dropped says why. Nothing about a patient.
    """

    FOLLOWING: ClassVar[dict[str, tuple[str, ...]]] = {
        "open": ("in progress", "done", "dropped"),
        "in progress": ("done", "dropped"),
        "done": ("open",),
        "dropped": ("open",),
    }

    reference = models.CharField(max_length=20, unique=True)
    what = models.CharField(max_length=300)
    origin_kind = models.CharField(max_length=20, choices=OriginKind)
    origin = models.CharField(max_length=60, blank=True, help_text="Its code or reference.")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="owns")
    accountable = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="answers_for")
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    organisation = models.CharField(max_length=60, blank=True, help_text="For which, by code.")
    depends_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="holds_up"
    )
    due_on = models.DateField(verbose_name="day it is due")
    first_due = models.DateField(help_text="The day it was first due.")
    moved = models.PositiveSmallIntegerField(default=0, help_text="How often its day was moved.")
    state = models.CharField(max_length=20, choices=ActionState)
    evidence = models.TextField(blank=True, help_text="What shows that it is done.")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=100, blank=True)
    dropped_why = models.TextField(blank=True)

    history = history("records_action_history")

    class Meta:
        """Constraints: whole for its state; not held up by itself; an origin or none."""

        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("state", "due_on"), name="action_due"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__startswith="A-")
                & ~Q(what="")
                & Q(state__in=ActionState.values)
                & Q(origin_kind__in=OriginKind.values),
                name="action_whole",
            ),
            models.CheckConstraint(
                condition=Q(origin_kind=OriginKind.NONE, origin="")
                | (~Q(origin_kind=OriginKind.NONE) & ~Q(origin="")),
                name="action_origin_whole",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ActionState.DONE, done_on__isnull=False, dropped_why="")
                    & ~Q(evidence="")
                    & ~Q(done_by="")
                )
                | (
                    Q(state=ActionState.DROPPED, done_on=None, done_by="", evidence="")
                    & ~Q(dropped_why="")
                )
                | Q(state__in=TO_DO, done_on=None, done_by="", evidence="", dropped_why=""),
                name="action_ends_whole",
            ),
            models.CheckConstraint(
                condition=Q(depends_on=None)
                | (Q(depends_on__isnull=False) & ~Q(depends_on=F("id"))),
                name="action_not_held_up_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(moved=0) | Q(moved__gt=0, first_due__isnull=False), name="action_moved"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.what}"

    @property
    def code(self) -> str:
        """Return its reference, by which addresses name it."""
        return str(self.reference)

    @property
    def is_to_do(self) -> bool:
        """Return whether something is still to be done."""
        return self.state in TO_DO

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Feed(Ending):
    """A person's calendar feed: only the hash of its address is kept."""

    code = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True)

    history = history("records_feed_history")

    class Meta:
        """Constraints: whole, one standing a person, ended wholly or not at all."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="f-") & Q(token_hash__regex=r"^[0-9a-f]{64}$"),
                name="calendarfeed_whole",
            ),
            ended_whole("calendarfeed_ended_whole"),
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="calendarfeed_one"
            ),
        )

    def __str__(self) -> str:
        return f"the calendar of {self.person_id}"
