"""Every organisation on one measure at its latest period: what is certain and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from locality import statistics
from locality.figures import Cell
from locality.figures.schemas.judged import JUDGED, MODELS
from locality.measure import views
from locality.measure.adjusting import adjusted
from locality.measure.models import Model, family_of, fit, model_row, sound
from locality.measure.series import Counted, Watched, watched
from locality.measure.terms import State, Terms
from locality.measure.values import Values, values

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Words = npt.NDArray[Any]

#: Kinds of which there are enough to be compared with each other.
COMPARED = ("practice", "pcn", "sub_icb", "icb")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What can be said of organisations of one kind; arrays of one length, in unit of the value."""

    values: Values
    reliability: Numbers
    shrunken: Numbers
    shrunken_lower: Numbers
    shrunken_upper: Numbers
    highest: Numbers
    lowest: Numbers
    z: Numbers
    place: npt.NDArray[np.int8]
    call: Words
    state: Words
    claimed: float | None


def verdicts(
    measure: Measure,
    model: Model | None,
    numerator: Numbers,
    denominator: Numbers,
    excepted: Numbers,
    flags: npt.NDArray[np.uint8],
    compared: Truth,
    terms: Terms,
) -> Verdicts:
    """Return what ``model`` lets one say of organisations with these counts in one period.

    One that is not ``compared``, or of which no model was made, is described only. One whose
    reliability is under ``terms.reliability`` cannot be judged: it has its shrunken value and
    probabilities (for the page that says why) and neither a place beyond the funnel nor a call.
    """
    made = values(measure, numerator, denominator, excepted, flags)
    many = made.value.shape
    nothing = made.missing != 0
    state = np.full(many, State.DESCRIBED.value, dtype=object)
    empty = {
        name: np.full(many, np.nan)
        for name in (
            "reliability",
            "shrunken",
            "shrunken_lower",
            "shrunken_upper",
            "highest",
            "lowest",
            "z",
        )
    }
    place, call = np.zeros(many, np.int8), np.full(many, "", dtype=object)
    state[nothing] = State.NOTHING.value
    if model is None:
        return Verdicts(made, **empty, place=place, call=call, state=state, claimed=None)
    top, bottom = _ratio(measure, numerator, denominator, excepted)
    used = ~nothing & sound(model.spread.family, top, bottom)  # type: ignore[arg-type]
    y, n = top[used], bottom[used]
    shrunken = statistics.shrink(model.spread, y, n)
    tails = {
        tail: statistics.probability_in_tail(model.spread, y, n, tail=tail, share=terms.share)
        for tail in ("highest", "lowest")
    }
    funnel = statistics.unusual_among_peers(y, n, model.peers)
    scale = model.scale
    for name, one in (
        ("reliability", shrunken.reliability),
        ("shrunken", scale * shrunken.value),
        ("shrunken_lower", scale * shrunken.interval.lower),
        ("shrunken_upper", scale * shrunken.interval.upper),
        ("highest", tails["highest"]),
        ("lowest", tails["lowest"]),
        ("z", funnel.z),
    ):
        empty[name][used] = one
    can = used & compared & (empty["reliability"] >= terms.reliability)
    state[used & compared] = State.CANNOT.value
    state[can] = State.CAN.value
    beyond = np.zeros(many, np.int8)
    beyond[used] = funnel.place
    place[can] = beyond[can]
    claims = []
    for tail in ("highest", "lowest"):
        found = statistics.calls(np.where(can, empty[tail], np.nan), terms.sure, terms.precision)
        call[found.called] = tail
        claims.extend(empty[tail][found.called].tolist())
    claimed = float(np.mean(claims)) if claims else None
    return Verdicts(made, **empty, place=place, call=call, state=state, claimed=claimed)


def judged(
    measure: Measure,
    counted: Counted,
    compared: Mapping[str, Truth],
    terms: Terms,
    facts: Numbers | None = None,
    starts: Mapping[str, int] | None = None,
) -> tuple[pa.Table, list[dict[str, Any]]]:
    """Return every organisation of ``counted`` at its last period (JUDGED) and MODELS rows.

    ``compared`` says, for a kind of organisation, which of its rows in ``counted`` are compared;
    every one where it says nothing. Kinds other than COMPARED are described only. A cell that
    the release gate withholds takes no part. ``facts`` has a row for each practice, in their order,
    of what values are adjusted for; ``starts`` gives the column at which an organisation's latest
    limits begin.
    """
    if not counted.periods:
        return JUDGED.arrow.empty_table(), []
    kinds = np.asarray(counted.kinds, dtype=object)
    period, last = counted.periods[-1], len(counted.periods) - 1
    hidden = counted.flags[:, last] & np.uint8(Cell.WITHHELD) != 0
    numerator, denominator, excepted = (
        np.where(hidden, np.nan, one[:, last])
        for one in (counted.numerator, counted.denominator, counted.excepted)
    )
    ratio = views.ratio(measure, _named(numerator, denominator, excepted))
    pieces, models = [], []
    seen = watched(measure, counted, terms, starts or {})
    for kind in dict.fromkeys(counted.kinds):
        rows = np.flatnonzero(kinds == kind)
        among = compared.get(kind, np.ones(len(rows), np.bool_))
        model, sizes = None, np.zeros(0)
        if kind in COMPARED and ratio is not None:
            top, bottom = ratio.top[rows], ratio.bottom[rows]
            model = fit(measure, ratio.scale, top, bottom, among, terms)
            sizes = bottom[among & np.isfinite(top) & (bottom > 0)]
        found = verdicts(
            measure, model, numerator[rows], denominator[rows], excepted[rows],
            counted.flags[rows, last], among, terms,
        )  # fmt: skip
        own = np.full(len(rows), np.nan)
        if facts is not None and kind == "practice" and ratio is not None:
            top, bottom = ratio.top[rows], ratio.bottom[rows]
            own = adjusted(measure, ratio.scale, top, bottom, facts, among, terms)
        pieces.append(_table(measure, counted, rows, period, found, seen, own, numerator,
                             denominator))  # fmt: skip
        if kind in COMPARED:
            compares = int((among & np.isfinite(found.values.value)).sum())
            models.append(
                {"measure": measure.id, "kind": kind, "period": period, "unit": measure.unit}
                | model_row(model, sizes)
                | {
                    "compared": compares,
                    "at_ceiling": _at_ceiling(measure, found.values.value[among]),
                    "judged": int((found.state == State.CAN.value).sum()),
                    "called_highest": int((found.call == "highest").sum()),
                    "called_lowest": int((found.call == "lowest").sum()),
                    "claimed": found.claimed,
                }
            )
    return pa.concat_tables(pieces, promote_options="permissive"), models


def _ratio(measure: Measure, *counts: Numbers) -> tuple[Numbers, Numbers]:
    found = views.ratio(measure, _named(*counts))
    if found is None:
        nothing = np.full(counts[0].shape, np.nan)
        return nothing, nothing
    top, bottom = np.broadcast_arrays(found.top, found.bottom)
    return top, bottom


def _named(numerator: Numbers, denominator: Numbers, excepted: Numbers) -> dict[str, Numbers]:
    return {"num": numerator, "den": denominator, "exc": excepted}


def _at_ceiling(measure: Measure, value: Numbers) -> int:
    """Return how many shares can go no further in the better direction."""
    if family_of(measure) != "beta" or measure.polarity == "none":
        return 0
    best = 100.0 if measure.polarity == "higher_is_better" else 0.0
    return int((np.abs(value - best) < 1e-9).sum())


def _table(
    measure: Measure,
    counted: Counted,
    rows: npt.NDArray[np.intp],
    period: str,
    found: Verdicts,
    seen: Watched,
    own: Numbers,
    numerator: Numbers,
    denominator: Numbers,
) -> pa.Table:
    many = len(rows)

    def same(word: str) -> Any:
        return pa.DictionaryArray.from_arrays(
            np.zeros(many, np.int8), pa.array([word], pa.string())
        )

    def number(one: Numbers) -> Any:
        return pa.array(one, pa.float64(), from_pandas=True)

    def words(one: Words) -> Any:
        return pa.array(one, pa.string()).dictionary_encode()

    made = found.values
    columns: dict[str, Any] = {
        "measure": same(measure.id),
        "code": pa.array([counted.codes[n] for n in rows], pa.string()),
        "kind": same(counted.kinds[rows[0]]),
        "period": same(period),
        "value": number(made.value),
        "lower": number(made.lower),
        "upper": number(made.upper),
        "numerator": number(numerator[rows]),
        "denominator": number(denominator[rows]),
        "reliability": number(found.reliability),
        "shrunken": number(found.shrunken),
        "shrunken_lower": number(found.shrunken_lower),
        "shrunken_upper": number(found.shrunken_upper),
        "highest": number(found.highest),
        "lowest": number(found.lowest),
        "adjusted": number(own),
        "z": number(found.z),
        "place": pa.array(found.place.astype(np.int64)),
        "call": words(found.call),
        "state": words(found.state),
        "variation": words(seen.variation[rows]),
        "points": pa.array(seen.points[rows].astype(np.int64)),
        "baseline": pa.array(seen.baseline[rows].astype(np.int64)),
        "strength": number(seen.strength[rows]),
        "strength_before": number(seen.strength_before[rows]),
        "usual": number(seen.usual[rows]),
        "missing": pa.array(made.reasons, pa.string()).dictionary_encode(),
    }
    return pa.table({name: columns[name] for name in JUDGED.names})


__all__ = ["COMPARED", "JUDGED", "MODELS", "Counted", "Verdicts", "judged", "verdicts"]
