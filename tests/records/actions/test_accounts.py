"""Accounts, roles and passwords: refused with sentences, kept whole, no hash in sight."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from locality.records import account_tables
from locality.records.actions import Changed, Refusal, add_person
from locality.records.actions.accounts import (
    close_account,
    give_role,
    link_openid,
    open_account,
    take_role,
)
from locality.records.actions.attempts import BY_NAME, NotLetIn, TooMany, begin_attempt
from locality.records.actions.demonstration import DEMONSTRATORS, open_demo_accounts
from locality.records.actions.passwords import (
    change_own_password,
    let_in,
    reset_password,
    set_password,
)
from locality.records.actions.sign_in import (
    add_first_administrator,
    logged,
    settle,
    turn_off,
    turn_on,
)
from locality.records.actions.visits import begin_visit
from locality.records.models import Account, Attempt, Event, Grant, Password, Visit
from locality.records.sign_in_state import FILE, is_on

TOLD: dict[str, Any] = {"who": "local", "why": "The house begins."}
PASSWORD = "three unlikely words"
HERE = {"address": "127.0.0.1"}


@pytest.fixture(autouse=True)
def quick() -> Any:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def administrator() -> Account:
    return add_first_administrator(name="Ada Alder", username="Ada", password=PASSWORD, **TOLD)


def member(name: str = "Ben Beech", username: str = "ben", **changes: Any) -> Account:
    person = add_person(name=name, email=f"{username}@vale.example", **TOLD)
    return open_account(person=person.code, username=username, **TOLD, **changes).account


def everything() -> str:
    """Return all that events and histories hold, as text."""
    rows = [*Event.objects.values()]
    for model in (Account, Grant):
        rows += [*model.history.values()]
    return json.dumps(rows, default=str)


def test_no_event_and_no_history_holds_a_password_or_its_hash() -> None:
    account = administrator()
    first = Password.objects.get(account=account).hash
    _, given = reset_password(account=account.code, **TOLD)
    set_password(account=account.code, password="another long phrase", **TOLD)
    held = everything()
    for secret in (PASSWORD, given, "another long phrase", first, "md5$"):
        assert secret not in held
    assert Password.objects.count() == 1
    assert first != Password.objects.get().hash
    with pytest.raises(FieldDoesNotExist):
        Account._meta.get_field("hash")
    assert not hasattr(Password, "history")


def test_a_new_account_does_not_say_its_password_by_accident() -> None:
    person = add_person(name="Ben Beech", **TOLD)
    opened = open_account(person=person.code, username="ben", **TOLD)
    assert opened.password not in repr(opened)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "12 characters"),
        ("x" * 201, "200 characters"),
        ("ada.alder.ada.alder", "Leave your name"),
        ("localitylocality1", "Leave your name"),
        ("aaaaaaaaaaaaaa", "more different"),
        ("839201748592017", "digits alone"),
        ("1q2w3e4r5t6y7u8i", "digits alone|Many people|accepted"),
        ("qwertyuiop123456789", "Many people|accepted"),
    ],
)
def test_a_weak_password_is_refused_and_not_repeated(password: str, says: str) -> None:
    import re

    account = administrator()
    try:
        set_password(account=account.code, password=password, **TOLD)
    except Refusal as refusal:
        sentence = refusal.by_field["password"]
        assert re.search(says, sentence)
        assert password not in sentence
    else:
        assert "accepted" in says


def test_the_last_administrator_stays() -> None:
    first = administrator()
    grant = Grant.objects.get(account=first)
    for act in (
        lambda: close_account(code=first.code, **TOLD),
        lambda: take_role(code=grant.code, **TOLD),
    ):
        with pytest.raises(Refusal, match="only administrator"):
            act()
    other = member()
    give_role(account=other.code, role="administrator", **TOLD)
    close_account(code=first.code, **TOLD)
    with pytest.raises(Refusal, match="only administrator"):
        close_account(code=other.code, **TOLD)
    # One whom nobody can sign in as is no administrator.
    open_demo_accounts()
    with pytest.raises(Refusal, match="only administrator"):
        close_account(code=other.code, **TOLD)


def test_closing_ends_all_of_it_and_the_name_is_not_given_again() -> None:
    administrator()
    account = member(role="practice", organisation="a81001")
    begin_visit(account_tables.fresh(account.code), how="password")
    close_account(code=account.code, **TOLD)
    assert not Grant.objects.filter(account=account, ended_at=None).exists()
    assert not Visit.objects.filter(account=account, ended_at=None).exists()
    assert Password.objects.get(account=account).hash == ""
    with pytest.raises(Refusal, match="closed"):
        reset_password(account=account.code, **TOLD)
    person = add_person(name="Cora Cedar", **TOLD)
    with pytest.raises(Refusal, match="taken"):
        open_account(person=person.code, username="BEN", **TOLD)
    # The person may come back, under another name.
    assert open_account(person=account.person.code, username="ben2", **TOLD).account.stands


@pytest.mark.parametrize(
    ("role", "organisation", "field"),
    [("practice", "", "organisation"), ("network", "", "organisation"),
     ("administrator", "A81001", "organisation"), ("governance", "QX1", "organisation"),
     ("member", "", "role"), ("public", "", "role"), ("", "", "role"),
     ("practice", "A81001; DROP", "organisation")],
)  # fmt: skip
def test_a_role_holds_where_it_can(role: str, organisation: str, field: str) -> None:
    account = member()
    with pytest.raises(Refusal) as refused:
        give_role(account=account.code, role=role, organisation=organisation, **TOLD)
    assert field in refused.value.by_field


def test_a_role_given_twice_is_given_once() -> None:
    account = member()
    told = {"account": account.code, "role": "commissioner", "organisation": "QX1", **TOLD}
    before = give_role(**told), Event.objects.count()
    assert (give_role(**told), Event.objects.count()) == before


def test_two_administrators_at_one_account() -> None:
    account = member()
    seen = Account.objects.get(pk=account.pk).version
    reset_password(account=account.code, **TOLD)
    with pytest.raises(Changed):
        close_account(code=account.code, seen=seen, **TOLD)


def test_who_leaves_is_let_in_no_more() -> None:
    from locality.records.actions import person_leaves

    account = member()
    set_password(account=account.code, password=PASSWORD, **TOLD)
    assert let_in(username="ben", password=PASSWORD, **HERE) == account
    person_leaves(code=account.person.code, **TOLD)
    with pytest.raises(NotLetIn):
        let_in(username="ben", password=PASSWORD, **HERE)


def test_a_password_that_changed_while_it_was_looked_at_lets_nobody_in() -> None:
    account = member()
    set_password(account=account.code, password=PASSWORD, **TOLD)
    looked_at = let_in(username="ben", password=PASSWORD, **HERE)
    reset_password(account=account.code, **TOLD)
    with pytest.raises(NotLetIn):
        begin_visit(looked_at, how="password")
    assert not Visit.objects.exists()


def test_ones_own_password_asks_for_the_one_before() -> None:
    account = member()
    set_password(account=account.code, password=PASSWORD, **TOLD)
    told = {"account": account.code, "who": "ben", **HERE}
    new = "four quite unlikely words"
    for current, password, again, field in (
        ("wrong", new, new, "current"),
        (PASSWORD, new, "other", "again"),
        (PASSWORD, PASSWORD, PASSWORD, "password"),
        (PASSWORD, "short", "short", "password"),
    ):
        with pytest.raises(Refusal) as refused:
            change_own_password(current=current, password=password, again=again, **told)
        assert field in refused.value.by_field
    change_own_password(current=PASSWORD, password=new, again=new, **told)
    assert let_in(username="ben", password=new, **HERE)


def test_many_guesses_at_one_moment_do_not_slip_through_together() -> None:
    """Each counts before it is looked at: of twenty at once, five are looked at."""
    outcomes: list[str] = []

    def guess() -> None:
        try:
            begin_attempt("ben", "10.0.0.1")
            outcomes.append("looked at")
        except TooMany:
            outcomes.append("too many")
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert outcomes.count("looked at") == BY_NAME
    assert outcomes.count("too many") == 20 - BY_NAME
    assert Attempt.objects.count() == BY_NAME


def test_a_hash_of_yesterday_becomes_one_of_today() -> None:
    account = member()
    set_password(account=account.code, password=PASSWORD, **TOLD)
    hashers = ["django.contrib.auth.hashers.ScryptPasswordHasher",
               "django.contrib.auth.hashers.MD5PasswordHasher"]  # fmt: skip
    with override_settings(PASSWORD_HASHERS=hashers):
        found = let_in(username="ben", password=PASSWORD, **HERE)
        assert Password.objects.get(account=account).hash.startswith("scrypt$")
        assert begin_visit(found, how="password")


def test_a_link_is_one_accounts_alone() -> None:
    first, second = member(), member("Cora Cedar", "cora")
    there = {"issuer": "https://sign-in.example", "subject": "s-1", **TOLD}
    link_openid(account=first.code, **there)
    with pytest.raises(Refusal, match="Another account"):
        link_openid(account=second.code, **there)
    for issuer, subject in (("http://sign-in.example", "s"), ("", "s"),
                            ("https://x.example", "mailto:a@b.example")):  # fmt: skip
        with pytest.raises(Refusal):
            link_openid(account=second.code, issuer=issuer, subject=subject, **TOLD)
    link_openid(account=first.code, issuer="", **TOLD)
    assert account_tables.link(first.code) == ("", "")


def test_sign_in_needs_an_administrator_and_the_log_has_the_last_word(home: Path) -> None:
    with pytest.raises(Refusal, match="first administrator"):
        turn_on(home=home, **TOLD)
    assert logged() is None
    administrator()
    assert turn_on(home=home, **TOLD)
    assert not turn_on(home=home, **TOLD)
    assert is_on(home)
    # A file that was removed, or laid by hand, is put right when a server starts.
    (home / FILE).unlink()
    assert settle(home)
    assert is_on(home)
    assert (home / FILE).stat().st_mode & 0o077 == 0
    assert turn_off(home=home, **TOLD)
    (home / FILE).write_text("by hand")
    assert not settle(home)
    assert not is_on(home)


def test_a_second_first_administrator_is_refused() -> None:
    administrator()
    with pytest.raises(Refusal, match="already"):
        add_first_administrator(name="Eve Elm", username="eve", password=PASSWORD, **TOLD)


def test_the_demonstrations_people_are_opened_once_and_by_no_password() -> None:
    opened = open_demo_accounts("Y00003", "QX1")
    assert len(opened) == len(DEMONSTRATORS) == 7
    assert {one.pk for one in open_demo_accounts().values()} == {one.pk for one in opened.values()}
    for name in opened:
        for password in ("", "demo", name):
            with pytest.raises((NotLetIn, TooMany)):
                let_in(username=name, password=password, address=name)
    held = account_tables.held(opened["demo.practice"])
    assert held == (("practice", "Y00003"),)


def test_nobodys_own_account_is_taken_for_one_of_the_demonstration() -> None:
    account = member("Lionel Dale", "demo.lay")
    with pytest.raises(Refusal, match="taken"):
        open_demo_accounts()
    assert Account.objects.get() == account


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_account SET username = 'Ben'",
        "UPDATE records_account SET issuer = 'https://x.example'",
        "UPDATE records_account SET ended_why = 'x'",
        "UPDATE records_grant SET organisation = ''",
        "UPDATE records_grant SET role = 'public'",
        "UPDATE records_password SET hash = 'plain words'",
        "UPDATE records_password SET must_change = (1 = 1), holds_until = NULL",
        "UPDATE records_visit SET key_hash = 'the key itself'",
        "UPDATE records_account_history SET username = 'x'",
        "DELETE FROM records_grant_history",
    ],
)
def test_the_database_keeps_it_whole(statement: str) -> None:
    account = member(role="practice", organisation="A81001")
    begin_visit(account_tables.fresh(account.code), how="password")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_two_accounts_for_one_person_are_refused_by_the_database_too() -> None:
    from locality.records.actions.accounts import write_account
    from locality.records.actions.writing import change

    account = member()
    with pytest.raises(Refusal, match="account already"), change():
        write_account(account.person, "ben3", "local", "Twice.")
