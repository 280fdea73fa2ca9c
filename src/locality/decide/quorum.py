"""Whether those present may settle anything: a body's quorum is data, one rule a line.

Published quorums differ in what they ask of clinicians, lay members and voting members (Moran
and others 2017, table 3); a list of (at least so many, of which kinds, voting or not), all of
which must hold, says each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from locality.figures import Column, Schema, Table

QUORUM = Schema(
    "quorum",
    "What must be so before anything is settled",
    (
        Column("rule", "text", "what is asked, in words"),
        Column("minimum", "whole", "how many are asked"),
        Column("present", "whole", "how many of those named count towards it"),
        Column("met", "flag", "whether it is so"),
        Column("who", "text", "who counts towards it"),
    ),
    (),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """At least ``minimum`` people who hold one of the tags ``any_of`` (any at all if empty).

    With ``voting_only`` only those who vote count.
    """

    minimum: int
    any_of: frozenset[str] = frozenset()
    voting_only: bool = False

    def __post_init__(self) -> None:
        if self.minimum < 1:
            raise ValueError(f"a quorum asks for at least one person, not {self.minimum}")


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at the table: a person counts once, whatever posts brought them there."""

    person: str
    name: str
    voting: bool
    tags: frozenset[str] = field(default_factory=frozenset)


def quorum(rules: Sequence[Rule], present: Iterable[Present]) -> Table:
    """Return QUORUM: a row a rule, in their order, with who counts towards each."""
    there = _each_once(present)
    rows = []
    for rule in rules:
        counted = [one for one in there if _counts(rule, one)]
        rows.append(
            {
                "rule": rule_words(rule),
                "minimum": rule.minimum,
                "present": len(counted),
                "met": len(counted) >= rule.minimum,
                "who": ", ".join(one.name for one in counted),
            }
        )
    return Table.of(QUORUM, rows)


def is_quorate(rules: Sequence[Rule], present: Iterable[Present]) -> bool:
    """Return whether every rule is met; a body that asks nothing is always quorate."""
    return all(row["met"] for row in quorum(rules, present).rows)


def rule_words(rule: Rule) -> str:
    """Return a rule in words, as "at least 2 voting members, each a GP or nurse"."""
    noun = "voting member" if rule.voting_only else "member"
    many = f"at least {rule.minimum} {noun}{'' if rule.minimum == 1 else 's'}"
    if not rule.any_of:
        return many
    return f"{many} from: {tag_words(rule.any_of)}"


def tag_words(tags: Iterable[str]) -> str:
    """Return tags as people say them, as "GP, nurse": each stands as it is kept, but for one."""
    return ", ".join("GP" if tag == "gp" else tag for tag in sorted(tags))


def _counts(rule: Rule, one: Present) -> bool:
    return (one.voting or not rule.voting_only) and (
        not rule.any_of or bool(rule.any_of & one.tags)
    )


def _each_once(present: Iterable[Present]) -> list[Present]:
    """Return each person once: with all their tags, voting if any of their seats votes."""
    people: dict[str, Present] = {}
    for one in present:
        held = people.get(one.person)
        people[one.person] = (
            one
            if held is None
            else Present(one.person, held.name, held.voting or one.voting, held.tags | one.tags)
        )
    return list(people.values())
