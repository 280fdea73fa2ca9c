"""Organisation and measure pages on England-size data: ten readers with a second's thought.

The home is made once under the system's temporary folder and used again by later runs.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from bench.floor import Row

PRACTICES = int(os.environ.get("BENCH_PRACTICES", "7000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
HOME = Path(tempfile.gettempdir()) / f"locality-bench-{PRACTICES}"


def get(address: str, path: str, packed: bool = True) -> tuple[float, int, bytes, dict[str, str]]:
    """Return seconds, status, body as sent, and headers of one GET on a fresh connection."""
    host = urlsplit(address)
    start = time.perf_counter()
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip" if packed else "identity"})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    connection.close()
    return took, answer.status, body, {k.lower(): v for k, v in answer.getheaders()}


def text_of(body: bytes, headers: dict[str, str]) -> str:
    """Return a body as text, unpacked."""
    return (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()


def main() -> None:
    """Make the home, serve it in its own process, read pages, print the table."""
    command = [sys.executable, "-m", "locality.cli"]
    made = time.perf_counter()
    if not (HOME / "lake" / "current").exists():
        subprocess.run([sys.executable, "-c", (
            "import sys; from pathlib import Path; from locality.demonstration import make; "
            f"make(Path({str(HOME)!r}), practices={PRACTICES})")], check=True)  # fmt: skip
        print(Row(f"England-size home made ({PRACTICES:,} practices)",
                  time.perf_counter() - made, "s"))  # fmt: skip
    listed = json.loads(subprocess.run(
        [*command, "over", "qof.register.hyp", "--home", str(HOME), "--json"],
        check=True, capture_output=True, text=True).stdout)  # fmt: skip
    codes = [row["code"] for row in listed]
    measures = [row["measure"] for row in json.loads(subprocess.run(
        [*command, "measures", "--home", str(HOME), "--json"],
        check=True, capture_output=True, text=True).stdout)]  # fmt: skip
    measures = [one for one in measures if one.startswith("qof.register.")]
    server = subprocess.Popen(
        [*command, "serve", "--home", str(HOME), "--port", "0"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = re.search(r"http://[\d.:]+", server.stdout.readline())[0]  # type: ignore[index]
        measure(address, codes, measures)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def measure(address: str, codes: list[str], measures: list[str]) -> None:
    """Read cold pages, then warm ones with ten clients, then the chart payloads."""
    pick = random.Random(2026)
    paths = {
        "organisation": [f"/know/{code}" for code in pick.sample(codes, 40)],
        "measure": [f"/measure/{one}" for one in measures],
        "measure of one organisation": [
            f"/measure/{one}/{code}"
            for one, code in zip(measures, pick.sample(codes, len(measures)), strict=True)
        ],
    }
    for kind, some in paths.items():
        took, status, _, _ = get(address, some[0])
        assert status == 200, (some[0], status)
        print(Row(f"{kind} page, cold (first after start)", 1000 * took, "ms"))
    for some in paths.values():
        for path in some:
            assert get(address, path)[1] == 200, path
    every = [path for some in paths.values() for path in some]
    took: list[float] = []
    until = time.monotonic() + SECONDS

    def client(seed: int) -> None:
        own = random.Random(seed)
        while time.monotonic() < until:
            time.sleep(own.uniform(0.5, 1.5))
            took.append(get(address, own.choice(every))[0])

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    floor = statistics.median(get(address, "/static/locality.css")[0] for _ in range(20))
    p95 = statistics.quantiles(took, n=20)[-1]
    print(Row(f"pages, 10 clients, 1 s thought, warm p95 of {len(took)}", 1000 * p95, "ms",
              asked=200, floor=1000 * floor, note="floor: a static file"))  # fmt: skip
    print(Row("pages, warm median", 1000 * statistics.median(took), "ms"))
    page = text_of(*get(address, paths["measure"][0])[2:])
    charts = sorted(set(re.findall(r"/charts/[^\"'&<> ]+\.(?:json|svg)[^\"'&<> ]*", page)))
    for chart in charts:
        seconds, status, body, headers = get(address, chart.replace("&amp;", "&"))
        assert status == 200, chart
        asked = 150.0 if ".json" in chart else None
        print(Row(f"chart payload {chart[:42]}", len(body) / 1000, "kB", asked=asked,
                  note=f"{headers.get('content-encoding', 'plain')}, {1000 * seconds:.0f} ms, "
                       f"{headers.get('cache-control', 'not cached')}"))  # fmt: skip


if __name__ == "__main__":
    main()
