"""A house where people sign in: somebody of each role, what is theirs and what is another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.test import Client, override_settings
from django.utils import timezone

from locality.knowledge import load
from locality.records.actions import (
    add_note,
    add_person,
    create_group,
    give_post,
    give_seat,
    mark_signal,
    open_body,
    request_change,
    send_feedback,
    start_checklist,
)
from locality.records.actions.accounts import open_account
from locality.records.actions.action_log import log_action
from locality.records.actions.passwords import set_password
from locality.records.actions.sign_in import add_first_administrator, turn_on
from locality.records.models import Account, Checklist, Grant, Person
from locality.records.permissions import ROLES
from locality.records.setup import prepare
from tests.records import scored

TOLD: dict[str, Any] = {"who": "local", "why": "The house begins."}
PASSWORD = "three unlikely words"
#: In the made-up workbench: one board, one network and one practice of it, and another board's.
OWN = {"practice": "Y00003", "network": "U00001", "commissioner": "QX1"}
ANOTHER = "Y00030"
#: A hash that costs nothing: tests sign in often.
QUICK = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


@dataclass
class House:
    """The home, an account for each role, and the codes of things: ``theirs`` and ``others``."""

    home: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    theirs: dict[str, dict[str, str]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


@contextmanager
def house(home: Path) -> Iterator[House]:
    """Yield a house in ``home`` that is signed in to, over the made-up workbench."""
    from locality.web import here
    from tests.web import made

    with QUICK, patch.object(here, "HOUSE", here.House(made.workbench)):
        prepare(home)
        built = House(home)
        administrator = add_first_administrator(
            name="Ada Alder", username="administrator", password=PASSWORD, **TOLD
        )
        built.accounts["administrator"] = administrator
        for role in ROLES[1:-1]:
            person = add_person(name=f"{role.title()} Beech", email=f"{role}@vale.example", **TOLD)
            named = "" if role == "member" else role
            made_one = open_account(
                person=person.code, username=role, role=named, organisation=OWN.get(role, ""),
                **TOLD,
            )  # fmt: skip
            built.accounts[role] = set_password(
                account=made_one.account.code, password=PASSWORD, **TOLD
            )
        for role, account in built.accounts.items():
            built.theirs[role] = things(account.person, OWN.get(role, OWN["practice"]), role)
        stranger = add_person(name="Otto Oak", **TOLD)
        built.others = things(stranger, ANOTHER, "others")
        turn_on(home=home, **TOLD)
        yield built
    from django.db import connections

    connections.close_all()


def things(person: Person, organisation: str, name: str) -> dict[str, str]:
    """Write one of everything about ``person`` and ``organisation``; return kind -> code."""
    signed = {"who": person.signature, "why": "It is theirs."}
    found = {"person": person.code, "organisation": organisation}
    post = give_post(
        person=person.code, organisation=organisation, title="Lead", from_day="2024-04-01", **TOLD
    )
    body = open_body(
        name=f"Panel of {name}", kind="panel", acts_for="All.", opened_on="2024-04-01",
        organisation=organisation, **TOLD,
    )  # fmt: skip
    seat = give_seat(
        body_code=body.code, post=post.code, role="chair", from_day="2024-05-01", **TOLD
    )
    found |= {"post": post.code, "body": body.code, "seat": seat.code}
    found["note"] = add_note(organisation=organisation, text="Seen.", who=person.signature).code
    found["signal"] = mark_signal(
        organisation=organisation, measure=f"qof.register.{name}", state="warranted",
        reason="A care home.", review_on=timezone.localdate() + timedelta(days=90),
        who=person.signature,
    ).code  # fmt: skip
    found["request"] = request_change(
        measure="qof.register.hyp", text=f"Count less, {name}.", organisation=organisation,
        owner="analyst", who=person.signature,
    ).code  # fmt: skip
    found["group"] = create_group(
        name=f"Group {name}", members=["A81001"], who="local", why="They plan."
    ).code
    if name not in ("practice", "administrator", "member", "governance", "analyst"):
        found["feedback"] = send_feedback(
            organisation=organisation, name=name, data_version="1", evidence={"title": "T"},
            who="local",
        ).code  # fmt: skip
    found["action"] = log_action(
        what=f"Look, {name}.", owner=person.code, accountable=person.code,
        due_on=timezone.localdate() + timedelta(days=30), organisation=organisation, body=body.code,
        **signed,
    ).reference  # fmt: skip
    # One of a kind is open about an organisation at a time, and several here are of one.
    template = next(
        one for one in load().checklists.values()
        if one.raters == "one" and "organisation" in one.about
        and not Checklist.objects.filter(template=one.id, about=organisation).exists()
    )  # fmt: skip
    found["checklist"] = start_checklist(
        template=template, about_kind="organisation", about=organisation,
        owner=person.code, body=body.code, **signed,
    ).reference  # fmt: skip
    criteria = scored.criteria(title=f"Criteria of {name}").reference
    found["criteria set"] = criteria
    found["scoring"] = scored.opened(person, criteria=criteria, body=body.code).reference
    account = Account.objects.filter(person=person).first()
    if account is not None:
        found["account"] = account.code
        grant = Grant.objects.filter(account=account).first()
        if grant is not None:
            found["grant"] = grant.code
    return found


def client(**extra: Any) -> Client:
    """Return a browser at 127.0.0.1."""
    return Client(SERVER_NAME="127.0.0.1", raise_request_exception=False, **extra)


def signed_in(role: str, password: str = PASSWORD, **extra: Any) -> Client:
    """Return a browser in which the account ``role`` has signed in; ``public`` has not."""
    browser = client(**extra)
    if role != "public":
        answer = browser.post("/sign-in", {"username": role, "password": password})
        assert answer.status_code == 302, answer.content[:500]
        assert "locality_visit" in browser.cookies
    return browser
