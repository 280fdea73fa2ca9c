"""Several groups at once, as a small file names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from locality.records.actions.groups import create_group, set_members
from locality.records.actions.refusing import Refusal
from locality.records.actions.writing import change
from locality.records.models import Group


@dataclass(frozen=True, slots=True)
class Named:
    """One group as a file names it: its name, its sort, and its practices' codes."""

    name: str
    members: tuple[str, ...]
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class Taken:
    """A group after it was taken in, and what was done: ``made``, ``changed`` or ``as it was``."""

    group: Group
    what: str


def take_in_groups(
    *,
    groups: Iterable[Named],
    who: str,
    why: str,
    known: Collection[str] | None = None,
    on: date | None = None,
) -> tuple[Taken, ...]:
    """Return every group of a file, made, or given exactly the practices that the file names.

    An open group is the same where its name is, whatever the capitals; it keeps its sort. All of
    them are written or none: Refusal for ``file`` says what is wrong with each group by its name,
    and Refusal for ``who`` or ``why`` as :func:`create_group` does.
    """
    asked = list(groups)
    if not asked:
        raise Refusal("file", "The file names no group.")
    taken: list[Taken] = []
    wrong: list[tuple[str, str]] = []
    with change():
        open_now = {one.name.casefold(): one for one in Group.objects.filter(closed_on=None)}
        for one in asked:
            standing = open_now.get(one.name.casefold())
            try:
                if standing is None:
                    made = create_group(
                        name=one.name, members=one.members, kind=one.kind,
                        who=who, why=why, known=known, on=on,
                    )  # fmt: skip
                    taken.append(Taken(made, "made"))
                    continue
                before = standing.version
                group = set_members(
                    code=standing.code, members=one.members, who=who, why=why, known=known, on=on
                )
                what = "changed" if group.version != before else "as it was"
                taken.append(Taken(group, what))
            except Refusal as refusal:
                wrong += [_of(one, *reason) for reason in refusal.reasons]
        if wrong:
            # The same word on why or who is said once, however many groups there are.
            first, *others = dict.fromkeys(wrong)
            raise Refusal(*first, *others)
    return tuple(taken)


def _of(one: Named, field: str, sentence: str) -> tuple[str, str]:
    if field in ("who", "why"):
        return field, sentence
    return "file", f"{one.name[:60] or 'A group without a name'}: {sentence}"
