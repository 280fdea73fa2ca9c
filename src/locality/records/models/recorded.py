"""What every recorded thing has in common: an event behind it, a history, and one way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from django.db import models
from simple_history.models import HistoricalRecords

_acting: ContextVar[bool] = ContextVar("acting", default=False)


class WrittenByActionsOnly(RuntimeError):
    """Code outside ``locality.records.actions`` tried to write: a mistake in the program."""


@contextmanager
def acting() -> Iterator[None]:
    """Let models be saved while the block runs; for ``locality.records.actions`` alone."""
    token = _acting.set(True)
    try:
        yield
    finally:
        _acting.reset(token)


def _refuse(what: str) -> NoReturn:
    raise WrittenByActionsOnly(
        f"{what} is written by locality.records.actions only, so that every change has its event"
    )


class RecordedQuerySet(models.QuerySet):
    """Reads freely; rows are written one at a time by actions, and never in bulk or removed."""

    def update(self, **kwargs: Any) -> int:
        """Refuse: a bulk update would leave no history."""
        _refuse(self.model.__name__)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: what was recorded is closed or withdrawn, not removed."""
        _refuse(self.model.__name__)

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Refuse: a bulk insert would leave no history."""
        _refuse(self.model.__name__)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Refuse: a bulk update would leave no history."""
        _refuse(self.model.__name__)


class Guarded(models.Model):
    """A model that only an action can save, and nothing can remove."""

    objects = RecordedQuerySet.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, if an action is at work; raise WrittenByActionsOnly otherwise."""
        if not _acting.get():
            _refuse(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: what was recorded is closed or withdrawn, not removed."""
        _refuse(type(self).__name__)


class Recorded(Guarded):
    """A model whose every state names the event that brought it about."""

    event = models.ForeignKey(
        "records.Event",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The last event that changed it; serves as its version.",
    )

    class Meta:
        """No table of its own."""

        abstract = True


def history(table: str) -> HistoricalRecords:
    """Return the history of a model, kept in ``table``; who and why are plain text."""
    return HistoricalRecords(
        table_name=table,
        bases=(Guarded,),
        history_user_id_field=models.CharField(max_length=100),
        history_user_getter=lambda row: row.history_user_id,
        history_user_setter=_set_user,
        get_user=lambda instance, **_: instance.event.who,
        history_change_reason_field=models.TextField(blank=True),
    )


def _set_user(row: Any, user: str) -> None:
    row.history_user_id = user
