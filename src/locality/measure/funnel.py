"""Organisations beside the limits for their size, and in order with the doubt in that order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from locality import statistics
from locality.figures import Table
from locality.figures.schemas.judged import CATERPILLAR, FUNNEL
from locality.measure.models import Model
from locality.measure.terms import State

if TYPE_CHECKING:
    from locality.knowledge import Measure

_LEVELS = (0.95, 0.998)


def funnel(measure: Measure, judged: Table, model: Model | None, names: Mapping[str, str]) -> Table:
    """Return ``judged`` (JUDGED rows of one kind) with each one's limits (FUNNEL).

    Limits answer "unusual among its peers?": they are as wide as chance and the true spread
    between organisations make them. Without a model there are none. Who is not compared with
    others (closed, or too small a list) is left out, and counted in a note.
    """
    judged, left = _compared(judged)
    size = judged.column("denominator")
    nothing = np.full(len(size), np.nan)
    centre, lower, upper = nothing, [nothing] * 2, [nothing] * 2
    notes = left
    if model is not None and np.isfinite(model.peers.centre):
        usable = np.where(size > 0, size, np.nan)
        distinct, place = np.unique(usable, return_inverse=True)
        limits = statistics.peer_limits(model.peers, distinct, _LEVELS)
        centre = np.full(len(size), model.scale * float(model.peers.centre))
        lower = [model.scale * limits.lower[n][place] for n in range(2)]
        upper = [model.scale * limits.upper[n][place] for n in range(2)]
        outside = int((np.abs(judged.column("place")) == 2).sum())
        can = int((judged.column("state") == State.CAN.value).sum())
        notes = (
            *left,
            f"Of {can:,} that can be judged, {outside:,} lie beyond the outer limits; "
            f"about {0.002 * can:.1f} would by chance alone.",
        )
    return Table.of(
        FUNNEL,
        _shared(judged, names)
        | {
            "centre": _number(centre),
            "lower_95": _number(lower[0]),
            "upper_95": _number(upper[0]),
            "lower_998": _number(lower[1]),
            "upper_998": _number(upper[1]),
            "z": judged.data.column("z"),
            "place": judged.data.column("place"),
            "reliability": judged.data.column("reliability"),
            "state": judged.data.column("state"),
        },
        title=f"{measure.title}: beside the limits for their size",
        notes=notes,
    )


def in_order(measure: Measure, judged: Table, names: Mapping[str, str]) -> Table:
    """Return ``judged`` (JUDGED rows of one kind) by likely true value, lowest first (CATERPILLAR).

    Those that cannot be judged have no place in the order: they stand at the end, by name. Who is
    not compared with others is left out, and counted in a note.
    """
    judged, left = _compared(judged)
    state = judged.column("state").astype(object)
    shrunken = judged.column("shrunken")
    ranked = (state == State.CAN.value) & np.isfinite(shrunken)
    codes: list[Any] = judged.data.column("code").to_pylist()
    last = sorted(np.flatnonzero(~ranked), key=lambda n: (names.get(codes[n]) or "", codes[n]))
    first = np.flatnonzero(ranked)
    order = [*first[np.argsort(shrunken[first], kind="stable")].tolist(), *map(int, last)]
    columns = _shared(judged, names) | {
        name: judged.data.column(name)
        for name in ("lower", "upper", "reliability", "shrunken", "shrunken_lower",
                     "shrunken_upper", "highest", "lowest", "call", "state")
    }  # fmt: skip
    out = len(last)
    notes = (
        (f"{out:,} have no place in this order: too much of what is seen of them is chance, or "
         "there is no number.",)
        if out
        else ()
    )  # fmt: skip
    table = Table.of(CATERPILLAR, columns, title=f"{measure.title}: by likely true value")
    taken = table.data.take(pa.array(order, pa.int64()))
    return Table(table.schema, taken, title=table.title, notes=(*left, *notes))


def _compared(judged: Table) -> tuple[Table, tuple[str, ...]]:
    """Return the rows that are compared with others, and a note on the rest.

    Where nobody is compared, everyone stays: there is then nothing to leave them out of.
    """
    states: list[Any] = judged.data.column("state").to_pylist()
    keep = [state != State.DESCRIBED.value for state in states]
    if not any(state in (State.CAN.value, State.CANNOT.value) for state in states) or all(keep):
        return judged, ()
    data = judged.data.filter(pa.array(keep, pa.bool_()))
    left = len(keep) - data.num_rows
    return Table(judged.schema, data, title=judged.title), (
        f"{left:,} {'is' if left == 1 else 'are'} not compared: closed, or too small a list.",
    )


def _shared(judged: Table, names: Mapping[str, str]) -> dict[str, Any]:
    codes: list[Any] = judged.data.column("code").to_pylist()
    return {
        "name": pa.array([names.get(code) for code in codes], pa.string()),
        **{
            name: judged.data.column(name)
            for name in ("code", "kind", "period", "value", "numerator", "denominator", "missing")
        },
    }


def _number(one: Any) -> Any:
    return pa.array(one, pa.float64(), from_pandas=True)
