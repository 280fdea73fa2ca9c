"""From lineage to the sources that a figure cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality.figures import Source
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.store import Version
    from locality.workbench import Workbench


def sources_of(
    here: Workbench,
    tables: Iterable[str],
    *,
    period: str | None = None,
    practices: Collection[str] | None = None,
) -> tuple[Source, ...]:
    """Return the files in use behind source ``tables`` in a period (all of them where None).

    Of a file that gives other periods too only these rows count; ``rows`` is how many rows of
    the given ``practices`` (of all where None) it gave.
    """
    found: list[Source] = []
    known = here.knowledge.publications
    for table in tables:
        used = _rows_used(here.version, table, period, practices)
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


def _rows_used(
    version: Version, table: str, period: str | None, practices: Collection[str] | None
) -> dict[str, int]:
    rows = _rows_by_practice(version, table, period)
    wanted = None if practices is None else set(practices)
    counts: Counter[str] = Counter()
    for document, practice, number in rows:
        if wanted is None or practice in wanted:
            counts[document] += number
    return dict(counts)


@lru_cache(maxsize=64)
def _rows_by_practice(
    version: Version, table: str, period: str | None
) -> tuple[tuple[str, str, int], ...]:
    """Return (document, practice, rows) of a source table, for one period of it or for all."""
    columns = version.schema(table).names
    text = f"SELECT document, practice_code, count(*) AS rows FROM {table}"  # noqa: S608
    wanted: dict[str, Any] = {}
    if period is not None and "period" in columns:
        text += " WHERE period = $period"
        wanted["period"] = period
    elif period is not None and "as_at" in columns:
        text += " WHERE as_at BETWEEN $first AND $last"
        span = loading.span(period)
        wanted |= {"first": span.start, "last": span.end}
    answer = version.run(f"{text} GROUP BY document, practice_code", **wanted)
    return tuple(
        zip(*(answer.column(name).to_pylist() for name in answer.column_names), strict=True)
    )
