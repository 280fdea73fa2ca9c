"""Which columns a publication has, under the names it has given them over the years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from locality.sources.arrow import Array
from locality.sources.reading import Refused
from locality.sources.rows import Sheet


@dataclass(frozen=True)
class Layout:
    """Fields of a table, each with the header names it may have, as :func:`rows.plain` writes.

    A sheet fits when every field of ``needed`` is there once, in any order; ``also`` may be.
    """

    needed: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, sheet: Sheet) -> bool:
        """Return whether the header has every needed column."""
        return not self.lacking(sheet)

    def lacking(self, sheet: Sheet) -> list[str]:
        """Return the needed columns that the header lacks, under their latest names."""
        there = set(sheet.words)
        return [names[0] for names in self.needed.values() if not there.intersection(names)]

    def columns(self, sheet: Sheet) -> dict[str, Array]:
        """Return the columns found, trimmed, by field; Refused where one is there twice."""
        found = {}
        for name, names in {**self.needed, **self.also}.items():
            places = [i for i, word in enumerate(sheet.words) if word in names]
            if len(places) > 1 and name in self.needed:
                raise Refused(
                    f"The header has “{sheet.header[places[0]]}” more than once (columns "
                    f"{places[0] + 1} and {places[1] + 1}), so it cannot be told which one is "
                    "meant. Keep one of them."
                )
            if places:
                found[name] = sheet.column(places[0])
        return found
