"""Totals from agreed scores, with their working, and how far a rank hangs on the weights.

Scores put things in order; they are not measured in equal steps. So a rank never stands alone:
beside it is the range of ranks that other weights, as reasonable, would have given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from locality.figures import Column, Schema, Table
from locality.judging.criteria import Criteria
from locality.judging.scales import plain

TOTALS = Schema(
    "score_totals",
    "Totals and ranks",
    (
        Column("subject", "text", "what was scored"),
        Column("total", "number", "weighted mean of the scores, each as its share of its scale; "
               "empty where a score is missing", required=False),
        Column("weighted_sum", "number", "sum of weight x score, in the scales' own steps",
               required=False),
        Column("rank", "whole", "place by the total; equal totals share a place", required=False),
        Column("rank_from", "whole", "best place in 95 of 100 other sets of weights",
               required=False),
        Column("rank_to", "whole", "worst place in 95 of 100 other sets of weights",
               required=False),
        Column("first", "number", "how often it comes first as the weights vary", "%",
               required=False),
        Column("best_without_one", "whole", "best place when one criterion is left out",
               required=False),
        Column("worst_without_one", "whole", "worst place when one criterion is left out",
               required=False),
        Column("sentence", "text", "the same in words"),
    ),
    ("subject",),
)  # fmt: skip

WORKING = Schema(
    "score_working",
    "How each total comes about",
    (
        Column("subject", "text", "what was scored"),
        Column("criterion", "text", "by which criterion"),
        Column("weight", "number", "weight of 100", "points of 100"),
        Column("score", "number", "agreed score", required=False),
        Column("scale", "text", "on which scale"),
        Column("share", "number", "the score as its share of the scale, out of 100",
               required=False),
        Column("adds", "number", "weight x share / 100: what it adds to the total",
               required=False),
        Column("weight_times_score", "number", "what it adds to the weighted sum",
               required=False),
    ),
    ("subject", "criterion"),
)  # fmt: skip

#: What every reader of ranks is told.
NOT_INTERVAL = (
    "Scores put things in order. They are not measured in equal steps: twice the total is not "
    "twice as good. Weigh totals up together with money and reasons; they decide nothing."
)

#: How many other sets of weights are tried, and from which seed: the same answer every time.
DRAWS = 2_000
SEED = 20_260_401
#: How closely the weights tried stay to those agreed. A weight of 40 then varies by about 5
#: points either way (one standard deviation), one of 10 by about 3.
CLOSENESS = 100.0
#: Totals nearer than this are equal: sums of fractions differ in their last places.
EQUAL = 1e-9


@dataclass(frozen=True)
class Results:
    """Totals of subjects x criteria of agreed scores; NaN is not agreed yet."""

    subjects: tuple[str, ...]
    criteria: Criteria
    scores: np.ndarray

    def __post_init__(self) -> None:
        shape = (len(self.subjects), len(self.criteria))
        if self.scores.shape != shape:
            raise ValueError(f"the scores have the shape {self.scores.shape} and not {shape}")

    @cached_property
    def shares(self) -> np.ndarray:
        """Return each score as its share of its scale: 0 to 100, or -100 to 100 where signed."""
        columns = [
            one.scale.shares(self.scores[:, at]) for at, one in enumerate(self.criteria.each)
        ]
        return np.column_stack(columns)

    @cached_property
    def totals(self) -> np.ndarray:
        """Return the weighted mean of the shares; NaN where a score is missing."""
        found: np.ndarray = self.shares @ (self.criteria.weights / 100)
        return found

    @cached_property
    def sums(self) -> np.ndarray:
        """Return the sum of weight x score in the scales' own steps; NaN likewise."""
        return weighted_sums(self.scores, self.criteria.weights)

    @cached_property
    def whole(self) -> np.ndarray:
        """Return which subjects have every score."""
        return ~np.isnan(self.scores).any(axis=1)

    @cached_property
    def ranks(self) -> np.ndarray:
        """Return the places of those that are whole, best first."""
        return ranked(self.totals[self.whole][None, :])[0]

    @property
    def range_words(self) -> str:
        """Return from where to where totals may go."""
        return "-100 to 100" if self.criteria.signed else "0 to 100"

    def varied(self, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
        """Return the places (draws x whole subjects) under weights varied about those agreed.

        Weights are drawn from a Dirichlet distribution about the agreed ones, always from the
        same seed; a criterion without weight stays without.
        """
        weights = self.criteria.weights
        heavy = weights > 0
        tried = np.zeros((draws, len(weights)))
        generator = np.random.default_rng(seed)
        tried[:, heavy] = generator.dirichlet(CLOSENESS * weights[heavy] / weights.sum(), draws)
        return ranked(tried @ self.shares[self.whole].T)

    def without_one(self) -> np.ndarray:
        """Return the places (criteria with weight x whole subjects), each one left out in turn.

        Empty where there are fewer than two criteria with weight.
        """
        weights = self.criteria.weights
        heavy = np.flatnonzero(weights > 0)
        if len(heavy) < 2:
            return np.zeros((0, int(self.whole.sum())), dtype=int)
        kept = np.array([np.where(np.arange(len(weights)) == one, 0, weights) for one in heavy])
        kept = kept / kept.sum(axis=1, keepdims=True)
        return ranked(kept @ self.shares[self.whole].T)

    def table(self, title: str = "") -> Table:
        """Return TOTALS, best first; those that are not whole come last, without a rank."""
        rows = []
        varied, without = self.varied(), self.without_one()
        place = {int(subject): at for at, subject in enumerate(np.flatnonzero(self.whole))}
        for s, subject in enumerate(self.subjects):
            row: dict[str, object] = dict.fromkeys(TOTALS.names)
            row["subject"] = subject
            if s in place:
                at = place[s]
                low, high = _middle(varied[:, at])
                row |= {
                    "total": float(self.totals[s]), "weighted_sum": float(self.sums[s]),
                    "rank": int(self.ranks[at]), "rank_from": low, "rank_to": high,
                    "first": float(100 * (varied[:, at] == 1).mean()),
                }  # fmt: skip
                if len(without):
                    row["best_without_one"] = int(without[:, at].min())
                    row["worst_without_one"] = int(without[:, at].max())
            rows.append(row | {"sentence": self._sentence(row)})
        rows.sort(key=lambda row: (row["rank"] is None, row["rank"]))
        return Table.of(TOTALS, rows, title=title, caption=self._caption(), notes=(NOT_INTERVAL,))

    def working(self, title: str = "") -> Table:
        """Return WORKING: each line is weight x score, subject by subject."""
        rows = []
        for s, subject in enumerate(self.subjects):
            for c, one in enumerate(self.criteria.each):
                weight, score = float(self.criteria.weights[c]), float(self.scores[s, c])
                share, there = float(self.shares[s, c]), not np.isnan(score)
                rows.append(
                    {
                        "subject": subject,
                        "criterion": one.name,
                        "weight": weight,
                        "score": score if there else None,
                        "scale": one.scale.words,
                        "share": share if there else None,
                        "adds": weight * share / 100 if there else None,
                        "weight_times_score": weight * score if there else None,
                    }
                )
        return Table.of(WORKING, rows, title=title, caption=self._caption())

    def _caption(self) -> str:
        nought = ", where 0 adds nothing and takes nothing away" if self.criteria.signed else ""
        return (
            f"The total runs from {self.range_words}{nought}: each score as its share of its "
            "scale, times its weight, added up. The weighted sum adds weight x score as given."
        )

    def _sentence(self, row: dict[str, object]) -> str:
        if row["rank"] is None:
            return "No total yet: a score is missing, and none is taken for nought."
        among = int(self.whole.sum())
        said = f"{plain(round(float(str(row['total'])), 1))}, place {row['rank']} of {among}."
        if among < 2:
            return said
        if row["rank_from"] == row["rank_to"]:
            said += " Other weights nearby hardly ever change that."
        else:
            said += f" Other weights nearby give place {row['rank_from']} to {row['rank_to']}."
        best, worst = row["best_without_one"], row["worst_without_one"]
        if best is not None and best != worst:
            said += f" With one criterion left out it is place {best} to {worst}."
        return said


def weighted_sums(scores: np.ndarray, weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return the sum of weight x score for each row of ``scores``, whatever the weights come to."""
    found: np.ndarray = np.asarray(scores, dtype=float) @ np.asarray(weights, dtype=float)
    return found


def ranked(totals: np.ndarray) -> np.ndarray:
    """Return the place of each column in its row, highest first; equal totals share the best."""
    above = totals[:, None, :] > totals[:, :, None] + EQUAL
    places: np.ndarray = 1 + above.sum(axis=2)
    return places


def _middle(places: np.ndarray) -> tuple[int, int]:
    """Return from which to which place 95 of 100 reach, rounded outwards to places that occur."""
    low = np.percentile(places, 2.5, method="lower")
    high = np.percentile(places, 97.5, method="higher")
    return int(low), int(high)
