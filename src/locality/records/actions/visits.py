"""Visits: a browser in which somebody is signed in, from its first page to its end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from locality.records.actions.attempts import NotLetIn
from locality.records.actions.writing import change
from locality.records.models import Account, Visit
from locality.records.tables import setting

#: After how many minutes without a page a visit ends, unless the house set others.
USUAL_IDLE = 60
#: A visit ends after this in any case.
LONGEST = timedelta(hours=12)
#: How often at most a page being read is written down.
WRITTEN_EVERY = timedelta(minutes=5)
#: How long visits that are over are kept.
KEPT = timedelta(days=90)
_KINDS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def begin_visit(account: Account, *, how: str, browser: str = "") -> str:
    """Return the key of a new visit of ``account``: the only copy, for the browser's cookie.

    ``browser`` is what it says of itself; two plain words of that are kept. Raises NotLetIn
    where the account was closed, or its password changed, since it was looked at.
    """
    key, now = secrets.token_urlsafe(32), timezone.now()
    with change():
        if _state(Account.objects.select_related("password", "person").get(pk=account.pk)) != (
            _state(account)
        ):
            raise NotLetIn
        Visit.objects.filter(Q(ends_at__lt=now - KEPT) | Q(ended_at__lt=now - KEPT)).delete()
        Visit.objects.create(
            key_hash=hashed(key), account=account, how=how, browser=_plain(browser),
            began_at=now, seen_at=now, idle_at=now + _idle(), ends_at=now + LONGEST,
        )  # fmt: skip
    return key


def seen_visit(visit: Visit) -> None:
    """Put off the end of an idle visit, if that was not written a few minutes ago."""
    now, idle = timezone.now(), _idle_written(visit)
    if now - visit.seen_at < min(WRITTEN_EVERY, idle / 4):
        return
    with change():
        # Only one that has not ended in the meantime.
        Visit.objects.filter(pk=visit.pk, ended_at=None).update(
            seen_at=now, idle_at=min(now + _idle(), visit.ends_at)
        )


def end_visit(visit: Visit) -> None:
    """End one visit, if it has not ended."""
    with change():
        Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=timezone.now())


def end_visits(account: Account) -> int:
    """End every visit of ``account``; return how many there were. Within a change."""
    return int(Visit.objects.filter(account=account, ended_at=None).update(ended_at=timezone.now()))


def hashed(key: str) -> str:
    """Return what is kept of a visit's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _state(account: Account) -> tuple[bool, str]:
    held = getattr(account, "password", None)
    return account.stands and account.person.stands, held.hash if held else ""


def _idle() -> timedelta:
    said = setting("sign_in.idle_minutes")
    minutes = int(said) if isinstance(said, (int, str)) and said else USUAL_IDLE
    return timedelta(minutes=max(1, minutes))


def _idle_written(visit: Visit) -> timedelta:
    return max(visit.idle_at - visit.seen_at, timedelta(seconds=4))


def _plain(browser: str) -> str:
    words = [
        next((words for mark, words in pairs if mark in browser), "")
        for pairs in (_KINDS, _SYSTEMS)
    ]
    return " on ".join(word for word in words if word)
