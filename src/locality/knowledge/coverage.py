"""What is covered: schemes, years and publications that are complete, partial or absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from locality.knowledge.models import Strict
from locality.knowledge.scalars import GRADES

if TYPE_CHECKING:
    from locality.knowledge.loading import Knowledge

State = Literal["complete", "partial", "absent"]


class Covered(Strict):
    """One line of coverage; ``about`` is the id of what it speaks of, or the start of several."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["publication", "sheet", "values", "measures"]
    about: str
    title: str = Field(min_length=4)
    period: str
    state: State
    sentence: str = Field(min_length=15)
    place: str = ""
    local: bool = False
    replaces: str = ""


class CoverageFile(Strict):
    """All of ``coverage.toml``."""

    covered: list[Covered] = Field(default=[])


_HEADINGS = {
    "publication": "Publications",
    "measures": "Measures",
    "sheet": "Scheme-year sheets",
    "values": "Dated values",
}


def coverage_page(knowledge: Knowledge) -> str:
    """Return the documentation page of coverage, in Markdown, ending in a line break."""
    lines = [
        "# What is covered",
        "",
        "What Locality reads and knows, how far, and what it lacks. A value that is not known is "
        "an error that says so: nothing is guessed. Sheets in `HOME/knowledge/` add to it.",
        "",
    ]
    for kind, heading in _HEADINGS.items():
        rows = [one for one in knowledge.coverage if one.kind == kind]
        if not rows:
            continue
        lines += [f"## {heading}", "", "| what | period | state | in a sentence |"]
        lines += ["|---|---|---|---|"]
        for one in rows:
            title = _title(knowledge, one)
            lines.append(f"| {title} | {one.period} | **{one.state}** | {_cell(one.sentence)} |")
        lines.append("")
    return "\n".join([*lines, *_values(knowledge), *_gaps(knowledge)]).rstrip() + "\n"


def _title(knowledge: Knowledge, one: Covered) -> str:
    publication = knowledge.publications.get(one.about) if one.kind == "publication" else None
    if publication is not None and publication.landing_page:
        return f"[{_cell(one.title)}]({publication.landing_page})"
    return _cell(one.title)


def _values(knowledge: Knowledge) -> list[str]:
    lines = ["## Every dated value", "", "How each was come by:", ""]
    lines += [f"* *{grade.replace('_', ' ')}*: {words}." for grade, words in GRADES.items()]
    lines += [
        "",
        "| rule | unit | from | to | value | grade | source |",
        "|---|---|---|---|---|---|---|",
    ]
    for scalar in sorted(knowledge.rules.scalars.values(), key=lambda one: one.id):
        for one in sorted(scalar.value, key=lambda value: value.from_):
            reference = knowledge.rules.references[one.place, one.reference]
            source = _cell(reference.text)
            if reference.address:
                source = f"[{source}]({reference.address})"
            lines.append(
                f"| `{scalar.id}` | {_cell(scalar.unit)} | {one.from_} | {one.to or ''} "
                f"| {one.value:,} | {one.grade.replace('_', ' ')} | {source} |"
            )
    return [*lines, ""]


def _gaps(knowledge: Knowledge) -> list[str]:
    lines = ["## What is missing, and where it would be published", ""]
    for scalar in sorted(knowledge.rules.scalars.values(), key=lambda one: one.id):
        for one in sorted(scalar.missing, key=lambda gap: gap.from_):
            lines.append(f"* `{scalar.id}`, {one.words}: {one.what} Look in {one.where}.")
    for sheet in sorted(knowledge.rules.sheets.values(), key=lambda one: one.id):
        for absent in sheet.head.missing:
            codes = ", ".join(absent.codes) or "every indicator"
            columns = ", ".join(column.replace("_", " ") for column in absent.columns)
            lines.append(
                f"* `{sheet.id}`, {columns} of {codes}: {absent.what} Look in {absent.where}."
            )
    return [*lines, ""]


def state_of(knowledge: Knowledge, scheme: str, period: str) -> State:
    """Return how far a scheme's sheet of one period is known: it is complete without any gap."""
    sheet = knowledge.rules.sheets.get(f"{scheme}/{period}")
    if sheet is None:
        return "absent"
    return "partial" if sheet.head.missing else "complete"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
