"""The words that travel with a table: caption, notes, attributions, working, columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from locality.figures import Column, Table, Working


def words(
    table: Table, attributions: Iterable[str] = (), working: Working | None = None
) -> list[tuple[str, str]]:
    """Return what there is to say about ``table`` as (kind, text) pairs, in reading order."""
    said = [("Title", table.title or table.schema.title)]
    if table.caption:
        said.append(("Caption", table.caption))
    said += [("Note", note) for note in table.notes]
    said += [("Attribution", text) for text in dict.fromkeys(attributions)]
    return said + (working_words(working) if working else [])


def working_words(working: Working) -> list[tuple[str, str]]:
    """Return files, rules and steps as (kind, text) pairs, in the order a reader checks them."""
    said = [
        ("Source", f"{source.sentence}, {source.rows:,} rows used, sha256 {source.sha256}")
        for source in working.sources
    ]
    for rule in working.rules:
        local = " (the locality's own)" if rule.local else ""
        where = ", ".join(part for part in (rule.place, rule.reference, rule.address) if part)
        said.append(("Rule", f"{rule.title}{local}: {where}"))
    for step in working.steps:
        said.append(("Step", f"{step.text}: {step.calculation}" if step.calculation else step.text))
    return said


def headings(columns: Iterable[Column]) -> list[str]:
    """Return a heading for each column: its meaning and unit, no two of them the same."""
    columns = list(columns)
    plain = [_heading(column) for column in columns]
    often = Counter(plain)
    return [
        text if often[text] == 1 else f"{text} ({column.name})"
        for text, column in zip(plain, columns, strict=True)
    ]


def _heading(column: Column) -> str:
    meaning = column.meaning or column.name.replace("_", " ")
    text = meaning[:1].upper() + meaning[1:]
    said = not column.unit or column.unit.lower() in text.lower()
    return text if said else f"{text} ({column.unit})"
