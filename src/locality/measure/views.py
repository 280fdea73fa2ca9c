"""What a measure's view comes to over arrays, and whether it is a proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A view as ``scale`` x ``top`` / ``bottom``, of one shape; NaN where a count is missing."""

    scale: float
    top: Numbers
    bottom: Numbers


def needed(measure: Measure, view: str | None = None) -> tuple[str, ...]:
    """Return which of num, den and exc the view (the main one by default) speaks of."""
    return measure.view(view).names


def value(measure: Measure, counts: Mapping[str, Numbers], view: str | None = None) -> Numbers:
    """Return the view over arrays ``num``, ``den`` and ``exc``.

    NaN stands where a count it needs is missing, and where it divides by zero. The slow twin is
    ``locality.knowledge.value``, cell by cell.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = _computed(measure.view(view).tree, counts)
    shape = np.broadcast_shapes(*(one.shape for one in counts.values()))
    out = np.array(np.broadcast_to(found, shape), dtype=np.float64)
    out[~np.isfinite(out)] = np.nan
    return out


def ratio(measure: Measure, counts: Mapping[str, Numbers], view: str | None = None) -> Ratio | None:
    """Return the view as a scaled ratio of two counts, or None where it is not one.

    ``100 * exc / (den + exc)`` is 100 x exc / (den + exc); a sum of two ratios is none.
    """
    from sqlglot import exp

    scale = 1.0
    tops: list[Any] = []
    bottoms: list[Any] = []
    pending = [(measure.view(view).tree, True)]
    while pending:
        node, above = pending.pop()
        if isinstance(node, exp.Paren):
            pending.append((node.this, above))
        elif isinstance(node, exp.Mul):
            pending += [(node.left, above), (node.right, above)]
        elif isinstance(node, exp.Div):
            pending += [(node.left, above), (node.right, not above)]
        elif isinstance(node, exp.Literal):
            number = float(node.this)
            if not number:
                return None
            scale = scale * number if above else scale / number
        else:
            (tops if above else bottoms).append(node)
    if len(tops) != 1 or len(bottoms) != 1:
        return None
    return Ratio(scale, _computed(tops[0], counts), _computed(bottoms[0], counts))


def _computed(node: Any, counts: Mapping[str, Numbers]) -> Any:
    from sqlglot import exp

    if isinstance(node, exp.Paren):
        return _computed(node.this, counts)
    if isinstance(node, exp.Literal):
        return float(node.this)
    if isinstance(node, exp.Column):
        return counts[node.name]
    if isinstance(node, exp.Neg):
        return -_computed(node.this, counts)
    left, right = _computed(node.left, counts), _computed(node.right, counts)
    if isinstance(node, exp.Add):
        return left + right
    if isinstance(node, exp.Sub):
        return left - right
    if isinstance(node, exp.Mul):
        return left * right
    if isinstance(node, exp.Div):
        return np.divide(left, np.where(np.equal(right, 0), np.nan, right))
    raise ValueError(f"a view cannot hold {node.sql()!r}")
