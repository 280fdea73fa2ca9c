"""Worked cases: the definition computed in plain Python, row by row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from locality.figures.missing import Missing
from locality.knowledge.measure import Measure
from locality.knowledge.measure_parts import Case, Input
from locality.knowledge.problems import problem

Counted = dict[str, float | None]


def value(
    measure: Measure,
    counts: Mapping[str, float | None],
    view: str | None = None,
    missing: Missing | None = None,
) -> float | Missing:
    """Return one view of ``measure`` for counts num, den and exc, or why there is none.

    ``missing`` is the reason why the counts are not there, where they are not. A count that the
    view needs and that is None gives that reason, or "no return".
    """
    if missing is not None:
        return missing
    expression = measure.view(view)
    if any(counts.get(name) is None for name in expression.names):
        return Missing.NO_RETURN
    found = expression.evaluate(counts)
    return Missing.NOTHING_TO_COUNT if found is None else float(found)


def counts(measure: Measure, rows: Sequence[Mapping[str, Any]]) -> Counted:
    """Return num, den and exc summed over those ``rows`` of the dataset that the measure takes.

    Each is None where no row is taken, or one of them has no number: there was no whole return.
    """
    lists, expressions = measure.code_lists, measure.expressions
    where = expressions.get("source.where")
    taken = [row for row in rows if where is None or where.evaluate(row, lists) is True]
    return {
        name: _sum([expressions[key].evaluate(row, lists) for row in taken])
        for name, key in _parts(measure)
    }


def derived_counts(measure: Measure, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Counted:
    """Return num, den and exc of a derived measure from the ``rows`` of each input, by name."""
    lists, expressions = measure.code_lists, measure.expressions
    known = any(rows.values())
    values: dict[str, list[float | None]] = {}
    for one in measure.inputs:
        where = expressions.get(f"input.{one.name}.where")
        values[one.name] = [
            row.get(one.column)
            for row in rows.get(one.name, ())
            if where is None or where.evaluate(row, lists) is True
        ] or _nothing(one, known)
    found: Counted = {}
    for name, key in _parts(measure):
        came_to = expressions[key].evaluate(values, lists)
        found[name] = None if came_to is None else float(came_to)
    return found


def check(measure: Measure) -> None:
    """Try every case of ``measure``; KnowledgeError for the first that comes out otherwise."""
    for number, case in enumerate(measure.cases, start=1):
        counted = _counted(measure, case)
        for name, expected in case.expect.items():
            got: float | Missing | None
            if name in ("num", "den", "exc"):
                got = counted.get(name)
            else:
                got = value(measure, counted, name, case.missing)
            if not _same(got, expected):
                raise problem(
                    measure.place,
                    f"case.{number}.expect.{name}",
                    f"{case.words!r} comes to {_shown(got)}; the case says {_shown(expected)}.",
                )


def _counted(measure: Measure, case: Case) -> Counted:
    if case.rows:
        return counts(measure, case.rows)
    if case.inputs:
        return derived_counts(measure, case.inputs)
    return {str(name): number for name, number in case.given.items()}


def _parts(measure: Measure) -> list[tuple[str, str]]:
    keys = (("num", "numerator"), ("den", "denominator"), ("exc", "excepted"))
    return [
        (name, f"measure.{key}") for name, key in keys if f"measure.{key}" in measure.expressions
    ]


def _sum(values: Sequence[Any]) -> float | None:
    return None if None in values or not values else float(sum(values))


def _nothing(one: Input, known: bool) -> list[float | None]:
    return [0.0] if known and one.absent == "zero" else []


def _same(got: float | Missing | None, expected: float | str) -> bool:
    if isinstance(expected, str) or isinstance(got, str) or got is None:
        return got == expected
    return math.isclose(got, expected, rel_tol=1e-6, abs_tol=5e-7)


def _shown(given: float | str | None) -> str:
    if given is None:
        return "no number"
    return str(given) if isinstance(given, str) else f"{given:g}"
