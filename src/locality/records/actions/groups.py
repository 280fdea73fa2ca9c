"""Groups: make one, rename it, say who belongs to it, close it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.writing import change, event, keep
from locality.records.models import Event, Group, GroupKind, Membership

_ODS_CODE = re.compile(r"[A-Z][0-9]{5}")
LONGEST_NAME = 120


def create_group(
    *,
    name: str,
    members: Iterable[str],
    who: str,
    why: str,
    kind: str = "other",
    known: Collection[str] | None = None,
    on: date | None = None,
) -> Group:
    """Return a new group of the practices ``members`` (ODS codes), open from ``on`` (today).

    Its code is made from its name: ``g-`` and the name in small letters. ``known`` holds every
    practice code there is, to catch a slip; None asks for their form only. Raises Refusal for
    ``name``, ``kind``, ``members``, ``on``, ``who`` or ``why``.
    """
    with Checking() as check:
        name = check.line("name", name, "the group's name", LONGEST_NAME)
        if kind not in GroupKind.values:
            check.refuse("kind", f"Choose what sort of group it is: {', '.join(GroupKind.values)}.")
        codes = _members(check, members, known)
        first_day = _day(check, on)
        why = check.reason(why)
        who = check.who(who)
    with change():
        _free(name)
        code = _code(name)
        because = event(
            who=who,
            what="group.created",
            why=why,
            kind="group",
            subject=code,
            detail={
                "name": name,
                "kind": str(kind),
                "members": codes,
                "on": first_day.isoformat(),
            },
        )
        group = Group(code=code, kind=kind, name=name, opened_on=first_day)
        keep(group, because)
        for practice in codes:
            _join(group, practice, first_day, because)
    return group


def rename_group(*, code: str, name: str, who: str, why: str) -> Group:
    """Return the group under its new ``name``; its code stays.

    Raises Refusal for ``code``, ``name``, ``who`` or ``why``.
    """
    with Checking() as check:
        name = check.line("name", name, "the group's new name", LONGEST_NAME)
        why = check.reason(why)
        who = check.who(who)
    with change():
        group = _open_group(code)
        if group.name == name:
            return group
        _free(name, besides=group)
        because = event(
            who=who,
            what="group.renamed",
            why=why,
            kind="group",
            subject=group.code,
            detail={"from": group.name, "to": name},
        )
        group.name = name
        keep(group, because)
    return group


def set_members(
    *,
    code: str,
    members: Iterable[str],
    who: str,
    why: str,
    known: Collection[str] | None = None,
    on: date | None = None,
) -> Group:
    """Return the group with exactly ``members``, as from ``on`` (today).

    Those who stay keep the day they joined. A change cannot be dated before the last one, nor
    in the future. Practices that are members already are not looked up in ``known``: a practice
    may have closed since. Raises Refusal for ``code``, ``members``, ``on``, ``who`` or ``why``.
    """
    asked = list(members)
    with Checking() as check:
        day = _day(check, on)
        why = check.reason(why)
        who = check.who(who)
    with change():
        group = _open_group(code)
        now = {row.practice_code: row for row in group.memberships.filter(left_on=None)}
        with Checking() as check:
            codes = _members(check, asked, None if known is None else {*known, *now})
            joining = [practice for practice in codes if practice not in now]
            leaving = sorted(now.keys() - set(codes))
            if joining or leaving:
                _after(check, group, day)
        if not joining and not leaving:
            return group
        because = event(
            who=who,
            what="group.members",
            why=why,
            kind="group",
            subject=group.code,
            detail={"joined": joining, "left": leaving, "on": day.isoformat()},
        )
        for practice in leaving:
            _leave(now[practice], day, because)
        for practice in joining:
            _join(group, practice, day, because)
        keep(group, because)
    return group


def close_group(*, code: str, who: str, why: str, on: date | None = None) -> Group:
    """Return the group, closed from ``on`` (today); its practices leave it that day.

    Raises Refusal for ``code``, ``on``, ``who`` or ``why``.
    """
    with Checking() as check:
        day = _day(check, on)
        why = check.reason(why)
        who = check.who(who)
    with change():
        group = _open_group(code)
        with Checking() as check:
            _after(check, group, day)
        because = event(
            who=who,
            what="group.closed",
            why=why,
            kind="group",
            subject=group.code,
            detail={"left": group.codes(), "on": day.isoformat()},
        )
        for row in group.memberships.filter(left_on=None):
            _leave(row, day, because)
        group.closed_on = day
        keep(group, because)
    return group


def codes_in(text: str) -> list[str]:
    """Return the words of a text box (lines, commas, spaces or semicolons between), as typed."""
    return re.findall(r"[^\s,;]+", text)


def _members(check: Checking, members: Iterable[str], known: Collection[str] | None) -> list[str]:
    """Return codes in order, each once; refuse what is not one, or is not known."""
    codes = sorted({code.strip().upper() for code in members} - {""})
    odd = [code for code in codes if not _ODS_CODE.fullmatch(code)]
    stray = [] if known is None else [c for c in codes if c not in odd and c not in known]
    # An NHS number pasted here is not repeated in the sentence about odd codes.
    for code in codes:
        check.private("members", code)
    if not codes:
        check.refuse("members", "Name at least one practice. To end the group, close it.")
    elif odd:
        check.refuse(
            "members",
            f"A practice's ODS code is a letter and five digits, such as A81001. {_some(odd)}",
        )
    elif stray:
        check.refuse(
            "members",
            f"No practice here has this code: {', '.join(stray[:5])}"
            + (f" and {len(stray) - 5:,} more." if len(stray) > 5 else "."),
        )
    return codes


def _some(odd: list[str]) -> str:
    """Return which codes are odd; those with many digits are counted, not shown."""
    shown = [code[:20] for code in odd if sum(map(str.isdigit, code)) < 9][:5]
    rest = len(odd) - len(shown)
    named = f"These are not: {', '.join(shown)}" if shown else ""
    return f"{named} and {rest:,} more." if shown and rest else f"{named or f'{rest:,} are not'}."


def _day(check: Checking, on: date | None) -> date:
    """Return the day of the change; refuse one that has not come yet."""
    today = timezone.localdate()
    if on is not None and on > today:
        check.refuse("on", "That day has not come yet. Choose today or an earlier day.")
    return on or today


def _after(check: Checking, group: Group, day: date) -> None:
    """Refuse a day before the group's last change of members."""
    days = [group.opened_on]
    for joined, left in group.memberships.values_list("joined_on", "left_on"):
        days += [joined, left or joined]
    if day < max(days):
        last = max(days)
        check.refuse(
            "on",
            f"This group last changed on {last.day} {last:%B %Y}. Choose that day or a later one.",
        )


def _open_group(code: str) -> Group:
    group: Group | None = Group.objects.filter(code=code).first()
    if group is None:
        raise Refusal("code", f"There is no group with the code {code[:60]!r}.")
    if not group.is_open:
        raise Refusal("code", f"{group.name} is closed. Make a new group instead.")
    return group


def _free(name: str, besides: Group | None = None) -> None:
    """Refuse a name that another open group has, whatever its capitals."""
    others = Group.objects.filter(closed_on=None).exclude(pk=besides.pk if besides else None)
    for other in others:
        if other.name.casefold() == name.casefold():
            raise Refusal("name", f"There is already a group called {other.name}. Choose another.")


def _code(name: str) -> str:
    """Return ``g-`` and the name in small letters, with a number where that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "g-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "group")
    taken = set(Group.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def _join(group: Group, practice: str, day: date, because: Event) -> None:
    Membership(group=group, practice_code=practice, joined_on=day, joined_by=because).save()


def _leave(row: Membership, day: date, because: Event) -> None:
    row.left_on = day
    row.left_by = because
    row.save()
