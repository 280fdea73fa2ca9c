"""Accounts and what they may do: opened, given a role, linked to another sign-in, closed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.db.models import Q

from locality.records.actions.attempts import username_of
from locality.records.actions.passwords import (
    hash_of,
    one_time_password,
    open_account_called,
    write_password,
)
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import subject
from locality.records.actions.visits import end_visits
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import one_line
from locality.records.models import Account, Event, Grant, Password, Person, Role
from locality.records.models.account import EVERYWHERE, SOMEWHERE

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")
#: How a subject begins that waits for the first sign-in under an address.
BY_ADDRESS = "mailto:"


@dataclass(frozen=True)
class Opened:
    """A new account, and the password to hand over: nobody can be shown it again."""

    account: Account
    password: str = field(repr=False)


def open_account(
    *, person: str, username: str, who: str, why: str, role: str = "", organisation: str = ""
) -> Opened:
    """Return a new account of a person, with a role if one is named and a password to hand over.

    Raises Refusal for any of the fields.
    """
    with Checking() as check:
        username = check_username(check, username)
        whose = check.person("person", person)
        if role:
            organisation = check_role(check, role, organisation)
        why = check.reason(why)
        who = check.who(who)
    password = one_time_password()
    hash = hash_of(password)
    with change():
        made = write_account(whose, username, who, why)
        write_password(made, hash, who, why, "account.password_reset", given=True)
        if role:
            write_grant(made, role, organisation, who, why)
    return Opened(made, password)


def close_account(*, code: str, who: str, why: str, seen: str | int | None = None) -> Account:
    """Return the account, closed: its roles end, so does every visit, and its password is gone.

    Raises Refusal, for the last administrator too.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        account = open_account_called(code)
        unchanged(account, seen)
        _one_administrator_stays(account)
        because = event(
            who=who, what="account.closed", why=why, kind="account", subject=account.code,
            detail={"username": account.username},
        )  # fmt: skip
        _close(account, because)
    return account


def close_account_of(person: Person, because: Event) -> None:
    """Close the account of somebody who leaves, within the change that records it.

    Raises Refusal where they are the last administrator.
    """
    account = Account.objects.select_related("person").filter(person=person, ended_at=None).first()
    if account is not None:
        _one_administrator_stays(account)
        _close(account, because)


def give_role(*, account: str, role: str, who: str, why: str, organisation: str = "") -> Grant:
    """Return the role that the account holds from now on, in an organisation or everywhere.

    Raises Refusal for any of the fields.
    """
    with Checking() as check:
        organisation = check_role(check, role, organisation)
        why = check.reason(why)
        who = check.who(who)
    with change():
        found = open_account_called(account)
        held = Grant.objects.filter(
            account=found, role=role, organisation=organisation, ended_at=None
        ).first()
        return held or write_grant(found, role, organisation, who, why)


def take_role(*, code: str, who: str, why: str) -> Grant:
    """Return the role under ``code``, taken away; every visit of its account ends.

    Raises Refusal, for the last administrator too.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        grant = Grant.objects.select_related("account__person").filter(code=code).first()
        if grant is None or not grant.stands:
            raise Refusal("code", "That role was taken away already, or never given.")
        if grant.role == Role.ADMINISTRATOR:
            _one_administrator_stays(grant.account)
        because = event(
            who=who, what="role.taken", why=why, kind="grant", subject=grant.code,
            detail=_plainly(grant),
        )  # fmt: skip
        _end(grant, because)
        end_visits(grant.account)
    taken: Grant = grant
    return taken


def link_openid(
    *, account: str, issuer: str, who: str, why: str, subject: str = "",
    seen: str | int | None = None,
) -> Account:  # fmt: skip
    """Return the account, which opens by another sign-in too: as ``subject`` at ``issuer``.

    Without a subject it is whoever first signs in there under the person's own address, which
    ``issuer`` says is verified. An empty issuer takes the link away. Every visit ends. Raises
    Refusal.
    """
    issuer, subject = issuer.strip(), subject.strip()
    with Checking() as check:
        if issuer and not (issuer.startswith("https://") or is_local(issuer)):
            check.refuse("issuer", "Write the whole address of the sign-in, with https://.")
        if len(issuer) > 200:
            check.refuse("issuer", "That address is too long: 200 characters at most.")
        if len(subject) > 255 or subject.startswith(BY_ADDRESS):
            check.refuse("subject", "Write who they are there, as that sign-in says it.")
        if subject and not issuer:
            check.refuse("issuer", "Say at which sign-in they are known by that.")
        why = check.reason(why)
        who = check.who(who)
    with change():
        found = open_account_called(account)
        unchanged(found, seen)
        if issuer and not subject:
            if not found.person.email:
                raise Refusal("subject", f"No address of {found.person.name} is recorded.")
            subject = BY_ADDRESS + found.person.email.lower()
        if (found.issuer, found.subject) == (issuer, subject):
            return found
        _nobody_else(found, issuer, subject)
        return _link(found, issuer, subject, who, why)


def settle_openid(*, account: str, subject: str, waited_for: str) -> Account:
    """Return the account that waited for a first sign-in under an address, linked to who came.

    Raises Refusal where it no longer waits for that address.
    """
    with change():
        found = open_account_called(account)
        if found.subject != waited_for or not waited_for.startswith(BY_ADDRESS):
            raise Refusal("subject", "This account does not wait for a first sign-in any more.")
        _nobody_else(found, found.issuer, subject)
        who = found.person.signature
        return _link(found, found.issuer, subject, who, "First sign-in under their own address.")


def check_username(check: Checking, typed: str) -> str:
    """Return a username as it is kept; refuse one that cannot be one, or is taken."""
    name = username_of(one_line(typed))
    if not _USERNAME.fullmatch(name):
        check.refuse(
            "username",
            "Use 3 to 60 small letters, figures, full stops, hyphens or @, such as asha.alder.",
        )
    elif Account.objects.filter(username=name).exists():
        check.refuse("username", "That name is taken, or was once. Choose another.")
    check.private("username", name)
    return name


def check_role(check: Checking, role: str, organisation: str) -> str:
    """Return where a role is to hold; refuse what is no role, or not one that holds there."""
    organisation = organisation.strip()
    # As codes are kept: capitals, but a group's own code stays small.
    organisation = organisation if organisation.startswith("g-") else organisation.upper()
    if role not in Role.values:
        check.refuse("role", "Choose one of the roles.")
    elif role in SOMEWHERE and not organisation:
        check.refuse("organisation", "Say of which organisation, by its code.")
    elif role in EVERYWHERE and organisation:
        check.refuse("organisation", "This role holds in the whole house: leave this empty.")
    elif organisation:
        organisation, _ = subject(check, organisation, "any")
    return organisation


def write_account(person: Person | None, username: str, who: str, why: str) -> Account:
    """Write a new account; within a change. Raises Refusal where the person has one."""
    if person is None or Account.objects.filter(person=person, ended_at=None).exists():
        raise Refusal("person", "They have an account already.")
    if Account.objects.filter(username=username).exists():
        raise Refusal("username", "That name is taken, or was once. Choose another.")
    code = fresh_code("acc")
    because = event(
        who=who, what="account.opened", why=why, kind="account", subject=code,
        detail={"person": person.code, "username": username},
    )  # fmt: skip
    made = Account(code=code, username=username, person=person, by=who, at=because.at)
    keep(made, because)
    return made


def write_grant(account: Account, role: str, organisation: str, who: str, why: str) -> Grant:
    """Write a role that an account holds from now on; within a change."""
    code = fresh_code("grant")
    made = Grant(code=code, account=account, role=role, organisation=organisation, by=who)
    because = event(
        who=who, what="role.given", why=why, kind="grant", subject=code, detail=_plainly(made)
    )
    made.at = because.at
    keep(made, because)
    return made


def administrators() -> list[Account]:
    """Return the accounts that can administer now: open, of somebody here, with a way in."""
    held = Grant.objects.filter(role=Role.ADMINISTRATOR, ended_at=None).values("account")
    found = Account.objects.filter(pk__in=held, ended_at=None, person__ended_at=None)
    return list(found.filter(Q(password__hash__contains="$") | ~Q(issuer="")).distinct())


def is_local(address: str) -> bool:
    """Return whether a web address lies on this computer, where plain http is let be."""
    return bool(re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)", address))


def _one_administrator_stays(account: Account) -> None:
    there = administrators()
    if [one.pk for one in there] == [account.pk]:
        raise Refusal(
            "account",
            f"{account.person.name} is the only administrator. Give somebody else that role "
            "first, so that there is always one.",
        )


def _close(account: Account, because: Event) -> None:
    for grant in Grant.objects.filter(account=account, ended_at=None):
        _end(grant, because)
    held = Password.objects.filter(account=account).first()
    if held is not None:
        held.hash, held.must_change, held.holds_until = "", False, None
        held.set_at = because.at
        held.save()
    end_visits(account)
    _end(account, because)


def _end(thing: Account | Grant, because: Event) -> None:
    thing.ended_at, thing.ended_by, thing.ended_why = because.at, because.who, because.why
    keep(thing, because)


def _nobody_else(account: Account, issuer: str, subject: str) -> None:
    held = Account.objects.filter(issuer=issuer, subject=subject, ended_at=None) if issuer else None
    if held is not None and held.exclude(pk=account.pk).exists():
        raise Refusal("subject", "Another account is linked to that already.")


def _link(account: Account, issuer: str, subject: str, who: str, why: str) -> Account:
    because = event(
        who=who, what="account.linked" if issuer else "account.unlinked", why=why, kind="account",
        subject=account.code, detail={"issuer": issuer or account.issuer},
    )  # fmt: skip
    account.issuer, account.subject = issuer, subject
    end_visits(account)
    keep(account, because)
    return account


def _plainly(grant: Grant) -> dict[str, str]:
    return {
        "account": grant.account.code,
        "person": grant.account.person.code,
        "role": grant.role,
        "organisation": grant.organisation,
    }
