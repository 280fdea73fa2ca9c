"""The server as a process: it says its address, serves this computer only, and stops cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from locality.figures import Problem

_PROGRAM = (
    "import sys; from pathlib import Path; from locality.web.serving import serve; "
    "serve(Path(sys.argv[1]), port=int(sys.argv[2]), ready=lambda a: print(a, flush=True))"
)


def _ask(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_when_told(tmp_path: Path, told: int) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(tmp_path), "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        port = int(address.rpartition(":")[2])
        status, body = _ask(port, "/")
        assert status == 200
        assert b"Nothing is loaded yet" in body
        assert _ask(port, "/", host="evil.example")[0] == 400
        assert _ask(port, "/static/locality.css")[0] == 200
        assert _ask(port, "/static/../settings.py")[0] == 404
        # Nobody else on the network reaches it.
        with socket.socket() as other, pytest.raises(OSError):
            other.settimeout(2)
            other.connect((_address_of_this_computer(), port))
    finally:
        # Told twice, as some supervisors do, and while it may still be warming up.
        server.send_signal(told)
        time.sleep(0.05)
        server.send_signal(told)
        out, err = server.communicate(timeout=30)
    assert server.returncode == 0, err
    assert out == ""
    assert "Traceback" not in err, err


def _address_of_this_computer() -> str:
    """Return an address that is this computer's and not 127.0.0.1; 127.0.0.2 where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.2"


def test_a_taken_port_is_a_sentence(home: Path) -> None:
    from locality.web.serving import make

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} on this computer is taken"):
            make(home, port)


def test_a_port_that_is_none_is_a_sentence(home: Path) -> None:
    from locality.web.serving import make

    with pytest.raises(Problem, match="there is no such port"):
        make(home, 70_000)


def test_settings_and_addresses_import_nothing_heavy() -> None:
    heavy = ["altair", "pandas", "scipy", "statsmodels", "vl_convert", "xlsxwriter"]
    program = (
        "import sys, tempfile; from pathlib import Path; "
        "from locality.records.setup import configure; configure(Path(tempfile.mkdtemp())); "
        "import locality.web.urls, locality.web.serving; "
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
