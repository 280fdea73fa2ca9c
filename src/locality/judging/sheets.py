"""Score sheets of many people: who has still to score what, and where they stand apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from locality.figures import Column, Schema, Table
from locality.judging.criteria import Criteria
from locality.judging.scales import plain

PROGRESS = Schema(
    "sheet_progress",
    "Who has still to score what",
    (
        Column("assessor", "text", "who scores"),
        Column("cells", "whole", "scores that are asked of them"),
        Column("given", "whole", "scores they have given"),
        Column("missing", "text", "what is missing, subject by subject"),
        Column("complete", "flag", "whether nothing is missing"),
    ),
    ("assessor",),
)

SPREAD = Schema(
    "spread_of_scores",
    "How far people stand apart",
    (
        Column("subject", "text", "what was scored"),
        Column("criterion", "text", "by which criterion"),
        Column("scores", "whole", "how many scored it"),
        Column("median", "number", "the middle score", required=False),
        Column("lower_quartile", "number", "a quarter scored this or less", required=False),
        Column("upper_quartile", "number", "a quarter scored this or more", required=False),
        Column("lowest", "number", "lowest score", required=False),
        Column("highest", "number", "highest score", required=False),
        Column("range", "number", "from lowest to highest", required=False),
        Column("agreed", "number", "score agreed together", required=False),
        Column("departs", "flag", "whether that is further from the median than the margin"),
        Column("sentence", "text", "the same in words"),
    ),
    ("subject", "criterion"),
)


@dataclass(frozen=True)
class Sheets:
    """Scores as an array of assessors x subjects x criteria; NaN is not scored yet.

    ``due`` (assessors x subjects) says who is asked to score what; all of it where it is left
    out. A score that nobody asked for counts nowhere.
    """

    assessors: tuple[str, ...]
    subjects: tuple[str, ...]
    criteria: Criteria
    values: np.ndarray
    due: np.ndarray = field(default_factory=lambda: np.array(True))

    def __post_init__(self) -> None:
        shape = (len(self.assessors), len(self.subjects), len(self.criteria))
        if self.values.shape != shape:
            raise ValueError(f"the scores have the shape {self.values.shape} and not {shape}")

    @cached_property
    def asked(self) -> np.ndarray:
        """Return who is asked to score what, in the shape of the scores."""
        due = np.broadcast_to(self.due, self.values.shape[:2])
        return np.broadcast_to(due[:, :, None], self.values.shape)

    @cached_property
    def counted(self) -> np.ndarray:
        """Return the scores that were asked for; NaN elsewhere."""
        return np.where(self.asked, self.values, np.nan)

    @property
    def complete(self) -> np.ndarray:
        """Return for each assessor whether nothing is missing."""
        return ~(self.asked & np.isnan(self.values)).any(axis=(1, 2))

    @cached_property
    def medians(self) -> np.ndarray:
        """Return the middle score (subjects x criteria); NaN where nobody has scored."""
        return _quantiles(self.counted, 50)

    def progress(self) -> Table:
        """Return PROGRESS, an assessor a row. It holds no score."""
        missing = self.asked & np.isnan(self.values)
        rows = [
            {
                "assessor": name,
                "cells": int(self.asked[at].sum()),
                "given": int(self.asked[at].sum() - missing[at].sum()),
                "missing": self._named(missing[at]),
                "complete": not missing[at].any(),
            }
            for at, name in enumerate(self.assessors)
        ]
        return Table.of(PROGRESS, rows)

    def departures(self, agreed: np.ndarray, margin: float) -> np.ndarray:
        """Return where ``agreed`` (subjects x criteria) is further from the median than margin."""
        return departs(agreed, self.medians, margin)

    def spread(self, agreed: np.ndarray | None = None, margin: float = 0.0) -> Table:
        """Return SPREAD, a row for each subject and criterion."""
        settled = np.full(self.medians.shape, np.nan) if agreed is None else agreed
        low, high = _quantiles(self.counted, 25), _quantiles(self.counted, 75)
        least, most = _quantiles(self.counted, 0), _quantiles(self.counted, 100)
        apart = self.departures(settled, margin)
        rows = []
        for s, subject in enumerate(self.subjects):
            for c, criterion in enumerate(self.criteria.each):
                number = int((~np.isnan(self.counted[:, s, c])).sum())
                row = {
                    "subject": subject,
                    "criterion": criterion.name,
                    "scores": number,
                    "median": _none(self.medians[s, c]),
                    "lower_quartile": _none(low[s, c]),
                    "upper_quartile": _none(high[s, c]),
                    "lowest": _none(least[s, c]),
                    "highest": _none(most[s, c]),
                    "range": _none(most[s, c] - least[s, c]),
                    "agreed": _none(settled[s, c]),
                    "departs": bool(apart[s, c]),
                }
                rows.append(row | {"sentence": _sentence(row)})
        return Table.of(SPREAD, rows, caption="Half of the scores lie between the quartiles.")

    def _named(self, missing: np.ndarray) -> str:
        lines = []
        for s, subject in enumerate(self.subjects):
            names = [one.name for c, one in enumerate(self.criteria.each) if missing[s, c]]
            if len(names) == len(self.criteria) and len(names) > 1:
                lines.append(f"{subject}: everything")
            elif names:
                lines.append(f"{subject}: {', '.join(names)}")
        return "; ".join(lines)


def departs(agreed: np.ndarray, medians: np.ndarray, margin: float) -> np.ndarray:
    """Return where ``agreed`` lies further than ``margin`` from the median.

    A difference of exactly the margin does not depart, whatever a sum of fractions leaves over.
    """
    with np.errstate(invalid="ignore"):
        apart: np.ndarray = np.abs(np.asarray(agreed) - np.asarray(medians)) > margin + 1e-9
    return apart


def _quantiles(values: np.ndarray, percent: float) -> np.ndarray:
    with warnings.catch_warnings():
        # Where nobody has scored there is no median: NaN is what is meant.
        warnings.simplefilter("ignore", RuntimeWarning)
        found: np.ndarray = np.nanpercentile(values, percent, axis=0)
    return found


def _none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _sentence(row: dict[str, object]) -> str:
    """Return one row of SPREAD in words."""
    number = row["scores"]
    if not number:
        return "Nobody has scored this."
    told = {key: plain(round(float(str(row[key])), 2)) for key in ("median", "lowest", "highest")}
    if number == 1:
        said = f"One score, {told['median']}."
    elif not row["range"]:
        said = f"All {number} gave {told['median']}."
    else:
        said = (
            f"{number} scores from {told['lowest']} to {told['highest']}, "
            f"the middle one is {told['median']}."
        )
    if row["agreed"] is None:
        return said
    return f"{said} Agreed: {plain(round(float(str(row['agreed'])), 2))}."
