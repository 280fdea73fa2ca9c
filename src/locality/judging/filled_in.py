"""Answers that can be worked out: delegated limits and membership against a body's task.

They take plain values and return an answer with the words on which it rests; whoever has the
values says at which state of the data they stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Sitting:
    """One seat: who holds it in which post, how far the post may go alone, what it brings.

    ``limit`` None is not stated. Somebody ``attending`` is there without a vote.
    """

    name: str
    post: str
    organisation: str
    limit: Decimal | None = None
    tags: tuple[str, ...] = ()
    attending: bool = False


@dataclass(frozen=True)
class Filled:
    """An answer worked out (None where only figures are), what it rests on, and warnings."""

    value: str | None
    words: str
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Return the words and then the warnings, a line each."""
        return "\n".join((self.words, *self.warnings))


def delegated_limits(seats: Sequence[Sitting]) -> Filled:
    """Return whether home organisations gave authority: yes where every member has some.

    Those in attendance are listed and not counted. A limit of nothing and one that was never
    stated both warn, and are told apart.
    """
    members = [one for one in seats if not one.attending]
    lines = [f"{one.name}, {one.post} ({one.organisation}): {_limit(one.limit)}" for one in seats]
    if not members:
        return Filled("no", "Nobody holds a seat as a member now.")
    able = [one for one in members if one.limit]
    value = "yes" if len(able) == len(members) else "partly" if able else "no"
    warnings = tuple(
        f"{one.name} attends with £0 of authority: nothing can be settled without going back."
        if one.limit is not None
        else f"{one.name}: no limit is recorded for this post, so nobody knows how far it goes."
        for one in members
        if not one.limit
    )
    head = f"{len(able)} of {len(members)} members may commit money here."
    return Filled(value, "\n".join((head, *lines)), warnings)


def _limit(limit: Decimal | None) -> str:
    if limit is None:
        return "no limit recorded"
    return f"up to £{limit:,.0f}" if limit == limit.to_integral_value() else f"up to £{limit:,.2f}"


def right_people(seats: Sequence[Sitting], needs: Sequence[str]) -> Filled:
    """Return whether those at the table bring what the body's task ``needs``.

    Value None where nobody has said what it needs: then there is nothing to hold it against.
    """
    if not needs:
        return Filled(
            None,
            "What this body's task needs at the table is not recorded. Record it on the body's "
            "page, and this can be worked out.",
        )
    brings = {tag: [one.name for one in seats if tag in one.tags] for tag in needs}
    held = [tag for tag in needs if brings[tag]]
    lines = [f"{tag}: {', '.join(brings[tag]) or 'nobody'}" for tag in needs]
    value = "yes" if len(held) == len(needs) else "partly" if held else "no"
    warnings = tuple(f"Nobody at the table brings: {tag}." for tag in needs if not brings[tag])
    head = f"{len(held)} of {len(needs)} that the task needs are at the table."
    return Filled(value, "\n".join((head, *lines)), warnings)


def hospital_waits(title: str, row: Mapping[str, Any]) -> Filled:
    """Return the waits of all specialties (a row of the room's WAITS) as words beside a question.

    They are no answer: what the organisation itself adds to them is for people to say.
    """
    said = [f"{title}: {_count(row['incomplete'])} pathways were waiting"]
    if row["share_18"] is not None:
        england = row["england_share_18"]
        beside = f" (England {england:.1f} %)" if england is not None else ""
        said.append(f"{row['share_18']:.1f} % of them within 18 weeks{beside}")
    if row["median"] is not None:
        england = row["england_median"]
        beside = f" (England {england:.1f})" if england is not None else ""
        said.append(f"half had waited less than {row['median']:.1f} weeks{beside}")
    if row["over_52"] is not None:
        said.append(f"{_count(row['over_52'])} more than 52 weeks")
    return Filled(None, "; ".join(said) + ".")


def _count(value: int | None) -> str:
    return "an unknown number of" if value is None else f"{value:,}"
