"""From state to state: along what may follow, with each step in the log."""

from __future__ import annotations

from typing import Any

from locality.records.actions.refusing import Refusal
from locality.records.actions.writing import keep
from locality.records.models import Event, Transition


def began(thing: Any, because: Event) -> None:
    """Keep ``thing`` in its first state, by the event that made it."""
    keep(thing, because)
    _log(because, "", thing.state)


def move(thing: Any, to: str, because: Event) -> None:
    """Keep ``thing`` in the state ``to``, by its event; Refusal where that may not follow.

    What may follow each state is the class's own ``FOLLOWING``.
    """
    may_follow(thing, to)
    before, thing.state = thing.state, to
    keep(thing, because)
    _log(because, before, to)


def may_follow(thing: Any, to: str) -> None:
    """Raise Refusal, in the field ``state``, unless ``thing`` may go to the state ``to``."""
    following = type(thing).FOLLOWING[thing.state]
    if to not in following:
        may = " or ".join(following) or "nothing more"
        raise Refusal("state", f"It is {thing.state}; what may follow is {may}.")


def _log(because: Event, before: str, after: str) -> None:
    Transition(
        subject_kind=because.subject_kind,
        subject=because.subject,
        from_state=before,
        to_state=after,
        event=because,
    ).save()
