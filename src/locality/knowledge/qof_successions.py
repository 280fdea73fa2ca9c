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
_SHEETS = PACKAGE / "rules" / "qof"
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
        year = _beside(year, 1)
    return tuple(steps)


def came_from(code: str, year: str, back_to: str) -> tuple[Succession, ...]:
    """Return the steps that led to an indicator of one financial year from an earlier one.

    In order of year; several of one year where several codes became one. Empty where it kept its
    code, or nothing is known of it.
    """
    steps: list[Succession] = []
    wanted, now = {code}, year
    while now > back_to and wanted:
        here = [one for one in successions() if one.to_year == now and one.to_code in wanted]
        steps = here + steps
        wanted = (wanted - {one.to_code for one in here}) | {
            one.from_code for one in here if one.from_code
        }
        now = _beside(now, -1)
    return tuple(steps)


def words(code: str, year: str) -> str | None:
    """Return what a code that is not in a financial year's sheet was, or becomes, in a sentence.

    None where no year is known to have had it.
    """
    return _what_became(code, year) or _what_it_was(code, year) or _in_another_sheet(code, year)


def _what_became(code: str, year: str) -> str | None:
    """Return the sentence of a code that an earlier year had."""
    for step in successions():
        if step.from_code != code or step.to_year > year:
            continue
        steps = became(code, step.from_year, year)
        last = next((one for one in steps if one.kind in ("retired", "replaced")), steps[-1])
        if last.kind in ("retired", "replaced"):
            return f"{code} ended with {last.from_year}. {last.note}".strip()
        if last.kind == "merged":
            others = [
                one.from_code for one in successions()
                if (one.to_year, one.to_code) == (last.to_year, last.to_code)
            ]  # fmt: skip
            return (
                f"{_together(others)} of {last.from_year} were put together as {last.to_code}: "
                f"count each patient once and give {last.to_code}."
            )
        wider = "".join(f" {one.note}" for one in steps if one.kind == "widened")
        return f"{code} is a code of {step.from_year}; in {year} it is {last.to_code}.{wider}"
    return None


def _what_it_was(code: str, year: str) -> str | None:
    """Return the sentence of a code that begins in a later year."""
    first = next((s for s in successions() if s.to_code == code and s.to_year > year), None)
    if first is None:
        return None
    said = f"{code} begins in {first.to_year}"
    steps = came_from(code, first.to_year, year)
    kinds = {one.kind for one in steps}
    later = {one.to_code for one in steps}
    before = [one.from_code for one in steps if one.from_code and one.from_code not in later]
    if not before or not set(before) <= _codes(year):
        return f"{said}."
    if "replaced" in kinds:
        many = "count" if len(before) > 1 else "counts"
        return f"{said}, in place of {_together(before)}, which {many} something else."
    if "merged" in kinds:
        return f"{said}; in {year} its patients are counted under {_together(before)}."
    wider = ", for fewer patients" if "widened" in kinds else ""
    return f"{said}; in {year} it is {before[0]}{wider}."


def _in_another_sheet(code: str, year: str) -> str | None:
    """Return the sentence of a code whose steps are not known, though another year has it."""
    has = [one for one in _years() if code in _codes(one)]
    earlier = [one for one in has if one < year]
    if earlier:
        return f"{code} was last a code of QOF {earlier[-1]}."
    return f"{code} begins in {has[0]}." if has else None


def _together(codes: list[str]) -> str:
    """Return ``A``, ``A and B`` or ``A, B and C``."""
    return " and ".join(filter(None, (", ".join(codes[:-1]), codes[-1])))


def _beside(year: str, step: int) -> str:
    """Return the financial year so many years on."""
    return Period.financial_year(Period.parse(year).start.year + step).code


@lru_cache(maxsize=1)
def _years() -> tuple[str, ...]:
    """Return the years that have a packaged sheet, in order."""
    return tuple(path.stem for path in sorted(_SHEETS.glob("*.csv")))


@lru_cache(maxsize=32)
def _codes(year: str) -> frozenset[str]:
    """Return the codes of a year's packaged sheet; none where there is no sheet."""
    path = _SHEETS / f"{year}.csv"
    if year not in _years():
        return frozenset()
    return frozenset(row["code"] for row in rows(path, Shelf(PACKAGE, local=False).place(path)))


def _place() -> str:
    return Shelf(PACKAGE, local=False).place(_FILE)
