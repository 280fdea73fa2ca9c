"""Counts typed in while a year runs: each mistake gets a clear sentence beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from locality.knowledge.problems import nearest
from locality.knowledge.qof_successions import words
from locality.measure.qof.constants import Scheme
from locality.measure.qof.counts import Counts

#: What is typed for each indicator.
FIELDS = ("numerator", "denominator", "pcas")
_NUMBER = re.compile(r"\d{1,7}")


@dataclass(frozen=True)
class Typed:
    """What was typed, as counts, and what is wrong with it: field name -> sentence.

    A field's name is code and column, such as ``HYP010-numerator``; ``counts`` hold the rows that
    have no mistake.
    """

    counts: Counts
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> tuple[str, ...]:
        """Return the codes of the indicators that have counts."""
        there = np.isfinite(self.counts.denominator[0])
        return tuple(code for code, yes in zip(self.counts.codes, there, strict=True) if yes)


def typed(
    fields: Mapping[str, str], scheme: Scheme, practice: str, as_at: date, today: date | None = None
) -> Typed:
    """Return what was typed for one practice: ``fields`` maps ``HYP010-numerator`` to text.

    An indicator with nothing typed is left out. A mistake in one row leaves the other rows as
    they are. ``as_at`` is the day of the count; the field ``as_at`` is refused where that day
    lies outside the scheme's year or after ``today``.
    """
    mistakes: dict[str, str] = {}
    label = scheme.period
    if not scheme.sheet.period.start <= as_at <= scheme.sheet.period.end:
        mistakes["as_at"] = f"The day is not in {label}, whose indicators these are."
    elif today is not None and as_at > today:
        mistakes["as_at"] = "The day is still to come."
    shape = (1, len(scheme.codes))
    found = {name: np.full(shape, np.nan) for name in (*FIELDS, "points")}
    for code in dict.fromkeys(name.partition("-")[0] for name in fields if "-" in name):
        texts = {name: fields.get(f"{code}-{name}", "").strip() for name in FIELDS}
        if not any(texts.values()):
            continue
        if code not in scheme.codes:
            what = words(code, scheme.period)
            near = nearest(code, scheme.codes)
            mistakes[f"{code}-numerator"] = what or f"{label} has no indicator {code}. {near}"
            continue
        wrong = _mistakes(code, texts)
        mistakes |= wrong
        if not wrong:
            at = scheme.codes.index(code)
            for name in FIELDS:
                found[name][0, at] = _whole(texts[name]) if texts[name] else np.nan
    counts = Counts(scheme.period, (practice,), scheme.codes, **found, as_at=as_at)
    return Typed(counts, mistakes)


def _mistakes(code: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with one row: a sentence for each field."""
    wrong = {}
    for name, text in texts.items():
        clean = text.replace(",", "")
        if text and not _NUMBER.fullmatch(clean):
            wrong[f"{code}-{name}"] = f"Write a whole number of patients, not {text[:20]!r}."
        elif not text and name != "pcas":
            wrong[f"{code}-{name}"] = (
                "Write how many patients were reached, 0 if none."
                if name == "numerator"
                else "Write how many patients are in the denominator."
            )
    if wrong:
        return wrong
    numerator, denominator = _whole(texts["numerator"]), _whole(texts["denominator"])
    if numerator > denominator:
        return {
            f"{code}-numerator": (
                f"{numerator:,.0f} reached is more than the {denominator:,.0f} in the "
                "denominator. Are the two the other way round? The denominator has no one under "
                "a care adjustment in it."
            )
        }
    return {}


def _whole(text: str) -> float:
    return float(text.replace(",", ""))
