"""Criteria sets: what is scored, on which scales, and with which weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from locality.figures import Column, Schema, Table
from locality.judging import weights
from locality.judging.scales import Scale, anchors_text

CRITERIA = Schema(
    "criteria",
    "Criteria, their weights and scales",
    (
        Column("position", "whole", "place in the list"),
        Column("criterion", "text", "what is looked at"),
        Column("meaning", "text", "what is meant by it"),
        Column("domain", "text", "the heading it stands under"),
        Column("given", "number", "what was given: points, a place or a swing"),
        Column("weight", "number", "weight; all together 100", "points of 100"),
        Column("lower", "number", "lowest score"),
        Column("upper", "number", "highest score"),
        Column("step", "number", "from one score to the next"),
        Column("anchors", "text", "what scores mean, one a line"),
    ),
    ("position",),
)


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at; ``raw`` is the point, place or swing that was given."""

    name: str
    scale: Scale
    raw: Decimal
    meaning: str = ""
    domain: str = ""


@dataclass(frozen=True)
class Criteria:
    """A list of criteria whose weights come about by one ``method`` (weights.METHODS)."""

    method: str
    each: tuple[Criterion, ...]

    @cached_property
    def weights(self) -> np.ndarray:
        """Return the weights in order, 100 together; ValueError where they do not hold."""
        return weights.weights(self.method, [one.raw for one in self.each])

    @property
    def signed(self) -> bool:
        """Return whether scores go below nothing."""
        return any(one.scale.signed for one in self.each)

    def __len__(self) -> int:
        return len(self.each)

    def faults(self) -> list[tuple[int | None, str, str]]:
        """Return what is wrong as (place or None for all, field, sentence)."""
        return faults(self.method, self.each)

    def table(self, title: str = "") -> Table:
        """Return CRITERIA; weights that do not hold yet raise ValueError."""
        rows = [
            {
                "position": place,
                "criterion": one.name,
                "meaning": one.meaning,
                "domain": one.domain,
                "given": float(one.raw),
                "weight": float(weight),
                "lower": float(one.scale.lower),
                "upper": float(one.scale.upper),
                "step": float(one.scale.step),
                "anchors": anchors_text(one.scale.anchors),
            }
            for place, (one, weight) in enumerate(zip(self.each, self.weights, strict=True), 1)
        ]
        method = weights.METHODS[self.method]
        return Table.of(CRITERIA, rows, title=title, notes=(method.reference,))


def faults(method: str, each: Sequence[Criterion]) -> list[tuple[int | None, str, str]]:
    """Return what is wrong with criteria as (place or None for all, field, sentence)."""
    found: list[tuple[int | None, str, str]] = [
        (place, "weight", sentence)
        for place, sentence in weights.faults(method, [one.raw for one in each])
    ]
    signed = {one.scale.signed for one in each}
    if len(signed) > 1:
        found.append(
            (
                None,
                "scales",
                "Some scales go below nought and some do not. Let all of them, or "
                "none: one sheet then compares what takes away with what adds.",
            )
        )
    names: dict[str, int] = {}
    for place, one in enumerate(each):
        before = names.setdefault(one.name.casefold(), place)
        if before != place:
            found.append((place, "name", f"Criterion {before + 1} has this name already."))
    return found
