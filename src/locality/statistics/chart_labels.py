"""The labels that control charts give to points, and the plain sentence for each."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from locality.statistics.rule_sets import (
    DEFAULT,
    LongRun,
    Near,
    Outside,
    Rule,
    RuleSet,
    Shift,
    Trend,
    rule_set,
)


class Label(IntFlag):
    """Why a point is a signal; a point may have several of these, or none (0)."""

    ABOVE = 1
    BELOW = 2
    SHIFT_UP = 4
    SHIFT_DOWN = 8
    TREND_UP = 16
    TREND_DOWN = 32
    NEAR_UPPER = 64
    NEAR_LOWER = 128
    LONG_RUN_UP = 256
    LONG_RUN_DOWN = 512
    FEW_CROSSINGS = 1024


class Variation(IntEnum):
    """What a point says about the process."""

    COMMON_CAUSE = 0
    HIGH = 1
    LOW = 2
    CHANGED = 3
    TOO_FEW = 4

    @property
    def words(self) -> str:
        """Return the state in plain words."""
        return _STATES[self]


_STATES = {
    Variation.COMMON_CAUSE: "common cause",
    Variation.HIGH: "special cause high",
    Variation.LOW: "special cause low",
    Variation.CHANGED: "special cause",
    Variation.TOO_FEW: "too few points",
}


def reason(label: Label, rules: RuleSet | str = DEFAULT) -> str:
    """Return the plain sentence for one label by a rule set. ValueError if no rule gives it."""
    chosen = rule_set(rules) if isinstance(rules, str) else rules
    for rule in chosen.rules:
        if label in labels_of(rule):
            return _SENTENCES[label].format(n=_number(getattr(rule, "points", 0)))
    raise ValueError(f"no rule of {chosen.name} gives the label {label!r}")


def sentences(labels: int, rules: RuleSet | str = DEFAULT) -> tuple[str, ...]:
    """Return the sentences for a point's labels, in the set's order; empty for common cause."""
    chosen = rule_set(rules) if isinstance(rules, str) else rules
    return tuple(
        reason(label, chosen)
        for rule in chosen.rules
        for label in labels_of(rule)
        if labels & label
    )


_SENTENCES = {
    Label.ABOVE: "This point is above the upper limit: chance alone rarely takes it there.",
    Label.BELOW: "This point is below the lower limit: chance alone rarely takes it there.",
    Label.SHIFT_UP: "{n} points or more in a row above the average: chance alone rarely does this.",
    Label.SHIFT_DOWN: "{n} points or more in a row below the average: "
    "chance alone rarely does this.",
    Label.TREND_UP: "{n} points or more in a row, each higher than the one before: "
    "chance alone rarely does this.",
    Label.TREND_DOWN: "{n} points or more in a row, each lower than the one before: "
    "chance alone rarely does this.",
    Label.NEAR_UPPER: "Two of three points in a row near or beyond the upper limit: "
    "chance alone rarely does this.",
    Label.NEAR_LOWER: "Two of three points in a row near or beyond the lower limit: "
    "chance alone rarely does this.",
    Label.LONG_RUN_UP: "An unusually long run of points above the middle line: "
    "chance alone rarely does this.",
    Label.LONG_RUN_DOWN: "An unusually long run of points below the middle line: "
    "chance alone rarely does this.",
    Label.FEW_CROSSINGS: "The line crosses the middle line unusually few times: "
    "chance alone rarely does this, so the level has probably changed.",
}
_NUMBERS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def labels_of(rule: Rule) -> tuple[Label, ...]:
    """Return the labels a rule gives: upwards, then downwards; one if it has no direction."""
    if isinstance(rule, Outside):
        return Label.ABOVE, Label.BELOW
    if isinstance(rule, Shift):
        return Label.SHIFT_UP, Label.SHIFT_DOWN
    if isinstance(rule, Trend):
        return Label.TREND_UP, Label.TREND_DOWN
    if isinstance(rule, Near):
        return Label.NEAR_UPPER, Label.NEAR_LOWER
    if isinstance(rule, LongRun):
        return Label.LONG_RUN_UP, Label.LONG_RUN_DOWN
    return (Label.FEW_CROSSINGS,)
