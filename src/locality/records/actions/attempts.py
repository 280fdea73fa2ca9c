"""Trying to sign in, and how often one may: counted in the database, for every process at once.

A try is counted before its password is looked at, and taken off again when that was right: many
tries at one moment cannot slip through together.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from locality.figures import Problem
from locality.records.actions.refusing import Refusal
from locality.records.actions.writing import change
from locality.records.models import Attempt

#: How long a failure counts, and how many of them a name and an address may have.
WINDOW = timedelta(minutes=15)
BY_NAME = 5
BY_ADDRESS = 30
#: How long attempts are kept at all.
KEPT = timedelta(days=1)


class TooMany(Problem):
    """Too many failures: nobody gets in for ``seconds`` more, with the right password or not."""

    def __init__(self, seconds: int) -> None:
        self.seconds = max(1, seconds)
        minutes = -(-self.seconds // 60)
        words = "one minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(
            f"There were too many tries. Wait {words}, then try again; or ask an administrator "
            "for a new password."
        )


class NotLetIn(Refusal):
    """Name and password do not let anybody in. It never says which of them was wrong."""

    def __init__(self) -> None:
        super().__init__("username", "That name and password do not go together. Try again.")


def username_of(typed: str) -> str:
    """Return a username as it is kept, whatever way it was typed."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def begin_attempt(username: str, address: str) -> int:
    """Return the number of a new attempt, which counts as failed from now on. Raises TooMany."""
    name, place = _mark("name", username_of(username)), _mark("address", _net(address))
    with change():
        now = timezone.now()
        Attempt.objects.filter(at__lt=now - KEPT).delete()
        failed = Attempt.objects.filter(failed=True, at__gt=now - WINDOW)
        waits = [
            _wait(failed.filter(name_mark=name), BY_NAME, now),
            _wait(failed.filter(address_mark=place), BY_ADDRESS, now),
        ]
        if max(waits) > 0:
            raise TooMany(max(waits))
        made = Attempt.objects.create(at=now, name_mark=name, address_mark=place, failed=True)
    return int(made.pk)


def attempt_succeeded(number: int) -> None:
    """Take an attempt off again, and every failure under the same name.

    Failures from the same address under other names stay: one's own password opens no way to
    guess other people's.
    """
    with change():
        made = Attempt.objects.filter(pk=number).first()
        if made is not None:
            Attempt.objects.filter(Q(pk=number) | Q(name_mark=made.name_mark)).update(failed=False)


def forgive(username: str) -> None:
    """Forget the failures under a name; within a change."""
    mark = _mark("name", username_of(username))
    Attempt.objects.filter(name_mark=mark).update(failed=False)


def _wait(failures: object, most: int, now: datetime) -> int:
    """Return for how many seconds more ``failures`` close the door; 0 where they do not."""
    last = list(failures.order_by("-at").values_list("at", flat=True)[:most])  # type: ignore[attr-defined]
    if len(last) < most:
        return 0
    return int((last[-1] + WINDOW - now).total_seconds()) + 1


def _mark(kind: str, text: str) -> str:
    """Return what stands for ``text``: only who has this house's secret can make it again."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"attempt {kind}: {text}".encode(), hashlib.sha256).hexdigest()


def _net(address: str) -> str:
    """Return the address that is counted: of IPv6 the part that one household or site holds."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
