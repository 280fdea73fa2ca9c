"""A picture ready for a page: its words, its table, and its specification packed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from locality.figures import Table
from locality.render.pictures import Picture
from locality.web.answering import Packed
from locality.web.templating import url


@dataclass(frozen=True)
class Drawn:
    """A picture with its words and table; ``parts`` and ``asked`` say which, for its addresses.

    ``asked`` holds pairs of key and value that its address asks with; empty ones are left out.
    """

    id: str
    title: str
    sentence: str
    alt: str
    table: Table
    packed: Packed
    parts: tuple[str, ...]
    asked: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def of(cls, picture: Picture, *parts: str, **asked: str | None) -> Drawn:
        """Return ``picture`` packed; ``parts`` name it in its address, ``asked`` narrow it."""
        return cls(
            picture.id,
            picture.title,
            picture.sentence,
            picture.alt,
            picture.table,
            Packed.of(picture.json()),
            parts,
            tuple(asked.items()),
        )

    @property
    def weight(self) -> int:
        """Return about how many bytes it takes."""
        return self.packed.weight + int(self.table.data.nbytes)

    def address(self, ending: str, width: int | None = None) -> str:
        """Return its address: ``json`` for browsers that draw, ``svg`` for the others."""
        *path, last = self.parts
        return url("chart", "/".join([*path, f"{last}.{ending}"]), **dict(self.asked), width=width)

    def svg(self, width: int) -> str:
        """Return the drawing as SVG text."""
        spec = json.loads(self.packed.plain)
        return Picture(self.id, self.title, spec, self.table, self.sentence, self.alt).svg(width)
