"""Refusing what cannot be written, with a sentence beside each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from types import TracebackType

from locality.figures import DAY_HINT, Problem, typed_day
from locality.records.free_text import nhs_numbers, one_line, paragraphs
from locality.records.models import Person
from locality.records.patient_like import patient_like

#: Longest reason and longest note, in characters.
LONGEST_REASON = 2_000
LONGEST_NOTE = 5_000


class Refusal(Problem):
    """What was asked for cannot be written.

    ``field`` and ``sentence`` are the first reason; ``reasons`` holds them all, in the order of
    the form, as (field, sentence); ``by_field`` the first sentence of each field. The fields are
    the names of the action's own arguments.
    """

    def __init__(self, field: str, sentence: str, *others: tuple[str, str]) -> None:
        self.field = field
        self.sentence = sentence
        self.reasons: tuple[tuple[str, str], ...] = ((field, sentence), *others)
        super().__init__(" ".join(sentence for _, sentence in self.reasons))

    @property
    def by_field(self) -> dict[str, str]:
        """Return field -> its first sentence, in the order of the form."""
        first: dict[str, str] = {}
        for field, sentence in self.reasons:
            first.setdefault(field, sentence)
        return first


#: What whoever calls an action has found wrong already.
_FOUND: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("found", default=())


@contextmanager
def found_already(errors: Mapping[str, str]) -> Iterator[None]:
    """Have the action inside refuse ``errors`` (field -> sentence) with all that it finds itself.

    So a form that looked something up (an organisation, in the lake) tells everything at once.
    """
    token = _FOUND.set(tuple(errors.items()))
    try:
        yield
    finally:
        _FOUND.reset(token)


class Checking:
    """Looks at a whole form before it refuses, so that all is put right in one go.

    ``with Checking() as check:`` raises Refusal at the end of the block if anything was refused.
    """

    def __init__(self) -> None:
        self.reasons = list(_FOUND.get())

    def __enter__(self) -> Checking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self.reasons:
            raise Refusal(*self.reasons[0], *self.reasons[1:])

    def refuse(self, field: str, sentence: str) -> None:
        """Remember why ``field`` cannot stand."""
        self.reasons.append((field, sentence))

    def line(self, field: str, text: str, called: str, most: int) -> str:
        """Return ``text`` as one line; refuse an empty one, a long one, or an NHS number."""
        return self._text(field, one_line(text), called, most)

    def reason(self, text: str) -> str:
        """Return ``why`` as paragraphs; refuse an empty one, a long one, or an NHS number."""
        return self._text("why", paragraphs(text), "why this is done", LONGEST_REASON)

    def note(self, text: str) -> str:
        """Return a note's ``text`` as paragraphs; refuse likewise."""
        return self._text("text", paragraphs(text), "the note", LONGEST_NOTE)

    def words(self, field: str, text: str, called: str) -> str:
        """Return ``text``, paragraphs already, of any field; refuse likewise."""
        return self._text(field, text, called, LONGEST_NOTE)

    def who(self, text: str) -> str:
        """Return who acts, as one line; refuse likewise."""
        return self.line("who", text, "who does this", 100)

    def day(
        self,
        field: str,
        given: str | date | None,
        called: str,
        *,
        after: date | None = None,
        before: date | None = None,
    ) -> date | None:
        """Return the day ``given``, typed or a date; None where it is refused.

        ``after`` is the first day it may be, ``before`` the last.
        """
        day = given
        if not isinstance(day, date):
            try:
                day = typed_day(day or "")
            except Problem:
                self.refuse(field, f"Write {called} as a real day, {DAY_HINT}.")
                return None
        if not date(1900, 1, 1) <= day <= date(2200, 1, 1):
            self.refuse(field, f"The year {day.year} cannot be right. Look at {called} again.")
        elif after and day < after:
            self.refuse(field, f"Choose {after:%-d %B %Y} or a later day for {called}.")
        elif before and day > before:
            self.refuse(field, f"Choose {before:%-d %B %Y} or an earlier day for {called}.")
        return day

    def person(self, field: str, code: str, called: str = "who it is") -> Person | None:
        """Return the person under ``code`` who is here still; None where it is refused."""
        found: Person | None = Person.objects.filter(code=code.strip()).first() if code else None
        if found is None:
            self.refuse(field, f"Choose {called} from the people recorded here.")
        elif not found.stands:
            self.refuse(field, f"{found.name} has left. Choose somebody who is here.")
        return found

    def _text(self, field: str, text: str, called: str, most: int) -> str:
        if not text:
            self.refuse(field, f"Write {called}.")
        elif len(text) > most:
            self.refuse(
                field, f"Shorten {called} to {most:,} characters; there are {len(text):,} now."
            )
        self.private(field, text)
        return text

    def private(self, field: str, text: str) -> None:
        """Refuse ``text`` that holds an NHS number, or looks like a patient's details.

        The sentence shows what was seen, masked, and says what to write instead.
        """
        numbers = nhs_numbers(text)
        if numbers:
            endings = " and ".join(dict.fromkeys(number[-2:] for number in numbers))
            self.refuse(
                field,
                f"There is a ten-digit number ending in {endings} that could be an NHS number. "
                "Nothing about a patient is kept here, so this was not saved: take the number "
                "out. If it is a telephone number, write it with its leading 0.",
            )
            return
        seen = patient_like(text)
        if seen is not None:
            called, masked = seen
            self.refuse(
                field,
                f"This looks like {called} ({masked}). Nothing about a patient is kept here, so "
                "this was not saved: say it without the person, such as “a patient” or “patients "
                "over 65”, and leave dates of birth, ages, addresses and numbers out.",
            )
