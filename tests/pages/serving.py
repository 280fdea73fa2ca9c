"""Run as a process: the pages over the made-up workbench of tests/web, until told to stop."""

from __future__ import annotations

import sys
from pathlib import Path

from locality.web import serving


def main() -> None:
    server = serving.make(Path(sys.argv[1]))
    if sys.argv[2] == "made":
        from locality.web import here
        from tests.web import made

        here.HOUSE = here.House(made.workbench)
    print(f"http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
