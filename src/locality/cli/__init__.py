"""The command line: the same loop, typed.

* ``app``: the program, the options that commands share.
* ``files``: files in, versions out, pages open.
* ``reading``: what is loaded, figures and their working.
* ``judging``: what can be said of figures.
* ``reports``: packs, QOF points and pounds.
* ``people``: people, bodies, quorums, the log; ``action_log``: actions, what needs somebody.
* ``sign_in``: who may sign in, and who may do what; ``backup``: backup and restore.

Only Typer is imported at the top, so that ``locality --help`` answers at once; each command
fetches what it needs. Every listing has ``--json``; every error is a sentence.
"""

from __future__ import annotations

import os
import sys

# Importing a module of commands is what puts them on the program, in this order.
from locality.cli import files, reading, judging, reports, people, action_log, sign_in, backup  # isort: skip
from locality.cli.app import app

__all__ = [
    "action_log",
    "app",
    "backup",
    "files",
    "judging",
    "main",
    "people",
    "reading",
    "reports",
    "sign_in",
]


def main() -> None:
    """Run the command line; whatever goes wrong leaves as a sentence and an exit code."""
    from locality.terminal import run

    sys.exit(run(app, debug=bool(os.environ.get("LOCALITY_DEBUG"))))
