"""Accounts, roles and visits as typed tables, and what a request asks of them. No hash in any."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from locality.figures import Column, NotFound, Schema, Table
from locality.records.models import Account, Grant, Role, Visit
from locality.records.signal_tables import moment

ACCOUNTS = Schema(
    "accounts",
    "Who can sign in",
    (
        Column("code", "text", "the account's own code"),
        Column("username", "text", "the name they sign in by"),
        Column("person", "text", "whose, by code"),
        Column("name", "text", "whose"),
        Column("roles", "text", "what they may do, and where"),
        Column("opens_by", "text", "password, one-time password, organisation's sign-in"),
        Column("seen", "text", "when they were last here, local time", required=False),
        Column("closed", "text", "when it was closed, local time", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("code",),
)

GRANTS = Schema(
    "grants",
    "Roles that accounts hold",
    (
        Column("code", "text", "the role's own code"),
        Column("account", "text", "whose account"),
        Column("role", "text", "which role"),
        Column("title", "text", "the role in words"),
        Column("organisation", "text", "where, by code; empty is everywhere"),
        Column("by", "text", "who gave it"),
        Column("at", "text", "when, local time"),
        Column("ended_at", "text", "when it was taken away, local time", required=False),
        Column("ended_by", "text", "who took it away"),
        Column("ended_why", "text", "why"),
    ),
    ("code",),
)

VISITS = Schema(
    "visits",
    "Where an account is signed in",
    (
        Column("number", "whole", "its own number"),
        Column("how", "text", "by what they were let in"),
        Column("browser", "text", "what the browser says it is"),
        Column("began", "text", "when, local time"),
        Column("seen", "text", "when it was last used, to a few minutes, local time"),
        Column("ends", "text", "when it ends at the latest, local time"),
    ),
    ("number",),
)


def accounts(*, closed: bool = False) -> Table:
    """Return ACCOUNTS by username: the open ones, or with ``closed`` all there ever were."""
    found = Account.objects.select_related("person", "password").order_by("username")
    if not closed:
        found = found.filter(ended_at=None)
    roles: dict[int, list[str]] = {}
    for grant in Grant.objects.filter(ended_at=None):
        roles.setdefault(grant.account_id, []).append(words(grant.role, grant.organisation))
    seen: dict[int, datetime] = {}
    for visit in Visit.objects.order_by("seen_at"):
        seen[visit.account_id] = visit.seen_at
    return Table.of(
        ACCOUNTS,
        [
            {
                "code": one.code,
                "username": one.username,
                "person": one.person.code,
                "name": one.person.name,
                "roles": "; ".join(roles.get(one.pk, [])),
                "opens_by": _opens_by(one),
                "seen": moment(seen[one.pk]) if one.pk in seen else None,
                "closed": moment(one.ended_at) if one.ended_at else None,
                "version": one.version,
            }
            for one in found
        ],
    )


def account(code: str) -> Table:
    """Return one account (ACCOUNTS, one row); raises NotFound with a sentence."""
    rows = [row for row in accounts(closed=True).rows if row["code"] == code]
    if not rows:
        raise NotFound(f"There is no account with the code {code[:20]!r}.")
    return Table.of(ACCOUNTS, rows)


def link(code: str) -> tuple[str, str]:
    """Return at which other sign-in an account is known, and as whom; two empty texts for none."""
    found = Account.objects.filter(code=code).first()
    return (found.issuer, found.subject) if found else ("", "")


def grants(account_code: str, *, ended: bool = False) -> Table:
    """Return GRANTS of one account: those that stand, or with ``ended`` all there were."""
    found = Grant.objects.select_related("account").filter(account__code=account_code)
    if not ended:
        found = found.filter(ended_at=None)
    return Table.of(GRANTS, [_grant(one) for one in found])


def grant(code: str) -> Table:
    """Return one role that stands (GRANTS, one row); raises NotFound with a sentence."""
    found = Grant.objects.select_related("account").filter(code=code, ended_at=None).first()
    if found is None:
        raise NotFound("That role was taken away already, or never given.")
    return Table.of(GRANTS, [_grant(found)])


def visits(account_code: str) -> Table:
    """Return VISITS of one account that have not ended, the one used last first."""
    now = timezone.now()
    found = Visit.objects.filter(
        account__code=account_code, ended_at=None, idle_at__gt=now, ends_at__gt=now
    )
    return Table.of(
        VISITS,
        [
            {
                "number": one.pk,
                "how": one.get_how_display(),
                "browser": one.browser or "A browser",
                "began": moment(one.began_at),
                "seen": moment(one.seen_at),
                "ends": moment(one.ends_at),
            }
            for one in found
        ],
    )


def visit_under(key_hash: str) -> Visit | None:
    """Return the visit that goes on under the hash of a key, with its account, or None.

    It goes on while it is neither idle nor too long, and while account and person are there.
    """
    now = timezone.now()
    found: Visit | None = (
        Visit.objects.select_related("account__person", "account__password")
        .filter(
            key_hash=key_hash,
            ended_at=None,
            began_at__lte=now,
            idle_at__gt=now,
            ends_at__gt=now,
            account__ended_at=None,
            account__person__ended_at=None,
        )
        .first()
    )
    return found


def visit_of(account: Account, number: int) -> Visit | None:
    """Return a visit of ``account`` by its number, or None: never anybody else's."""
    found: Visit | None = Visit.objects.filter(account=account, pk=number, ended_at=None).first()
    return found


def held(account: Account) -> tuple[tuple[str, str], ...]:
    """Return the roles that ``account`` holds now: role, organisation."""
    found = Grant.objects.filter(account=account, ended_at=None)
    return tuple(found.values_list("role", "organisation"))


def linked(issuer: str, subject: str) -> Account | None:
    """Return the open account that is known as ``subject`` at ``issuer``, or None."""
    if not issuer or not subject:
        return None
    found: Account | None = (
        Account.objects.select_related("person", "password")
        .filter(issuer=issuer, subject=subject, ended_at=None, person__ended_at=None)
        .first()
    )
    return found


def words(role: str, organisation: str = "") -> str:
    """Return a role in words, with where it holds."""
    label = Role(role).label if role in Role.values else role
    return f"{label}, {organisation}" if organisation else label


def must_change(account: Account) -> bool:
    """Return whether the password was given by an administrator and is to be changed first."""
    password = getattr(account, "password", None)
    return bool(password and password.hash and password.must_change)


def _opens_by(one: Account) -> str:
    password = getattr(one, "password", None)
    ways = []
    if password and password.hash:
        ways.append("one-time password" if password.must_change else "password")
    if one.issuer:
        waits = one.subject.startswith("mailto:")
        ways.append("organisation's sign-in" + (" (not used yet)" if waits else ""))
    return ", ".join(ways)


def _grant(one: Grant) -> dict[str, object]:
    names = ("code", "role", "organisation", "by", "ended_by", "ended_why")
    return {name: getattr(one, name) for name in names} | {
        "account": one.account.code,
        "title": words(one.role),
        "at": moment(one.at),
        "ended_at": moment(one.ended_at) if one.ended_at else None,
    }


def fresh(code: str) -> Account:
    """Return an open account as it stands now; raises NotFound."""
    found: Account | None = (
        Account.objects.select_related("person", "password")
        .filter(code=code, ended_at=None, person__ended_at=None)
        .first()
    )
    if found is None:
        raise NotFound("That account is closed.")
    return found
