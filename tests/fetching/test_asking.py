"""Who asks: patient but not for ever, and only where the other side proves who it is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.fetching.asking import is_here, judged
from locality.fetching.faults import FetchError, retry_after
from tests.fetching.made import ROWS, Clock, fetched, fixed, listed, visitor
from tests.fetching.serving import Server, date_in, file, says, serving


def test_a_busy_server_is_waited_for_as_long_as_it_asks(server: Server, tmp_path: Path) -> None:
    clock = Clock()
    later = date_in(30, clock.now() + 7)
    one = fixed(
        server.put("/f", says(429, Retry_After="7"), says(503, Retry_After=later), file(ROWS))
    )
    assert fetched(one, tmp_path, visitor=visitor(clock))["state"] == "fetched"
    assert clock.slept == [7.0, pytest.approx(30.0, abs=1)]


def test_a_server_that_does_not_say_is_asked_less_and_less_often(
    server: Server, tmp_path: Path
) -> None:
    clock = Clock()
    row = fetched(fixed(server.put("/f", says(503))), tmp_path, visitor=visitor(clock))
    assert clock.slept == [2.0, 4.0, 8.0] and len(server.asked) == 4
    assert row["state"] == "failed"
    assert row["sentence"] == (
        "localhost answered 503 (Service Unavailable), 4 times. Fetch again later: if a part has "
        "come, it goes on from there."
    )
    assert listed(tmp_path) == set()


def test_a_server_that_asks_for_too_much_time_is_left_in_peace(
    server: Server, tmp_path: Path
) -> None:
    clock = Clock()
    row = fetched(
        fixed(server.put("/f", says(429, Retry_After="3600"))), tmp_path, visitor=visitor(clock)
    )
    assert clock.slept == [] and len(server.asked) == 1
    assert row["sentence"] == (
        "localhost answered 429 (Too Many Requests) and asks us to come back in 60 minutes. Fetch "
        "again then."
    )


def test_a_file_that_breaks_off_for_ever_ends(server: Server, tmp_path: Path) -> None:
    """Each try brings a byte more, so it goes on; but not for ever."""
    cuts = [file(ROWS, '"one"', cut=number) for number in range(1, 99)]
    row = fetched(fixed(server.put("/f", *cuts)), tmp_path)
    assert row["state"] == "failed" and len(server.asked) == 20


def test_it_follows_where_it_is_sent_on_this_computer_but_not_in_circles(
    server: Server, tmp_path: Path
) -> None:
    server.put("/there", file(ROWS))
    one = fixed(server.put("/here", says(301, Location="/there")))
    assert fetched(one, tmp_path)["state"] == "fetched"
    round_and_round = fixed(server.put("/round", says(302, Location="/round")))
    row = fetched(round_and_round, tmp_path / "two")
    assert row["state"] == "failed" and len(server.asked) <= 10


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate could be made")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return folder / "certificate.pem", folder / "key.pem"


def test_a_certificate_that_proves_nothing_ends_it(
    certificate: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(certificate) as server:
        one = fixed(server.put("/f", file(ROWS)))
        row = fetched(one, tmp_path)
        assert row["state"] == "failed" and server.asked == []
        assert "The certificate of localhost does not prove who it is (self" in row["sentence"]
        assert "SSL_CERT_FILE" in row["sentence"] and listed(tmp_path) == set()
        # Python's own switch for this does not reach in here.
        monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
        assert fetched(one, tmp_path)["state"] == "failed"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert fetched(one, tmp_path)["state"] == "fetched"
        # From a proven connection it is not sent on to an open one, were it on this computer.
        down = fixed(server.put("/down", says(302, Location="http://example.org/f")))
        assert "only https will do" in fetched(down, tmp_path / "two")["sentence"]


def test_a_server_that_speaks_no_tls_is_a_sentence(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS)).replace("http:", "https:"))
    row = fetched(one, tmp_path)
    assert row["state"] == "failed" and "No secure connection" in row["sentence"]


def test_no_network_is_a_sentence(tmp_path: Path) -> None:
    with serving() as gone:
        address = gone.root + "/f"
    row = fetched(fixed(address), tmp_path)
    assert row["state"] == "failed" and "takes no connection" in row["sentence"]
    row = fetched(fixed("https://nowhere.invalid/f"), tmp_path)
    assert row["sentence"].startswith("nowhere.invalid cannot be reached.")
    assert "HTTPS_PROXY" in row["sentence"] and "locality ingest FILE" in row["sentence"]


def test_the_proxy_of_the_environment_is_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.root)
    row = fetched(fixed("https://nowhere.invalid/f"), tmp_path)
    assert server.asked[0][0] == "CONNECT nowhere.invalid:443"
    assert row["state"] == "failed" and "407 Proxy Authentication Required" in row["sentence"]


@pytest.mark.parametrize(
    ("address", "came_from", "allowed"),
    [
        ("https://example.org/f", "", True),
        ("http://example.org/f", "", False),
        ("http://127.0.0.1:80/f", "", True),
        ("http://[::1]/f", "", True),
        ("http://localhost.example.org/f", "", False),
        ("http://127.0.0.1.example.org/f", "", False),
        ("ftp://example.org/f", "", False),
        ("file:///f", "", False),
        ("https://name:word@example.org/f", "", False),
        ("https:///f", "", False),
        ("https://example.org/f", "https://a.example/", True),
        ("http://example.org/f", "https://a.example/", False),
        ("https://localhost/f", "https://a.example/", False),
        ("http://127.0.0.1/f", "https://a.example/", False),
        ("https://example.org/f", "http://localhost/", True),
    ],
)
def test_which_addresses_may_be_asked(address: str, came_from: str, allowed: bool) -> None:
    if allowed:
        judged(address, came_from)
    else:
        with pytest.raises(FetchError):
            judged(address, came_from)


@given(st.text())
def test_only_this_computer_is_here(host: str) -> None:
    assert is_here(host) == (host in ("localhost", "::1") or _loopback(host))


def _loopback(host: str) -> bool:
    parts = host.split(".")
    return (
        len(parts) == 4 and parts[0] == "127"
        and all(p.isascii() and p.isdigit() and int(p) < 256 and str(int(p)) == p for p in parts)
    )  # fmt: skip


@given(st.integers(0, 10**6), st.integers(0, 2 * 10**9))
def test_retry_after_in_seconds_or_as_a_date(seconds: int, now: int) -> None:
    assert retry_after(str(seconds), now) == seconds
    assert retry_after(date_in(seconds, now), now) == pytest.approx(seconds, abs=1)


@given(st.text(max_size=40))
def test_whatever_retry_after_says_is_seconds_or_nothing(said: str) -> None:
    wait = retry_after(said, 0.0)
    assert wait is None or wait >= 0
