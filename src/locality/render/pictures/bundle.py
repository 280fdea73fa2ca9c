"""The browser's drawing program (Vega, Vega-Lite, Vega-Embed), as vl-convert carries it."""

from __future__ import annotations

import os
import tempfile
from importlib.metadata import version
from pathlib import Path

from locality.render.pictures.theme import VEGA_LITE


def bundle_name() -> str:
    """Return the file name of the bundle; it changes with every version of what is inside."""
    return f"vega-{VEGA_LITE}-vl-convert-{version('vl-convert-python')}.js"


def javascript(folder: Path) -> bytes:
    """Return the bundle, about 900 kB, which sets ``window.vegaEmbed`` and fetches nothing.

    Making it takes two seconds, so it is kept in ``folder`` (made if it is not there) and read
    from there afterwards. A half-written file is never left behind, and two processes that ask
    at once do no harm to each other.
    """
    kept = folder / bundle_name()
    if kept.is_file():
        return kept.read_bytes()
    import vl_convert

    # The package's type hints ask for a snippet that the function itself does not need.
    bundle = vl_convert.javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]
    made: bytes = bundle.encode()
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=kept.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        os.replace(name, kept)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return made
