"""Signing in, attacked: keys that were fixed or stolen, guesses, names, redirects, hosts, forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from locality.records.actions import person_leaves
from locality.records.actions.accounts import close_account, take_role
from locality.records.actions.attempts import BY_ADDRESS, BY_NAME
from locality.records.actions.passwords import reset_password
from locality.records.models import Attempt, Event, Grant, Password, Visit
from locality.web.reached import settings_for
from tests.web import made_accounts
from tests.web.made_accounts import PASSWORD, TOLD, House, client, signed_in

NEW = "four quite unlikely words"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("signing-in")) as house:
        yield house


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """The house as it was: what a test did to passwords, roles and attempts is undone."""
    from django.db import transaction

    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def _try(browser: Client, username: str, password: str, **extra: Any) -> Any:
    return browser.post("/sign-in", {"username": username, "password": password}, **extra)


def test_the_right_password_lets_in_and_the_page_says_who(house: House) -> None:
    browser = signed_in("member")
    page = browser.get("/my-account")
    assert b"Member Beech" in page.content
    assert "no-store" in page["Cache-Control"]
    assert "Cookie" in page["Vary"]


def test_a_cookie_from_before_is_not_the_one_after(house: House) -> None:
    browser = client()
    browser.cookies["locality_visit"] = "fixed-by-somebody-else"
    _try(browser, "member", PASSWORD)
    first = browser.cookies["locality_visit"].value
    assert first != "fixed-by-somebody-else"
    other = client()
    other.cookies["locality_visit"] = "fixed-by-somebody-else"
    assert other.get("/my-account").status_code == 302
    # Signing in again ends what was, and gives another key and another token for forms.
    token = browser.cookies["locality_csrf"].value
    _try(browser, "practice", PASSWORD)
    assert browser.cookies["locality_visit"].value != first
    assert browser.cookies["locality_csrf"].value != token
    old = client()
    old.cookies["locality_visit"] = first
    assert old.get("/my-account").status_code == 302


def test_the_key_itself_is_not_in_the_database(house: House) -> None:
    key = signed_in("member").cookies["locality_visit"].value
    assert all(key not in str(row) for row in Visit.objects.values())


def test_cookies_are_kept_from_scripts_and_end_with_the_browser(house: House) -> None:
    cookie = signed_in("member").cookies["locality_visit"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_signing_out_ends_it_on_the_server(house: House) -> None:
    browser = signed_in("member")
    stolen = client()
    stolen.cookies["locality_visit"] = browser.cookies["locality_visit"].value
    assert stolen.get("/my-account").status_code == 200
    answer = browser.post("/sign-out")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert stolen.get("/my-account").status_code == 302


def test_signing_out_takes_a_form_of_these_pages(house: House) -> None:
    browser = signed_in("member")
    assert browser.get("/sign-out").status_code == 403
    strict = signed_in("practice", enforce_csrf_checks=False)
    strict.handler.enforce_csrf_checks = True
    assert strict.post("/sign-out").status_code == 403
    assert strict.get("/my-account").status_code == 200


def test_signing_in_takes_a_form_of_these_pages_and_is_never_an_address(house: House) -> None:
    strict = client(enforce_csrf_checks=True)
    assert _try(strict, "member", PASSWORD).status_code == 403
    assert "locality_visit" not in strict.cookies
    browser = client()
    browser.get(f"/sign-in?username=member&password={PASSWORD.replace(' ', '+')}")
    assert "locality_visit" not in browser.cookies


def test_a_name_that_is_not_there_gets_the_same_answer_and_the_same_work(house: House) -> None:
    from locality.records.actions import passwords

    answers, hashed = [], []
    for name in ("member", "nobody.at.all"):
        with (
            patch.object(passwords, "make_password", wraps=passwords.make_password) as made,
            patch.object(passwords, "verify_password", wraps=passwords.verify_password) as looked,
        ):
            answer = _try(client(), name, "wrong and long enough")  # fmt: skip
        hashed.append(made.call_count + looked.call_count)
        answers.append((answer.status_code, _without(answer.content, name)))
    assert answers[0] == answers[1]
    assert hashed == [1, 1]


def test_an_account_that_is_closed_or_has_no_password_gets_it_too(house: House) -> None:
    from locality.records.actions import passwords

    close_account(code=house.accounts["member"].code, **TOLD)
    with patch.object(passwords, "make_password", wraps=passwords.make_password) as made:
        answer = _try(client(), "member", PASSWORD)
    assert answer.status_code == 422
    assert b"do not go together" in answer.content
    assert made.call_count == 1


def _without(content: bytes, name: str) -> bytes:
    import re

    text = content.replace(name.encode(), b"NAME")
    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"', b"", text)


def test_a_password_is_never_shown_or_kept_as_typed(house: House) -> None:
    answer = _try(client(), "my secret typed too early", "my secret")
    assert b'value="my secret"' not in answer.content
    assert all("secret" not in str(row) for row in Attempt.objects.values())
    stored = list(Event.objects.values()) + list(Password.objects.values())
    assert PASSWORD not in str(stored)
    assert "md5$" not in str(list(Event.objects.values()))


def test_a_name_is_guessed_five_times_and_then_not_even_rightly(house: House) -> None:
    for _ in range(BY_NAME):
        assert _try(client(), "Member ", "wrong").status_code == 422
    blocked = _try(client(REMOTE_ADDR="10.0.0.9"), "member", PASSWORD)
    assert blocked.status_code == 429
    assert 0 < int(blocked["Retry-After"]) <= 15 * 60
    assert b"too many tries" in blocked.content
    # Asking on does not put the end off, and others are let in.
    before = Attempt.objects.count()
    assert _try(client(), "member", PASSWORD).status_code == 429
    assert Attempt.objects.count() == before
    assert _try(client(), "practice", PASSWORD).status_code == 302
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    with patch.object(timezone, "now", lambda: later):
        assert _try(client(), "member", PASSWORD).status_code == 302


def test_an_address_guesses_thirty_times_and_ones_own_password_is_no_way_around(
    house: House,
) -> None:
    for number in range(BY_ADDRESS):
        assert _try(client(), f"guess{number}", "wrong").status_code == 422
        if number == 20:
            assert _try(client(), "analyst", PASSWORD).status_code == 302
    assert _try(client(), "member", PASSWORD).status_code == 429
    forged = _try(client(), "member", PASSWORD, headers={"X-Forwarded-For": "10.9.9.9"})
    assert forged.status_code == 429
    assert _try(client(REMOTE_ADDR="10.0.0.9"), "member", PASSWORD).status_code == 302


def test_one_household_is_one_address(house: House) -> None:
    for number in range(BY_ADDRESS):
        _try(client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}"), f"guess{number}", "wrong")
    assert _try(client(REMOTE_ADDR="2001:db8:1:2::ffff"), "member", PASSWORD).status_code == 429
    assert _try(client(REMOTE_ADDR="2001:db8:1:3::1"), "member", PASSWORD).status_code == 302


def test_the_current_password_cannot_be_guessed_by_changing_it_either(house: House) -> None:
    browser = signed_in("member")
    told = {"current": "wrong", "password": NEW, "again": NEW}
    for _ in range(BY_NAME):
        assert browser.post("/my-account/password", told).status_code == 422
    answer = browser.post("/my-account/password", {**told, "current": PASSWORD})
    assert b"too many tries" in answer.content
    assert _try(client(REMOTE_ADDR="10.0.0.9"), "member", NEW).status_code == 429


@pytest.mark.parametrize(
    "next",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example",
     "\thttps://evil.example", "/%0d%0aSet-Cookie:x=1\r\n", "javascript:alert(1)", "/nowhere",
     "/sign-out", "/sign-in", "http:evil.example", "/know/Y00003/notes", "\\/evil.example",
     "https:///evil.example", "/people/ //evil.example", "@evil.example", "x" * 3000],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(house: House, next: str) -> None:
    browser = client()
    there = {"username": "member", "password": PASSWORD, "next": next}
    assert browser.post("/sign-in", there)["Location"] == "/"


def test_one_goes_on_to_the_page_one_wanted(house: House) -> None:
    there = {"username": "member", "password": PASSWORD, "next": "/people/?all=1"}
    assert client().post("/sign-in", there)["Location"] == "/people/?all=1"


@pytest.mark.parametrize("what", ["password", "reset", "close", "role", "leaves"])
def test_a_visit_ends_with_what_it_rested_on(house: House, what: str) -> None:
    account, browser = house.accounts["practice"], signed_in("practice")
    assert browser.get("/my-account").status_code == 200
    if what == "password":
        other = signed_in("practice")
        told = {"current": PASSWORD, "password": NEW, "again": NEW}
        assert other.post("/my-account/password", told).status_code == 302
        assert other.get("/my-account").status_code == 200
    elif what == "reset":
        reset_password(account=account.code, **TOLD)
    elif what == "close":
        close_account(code=account.code, **TOLD)
    elif what == "role":
        take_role(code=Grant.objects.get(account=account, role="practice").code, **TOLD)
    else:
        person_leaves(code=account.person.code, **TOLD)
    assert browser.get("/my-account").status_code == 302


def test_a_visit_ends_when_idle_and_after_twelve_hours(house: House) -> None:
    browser, now = signed_in("member"), timezone.now()

    def after(**time: float) -> int:
        with patch.object(timezone, "now", lambda: now + timedelta(**time)):
            return int(browser.get("/my-account").status_code)

    assert after(minutes=59) == 200
    assert after(minutes=117) == 200
    assert after(minutes=179) == 302
    browser = signed_in("member")
    for minutes in range(50, 12 * 60, 50):
        assert after(minutes=minutes) == 200
    assert after(hours=12, minutes=1) == 302


def test_reading_writes_only_every_few_minutes(house: House) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = signed_in("member")
    with CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            browser.get("/loop")
    assert not [one for one in queries if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert 5 <= len(queries) <= 5 * 3


def test_a_password_handed_over_opens_nothing_but_its_own_change(house: House) -> None:
    account = house.accounts["practice"]
    _, given = reset_password(account=account.code, **TOLD)
    browser = signed_in("practice", given)
    assert browser.get("/people/")["Location"] == "/my-account/password"
    assert browser.get("/")["Location"] == "/my-account/password"
    assert browser.get("/api/lineage").status_code == 403
    assert browser.post("/know/Y00003/notes", {"text": "x"})["Location"] == "/my-account/password"
    told = {"current": given, "password": NEW, "again": NEW}
    assert browser.post("/my-account/password", told).status_code == 302
    assert browser.get("/people/").status_code == 200
    late = timezone.now() + timedelta(days=3, seconds=1)
    _, given = reset_password(account=account.code, **TOLD)
    with patch.object(timezone, "now", lambda: late):
        assert _try(client(), "practice", given).status_code == 422


def test_an_administrator_is_shown_a_new_password_once(house: House) -> None:
    browser = signed_in("administrator")
    code = house.accounts["member"].code
    page = browser.post(f"/accounts/{code}/reset", {"why": "It was forgotten."})
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    given = page.content.decode().partition('Password: <strong class="lc-code">')[2][:19]
    assert _try(client(), "member", given).status_code == 302
    for address in (f"/accounts/{code}", "/accounts/", "/my-account"):
        assert given not in browser.get(address).content.decode()
    assert given not in str(list(Event.objects.values()))


def test_nobody_but_an_administrator_learns_who_has_an_account(house: House) -> None:
    for role in ("public", "member", "governance", "commissioner"):
        answer = signed_in(role).get("/accounts/")
        assert answer.status_code in (302, 403)
        assert b"Beech" not in answer.content.replace(f"{role.title()} Beech".encode(), b"")


def test_one_ends_only_ones_own_visits(house: House) -> None:
    mine, other = signed_in("member"), signed_in("practice")
    theirs = Visit.objects.filter(account=house.accounts["practice"], ended_at=None).first()
    assert theirs is not None
    for number in (str(theirs.pk), "x", "-1", "9" * 30, "٣"):
        assert mine.post("/my-account/leave", {"number": number}).status_code == 404
    assert other.get("/my-account").status_code == 200
    again = signed_in("member")
    first = Visit.objects.filter(account=house.accounts["member"], ended_at=None).first()
    assert first is not None
    assert again.post("/my-account/leave", {"number": str(first.pk)}).status_code == 302


def test_whom_one_acts_for_is_nobodys_choice_once_people_sign_in(house: House) -> None:
    browser = client()
    answer = browser.post("/people/act-for", {"person": house.others["person"]})
    assert answer["Location"] == "/sign-in"
    browser = signed_in("administrator")
    assert browser.post("/people/act-for", {"person": house.others["person"]}).status_code == 403


def test_small_counts_are_read_by_the_practice_they_belong_to(house: House) -> None:
    from locality.web.acting import organisations

    seen: dict[str, Any] = {}
    for role in ("public", "member", "practice", "network", "administrator"):
        request = signed_in(role).get("/loop").wsgi_request
        seen[role] = organisations(request)
    assert seen["practice"] == {"Y00003"}
    assert not any(seen[role] for role in seen if role != "practice")


@pytest.mark.parametrize("address", ["/", "/sign-in", "/people/", "/accounts/", "/api/lineage",
                                     "/nowhere", "/my-account"])  # fmt: skip
@pytest.mark.parametrize("role", ["public", "administrator"])
def test_every_answer_carries_its_headers(house: House, role: str, address: str) -> None:
    answer = signed_in(role).get(address)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "form-action 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil", ""])
def test_another_hosts_name_is_not_answered(house: House, host: str) -> None:
    for address in ("/sign-in", "/"):
        assert client().get(address, headers={"host": host}).status_code == 400
    forwarded = {"host": "127.0.0.1", "x-forwarded-host": "evil.example"}
    assert b"evil.example" not in client().get("/people/", headers=forwarded).content


def test_behind_https_cookies_are_secure_and_plain_http_is_turned_away(house: House) -> None:
    there = "locality.example.nhs.uk"
    with override_settings(**settings_for(f"https://{there}")):
        browser = Client(SERVER_NAME=there, raise_request_exception=False)
        answer = browser.post("/sign-in", {"username": "member", "password": PASSWORD}, secure=True)
        assert answer.status_code == 302
        cookie = answer.cookies["__Host-locality_visit"]
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert "max-age" in answer["Strict-Transport-Security"]
        plain = browser.get("/sign-in")
        assert (plain.status_code, plain["Location"]) == (301, f"https://{there}/sign-in")
        # A header that anybody can send does not make plain http into https.
        said = browser.get("/sign-in", headers={"x-forwarded-proto": "https"})
        assert said.status_code == 301
        assert browser.get("/", secure=True, headers={"host": "127.0.0.1"}).status_code == 400


def test_a_named_address_is_never_open_even_if_sign_in_is_off(house: House, tmp_path: Path) -> None:
    there = "locality.example.nhs.uk"
    changed = {**settings_for(f"https://{there}"), "LOCALITY_HOME": tmp_path}
    with override_settings(**changed):
        browser = Client(SERVER_NAME=there, raise_request_exception=False)
        answer = browser.get("/people/", secure=True)
        assert answer["Location"].startswith("/sign-in")


def test_while_sign_in_is_off_no_cookie_lets_anybody_in(house: House, tmp_path: Path) -> None:
    browser = signed_in("member")
    with override_settings(LOCALITY_HOME=tmp_path):
        page = browser.get("/sign-in")
        assert b"Nobody signs in here" in page.content
        assert browser.get("/my-account").status_code == 404
        assert _try(browser, "member", PASSWORD).status_code == 404
        assert browser.get("/people/").status_code == 200


def test_what_cannot_be_looked_at_counts_as_on(tmp_path: Path) -> None:
    from locality.records.sign_in_state import is_on

    assert not is_on(tmp_path)
    file = tmp_path / "not-a-folder"
    file.write_text("x")
    assert is_on(file)


def test_the_demonstration_lets_its_people_in_and_nobody_else_does(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = {"who": "demo.lay"}
    assert client().post("/sign-in/demonstration", who).status_code == 404
    monkeypatch.setenv("LOCALITY_DEMONSTRATION", "1")
    assert b"Lay member" in client().get("/sign-in").content
    far = client(REMOTE_ADDR="10.0.0.9")
    assert far.post("/sign-in/demonstration", who).status_code == 404
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"):
        proxied = client(headers={header: "10.0.0.9"})
        assert proxied.post("/sign-in/demonstration", who).status_code == 404, header
    there = "locality.example.nhs.uk"
    with override_settings(**settings_for(f"https://{there}")):
        named = Client(SERVER_NAME=there, raise_request_exception=False)
        assert named.post("/sign-in/demonstration", who, secure=True).status_code == 404
        assert b"Lay member" not in named.get("/sign-in", secure=True).content
    assert client().post("/sign-in/demonstration", {"who": "administrator"}).status_code == 404
    # Sign-in off, as in the demonstration: signed in, the table holds; signed out, it does not.
    with override_settings(LOCALITY_HOME=tmp_path):
        browser = client()
        assert browser.post("/sign-in/demonstration", who).status_code == 302
        assert b"Lionel Dale" in browser.get("/my-account").content
        assert browser.get("/accounts/").status_code == 403
        browser.post("/sign-out")
        assert browser.get("/accounts/").status_code == 200
        key = browser.post("/sign-in/demonstration", who).cookies["locality_visit"].value
    monkeypatch.delenv("LOCALITY_DEMONSTRATION")
    stolen = client()
    stolen.cookies["locality_visit"] = key
    assert stolen.get("/my-account").status_code == 302
