"""Serving others: only with sign-in, only behind https, and only on the one proxy's word."""

from __future__ import annotations

import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from locality.figures import Problem
from tests.web.made_accounts import PASSWORD, QUICK, TOLD

THERE = "locality.example.nhs.uk"
_PROGRAM = (
    "import sys; from pathlib import Path; from locality.web.serving import serve; "
    "serve(Path(sys.argv[1]), ready=lambda a: print(a, flush=True), address=sys.argv[2])"
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a home in which people sign in, and one in which nobody does."""
    from locality.records.actions.sign_in import add_first_administrator, turn_on
    from locality.records.setup import prepare

    folder = tmp_path_factory.mktemp("served")
    prepare(folder / "off")
    prepare(folder / "on")
    with QUICK:
        add_first_administrator(name="Ada Alder", username="ada", password=PASSWORD, **TOLD)
    turn_on(home=folder / "on", **TOLD)
    from django.db import connections

    connections.close_all()
    return {"on": folder / "on", "off": folder / "off"}


@pytest.fixture(autouse=True)
def as_before() -> Any:
    """Put back the settings that serving changes in this process."""
    from django.conf import settings

    from locality.web.reached import settings_for

    yield
    for name, value in settings_for("").items():
        setattr(settings, name, value)


@pytest.mark.parametrize(
    ("state", "told", "says"),
    [
        ("off", {"address": f"https://{THERE}"}, "Sign-in is off"),
        ("off", {"bind": "0.0.0.0"}, "Sign-in is off"),
        ("on", {"bind": "0.0.0.0"}, "Say by what address"),
        ("on", {"address": f"http://{THERE}"}, "for everybody to read"),
        ("on", {"address": "https://*"}, "not the name of one host"),
        ("on", {"address": f"https://{THERE}", "bind": "0.0.0.0"}, "could pass for the proxy"),
        ("on", {"address": f"https://{THERE}", "proxy": "*"}, "not the address of a proxy"),
        ("on", {"bind": "everywhere"}, "not an address to listen on"),
    ],
)
def test_a_door_too_wide_is_refused_with_a_sentence(
    homes: dict[str, Path], state: str, told: dict[str, str], says: str
) -> None:
    from locality.web.serving import make

    with pytest.raises(Problem, match=says):
        make(homes[state], **told)


def _ask(port: int, path: str, **headers: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_answers_to_one_name_over_https_by_the_proxys_word(homes: dict[str, Path]) -> None:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = _PROGRAM.replace("serve(Path", f"serve(port={port}, home=Path")
    server = subprocess.Popen(
        [sys.executable, "-c", program, str(homes["on"]), f"https://{THERE}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert server.stdout.readline().strip() == f"https://{THERE}"
        plain = _ask(port, "/loop", Host=THERE)
        assert (plain.status, plain.headers["Location"]) == (301, f"https://{THERE}/loop")
        proxied = {"Host": THERE, "X_Forwarded_Proto": "https", "X_Forwarded_For": "10.0.0.9"}
        page = _ask(port, "/loop", **proxied)
        assert page.status == 200
        assert "max-age" in page.headers["Strict-Transport-Security"]
        denied = _ask(port, "/people/", **proxied)
        assert denied.status == 302
        assert denied.headers["Location"].startswith("/sign-in")
        for host in ("127.0.0.1", "evil.example", "localhost"):
            other = _ask(port, "/loop", **{**proxied, "Host": host})
            assert other.status == 400
        forged = _ask(port, "/loop", **proxied, X_Forwarded_Host="evil.example")
        assert "evil.example" not in str(forged.headers)
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
