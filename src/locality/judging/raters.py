"""Raters and sides of one checklist: where they differ, how far they agree, and years beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from locality.figures import Column, Schema, Table
from locality.judging.checklists import Answered, reads
from locality.knowledge.checklist import Item, Template

#: Fewer answers than this are never shown: one could tell whose they are.
LEAST = 3

COMPARED = Schema(
    "compared",
    "Two sides of a checklist, item by item",
    (
        Column("item", "text", "the item's id"),
        Column("question", "text", "what was asked"),
        Column("first", "text", "what the first said; the middle answer where several did"),
        Column("second", "text", "what the second said, likewise"),
        Column("first_n", "whole", "how many of the first answered", "people"),
        Column("second_n", "whole", "how many of the second answered", "people"),
        Column("gap", "number", "first less second, in steps of the scale", required=False),
        Column("sentence", "text", "the difference in words"),
    ),
    ("item",),
)

AGREEMENT = Schema(
    "agreement",
    "How far two raters agree",
    (
        Column("apart", "text", "the same answer, one step apart, or more"),
        Column("items", "whole", "how many items", "items"),
    ),
    ("apart",),
)

PULSE = Schema(
    "pulse",
    "What people answered, year by year",
    (
        Column("year", "whole", "calendar year"),
        Column("item", "text", "the item's id"),
        Column("question", "text", "what was asked"),
        Column("answer", "text", "one of the answers; empty where too few answered"),
        Column("people", "whole", "how many gave it", "people", required=False),
        Column("of", "whole", "how many answered; empty where fewer than three", "people",
               required=False),
        Column("share", "number", "share of those who answered", "%", required=False),
    ),
    ("year", "item", "answer"),
)  # fmt: skip

SINCE = Schema(
    "since",
    "What changed since the year before",
    (
        Column("item", "text", "the item's id"),
        Column("question", "text", "what is asked now, or was asked then"),
        Column("before", "text", "what was said then"),
        Column("now", "text", "what is said now"),
        Column("change", "text", "changed, the same, new, no longer asked, or not answered yet"),
    ),
    ("item",),
)


def _position(item: Item, answer: Answered | None) -> int | None:
    """Return where an answer stands in its item's order, from 0; None where there is no order."""
    if answer is None or not answer.applies or answer.value is None:
        return None
    keys = [key for key, _ in item.in_order]
    return keys.index(str(answer.value)) if str(answer.value) in keys else None


def _middle(item: Item, answers: Sequence[Mapping[str, Answered]]) -> tuple[float | None, int, str]:
    """Return the median position, how many answered, and the answer in words."""
    given = [one[item.id] for one in answers if item.id in one and one[item.id].is_settled]
    places = sorted(p for one in given if (p := _position(item, one)) is not None)
    if places:
        middle = float(median(places))
        return middle, len(places), _named(item, middle)
    said = [reads(item, one.value) if one.applies else f"Does not apply: {one.words}"
            for one in given]  # fmt: skip
    return None, len(given), "\n".join(said)


def _named(item: Item, place: float) -> str:
    order = [words for _, words in item.in_order]
    if place.is_integer():
        return order[int(place)]
    return f"between {order[int(place)]} and {order[int(place) + 1]}"


def compared(
    template: Template,
    first: Sequence[Mapping[str, Answered]],
    second: Sequence[Mapping[str, Answered]],
    names: tuple[str, str],
) -> Table:
    """Return COMPARED: both sides item by item, the biggest gaps first.

    Each side is the answers of its people; where there are several, the median stands for them.
    A gap is the first side's answer less the second's, in steps of the scale; items in words
    have none and come last. The caption is the sentence of the whole.
    """
    rows: list[dict[str, Any]] = []
    for item in template.item:
        one, one_n, one_words = _middle(item, first)
        two, two_n, two_words = _middle(item, second)
        gap = None if one is None or two is None else one - two
        rows.append(
            {
                "item": item.id, "question": item.question, "first": one_words,
                "second": two_words, "first_n": one_n, "second_n": two_n, "gap": gap,
                "sentence": _gap_sentence(gap, one_n, two_n, names),
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (row["gap"] is None, -abs(row["gap"] or 0)))
    return Table.of(
        COMPARED, rows, title=f"{names[0]} beside {names[1]}", caption=_caption(rows, names)
    )


def _gap_sentence(gap: float | None, one_n: int, two_n: int, names: tuple[str, str]) -> str:
    if gap is None:
        without = [name for name, n in zip(names, (one_n, two_n), strict=True) if not n]
        if len(without) == 2:
            return "Nobody answered this."
        if without:
            return f"{without[0]}: nobody answered this."
        return "Answered in words, or not applicable: read both."
    if gap == 0:
        return "Both say the same."
    higher = names[0] if gap > 0 else names[1]
    return f"{higher} higher by {_steps(abs(gap))}."


def _steps(gap: float) -> str:
    return f"{gap:g} {'step' if gap == 1 else 'steps'}"


def _caption(rows: list[dict[str, Any]], names: tuple[str, str]) -> str:
    gaps = [row for row in rows if row["gap"] is not None]
    if not gaps:
        return "There is nothing to compare in numbers."
    same = sum(1 for row in gaps if row["gap"] == 0)
    if same == len(gaps):
        return f"{names[0]} and {names[1]} say the same on all {same} items that can be compared."
    top = gaps[0]
    return (
        f"{names[0]} and {names[1]} differ most on “{top['question']}”: "
        f"{names[0]} {top['first']}; {names[1]} {top['second']} ({_steps(abs(top['gap']))}). "
        f"They say the same on {same} of {len(gaps)}."
    )


def agreement(
    template: Template, one: Mapping[str, Answered], two: Mapping[str, Answered]
) -> Table:
    """Return AGREEMENT of two raters over the items that both put in an order.

    A handful of items does not bear a coefficient, so items are counted and no more.
    """
    apart: Counter[str] = Counter()
    for item in template.item:
        places = _position(item, one.get(item.id)), _position(item, two.get(item.id))
        if places[0] is None or places[1] is None:
            continue
        gap = abs(places[0] - places[1])
        apart["the same" if gap == 0 else "one step" if gap == 1 else "more"] += 1
    every = apart.total()
    rows = [{"apart": key, "items": apart[key]} for key in ("the same", "one step", "more")]
    said = (
        f"They gave the same answer on {apart['the same']} of {every} items, "
        f"and were more than a step apart on {apart['more']}."
        if every
        else "There is no item on which both chose an answer that can be compared."
    )
    return Table.of(AGREEMENT, rows, caption=said)


def pulse(template: Template, years: Mapping[int, Sequence[Mapping[str, Answered]]]) -> Table:
    """Return PULSE: for each year and item how many gave each answer, never who.

    Where fewer than three answered an item in a year there is one row that says only that.
    """
    rows: list[dict[str, object]] = []
    for year in sorted(years):
        for item in template.item:
            found = [_position(item, one.get(item.id)) for one in years[year]]
            places = [place for place in found if place is not None]
            row = {"year": year, "item": item.id, "question": item.question}
            if len(places) < LEAST:
                rows.append(row | {"answer": "", "people": None, "of": None, "share": None})
                continue
            many = Counter(places)
            for place, (_, words) in enumerate(item.in_order):
                share = 100 * many[place] / len(places)
                rows.append(
                    row
                    | {"answer": words, "people": many[place], "of": len(places), "share": share}
                )
    return Table.of(PULSE, rows, caption=_pulse_caption(template, rows))


def _pulse_caption(template: Template, rows: list[dict[str, object]]) -> str:
    item = template.item[0]
    best = item.in_order[-1][1] if item.in_order else ""
    said = [
        f"{row['year']}: {row['people']} of {row['of']}"
        for row in rows
        if row["item"] == item.id and row["answer"] == best
    ]
    if not said:
        return "Answers are shown once at least three people have given theirs."
    return f"{item.question} Answered “{best}”: {'; '.join(said)}."


def since(
    now: Template,
    answers: Mapping[str, Answered],
    then: Template,
    before: Mapping[str, Answered],
) -> Table:
    """Return SINCE: each item now and the time before, with what changed."""
    rows = []
    for item in now.item:
        old = then.asked(item.id)
        was = _told(old, before.get(item.id)) if old else ""
        is_ = _told(item, answers.get(item.id))
        if old is None:
            change = "new"
        elif not is_:
            change = "not answered yet"
        else:
            change = "the same" if was == is_ else "changed"
        rows.append({"item": item.id, "question": item.question, "before": was, "now": is_,
                     "change": change})  # fmt: skip
    for item in then.item:
        if now.asked(item.id) is None:
            rows.append({"item": item.id, "question": item.question, "now": "",
                         "before": _told(item, before.get(item.id)),
                         "change": "no longer asked"})  # fmt: skip
    changed = sum(1 for row in rows if row["change"] == "changed")
    return Table.of(SINCE, rows, caption=f"{changed} of {len(rows)} answers changed.")


def _told(item: Item, answer: Answered | None) -> str:
    if answer is None or not answer.is_settled:
        return ""
    return reads(item, answer.value) if answer.applies else f"Does not apply: {answer.words}"
