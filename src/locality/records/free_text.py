"""What people type: put in order, and never about a patient."""

from __future__ import annotations

import re
import unicodedata

# Between groups of digits people put spaces of all sorts, or hyphens in the printed 3-3-4 form.
# Full stops and line ends are left out: they end sentences and list entries.
_TEN_WITH_SPACES = re.compile(r"(?<!\d)(?=((?:\d[^\S\n]{0,3}){9}\d)(?!\d))")
_PRINTED = re.compile(r"(?<!\d)\d{3}[^\S\n]?[-‐-―][^\S\n]?\d{3}[^\S\n]?[-‐-―][^\S\n]?\d{4}(?!\d)")
_WEIGHTS = range(10, 1, -1)


def is_nhs_number(digits: str) -> bool:
    """Return whether ten digits pass the NHS number's check (modulus 11).

    Source: NHS Data Dictionary, "NHS number": the first nine digits are weighted 10 to 2; 11 less
    the remainder of their sum is the tenth, 11 counting as 0 and 10 as no number at all.
    """
    if not re.fullmatch(r"[0-9]{10}", digits):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def nhs_numbers(text: str) -> list[str]:
    """Return the NHS numbers in ``text``, ten digits each, in order of appearance.

    Found with or without spaces between the digits, printed with hyphens (943-476-5919), in any
    digits that Unicode calls decimal. Digits that belong to a longer number are not looked at.
    """
    plain = "".join(_decimal(character) for character in text)
    found = [(hit.start(), hit[1]) for hit in _TEN_WITH_SPACES.finditer(plain)]
    found += [(hit.start(), hit[0]) for hit in _PRINTED.finditer(plain)]
    numbers = (re.sub(r"\D", "", written) for _, written in sorted(found))
    return [number for number in numbers if is_nhs_number(number)]


def one_line(text: str) -> str:
    """Return ``text`` in Unicode's composed form, without control characters, spaces made one."""
    return " ".join(paragraphs(text).split())


def paragraphs(text: str) -> str:
    """Return ``text`` likewise, with its line ends kept and none at either end."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    lines = "".join(kept).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _decimal(character: str) -> str:
    """Return the ASCII digit for any decimal digit; anything else as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
