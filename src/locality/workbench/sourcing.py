"""From lineage to the sources that a figure cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality.figures import Source
from locality.figures.schemas import SOURCE_TABLES
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.knowledge import Measure
    from locality.store import Version
    from locality.workbench import Workbench


def sources_of(
    here: Workbench,
    tables: Iterable[str],
    *,
    period: str | None = None,
    practices: Collection[str] | None = None,
    where: Mapping[str, str] | None = None,
    entity: Mapping[str, str] | None = None,
) -> tuple[Source, ...]:
    """Return the files in use behind source ``tables`` in a period (all of them where None).

    ``rows`` is how many rows a file gave: of that period, of the given ``practices`` (of all
    where None), and of those that a measure counts (``where``, SQL by table). ``entity`` names
    each table's column of codes where that is not practice_code; a row of ENG is England's own.
    """
    found: list[Source] = []
    known = here.knowledge.publications
    for table in tables:
        rows = _rows_by_code(
            here.version,
            table,
            period,
            (where or {}).get(table, ""),
            (entity or {}).get(table, "practice_code"),
        )
        used = _rows_used(rows, practices)
        # Counts of a row-level table have its documents.
        table = SOURCE_TABLES[table].counted_from or table
        for row in here.version.lineage().rows:
            if row["table"] != table or row["sha256"] not in used or row["state"] != "in use":
                continue
            if row["sha256"] in {one.sha256 for one in found}:
                continue
            publication = known.get(row["publication"])
            found.append(
                Source(
                    publication=row["publication"],
                    title=publication.title if publication else row["publication"],
                    publisher=row["publisher"],
                    file_name=row["file_name"],
                    sha256=row["sha256"],
                    period=period or row["period"],
                    reader_version=row["reader_version"],
                    rows=used[row["sha256"]],
                    local=row["local"],
                    attribution=publication.attribution if publication else "",
                )
            )
    return tuple(found)


def counted_rows(measure: Measure) -> dict[str, str]:
    """Return which rows of each source table a measure counts, as SQL by table."""
    parts: dict[str, list[str]] = {}
    named = [("source.where", measure.source)] if measure.source else []
    named += [(f"input.{one.name}.where", one) for one in measure.inputs]
    for key, rows in named:
        found = measure.expressions.get(key)
        tree = None if found is None else found.sql_tree(measure.code_lists)
        parts.setdefault(rows.dataset, []).append("TRUE" if tree is None else tree.sql("duckdb"))
    return {table: " OR ".join(f"({one})" for one in some) for table, some in parts.items()}


def entities(measure: Measure) -> dict[str, str]:
    """Return the column of codes of each source table that a measure counts."""
    return {rows.dataset: rows.entity for rows in (measure.source, *measure.inputs) if rows}


def _rows_used(
    rows: Iterable[tuple[str, str, int]], practices: Collection[str] | None
) -> dict[str, int]:
    wanted = None if practices is None else set(practices)
    counts: Counter[str] = Counter()
    for document, practice, number in rows:
        if wanted is None or practice in wanted:
            counts[document] += number
    return dict(counts)


@lru_cache(maxsize=128)
def _rows_by_code(
    version: Version, table: str, period: str | None, where: str, entity: str
) -> tuple[tuple[str, str, int], ...]:
    """Return (document, code, rows) of a source table, for one period of it or for all.

    ``entity`` is a column that a definition names and the schema has; ``where`` is compiled from
    a definition's whitelisted expression, or empty.
    """
    columns = version.schema(table).names
    text = f"SELECT document, {entity}, count(*) AS rows FROM {table}"  # noqa: S608
    text += f" WHERE ({where or 'TRUE'})"
    wanted: dict[str, Any] = {}
    if period is not None and "period" in columns:
        text += " AND period = $period"
        wanted["period"] = period
    elif period is not None and "as_at" in columns:
        text += " AND as_at BETWEEN $first AND $last"
        span = loading.span(period)
        wanted |= {"first": span.start, "last": span.end}
    answer = version.run(f"{text} GROUP BY document, {entity}", **wanted)
    return tuple(
        zip(*(answer.column(name).to_pylist() for name in answer.column_names), strict=True)
    )
