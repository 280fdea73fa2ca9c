"""Run as a process: the pages over the made-up workbench of tests/web, until told to stop."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from locality.web import serving

#: Where the made-up people of the "work" site are at home.
PLACES = {"0": "Y00003", "1": "Y00004", "2": "Y00005", "pcn": "U00001", "icb": "QX1"}


def main() -> None:
    what = sys.argv[2]
    server = serving.make(Path(sys.argv[1]))
    if what in ("made", "work"):
        from locality.web import here
        from tests.web import made

        here.HOUSE = here.House(made.workbench)
    if what == "work":
        from locality.demonstration_people import populate

        os.environ["LOCALITY_DEMONSTRATION"] = "1"
        populate(Path(sys.argv[1]), PLACES)
    print(f"http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
