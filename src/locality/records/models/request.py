"""What people ask of an owner, what a practice says of itself, and what a measure costs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.recorded import Recorded, history


class RequestKind(models.TextChoices):
    """What is asked for: each goes to an owner, who owes an answer."""

    CHANGE = "change", "A change to a measure"
    ACCOUNT = "account", "A practice's account of itself"
    DATA_PROBLEM = "data problem", "A problem with the data"
    WARRANTED = "warranted", "Warranted: it meets need"


class RequestState(models.TextChoices):
    """How far a request has come."""

    RECEIVED = "received", "Received"
    CONSIDERED = "being considered", "Being considered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: States in which an answer is still owed; only from these can it be withdrawn.
OPEN_STATES = (RequestState.RECEIVED, RequestState.CONSIDERED)
#: States in which everybody can read an answer.
ANSWERED_STATES = (RequestState.ACCEPTED, RequestState.DECLINED, RequestState.ANSWERED)
#: From each state, those that its owner may move it to.
_LAST = ("accepted", "declined", "answered")
FOLLOWING: dict[str, tuple[str, ...]] = {
    "received": ("being considered", *_LAST),
    "being considered": _LAST,
    "accepted": (),
    "declined": (),
    "answered": (),
    "withdrawn": (),
}


class Request(Recorded):
    """What somebody puts to an owner, with an answer that all can read.

    One that is withdrawn has no answer; its last event says who withdrew it, when and why.
    """

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=RequestKind.choices)
    about = models.CharField(
        max_length=20, blank=True, help_text="Code of the mark or feedback it belongs to."
    )
    measure = models.CharField(max_length=120, blank=True, help_text="Empty only for an account.")
    organisation = models.CharField(max_length=60, blank=True, help_text="On whose behalf.")
    text = models.TextField()
    owner = models.CharField(max_length=100, help_text="The role that answers.")
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    due_on = models.DateField(help_text="By when an answer is owed.")
    state = models.CharField(max_length=20, choices=RequestState.choices)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    history = history("records_request_history")

    class Meta:
        """Constraints: whole for its kind; an answer, with who and when, where there is one."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("about", "state"), name="request_about"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="q-")
                & ~Q(text="")
                & ~Q(owner="")
                & ~Q(by="")
                & Q(kind__in=RequestKind.values)
                & Q(state__in=RequestState.values),
                name="request_whole",
            ),
            models.CheckConstraint(
                condition=(Q(kind=RequestKind.ACCOUNT) | ~Q(measure=""))
                & (Q(kind=RequestKind.CHANGE) | ~Q(organisation="")),
                name="request_names_its_subject",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=(*OPEN_STATES, RequestState.WITHDRAWN))
                    & Q(answer="", answered_by="", answered_at=None)
                )
                | (
                    Q(state__in=ANSWERED_STATES, answered_at__isnull=False)
                    & ~Q(answer="")
                    & ~Q(answered_by="")
                ),
                name="request_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}, {self.kind}, {self.measure or self.organisation}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Return whether an answer is still owed."""
        return self.state in OPEN_STATES


class Effort(Ending):
    """What counting a measure costs, as somebody here said: it stands until somebody says anew."""

    code = models.CharField(max_length=20, unique=True)
    measure = models.CharField(max_length=120)
    minutes = models.DecimalField(max_digits=4, decimal_places=1, help_text="For each patient.")
    reminders = models.PositiveSmallIntegerField(help_text="Shown for each patient in a year.")
    crowds_out = models.TextField(blank=True, help_text="What is not done because of it.")

    history = history("records_effort_history")

    class Meta:
        """Constraints: whole, one for a measure, ended wholly or not at all."""

        ordering = ("measure", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="e-")
                & ~Q(measure="")
                & ~Q(by="")
                & Q(minutes__gte=0, minutes__lte=240),
                name="effort_whole",
            ),
            ended_whole("effort_ended_whole"),
            models.UniqueConstraint(
                fields=("measure",), condition=Q(ended_at=None), name="effort_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.measure} costs {self.minutes} minutes"
