"""How the files of a publication are come by: the ``[download]`` table of a publication's TOML.

Three kinds. ``fixed``: the address stays and the file behind it is renewed. ``catalogue``: a list
that machines may ask names each month's file. ``landing``: addresses cannot be told beforehand;
a person opens the page and takes the file. ``take`` says which file that is, and serves as the
way round when the other two fail.

Addresses, pages and names may carry words of a period in braces, such as ``{month}-{yyyy}``:
:data:`WORDS` lists them, and :func:`words` fills them.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from locality.figures import Period
from locality.knowledge.models import Reference, Strict
from locality.knowledge.problems import nearest

#: What may stand in braces -> an example. The first eight need a period within one month.
WORDS = {
    "day": "30",
    "mm": "06",
    "mon": "jun",
    "Mon": "Jun",
    "month": "june",
    "Month": "June",
    "yy": "26",
    "yyyy": "2026",
    "years": "2026-27",
    "first_year": "2026",
    "second_year": "2027",
    "first_yy": "26",
    "second_yy": "27",
}

#: An address that keeps what is sent from being read or changed; plain http only to itself.
SAFE_ADDRESS = r"^(https://\S+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/\S*)?)?$"


def words(period: Period) -> dict[str, str]:
    """Return the words of ``period`` by name: those of :data:`WORDS` that it has.

    ``years`` and the words after it are those of the financial year that holds its last day; a
    period longer than a month has no month, and one longer than a calendar year no ``yyyy``.

    >>> words(Period.parse("2024-25"))["years"], words(Period.parse("June 2026"))["Mon"]
    ('2024-25', 'Jun')
    """
    end = period.end
    first = end.year if end.month > 3 else end.year - 1
    found = {
        "years": f"{first}-{(first + 1) % 100:02d}",
        "first_year": str(first),
        "second_year": str(first + 1),
        "first_yy": f"{first % 100:02d}",
        "second_yy": f"{(first + 1) % 100:02d}",
    }
    if period.start.year == end.year:
        found |= {"yyyy": str(end.year), "yy": f"{end.year % 100:02d}"}
    if (period.start.year, period.start.month) == (end.year, end.month):
        # A list is as at its first day; a count of staff is named after the month's last.
        last = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        found |= {"day": str(last.day), "mm": f"{end:%m}"}
        found |= {"mon": f"{end:%b}".lower(), "Mon": f"{end:%b}"}
        found |= {"month": f"{end:%B}".lower(), "Month": f"{end:%B}"}
    return found


def asked(template: str) -> Iterator[str]:
    """Yield the words in braces in ``template``; ValueError where a brace has no partner."""
    for _, name, _, _ in string.Formatter().parse(template):
        if name is not None:
            yield name


class Package(Strict):
    """One list of a catalogue, and what it calls the file of one period."""

    package: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    resource: str = Field(min_length=3)


class Download(Strict):
    """Where the files of a publication are taken from, and how they look.

    ``take`` completes "Take ..."; ``page`` is the page of one period, where it can be told;
    ``example`` is a period that shows the names at work when none was asked for. ``indicators``
    are well-known choices where the address asks for one. ``content`` is what the bytes must
    be, and ``largest_mb`` what no file of it exceeds.
    """

    kind: Literal["fixed", "catalogue", "landing"]
    take: str = Field(min_length=8)
    page: str = Field(default="", pattern=SAFE_ADDRESS)
    example: str = ""
    address: str = Field(default="", pattern=SAFE_ADDRESS)
    save_as: str = Field(default="", pattern=r"^([A-Za-z0-9_.{}-]+\.(csv|zip|xlsx))?$")
    packages: list[Package] = Field(default=[])
    indicators: dict[str, str] = Field(default={})
    content: Literal["csv", "zip", "xlsx"] = "csv"
    largest_mb: int = Field(default=500, ge=1)
    references: list[Reference] = Field(default=[])

    @model_validator(mode="after")
    def _sound(self) -> Download:
        allowed = {"address": ("indicator", "package"), "save_as": ("indicator",)}
        for key in ("take", "page", "address", "save_as"):
            self._known(key, getattr(self, key), allowed.get(key, ()))
        for one in self.packages:
            self._known("resource", one.resource, ())
        if self.kind == "fixed" and not (self.address and self.save_as):
            raise ValueError("a fixed download needs an address and save_as")
        if self.kind == "catalogue" and not (self.packages and "package" in asked(self.address)):
            raise ValueError("a catalogue needs an address with {package}, and packages")
        if self.kind == "landing" and (self.address or self.save_as or self.packages):
            raise ValueError("what lies behind a landing page has no address: leave it out")
        if self.example:
            found = words(Period.parse(self.example))
            lacking = [w for w in (*asked(self.take), *asked(self.page)) if w not in found]
            if lacking:
                raise ValueError(f"the example {self.example} has no {lacking[0]}")
        elif any(asked(self.take)) or self.page:
            raise ValueError("words of a period need an example, such as example = '2024-25'")
        return self

    @staticmethod
    def _known(key: str, template: str, more: tuple[str, ...]) -> None:
        for name in asked(template):
            if name not in WORDS and name not in more:
                raise ValueError(f"{key} asks for {{{name}}}; {nearest(name, (*WORDS, *more))}")
