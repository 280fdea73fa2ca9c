"""The gap to the mean of stated peers: what of it is chance, and what it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from locality import statistics
from locality.figures import Table
from locality.figures.figure import printed
from locality.figures.schemas.judged import OPPORTUNITY
from locality.measure.models import Model, sound
from locality.statistics import Spread

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Law = Literal["binomial", "poisson"]


def opportunity(
    measure: Measure,
    model: Model | None,
    period: str,
    top: Numbers,
    bottom: Numbers,
    facts: Numbers,
    peers: int,
) -> Table:
    """Return one organisation's gap to the mean of its ``peers`` (OPPORTUNITY, at most one row).

    ``top`` and ``bottom`` are counts: the organisation's own first, then its ``peers``, then
    everyone else compared. ``facts``, a row for each, are the drivers that the peers were chosen
    by: what they explain of the true spread is taken out of it, since peers differ less than
    everyone does. Empty without a model: where chance has no part there is nothing to shrink.
    """
    if model is None or not model.differs or peers < 1:
        return Table.of(OPPORTUNITY, [], title=OPPORTUNITY.title)
    good = sound(model.spread.family, top, bottom)  # type: ignore[arg-type]
    if not good[: peers + 1].all():
        return Table.of(OPPORTUNITY, [], title=OPPORTUNITY.title)
    spread = _among_peers(model, top[good], bottom[good], facts[good])
    among = slice(0, peers + 1)
    places = np.full((peers + 1, peers), -1)
    places[0] = np.arange(1, peers + 1)
    found = statistics.opportunity(
        spread,
        top[among],
        bottom[among],
        places,
        better="low" if measure.polarity == "lower_is_better" else "high",
    )
    scale = model.scale
    low, high = (scale * float(end[0]) for end in (found.interval.lower, found.interval.upper))
    told = low > 0 or high < 0
    row: dict[str, Any] = {
        "measure": measure.id,
        "title": measure.title,
        "unit": measure.unit,
        "period": period,
        "value": scale * float(found.value[0]),
        "peers": scale * float(found.peers[0]),
        "peers_count": peers,
        "gap": scale * float(found.gap[0]),
        "by_itself": scale * float(found.by_itself[0]),
        "likely": scale * float(found.likely[0]),
        "likely_lower": low,
        "likely_upper": high,
        "events": float(found.events[0]),
        "significant": told,
    }
    return Table.of(
        OPPORTUNITY,
        [row | {"sentence": _sentence(measure, row)}],
        title=OPPORTUNITY.title,
        notes=(
            "The gap is to the mean of its peers, never to the best few of them: part of what made "
            "those the best is luck.",
        ),
    )


def _among_peers(model: Model, top: Numbers, bottom: Numbers, facts: Numbers) -> Spread:
    """Return the true spread that is left once what the facts explain is taken out."""
    spread = model.spread
    whole = np.isfinite(facts).all(axis=1)
    if whole.sum() < 10 * max(1, facts.shape[1]):
        return spread
    law: Law = "binomial" if spread.family == "beta" else "poisson"
    y, n = top[whole], bottom[whole]
    expected = statistics.regress(y, n, facts[whole], law=law).expected
    explained = float(statistics.adjust(y, n, expected, law=law).explained)
    kept = 1 - min(max(explained, 0.0), 0.95) if np.isfinite(explained) else 1.0
    return Spread(spread.family, spread.mean, spread.variance * kept, spread.units)


def _sentence(measure: Measure, row: dict[str, Any]) -> str:
    far = f"{_apart(abs(row['gap']), measure.unit)} {'above' if row['gap'] > 0 else 'below'}"
    seen = f"It is {far} the mean of {row['peers_count']} peers"
    if not row["significant"]:
        return f"{seen}; chance could explain that."
    ends = sorted(abs(row[name]) for name in ("likely_lower", "likely_upper"))
    span = f"{printed(ends[0], measure.unit)} to {printed(ends[1], measure.unit)}"
    share = 100 * row["by_itself"] / row["gap"] if row["gap"] else 0.0
    return (
        f"{seen}. About {share:.0f} % of that gap would close by itself; "
        f"{_apart(abs(row['likely']), measure.unit)} ({span.replace(' % to', ' to')}) is likely to "
        f"stay, which is some {abs(row['events']):,.0f} of those it counts over."
    )


def _apart(value: float, unit: str) -> str:
    """Return a difference in words: two percentages are percentage points apart."""
    return f"{value:.1f} percentage points" if unit == "%" else printed(value, unit)
