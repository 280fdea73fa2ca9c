"""Expressions as SQL: two-valued, safe against zero, the same in every engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.tokens import Tokenizer

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_JOINING = (exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul)


def sql_tree(node: exp.Expr, lists: Mapping[str, Collection[Any]], table: str = "") -> exp.Expr:
    """Return a new tree in which the language's own meanings are spelled out in SQL.

    ``lists`` maps the names of lists to their members; ``table`` qualifies every column.
    """
    if isinstance(node, exp.Column):
        return _column(node.name, table)
    if isinstance(node, exp.Literal):
        return node.copy()
    if isinstance(node, exp.In):
        (name,) = node.args["field"].expressions
        return _one_of(sql_tree(node.this, lists, table), lists[name.this])
    if isinstance(node, exp.Anonymous):
        empty = exp.Is(this=sql_tree(node.expressions[0], lists, table), expression=exp.Null())
        return exp.Not(this=empty) if node.name == "present" else empty
    if isinstance(node, (exp.Paren, exp.Neg, exp.Not, exp.Sum, exp.Count)):
        return type(node)(this=sql_tree(node.this, lists, table))
    assert isinstance(node, exp.Binary), node
    left, right = sql_tree(node.left, lists, table), sql_tree(node.right, lists, table)
    if isinstance(node, exp.Div):
        # Doubles on both sides, so that no engine divides decimals or whole numbers its own way.
        zero = exp.Literal.number(0)
        return exp.Div(
            this=_double(left), expression=exp.Nullif(this=_double(right), expression=zero)
        )
    whole = type(node)(this=left, expression=right)
    if isinstance(node, _COMPARISONS):
        return exp.Coalesce(this=whole, expressions=[exp.false()])
    assert isinstance(node, _JOINING), node
    return whole


def _one_of(column: exp.Expr, members: Collection[Any]) -> exp.Expr:
    if not members:
        return exp.false()
    literals = [
        exp.Literal.string(one) if isinstance(one, str) else exp.Literal.number(one)
        for one in sorted(members)
    ]
    return exp.Coalesce(this=exp.In(this=column, expressions=literals), expressions=[exp.false()])


def _double(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("double"))


def _column(name: str, table: str) -> exp.Column:
    reserved = name.upper() in Tokenizer.KEYWORDS
    return exp.Column(
        this=exp.to_identifier(name, quoted=reserved),
        table=exp.to_identifier(table) if table else None,
    )
