"""The demonstration: a made-up locality, read as if it had been published."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from locality._version import __version__

if TYPE_CHECKING:
    from locality.terminal import Progress


def make(
    home: Path, *, practices: int = 60, fresh: bool = False, progress: Progress | None = None
) -> None:
    """Write, ingest and refresh a made-up locality in ``home``, unless this one is there already.

    The files go through the same readers, refusals and refresh as published ones.
    """
    from locality.demonstration_people import populate
    from locality.refresh import refresh
    from locality.sources.synthetic import write
    from locality.store import Lake

    tell = progress or (lambda sentence, done, of: None)
    stamp = home / "demonstration.txt"
    made = f"locality {__version__}, {practices} practices\n"
    lake = Lake(home)
    if not fresh and stamp.exists() and stamp.read_text("utf-8") == made and lake.current():
        return
    with TemporaryDirectory(prefix="locality-demo-") as folder:
        tell("Making up a locality", 0, 0)
        lake.ingest([write(Path(folder), practices=practices)], progress=progress)
    refresh(home, progress=progress)
    tell("Making up its people", 0, 0)
    populate(home)
    stamp.write_text(made, "utf-8")
