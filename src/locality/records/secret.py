"""The secret that signs cookies: made once for a home, and kept there alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from locality.figures import Problem


def secret_key(home: Path) -> str:
    """Return the secret of ``home``, made now if it has none; only its owner can read the file.

    Two processes that start at once end with the same secret: each writes a whole file of its
    own, and whichever gives it the name first is the one that both read. Raises Problem.
    """
    file = home / "secret_key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(0o600)
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"The file {file} cannot be read or made: {error}.") from None
    if len(key) < 50:
        raise Problem(
            f"The file {file} holds no usable secret. Remove it, and a new one is made; "
            "who is signed in then signs in again."
        )
    return key


def _make(file: Path) -> None:
    draft = file.with_name(f"secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as text:
        text.write(secrets.token_urlsafe(64) + "\n")
        text.flush()
        os.fsync(text.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not file.exists():
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
