"""Side by side with peers: Wilson with PHStatsMethods, XmR and its rules with abspc.

The peers are installed for this alone: ``python -m venv peers`` and then
``peers/bin/pip install --require-hashes -r requirements/peers.txt``; then
``python -m bench.peers --peers peers/bin/python``. Both sides get the same numbers in one run; the
peers are timed on fewer rows or series, and the times are compared row for row.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.floor import timed
from locality.statistics import Label, signals, wilson, xmr

ROWS, SERIES, MONTHS = 2_100_000, 7_000, 60
PEER_ROWS, PEER_SERIES = 2_000, 200

_PEER = """
import json, sys, time, warnings
import numpy as np, pandas as pd
warnings.filterwarnings("ignore")
folder = sys.argv[1]
from PHStatsMethods import ph_proportion
from abspc import calculate_control_limits, detect_special_causes
counts = np.load(folder + "/counts.npy")
table = pd.DataFrame({"num": counts[0], "den": counts[1]})
start = time.perf_counter()
found = ph_proportion(table, "num", "den")
wilson = time.perf_counter() - start
lower, upper = (next(c for c in found.columns if c.startswith(word)) for word in ("lower", "upper"))
np.save(folder + "/wilson.npy", found[[lower, upper]].to_numpy(float).T)
series = np.load(folder + "/series.npy")
labels = np.zeros((4, *series.shape), bool)
start = time.perf_counter()
for place, values in enumerate(series):
    made = calculate_control_limits(pd.DataFrame({"value": values}), "XmR")
    made = detect_special_causes(made)
    for rule in range(4):
        labels[rule, place] = made[f"rule{rule + 1}"]
charts = time.perf_counter() - start
np.save(folder + "/labels.npy", labels)
print(json.dumps({"wilson": wilson / counts.shape[1], "charts": charts / len(series)}))
"""


def main() -> None:
    """Print both comparisons, or how to install the peers."""
    words = argparse.ArgumentParser()
    words.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    python = words.parse_args().peers
    asked = subprocess.run([python, "-c", "import PHStatsMethods, abspc"], capture_output=True)
    if asked.returncode:
        print("The peers are not installed; the top of bench/peers.py says how to.")
        return
    pick = np.random.default_rng(2026)
    size = pick.integers(5, 3_000, ROWS).astype(float)
    count = np.maximum(pick.binomial(size.astype(int), 0.7), 1).astype(float)
    series = pick.normal(50, 5, (SERIES, MONTHS)).round(6)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "counts.npy", np.stack([count, size])[:, :PEER_ROWS])
        np.save(Path(folder) / "series.npy", series[:PEER_SERIES])
        told = subprocess.run([python, "-c", _PEER, folder], check=True, capture_output=True,
                              text=True)  # fmt: skip
        theirs = json.loads(told.stdout.splitlines()[-1])
        their_ends = np.load(Path(folder) / "wilson.npy")
        their_labels = np.load(Path(folder) / "labels.npy")
    ours, held = float("inf"), None
    for _ in range(9):
        start = time.perf_counter()
        held = wilson(count, size)  # held, as its caller would: memory is not handed back each time
        ours = min(ours, (time.perf_counter() - start) / ROWS)
    assert held is not None
    made = wilson(count[:PEER_ROWS], size[:PEER_ROWS])
    apart = float(np.max(np.abs(their_ends - np.stack([made.lower, made.upper]))))
    _line("Wilson, a row", ours, theirs["wilson"], 10_000, f"largest difference {apart:.1e}")
    charts = timed(lambda: signals(xmr(series, screen=False), "abspc"), 4) / SERIES
    labels = signals(xmr(series[:PEER_SERIES], screen=False), "abspc").labels
    pairs = (
        (Label.ABOVE | Label.BELOW, "outside"), (Label.SHIFT_UP | Label.SHIFT_DOWN, "shift"),
        (Label.TREND_UP | Label.TREND_DOWN, "trend"), (Label.NEAR_UPPER | Label.NEAR_LOWER, "near"),
    )  # fmt: skip
    parts = [
        f"{name} {int(((labels & int(bits)) > 0).sum()):,}, "
        f"{int((((labels & int(bits)) > 0) != their_labels[rule]).sum())} differ"
        for rule, (bits, name) in enumerate(pairs)
    ]
    _line("XmR with rules, a series of 60", charts, theirs["charts"], 500, "; ".join(parts))


def _line(what: str, ours: float, theirs: float, asked: float, note: str) -> None:
    ratio = theirs / ours
    verdict = "met" if ratio >= asked else "NOT MET"
    print(f"{what:<34}{1e9 * ours:>12,.1f} ns  theirs {1e6 * theirs:>10,.1f} us  "
          f"{ratio:>10,.0f} x  asked >= {asked:,.0f}  {verdict}  {note}")  # fmt: skip


if __name__ == "__main__":
    main()
