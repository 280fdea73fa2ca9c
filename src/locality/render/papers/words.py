"""The words that travel with a table: caption, notes, attributions, working, columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from locality.figures import Column, Line, RuleReference, Statement, Table, Working

#: How the total of a statement comes about.
ROUNDED_ONCE = "Amounts are added up before they are rounded; the total is rounded to the penny."


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
    said += [("Rule", f"{rule_title(rule)}: {rule_place(rule)}") for rule in working.rules]
    for step in working.steps:
        said.append(("Step", f"{step.text}: {step.calculation}" if step.calculation else step.text))
    return said


def rule_title(rule: RuleReference) -> str:
    """Return what a rule is called, and whether it is the locality's own."""
    return f"{rule.title} (the locality's own)" if rule.local else rule.title


def rule_place(rule: RuleReference) -> str:
    """Return where a rule stands here and in which document."""
    return ", ".join(part for part in (rule.place, rule.reference, rule.address) if part)


def statement_words(
    statement: Statement, attributions: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return what there is to say about ``statement`` as (kind, text) pairs, in reading order."""
    said = [("Title", statement.title), ("Note", ROUNDED_ONCE)]
    said += [("Attribution", text) for text in dict.fromkeys(attributions)]
    said += [("Factor", text) for line in statement.lines for text in factor_words(line)]
    return list(dict.fromkeys([*said, *working_words(statement.working)]))


def factor_words(line: Line) -> list[str]:
    """Return for each factor of a line's rate its value, how it came about and its rule."""
    return [
        "; ".join(
            part
            for part in (
                f"{one.label} = {one.value:f}",
                one.working.rstrip("."),
                f"{rule_title(one.rule)}: {rule_place(one.rule)}",
            )
            if part
        )
        for one in line.factors
    ]


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
