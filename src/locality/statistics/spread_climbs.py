"""The climbs behind ``spread``: where each family's likelihood, or its equation, has its answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array

LARGEST = 1e8  # a beta or gamma prior worth more than this many patients has no spread
ROUNDS = 200


def _climb(
    likelihood: Callable[[Array], tuple[float, Array]],
    start: tuple[float, float],
    bounds: tuple[tuple[float, float], tuple[float, float]],
) -> Array:
    """Return the two parameters at the top of a likelihood (given as minus its mean, and slope)."""
    from scipy.optimize import minimize

    low, high = np.asarray(bounds).T
    first = np.clip(np.asarray(start), low, high)
    found = minimize(
        likelihood,
        first,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": ROUNDS},
    )
    best: Array = found.x
    return best if found.fun <= likelihood(first)[0] else first


def _distinct(count: Array) -> tuple[Array, Array]:
    """Return the distinct counts and the share of units with each."""
    held, many = np.unique(count, return_counts=True)
    return held, many / len(count)


def climb_beta(y: Array, n: Array, mean: float, rho: float) -> tuple[float, float]:
    """Return the mean and rho = 1 / (a + b + 1) at the top of the beta-binomial likelihood."""
    from scipy.special import gammaln, psi

    # Counts recur: each distinct one is worked out once, with its share of the units.
    (seen, of_seen), (left, of_left), (all_of_it, of_all) = (_distinct(x) for x in (y, n - y, n))

    def downhill(place: Array) -> tuple[float, Array]:
        middle, total = 1 / (1 + np.exp(-place[0])), np.exp(place[1])
        a, b = middle * total, (1 - middle) * total
        height = (
            of_seen @ (gammaln(a + seen) - gammaln(a))
            + of_left @ (gammaln(b + left) - gammaln(b))
            - of_all @ (gammaln(total + all_of_it) - gammaln(total))
        )
        up_a = of_seen @ psi(a + seen) - psi(a)
        up_b = of_left @ psi(b + left) - psi(b)
        up_all = of_all @ psi(total + all_of_it) - psi(total)
        slope = np.array(
            [
                (up_a - up_b) * total * middle * (1 - middle),
                a * up_a + b * up_b - total * up_all,
            ]
        )
        return -float(height), -slope

    middle = min(max(mean, 1e-9), 1 - 1e-9)
    place = _climb(
        downhill,
        (float(np.log(middle / (1 - middle))), float(np.log((1 - rho) / rho))),
        ((-25.0, 25.0), (-7.0, float(np.log(LARGEST)))),
    )
    total = float(np.exp(place[1]))
    return 1 / (1 + float(np.exp(-place[0]))), 0.0 if total >= LARGEST else 1 / (total + 1)


def climb_gamma(y: Array, e: Array, mean: float, variance: float) -> tuple[float, float]:
    """Return the mean and variance of the gamma at the top of the negative binomial likelihood."""
    from scipy.special import gammaln, psi

    seen, of_seen = _distinct(y)

    def downhill(place: Array) -> tuple[float, Array]:
        expected, shape = np.exp(place[0]) * e, np.exp(place[1])
        rest = shape + expected
        share = np.log1p(expected / shape)
        height = of_seen @ (gammaln(shape + seen) - gammaln(shape)) + np.mean(
            y * np.log(expected / shape) - (shape + y) * share
        )
        slope = np.array(
            [
                np.mean((y - expected) / rest) * shape,
                shape
                * (
                    of_seen @ psi(shape + seen)
                    - psi(shape)
                    + np.mean(1 - share - (shape + y) / rest)
                ),
            ]
        )
        return -float(height), -slope

    middle = float(np.log(mean))
    place = _climb(
        downhill,
        (middle, float(np.log(mean * mean / variance))),
        ((middle - 10.0, middle + 10.0), (-7.0, float(np.log(LARGEST)))),
    )
    shape = float(np.exp(place[1]))
    made = float(np.exp(place[0]))
    return made, 0.0 if shape >= LARGEST else made * made / shape


def weighted(
    y: Array, known: Array, used: npt.NDArray[np.bool_], tau2: Array
) -> tuple[Array, Array]:
    """Return each unit's weight, 1 / (its known variance + tau2), and the weighted mean."""
    weight = np.where(used, 1 / (known + tau2[..., None]), 0.0)
    return weight, (weight * y).sum(-1) / weight.sum(-1)


def paule_mandel(y: Array, known: Array, used: npt.NDArray[np.bool_]) -> Array:
    """Return the tau2 at which the weighted squares about the mean sum to units - 1, or 0."""
    free = used.sum(-1) - 1.0
    tau2 = np.zeros(y.shape[:-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            weight, mean = weighted(y, known, used, tau2)
            square = (y - mean[..., None]) ** 2
            excess = (weight * square).sum(-1) - free
            # The function falls and is convex, so Newton from 0 climbs to the root and stays below.
            step = np.nan_to_num(excess / (weight * weight * square).sum(-1))
            step = np.where((tau2 == 0) & (step < 0), 0.0, step)
            tau2 = np.maximum(tau2 + step, 0.0)
            if np.all(np.abs(step) <= 1e-12 * (tau2 + 1e-300)):
                break
    return tau2


def restricted(y: Array, known: Array, used: npt.NDArray[np.bool_], tau2: Array) -> Array:
    """Return the tau2 at the top of the restricted likelihood, climbing from ``tau2``."""

    def height(at: Array) -> Array:
        weight, mean = weighted(y, known, used, at)
        squares = (weight * (y - mean[..., None]) ** 2).sum(-1)
        logs = np.log(np.where(used, weight, 1.0)).sum(-1)
        made: Array = 0.5 * (logs - np.log(weight.sum(-1)) - squares)
        return made

    with np.errstate(divide="ignore", invalid="ignore"):
        now = height(tau2)
        for _ in range(ROUNDS):
            weight, mean = weighted(y, known, used, tau2)
            first, second, third = (np.sum(weight**power, -1) for power in (1, 2, 3))
            pull = (weight**2 * (y - mean[..., None]) ** 2).sum(-1)
            trace = second - 2 * third / first + (second / first) ** 2
            step = np.nan_to_num((pull - first + second / first) / trace)
            for _ in range(30):
                moved = np.maximum(tau2 + step, 0.0)
                then = height(moved)
                worse = then < now - 1e-13 * np.abs(now)
                if not np.any(worse):
                    break
                step = np.where(worse, step / 2, step)
            moved = np.where(worse, tau2, moved)
            settled = np.all(np.abs(moved - tau2) <= 1e-11 * (moved + 1e-300))
            tau2, now = moved, np.where(worse, now, then)
            if settled:
                break
    return tau2
