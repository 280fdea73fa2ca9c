"""How far organisations of a kind truly differ on a measure: one small model for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from locality import statistics
from locality.measure.terms import Terms
from locality.statistics import Overdispersion, Spread

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Family = Literal["beta", "gamma"]

_FAMILIES: dict[str, Family] = {"share": "beta", "events": "gamma"}
_FUNNELS: dict[Family, Literal["proportion", "rate"]] = {"beta": "proportion", "gamma": "rate"}


@dataclass(frozen=True, slots=True)
class Model:
    """The spread of true values and the funnel of one measure, kind of organisation and period.

    Inside, a value is a proportion or a rate per one counted over; ``scale`` turns it into the
    measure's unit (100 for per cent).
    """

    scale: float
    spread: Spread
    peers: Overdispersion

    @property
    def differs(self) -> bool:
        """Return whether organisations differ at all beyond what chance alone makes."""
        return bool(self.spread.variance > 0)

    def reliability(self, size: npt.ArrayLike) -> Numbers:
        """Return the share that is not chance at each size (0 to 1), NaN where there is none."""
        sizes = np.asarray(size, dtype=np.float64)
        made = statistics.reliability(self.spread, sizes).each
        return np.where(sizes > 0, made, np.nan)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Model | None:
        """Return the model that a row of MODELS holds, or None where nothing was fitted."""
        if row["family"] not in _FUNNELS or row["mean"] is None:
            return None
        scale, family = float(row["scale"]), row["family"]
        centre = np.nan if row["centre"] is None else row["centre"] / scale
        amount = np.nan if row["spread"] is None else row["spread"]
        return cls(
            scale,
            Spread(
                family,
                np.asarray(row["mean"] / scale),
                np.asarray((row["deviation"] / scale) ** 2),
                np.asarray(row["compared"]),
            ),
            Overdispersion(_FUNNELS[family], "additive", np.asarray(centre), np.asarray(amount)),
        )


def family_of(measure: Measure) -> Family | None:
    """Return how a measure's counts fall by chance, or None where chance has no part in them."""
    kind = measure.measure.interval
    if kind == "share" and measure.unit != "%":
        return None
    return _FAMILIES.get(kind)


def fit(
    measure: Measure, scale: float, top: Numbers, bottom: Numbers, compared: Truth, terms: Terms
) -> Model | None:
    """Return the model of the organisations ``compared``, or None where none can be fitted.

    ``top`` and ``bottom`` are counts of one length, NaN where there is none; the value is
    ``scale`` x top / bottom. None is fitted for a complete count, or from fewer than
    ``terms.fewest`` organisations.
    """
    family = family_of(measure)
    if family is None:
        return None
    used = compared & sound(family, top, bottom)
    if used.sum() < terms.fewest:
        return None
    y, n = top[used], bottom[used]
    spread = statistics.beta_spread(y, n) if family == "beta" else statistics.gamma_spread(y, n)
    if not np.isfinite(spread.mean) or not np.isfinite(spread.variance):
        return None
    peers = statistics.overdispersion(y, n, kind=_FUNNELS[family])
    return Model(scale, spread, peers)


def sound(family: Family, top: Numbers, bottom: Numbers) -> Truth:
    """Return which counts can be those of a share or a rate: a share is at most its whole."""
    with np.errstate(invalid="ignore"):
        found = np.isfinite(top) & np.isfinite(bottom) & (top >= 0) & (bottom > 0)
        return found & (top <= bottom) if family == "beta" else found


def model_row(model: Model | None, sizes: Numbers) -> dict[str, Any]:
    """Return what MODELS says of ``model``, fitted on organisations of ``sizes``."""
    row: dict[str, Any] = dict.fromkeys(
        ("mean", "deviation", "half_size", "scale", "reliability", "true_share", "size_07",
         "size_09", "centre", "spread")
    )  # fmt: skip
    row |= {"family": "", "median_size": float(np.median(sizes)) if len(sizes) else None}
    if model is None:
        return row
    found = statistics.reliability(model.spread, sizes)
    needed = statistics.size_needed(model.spread)
    scale = model.scale
    numbers = {
        "mean": scale * model.spread.mean,
        "deviation": scale * model.spread.deviation,
        "half_size": model.spread.half_size,
        "scale": scale,
        "reliability": found.median,
        "true_share": found.overall,
        "size_07": needed[0],
        "size_09": needed[1],
        "centre": scale * model.peers.centre,
        "spread": model.peers.amount,
    }
    told = {name: float(one) if np.isfinite(one) else None for name, one in numbers.items()}
    return row | told | {"family": model.spread.family}
