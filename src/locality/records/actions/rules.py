"""Rules: enter a value with the document it was read in, take one back, write the sheet."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from locality.figures import Period, Problem
from locality.knowledge.entered import (
    NAME,
    Entered,
    check_entered,
    entered_text,
    own_sheet,
    rules_without,
)
from locality.knowledge.problems import KnowledgeError
from locality.knowledge.rulebook import Rules
from locality.knowledge.scalars import Scalar
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.signals import end, standing
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import paragraphs
from locality.records.models import EnteredRule
from locality.records.turns import turn

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_ADDRESS = re.compile(r"https?://\S+")
# A comma stands between thousands only: 227,95 is no number here, and not 22,795 either.
_NUMBER = re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
#: Digits before and after the point.
_MOST_DIGITS, _MOST_PLACES = 12, 8
_SHORTEST_REFERENCE = 8


def enter_rule(
    *,
    rule: str,
    period: str,
    value: str | int | Decimal,
    reference: str,
    who: str,
    home: Path,
    address: str = "",
    title: str = "",
    unit: str = "",
) -> EnteredRule:
    """Return the value of ``rule`` throughout ``period`` as entered; what was entered before ends.

    ``period`` is a code such as 2026-27, ``value`` a plain number, ``reference`` the document it
    was read in and ``address`` where that is. ``title`` and ``unit`` are needed for a rule that
    nobody knows yet. A value equal to one that ships, but was not read in its source, signs that
    one off. The sheet in ``home`` is written anew. Raises Refusal for any of the fields, with the
    loader's own sentence where a guard breaks; KnowledgeError where the user's other sheets
    cannot be read; Problem where the sheet cannot be written.
    """
    known = rules_without(home)
    with Checking() as check:
        rule = rule.strip()
        scalar = known.scalars.get(rule)
        title, unit = _named(check, known, rule, title, unit)
        span = _period(check, period)
        number = _number(check, value)
        reference = check.words("reference", paragraphs(reference), "the document it was read in")
        if 0 < len(reference) < _SHORTEST_REFERENCE:
            check.refuse("reference", "Name the document so that others can find it.")
        address = _address(check, address)
        who = check.who(who)
        if sheet := own_sheet(home, rule):
            check.refuse("rule", f"A sheet of your own holds this rule: change it in {sheet}.")
        elif scalar and span:
            _whole(check, scalar, span)
    assert span is not None
    row = Entered(fresh_code("v"), rule, title, unit, span.start, span.end, number,
                  reference, address, signed_off=_signs_off(scalar, span, number))  # fmt: skip
    with change():
        held = _in_place_of(row)
        if held and _as_row(held, held.code) == _as_row(row, held.code):
            return held
        others = [one for one in _standing() if held is None or one.code != held.code]
        _prove(home, [*others, row], "value")
        because = event(
            who=who, what="rule.signed_off" if row.signed_off else "rule.entered", why=reference,
            kind="rule", subject=row.code,
            detail={"rule": rule, "period": span.code, "value": number},
        )  # fmt: skip
        if held:
            end(held, because, "A newer value was entered.")
        made = EnteredRule(
            **{name: getattr(row, name) for name in Entered.__slots__}, by=who, at=because.at
        )
        keep(made, because)
    write_rules(home)
    return made


def withdraw_rule(*, code: str, who: str, why: str, home: Path) -> EnteredRule:
    """Return the value, ended: what ships, or nothing, stands in its place again.

    Raises Refusal, also where what is left would break a guard; Problem where the sheet in
    ``home`` cannot be written.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made: EnteredRule = standing(EnteredRule.objects.filter(code=code).first(), code)
        _prove(home, [one for one in _standing() if one.code != code], "code")
        because = event(
            who=who, what="rule.withdrawn", why=why, kind="rule", subject=made.code,
            detail={"rule": made.rule, "value": made.value},
        )  # fmt: skip
        end(made, because, why)
    write_rules(home)
    return made


def write_rules(home: Path) -> None:
    """Make ``home/knowledge/rules/entered.toml`` again from the records, in one step.

    Where nothing stands, the file is removed. Raises Problem where that cannot be done.
    """
    folder = Path(home).expanduser() / "knowledge" / "rules"
    # In a turn of its own: of two writers, the one who writes last has seen all that stands.
    with turn():
        rows = _standing()
        try:
            if not rows:
                (folder / NAME).unlink(missing_ok=True)
                return
            folder.mkdir(parents=True, exist_ok=True)
            _replace(folder / NAME, entered_text(rows))
        except OSError as error:
            raise Problem(
                f"The values entered are in the records, but {folder / NAME} cannot be written: "
                f"{error.strerror}. Put that right and enter or withdraw a value again."
            ) from None


def _replace(path: Path, text: str) -> None:
    # The loader passes over names that begin with a full stop.
    handle, beside = tempfile.mkstemp(prefix=".entered-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _standing() -> list[Entered]:
    return [_as_row(one, one.code) for one in EnteredRule.objects.filter(ended_at=None)]


def _as_row(one: EnteredRule | Entered, code: str) -> Entered:
    told = {name: getattr(one, name) for name in Entered.__slots__}
    return Entered(**told | {"code": code})


def _prove(home: Path, rows: Iterable[Entered], field: str) -> None:
    try:
        check_entered(home, entered_text(rows))
    except KnowledgeError as error:
        raise Refusal(field, str(error)) from None


def _in_place_of(row: Entered) -> EnteredRule | None:
    """Return the value entered for the same days; Refusal for one of days that overlap."""
    found = EnteredRule.objects.filter(
        rule=row.rule, ended_at=None, from_day__lte=row.to_day, to_day__gte=row.from_day
    )
    for one in found:
        if (one.from_day, one.to_day) != (row.from_day, row.to_day):
            raise Refusal(
                "period",
                f"{one.value} was entered for {one.from_day} to {one.to_day}. Withdraw that "
                "first, or enter the value for the same days.",
            )
    return found.first()


def _named(check: Checking, known: Rules, rule: str, title: str, unit: str) -> tuple[str, str]:
    """Return the title and unit of ``rule``: what is known, or what is given for a new one."""
    held = EnteredRule.objects.filter(rule=rule, ended_at=None).first()
    named = known.scalars.get(rule) or held
    unit = " ".join(unit.split())
    if named is not None:
        if unit and unit != named.unit:
            check.refuse("unit", f"{named.title} is counted in {named.unit!r}.")
        return named.title, named.unit
    check.private("rule", rule)
    if not _ID.fullmatch(rule):
        check.refuse("rule", f"{_unknown(known, rule)} An id is written as qof.point_value.")
    elif not title.strip() and not unit:
        check.refuse(
            "rule", f"{_unknown(known, rule)} For a rule of your own, give its title and unit too."
        )
    else:
        title = check.line("title", title, "what the rule is", 200)
        if 0 < len(title) < 6:
            check.refuse("title", "Say what the rule is in a few words.")
        unit = check.line("unit", unit, "what the value is counted in", 100)
    return title, unit


def _unknown(known: Rules, rule: str) -> str:
    near = difflib.get_close_matches(rule, known.scalars, 1, cutoff=0.5)
    did = f" Did you mean {near[0]}?" if near else ""
    return f"There is no rule {rule[:60]!r}.{did}"


def _period(check: Checking, period: str) -> Period | None:
    try:
        return Period.parse(period)
    except ValueError as error:
        check.refuse("period", str(error))
        return None


def _number(check: Checking, given: str | int | Decimal) -> str:
    """Return the number as plain digits, every one kept; refuse what is none."""
    plain = f"{given:f}" if isinstance(given, Decimal) else str(given)
    plain = plain.replace("£", "").replace("%", "").strip()
    if isinstance(given, bool) or not _NUMBER.fullmatch(plain):
        check.refuse("value", "Write the value as a number, such as 227.95.")
        return ""
    number = Decimal(plain.replace(",", ""))
    if number < 0:
        check.refuse("value", "The value of a rule is not below nought.")
    elif number.adjusted() >= _MOST_DIGITS or -int(number.as_tuple().exponent) > _MOST_PLACES:
        check.refuse(
            "value",
            f"Keep the value to {_MOST_DIGITS} digits before the point and "
            f"{_MOST_PLACES} after it.",
        )
        return ""
    return f"{abs(number):f}"


def _address(check: Checking, address: str) -> str:
    address = address.strip()
    if address and not (_ADDRESS.fullmatch(address) and len(address) <= 500):
        check.refuse("address", "Write the address as https://..., or leave it empty.")
    check.private("address", address)
    return address


def _whole(check: Checking, scalar: Scalar, span: Period) -> None:
    """Refuse a period that lies within, or goes beyond, that of a value known already."""
    for one in scalar.value:
        if one.from_ <= span.end and span.start <= one.last:
            if (one.from_, one.last) == (span.start, span.end):
                continue
            if one.to is None:
                how = "a sheet of your own in HOME/knowledge/rules can replace it."
            else:
                how = f"enter the value for all of it, as {one.from_}/{one.to}."
            check.refuse(
                "period",
                f"{scalar.title} is known as one value, {one.value}, {one.words}. "
                f"To put another in its place, {how}",
            )
            return


def _signs_off(scalar: Scalar | None, span: Period, number: str) -> bool:
    """Return whether a value that ships, not read in its source, says the same of those days."""
    return scalar is not None and any(
        (one.from_, one.to) == (span.start, span.end)
        and one.grade != "read"
        and one.value == Decimal(number)
        for one in scalar.value
    )
