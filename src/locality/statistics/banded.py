"""Percentiles of times that are known only by the band they fall in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def percentile(counts: npt.ArrayLike, share: float) -> Array:
    """Return the time below which ``share`` of each row lies, in widths of a band.

    ``counts`` is an array of rows x bands; band k holds times over k and up to k + 1, and the last
    band is open. Times are taken as spread evenly within a band, so that the answer is k plus the
    part of the band's count that is still needed. NaN for a row of nobody, and where the answer
    lies in the open band. Returns one number a row.

    It is how the median and 92nd percentile of NHS England's waiting times are worked out from
    weekly bands: linear interpolation of the cumulative count. Raises ValueError for a share
    outside 0 to 1, or a count below zero.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    rows = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    if np.any(rows < 0):
        raise ValueError("a count cannot be below zero")
    until = np.cumsum(rows, axis=1)
    total = until[:, -1:]
    wanted = share * total
    # The first band that holds anybody and brings the count up to what is wanted.
    reached = (until >= wanted) & (rows > 0)
    band = np.argmax(reached, axis=1)
    place = np.arange(len(rows)), band
    inside = rows[place]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (wanted[:, 0] - (until[place] - inside)) / inside
    found: Array = band + np.clip(part, 0.0, 1.0)
    found[(total[:, 0] == 0) | (band == rows.shape[1] - 1)] = np.nan
    return found
