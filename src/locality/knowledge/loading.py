"""The typed loader: folders of TOML and CSV in, checked knowledge out, or a sentence why not.

The package's own files come first; the user's in ``HOME/knowledge/`` overlay them, in the same
folders, through the same checks, and are marked ``local``. An overlay may add or replace; what it
replaces is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from locality.knowledge import files
from locality.knowledge.checklist import Template
from locality.knowledge.coverage import CoverageFile, Covered
from locality.knowledge.files import Shelf
from locality.knowledge.glossary import GlossaryFile, Term
from locality.knowledge.measure import Measure
from locality.knowledge.models import built
from locality.knowledge.problems import nearest, problem
from locality.knowledge.publication import Publication
from locality.knowledge.rule_files import rules_of
from locality.knowledge.rulebook import Rules


@dataclass(frozen=True)
class Knowledge:
    """Everything known, by id. It is read only and belongs to one state of the files."""

    publications: Mapping[str, Publication]
    measures: Mapping[str, Measure]
    rules: Rules
    coverage: tuple[Covered, ...]
    glossary: Mapping[str, Term]
    checklists: Mapping[str, Template]
    #: The folders they came from, the package's first.
    shelves: tuple[Shelf, ...]
    #: The sha256 of every file of knowledge: names, order and bytes.
    hash: str


def _hash(shelves: Iterable[Shelf]) -> str:
    digest = hashlib.sha256()
    for shelf in shelves:
        for path, _, _ in files.fingerprint(shelf):
            name = Path(path).relative_to(shelf.root).as_posix()
            digest.update(f"{int(shelf.local)} {name}\n".encode())
            digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()


_CACHE: dict[Path | None, tuple[Any, Knowledge]] = {}


def load(home: Path | str | None = None) -> Knowledge:
    """Return all knowledge: the package's, overlaid by ``home/knowledge/`` where there is one.

    It is read once for each state of the files: the same object comes back until a file
    changes. Raises KnowledgeError, a sentence naming file, key and nearest valid name.
    """
    folder = None if home is None else Path(home).expanduser().absolute()
    shelves = [Shelf(files.PACKAGE, local=False)]
    if folder is not None:
        shelves.append(Shelf(folder / "knowledge", local=True))
    state = tuple(files.fingerprint(shelf) for shelf in shelves)
    held = _CACHE.get(folder)
    if held is None or held[0] != state:
        held = (state, load_shelves(shelves))
        _CACHE[folder] = held
    return held[1]


def load_shelves(shelves: list[Shelf]) -> Knowledge:
    """Return the knowledge on ``shelves``, later ones over earlier ones. It is not cached."""
    for shelf in shelves:
        shelf.check_folders()
    known = Knowledge(
        publications=_overlaid(shelves, "publications", _publication),
        measures=_overlaid(shelves, "measures", _measure),
        rules=rules_of(shelves),
        coverage=tuple(_listed(shelves, "coverage.toml", CoverageFile, "covered", "id").values()),
        glossary=_listed(shelves, "glossary.toml", GlossaryFile, "term", "term"),
        checklists=_overlaid(shelves, "checklists", _checklist),
        shelves=tuple(shelves),
        hash=_hash(shelves),
    )
    _check_successors(known.measures)
    _check_terms(known.glossary)
    return known


class _Placed(Protocol):
    @property
    def place(self) -> str: ...
    def model_copy(self, *, update: Mapping[str, Any]) -> Any: ...


P = TypeVar("P", bound=_Placed)


def _overlaid(
    shelves: Iterable[Shelf], folder: str, make: Callable[[dict[str, Any], Shelf, str], P]
) -> dict[str, P]:
    found: dict[str, P] = {}
    for shelf in shelves:
        own: dict[str, P] = {}
        for path in shelf.files(folder, ".toml"):
            place = shelf.place(path)
            one = make(files.toml(path, place), shelf, place)
            _add(own, one.id, one)  # type: ignore[attr-defined]
        _overlay(found, own)
    return found


def _add(own: dict[str, P], id: str, one: P) -> None:
    if id in own:
        raise problem(one.place, "id", f"{id!r} is already in {own[id].place}.")
    own[id] = one


def _overlay(found: dict[str, P], own: dict[str, P]) -> None:
    for id, one in own.items():
        if id in found:
            one = one.model_copy(update={"replaces": found[id].place})
        found[id] = one


def _publication(content: dict[str, Any], shelf: Shelf, place: str) -> Publication:
    marks = {"place": place, "overlay": shelf.local}
    return built(Publication, content | _unmarked(content, marks, place), place)


def _checklist(content: dict[str, Any], shelf: Shelf, place: str) -> Template:
    marks = {"place": place, "local": shelf.local}
    return built(Template, content | _unmarked(content, marks, place), place)


def _measure(content: dict[str, Any], shelf: Shelf, place: str) -> Measure:
    if content.get("kind") == "ruleset":
        raise problem(
            place, "kind",
            "a 'ruleset' works on patients' records, and Locality holds aggregates only: "
            "it may be 'published' or 'derived'.",
        )  # fmt: skip
    marks = {"place": place, "local": shelf.local}
    one = built(Measure, content | _unmarked(content, marks, place), place)
    expressions = one.expressions
    if shelf.local:
        # The package's own files are proved by its tests; a user's are proved here.
        from locality.knowledge.cases import check

        for expression in expressions.values():
            _ = expression.tree
        check(one)
    return one


def _listed(
    shelves: Iterable[Shelf], name: str, model: type[Any], key: str, id: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shelf in shelves:
        path = shelf.root / name
        if not path.is_file():
            continue
        place = shelf.place(path)
        own: dict[str, Any] = {}
        for one in getattr(built(model, files.toml(path, place), place), key):
            marked = one.model_copy(update={"place": place, "local": shelf.local})
            _add(own, getattr(one, id), marked)
        _overlay(found, own)
    return found


def _unmarked(content: dict[str, Any], marks: dict[str, Any], place: str) -> dict[str, Any]:
    """Return ``marks``, which the loader sets; a file may not set them, ``local`` apart."""
    for key in ("place", "overlay", "replaces", *marks):
        if key in content:
            raise problem(place, key, "the loader sets it; leave it out.")
    return marks


def _check_successors(measures: Mapping[str, Measure]) -> None:
    for one in measures.values():
        for id in one.replaced_by:
            if id not in measures:
                raise problem(
                    one.place, "replaced_by", f"there is no measure {id!r}; {nearest(id, measures)}"
                )
        seen, ahead = {one.id}, list(one.replaced_by)
        while ahead:
            id = ahead.pop()
            if id == one.id:
                raise problem(one.place, "replaced_by", f"{id!r} comes back to itself.")
            if id in measures and id not in seen:
                seen.add(id)
                ahead += measures[id].replaced_by


def _check_terms(glossary: Mapping[str, Term]) -> None:
    names = {*glossary, *(also for one in glossary.values() for also in one.also)}
    for one in glossary.values():
        for other in one.see:
            if other not in names:
                what = f"{one.term!r} points to {other!r}; {nearest(other, names)}"
                raise problem(one.place, "see", what)
