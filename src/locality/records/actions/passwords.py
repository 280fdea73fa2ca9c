"""Passwords: set, given once by an administrator, changed by whose it is, looked at.

Events say that a password changed, and never what it was or is; nor is an old hash kept.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta

from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone

from locality.records.actions.attempts import (
    NotLetIn,
    attempt_succeeded,
    begin_attempt,
    forgive,
    username_of,
)
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.visits import end_visits
from locality.records.actions.writing import change, event, keep
from locality.records.models import Account, Password

#: Shortest and longest password, in characters.
FEWEST, MOST = 12, 200
#: How long a password that an administrator gave can be used.
GIVEN_HOLDS = timedelta(days=3)
# No letter or figure that can be taken for another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_DIFFERENT = 5
#: What stands in every name and number of this place, and is no secret.
_KNOWN = ("locality", "practice", "surgery", "password")


def open_account_called(code: str) -> Account:
    """Return the account under ``code`` that has not been closed; Refusal where there is none."""
    found: Account | None = Account.objects.select_related("person").filter(code=code).first()
    if found is None or not found.stands or not found.person.stands:
        raise Refusal("account", "That account is closed, or never was.")
    return found


def set_password(*, account: str, password: str, who: str, why: str) -> Account:
    """Return the account, which opens by ``password`` from now on; every visit of it ends.

    Raises Refusal for ``account``, ``password``, ``who`` or ``why``.
    """
    found = open_account_called(account)
    with Checking() as check:
        check_password(check, "password", password, found)
        why = check.reason(why)
        who = check.who(who)
    hash = make_password(_typed(password))
    with change():
        return write_password(open_account_called(account), hash, who, why, "account.password_set")


def reset_password(
    *, account: str, who: str, why: str, seen: str | int | None = None
) -> tuple[Account, str]:
    """Return the account, and a password for it that nobody can be shown again.

    It holds for three days and has to be changed at the first sign-in. Every visit ends, and
    tries that failed are forgotten. Raises Refusal, and Changed where somebody was quicker.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    password = one_time_password()
    hash = make_password(_typed(password))
    with change():
        found = open_account_called(account)
        unchanged(found, seen)
        write_password(found, hash, who, why, "account.password_reset", given=True)
    return found, password


def change_own_password(
    *, account: str, current: str, password: str, again: str, who: str, address: str
) -> Account:
    """Return the account with the new password its owner chose; every visit of it ends.

    Raises Refusal for ``current``, ``password`` or ``again``, and TooMany.
    """
    found = open_account_called(account)
    attempt = begin_attempt(found.username, address)
    looked_at = _hash_held(found)
    if not matches(found, current):
        raise Refusal("current", "That is not your password now.")
    attempt_succeeded(attempt)
    with Checking() as check:
        check_password(check, "password", password, found)
        if _typed(password) != _typed(again):
            check.refuse("again", "Type the same new password in both fields.")
        elif _typed(password) == _typed(current):
            check.refuse("password", "Choose a password that is not the one you have now.")
    hash = make_password(_typed(password))
    with change():
        found = open_account_called(account)
        if _hash_held(found) != looked_at:
            raise Refusal("current", "Your password was changed in the meantime. Sign in again.")
        return write_password(
            found, hash, who, "Its owner changed it.",
            "account.password_changed",
        )  # fmt: skip


def let_in(*, username: str, password: str, address: str) -> Account:
    """Return the account that ``username`` and ``password`` open.

    Takes as long whether or not there is such a name. Raises NotLetIn, and TooMany.
    """
    attempt = begin_attempt(username, address)
    found = (
        Account.objects.select_related("person", "password")
        .filter(username=username_of(username), ended_at=None, person__ended_at=None)
        .first()
    )
    if not matches(found, password) or found is None:
        raise NotLetIn
    attempt_succeeded(attempt)
    return found


def matches(account: Account | None, password: str) -> bool:
    """Return whether ``password`` opens ``account``; as much work is done where there is none."""
    held = getattr(account, "password", None) if account is not None else None
    typed = _typed(password)[: MOST + 1]
    if held is None or not held.hash or len(typed) > MOST:
        make_password(typed)
        return False
    right, outdated = verify_password(typed, held.hash)
    if right and outdated:
        _renew(held, make_password(typed))
    if not right:
        return False
    return held.holds_until is None or timezone.now() < held.holds_until


def check_password(check: Checking, field: str, password: str, account: Account) -> None:
    """Refuse a password that is short, long, well known, or made of its owner's own name."""
    check_new(check, field, password, account.username, account.person.name)


def check_new(check: Checking, field: str, password: str, username: str, name: str) -> None:
    """Refuse likewise, for an account that is not there yet. No sentence repeats the password."""
    typed = _typed(password)
    small = typed.casefold()
    if len(typed) < FEWEST:
        check.refuse(field, f"Use {FEWEST} characters or more: three or four words do well.")
        return
    if len(typed) > MOST:
        check.refuse(field, f"Use {MOST} characters at most.")
        return
    known = {*_KNOWN, username.casefold(), *name.casefold().split(), name.casefold()}
    left = small
    for part in sorted((one for one in known if len(one) > 2), key=len, reverse=True):
        left = left.replace(part, "")
    if len(left) < FEWEST // 2:
        check.refuse(field, "Leave your name and the name of this place out of the password.")
    elif len(set(small)) < _DIFFERENT or small.isdecimal():
        check.refuse(field, "Use more different characters, and not digits alone.")
    else:
        try:
            CommonPasswordValidator().validate(small)
        except ValidationError:
            check.refuse(field, "Many people use this password. Choose one of your own.")


def one_time_password() -> str:
    """Return a password to be read out once: four times four letters and figures."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def write_password(
    account: Account, hash: str, who: str, why: str, what: str, *, given: bool = False
) -> Account:
    """Write the hash of a password, end every visit and forget what failed; within a change."""
    because = event(
        who=who, what=what, why=why, kind="account", subject=account.code,
        detail={"username": account.username},
    )  # fmt: skip
    held = Password.objects.filter(account=account).first() or Password(account=account)
    held.hash, held.set_at, held.must_change = hash, because.at, given
    held.holds_until = because.at + GIVEN_HOLDS if given else None
    held.save()
    end_visits(account)
    forgive(account.username)
    keep(account, because)
    return account


def hash_of(password: str) -> str:
    """Return the hash of a password that has been checked; made before the turn to write."""
    return str(make_password(_typed(password)))


def _renew(held: Password, hash: str) -> None:
    """Keep a password under today's way of hashing, unless it was changed in the meantime."""
    with change():
        now = Password.objects.filter(pk=held.pk, hash=held.hash).first()
        if now is not None:
            now.hash = held.hash = hash
            now.save()


def _hash_held(account: Account) -> str:
    held = Password.objects.filter(account=account).first()
    return held.hash if held else ""


def _typed(password: str) -> str:
    """Return a password in one form, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)
