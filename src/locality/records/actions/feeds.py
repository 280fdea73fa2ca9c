"""A person's calendar feed: an address that nobody can guess, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets

from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.signals import end
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.models import Account, Feed, Person


def make_feed(*, person: str, who: str) -> tuple[Feed, str]:
    """Return a person's new feed and its token, which is shown this once; the old one ends.

    Raises Refusal for ``person`` or ``who``.
    """
    with Checking() as check:
        found = check.person("person", person, "whose calendar it is")
        who = check.who(who)
    token = secrets.token_urlsafe(32)
    with change():
        code = fresh_code("f")
        because = event(who=who, what="feed.made", why="A calendar follows it.", kind="feed",
                        subject=code, detail={"person": person})  # fmt: skip
        for old in Feed.objects.filter(person=found, ended_at=None):
            end(old, because, "A new address was made.")
        made = Feed(code=code, person=found, token_hash=hash_of(token), by=who, at=because.at)
        keep(made, because)
    return made, token


def end_feed(*, person: str, who: str, why: str) -> Feed:
    """Return a person's feed, ended: its address answers no more. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held: Feed | None = Feed.objects.filter(person__code=person, ended_at=None).first()
        if held is None:
            raise Refusal("person", "There is no calendar feed to end.")
        because = event(who=who, what="feed.ended", why=why, kind="feed", subject=held.code,
                        detail={"person": person})  # fmt: skip
        end(held, because, why)
    return held


def person_of(token: str) -> Person | None:
    """Return whose feed the token opens; None where it opens none, or it should no more.

    A feed ends with its person, and with the account under which they signed in.
    """
    if not 20 <= len(token) <= 100:
        return None
    held: Feed | None = (
        Feed.objects.filter(token_hash=hash_of(token), ended_at=None, person__ended_at=None)
        .select_related("person")
        .first()
    )
    if held is None:
        return None
    accounts = Account.objects.filter(person=held.person)
    if accounts.exists() and not accounts.filter(ended_at=None).exists():
        return None
    return held.person


def hash_of(token: str) -> str:
    """Return the sha256 of a token: it is long and random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
