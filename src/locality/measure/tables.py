"""Tables of measures: one through time, one over organisations, all of one organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from locality.figures import Figure, Period, Table
from locality.figures.missing import Cell, Missing
from locality.measure.compare import sentence, standing
from locality.measure.schemas import CATALOGUE, FIGURES
from locality.measure.values import values_table
from locality.measure.working import figure

if TYPE_CHECKING:
    from locality.knowledge import Measure

NO_RANKING = "In order of name. It is not a ranking: much of the spread may be chance."


def trend(
    measure: Measure,
    observations: Table,
    names: Mapping[str, str] | None = None,
    *,
    view: str | None = None,
    level: float = 0.95,
) -> Table:
    """Return one organisation's ``observations`` (OBSERVATIONS) as VALUES, oldest first.

    Periods in which none of it existed, before its first count and after its last, are left out.
    """
    made = values_table(measure, observations, names, view=view, level=level)
    periods: list[Any] = made.data.column("period").to_pylist()
    order = sorted(range(len(periods)), key=lambda row: Period.parse(periods[row]))
    reasons: list[Any] = made.data.column("missing").to_pylist()
    while order and reasons[order[0]] == Missing.NOT_APPLICABLE:
        order.pop(0)
    while order and reasons[order[-1]] == Missing.NOT_APPLICABLE:
        order.pop()
    return _taken(made, order, made.caption)


def over(
    measure: Measure,
    observations: Table,
    names: Mapping[str, str] | None = None,
    *,
    view: str | None = None,
    level: float = 0.95,
) -> Table:
    """Return one period's ``observations`` of many organisations as VALUES, by name, then code.

    Organisations that did not exist in the period are left out.
    """
    there = observations.column("flags") & np.uint8(Cell.NOT_APPLICABLE) == 0
    kept = Table(observations.schema, observations.data.filter(pa.array(there)))
    made = values_table(measure, kept, names, view=view, level=level)
    data = made.data.sort_by([("name", "ascending"), ("code", "ascending")])
    return Table(made.schema, data, title=made.title, caption=NO_RANKING, notes=made.notes)


def figures(
    measures: Mapping[str, Measure],
    observed: Table,
    code: str,
    icb: str | None = None,
    england: str = "ENG",
) -> Table:
    """Return one row for each measure of the organisation ``code`` (FIGURES), by topic and title.

    ``observed`` has a column ``measure`` beside those of OBSERVATIONS, with the rows of ``code``,
    of the ICB ``icb`` and of ``england`` in the same period. A measure without a row of ``code``,
    or that does not apply to it, or that is replaced, is left out.
    """
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for row in observed.data.to_pylist():
        rows.setdefault(row["measure"], {})[row["code"]] = row
    made = []
    for id, found in rows.items():
        measure = measures.get(id)
        if measure is None or measure.replaced_by or code not in found:
            continue
        period = found[code]["period"]
        own = figure(measure, found[code])
        if own.missing is Missing.NOT_APPLICABLE:
            continue
        beside = [
            figure(measure, found[one])
            if one in found and found[one]["period"] == period and one != code
            else None
            for one in (icb or "", england)
        ]
        made.append(_row(measure, own, *beside))
    made.sort(key=lambda row: (row["topic"], row["title"]))
    plain = any(measures[row["measure"]].polarity == "none" for row in made)
    notes = ("Where a measure has no polarity, neither higher nor lower is better.",)
    return Table.of(FIGURES, made, title=FIGURES.title, notes=notes if plain else ())


def _row(
    measure: Measure, own: Figure, icb: Figure | None, england: Figure | None
) -> dict[str, Any]:
    said = sentence(own, england, "England", measure.polarity) if england else ""
    if not said and own.missing:
        said = own.missing.sentence
    return {
        "measure": measure.id,
        "title": measure.title,
        "topic": measure.topic,
        "unit": measure.unit,
        "period": own.period.code,
        "value": own.value,
        "lower": own.lower,
        "upper": own.upper,
        "complete": own.complete,
        "numerator": own.numerator,
        "denominator": own.denominator,
        "excepted": own.excepted,
        "icb": icb.value if icb else None,
        "england": england.value if england else None,
        "missing": None if own.missing is None else own.missing.value,
        "standing": (standing(own, england) or "") if england else "",
        "sentence": said,
    }


def catalogue(measures: Iterable[Measure]) -> Table:
    """Return what is measured (CATALOGUE), by topic and title."""
    rows = [
        {
            "measure": one.id,
            "title": one.title,
            "topic": one.topic,
            "unit": one.unit,
            "polarity": one.polarity,
            "kind": one.kind,
            "numerator": one.numerator_words,
            "denominator": one.denominator_words,
            "owner": one.governance.authored_by,
            "checked_by": one.governance.checked_by,
            "next_review": one.governance.next_review,
            "status": one.governance.status,
            "local": one.local,
            "place": one.place,
        }
        for one in measures
    ]
    rows.sort(key=lambda row: (row["topic"], row["title"]))
    return Table.of(CATALOGUE, rows, title=CATALOGUE.title)


def _taken(table: Table, rows: list[int], caption: str) -> Table:
    data = table.data.take(pa.array(rows, pa.int64()))
    return Table(table.schema, data, title=table.title, caption=caption, notes=table.notes)
