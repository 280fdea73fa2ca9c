"""How a figure came about: files, rules and steps, in the order a reader would check them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """One published (or locally supplied) file that a figure rests on.

    ``publication`` is an id in ``knowledge/publications``; ``sha256`` is of the file's bytes;
    ``rows`` is how many of its rows were used.
    """

    publication: str
    title: str
    publisher: str
    file_name: str
    sha256: str
    period: str
    reader_version: int
    rows: int
    local: bool = False
    attribution: str = ""

    @property
    def sentence(self) -> str:
        """Return who published what, for a caption."""
        return f"{self.title}, {self.publisher}, {self.period} (file {self.file_name})"


@dataclass(frozen=True, slots=True)
class RuleReference:
    """One rule or definition used: where it stands here, and the document it mirrors."""

    id: str
    title: str
    place: str
    reference: str
    address: str = ""
    definition_hash: str = ""
    grade: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the calculation, in words and in numbers."""

    text: str
    calculation: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """Files, rules and steps behind one figure or statement."""

    sources: tuple[Source, ...] = ()
    rules: tuple[RuleReference, ...] = ()
    steps: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain lists and dicts, ready for JSON."""
        return {
            "sources": [
                {name: getattr(s, name) for name in Source.__slots__} for s in self.sources
            ],
            "rules": [
                {name: getattr(r, name) for name in RuleReference.__slots__} for r in self.rules
            ],
            "steps": [{"text": s.text, "calculation": s.calculation} for s in self.steps],
        }
