"""Settings: decide one, or go back to what is usual."""

from __future__ import annotations

import difflib

from locality.figures import Period
from locality.records.actions.refusing import Checking
from locality.records.actions.writing import change, event, keep
from locality.records.models import Setting
from locality.records.offered import OFFERED, Offered


def set_setting(
    *,
    name: str,
    value: object,
    who: str,
    why: str,
    organisation: str = "",
    period: str = "",
) -> Setting:
    """Return the setting with its new ``value``; None goes back to what is usual.

    ``value`` may be text as a form sends it. ``organisation`` and ``period`` are asked for by
    some settings and refused by the others (:mod:`locality.records.offered`). Raises Refusal for
    ``name``, ``value``, ``organisation``, ``period``, ``who`` or ``why``.
    """
    kept: int | bool | str | None = None
    with Checking() as check:
        offered = OFFERED.get(name)
        if offered is None:
            nearest = difflib.get_close_matches(name, OFFERED, 1)
            check.refuse(
                "name",
                f"There is no setting called {name[:60]!r}. "
                + (
                    f"Did you mean {nearest[0]}?" if nearest else f"There are {', '.join(OFFERED)}."
                ),
            )
        else:
            if value is not None:
                try:
                    kept = offered.read(value)
                except ValueError as error:
                    check.refuse("value", str(error))
            organisation = _organisation(check, offered, organisation)
            period = _period(check, offered, period)
        why = check.reason(why)
        who = check.who(who)
    with change():
        setting = Setting.objects.filter(
            name=name, organisation=organisation, period=period
        ).first() or Setting(name=name, organisation=organisation, period=period)
        # True == 1 in Python, but a flag is not a number.
        if (type(setting.value), setting.value) == (type(kept), kept):
            return setting
        because = event(
            who=who,
            what="setting.set" if kept is not None else "setting.cleared",
            why=why,
            kind="setting",
            subject=setting.subject,
            detail={"from": setting.value, "to": kept},
        )
        setting.value = kept
        keep(setting, because)
    return setting


def _organisation(check: Checking, offered: Offered, code: str) -> str:
    code = code.strip()
    if offered.for_organisation and not code:
        check.refuse("organisation", f"{offered.title}: say which organisation it is for.")
    elif code and not offered.for_organisation:
        check.refuse("organisation", f"{offered.title} is for the whole house, not one of its own.")
    elif code and not (len(code) <= 10 and code.isalnum() and code.isascii()):
        check.refuse("organisation", "An organisation's code is letters and digits, such as QE1.")
    return code.upper()


def _period(check: Checking, offered: Offered, period: str) -> str:
    period = period.strip()
    if offered.for_period and not period:
        check.refuse("period", f"{offered.title}: say which year it is for, such as 2026-27.")
    elif period and not offered.for_period:
        check.refuse("period", f"{offered.title} is the same for every period.")
    elif period:
        try:
            return Period.parse(period).code
        except ValueError as error:
            check.refuse("period", str(error))
    return period
