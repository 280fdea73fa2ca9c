"""The settings there are: what each one means and which values it takes.

What applies where nothing is set belongs to the room that uses the value, not to this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal


@dataclass(frozen=True, slots=True)
class Offered:
    """A setting: ``kind`` is whole, number (one decimal), flag, money or choice.

    Bounds are in ``unit``, both included; a choice is one of ``choices``. ``for_organisation`` and
    ``for_period`` say whether it must name one.
    """

    name: str
    title: str
    why: str
    kind: Literal["whole", "number", "flag", "money", "choice"]
    unit: str = ""
    lower: int = 0
    upper: int = 0
    for_organisation: bool = False
    for_period: bool = False
    choices: tuple[str, ...] = ()

    def read(self, value: object) -> int | bool | str:
        """Return ``value`` as it is kept: a whole number or a flag, and anything else as text.

        Takes what a form sends (text) as well as numbers and flags. Raises ValueError with a
        sentence for anything that does not fit.
        """
        if self.kind == "choice":
            return self._choice(value)
        return self._flag(value) if self.kind == "flag" else self._amount(value)

    def _choice(self, value: object) -> str:
        if str(value) in self.choices:
            return str(value)
        raise ValueError(f"{self.title} is one of {', '.join(self.choices)}.")

    def _flag(self, value: object) -> bool:
        words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in words:
            return words[value.strip().lower()]
        raise ValueError(f"{self.title} is either yes or no.")

    def _amount(self, value: object) -> int | str:
        written = str(value).replace(",", "").replace("£", "").strip()
        try:
            if isinstance(value, bool):
                raise InvalidOperation
            number = Decimal(written)
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(f"{self.title} is a number, such as {self._example}.") from None
        if not self.lower <= number <= self.upper:
            raise ValueError(
                f"{self.title} lies between {self.lower:,} and {self.upper:,} {self.unit}."
            )
        places, words = _PLACES[self.kind]
        rounded = round(number, places)
        if rounded != number:
            raise ValueError(f"{self.title} {words}.")
        return int(rounded) if self.kind == "whole" else f"{rounded:.{places}f}"

    @property
    def _example(self) -> str:
        return {"whole": "750", "number": "1.5"}.get(self.kind, "1234567.00")


_PLACES = {
    "whole": (0, "is a whole number"),
    "number": (1, "has at most one place after the point"),
    "money": (2, "has at most two places after the point"),
}


#: Every setting, by name.
OFFERED: dict[str, Offered] = {
    offered.name: offered
    for offered in (
        Offered(
            "inclusion.minimum_list",
            "Smallest list that counts",
            "Very small lists are often new, closing or special services; their percentages "
            "swing by chance.",
            "whole",
            "patients",
            upper=100_000,
        ),
        Offered(
            "inclusion.active_only",
            "Count active practices only",
            "A practice that has closed, or is not yet open, has no list to compare.",
            "flag",
        ),
        Offered(
            "judge.reliability",
            "Reliability asked before anything is compared",
            "Of what is seen between organisations, so much must be true and not chance. 70 % is "
            "the usual advice; 90 % where much hangs on it. The next refresh judges by it.",
            "whole",
            "per cent",
            lower=50,
            upper=95,
        ),
        Offered(
            "charts.rule_set",
            "Rules of control charts",
            "Which points of a chart are marked. The sets differ in details; each says what it is. "
            "The next refresh marks by it.",
            "choice",
            choices=(
                "making-data-count/nhsrplotthedots",
                "making-data-count/excel",
                "making-data-count/2023",
            ),
        ),
        Offered(
            "charts.fewest",
            "Fewest points of a control chart",
            "With fewer points, limits say more of chance than of the organisation. The next "
            "refresh keeps to it.",
            "whole",
            "points",
            lower=8,
            upper=24,
        ),
        Offered(
            "alerts.practice_quarter",
            "False alerts accepted in a quarter, of one organisation",
            "Fewer false alerts mean that a true change is told later, or not at all; the alerts "
            "page says how many are found. Usual is 1.",
            "number",
            "a quarter",
            lower=0,
            upper=20,
        ),
        Offered(
            "alerts.icb_month",
            "False alerts accepted in a month, of all practices of an area",
            "Over all practices and measures together. Usual is 5.",
            "number",
            "a month",
            lower=0,
            upper=500,
        ),
        Offered(
            "feedback.working_days",
            "Working days for which a practice has its feedback alone",
            "Before anybody else may see it, the practice reads it and can give its own account. "
            "Usual is 10.",
            "whole",
            "working days",
            lower=1,
            upper=60,
        ),
        Offered(
            "sign_in.idle_minutes",
            "Minutes without a page after which somebody is signed out",
            "A screen that was left alone is open to whoever passes. Usual is 60; twelve hours end "
            "a visit in any case.",
            "whole",
            "minutes",
            lower=5,
            upper=720,
        ),
        Offered(
            "allocation.overall",
            "Allocation of an ICB",
            "With it, a practice's weighted list can be said in pounds.",
            "money",
            "pounds",
            upper=50_000_000_000,
            for_organisation=True,
            for_period=True,
        ),
        Offered(
            "allocation.primary_medical",
            "Primary medical allocation of an ICB",
            "With it, a practice's weighted list can be said in pounds of primary medical care.",
            "money",
            "pounds",
            upper=50_000_000_000,
            for_organisation=True,
            for_period=True,
        ),
    )
}
