"""A measure's definition as SQL over the source tables: counts by practice and period.

Every compiled measure returns practice_code, period, numerator, denominator, excepted (doubles)
and flags (bits of :class:`locality.figures.Cell`): what ``Draft.write_observations`` takes.

A sum with a hole in it is no sum: where one of the rows added up has no number, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlglot import exp, parse_one

from locality.figures import Cell, Missing

if TYPE_CHECKING:
    from locality.knowledge.measure import Input, Measure, Rows

Tree = Any  # a sqlglot expression; its classes say little to a type checker

_NAMES = ("numerator", "denominator", "excepted")
_REASONS = {
    Missing.SUPPRESSED: Cell.SUPPRESSED,
    Missing.NOT_APPLICABLE: Cell.NOT_APPLICABLE,
    Missing.NO_RETURN: Cell.NO_RETURN,
}


def compiled(measure: Measure) -> str:
    """Return the SQL that counts ``measure``: DuckDB's, and standard enough for others."""
    query = _published(measure) if measure.source is not None else _derived(measure)
    head = (
        f"-- {measure.title}\n"
        f"-- Counts of {measure.id}, compiled from its definition.\n"
        f"-- Reads {', '.join(measure.datasets)}. Returns practice_code, period, numerator,\n"
        "-- denominator, excepted, flags (why there is no number, where there is none).\n"
    )
    return f"{head}{query.sql('duckdb', pretty=True)}\n"


def _published(measure: Measure) -> Tree:
    """Return the query of a measure whose counts stand in the rows of one publication."""
    rows = measure.source
    assert rows is not None
    where = _tree(measure, "source.where")
    counted = exp.select(
        _practice(rows),
        "period",
        *(_whole_sum(_tree(measure, f"measure.{name}")).as_(name) for name in _NAMES),
        _reason(rows).as_("reason"),
    )
    counted = counted.from_(_source(rows, where, whole_extract=False))
    if where is not None and not _coarse(rows):
        counted = counted.where(where)
    return _flagged(exp.select(), counted.group_by(rows.entity, "period"))


def _derived(measure: Measure) -> Tree:
    """Return the query of a measure that adds up rows of several inputs and relates the sums."""
    query = exp.select()
    spine: Tree = None
    for one in measure.inputs:
        query = query.with_(_cte(one), _added(one, _tree(measure, f"input.{one.name}.where")))
        known = exp.select("practice_code", "period").from_(_cte(one))
        spine = known if spine is None else exp.union(spine, known, distinct=True)
    query = query.with_("returns", spine)
    joined = exp.select(
        "returns.practice_code",
        "returns.period",
        *(column for one in measure.inputs for column in _columns(one)),
        _largest(f"{_cte(one)}.reason" for one in measure.inputs).as_("reason"),
    ).from_("returns")
    for one in measure.inputs:
        keys = (f"{_cte(one)}.{key} = returns.{key}" for key in ("practice_code", "period"))
        joined = joined.join(_cte(one), on=" AND ".join(keys), join_type="left")
    query = query.with_("joined", joined)
    counted = exp.select(
        "practice_code",
        "period",
        *(_of_sums(_tree(measure, f"measure.{name}")).as_(name) for name in _NAMES),
        "reason",
    ).from_("joined")
    return _flagged(query, counted)


def _added(one: Input, where: Tree) -> Tree:
    """Return the sum and count of an input's column, by practice and period."""
    column = exp.column(one.column)
    complete = one.absent == "zero"
    query = exp.select(
        _practice(one),
        "period",
        _whole_sum(column).as_("total"),
        exp.Count(this=column.copy()).as_("counted"),
        _reason(one).as_("reason"),
    ).from_(_source(one, where, whole_extract=complete))
    if where is not None and (complete or not _coarse(one)):
        query = query.where(where)
    return query.group_by(one.entity, "period")


def _columns(one: Input) -> Iterable[Tree]:
    """Yield an input's sum and count, as zero where the input says that absent means zero."""
    for column in ("total", "counted"):
        found: Tree = exp.column(column, _cte(one))
        if one.absent == "zero":
            absent = exp.column("practice_code", _cte(one)).is_(exp.null())
            found = exp.case().when(absent, exp.Literal.number(0)).else_(found)
        yield found.as_(f"{one.name}_{column}")


def _of_sums(tree: Tree) -> Tree:
    """Return an expression over inputs with ``sum(x)`` and ``count(x)`` as the columns they are."""

    def step(node: Tree) -> Tree:
        if isinstance(node, exp.Sum):
            return exp.column(f"{node.this.name}_total")
        if isinstance(node, exp.Count):
            return exp.column(f"{node.this.name}_counted")
        return node

    return exp.null() if tree is None else tree.transform(step)


def _source(rows: Rows, where: Tree, whole_extract: bool) -> Tree:
    """Return the rows to count with their period: the table itself, or its dated extracts.

    Several extracts may fall in one period. Each is a state, not a flow, so the latest alone
    counts: the latest with a row that fits ``where``, or, where an absent row means zero
    (``whole_extract``), the latest at all.
    """
    if rows.period_column == "period":
        return rows.dataset
    dated = exp.select("*", _period("as_at", rows.period).as_("period")).from_(rows.dataset)
    if not _coarse(rows):
        return dated.subquery("dated")
    if where is not None and not whole_extract:
        dated = dated.where(where)
    newest = f"RANK() OVER (PARTITION BY {rows.entity}, period ORDER BY as_at DESC)"
    ranked = exp.select("*", _sql(newest).as_("newest")).from_(dated.subquery("dated"))
    return exp.select("*").from_(ranked.subquery("ranked")).where("newest = 1").subquery("latest")


def _coarse(rows: Rows) -> bool:
    return rows.period_column != "period" and rows.period != "day"


def _whole_sum(value: Tree) -> Tree:
    """Return the sum of ``value``, empty where one of its rows is."""
    if value is None:
        return exp.null()
    every = exp.Count(this=exp.Star()).eq(exp.Count(this=value.copy()))
    return exp.case().when(every, exp.Sum(this=value.copy()))


def _reason(rows: Rows) -> Tree:
    """Return the flag bit of the ``missing`` column, 0 where it says nothing."""
    if "missing" not in rows.table_schema.names:
        return exp.Literal.number(0)
    case: Tree = exp.Case(this=exp.column("missing"))
    for reason, flag in _REASONS.items():
        case = case.when(exp.Literal.string(reason.value), exp.Literal.number(int(flag)))
    return exp.Max(this=case.else_(exp.Literal.number(0)))


def _largest(columns: Iterable[str]) -> Tree:
    known = [f"COALESCE({column}, 0)" for column in columns]
    return _sql(f"GREATEST({', '.join(known)})" if len(known) > 1 else known[0])


def _flagged(query: Tree, counted: Tree) -> Tree:
    """Return ``counted`` as doubles, with flags: why a number lacks, where one does."""
    flags = _sql(
        "CASE WHEN numerator IS NOT NULL AND denominator IS NOT NULL THEN 0 "
        f"WHEN reason > 0 THEN reason ELSE {int(Cell.NO_RETURN)} END"
    )
    return (
        query.with_("counted", counted)
        .select(
            "practice_code",
            "period",
            *(exp.cast(exp.column(name), "double").as_(name) for name in _NAMES),
            flags.as_("flags"),
        )
        .from_("counted")
        .order_by("practice_code", "period", dialect="duckdb")
    )


def _practice(rows: Rows) -> Tree:
    column = exp.column(rows.entity)
    return column if rows.entity == "practice_code" else column.as_("practice_code")


def _cte(one: Input) -> str:
    return f"{one.name}_rows"


def _tree(measure: Measure, key: str) -> Tree:
    """Return the expression under ``key`` as a fresh SQL tree, or None where there is none."""
    expression = measure.expressions.get(key)
    return None if expression is None else expression.sql_tree(measure.code_lists)


def _sql(text: str) -> Tree:
    return parse_one(text, dialect="duckdb")


def _period(column: str, kind: str) -> Tree:
    """Return the period code of a date: of its day, month, financial or calendar year."""
    texts = {
        "day": f"CAST({column} AS VARCHAR)",
        "month": (
            f"CAST(EXTRACT(YEAR FROM {column}) AS VARCHAR) || '-M' "
            f"|| LPAD(CAST(EXTRACT(MONTH FROM {column}) AS VARCHAR), 2, '0')"
        ),
        "calendar_year": f"CAST(EXTRACT(YEAR FROM {column}) AS VARCHAR)",
        "financial_year": (
            f"CAST(EXTRACT(YEAR FROM {column} - INTERVAL '3' MONTH) AS VARCHAR) || '-' "
            f"|| RIGHT(CAST(EXTRACT(YEAR FROM {column} + INTERVAL '9' MONTH) AS VARCHAR), 2)"
        ),
    }
    return _sql(texts[kind])
