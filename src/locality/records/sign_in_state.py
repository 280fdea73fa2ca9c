"""Whether people sign in here: asked at every request, so it is a file and not a question.

The log of events has the last word: a server that starts lays the file as the log says.
"""

from __future__ import annotations

import os
from pathlib import Path

#: The file whose being there says that people sign in.
FILE = "sign_in"


def is_on(home: Path | str) -> bool:
    """Return whether sign-in is on in ``home``. What cannot be looked at counts as on."""
    try:
        os.stat(Path(home) / FILE)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True
