"""The field's words, in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from locality.knowledge.models import Strict

if TYPE_CHECKING:
    from locality.knowledge.loading import Knowledge


class Term(Strict):
    """One word of the field: what it means here, and which other words to see."""

    term: str = Field(min_length=2)
    also: list[str] = Field(default=[])
    means: str = Field(min_length=20)
    see: list[str] = Field(default=[])
    place: str = ""
    local: bool = False
    replaces: str = ""

    @field_validator("means")
    @classmethod
    def _a_sentence(cls, given: str) -> str:
        if not given.endswith("."):
            raise ValueError("a meaning ends with a full stop")
        return given


class GlossaryFile(Strict):
    """All of ``glossary.toml``."""

    term: list[Term] = Field(default=[])


def glossary_page(knowledge: Knowledge) -> str:
    """Return the glossary as a Markdown page, in the order of the alphabet."""
    lines = [
        "# Glossary",
        "",
        "The field's words as Locality uses them. The list is kept in "
        "`src/locality/knowledge/glossary.toml`.",
        "",
    ]
    for term in sorted(knowledge.glossary.values(), key=lambda one: one.term.casefold()):
        also = f" ({', '.join(term.also)})" if term.also else ""
        see = f" See *{'*, *'.join(term.see)}*." if term.see else ""
        lines.append(f"**{term.term}**{also}: {term.means}{see}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
