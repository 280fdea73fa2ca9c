"""Files that Locality knows and does not store: what each is, why, and what to give instead.

``known/*.toml``, a few files by subject, each a list of ``[[known]]``. A file is known by what it
holds; by its name alone only where its content could be anybody's, such as a README.
"""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field, model_validator

from locality.knowledge.files import PACKAGE, Shelf, toml
from locality.knowledge.models import Reference, Strict, built
from locality.knowledge.problems import problem

_FOLDER = "known"


class Marks(Strict):
    """How a file is known: everything that is given here must be in it.

    ``columns``: headers that stand together over one table. ``sheets``: names of a workbook's
    sheets. ``titles``: phrases in cells at the head of any sheet. ``keys``: keys of a JSON file,
    with points between levels and ``*`` for any. ``values``: what stands under such a key.
    ``properties``: names of what a map says of each area. ``words``: words in an R data file.
    ``names``: patterns of the file's name, for content that cannot tell. All but keys, values and
    names are compared as small letters with one underscore for other signs.
    """

    columns: list[str] = Field(default=[])
    sheets: list[str] = Field(default=[])
    titles: list[str] = Field(default=[])
    keys: list[str] = Field(default=[])
    values: dict[str, str] = Field(default={})
    properties: list[str] = Field(default=[])
    words: list[str] = Field(default=[])
    names: list[str] = Field(default=[])

    @model_validator(mode="after")
    def _by_content(self) -> Marks:
        if bool(self.count) == bool(self.names):
            raise ValueError(
                "a file is known by marks in its content, or by names where content cannot tell"
            )
        if self.columns and len(self.columns) < 2:
            raise ValueError("one column is not enough to know a file by")
        return self

    @property
    def count(self) -> int:
        """Return how many marks of content there are: of two entries that fit, more tell more."""
        return sum(
            map(
                len,
                (self.columns, self.sheets, self.titles, self.keys, self.values, self.properties,
                 self.words),
            )
        )  # fmt: skip


class KnownFile(Strict):
    """One kind of file that is known and not stored.

    ``what`` and ``publisher`` say what it is and whose; ``why`` completes "not stored, because";
    ``instead``, where there is something, says what to give or where to look.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    what: str = Field(min_length=4, pattern=r"^[^.]*$")
    publisher: str = Field(min_length=2)
    why: str = Field(min_length=10, pattern=r"[^.]$")
    instead: str = Field(default="", pattern=r"^([a-z].*[^.])?$")
    marks: Marks
    references: list[Reference] = Field(min_length=1)
    place: str = ""

    @property
    def sentence(self) -> str:
        """Return what a person is told of such a file, in one sentence."""
        instead = f"; {self.instead}" if self.instead else ""
        return f"{self.what} ({self.publisher}): known and not stored, because {self.why}{instead}."


class KnownFiles(Strict):
    """All of one file of ``known/``."""

    known: list[KnownFile] = Field(min_length=1)


@lru_cache(maxsize=1)
def known_files() -> tuple[KnownFile, ...]:
    """Return every kind of file that is known and not stored, in order of file and place.

    Raises KnowledgeError, naming file and key, for an entry that is unsound or there twice.
    """
    shelf = Shelf(PACKAGE, local=False)
    found: dict[str, KnownFile] = {}
    for path in shelf.files(_FOLDER, ".toml"):
        place = shelf.place(path)
        for one in built(KnownFiles, toml(path, place), place).known:
            if one.id in found:
                raise problem(place, "id", f"{one.id!r} is already in {found[one.id].place}.")
            found[one.id] = one.model_copy(update={"place": place})
    return tuple(found.values())
