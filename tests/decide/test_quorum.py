"""Quorums: each person counts once, every rule must hold, words match the rule."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.decide import Present, Rule, is_quorate, quorum, rule_words

TAGS = ["gp", "nurse", "lay", "finance"]
people = st.lists(
    st.builds(
        Present,
        st.sampled_from("abcdef"),
        st.just("Somebody"),
        st.booleans(),
        st.frozensets(st.sampled_from(TAGS)),
    ),
    max_size=8,
)
rules = st.lists(
    st.builds(Rule, st.integers(1, 4), st.frozensets(st.sampled_from(TAGS)), st.booleans()),
    max_size=4,
)


def plain(asked: list[Rule], there: list[Present]) -> bool:
    """Return the same by counting on fingers."""
    for rule in asked:
        counted = set()
        for person in {one.person for one in there}:
            seats = [one for one in there if one.person == person]
            votes = any(one.voting for one in seats)
            tags = set(itertools.chain.from_iterable(one.tags for one in seats))
            if rule.voting_only and not votes:
                continue
            if rule.any_of and not (tags & rule.any_of):
                continue
            counted.add(person)
        if len(counted) < rule.minimum:
            return False
    return True


@given(rules, people)
def test_agrees_with_counting_on_fingers(asked: list[Rule], there: list[Present]) -> None:
    assert is_quorate(asked, there) == plain(asked, there)


@given(rules, people, people)
def test_more_people_never_make_it_less_quorate(
    asked: list[Rule], there: list[Present], more: list[Present]
) -> None:
    assert is_quorate(asked, [*there, *more]) or not is_quorate(asked, there)


def test_a_gp_who_leaves_takes_the_quorum_along() -> None:
    asked = [Rule(3, voting_only=True), Rule(1, frozenset({"gp"}))]
    gp = Present("a", "Dr Alder", True, frozenset({"gp"}))
    others = [Present(code, code, True, frozenset({"lay"})) for code in "bcd"]
    assert is_quorate(asked, [gp, *others])
    table = quorum(asked, others)
    assert [row["met"] for row in table.rows] == [True, False]
    assert table.rows[1]["present"] == 0


def test_two_posts_of_one_person_count_once() -> None:
    twice = [Present("a", "A", True, frozenset({"gp"})), Present("a", "A", False)]
    assert not is_quorate([Rule(2)], twice)
    assert is_quorate([Rule(1, frozenset({"gp"}), True)], twice[::-1])


def test_nothing_asked_is_quorate_and_nobody_is_not_enough() -> None:
    assert is_quorate([], [])
    assert not is_quorate([Rule(1)], [])
    with pytest.raises(ValueError, match="at least one"):
        Rule(0)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(1), "at least 1 member"),
        (Rule(3, voting_only=True), "at least 3 voting members"),
        (Rule(1, frozenset({"nurse", "gp"})), "at least 1 member from: GP, nurse"),
    ],
)
def test_words(rule: Rule, words: str) -> None:
    assert rule_words(rule) == words
