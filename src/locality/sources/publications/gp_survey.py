"""GP Patient Survey, results by practice: the weighted CSV of 2024 and later.

The file has over a thousand columns, ``QUESTION.STATISTIC`` or ``QUESTION_OPTION.STATISTIC``.
Which questions there are, which are kept and what each statistic means are facts, kept in
``knowledge/access/gp_survey_*.csv``. A column that fits none of them is refused: a question that
nobody has looked at is not taken for one that is known. The year stands in the file's name alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.access import SURVEY_ANSWERS
from locality.knowledge.files import PACKAGE, rows
from locality.sources.arrow import pc
from locality.sources.cells import Numbers, codes, counts, negative, numbers
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "gp_survey"
TITLE = "the GP Patient Survey"
VERSION = 1

#: The answer of a summary over all options, as against the number of one option.
POSITIVE = "positive"
_CODE = "ad_practicecode"
_SHARE = "percent"
_LIMITS = (_SHARE, "lower", "upper")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True)
class _Facts:
    """Questions (name -> whether kept), patterns of columns with their field, marks with reason."""

    kept: dict[str, bool]
    columns: tuple[tuple[re.Pattern[str], str], ...]
    marks: dict[str, str]


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the survey by practice, of any year."""
    header = _lower(sheet)
    if _CODE in header:
        return any(word.endswith(".pcteval") for word in header)
    return {"practice_code", "q28_12pct"} <= set(header)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: SURVEY_ANSWERS of the year in the file's name.

    Refused for surveys up to 2023, which asked other questions; for an unknown column; and
    without a year.
    """
    header = _lower(sheet)
    if _CODE not in header:
        raise Refused(
            "This is the GP Patient Survey of 2023 or before. It asked other questions in another "
            "way, so its answers cannot stand in one series with those of 2024 and later; it is "
            "not read here. Give the practice results of 2024 or later."
        )
    fields = _fields(sheet, header)
    year = _year(hints)
    code = codes(sheet.column(header.index(_CODE)))
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    found = {
        question: {field: _numbers(sieve, sheet, place, field) for field, place in places.items()}
        for question, places in fields.items()
    }
    every = [values for answers in found.values() for values in answers.values()]
    sieve.drop_repeats([code], [values.values for values in every], "practice")
    aside = sieve.verdict(TITLE)
    kept = int(sieve.keep.sum())
    tables = [_answers(sieve, year, question, answers) for question, answers in found.items()]
    return (
        Reading(
            publication=PUBLICATION,
            period=year.code,
            tables={"survey_answers": Table.of(SURVEY_ANSWERS, pa.concat_tables(tables))},
            rows=kept,
            practices=kept,
            reader_version=VERSION,
            set_aside=aside,
            notes=(
                f"The year {year.code} comes from the file's name: the file does not say it.",
                f"{len(found):,} of the survey's questions are kept.",
            ),
        ),
    )


@lru_cache(maxsize=1)
def _facts() -> _Facts:
    def table(name: str) -> list[dict[str, str]]:
        return rows(PACKAGE / "access" / name, f"knowledge/access/{name}")

    return _Facts(
        kept={row["question"]: row["read"] == "yes" for row in table("gp_survey_questions.csv")},
        columns=tuple(
            (re.compile(row["pattern"]), row["field"]) for row in table("gp_survey_columns.csv")
        ),
        marks={row["mark"]: row["missing"] for row in table("gp_survey_marks.csv")},
    )


def _lower(sheet: Sheet) -> list[str]:
    return [word.lower() for word in sheet.header]


def _fields(sheet: Sheet, header: list[str]) -> dict[str, dict[str, int]]:
    """Return where each statistic of each kept question stands; Refused for unknown columns."""
    facts = _facts()
    found: dict[str, dict[str, int]] = {}
    unknown = []
    for place, word in enumerate(header):
        matched = next(
            ((match, field) for pattern, field in facts.columns if (match := pattern.match(word))),
            None,
        )
        question = matched[0].groupdict().get("question", "") if matched else ""
        if matched is None or (question and question not in facts.kept):
            unknown.append(sheet.header[place] or f"(column {place + 1} has no name)")
            continue
        if not question or not matched[1] or not facts.kept[question]:
            continue
        if matched[1] in found.setdefault(question, {}):
            raise Refused(
                f"The header has “{sheet.header[place]}” more than once, so it cannot be told "
                "which one is meant. Keep one of them."
            )
        found[question][matched[1]] = place
    if unknown:
        more = f" and {len(unknown) - 3:,} more" if len(unknown) > 3 else ""
        named = ", ".join(f"“{word[:60]}”" for word in unknown[:3])
        raise Refused(
            f"The GP Patient Survey is not known here to have the columns {named}{more}. A new "
            "question has to be looked at before it is read: remove these columns, or tell "
            "whoever keeps Locality's facts about the survey."
        )
    found = {question: places for question, places in found.items() if _SHARE in places}
    if not found:
        raise Refused(
            "This is the GP Patient Survey, but it has the share of good answers (such as "
            "“overallexp.pcteval”) to none of the questions that are kept. Download the practice "
            "results again and leave the columns as they are."
        )
    return found


def _year(hints: Hints) -> Period:
    for name in hints.names:
        years = set(_YEAR.findall(name))
        if len(years) == 1:
            return Period.calendar_year(int(years.pop()))
    raise Refused(
        "This is the GP Patient Survey, but the file does not say of which year, and nor does "
        "its name. Put the year into the name, as published: GPPS_2025_Practice_data.csv."
    )


def _numbers(sieve: Sieve, sheet: Sheet, place: int, field: str) -> Numbers:
    """Return one column's numbers, its marks turned into reasons; percentages as 0 to 100."""
    text = sheet.column(place)
    reason = pa.nulls(len(text), pa.string())
    for mark, missing in _facts().marks.items():
        written = pc.match_substring_regex(text, rf"^{re.escape(mark)}(\.0*)?$")
        reason = pc.if_else(written, pa.scalar(missing), reason)
        text = pc.if_else(written, pa.scalar(""), text)
    found = counts(text) if field == "base" else numbers(text)
    what = f"“{sheet.header[place]}”"
    sieve.drop(found.wrong, f"What stands under {what} is not a number.")
    sieve.drop(negative(found), f"The number under {what} is below zero.")
    values = found.values
    if field in _LIMITS:
        sieve.drop(
            pc.fill_null(pc.greater(values, 1), False), f"The share under {what} is more than 1."
        )
        # Shares are published as 0.57; ten places keep all of them and none of the rounding error.
        values = pc.round(pc.multiply(values, 100.0), 10)
    return Numbers(values, pc.coalesce(reason, found.missing), np.zeros(len(text), dtype=bool))


def _answers(sieve: Sieve, year: Period, question: str, found: dict[str, Numbers]) -> pa.Table:
    """Return the rows of one question, one for each practice kept, under SURVEY_ANSWERS."""
    kept = int(sieve.keep.sum())
    numbers = {
        field: sieve.kept(found[field].values) if field in found else pa.nulls(kept)
        for field in (_SHARE, "base", "weighted_base", "lower", "upper")
    }
    return Table.of(
        SURVEY_ANSWERS,
        {
            "period": pa.repeat(pa.scalar(year.code), kept),
            "practice_code": sieve.kept(sieve.label),
            "question": pa.repeat(pa.scalar(question), kept),
            "answer": pa.repeat(pa.scalar(POSITIVE), kept),
            **numbers,
            "missing": sieve.kept(found[_SHARE].missing),
        },
    ).data
