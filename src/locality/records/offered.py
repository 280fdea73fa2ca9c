"""The settings there are: what each one means and which values it takes.

What applies where nothing is set belongs to the room that uses the value, not to this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal


@dataclass(frozen=True, slots=True)
class Offered:
    """A setting: ``kind`` is whole, flag or money; bounds are in ``unit``, both included.

    ``for_organisation`` and ``for_period`` say whether it must name one.
    """

    name: str
    title: str
    why: str
    kind: Literal["whole", "flag", "money"]
    unit: str = ""
    lower: int = 0
    upper: int = 0
    for_organisation: bool = False
    for_period: bool = False

    def read(self, value: object) -> int | bool | str:
        """Return ``value`` as it is kept: a whole number, a flag, or money as text (``1234.50``).

        Takes what a form sends (text) as well as numbers and flags. Raises ValueError with a
        sentence for anything that does not fit.
        """
        return self._flag(value) if self.kind == "flag" else self._amount(value)

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
        places = 0 if self.kind == "whole" else 2
        rounded = round(number, places)
        if rounded != number:
            raise ValueError(
                f"{self.title} is a whole number."
                if self.kind == "whole"
                else f"{self.title} has at most two places after the point."
            )
        return int(rounded) if self.kind == "whole" else f"{rounded:.2f}"

    @property
    def _example(self) -> str:
        return "750" if self.kind == "whole" else "1234567.00"


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
