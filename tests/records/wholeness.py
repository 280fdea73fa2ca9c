"""What must be true of the records at any moment, whoever was killed while writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from locality.records.models import (
    Account,
    Action,
    Body,
    Checklist,
    CriteriaSet,
    Effort,
    EnteredRule,
    Event,
    Feed,
    Feedback,
    Grant,
    Group,
    Mark,
    Note,
    Numbering,
    Person,
    Post,
    Rebase,
    Request,
    Scoring,
    Seat,
    Setting,
    Transition,
)
from locality.records.models.recorded import Recorded

#: Where the subject of an event of each kind stands, and by which name.
SUBJECTS: dict[str, tuple[Any, str]] = {
    "group": (Group, "code"),
    "note": (Note, "code"),
    "mark": (Mark, "code"),
    "rebase": (Rebase, "code"),
    "request": (Request, "code"),
    "effort": (Effort, "code"),
    "feedback": (Feedback, "code"),
    "rule": (EnteredRule, "code"),
    "person": (Person, "code"),
    "post": (Post, "code"),
    "body": (Body, "code"),
    "seat": (Seat, "code"),
    "account": (Account, "code"),
    "grant": (Grant, "code"),
    "feed": (Feed, "code"),
    "criteria set": (CriteriaSet, "reference"),
    "scoring": (Scoring, "reference"),
    "checklist": (Checklist, "reference"),
    "action": (Action, "reference"),
}
#: Events that change no recorded thing: a password has no history, sign-in is a file in the home.
ALONE = ("account.password_", "sign_in.")
#: Letters under which things are numbered, and what is numbered so.
NUMBERED: dict[str, Any] = {"S": Scoring, "C": CriteriaSet, "K": Checklist, "A": Action}


def faults() -> list[str]:
    """Return one sentence for each thing that is not whole; none is how it must be."""
    return [*_database(), *_histories(), *_events(), *_transitions(), *_numbers()]


def _database() -> Iterator[str]:
    connection.check_constraints()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            for (said,) in cursor.fetchall():
                if said != "ok":
                    yield f"integrity_check: {said}"


def recorded() -> list[Any]:
    """Return the models whose rows name the event behind them, and have a history."""
    found = apps.get_app_config("records").get_models()
    return [one for one in found if issubclass(one, Recorded) and hasattr(one, "history")]


def _histories() -> Iterator[str]:
    """Every row stands as its last history row says, by the same event; none stands alone."""
    for model in recorded():
        name = model.__name__
        kept: dict[Any, list[Any]] = defaultdict(list)
        for past in model.history.model._base_manager.order_by("history_id"):
            kept[past.id].append(past)
        for row in model._base_manager.all():
            pasts = kept.pop(row.pk, [])
            if not pasts:
                yield f"{name} {row.pk} has no history"
                continue
            for field in model._meta.concrete_fields:
                if getattr(row, field.attname) != getattr(pasts[-1], field.attname):
                    yield f"{name} {row.pk}: {field.attname} is not what its history says"
            events = [past.event_id for past in pasts]
            if events != sorted(events):
                yield f"{name} {row.pk}: its history is out of order"
            for past in pasts:
                if past.history_user_id != past.event.who:
                    yield f"{name} {row.pk}: its history names another than its event"
        for pk in kept:
            yield f"{name} {pk} has a history and is not there"


def _events() -> Iterator[str]:
    """Every event has its subject, and something that it brought about."""
    known = {
        kind: set(model._base_manager.values_list(name, flat=True))
        for kind, (model, name) in SUBJECTS.items()
    }
    brought: set[int] = set()
    for model in apps.get_app_config("records").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Event:
                brought |= set(model._base_manager.values_list(field.attname, flat=True))
    settings = {one.subject for one in Setting._base_manager.all()} | {"sign-in"}
    for event in Event.objects.iterator():
        if event.subject_kind == "setting":
            there = event.subject in settings
        else:
            there = event.subject in known[event.subject_kind]
        if not there:
            yield f"event {event.pk} ({event.what}): its {event.subject_kind} is not there"
        if event.pk not in brought and not event.what.startswith(ALONE):
            yield f"event {event.pk} ({event.what}) brought nothing about"


def _transitions() -> Iterator[str]:
    """States follow one another without a gap, and end where the thing stands."""
    last: dict[tuple[str, str], str] = {}
    for one in Transition.objects.order_by("id"):
        key = (one.subject_kind, one.subject)
        if one.from_state != last.get(key, ""):
            yield f"{one.subject} went on from {one.from_state!r}, not {last.get(key, '')!r}"
        last[key] = one.to_state
        if (one.event.subject_kind, one.event.subject) != key:
            yield f"{one.subject}: a step names the event of another"
    for kind, (model, name) in SUBJECTS.items():
        if not hasattr(model, "FOLLOWING"):
            continue
        for row in model._base_manager.all():
            if last.get((kind, getattr(row, name))) != row.state:
                yield f"{getattr(row, name)} is {row.state}, and its log says otherwise"


def _numbers() -> Iterator[str]:
    """References are given once each and without a gap."""
    lasts = {(one.letter, one.year): one.last for one in Numbering.objects.all()}
    for letter, model in NUMBERED.items():
        given: dict[int, list[int]] = defaultdict(list)
        for reference in model._base_manager.values_list("reference", flat=True):
            begins, year, number = reference.split(".")[0].split("-")
            if begins != letter:
                yield f"{reference} stands among the {letter}"
            given[int(year)].append(int(number))
        for year, numbers in given.items():
            if sorted(numbers) != list(range(1, lasts.get((letter, year), 0) + 1)):
                yield f"{letter}-{year}: numbers are missing or doubled: {sorted(numbers)[-5:]}"
