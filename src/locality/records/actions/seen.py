"""Two people at one thing: the second is told what changed before anything is overwritten."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from locality.records.actions.refusing import Refusal
from locality.records.models import Event

#: What is never a change that a reader would care about.
_PASSING = frozenset({"id", "event", "event_id"})


class Changed(Refusal):
    """What is to be changed was changed by somebody since the form was opened.

    ``version`` is what it stands at now: sent again with it, the form is taken.
    """

    def __init__(self, sentence: str, version: int) -> None:
        self.version = version
        super().__init__("seen", sentence)


def unchanged(thing: Any, seen: str | int | None) -> None:
    """Raise Changed unless ``thing`` still stands as it was ``seen``; None asks nothing.

    ``seen`` is the version (``event_id``) that the form showed. The sentence says who changed
    what since, from what to what.
    """
    if seen is None or seen == "":
        return
    text = str(seen).strip()
    if text == str(thing.event_id):
        return
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refusal("seen", "This form is not whole. Open it again, please.")
    last: Event = thing.event
    when = f"{timezone.localtime(last.at):%-d %B %Y at %H:%M}"
    what = "; ".join(_differences(thing, int(text))) or f"{last.what}: {last.why}"
    raise Changed(
        f"{last.who} changed this on {when}, after you opened it ({what}). Nothing of yours is "
        "lost: look at it, then save again to keep what you have typed.",
        int(thing.event_id),
    )


def _differences(thing: Any, seen: int) -> list[str]:
    """Return what differs from the version ``seen``: field, what it was, what it is."""
    then = thing.history.filter(event_id=seen).order_by("-history_id").first()
    if then is None:
        return []
    said = []
    for field in type(thing)._meta.concrete_fields:
        if field.name in _PASSING:
            continue
        before, now = getattr(then, field.attname), getattr(thing, field.attname)
        if before != now:
            name = field.verbose_name
            said.append(f"{name} was {_shown(before)}, is {_shown(now)}")
    return said


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return "empty"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"“{text}”" if len(text) <= 80 else f"“{text[:77]}…”"
