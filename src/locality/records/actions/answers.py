"""Answers to a checklist: give one, give a whole pulse, say what was worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from locality.judging.checklists import faults
from locality.knowledge.checklist import Item
from locality.records.actions.checklists import finish, open_checklist, rater_of
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.writing import change, event, keep
from locality.records.free_text import one_line, paragraphs
from locality.records.models import Answer, Checklist, Event, Person, Rater

_SETTLED_BEFORE = "A person had answered before this was worked out."


@dataclass(frozen=True)
class Frozen:
    """What was worked out for an item: ``value`` (None: figures alone), words, state of data."""

    item: str
    value: Any
    words: str
    data_version: str


def answer_item(
    *,
    reference: str,
    item: str,
    value: Any,
    who: str,
    person: str = "",
    applies: bool = True,
    words: str = "",
    evidence: str = "",
    owner: str = "",
    overrule: str = "",
    seen: str | int | None = None,
    known: Mapping[str, Collection[str]] | None = None,
) -> Answer:
    """Return the answer to one item, given by ``person`` (a code) where people answer apart.

    ``value`` None leaves it to do, with evidence, words or an ``owner`` (a person) kept. An item
    that does not apply says why in ``words``. To answer otherwise than what was worked out,
    ``overrule`` says why. ``seen`` is the answer's version as the form showed it, 0 for none.
    Raises Refusal for any field (those of the value as the engine names them), and Changed.
    """
    with Checking() as check:
        words, evidence, overrule = paragraphs(words), paragraphs(evidence), paragraphs(overrule)
        for field, text in (("words", words), ("evidence", evidence), ("overrule", overrule)):
            if text:
                check.words(field, text, "this")
        cares = check.person("owner", owner, "who takes care of it") if owner else None
        who = check.who(who)
    with change():
        held = open_checklist(reference)
        asked = _asked(held, item)
        rater = _rater(held, person)
        before = _before(held, rater, item)
        if before is not None:
            unchanged(before, seen)
        with Checking() as check:
            value = _value(check, asked, value, applies, known)
            if not applies and not asked.may_not_apply:
                check.refuse("applies", "This one always applies.")
            if not applies and not words:
                check.refuse("words", "Say why it does not apply.")
            if applies and value is None and not (words or evidence or cares):
                check.refuse("value", "Write an answer, or say that it does not apply and why.")
            _overruled(check, before, value, applies, overrule)
        return _kept(held, rater, asked, before, value, applies, words, evidence, cares, overrule,
                     who)  # fmt: skip


def same_as_last(
    *, reference: str, item: str, who: str, person: str = "", seen: str | int | None = None
) -> Answer:
    """Return the answer to one item as it was given the time before. Raises Refusal."""
    held = open_checklist(reference)
    old = _last(held, item, person)
    if old is None:
        raise Refusal("item", "There is no answer of the time before to take over.")
    return answer_item(
        reference=reference, item=item, value=old.value, applies=old.applies, words=old.words,
        evidence=old.evidence, who=who, person=person, seen=seen,
        owner=old.owner.code if old.owner and old.owner.stands else "",
    )  # fmt: skip


def send_pulse(*, reference: str, person: str, values: Mapping[str, Any], who: str) -> Rater:
    """Return the rater, whose answers are given all at once and are then done.

    Raises Refusal for ``reference``, ``person``, ``who``, or an item by its id.
    """
    with Checking() as check:
        who = check.who(who)
    with change():
        held = open_checklist(reference)
        rater = rater_of(held, person)
        if not rater.is_awaited:
            raise Refusal("person", "Your answers were sent before. Thank you.")
        given = {key: value for key, value in values.items() if value is not None}
        with Checking() as check:
            for key, value in given.items():
                for _, sentence in faults(_asked(held, key), value):
                    check.refuse(key, sentence)
            if not given:
                check.refuse("items", "Answer at least one question.")
        for key, value in given.items():
            _kept(held, rater, _asked(held, key), _before(held, rater, key), value, True, "", "",
                  None, "", who)  # fmt: skip
        return finish(held, person, who)


def fill_in_computed(
    *, reference: str, filled: Iterable[Frozen], who: str, why: str = ""
) -> list[Answer]:
    """Return the answers that what was worked out changed; each says what it rests on.

    An answer that a person gave stays, with what was worked out beside it. Raises Refusal for
    ``reference``, ``filled``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why) if why.strip() else "What can be worked out was filled in."
        who = check.who(who)
    with change():
        held = open_checklist(reference)
        if held.questions.raters != "one":
            raise Refusal("filled", "Nothing is worked out where people answer apart.")
        changed = []
        for one in filled:
            asked = _asked(held, one.item)
            if asked.computed is None:
                raise Refusal("filled", f"“{asked.question}” is not one that is worked out.")
            if not one.words or not one.data_version:
                raise Refusal("filled", "What is worked out says what it rests on.")
            if one.value is not None and faults(asked, one.value):
                raise Refusal("filled", f"{one.value!r} is no answer to “{asked.question}”.")
            answer = _computed(held, one, who, why)
            if answer is not None:
                changed.append(answer)
    return changed


def _computed(held: Checklist, one: Frozen, who: str, why: str) -> Answer | None:
    answer = _before(held, None, one.item)
    if answer is None:
        answer = Answer(checklist=held, item=one.item, applies=True, computed=False)
    # The state of the data alone is no change: the same words still rest on it.
    if (answer.computed_value, answer.computed_from) == (one.value, one.words):
        return None
    by_person = not answer.computed and (answer.value is not None or not answer.applies)
    answer.computed_value, answer.computed_from = one.value, one.words
    answer.data_version = one.data_version
    if one.value is None:
        if answer.computed:
            answer.value = None
        answer.computed, answer.overruled_why = False, ""
    elif by_person:
        answer.overruled_why = answer.overruled_why or _SETTLED_BEFORE
    else:
        answer.value, answer.computed, answer.overruled_why = one.value, True, ""
    because = _event(held, "checklist.worked out", who, why, item=one.item,
                     data_version=one.data_version)  # fmt: skip
    keep(answer, because)
    return answer


def _asked(held: Checklist, item: str) -> Item:
    found = held.questions.asked(item)
    if found is None:
        raise Refusal("item", f"{held.reference} does not ask {item[:40]!r}.")
    return found


def _rater(held: Checklist, person: str) -> Rater | None:
    """Return who answers alone, or None where all answer together; raises Refusal."""
    template = held.questions
    if template.raters == "one":
        return None
    awaited = [one for one in held.raters.all() if one.is_awaited]
    if template.agreed and not awaited:
        return None
    rater = rater_of(held, person)
    if not rater.is_awaited:
        raise Refusal("person", "You said that your answers are complete, so they stand.")
    return rater


def _before(held: Checklist, rater: Rater | None, item: str) -> Answer | None:
    found: Answer | None = held.answers.filter(rater=rater, item=item).first()
    return found


def _last(held: Checklist, item: str, person: str) -> Answer | None:
    if held.follows is None:
        return None
    old = held.follows.answers.filter(item=item)
    apart = held.questions.raters != "one" and any(one.is_awaited for one in held.raters.all())
    old = old.filter(rater__person__code=person) if apart else old.filter(rater=None)
    found: Answer | None = old.select_related("owner").first()
    return found


def _value(
    check: Checking, asked: Item, value: Any, applies: bool,
    known: Mapping[str, Collection[str]] | None,
) -> Any:  # fmt: skip
    """Return the value with its texts put in order; what is wrong with it is refused."""
    if not applies or value is None:
        return None
    value = _in_order(value)
    for field, sentence in faults(asked, value, known):
        check.refuse(field, sentence)
    for field, text in _texts("value", value):
        check.private(field, text)
    return value


def _in_order(value: Any) -> Any:
    if isinstance(value, str):
        return paragraphs(value)
    if isinstance(value, dict):
        return {key: _in_order(one) for key, one in value.items()}
    if isinstance(value, list):
        return [one_line(one) if isinstance(one, str) else _in_order(one) for one in value]
    return value


def _texts(field: str, value: Any) -> Iterable[tuple[str, str]]:
    """Yield (field of the form, text) for every text in ``value``."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(f"{field}-{key}", one)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(f"{field}-{number}" if isinstance(one, dict) else field, one)


def _overruled(
    check: Checking, before: Answer | None, value: Any, applies: bool, overrule: str
) -> None:
    """Refuse to put a person's answer silently over one that was worked out."""
    if before is None or before.computed_value is None:
        return
    if (not applies or value != before.computed_value) and not (overrule or before.overruled_why):
        check.refuse(
            "overrule", "This was worked out. Say why the answer is another, and both are kept."
        )


def _kept(
    held: Checklist, rater: Rater | None, asked: Item, before: Answer | None, value: Any,
    applies: bool, words: str, evidence: str, owner: Person | None, overrule: str, who: str,
) -> Answer:  # fmt: skip
    answer = before or Answer(
        checklist=held, rater=rater, item=asked.id, applies=True, computed=False
    )
    worked = answer.computed_value
    as_worked = worked is not None and applies and value == worked
    because_not = "" if worked is None or as_worked else overrule or answer.overruled_why
    now = (value, applies, words, evidence, owner, as_worked, because_not)
    was = (answer.value, answer.applies, answer.words, answer.evidence, answer.owner,
           answer.computed, answer.overruled_why)  # fmt: skip
    if before is not None and now == was:
        return before
    # Answers are read where it is decided who may: the log says which item, and no more.
    detail = {} if held.anonymous else {"item": asked.id}
    why = overrule if because_not and overrule else "An answer was given."
    because = _event(held, "checklist.answered", who, why, **detail)
    answer.value, answer.applies, answer.words, answer.evidence = value, applies, words, evidence
    answer.owner, answer.computed, answer.overruled_why = owner, as_worked, because_not
    keep(answer, because)
    return answer


def _event(held: Checklist, what: str, who: str, why: str, **detail: Any) -> Event:
    return event(who=who, what=what, why=why, kind="checklist", subject=held.reference,
                 detail=detail)  # fmt: skip
