"""Rules from files: dated values and sheets of both shelves, overlaid and guarded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from locality.knowledge import files
from locality.knowledge.files import Shelf
from locality.knowledge.models import Reference, built
from locality.knowledge.problems import KnowledgeError, nearest, problem
from locality.knowledge.rulebook import Rules, outside
from locality.knowledge.scalars import Dated, RatioCheck, Scalar, ScalarFile, TotalCheck
from locality.knowledge.sheets import Head, Sheet, sheet_of

References = dict[tuple[str, str], Reference]
Checks = list[tuple[str, RatioCheck | TotalCheck]]


def rules_of(shelves: Iterable[Shelf]) -> Rules:
    """Return the rules on ``shelves``, later ones over earlier ones, every guard kept."""
    scalars: dict[str, Scalar] = {}
    sheets: dict[str, Sheet] = {}
    references: References = {}
    checks: Checks = []
    for shelf in shelves:
        own_scalars: dict[str, Scalar] = {}
        own_sheets: dict[str, Sheet] = {}
        for path in shelf.files("rules", ".csv"):
            if not path.with_suffix(".toml").is_file():
                beside = path.with_suffix(".toml").name
                raise problem(shelf.place(path), "", f"its head {beside} is not beside it.")
        for path in shelf.files("rules", ".toml"):
            if path.with_suffix(".csv").is_file():
                _add_sheet(own_sheets, _sheet(path, shelf))
            else:
                _add_scalars(own_scalars, _scalars(path, shelf, references, checks), shelf, path)
        for id, scalar in own_scalars.items():
            scalars[id] = _merged(scalars[id], scalar) if id in scalars else scalar
        for id, sheet in own_sheets.items():
            replaces = sheets[id].place if id in sheets else ""
            sheets[id] = sheet.model_copy(update={"replaces": replaces})
    rules = Rules(scalars=scalars, sheets=sheets, references=references, checks=tuple(checks))
    guard(rules)
    return rules


def guard(rules: Rules) -> None:
    """Raise KnowledgeError for the first guard that the rules break, with both its sides."""
    for place, check in rules.checks:
        if isinstance(check, RatioCheck):
            _guard_ratio(rules, check, place)
        else:
            _guard_totals(rules, check, place)


def _scalars(path: Path, shelf: Shelf, references: References, checks: Checks) -> list[Scalar]:
    place = shelf.place(path)
    content = built(ScalarFile, files.toml(path, place, exact=True), place)
    references.update({(place, name): one for name, one in content.references.items()})
    checks.extend((place, check) for check in content.check)
    marks = {"place": place, "local": shelf.local}
    found = []
    for rule in content.rule:
        if not shelf.local and (holes := rule.unexplained()):
            first, last = holes[0]
            what = f"nothing is said of {first} to {last}; add a value or a [[rule.missing]]."
            raise problem(place, rule.id, what)
        values = [one.model_copy(update=marks) for one in rule.value]
        found.append(rule.model_copy(update={"value": values}))
    return found


def _add_scalars(own: dict[str, Scalar], found: list[Scalar], shelf: Shelf, path: Path) -> None:
    for scalar in found:
        if scalar.id in own:
            raise problem(shelf.place(path), "rule.id", f"{scalar.id!r} stands twice.")
        own[scalar.id] = scalar


def _merged(under: Scalar, over: Scalar) -> Scalar:
    """Return ``under`` with the values of ``over``: added, or in place of those of equal dates."""
    place = over.value[0].place if over.value else ""
    if over.unit != under.unit:
        raise problem(place, f"{over.id}.unit", f"it is {under.unit!r}, not {over.unit!r}.")
    values, unknown = list(under.value), list(under.missing)
    for one in over.value:
        for other in [other for other in values if other.overlaps(one)]:
            if (other.from_, other.to) != (one.from_, one.to):
                what = (
                    f"{one.words} overlaps {other.words} in {other.place}. "
                    "To replace that value, give the same from and to."
                )
                raise problem(place, one.place and over.id, what)
            values.remove(other)
            one = one.model_copy(update={"replaces": other.place})
        values.append(one)
        unknown = [part for gap in unknown for part in outside(gap, one)]
    for gap in over.missing:
        if any(gap.overlaps(one) for one in values):
            raise problem(place, over.id, f"it is known {gap.words}, so it cannot be missing.")
        unknown = [part for other in unknown for part in outside(other, gap)] + [gap]
    return under.model_copy(update={"value": values, "missing": unknown, "title": over.title})


def _sheet(path: Path, shelf: Shelf) -> Sheet:
    head_place = shelf.place(path)
    table = path.with_suffix(".csv")
    place = shelf.place(table)
    head = built(Head, files.toml(path, head_place, exact=True), head_place)
    sheet = sheet_of(head, files.rows(table, place), place, head_place, local=shelf.local)
    if [path.parent.name, path.stem] != [sheet.scheme, sheet.period.code]:
        raise problem(
            head_place, "period",
            f"a sheet for {sheet.scheme} {sheet.period.code} stands in rules/{sheet.id}.toml.",
        )  # fmt: skip
    return sheet


def _add_sheet(own: dict[str, Sheet], sheet: Sheet) -> None:
    if sheet.id in own:
        raise problem(sheet.place, "", f"{sheet.id} is already in {own[sheet.id].place}.")
    own[sheet.id] = sheet


def _guard_ratio(rules: Rules, check: RatioCheck, place: str) -> None:
    for id in (check.over, check.under):
        if id not in rules.scalars:
            raise problem(place, "check", f"no rule {id!r}; {nearest(id, rules.scalars)}")
    for one in rules.scalars[check.over].value:
        for other in rules.scalars[check.under].value:
            start: date = max(one.from_, other.from_)
            if start < check.from_ or not one.overlaps(other):
                continue
            if other.value == 0 or abs(one.value / other.value - check.expected) > check.tolerance:
                raise _broken(check, start, one, other)


def _broken(check: RatioCheck, start: date, one: Dated, other: Dated) -> KnowledgeError:
    ratio = one.value / other.value if other.value else Decimal("Infinity")
    places = " and ".join(sorted({one.place, other.place}))
    return KnowledgeError(
        f"{places}: from {start}, {check.over} is {one.value} and {check.under} is {other.value}. "
        f"Their ratio is {ratio:.6f}; {check.words}: {check.expected} "
        f"(give or take {check.tolerance}). One of the two is wrong."
    )


def _guard_totals(rules: Rules, check: TotalCheck, place: str) -> None:
    if check.rule not in rules.scalars:
        raise problem(
            place, "check", f"no rule {check.rule!r}; {nearest(check.rule, rules.scalars)}"
        )
    for sheet in rules.sheets.values():
        if sheet.scheme != check.scheme:
            continue
        for one in rules.scalars[check.rule].value:
            if one.holds(sheet.period.end) and sheet.total(check.column) != one.value:
                raise problem(
                    sheet.place, check.column,
                    f"the rows add up to {sheet.total(check.column)}; {check.words}: "
                    f"{one.value} ({one.place}).",
                )  # fmt: skip
