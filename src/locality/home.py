"""Where a user's data live."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder(given: Path | str | None = None) -> Path:
    """Return the folder of lake and records: ``given``, else LOCALITY_HOME, else the user's own.

    It is not created here: whoever writes first creates it.
    """
    named = given or os.environ.get("LOCALITY_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("locality", appauthor=False)


def demo_home(given: Path | str | None = None) -> Path:
    """Return the demonstration's folder: beside the user's own data, never among them."""
    if given or os.environ.get("LOCALITY_HOME"):
        return home_folder(given)
    folder = home_folder()
    return folder.with_name(folder.name + "-demo")
