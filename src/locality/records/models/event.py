"""The log: who did what, when and why. Written once, never changed, never removed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from locality.records.models.recorded import Guarded, RecordedQuerySet


class AppendOnly(RuntimeError):
    """Something tried to change or remove an event: a mistake in the program."""

    def __init__(self) -> None:
        super().__init__("an event is never changed or removed; write a new one")


#: What an event may be about.
SUBJECTS = (
    "group",
    "setting",
    "note",
    "mark",
    "rebase",
    "request",
    "effort",
    "feedback",
    "rule",
    "person",
    "post",
    "body",
    "seat",
    "account",
    "grant",
    "criteria set",
    "scoring",
    "checklist",
    "action",
    "feed",
)


class EventQuerySet(RecordedQuerySet):
    """Reads events; changes none."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly


class WrittenOnce(Guarded):
    """A row that is written once: triggers in the database hold the same promise."""

    objects = EventQuerySet.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise AppendOnly for one that is already written."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly


class Event(WrittenOnce):
    """One thing that was done. ``id`` is its place in the sequence."""

    at = models.DateTimeField(help_text="When, by the clock of the computer that wrote it.")
    who = models.CharField(max_length=100)
    what = models.CharField(max_length=60, help_text="As group.created.")
    why = models.TextField(blank=True, help_text="May be empty where a note speaks for itself.")
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, help_text="The subject's own code.")
    detail = models.JSONField(default=dict, help_text="What changed: plain values.")

    class Meta:
        """Constraints: nobody, nothing and no reason are not an event."""

        ordering = ("id",)
        indexes = (models.Index(fields=("subject_kind", "subject", "id"), name="event_subject"),)
        constraints = (
            models.CheckConstraint(condition=~Q(who=""), name="event_has_who"),
            models.CheckConstraint(condition=~Q(what=""), name="event_has_what"),
            models.CheckConstraint(
                condition=Q(what="note.added") | ~Q(why=""), name="event_has_why"
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=SUBJECTS) & ~Q(subject=""),
                name="event_has_subject",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.what} {self.subject} by {self.who}"
