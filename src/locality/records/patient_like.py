"""Free text that looks like a patient's details: what gives it away, and what to write instead.

Ordinary management text passes: ages in the plural ("patients aged 65 and over"), names of
colleagues, dates of meetings, addresses and telephone numbers of practices. Where it is not sure
it lets the text pass: people can be asked to rephrase only so often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAY = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})"
    r"|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s"
    r"\d{2,4})"
)
_AGE = r"(?:\d|[1-9]\d|10\d)"
_ONE = (
    r"(?:man|woman|male|female|lady|gentleman|boy|girl|gent|child|baby|infant|toddler|teenager"
    r"|patient|pensioner|widow|widower|mother|father|grandmother|grandfather|m|f)"
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)"
_NAME = r"[A-Z][A-Za-z'’-]{1,29}"
_SOMEBODY = rf"{_TITLE}\.?\s(?:(?:{_NAME}|[A-Z]\.?)\s){{0,2}}{_NAME}"
_GAP = r"[\s:,–—-]{1,3}"


@dataclass(frozen=True)
class _Sign:
    """A pattern, and what it is called in the sentence."""

    called: str
    pattern: re.Pattern[str]


def _sign(called: str, pattern: str, *, small: bool = True) -> _Sign:
    return _Sign(called, re.compile(pattern, re.IGNORECASE if small else 0))


# Each is anchored by a word or a shape and has bounded repetition only: no text makes it slow.
_SIGNS = (
    _sign(
        "a date of birth",
        rf"\b(?:d\.?o\.?b\.?|date of birth|birth\s?date|born(?: on)?){_GAP}(?:is |was |on )?{_DAY}",
    ),
    _sign(
        "a hospital or NHS number",
        r"\b(?:nhs|hospital|hosp|mrn|patient|chi|emis|systmone|crn|unit)\s?"
        r"(?:no|number|num|id|nr)\b\.?[\s:#-]{0,3}[A-Z]{0,3}\s?\d[\d\s-]{3,14}\d",
    ),
    _sign(
        "one person's age",
        rf"\b(?:an?|this|our|the|one|my)\s(?:[a-z]{{1,12}}\s)?{_AGE}[\s-]?(?:years?|yrs?|yr|y)"
        rf"[\s/-]?(?:olds?|o)\b[\s-](?:[a-z]{{1,12}}\s)?{_ONE}\b",
    ),
    _sign(
        "one person's age",
        rf"\b{_AGE}\s?(?:yo|y/o|yrs? old|years? old|year-old)\s(?:[a-z]{{1,12}}\s)?{_ONE}\b",
    ),
    _sign(
        "one person's age",
        rf"\b(?:an?|this|our|the|one|my)\s(?:[a-z]{{1,12}}\s)?{_ONE}{_GAP}"
        rf"(?:who (?:is|was)\s)?aged?\s{_AGE}\b(?!\s?(?:and|or|to|[–—-]|\+|years? and))",
    ),
    _sign(
        "a name with an age",
        rf"\b{_SOMEBODY}(?:,\s?|\s\(|\s)(?:who is |is |aged |age )?"
        rf"{_AGE}(?:\s?(?:yo|y/o|yrs?|years?)\b(?:[\s-]?old)?|\)|,\s)",
        small=False,
    ),
    _sign(
        "a name with a date of birth",
        rf"\b{_SOMEBODY}\s?[(,]\s?(?:b\.?|born)\s?{_DAY}",
        small=False,
    ),
    _sign(
        "initials with an age",
        rf"\b[A-Z]\.?\s?[A-Z]\.?(?:\s\(|,\s){_AGE}(?:\s?(?:yo|y/o|yrs?|years?|[MF]))?(?:\)|,\s)"
        r"(?:has|had|was|is|fell|died|came|saw|rang|called|attended|presented|admitted|waited"
        r"|missed|diagnosed|referred|prescribed|seen|discharged|could)?",
        small=False,
    ),
    _sign(
        "a person's home",
        rf"\b{_SOMEBODY}(?:,|\sof|\swho lives? (?:at|in)|\sat)\s"
        r"[^.;\n]{0,60}?\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
        small=False,
    ),
    _sign(
        "how to reach a patient",
        r"\bpatient['’]?s?\s(?:[a-z]{1,12}\s){0,2}(?:mobile|telephone|phone|tel|number|e-?mail|"
        r"address)(?:\s(?:no|number|address))?(?:\sis)?[\s:]{1,3}"
        r"(?:\+?\d[\d\s]{8,15}|[^\s@]{1,64}@[^\s@]{3,})",
    ),
)


def patient_like(text: str) -> tuple[str, str] | None:
    """Return what in ``text`` looks like a patient's details: what it is called, and it masked.

    None where nothing does. Masked keeps the first three characters of what was seen.
    """
    for sign in _SIGNS:
        found = sign.pattern.search(text)
        if found:
            return sign.called, _masked(found[0])
    return None


def _masked(seen: str) -> str:
    """Return ``seen`` with letters and digits after the third character hidden."""
    start, rest = seen[:3], seen[3:30]
    return start + re.sub(r"\w", "•", rest) + ("…" if len(seen) > 30 else "")
