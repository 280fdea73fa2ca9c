"""How soon the command line answers."""

from __future__ import annotations

import subprocess
import sys

from bench.floor import Row, timed


def main() -> None:
    """Print the time of ``locality --help`` beside that of an empty Python."""

    def run(*words: str) -> None:
        subprocess.run([sys.executable, *words], capture_output=True, check=True)

    floor = timed(lambda: run("-c", "pass"), repeats=5)
    run("-m", "locality.cli", "--help")
    print(Row("locality --help", timed(lambda: run("-m", "locality.cli", "--help"), 5), "s",
              asked=0.5, floor=floor, note="floor: Python starting"))  # fmt: skip


if __name__ == "__main__":
    main()
