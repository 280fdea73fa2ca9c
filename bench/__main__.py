"""Run every benchmark, or those named: ``python -m bench refresh pages``."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "refresh",
    "whole",
    "prescribing",
    "pages",
    "reading",
    "command_line",
    "control_charts",
    "interrupted",
    "judging_statistics",
    "alerts",
    "qof",
    "packs",
    "load",
)


def main() -> int:
    """Run each benchmark in a process of its own, so that peak memory is its own."""
    named = [word for word in sys.argv[1:] if not word.startswith("-")] or list(BENCHES)
    worst = 0
    for name in named:
        print(f"\n== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
