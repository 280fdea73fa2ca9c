"""What a publication is: who publishes it, where, how it is known, and what to mind."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from locality.figures.schemas import SOURCE_TABLES
from locality.knowledge.download import Download
from locality.knowledge.models import Reference, Strict
from locality.knowledge.problems import nearest


class Publication(Strict):
    """One publication that Locality reads, as ``publications/ID.toml`` tells it.

    ``local`` is true for what a locality or practice supplies itself; ``derived`` for a table
    that others computed from publications, whose working cannot be seen. ``every`` says how often
    a new file comes; it is empty where there is no rhythm. ``corrects`` says what a
    newer file replaces: the whole older ``file`` of the same publication, period and part, or
    the older ``rows`` with the same table key. ``download`` says how its files are come by; without
    it, ``landing_page`` and ``file_names`` must do. ``overlay`` is true where the user's own
    ``HOME/knowledge/`` gives it, and ``replaces`` names the file that it stands in for.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=4)
    publisher: str = Field(min_length=2)
    licence: str = Field(min_length=4)
    licence_address: str = Field(default="", pattern=r"^(https://\S+)?$")
    attribution: str = Field(min_length=4)
    landing_page: str = Field(default="", pattern=r"^(https://\S+)?$")
    file_names: list[str] = Field(min_length=1)
    identified_by: list[str] = Field(min_length=1)
    tables: list[str] = Field(min_length=1)
    period_kind: Literal["financial_year", "calendar_year", "month", "day"]
    every: Literal["", "month", "quarter", "year"] = ""
    local: bool = False
    derived: bool = False
    corrects: Literal["file", "rows"]
    quirks: list[str] = Field(default=[])
    references: list[Reference] = Field(min_length=1)
    download: Download | None = None
    place: str = ""
    overlay: bool = False
    replaces: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Publication:
        for name in self.tables:
            if name not in SOURCE_TABLES:
                raise ValueError(f"there is no table {name!r}; {nearest(name, SOURCE_TABLES)}")
        if not self.local and not self.landing_page:
            raise ValueError("a published file needs a landing_page; local ones say local = true")
        return self
