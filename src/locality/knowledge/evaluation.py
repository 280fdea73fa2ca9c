"""What an expression comes to for one row, in plain Python: the slow twin of the SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from locality.knowledge.measures_language import Value

_COMPARE: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}
_COMPUTE: dict[type[exp.Expr], Callable[[float, float], float | None]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: None if b == 0 else a / b,
}


def evaluate(node: exp.Expr, row: Mapping[str, Any], lists: Mapping[str, Collection[Any]]) -> Value:
    """Return the value of ``node`` for ``row``; None is missing, and so is division by zero.

    Comparisons with a missing value are false. Within ``sum`` and ``count`` a name maps to a
    sequence of values: ``count`` counts those that are there, and a sum with a hole in it, or of
    nothing, is missing.
    """
    if isinstance(node, exp.Paren):
        return evaluate(node.this, row, lists)
    if isinstance(node, exp.Literal):
        return str(node.this) if node.is_string else float(node.this)
    if isinstance(node, exp.Column):
        value = row.get(node.name)
        return float(value) if isinstance(value, int) else value
    if isinstance(node, exp.Neg):
        value = evaluate(node.this, row, lists)
        return None if value is None else -value  # type: ignore[operator]
    if isinstance(node, exp.Binary) and type(node) in _COMPUTE:
        left, right = evaluate(node.left, row, lists), evaluate(node.right, row, lists)
        if left is None or right is None:
            return None
        return _COMPUTE[type(node)](left, right)  # type: ignore[arg-type]
    if isinstance(node, (exp.Sum, exp.Count)):
        values = list(row.get(node.this.name, ()))
        if isinstance(node, exp.Count):
            return float(sum(1 for one in values if one is not None))
        return None if None in values or not values else float(sum(values))
    return _truth(node, row, lists)


def _truth(node: exp.Expr, row: Mapping[str, Any], lists: Mapping[str, Collection[Any]]) -> bool:
    if isinstance(node, exp.Not):
        return not evaluate(node.this, row, lists)
    if isinstance(node, exp.And):
        return bool(evaluate(node.left, row, lists)) and bool(evaluate(node.right, row, lists))
    if isinstance(node, exp.Or):
        return bool(evaluate(node.left, row, lists)) or bool(evaluate(node.right, row, lists))
    if isinstance(node, exp.In):
        (name,) = node.args["field"].expressions
        value = evaluate(node.this, row, lists)
        return value is not None and value in lists[name.this]
    if isinstance(node, exp.Anonymous):
        there = row.get(node.expressions[0].name) is not None
        return there if node.name == "present" else not there
    assert isinstance(node, exp.Binary), node
    left, right = evaluate(node.left, row, lists), evaluate(node.right, row, lists)
    return left is not None and right is not None and _COMPARE[type(node)](left, right)
