"""The organisation's own sign-in, against a real provider on this computer, and against a liar.

The provider runs in a thread. In front of it stands a gate that keeps what PKCE promises (the
provider itself does not look), counts what it is asked, and can lie where a test wants it to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

warnings.filterwarnings("ignore", module="authlib")
pytest.importorskip("authlib")
pytest.importorskip("oidc_provider_mock")

import requests  # noqa: E402
from django.test import Client  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import OctKey, RSAKey  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from locality.records.actions.accounts import link_openid  # noqa: E402
from locality.records.models import Account, Visit  # noqa: E402
from locality.web import openid  # noqa: E402
from tests.web import made_accounts  # noqa: E402
from tests.web.made_accounts import PASSWORD, TOLD, House, client  # noqa: E402

# The provider is built on parts of its library that are on their way out; ours is not.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Lie = Callable[[str, dict[str, Any]], dict[str, Any]]


class Gate:
    """A WSGI gate before the provider: it keeps challenges, and passes answers on or bends them."""

    def __init__(self, provider: Any) -> None:
        self.provider, self.challenges, self.tokens = provider, {}, 0
        self.lie: Lie = lambda path, told: told

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        path, query = environ["PATH_INFO"], parse_qs(environ.get("QUERY_STRING", ""))
        if path == "/oauth2/token":
            self.tokens += 1
            size = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(size)
            told = dict(parse_qsl(body.decode()))
            made = hashlib.sha256(told.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
            if self.challenges.pop(told.get("code"), None) != challenge:
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
            import io

            environ["wsgi.input"] = io.BytesIO(body)
        answer: dict[str, Any] = {}

        def caught(status: str, headers: list[Any], *rest: Any) -> None:
            answer.update(status=status, headers=headers)

        body = b"".join(self.provider(environ, caught))
        headers = [(k, v) for k, v in answer["headers"] if k.lower() != "content-length"]
        location = dict(headers).get("Location", "")
        if path == "/oauth2/authorize" and "code=" in location:
            assert query["code_challenge_method"] == ["S256"]
            self.challenges[parse_qs(urlsplit(location).query)["code"][0]] = query[
                "code_challenge"
            ][0]
        if dict(headers).get("Content-Type", "").startswith("application/json"):
            body = json.dumps(self.lie(path, json.loads(body))).encode()
        start(answer["status"], headers)
        return [body]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock

        users = [
            oidc_provider_mock.User(
                sub="s-member", claims={"email": "Member@vale.example", "email_verified": True}
            ),
            oidc_provider_mock.User(
                sub="s-not-sure", claims={"email": "member@vale.example", "email_verified": False}
            ),
        ]
        gate = Gate(oidc_provider_mock.app(user_claims=users, require_nonce=True))
        server = make_server("127.0.0.1", 0, gate, threaded=True)
        gate.issuer = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        running.start()
        yield gate
        server.shutdown()
        running.join()
        server.server_close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("openid")) as house:
        yield house


@pytest.fixture
def house(built: House, gate: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    from django.db import transaction

    monkeypatch.setenv("LOCALITY_OPENID_ISSUER", gate.issuer)
    monkeypatch.setenv("LOCALITY_OPENID_CLIENT_ID", "locality")
    monkeypatch.setenv("LOCALITY_OPENID_CLIENT_SECRET", "between us")
    openid._KEPT.forget()
    gate.lie = lambda path, told: told
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def away(browser: Client, subject: str = "s-member", next: str = "") -> str:
    """Go to the provider as ``subject`` and return the address it sends the browser back to."""
    answer = browser.get("/sign-in/elsewhere", {"next": next})
    assert answer.status_code == 302, answer.content
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sent = requests.post(
            answer["Location"], data={"sub": subject}, allow_redirects=False, timeout=10
        )
    assert sent.status_code == 302, sent.text
    return str(sent.headers["Location"])


def back(browser: Client, address: str, **changed: str) -> Any:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **changed}
    return browser.get(urlunsplit(("", "", parts.path, urlencode(query), "")))


def linked(house: House, subject: str = "s-member") -> Account:
    return link_openid(
        account=house.accounts["member"].code, issuer=openid.issuer(), subject=subject, **TOLD
    )


def let_in(browser: Client) -> bool:
    return browser.get("/my-account").status_code == 200


def test_who_is_linked_comes_in_and_goes_on(house: House) -> None:
    linked(house)
    browser = client()
    assert b"your organisation" in browser.get("/sign-in").content
    answer = back(browser, away(browser, next="/people/"))
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert let_in(browser)
    assert Visit.objects.order_by("-id")[0].how == "openid"
    assert answer.cookies["locality_openid"].value == ""


def test_nothing_travels_that_tells_the_secret(house: House) -> None:
    browser = client()
    address = browser.get("/sign-in/elsewhere")["Location"]
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 32
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://127.0.0.1/sign-in/return"]
    assert "between" not in address
    assert "code_verifier" not in address


def test_nobody_gets_an_account_by_coming(house: House) -> None:
    browser, before = client(), Account.objects.count()
    answer = back(browser, away(browser, "s-somebody-new"))
    assert answer.status_code == 403
    assert b"no account here" in answer.content
    assert not let_in(browser)
    assert Account.objects.count() == before


def test_an_account_that_waits_for_a_verified_address_is_linked_once(house: House) -> None:
    link_openid(account=house.accounts["member"].code, issuer=openid.issuer(), **TOLD)
    unsure = client()
    assert back(unsure, away(unsure, "s-not-sure")).status_code == 403
    browser = client()
    assert back(browser, away(browser)).status_code == 302
    assert let_in(browser)
    assert Account.objects.get(code=house.accounts["member"].code).subject == "s-member"
    # From now on it is the subject that counts, whatever address another one shows.
    assert back(unsure, away(unsure, "s-not-sure")).status_code == 403


def test_a_subject_that_looks_like_an_address_links_nothing(house: House) -> None:
    link_openid(account=house.accounts["member"].code, issuer=openid.issuer(), **TOLD)
    browser = client()
    assert back(browser, away(browser, "mailto:member@vale.example")).status_code == 403
    assert not let_in(browser)


def test_a_closed_account_stays_closed(house: House) -> None:
    from locality.records.actions.accounts import close_account

    linked(house)
    browser = client()
    there = away(browser)
    close_account(code=house.accounts["member"].code, **TOLD)
    assert back(browser, there).status_code == 403


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}, {"code": "guessed"},
                                     {"code": ""}, {"iss": "https://evil.example"},
                                     {"error": "access_denied"}])  # fmt: skip
def test_an_answer_that_was_changed_is_not_taken(house: House, changed: dict[str, str]) -> None:
    linked(house)
    browser = client()
    answer = back(browser, away(browser), **changed)
    assert answer.status_code == 403
    assert not let_in(browser)


def test_another_browsers_answer_is_not_taken(house: House, gate: Gate) -> None:
    linked(house)
    there, victim = away(client()), client()
    before = gate.tokens
    assert back(victim, there).status_code == 403
    # Nor with a flow of its own under way: and its code is not even asked about.
    away(victim)
    assert back(victim, there).status_code == 403
    assert gate.tokens == before
    assert not let_in(victim)


def test_a_code_is_worth_nothing_without_the_verifier_of_its_browser(house: House) -> None:
    linked(house)
    attacker, victim = client(), client()
    stolen = dict(parse_qsl(urlsplit(away(victim)).query))["code"]
    mine = away(attacker)
    assert back(attacker, mine, code=stolen).status_code == 403
    assert not let_in(attacker)


def test_an_answer_is_taken_once(house: House) -> None:
    linked(house)
    browser = client()
    there = away(browser)
    assert back(browser, there).status_code == 302
    browser.post("/sign-out")
    assert back(browser, there).status_code == 403
    assert not let_in(browser)


def test_a_flow_that_took_too_long_or_was_forged_is_over(house: House) -> None:
    from unittest.mock import patch

    linked(house)
    browser = client()
    there = away(browser)
    late = time.time() + 601
    with patch("time.time", lambda: late):
        assert back(browser, there).status_code == 403
    browser = client()
    there = away(browser)
    browser.cookies["locality_openid"] = browser.cookies["locality_openid"].value[:-2] + "xx"
    assert back(browser, there).status_code == 403


CLAIMS: dict[str, Any] = {"sub": "s-member", "aud": "locality"}


@pytest.mark.parametrize(
    "lie",
    ["another key", "none", "our secret", "another audience", "two audiences", "another issuer",
     "another nonce", "no nonce", "past", "no end", "no subject", "no token", "garbage"],
)  # fmt: skip
def test_a_token_is_believed_only_whole(house: House, gate: Gate, lie: str) -> None:
    linked(house)
    key = RSAKey.generate_key(2048)
    asked: dict[str, str] = {}

    def bend(path: str, told: dict[str, Any]) -> dict[str, Any]:
        # The liar holds the provider's own key, except where the lie is the key.
        if path == "/jwks" and lie not in ("another key", "none", "our secret", "garbage"):
            return {"keys": [key.as_dict(private=False)]}
        if path != "/oauth2/token":
            return told
        now = int(time.time())
        claims = {**CLAIMS, "iss": openid.issuer(), "iat": now, "exp": now + 60,
                  "nonce": asked["nonce"]}  # fmt: skip
        claims |= {
            "another audience": {"aud": "somebody else"},
            "two audiences": {"aud": ["locality", "evil"]},
            "another issuer": {"iss": "https://evil.example"},
            "another nonce": {"nonce": "x"},
            "past": {"iat": now - 7200, "exp": now - 3600},
        }.get(lie, {})
        for name in {"no nonce": ["nonce"], "no end": ["exp"], "no subject": ["sub"]}.get(lie, []):
            del claims[name]
        if lie == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
            token = ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts) + "."
        elif lie == "our secret":
            secret = OctKey.import_key("between us" * 4)
            token = jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
        else:
            token = jwt.encode({"alg": "RS256"}, claims, key)
        token = {"no token": "", "garbage": "a.b.c"}.get(lie, token)
        return {**told, "id_token": token}

    gate.lie = bend
    browser = client()
    address = browser.get("/sign-in/elsewhere")["Location"]
    asked["nonce"] = parse_qs(urlsplit(address).query)["nonce"][0]
    sent = requests.post(address, data={"sub": "s-member"}, allow_redirects=False, timeout=10)
    assert back(browser, sent.headers["Location"]).status_code == 403
    assert not let_in(browser)


def test_the_liars_own_key_would_do_for_a_whole_token(house: House, gate: Gate) -> None:
    """If the bent tokens were refused for another reason, the test above would prove nothing."""
    linked(house)
    key, asked = RSAKey.generate_key(2048), {}

    def bend(path: str, told: dict[str, Any]) -> dict[str, Any]:
        if path == "/jwks":
            return {"keys": [key.as_dict(private=False)]}
        if path == "/oauth2/token":
            now = int(time.time())
            claims = {**CLAIMS, "iss": openid.issuer(), "iat": now, "exp": now + 60, **asked}
            return {**told, "id_token": jwt.encode({"alg": "RS256"}, claims, key)}
        return told

    gate.lie = bend
    browser = client()
    address = browser.get("/sign-in/elsewhere")["Location"]
    asked["nonce"] = parse_qs(urlsplit(address).query)["nonce"][0]
    sent = requests.post(address, data={"sub": "s-member"}, allow_redirects=False, timeout=10)
    assert back(browser, sent.headers["Location"]).status_code == 302


@pytest.mark.parametrize("what", ["issuer", "token_endpoint", "authorization_endpoint", "jwks_uri"])
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    house: House, gate: Gate, what: str
) -> None:
    gate.lie = lambda path, told: {**told, what: "http://evil.example/x"}
    answer = client().get("/sign-in/elsewhere")
    assert answer.status_code == 403
    assert b"evil.example" not in answer.content


def test_a_provider_that_is_gone_is_a_sentence_and_passwords_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCALITY_OPENID_ISSUER", "http://127.0.0.1:9")
    answer = client().get("/sign-in/elsewhere")
    assert answer.status_code == 403
    assert b"does not answer just now" in answer.content
    told = {"username": "member", "password": PASSWORD}
    assert client().post("/sign-in", told).status_code == 302


def test_plain_http_is_no_issuer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALITY_OPENID_ISSUER", "http://sign-in.example")
    assert b"https://" in client().get("/sign-in/elsewhere").content


def test_where_none_is_set_up_there_is_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALITY_OPENID_ISSUER")
    assert client().get("/sign-in/elsewhere").status_code == 404
    assert client().get("/sign-in/return").status_code == 404
    assert b"/sign-in/elsewhere" not in client().get("/sign-in").content


def test_one_is_not_led_elsewhere_after_it(house: House) -> None:
    linked(house)
    browser = client()
    assert back(browser, away(browser, next="//evil.example"))["Location"] == "/"
