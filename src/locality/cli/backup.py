"""Backup and restore: everything in one file, and everything back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, app, home_of, progress, show


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, or with --check to read.")],
    check: Annotated[
        bool, typer.Option("--check", help="Compare every hash of a backup that is there.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there already.")
    ] = False,
    with_secret: Annotated[
        bool,
        typer.Option("--with-secret", help="Also the key that signs cookies: keep the file safe."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write records, lake and own sheets into one file, while others go on working.

    It holds hashes of passwords: only you can read it, and nobody else should be given it.
    """
    from locality import backup as door

    with progress() as told:
        if check:
            made = door.check(file, progress=told)
        else:
            made = door.backup(
                home_of(home), file, force=force, with_secret=with_secret, progress=told
            )
    show(made, as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'locality backup' wrote.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back into an empty home, and an empty database if DATABASE_URL names one."""
    from locality import backup as door

    with progress() as told:
        put_back = door.restore(file, home_of(home), progress=told)
    show(put_back, as_json)
