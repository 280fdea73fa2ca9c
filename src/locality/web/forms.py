"""What a person typed, kept as typed, with a sentence beside each field to put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, QueryDict

from locality.records.actions.refusing import Refusal
from locality.records.actions.seen import Changed


@dataclass
class Form:
    """``values`` as typed, in the order of the page; ``errors``: field -> sentence.

    ``shown`` names the fields the page shows: a sentence about any other stands at the top.
    """

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, sent: QueryDict, *names: str) -> Form:
        """Return the fields ``names`` as they were sent."""
        return cls({name: sent.get(name, "") for name in names})

    def refused(self, refusal: Refusal) -> None:
        """Take in the sentences of ``refusal``.

        Where somebody else was quicker, the next sending is one that has seen what they did.
        """
        for name, sentence in refusal.by_field.items():
            self.errors.setdefault(name, sentence)
        if isinstance(refusal, Changed):
            self.values["seen"] = str(refusal.version)

    @property
    def status(self) -> int:
        """Return how a page with this form answers: 422 where something has to be put right."""
        return 422 if self.errors else 200

    @property
    def summary(self) -> list[dict[str, str]]:
        """Return the errors as the design system's summary lists them, each with its link.

        In the order of the page, where why is always asked last; what is about no field of it
        comes after that.
        """
        names = [name for name in self.values if name != "why"]
        place = {name: at for at, name in enumerate([*names, "why"])}
        ordered = sorted(self.errors, key=lambda name: place.get(name, len(place)))
        return [
            {"text": self.errors[name], "href": f"#{name}"}
            if name in self.values and name != "seen"
            else {"text": self.errors[name]}
            for name in ordered
        ]

    def error(self, name: str) -> Mapping[str, str] | None:
        """Return the sentence beside the field ``name``, as the design system wants it."""
        return {"text": self.errors[name]} if name in self.errors else None


def money(text: str) -> Decimal:
    """Return pounds as typed (``£1,234,567.89``); ValueError with a sentence otherwise."""
    try:
        amount = Decimal(text.replace("£", "").replace(",", "").replace(" ", ""))
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError("Write the allocation in pounds, such as 1,234,567,000.") from None
    if not 0 < amount <= 50_000_000_000:
        raise ValueError("Write an allocation above £0 and up to £50,000,000,000.")
    return amount


def file_text(request: HttpRequest, name: str, most: int = 200_000) -> str:
    """Return the text of an uploaded file, or an empty text; ValueError with a sentence.

    It is read here and not kept.
    """
    sent = request.FILES.get(name)
    if sent is None:
        return ""
    if (sent.size or 0) > most:
        raise ValueError(f"That file is too large for a list of codes (over {most // 1000} kB).")
    content = sent.read()
    if b"\0" in content:
        raise ValueError(
            "That is not a text file. Save the list as CSV or plain text, or paste the codes."
        )
    return str(content.decode("utf-8-sig", "replace"))
