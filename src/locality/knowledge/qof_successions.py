"""What became of QOF indicators from year to year (``qof/successions.csv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from locality.figures.period import Period
from locality.knowledge.files import PACKAGE, Shelf, rows
from locality.knowledge.problems import problem

_FILE = PACKAGE / "qof" / "successions.csv"
_REFERENCES = PACKAGE / "qof" / "references.csv"
Kind = Literal["renumbered", "merged", "widened", "replaced", "retired", "new"]


@dataclass(frozen=True, slots=True)
class Succession:
    """One step from a year to the next. Codes are empty for what is new or retired.

    ``kind`` is renumbered (the same indicator), merged (several into one), widened (the same for
    more patients), replaced (another count in its place), retired or new.
    """

    from_year: str
    from_code: str
    to_year: str
    to_code: str
    kind: Kind
    note: str
    reference: str


@lru_cache(maxsize=1)
def successions() -> tuple[Succession, ...]:
    """Return every step, by year; KnowledgeError for a row that cannot be read."""
    place = _place()
    told = {row["reference"]: row["text"] for row in rows(_REFERENCES, place)}
    found = []
    for number, row in enumerate(rows(_FILE, place), start=2):
        if row["kind"] not in get_args(Kind) or row["reference"] not in told:
            raise problem(place, f"row {number}", "its kind or its reference is not known.")
        found.append(Succession(**row))  # type: ignore[arg-type]
    return tuple(found)


def became(code: str, from_year: str, to_year: str) -> tuple[Succession, ...]:
    """Return the steps from an indicator of one financial year to a later one, in order.

    Empty where it kept its code, or nothing is known of it. The last step's ``to_code`` is what
    it is in ``to_year``, or empty where it ended.
    """
    steps, now, year = [], code, from_year
    while year < to_year and now:
        step = next((s for s in successions() if (s.from_year, s.from_code) == (year, now)), None)
        if step is not None:
            steps.append(step)
            now = step.to_code
        year = Period.financial_year(Period.parse(year).start.year + 1).code
    return tuple(steps)


def words(code: str, year: str) -> str | None:
    """Return what a code that is not in a financial year's sheet was, or becomes, in a sentence.

    None where no year is known to have had it.
    """
    return _what_became(code, year) or _what_it_was(code, year)


def _what_became(code: str, year: str) -> str | None:
    """Return the sentence of a code that an earlier year had."""
    for step in successions():
        if step.from_code != code or step.to_year > year:
            continue
        steps = became(code, step.from_year, year)
        last = steps[-1]
        if not last.to_code:
            return f"{code} ended with {last.from_year}. {last.note}".strip()
        if last.kind == "merged":
            others = [
                one.from_code for one in successions()
                if (one.to_year, one.to_code) == (last.to_year, last.to_code)
            ]  # fmt: skip
            return (
                f"{' and '.join(others)} of {last.from_year} were put together as {last.to_code}: "
                f"count each patient once and give {last.to_code}."
            )
        if last.kind == "replaced":
            return f"{code} ended with {last.from_year}. {last.note}".strip()
        return f"{code} is a code of {step.from_year}; in {year} it is {last.to_code}."
    return None


def _what_it_was(code: str, year: str) -> str | None:
    """Return the sentence of a code that begins in a later year."""
    for step in successions():
        if step.to_code != code or step.to_year <= year:
            continue
        if step.kind == "renumbered" and step.from_year == year:
            return f"{code} begins in {step.to_year}; in {year} it is {step.from_code}."
        return f"{code} begins in {step.to_year}."
    return None


def _place() -> str:
    return Shelf(PACKAGE, local=False).place(_FILE)
