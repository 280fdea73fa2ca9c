"""What funnels count: kinds, their sampling chance, and the scale on which spread is even."""

from __future__ import annotations

from typing import Literal

import numpy as np

from locality.statistics.intervals import Array

Kind = Literal["proportion", "rate", "standardised ratio", "ratio"]
KINDS = ("proportion", "rate", "standardised ratio", "ratio")


def is_binomial(kind: Kind) -> bool:
    """Return whether counts of this kind are binomial; the others are Poisson."""
    return kind in ("proportion", "ratio")


def check_target(kind: Kind, target: Array) -> None:
    """Raise ValueError for an unknown kind, or a target that the kind cannot have."""
    if kind not in KINDS:
        raise ValueError(f"a funnel's kind is one of {', '.join(KINDS)}")
    if np.any(target < 0) or (kind == "proportion" and np.any(target > 1)):
        raise ValueError("a target is 0 or more, and at most 1 for a proportion")


def check_counts(count: Array, size: Array, kind: Kind) -> None:
    """Raise ValueError for counts or sizes below 0, or a count over its size where none may be."""
    if np.any(count < 0) or np.any(size < 0) or (is_binomial(kind) and np.any(count > size)):
        raise ValueError("a funnel needs counts and sizes of 0 or more, and no count over its size")


def chance_of(target: Array, kind: Kind) -> Array:
    """Return the chance or rate per unit of size that a target value stands for."""
    return target / (1 + target) if kind == "ratio" else target


def value_of(count: Array, size: Array, kind: Kind) -> Array:
    """Return what a funnel shows for each unit, NaN where there is no size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        made: Array = np.where(
            size > 0, count / (size - count if kind == "ratio" else size), np.nan
        )
        return made


def to_scale(count: Array, n: Array, kind: Kind) -> Array:
    """Return counts on the scale where sampling variance is even (arcsine or square root)."""
    made: Array
    if is_binomial(kind):
        made = np.arcsin(np.sqrt((count + 0.375) / (n + 0.75)))
    else:
        made = np.sqrt((count + 0.375) / n)
    return made


def scale_variance(n: Array, kind: Kind) -> Array:
    """Return the sampling variance on that scale for units of size or expectation ``n``."""
    return 1 / (4 * n + 2) if is_binomial(kind) else 1 / (4 * n)


def from_scale(place: Array, kind: Kind) -> Array:
    """Return the true value that a place on the scale stands for."""
    if not is_binomial(kind):
        return np.asarray(np.maximum(place, 0) ** 2)
    share = np.sin(np.clip(place, 0, np.pi / 2)) ** 2
    return np.asarray(share / (1 - share) if kind == "ratio" else share)


def count_at(place: Array, n: Array, kind: Kind) -> Array:
    """Return the count that a place on the scale stands for, within what is possible."""
    if is_binomial(kind):
        return np.clip(np.sin(np.clip(place, 0, np.pi / 2)) ** 2 * (n + 0.75) - 0.375, 0, n)
    return np.maximum(np.maximum(place, 0) ** 2 * n - 0.375, 0)


def expected_count(chance: Array, n: Array, kind: Kind) -> Array:
    """Return where units of this chance are expected on the scale, to order 1 / n."""
    small, centre = 1 / n, chance[..., None]
    made: Array
    if is_binomial(kind):
        made = np.arcsin(np.sqrt((centre + 0.125 * small) / (1 + 0.25 * small)))
    else:
        made = np.sqrt(centre + 0.125 * small)
    return made
