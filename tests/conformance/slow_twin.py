"""The slow twin: charts and rules in plain loops over one series, as one would do by hand.

It shares no code with the library: rules come as plain words and numbers.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

Point = float | None
RULES: dict[str, dict[str, Any]] = {
    "making-data-count/nhsrplotthedots": {"outside": 1, "trend": 7, "near": "inside", "shift": 7},
    "making-data-count/excel": {"outside": 1, "trend": 7, "near": "inside", "shift": 7},
    "making-data-count/excel-six": {"outside": 1, "trend": 6, "near": "inside", "shift": 6},
    "making-data-count/2023": {"outside": 1, "trend": 7, "near": "any", "shift": 7},
    "abspc": {"outside": 1, "trend": 6, "near": "inside", "shift": 8},
    "anhoej/qicharts2": {"long run": "round", "crossings": 0.05},
    "anhoej/qikit": {"long run": "floor", "crossings": 0.05},
    "anhoej/pyqicharts": {"long run": "ceil", "crossings": 0.05},
}


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def median(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean_range(numbers: list[float], screen: bool) -> float | None:
    ranges = [abs(b - a) for a, b in pairwise(numbers)]
    if not ranges:
        return None
    if screen:
        ranges = [r for r in ranges if r <= 3.267 * mean(ranges)]
    return mean(ranges)


def chart(
    kind: str,
    values: list[Point],
    sizes: list[Point] | None = None,
    phase: list[int] | None = None,
    first: int | None = None,
    screen: bool = False,
    middle: str = "mean",
) -> list[dict[str, float] | None]:
    """Return, for each point, its value, centre, lower, upper and sigma; None where missing.

    ``values`` are the numerators where there are ``sizes``.
    """
    phase = phase or [0] * len(values)
    made: list[dict[str, float] | None] = [None] * len(values)
    for number in sorted(set(phase)):
        there = [
            t
            for t in range(len(values))
            if phase[t] == number
            and values[t] is not None
            and (sizes is None or (sizes[t] is not None and sizes[t] > 0))  # type: ignore[operator]
        ]
        base = there if first is None else there[:first]
        if not base:
            continue
        value = {t: float(values[t]) / (1 if sizes is None else sizes[t]) for t in there}  # type: ignore[arg-type, operator]
        if sizes is None:
            own = [value[t] for t in base]
            centre = median(own) if middle == "median" or kind == "run" else mean(own)
            moving = None if kind == "run" else mean_range(own, screen)
            sigma = dict.fromkeys(there, math.nan if moving is None else 2.66 * moving / 3)
        else:
            centre = sum(values[t] for t in base) / sum(sizes[t] for t in base)  # type: ignore[misc]
            spread = centre * (1 - centre) if kind[0] == "p" else centre
            sigma = {t: math.sqrt(spread / sizes[t]) for t in there}  # type: ignore[operator]
            if kind.endswith("'"):
                z = [0.0 if sigma[t] == 0 else (value[t] - centre) / sigma[t] for t in base]
                moving = mean_range(z, screen)
                for t in there:
                    sigma[t] = math.nan if moving is None else sigma[t] * moving / 1.128
        for t in there:
            lower, upper = centre - 3 * sigma[t], centre + 3 * sigma[t]
            if sizes is not None:
                lower = max(lower, 0.0) if not math.isnan(lower) else lower
            if kind[0] == "p":
                upper = min(upper, 1.0) if not math.isnan(upper) else upper
            made[t] = {"value": value[t], "centre": centre, "lower": lower, "upper": upper,
                       "sigma": sigma[t], "points": len(base)}  # fmt: skip
    return made


def labels(
    points: list[dict[str, float] | None], phase: list[int] | None, rules: dict[str, Any]
) -> tuple[list[set[str]], list[set[str]]]:
    """Return the labels of each point, and those that it completes."""
    phase = phase or [0] * len(points)
    found: list[set[str]] = [set() for _ in points]
    done: list[set[str]] = [set() for _ in points]
    for number in sorted(set(phase)):
        here = [t for t in range(len(points)) if phase[t] == number and points[t] is not None]
        _one_phase([points[t] for t in here], here, rules, found, done)  # type: ignore[misc]
    return found, done


def _one_phase(
    p: list[dict[str, float]],
    at: list[int],
    rules: dict[str, Any],
    found: list[set[str]],
    done: list[set[str]],
) -> None:
    n = len(p)
    slack = [
        1e-12 * (abs(q["centre"]) + 3 * (0 if math.isnan(q["sigma"]) else q["sigma"])) for q in p
    ]
    side = [
        1
        if q["value"] > q["centre"] + slack[i]
        else -1
        if q["value"] < q["centre"] - slack[i]
        else 0
        for i, q in enumerate(p)
    ]
    out = [
        1 if q["value"] > q["upper"] + slack[i] else -1 if q["value"] < q["lower"] - slack[i] else 0
        for i, q in enumerate(p)
    ]
    two = [
        1
        if q["value"] > q["centre"] + 2 * q["sigma"] + slack[i]
        else -1
        if q["value"] < q["centre"] - 2 * q["sigma"] - slack[i]
        else 0
        for i, q in enumerate(p)
    ]

    def mark(name: str, members: list[int], end: int, was: bool) -> None:
        for i in members:
            found[at[i]].add(name)
        if not was:
            done[at[end]].add(name)

    for sign, words in (
        (1, ("ABOVE", "SHIFT_UP", "TREND_UP", "NEAR_UPPER", "LONG_RUN_UP")),
        (-1, ("BELOW", "SHIFT_DOWN", "TREND_DOWN", "NEAR_LOWER", "LONG_RUN_DOWN")),
    ):
        if "outside" in rules:
            for i in range(n):
                if out[i] == sign:
                    mark(words[0], [i], i, False)
        if "shift" in rules:
            was = False
            for end in range(rules["shift"] - 1, n):
                window = list(range(end - rules["shift"] + 1, end + 1))
                now = all(side[i] == sign for i in window)
                if now:
                    mark(words[1], window, end, was)
                was = now
        if "trend" in rules:
            was = False
            for end in range(rules["trend"] - 1, n):
                window = list(range(end - rules["trend"] + 1, end + 1))
                now = all(sign * (p[i]["value"] - p[i - 1]["value"]) > slack[i] for i in window[1:])
                if now:
                    mark(words[2], window, end, was)
                was = now
        if "near" in rules:
            was = False
            for end in range(2, n):
                window = [end - 2, end - 1, end]
                close = [
                    i for i in window if two[i] == sign and (rules["near"] == "any" or out[i] == 0)
                ]
                now = len(close) >= 2 and all(side[i] == sign for i in window)
                if now:
                    mark(words[3], close, end, was)
                was = now
        if "long run" in rules:
            useful = [i for i in range(n) if side[i] != 0]
            if useful:
                exact = math.log2(len(useful))
                whole = {"round": round, "floor": math.floor, "ceil": math.ceil}
                most = whole[rules["long run"]](exact) + 3
                run: list[int] = []
                for i in [*useful, -1]:
                    if i >= 0 and (not run or side[run[-1]] == side[i]):
                        run.append(i)
                        continue
                    if len(run) > most and side[run[0]] == sign:
                        mark(words[4], run, run[most], False)
                    run = [i]
    if "crossings" in rules:
        useful = [i for i in range(n) if side[i] != 0]
        if useful:
            crossed = sum(side[a] != side[b] for a, b in pairwise(useful))
            trials = len(useful) - 1
            fewest, total = 0, 1
            while total / 2**trials < rules["crossings"]:
                fewest += 1
                total += math.comb(trials, fewest)
            if crossed < fewest:
                mark("FEW_CROSSINGS", useful, useful[-1], False)
