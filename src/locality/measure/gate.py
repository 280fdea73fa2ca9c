"""What would be enough to judge an organisation that cannot be judged alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

from locality.figures import Column, Period, Schema, Table
from locality.measure.models import Model
from locality.measure.terms import State, Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

ENOUGH = Schema(
    "enough",
    "What would be enough to judge: more periods together, or a wider group",
    (
        Column("what", "text", "more periods, or the kind of the wider group"),
        Column("code", "text", "organisation that could be judged instead", required=False),
        Column("name", "text", "its name", required=False),
        Column("size", "number", "counted over, or needed", required=False),
        Column("reliability", "number", "0 to 1", required=False),
        Column("enough", "flag", "whether it is"),
        Column("sentence", "text", "the same in words"),
    ),
    ("what", "code"),
)
PERIODS = "more periods"
#: Beyond so many periods, adding up years is no answer to a question about this year.
_MOST = 10

_WIDER = {"pcn": "network", "sub_icb": "sub-ICB area", "icb": "board", "group": "group"}


def enough(
    measure: Measure,
    own: Mapping[str, Any],
    model: Model | None,
    wider: Iterable[Mapping[str, Any]],
    names: Mapping[str, str],
    terms: Terms,
) -> Table:
    """Return what would be enough to judge ``own`` (ENOUGH), the nearest first.

    ``own`` is a row of JUDGED and ``wider`` the rows of the organisations it belongs to, from the
    smallest. Periods are added up as if each counted new people or events; where a measure
    counts the same people again, more periods add less than this says.
    """
    rows = []
    size = own["denominator"]
    if model is not None and model.differs and size:
        needed = float(model.spread.half_size) * terms.reliability / (1 - terms.reliability)
        many = ceil(needed / size)
        word = period_words(str(own["period"]), many)
        can = 1 < many <= _MOST
        said = (
            f"About {many} {word} together would be enough: some {needed:,.0f} would be counted "
            f"over, where it now has {size:,.0f}. That holds if each counts anew, and if nothing "
            "else changes."
            if can
            else f"Adding up periods would not help: it would take {many:,} {word}."
        )
        if many > 1:
            rows.append(
                {"what": PERIODS, "code": None, "name": None, "size": needed, "reliability":
                 terms.reliability, "enough": can, "sentence": said}
            )  # fmt: skip
    for row in wider:
        found = row["state"] == State.CAN.value
        name = names.get(row["code"], row["code"])
        word = _WIDER.get(row["kind"], row["kind"])
        reliability = row["reliability"]
        if found:
            said = f"Its {word}, {name}, can be judged (reliability {reliability:.2f})."
        elif reliability is None:
            continue
        else:
            said = f"Its {word}, {name}, cannot be judged either (reliability {reliability:.2f})."
        rows.append(
            {"what": row["kind"], "code": row["code"], "name": name, "size": row["denominator"],
             "reliability": reliability, "enough": found, "sentence": said}
        )  # fmt: skip
    return Table.of(ENOUGH, rows, title=f"What would be enough to judge {measure.title}")


def period_words(code: str, many: int) -> str:
    """Return what periods of this kind are called: ``years``, ``months``, ``quarters``."""
    days = (Period.parse(code).end - Period.parse(code).start).days
    one = "extract" if days == 0 else "month" if days < 32 else "quarter" if days < 93 else "year"
    return one if many == 1 else f"{one}s"


def why_not(row: Mapping[str, Any], model: Model | None, terms: Terms) -> str:
    """Return one plain sentence: what may be said of a row of JUDGED, and why."""
    state = State(row["state"])
    if state is not State.CANNOT:
        return state.sentence
    if model is not None and not model.differs:
        return (
            "Nobody can be judged by this: what is seen between them is no more than chance "
            "alone would make."
        )
    seen = f"{100 * (row['reliability'] or 0):.0f}"
    return (
        f"Only {seen} % of what is seen here is a true difference and the rest is chance; "
        f"{100 * terms.reliability:.0f} % is asked before anything is compared."
    )
