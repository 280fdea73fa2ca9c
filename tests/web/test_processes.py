"""Several processes at one door: one that dies is begun again, and none outlives who began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from locality.web.serving import suitable

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes where Linux keeps them"
)

_PROGRAM = (
    "import sys; from pathlib import Path; from locality.web.serving import serve; "
    "serve(Path(sys.argv[1]), processes=2, ready=lambda a: print(a, flush=True))"
)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    server = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    yield server, int(server.stdout.readline().strip().rpartition(":")[2])
    server.kill()
    server.communicate()


def workers(server: subprocess.Popen[str]) -> set[int]:
    """Return the processes that serve: children that answer at the door (one only keeps count)."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {int(one) for one in children if b"spawn_main" in _command(int(one))}


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def first_page(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/", headers={"Host": "127.0.0.1"})
    status = connection.getresponse().status
    connection.close()
    return status


def wait_until(so: object, seconds: float = 40) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if so():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def test_one_that_dies_is_begun_again_and_all_stop_when_told(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    server, port = serving
    assert first_page(port) == 200
    before = workers(server)
    assert len(before) == 2
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: len(workers(server)) == 2 and killed not in workers(server))
    assert first_page(port) == 200
    after = workers(server)
    server.send_signal(signal.SIGTERM)
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=60)
    assert server.returncode == 0, err
    assert "Traceback" not in err, err
    assert not any(_command(one) for one in after)


def test_none_goes_on_when_who_began_them_is_gone(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    server, port = serving
    assert first_page(port) == 200
    before = workers(server)
    server.kill()
    server.wait()
    assert wait_until(lambda: not any(_command(one) for one in before))


def test_how_many_suit_each_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, many in ((None, 1), (1, 1), (2, 2), (4, 4), (64, 4)):
        monkeypatch.setattr(os, "cpu_count", lambda found=processors: found)
        assert suitable("postgresql") == many
        assert suitable("sqlite") == 1
