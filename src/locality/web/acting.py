"""Who acts in a request, and what they may: the person signed in, or the one user at this computer.

While sign-in is off the pages answer this computer alone, and its user may do everything. Once it
is on, or somebody is signed in, the permission table holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_resolver

from locality.figures import Problem
from locality.records import LOCAL_USER, account_tables
from locality.records.models import Account, Person
from locality.records.object_rules import seats_of, thing, things
from locality.records.permissions import NOBODY, PARTS, Asker, permissions
from locality.records.sign_in_state import is_on

T = TypeVar("T")

_ACTING_FOR = "acting_for"
#: Names that an address gives to the code of the thing it is about, the likeliest first.
_NAMES = ("code", "note")


class NotSignedIn(Problem):
    """Something was to be written by nobody."""

    def __init__(self) -> None:
        super().__init__("Sign in first.")


def enforced(request: HttpRequest) -> bool:
    """Return whether the permission table holds for this request."""
    if _account(request) is not None or settings.LOCALITY_ADDRESS:
        return True
    known: bool | None = getattr(request, "locality_enforced", None)
    if known is None:
        # Looked at once: a request lives under one state from beginning to end.
        known = request.locality_enforced = is_on(settings.LOCALITY_HOME)
    return known


def person(request: HttpRequest) -> Person | None:
    """Return the person who acts: signed in, or chosen by the local user; None is nobody named."""
    account = _account(request)
    if account is not None:
        found: Person | None = account.person
        return found
    if enforced(request) or not hasattr(request, "session"):
        return None
    code = request.session.get(_ACTING_FOR, "")
    return Person.objects.filter(code=code, ended_at=None).first() if code else None


def who(request: HttpRequest) -> str:
    """Return the signature under which this request writes; raises NotSignedIn for nobody."""
    found = person(request)
    if found is not None:
        return found.signature
    if enforced(request):
        raise NotSignedIn
    return LOCAL_USER


def act_for(request: HttpRequest, chosen: Person | None) -> None:
    """Remember whom the local user acts for; None is nobody named."""
    if chosen is None:
        request.session.pop(_ACTING_FOR, None)
    else:
        request.session[_ACTING_FOR] = chosen.code


def may(request: HttpRequest, page: str, *arguments: Any, write: bool = False) -> bool:
    """Return whether this request's person may open ``page``, or ``write`` on it.

    ``arguments`` are those of the page's address, in their order. A part of a page takes the
    code of the organisation it is about.
    """
    if not enforced(request):
        return True
    place = 0 if page in PARTS else _place(page)
    code = str(arguments[place]) if place is not None and place < len(arguments) else ""
    return allowed(request, page, code, write=write)


def allowed(request: HttpRequest, page: str, code: str, *, write: bool = False) -> bool:
    """Return whether the table allows it, whose ``code`` names what it is about."""
    known: dict[tuple[str, str, bool], bool] | None = getattr(request, "locality_may", None)
    if known is None:
        known = request.locality_may = {}
    key = (page, code, write)
    if key not in known:
        action = "write" if write else "read"
        known[key] = permissions().allows(asker(request), page, action, as_kept(page, action, code))
    return known[key]


def asker(request: HttpRequest) -> Asker:
    """Return who asks, as the permission table knows them."""
    account = _account(request)
    if account is None:
        return NOBODY
    found: Asker | None = getattr(request, "locality_asker", None)
    if found is None:
        grants = account_tables.held(account)
        known = request.locality_things = {}
        seats: dict[tuple[str, ...], Mapping[str, frozenset[str]]] = {}
        found = Asker(
            account.person.code, grants, lambda code: _within(request, code),
            thing=lambda kind, code: _once(known, (kind, code), thing),
            seats=lambda person: _once(seats, (person,), seats_of),
        )  # fmt: skip
        request.locality_asker = found
    return found


def gather(request: HttpRequest, kind: str, codes: Collection[str]) -> None:
    """Look up many things at once, before :func:`may` is asked of each of them."""
    if enforced(request) and asker(request).signed_in:
        found = things(kind, codes)
        request.locality_things |= {(kind, code): one for code, one in found.items()}


def _once(known: dict[tuple[str, ...], T], asked: tuple[str, ...], find: Callable[..., T]) -> T:
    if asked not in known:
        known[asked] = find(*asked)
    return known[asked]


def organisations(request: HttpRequest) -> frozenset[str] | None:
    """Return the practices whose own small counts this request may read.

    None says any: there is no sign-in, and this computer's user chooses. With it, it is those
    practices in which the person holds the role of a practice, and no other.
    """
    if not enforced(request):
        return None
    return frozenset(place for role, place in asker(request).grants if role == "practice")


def code_of(kwargs: dict[str, Any]) -> str:
    """Return the code of what an address is about, among what it holds; empty for none."""
    name = next((one for one in _NAMES if one in kwargs), None)
    return str(kwargs[name]) if name else ""


def as_kept(page: str, action: str, code: str) -> str:
    """Return ``code`` as the pages will read it: organisations in capitals, groups in small."""
    row = permissions().row(page, action)
    if row is None or row.object not in ("organisation", "group"):
        return code
    from locality.web.asking import code as kept

    return kept(code)


def _account(request: HttpRequest) -> Account | None:
    found: Account | None = getattr(request, "account", None)
    return found


def _within(request: HttpRequest, code: str) -> frozenset[str]:
    """Return what an organisation belongs to, as the loaded data know it; nothing where unsure."""
    from locality.web import asking
    from locality.web.here import here

    try:
        return frozenset(row["code"] for row in asking.around(here(request), code).values())
    except Problem:
        return frozenset()


@cache
def _place(page: str) -> int | None:
    """Return where among a page's arguments the code stands of what it is about."""
    for patterns, *_ in get_resolver().reverse_dict.getlist(page):
        for _, names in patterns:
            for one in _NAMES:
                if one in names:
                    return int(names.index(one))
    return None
