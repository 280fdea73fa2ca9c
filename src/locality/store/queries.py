"""The set logic of the store by name: SQL files that DuckDB runs and Spark can run too."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from locality.figures import Column, Schema, Table
from locality.figures.schemas import SOURCE_TABLES
from locality.store.disk import LakeError

if TYPE_CHECKING:
    import pyarrow as pa

    from locality.knowledge.measure import Measure

DIALECTS = ("duckdb", "spark")

SQL_NAMES = Schema(
    "sql_names",
    "Set logic that can be printed",
    (
        Column("name", "text", "what to ask for"),
        Column("kind", "text", "result, or measure"),
        Column("what", "text", "what it gives"),
    ),
    ("name",),
)

_FOLDER = Path(__file__).with_name("sql")

#: What a refresh derives from the source tables, each resting on those before it.
DERIVED = ("lists", "hierarchy", "members", "organisations", "lifetimes", "age_sex_totals")


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of the SQL files, in the order of the alphabet."""
    files = _FOLDER.rglob("*.sql")
    return tuple(sorted(file.relative_to(_FOLDER).with_suffix("").as_posix() for file in files))


@lru_cache(maxsize=64)
def query_text(name: str, dialect: str = "duckdb") -> str:
    """Return the SQL file called ``name``; LakeError with the nearest names if there is none.

    For ``duckdb`` it is the file as it stands; for ``spark`` its translation by sqlglot, under
    the file's own header.
    """
    if name not in names():
        raise _unknown(name, names())
    return translated((_FOLDER / f"{name}.sql").read_text("utf-8"), dialect)


def compile_measure(measure: Measure) -> str:
    """Return the SQL that counts ``measure`` by practice and period, for ``Draft.run``."""
    from locality.store.compile import compiled

    return compiled(measure)


def recount(measure: Measure, tables: Mapping[str, Table]) -> pa.Table:
    """Return what ``measure`` counts over source ``tables`` in memory, by name.

    The columns are those of every compiled measure; a source table that is not given is empty.
    For checking a stored count against the file it came from.
    """
    from locality.store.connection import over

    given = {
        name: tables[name].data if name in tables else SOURCE_TABLES[name].arrow.empty_table()
        for name in measure.datasets
    }
    return over(given, compile_measure(measure))


def count_again(name: str, rows: Table) -> pa.Table:
    """Return the table of counts ``name`` made from row-level ``rows`` in memory."""
    from locality.store.connection import over

    return over({rows.schema.name: rows.data}, query_text(f"rows/{name}"))


def sql_text(
    name: str, *, measures: Mapping[str, Measure] | None = None, dialect: str = "duckdb"
) -> str:
    """Return the SQL of a result, or of a measure among ``measures``, as ``dialect`` writes it.

    Raises LakeError for a name that neither has, and for a dialect that is not one of DIALECTS.
    """
    if measures and name in measures:
        return translated(compile_measure(measures[name]), dialect)
    if name not in names():
        raise _unknown(name, (*names(), *(measures or ())))
    return query_text(name, dialect)


def sql_names(measures: Mapping[str, Measure] | None = None) -> Table:
    """Return what :func:`sql_text` can print (SQL_NAMES): results first, then measures."""
    rows = [
        {"name": name, "kind": "result", "what": _first_sentence(query_text(name))}
        for name in names()
    ]
    rows += [
        {"name": id_, "kind": "measure", "what": measure.title}
        for id_, measure in (measures or {}).items()
    ]
    return Table.of(SQL_NAMES, rows, title=SQL_NAMES.title)


def translated(text: str, dialect: str) -> str:
    """Return DuckDB SQL as ``dialect`` writes it, keeping the comment lines at its head."""
    if dialect not in DIALECTS:
        raise LakeError(f"{dialect!r} is not a dialect: write {' or '.join(DIALECTS)}.")
    if dialect == "duckdb":
        return text
    import sqlglot

    lines = text.splitlines(keepends=True)
    body = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    (statement,) = sqlglot.transpile(
        "".join(lines[body:]), read="duckdb", write=dialect, pretty=True
    )
    return "".join(lines[:body]) + statement + "\n"


def _unknown(name: str, known: tuple[str, ...]) -> LakeError:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or names()
    return LakeError(f"There is no SQL called {name!r}. Did you mean {', '.join(near)}?")


def _first_sentence(text: str) -> str:
    head = (line[3:] for line in text.splitlines() if line.startswith("-- "))
    return " ".join(head).partition(". ")[0] + "."
