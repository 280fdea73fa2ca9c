"""What each measure is worth, and what it costs: measures that do not earn their keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from locality.figures import Table
from locality.figures.schemas.judged import CARDS
from locality.measure.models import family_of
from locality.measure.terms import Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

#: A measure whose seen spread is less than this true says more of chance than of practices.
MOSTLY_TRUE = 0.5
#: Where more than this share can go no higher, there is little left to learn.
MOSTLY_DONE = 0.8
#: Minutes of an appointment that the work is set against.
APPOINTMENT = 10.0
#: Patients seen in a year, for each round of counting in a period of so many days.
_YES, _NO, _UNSAID = "yes", "no", "cannot be said"


def cards(
    measures: Mapping[str, Measure],
    models: Mapping[str, Mapping[str, Any]],
    efforts: Mapping[str, Mapping[str, Any]],
    ceilings: Mapping[str, float],
    publishers: Mapping[str, str],
    terms: Terms,
) -> Table:
    """Return a card for each measure in force, by topic and title (CARDS).

    ``models`` are the rows of MODELS for practices by measure; ``efforts`` what someone here said
    a measure costs (minutes a patient, what it crowds out); ``ceilings`` the share of practices
    at or over an upper threshold, where a sheet has one; ``publishers`` who publishes a table.
    """
    rows = []
    for measure in measures.values():
        if measure.replaced_by:
            continue
        model = models.get(measure.id)
        effort = efforts.get(measure.id, {})
        rows.append(_card(measure, model, effort, ceilings.get(measure.id), publishers, terms))
    rows.sort(key=lambda row: (row["topic"], row["title"]))
    return Table.of(CARDS, rows, title=CARDS.title, notes=_notes(rows))


def _card(
    measure: Measure,
    model: Mapping[str, Any] | None,
    effort: Mapping[str, Any],
    ceiling: float | None,
    publishers: Mapping[str, str],
    terms: Terms,
) -> dict[str, Any]:
    compared = int(model["compared"]) if model else 0
    fitted = model is not None and bool(model["family"])
    patients = model["median_size"] if model else None
    if ceiling is None and fitted and model is not None and compared:
        ceiling = model["at_ceiling"] / compared
    minutes = effort.get("minutes")
    hours = None if minutes is None or patients is None else float(minutes) * patients / 60
    row: dict[str, Any] = {
        "measure": measure.id,
        "title": measure.title,
        "topic": measure.topic,
        "period": model["period"] if model else None,
        "compared": compared,
        "reliability": model["reliability"] if fitted and model else None,
        "true_share": model["true_share"] if fitted and model else None,
        "judged_share": model["judged"] / compared if fitted and model and compared else None,
        "ceiling_share": ceiling,
        "patients": patients,
        "minutes": None if minutes is None else float(minutes),
        "hours": hours,
        "appointments": None if hours is None else hours * 60 / APPOINTMENT,
        "crowds_out": str(effort.get("crowds_out") or ""),
        "last_reviewed": max(change.on for change in measure.governance.change_log),
        "next_review": measure.governance.next_review,
        "owner": measure.governance.authored_by,
        "imposed_by": _imposed_by(measure, publishers),
    }
    earns, why = _earns(measure, row, terms)
    return row | {"earns": earns, "sentence": why}


def _earns(measure: Measure, row: Mapping[str, Any], terms: Terms) -> tuple[str, str]:
    """Return whether a measure earns its keep as a comparison of practices, and why."""
    if family_of(measure) is None:
        return _UNSAID, (
            "All there is has been counted, so chance has no part in it. Whether it is worth "
            "counting is for those who use it to say."
        )
    if not row["compared"]:
        return _UNSAID, "No file that is loaded counts it for practices."
    if row["true_share"] is None:
        return _UNSAID, (
            f"Fewer than {terms.fewest} practices have a number, too few to tell difference "
            "from chance."
        )
    true, judged, ceiling = row["true_share"], row["judged_share"] or 0.0, row["ceiling_share"]
    if ceiling is not None and ceiling > MOSTLY_DONE:
        return (
            _NO,
            f"{100 * ceiling:.0f} % of practices can go no further: little is left to learn.",
        )
    if true < MOSTLY_TRUE:
        return _NO, (
            f"Only {100 * true:.0f} % of what is seen between practices is a true difference; "
            "the rest is chance."
        )
    if judged < 0.5:
        return _NO, (
            f"Only {100 * judged:.0f} % of practices count enough patients to be judged by it. "
            "A wider group, or more years together, could be."
        )
    return _YES, (
        f"{100 * true:.0f} % of what is seen between practices is a true difference, and "
        f"{100 * judged:.0f} % of them can be judged by it."
    )


def _imposed_by(measure: Measure, publishers: Mapping[str, str]) -> str:
    found = dict.fromkeys(publishers[name] for name in measure.datasets if name in publishers)
    return ", ".join(found)


def _notes(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    no = sum(row["earns"] == _NO for row in rows)
    said = sum(row["earns"] != _UNSAID for row in rows)
    return (
        f"{no} of {said} measures that compare practices do not earn their keep as a comparison. "
        "That says nothing of the care itself: what cannot be compared may still be worth doing.",
    )
