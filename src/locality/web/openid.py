"""The organisation's own sign-in: OpenID Connect, by authorisation code with PKCE.

Set up by the environment: ``LOCALITY_OPENID_ISSUER``, ``_CLIENT_ID``, ``_CLIENT_SECRET`` (empty for
a public client) and ``_NAME`` (the words of the button). It says who somebody is and nothing more:
no account is made by it, and no role comes from it.

Nothing here is imported until somebody uses it, and its two libraries are an extra.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from locality.figures import Problem
from locality.records.actions.accounts import BY_ADDRESS, is_local

#: How long what a provider says of itself is believed, in seconds.
_BELIEVED = 3600
_PATIENCE = (5, 10)
#: Clocks that go a little wrong, in seconds.
_LEEWAY = 60
#: How its tokens may be signed: by its own key, never by a secret that we share, never not at all.
_SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class NotVouchedFor(Problem):
    """The other sign-in did not say, in a way that can be believed, who this is."""


@dataclass(frozen=True)
class Flow:
    """What this browser carries while it is away: none of it opens anything by itself."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    next: str = ""


@dataclass(frozen=True)
class Vouched:
    """Who somebody is, by the issuer's word; the address only where it says it is verified."""

    issuer: str
    subject: str
    address: str = ""


@dataclass(frozen=True)
class Provider:
    """What an issuer says of itself, and as whom this house is known there."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    authorise: str = ""
    token: str = ""
    keys: str = ""
    who: str = ""
    method: str = "client_secret_basic"


def issuer() -> str:
    """Return the issuer that is set up, or an empty text."""
    return os.environ.get("LOCALITY_OPENID_ISSUER", "").strip()


def offered() -> str:
    """Return the words of the button, or an empty text where no other sign-in is set up."""
    if not issuer() or not os.environ.get("LOCALITY_OPENID_CLIENT_ID", "").strip():
        return ""
    return os.environ.get("LOCALITY_OPENID_NAME", "").strip() or "your organisation's sign-in"


def leave(back: str, after: str) -> tuple[str, Flow]:
    """Return the address to send a browser to, and what it carries meanwhile.

    ``back`` is where it returns to, ``after`` the page it wants then. Raises NotVouchedFor.
    """
    there = provider()
    flow = Flow(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48),
                after)  # fmt: skip
    address, _ = _session(there).create_authorization_url(
        there.authorise, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier,
        redirect_uri=back,
    )  # fmt: skip
    return str(address), flow


def returned(answer: dict[str, str], flow: Flow, back: str) -> Vouched:
    """Return who came back with ``answer``, the query of the address they came to.

    Raises NotVouchedFor where anything does not belong to the ``flow`` that this browser began.
    """
    there = provider()
    if not secrets.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
        raise NotVouchedFor("This did not begin in this browser. Sign in again, please.")
    # Where the answer says who gives it, it is the one that was asked (RFC 9207).
    if answer.get("iss", there.issuer) != there.issuer:
        raise NotVouchedFor("The answer comes from another sign-in than was asked.")
    if answer.get("error") or not answer.get("code"):
        raise NotVouchedFor("The other sign-in did not let you in, or you stopped it there.")
    token = _fetch_token(there, answer["code"], flow, back)
    claims = _claims(there, str(token.get("id_token", "")), flow.nonce)
    subject = str(claims["sub"])
    if not subject or len(subject) > 255 or subject.startswith(BY_ADDRESS):
        raise NotVouchedFor("The other sign-in did not say who you are.")
    if "email" not in claims and there.who:
        told = _asked(there.who, str(token.get("access_token", "")))
        # It must speak of the same person, or it is not listened to.
        if told.get("sub") == claims["sub"]:
            claims = {**told, **claims}
    verified = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
    return Vouched(there.issuer, subject, claims["email"].lower() if verified else "")


def provider() -> Provider:
    """Return the issuer that is set up, as it describes itself; raises NotVouchedFor."""
    if not offered():
        raise NotVouchedFor("No other sign-in is set up here.")
    if find_spec("authlib") is None or find_spec("requests") is None:
        raise NotVouchedFor("Its libraries are not installed: pip install 'locality[openid]'.")
    named = issuer()
    if not (named.startswith("https://") or is_local(named)):
        raise NotVouchedFor("LOCALITY_OPENID_ISSUER has to begin with https://.")
    secret = os.environ.get("LOCALITY_OPENID_CLIENT_SECRET", "")
    told = _KEPT.get(f"{named.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != named:
        raise NotVouchedFor("The sign-in that answered is not the one that is set up.")
    ends = {name: str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint",
            "jwks_uri", "userinfo_endpoint")}  # fmt: skip
    for name, address in ends.items():
        if not address and name == "userinfo_endpoint":
            continue
        if not (address.startswith("https://") or (is_local(address) and is_local(named))):
            raise NotVouchedFor(f"The sign-in that is set up has no safe {name}.")
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = "client_secret_basic" in methods or "client_secret_post" not in methods
    method = "client_secret_basic" if basic else "client_secret_post"
    return Provider(
        named, os.environ["LOCALITY_OPENID_CLIENT_ID"].strip(), secret,
        ends["authorization_endpoint"], ends["token_endpoint"], ends["jwks_uri"],
        ends["userinfo_endpoint"], method if secret else "none",
    )  # fmt: skip


class _Kept:
    """What issuers say of themselves, and their keys, asked for once an hour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, tuple[float, dict[str, Any]]] = {}

    def get(self, address: str, *, anew: bool = False) -> dict[str, Any]:
        """Return the JSON at ``address``; raises NotVouchedFor where there is none."""
        with self._lock:
            at, told = self._told.get(address, (0.0, {}))
        if told and not anew and time.monotonic() - at < _BELIEVED:
            return told
        told = _asked(address)
        with self._lock:
            self._told[address] = (time.monotonic(), told)
        return told

    def forget(self) -> None:
        """Forget everything: tests put one provider after another at one address."""
        with self._lock:
            self._told.clear()


_KEPT = _Kept()


def _asked(address: str, token: str = "") -> dict[str, Any]:
    import requests

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.get(address, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        if answer.status_code != 200:
            raise ValueError(f"it answered {answer.status_code}")
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise NotVouchedFor(
            "The other sign-in does not answer just now. Try again in a minute, or use a password."
        ) from error
    if not isinstance(told, dict):
        raise NotVouchedFor("The other sign-in gave an answer that cannot be read.")
    return told


def _session(there: Provider) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    session = OAuth2Session(
        there.client, there.secret or None, token_endpoint_auth_method=there.method,
        scope="openid email", code_challenge_method="S256",
    )  # fmt: skip
    # A secret is never carried on to where a redirect points.
    session.max_redirects = 0
    return session


def _fetch_token(there: Provider, code: str, flow: Flow, back: str) -> dict[str, Any]:
    import requests
    from authlib.common.errors import AuthlibBaseError

    try:
        return dict(
            _session(there).fetch_token(
                there.token, grant_type="authorization_code", code=code, redirect_uri=back,
                code_verifier=flow.verifier, timeout=_PATIENCE,
            )
        )  # fmt: skip
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise NotVouchedFor("The other sign-in took nothing back for its code.") from error


def _claims(there: Provider, token: str, nonce: str) -> dict[str, Any]:
    """Return what an identity token says, once it is sure who signed it, for whom and for when."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    checks = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": there.issuer},
        aud={"essential": True, "value": there.client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    for anew in (False, True):
        try:
            keys = KeySet.import_key_set(_KEPT.get(there.keys, anew=anew))  # type: ignore[arg-type]
            read = jwt.decode(token, keys, algorithms=_SIGNED_BY)
            break
        except (JoseError, ValueError, KeyError, TypeError) as error:
            # Its keys may have changed since they were asked for: asked once more, and no more.
            if anew:
                raise NotVouchedFor("What the other sign-in says is not signed by it.") from error
    try:
        checks.validate(read.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise NotVouchedFor("What the other sign-in says is not meant for now and here.") from error
    claims = dict(read.claims)
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != there.client:
        raise NotVouchedFor("What the other sign-in says is meant for another.")
    return claims
