"""The floor under every page: who may ask, what a page may load, what starting costs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, override_settings
from django.urls import path

from tests.records.postgresql import ON_POSTGRESQL

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the same whatever the database")


def page(request: HttpRequest) -> HttpResponse:
    request.session["organisation"] = "A81001"
    return HttpResponse(f"{get_token(request)} {request.csp_nonce}")  # type: ignore[attr-defined]


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"asked by htmx: {bool(request.htmx)}")  # type: ignore[attr-defined]


urlpatterns = [path("page", page), path("plain", plain)]


@pytest.fixture
def client() -> Iterator[Client]:
    """A browser on this computer; pages and templates of the site itself are left out."""
    plainly = "django.views.csrf.csrf_failure"
    with override_settings(ROOT_URLCONF=__name__, TEMPLATES=[], CSRF_FAILURE_VIEW=plainly):
        yield Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1:8000"})


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8421", "localhost", "localhost:8421", "[::1]", "[::1]:8421"]
)
def test_this_computer_is_answered(client: Client, host: str) -> None:
    assert client.get("/plain", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["locality.example", "127.0.0.1.example", "localhost.example", "192.168.0.7", "0.0.0.0", "a b"],
)
def test_any_other_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/plain", headers={"host": host}).status_code == 400
    forwarded = {"host": host, "x-forwarded-host": "127.0.0.1"}
    assert client.get("/plain", headers=forwarded).status_code == 400


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_a_page_loads_from_here_alone(client: Client) -> None:
    assert policy(client.get("/plain")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "base-uri": "'none'",
    }


def test_each_page_has_a_nonce_of_its_own(client: Client) -> None:
    seen = set()
    for _ in range(3):
        response = client.get("/page")
        nonce = response.content.decode().split()[1]
        assert policy(response)["script-src"] == f"'self' 'nonce-{nonce}'"
        seen.add(nonce)
    assert len(seen) == 3


def test_security_headers(client: Client) -> None:
    headers = client.get("/plain").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client) -> None:
    response = client.get("/page")
    assert set(response.cookies) == {"locality_session", "locality_csrf"}
    for cookie in response.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_a_session_writes_nothing_to_the_records(client: Client, home: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get("/page")
        client.get("/page")
    assert len(queries) == 0


def test_a_form_without_its_token_is_refused(client: Client) -> None:
    token = client.get("/page").content.decode().split()[0]
    assert client.post("/plain", {}).status_code == 403
    assert client.post("/plain", {"csrfmiddlewaretoken": token}).status_code == 200


def test_htmx_is_known(client: Client) -> None:
    assert client.get("/plain", headers={"HX-Request": "true"}).content == b"asked by htmx: True"


def test_responses_are_not_compressed_by_default(client: Client) -> None:
    """Compression is for charts and data alone: a page holds a token (BREACH)."""
    response = client.get("/page", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_the_floor_is_small_and_never_shows_its_insides() -> None:
    assert settings.DEBUG is False
    assert not any(app.startswith("django.contrib.admin") for app in settings.INSTALLED_APPS)
    assert (settings.LANGUAGE_CODE, settings.USE_TZ) == ("en-gb", True)
    assert (settings.LOCALITY_HOME / "secret_key").read_text().strip() == settings.SECRET_KEY


HEAVY = (
    "altair",
    "duckdb",
    "narwhals",
    "pandas",
    "scipy",
    "sqlglot",
    "statsmodels",
    "vl_convert",
    "xlsxwriter",
)


def test_starting_django_loads_no_heavy_library(tmp_path: Path) -> None:
    program = (
        "import sys, django, importlib; django.setup()\n"
        "import locality.web.settings, locality.records.actions, locality.records.tables\n"
        "import locality.records.inputs, locality.records.setup\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={
            **os.environ,
            "LOCALITY_HOME": str(tmp_path / "other"),
            "DJANGO_SETTINGS_MODULE": "locality.web.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
    assert (tmp_path / "other" / "secret_key").exists()


def test_a_spoiled_home_is_a_sentence_when_django_starts(tmp_path: Path) -> None:
    (tmp_path / "spoiled").mkdir()
    (tmp_path / "spoiled" / "secret_key").write_text("short")
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\n"
            "from locality.figures import Problem\n"
            "from locality.records.setup import prepare\n"
            "try: prepare(pathlib.Path(sys.argv[1]))\n"
            "except Problem as problem: print(problem)\n",
            str(tmp_path / "spoiled"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert "holds no usable secret" in run.stdout
