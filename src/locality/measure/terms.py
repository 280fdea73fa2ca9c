"""The terms on which figures are judged: one place for every threshold, shown where it acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What may be said of one organisation on one measure beside others."""

    CAN = "can be judged"
    CANNOT = "cannot be judged"
    DESCRIBED = "described only"
    NOTHING = "no number"

    @property
    def sentence(self) -> str:
        """Return what it means, for a page."""
        return _SENTENCES[self]


_SENTENCES = {
    State.CAN: "Most of what is seen here is a true difference, so that it can be compared.",
    State.CANNOT: (
        "Too much of what is seen here is chance: it has no rank, no colour and no flag. "
        "Its own chart still says what changed."
    ),
    State.DESCRIBED: "It is shown and not compared with others.",
    State.NOTHING: "There is no number to judge.",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Every threshold that a judgement rests on.

    ``reliability``: the least share that must not be chance (0.70 is the usual advice for
    comparing providers, 0.90 for consequences: Adams JL 2009, RAND TR-653). ``share``: which end
    of the true values is spoken of (0.1 is a tenth). ``sure``: how probable it must be of each
    one called; ``precision``: how often the calls must be right together. ``fewest``: the fewest
    organisations that a spread is estimated from. ``rule_set`` and ``fewest_points`` are of
    control charts; ``shortest`` and ``baseline`` are the fewest and the usual points that an
    alert's baseline is frozen on.
    """

    reliability: float = 0.70
    share: float = 0.1
    sure: float = 0.8
    precision: float = 0.92
    fewest: int = 30
    rule_set: str = "making-data-count/nhsrplotthedots"
    fewest_points: int = 12
    shortest: int = 12
    baseline: int = 36

    @classmethod
    def of_settings(cls, settings: Iterable[Mapping[str, Any]]) -> Terms:
        """Return the terms that ``settings`` (rows of name and value) leave in force.

        What is not set stays as usual.
        """
        held = {row["name"]: row["value"] for row in settings if not row.get("organisation")}
        changed: dict[str, Any] = {}
        if held.get("judge.reliability") is not None:
            changed["reliability"] = float(held["judge.reliability"]) / 100
        if held.get("charts.rule_set"):
            changed["rule_set"] = str(held["charts.rule_set"])
        if held.get("charts.fewest") is not None:
            changed["fewest_points"] = int(held["charts.fewest"])
        return cls(**changed)
