"""Answers to a checklist: what one must look like, how it reads, and what is still to do.

The value of an answer is plain and fits JSON, by the kind of its item:

* text: a text; choice: ``yes``, ``partly`` or ``no``; rating: a whole number;
* references: a list of lines;
* fields and any of: part -> value, likewise by the kind of the part (``yes or no`` is yes or no);
* table: a list of rows, column -> value; an ``after`` column is a list of row numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from locality.knowledge.checklist import CHOICES, Item, Part, Template

#: Longest text of one part, most lines of one list, most rows of one table.
LONGEST = 5_000
MOST_LINES = 40
MOST_ROWS = 30

#: What a code looks like, by what is referred to: only such a first word is looked up.
_CODES = {
    "people": re.compile(r"p-[0-9a-z-]+"),
    "bodies": re.compile(r"b-[0-9a-z-]+"),
    "actions": re.compile(r"A-[0-9]{4}-[0-9]{3,}"),
    "measures": re.compile(r"[a-z0-9_-]+(?:[.][a-z0-9_-]+)+"),
}
_YES_NO = (("no", "No"), ("yes", "Yes"))


@dataclass(frozen=True)
class Answered:
    """One answer as the engine reads it: its ``value``, or the reason why it does not apply."""

    item: str
    value: Any = None
    applies: bool = True
    words: str = ""
    evidence: str = ""
    owner: str = ""
    computed: bool = False

    @property
    def is_settled(self) -> bool:
        """Return whether there is nothing more to do: a value, or a reason why none applies."""
        return self.value is not None if self.applies else bool(self.words)


@dataclass(frozen=True)
class Progress:
    """How far a checklist has come; the three lists hold items in the template's order."""

    answered: tuple[Item, ...]
    not_applicable: tuple[Item, ...]
    to_do: tuple[Item, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is still to do."""
        return not self.to_do

    @property
    def sentence(self) -> str:
        """Return ``5 of 6 answered, 1 does not apply``, and what is to do where anything is."""
        every = len(self.answered) + len(self.not_applicable) + len(self.to_do)
        parts = [f"{len(self.answered)} of {every} answered"]
        if self.not_applicable:
            n = len(self.not_applicable)
            parts.append(f"{n} {'does' if n == 1 else 'do'} not apply")
        if self.to_do:
            parts.append(f"{len(self.to_do)} still to do")
        return ", ".join(parts)


def progress(template: Template, answers: Mapping[str, Answered]) -> Progress:
    """Return what of ``template`` is answered, does not apply, or is still to do."""
    done: list[Item] = []
    idle: list[Item] = []
    to_do: list[Item] = []
    for item in template.item:
        answer = answers.get(item.id)
        if answer is None or not answer.is_settled:
            to_do.append(item)
        else:
            (done if answer.applies else idle).append(item)
    return Progress(tuple(done), tuple(idle), tuple(to_do))


def typed(item: Item, sent: Mapping[str, str]) -> Any:
    """Return the value that was typed into a form, or None where nothing was.

    The form's fields are ``value``, ``value-PART`` for fields and any-of items, and
    ``value-ROW-COLUMN`` for tables, whose empty rows are left out. What cannot be read is kept
    as typed, so that :func:`faults` can say so.
    """
    if item.kind == "table":
        return _rows(item, sent) or None
    if item.part:
        parts = {one.id: _typed(one.kind, sent.get(f"value-{one.id}", "")) for one in item.part}
        return parts if any(value not in ("", []) for value in parts.values()) else None
    value = _typed(item.kind, sent.get("value", ""))
    return None if value in ("", []) else value


def _typed(kind: str, text: str) -> Any:
    text = text.strip()
    if kind == "references":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind == "rating" and re.fullmatch(r"-?[0-9]{1,4}", text):
        return int(text)
    if kind == "after":
        numbers = [one for one in re.split(r"[\s,;]+", text) if one]
        return [int(one) if re.fullmatch(r"[0-9]{1,3}", one) else one for one in numbers]
    return text


def _rows(item: Item, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the filled rows; what comes after what is renumbered as empty rows fall out."""
    hits = (re.fullmatch(r"value-([0-9]{1,3})-.+", name) for name in sent)
    numbers = {int(hit[1]) for hit in hits if hit}
    filled: dict[int, dict[str, Any]] = {}
    for number in sorted(numbers):
        row = {c.id: _typed(c.kind, sent.get(f"value-{number}-{c.id}", "")) for c in item.part}
        if any(value not in ("", []) for value in row.values()):
            filled[number] = row
    # Rows are counted from 1 on the page and from 0 in the names of its fields.
    place = {number + 1: n for n, number in enumerate(filled, start=1)}
    for row in filled.values():
        for column in item.part:
            if column.kind == "after":
                row[column.id] = [
                    place.get(one, f"{one} (empty)") if isinstance(one, int) else one
                    for one in row[column.id]
                ]
    return list(filled.values())


def faults(
    item: Item, value: Any, known: Mapping[str, Collection[str]] | None = None
) -> list[tuple[str, str]]:
    """Return (field, sentence) for all that is wrong with ``value``, in the form's order.

    ``known`` holds the codes there are, by what is referred to; what it does not name is not
    looked up.
    """
    known = known or {}
    if item.kind == "table":
        return _table_faults(item, value, known)
    if item.part:
        return _parts_faults(item, value, known)
    if item.kind == "rating":
        assert item.scale is not None
        if isinstance(value, bool) or not isinstance(value, int) or value not in item.scale.points:
            scale = f"{item.scale.least} to {item.scale.most}"
            return [("value", f"Choose a whole number from {scale}.")]
        return []
    return _plain_faults("value", item.kind, item.refers or "", value, known)


def _plain_faults(
    field: str, kind: str, refers: str, value: Any, known: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    if kind in ("choice", "yes or no"):
        choices = CHOICES if kind == "choice" else _YES_NO
        if value not in [key for key, _ in choices]:
            words = ", ".join(label.lower() for _, label in reversed(choices))
            return [(field, f"Choose one of: {words}.")]
        return []
    if kind == "references":
        return _reference_faults(field, refers, value, known)
    if not isinstance(value, str) or not value.strip():
        return [(field, "Write an answer, or say that it does not apply and why.")]
    if len(value) > LONGEST:
        return [(field, f"Shorten this to {LONGEST:,} characters; there are {len(value):,} now.")]
    return []


def _reference_faults(
    field: str, refers: str, value: Any, known: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        return [(field, f"Name at least one of the {refers}, one a line.")]
    if len(value) > MOST_LINES or any(len(line) > 300 for line in value):
        return [(field, f"Write at most {MOST_LINES} lines of up to 300 characters.")]
    if refers not in known or refers not in _CODES:
        return []
    words = [line.split()[0].rstrip(",:;") for line in value if line.split()]
    lost = [one for one in words if _CODES[refers].fullmatch(one) and one not in known[refers]]
    if lost:
        return [(field, f"There is nothing with the code {lost[0]!r} among the {refers} here.")]
    return []


def _parts_faults(
    item: Item, value: Any, known: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    if not isinstance(value, dict) or set(value) != {one.id for one in item.part}:
        return [("value", "This answer is not whole: fill in all of its parts.")]
    found = []
    for part in item.part:
        given = value[part.id]
        if given in ("", []) and not part.needed:
            continue
        for field, said in _part_faults(f"value-{part.id}", part, given, known):
            found.append((field, f"{part.label}: {said[0].lower()}{said[1:]}"))
    return found


def _part_faults(
    field: str, part: Part, given: Any, known: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    if part.kind == "line" and isinstance(given, str) and "\n" in given:
        return [(field, "Keep it to one line.")]
    if part.kind in ("text", "line") and not given:
        return [(field, "Write something here.")]
    return _plain_faults(field, part.kind, part.refers or "", given, known)


def _table_faults(
    item: Item, value: Any, known: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    columns = {one.id for one in item.part}
    if not isinstance(value, list) or not value:
        return [("value", "Fill in at least one row.")]
    if len(value) > MOST_ROWS:
        return [("value", f"Keep it to {MOST_ROWS} rows: the smallest set that would do.")]
    if not all(isinstance(row, dict) and set(row) == columns for row in value):
        return [("value", "This table is not whole: each row has all the columns.")]
    found = []
    for number, row in enumerate(value):
        for column in item.part:
            given, field = row[column.id], f"value-{number}-{column.id}"
            if given in ("", []) and not column.needed:
                continue
            told = (
                _after_faults(field, given, number + 1, len(value))
                if column.kind == "after"
                else _part_faults(field, column, given, known)
            )
            where = f"Row {number + 1}, {column.label.lower()}"
            found += [(name, f"{where}: {said[0].lower()}{said[1:]}") for name, said in told]
    if found:
        return found
    for column in item.part:
        if column.kind == "after" and (round_ := circle([row[column.id] for row in value])):
            steps = " after ".join(str(one) for one in (*round_, round_[0]))
            field = f"value-{round_[0] - 1}-{column.id}"
            found.append((field, f"The rows go in a circle: {steps}. One of them must come first."))
    return found


def _after_faults(field: str, given: Any, own: int, rows: int) -> list[tuple[str, str]]:
    if not isinstance(given, list):
        return [(field, "Write the numbers of rows, such as 1, 3.")]
    for one in given:
        if isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= rows:
            return [(field, f"There is no row {one}; write numbers from 1 to {rows}.")]
        if one == own:
            return [(field, "A row cannot come after itself.")]
    return []


def circle(after: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the first circle among rows that come after others, as row numbers; empty if none."""
    settled: set[int] = set()
    for start in range(1, len(after) + 1):
        path: list[int] = []
        ahead: list[Iterator[int]] = [iter((start,))]
        while ahead:
            row = next(ahead[-1], None)
            if row is None:
                ahead.pop()
                if path:
                    settled.add(path.pop())
            elif row in path:
                return tuple(path[path.index(row) :])
            elif row not in settled:
                path.append(row)
                ahead.append(iter(after[row - 1]))
    return ()


def met(item: Item, value: Any) -> bool:
    """Return whether enough parts of an any-of item are so."""
    return sum(1 for said in (value or {}).values() if said == "yes") >= item.needs


def texts(value: Any) -> Iterator[str]:
    """Yield every text that a person typed into ``value``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


def reads(item: Item, value: Any) -> str:
    """Return ``value`` as a reader is told it: one text, with a line for each part."""
    if value is None:
        return ""
    if item.kind == "table":
        return "\n".join(
            f"{number}. " + "; ".join(_reads_parts(item, row))
            for number, row in enumerate(value, start=1)
        )
    if item.kind == "any of":
        so = "Enough of these are so" if met(item, value) else "Too few of these are so"
        return "\n".join([f"{so} ({item.needs} needed).", *_reads_parts(item, value)])
    if item.part:
        return "\n".join(_reads_parts(item, value))
    return _reads(item.kind, value, dict(item.in_order))


def _reads_parts(item: Item, values: Mapping[str, Any]) -> list[str]:
    return [
        f"{part.label}: {_reads(part.kind, values[part.id], {})}"
        for part in item.part
        if values.get(part.id) not in (None, "", [])
    ]


def _reads(kind: str, value: Any, order: Mapping[str, str]) -> str:
    if kind in ("choice", "rating"):
        return order.get(str(value)) or dict(CHOICES).get(str(value), str(value))
    if kind == "references":
        return "\n".join(value)
    if kind == "after":
        return ", ".join(str(one) for one in value)
    return str(value).capitalize() if kind == "yes or no" else str(value)
