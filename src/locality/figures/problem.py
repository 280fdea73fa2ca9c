"""What went wrong, as a sentence that a person can act on."""

from __future__ import annotations


class Problem(Exception):
    """Something a person can put right; ``str()`` is the whole sentence they are shown."""


class NotFound(Problem):
    """There is nothing by that name here; the sentence says what there is instead."""
