"""All measures of one organisation: what is certain, what moved, what cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from locality.figures import Missing, Table
from locality.figures.schemas.judged import STANDINGS
from locality.measure.gate import why_not
from locality.measure.models import Model
from locality.measure.terms import State, Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

#: How a chart's latest point is spoken of.
MOVED = {
    "high": "Its latest point is higher than its own past leads one to expect.",
    "low": "Its latest point is lower than its own past leads one to expect.",
    "usual": "Its latest point is what its own past leads one to expect.",
}
#: Of points in a series in which nothing changes, how many a chart's rules mark by chance.
MARKED_BY_CHANCE = 0.018
BEYOND_BY_CHANCE = 0.002
_BETTER = {
    ("higher_is_better", "highest"): "where higher is better",
    ("higher_is_better", "lowest"): "where higher is better",
    ("lower_is_better", "highest"): "where lower is better",
    ("lower_is_better", "lowest"): "where lower is better",
}
_KINDS = {"practice": "practices", "pcn": "networks", "sub_icb": "sub-ICB areas", "icb": "boards"}


def standings(
    measures: Mapping[str, Measure],
    judged: Table,
    models: Mapping[tuple[str, str], Model | None],
    england: Mapping[str, float | None],
    alerts: Mapping[str, str],
    marks: Mapping[str, str],
    terms: Terms,
) -> Table:
    """Return the measures of one organisation by topic and title (STANDINGS).

    ``judged`` holds its rows of JUDGED; ``models`` are by (measure, kind); ``england`` gives
    England's value and ``alerts`` the state of the alert by measure; ``marks`` what somebody said
    of a signal. Measures that others have replaced are left out.
    """
    rows = []
    for row in judged.rows:
        measure = measures.get(row["measure"])
        if measure is None or measure.replaced_by:
            continue
        model = models.get((measure.id, row["kind"]))
        alert = alerts.get(measure.id, "too few points" if not row["baseline"] else "quiet")
        rows.append(
            {name: row[name] for name in STANDINGS.names if name in row}
            | {
                "title": measure.title,
                "topic": measure.topic,
                "unit": measure.unit,
                "polarity": measure.polarity,
                "england": england.get(measure.id),
                "alert": alert,
                "mark": marks.get(measure.id, ""),
                "sentence": sentence(measure, row, model, terms, alert),
            }
        )
    rows.sort(key=lambda row: (row["topic"], row["title"]))
    return Table.of(
        STANDINGS, rows, title="What is certain, what moved, what cannot be judged",
        notes=_many_looks(rows),
    )  # fmt: skip


def sentence(
    measure: Measure, row: Mapping[str, Any], model: Model | None, terms: Terms, alert: str = ""
) -> str:
    """Return what can be said of one row of JUDGED, chance and difference told apart."""
    state = State(row["state"])
    if state is State.NOTHING:
        return Missing(row["missing"]).sentence if row["missing"] else state.sentence
    said = [_beside_others(measure, row, model, terms)]
    said.append(MOVED.get(row["variation"], ""))
    if alert in ("new", "still on"):
        said.append("Its alert is on: it has left its own past for longer than chance would.")
    return " ".join(filter(None, said))


def _beside_others(
    measure: Measure, row: Mapping[str, Any], model: Model | None, terms: Terms
) -> str:
    state = State(row["state"])
    if state is not State.CAN:
        return why_not(row, model, terms)
    who = _KINDS.get(row["kind"], "its kind")
    call = row["call"]
    if call:
        sure = f"{100 * min(row[call], 0.999):.0f}"
        better = _BETTER.get((measure.polarity, call), "")
        said = f"It is truly among the {call} tenth of {who} (probability {sure} %)"
        return f"{said}, {better}." if better else f"{said}; neither end is better."
    if abs(row["place"]) == 2:
        side = "above" if row["place"] > 0 else "below"
        return f"It lies {side} limits that 2 in 1,000 of its peers would pass by chance."
    if abs(row["place"]) == 1:
        side = "above" if row["place"] > 0 else "below"
        return f"It lies {side} limits that 1 in 20 of its peers would pass by chance."
    return f"Nothing marks it out among {who}."


def _many_looks(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return how many of the measures shown would be marked by chance alone."""
    can = sum(row["state"] == State.CAN.value for row in rows)
    charted = sum(row["variation"] in MOVED for row in rows)
    notes = []
    if can:
        beyond = sum(abs(row["place"]) == 2 for row in rows)
        notes.append(
            f"Of {can} measures compared with others, {beyond} lie beyond the outer limits; about "
            f"{BEYOND_BY_CHANCE * can:.1f} would by chance alone."
        )
    if charted:
        moved = sum(row["variation"] in ("high", "low") for row in rows)
        notes.append(
            f"Of {charted} with a chart of their own, the latest point of {moved} is marked; "
            f"about {MARKED_BY_CHANCE * charted:.1f} would be if nothing had changed."
        )
    return tuple(notes)
