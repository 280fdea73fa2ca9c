"""Weights of criteria, from what people can say of them: points, an order, or swings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from locality.judging.scales import plain

#: What all weights together come to.
WHOLE = 100


@dataclass(frozen=True)
class Method:
    """One way to weights: what it is called, what is asked of people, and whose it is."""

    id: str
    title: str
    asks: str
    hint: str
    reference: str


METHODS: dict[str, Method] = {
    one.id: one
    for one in (
        Method(
            "points",
            "Points",
            "Points",
            "Share 100 points among the criteria.",
            "Point allocation: the weights are the points.",
        ),
        Method(
            "rank order centroid",
            "Order, steep weights",
            "Place",
            "Put the criteria in order: 1 is the one that matters most. The first takes by far "
            "the most weight.",
            "Rank order centroid: the weight of place k of n is (1/k + ... + 1/n) / n. It comes "
            "nearest to what people give when they share out points: Roberts and Goodwin, Journal "
            "of Multi-Criteria Decision Analysis 2002;11:291-303.",
        ),
        Method(
            "rank sum",
            "Order, even steps",
            "Place",
            "Put the criteria in order: 1 is the one that matters most. Weights go down in even "
            "steps.",
            "Rank sum: the weight of place k of n is 2(n + 1 - k) / n(n + 1). It is near to what "
            "people give when they rate each criterion freely: Roberts and Goodwin, Journal of "
            "Multi-Criteria Decision Analysis 2002;11:291-303.",
        ),
        Method(
            "swing",
            "Swings",
            "Swing",
            "Think of something that is worst on everything. Give 100 to the criterion that you "
            "would lift to its best first, and to each other one how much its own swing from "
            "worst to best is worth beside that.",
            "Swing weighting: each swing divided by the sum of all. Mustajoki and others 2005.",
        ),
    )
}


def faults(method: str, raw: Sequence[Decimal]) -> list[tuple[int | None, str]]:
    """Return what is wrong with ``raw`` as (place in the list or None for all, sentence)."""
    if method not in METHODS:
        return [(None, "Choose how the weights come about.")]
    if not raw:
        return [(None, "Write at least one criterion.")]
    low = [(place, "Write a weight of nought or more.") for place, one in enumerate(raw) if one < 0]
    if low:
        return list(low)
    if method == "points":
        return _points(raw)
    if method == "swing":
        return _swings(raw)
    return _places(raw)


def weights(method: str, raw: Sequence[Decimal]) -> np.ndarray:
    """Return the weight of each criterion, 100 together; ValueError with the first sentence."""
    wrong = faults(method, raw)
    if wrong:
        raise ValueError(wrong[0][1])
    given = np.asarray([float(one) for one in raw])
    if method in ("points", "swing"):
        return WHOLE * given / given.sum()
    n = len(given)
    at = np.arange(1, n + 1)
    if method == "rank sum":
        by_place = 2 * (n + 1 - at) / (n * (n + 1))
    else:
        by_place = np.cumsum((1 / at)[::-1])[::-1] / n
    # Criteria that share a place take the mean of the places they fill.
    shared = [by_place[int(one) - 1 : int(one) - 1 + int((given == one).sum())] for one in given]
    return WHOLE * np.asarray([float(places.mean()) for places in shared])


def sum_sentence(raw: Sequence[Decimal]) -> str:
    """Return what points add up to, and what is left to give or too many."""
    total = sum(raw, Decimal(0))
    left = WHOLE - total
    if not left:
        return "The points add up to 100."
    more = f"{plain(left)} are still to give" if left > 0 else f"take {plain(-left)} away"
    return f"The points add up to {plain(total)} and must add up to 100: {more}."


def _points(raw: Sequence[Decimal]) -> list[tuple[int | None, str]]:
    return [] if sum(raw, Decimal(0)) == WHOLE else [(None, sum_sentence(raw))]


def _swings(raw: Sequence[Decimal]) -> list[tuple[int | None, str]]:
    wrong: list[tuple[int | None, str]] = [
        (place, "A swing is 100 at most.") for place, one in enumerate(raw) if one > WHOLE
    ]
    if not wrong and max(raw) != WHOLE:
        wrong.append((None, "Give 100 to the criterion whose swing matters most."))
    return wrong


def _places(raw: Sequence[Decimal]) -> list[tuple[int | None, str]]:
    n = len(raw)
    wrong: list[tuple[int | None, str]] = [
        (place, f"Write a place from 1 to {n}.")
        for place, one in enumerate(raw)
        if one != int(one) or not 1 <= one <= n
    ]
    if wrong:
        return wrong
    for place, one in enumerate(raw):
        expected = 1 + sum(1 for other in raw if other < one)
        if one != expected:
            sentence = (
                f"Place {expected} is free, so this is {expected} and not {one}. Two that matter "
                "equally share a place, and the next one is left out."
            )
            return [(place, sentence)]
    return []
