"""Sign-in itself: turned on with its first administrator, turned off, and laid as the log says."""

from __future__ import annotations

import os
from pathlib import Path

from locality.figures import Problem
from locality.records.actions.accounts import (
    administrators,
    check_username,
    write_account,
    write_grant,
)
from locality.records.actions.passwords import check_new, hash_of, write_password
from locality.records.actions.people import add_person
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.writing import change, event
from locality.records.models import Account, Event, Person, Role
from locality.records.sign_in_state import FILE, is_on

_ON, _OFF = "sign_in.on", "sign_in.off"
_SUBJECT = "sign-in"


def add_first_administrator(
    *, name: str, username: str, password: str, who: str, why: str, email: str = ""
) -> Account:
    """Return the account of somebody new who administers; there is none that does.

    Raises Refusal for any of the fields, or where there is an administrator.
    """
    with Checking() as check:
        check.line("name", name, "the name", 80)
        username = check_username(check, username)
        check_new(check, "password", password, username, name)
        why = check.reason(why)
        who = check.who(who)
    hash = hash_of(password)
    with change():
        if administrators():
            raise Refusal("username", "There is an administrator already.")
        person: Person = add_person(name=name, email=email, who=who, why=why)
        account = write_account(person, username, who, why)
        write_password(account, hash, who, why, "account.password_set")
        write_grant(account, str(Role.ADMINISTRATOR), "", who, why)
    return account


def turn_on(*, home: Path, who: str, why: str) -> bool:
    """Return whether sign-in was off until now: from now on nobody reads or writes unasked.

    Raises Refusal where nobody could let others in.
    """
    with Checking() as check:
        why, who = check.reason(why), check.who(who)
    with change():
        if not administrators():
            raise Refusal("username", "Name the first administrator: without one nobody gets in.")
        news = logged() is not True
        if news:
            event(who=who, what=_ON, why=why, kind="setting", subject=_SUBJECT, detail={})
    settle(home)
    return news


def turn_off(*, home: Path, who: str, why: str) -> bool:
    """Return whether sign-in was on until now: from now on this computer alone is answered."""
    with Checking() as check:
        why, who = check.reason(why), check.who(who)
    with change():
        news = logged() is True
        if news:
            event(who=who, what=_OFF, why=why, kind="setting", subject=_SUBJECT, detail={})
    settle(home)
    return news


def logged() -> bool | None:
    """Return what the log says last: on, off, or nothing at all."""
    last = Event.objects.filter(subject_kind="setting", subject=_SUBJECT).order_by("-id").first()
    return None if last is None else bool(last.what == _ON)


def settle(home: Path) -> bool:
    """Lay the file that every request looks for as the log says; return whether sign-in is on.

    Raises Problem where the file cannot be laid.
    """
    on, file = logged() is True, Path(home) / FILE
    if on == is_on(home):
        return on
    try:
        if on:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, b"People sign in here. 'locality sign-in off' ends that.\n")
            os.fsync(handle)
            os.close(handle)
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Problem(f"The file {file} cannot be written or removed: {error.strerror}.") from error
    return on
