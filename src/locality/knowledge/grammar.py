"""The grammar of measure expressions: read by sqlglot, then checked node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from locality.knowledge.measures_language import Expression, Kind

_LOGIC = (exp.And, exp.Or)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ORDERINGS = (exp.LT, exp.LTE, exp.GT, exp.GTE)
_SUMS = (exp.Add, exp.Sub, exp.Mul, exp.Div)


def parsed(one: Expression) -> exp.Expr:
    """Return the tree of ``one``; KnowledgeError where grammar or kinds of value do not fit."""
    # Names are quoted for the parser, so that a column called "on" is a name like any other.
    text = " ".join(f'"{word}"' if what == "name" else word for what, word in one._tokens)
    try:
        tree = sqlglot.parse_one(text)
    except SqlglotError:
        raise one.refused(
            "the words do not make an expression: look for a missing bracket."
        ) from None
    for column in tree.find_all(exp.Column):
        column.set("this", exp.Identifier(this=column.name, quoted=False))
    kind = _kind(one, tree, inside=False)
    if kind != one.wanted:
        raise one.refused(f"it gives a {kind}; a {one.wanted} is wanted here.")
    return tree


def _kind(one: Expression, node: exp.Expr, inside: bool) -> Kind:
    """Return what kind of value ``node`` gives; KnowledgeError for what is not allowed.

    ``inside`` is true within ``sum()`` or ``count()``.
    """
    if isinstance(node, exp.Paren):
        return _kind(one, node.this, inside)
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Column):
        if one.allowed.aggregates and not inside:
            raise one.refused(f"{node.name!r} stands for many rows: write sum({node.name}).")
        return one.allowed.columns[node.name]
    if isinstance(node, exp.Neg):
        return _number(one, node, node.this, inside)
    if isinstance(node, _SUMS):
        _number(one, node, node.left, inside)
        return _number(one, node, node.right, inside)
    if isinstance(node, (exp.Sum, exp.Count)):
        return _aggregate(one, node, inside)
    return _truth(one, node, inside)


def _number(one: Expression, node: exp.Expr, part: exp.Expr, inside: bool) -> Kind:
    kind = _kind(one, part, inside)
    if kind != "number":
        raise one.refused(f"{part.sql()} is a {kind}; {node.key} needs numbers.")
    return "number"


def _aggregate(one: Expression, node: exp.Sum | exp.Count, inside: bool) -> Kind:
    name = type(node).__name__.lower()
    if inside:
        raise one.refused(f"{name}() cannot stand within another sum or count.")
    if not isinstance(node.this, exp.Column) or node.expressions:
        raise one.refused(f"{name}() takes one name and nothing else.")
    kind = _kind(one, node.this, inside=True)
    if isinstance(node, exp.Sum) and kind != "number":
        raise one.refused(f"sum() adds numbers; {node.this.name!r} is a {kind}.")
    return "number"


def _truth(one: Expression, node: exp.Expr, inside: bool) -> Kind:
    if isinstance(node, _LOGIC):
        _wanted_truth(one, node.left, inside)
        return _wanted_truth(one, node.right, inside)
    if isinstance(node, exp.Not):
        return _wanted_truth(one, node.this, inside)
    if isinstance(node, _COMPARISONS):
        left, right = _kind(one, node.left, inside), _kind(one, node.right, inside)
        if left != right:
            raise one.refused(
                f"{node.left.sql()} is a {left} and {node.right.sql()} a {right}: "
                "they cannot be compared."
            )
        if left == "truth" or (left == "text" and isinstance(node, _ORDERINGS)):
            raise one.refused(f"a {left} is not more or less than another.")
        return "truth"
    if isinstance(node, exp.In):
        listed = node.args.get("field")
        named = isinstance(listed, exp.List) and [one.is_string for one in listed.expressions]
        if named != [True] or not isinstance(node.this, exp.Column):
            raise one.refused("write: column in list('name').")
        _kind(one, node.this, inside)
        return "truth"
    if isinstance(node, exp.Anonymous) and node.name in ("present", "missing"):
        if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Column):
            raise one.refused(f"{node.name}() takes one name and nothing else.")
        _kind(one, node.expressions[0], inside)
        return "truth"
    raise one.refused(f"{node.sql()!r} is not part of the language of measures.")


def _wanted_truth(one: Expression, node: exp.Expr, inside: bool) -> Kind:
    kind = _kind(one, node, inside)
    if kind != "truth":
        raise one.refused(f"{node.sql()} is a {kind}; and, or, not join comparisons.")
    return "truth"
