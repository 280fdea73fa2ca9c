"""What is wrong with a file of knowledge, as a sentence that names the file, key and nearest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from locality.figures.problem import Problem


class KnowledgeError(Problem):
    """A file of knowledge cannot be used; the sentence names file, key and nearest valid name."""


class RuleMissing(Problem):
    """A rule is not known for the time asked; the sentence says where it would be published."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ``did you mean 'x'?``, or the valid names where none is near.

    The names are those of ``valid``; an empty text comes back where there are none.
    """
    names = sorted({str(one) for one in valid})
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if not close:
        lowered = {one.lower(): one for one in names}
        close = [
            lowered[one]
            for one in difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.5)
        ]
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return ""
    shown = ", ".join(repr(one) for one in names[:12])
    return f"it may be {shown}" + (" and others." if len(names) > 12 else ".")


def problem(place: str, key: str, what: str) -> KnowledgeError:
    """Return the error for ``key`` in the file at ``place``; ``what`` says what is wrong."""
    where = f"{place}, key {key!r}" if key else place
    return KnowledgeError(f"{where}: {what}")
