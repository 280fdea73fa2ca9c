"""Addresses of the pages, a module for each subject; :mod:`locality.web.urls` has them all.

What an address may hold is read by the converters here: ``code``, ``measure`` and ``ending``.
"""

from __future__ import annotations

from django.urls import register_converter


class Code:
    """An organisation's code: ODS, England's, or a group's own."""

    regex = "[A-Za-z0-9][A-Za-z0-9-]{0,60}"

    def to_python(self, value: str) -> str:
        """Return the code as typed."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it is."""
        return str(value)


class MeasureId(Code):
    """A measure's id, such as ``qof.register.hyp``: it has at least one full stop."""

    regex = "[A-Za-z0-9_-]+(?:[.][A-Za-z0-9_-]+)+"


class Ending(Code):
    """How a download's address ends: csv, xlsx or parquet."""

    regex = "[a-z]{2,8}"


register_converter(Code, "code")
register_converter(MeasureId, "measure")
register_converter(Ending, "ending")
