"""Every practice under several scenarios at once: this sheet, next year's, every point earned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from locality.figures import Table
from locality.measure.qof.schemas import QOF_SCENARIOS
from locality.measure.qof.scoring import Scored

Numbers = npt.NDArray[np.float64]


def scenarios(scored: Mapping[str, Scored]) -> Table:
    """Return each practice's points and pounds under each scenario (QOF_SCENARIOS).

    ``scored`` maps what a scenario is called to every practice's counts under it. Sums are over
    the indicators that can be paid; how many cannot stands beside them, so that no sum of a part
    is taken for the whole.
    """
    parts = [_sums(name, one) for name, one in scored.items()]
    columns: dict[str, Any] = {
        column: np.concatenate([part[column] for part in parts]) if parts else []
        for column in QOF_SCENARIOS.names
    }
    return Table.of(
        QOF_SCENARIOS,
        {name: _column(name, values) for name, values in columns.items()},
        title=QOF_SCENARIOS.title,
        caption=(
            "Sums are over indicators with counts, thresholds and prevalence; those without are "
            "counted beside them."
        ),
    )


def every_point(scored: Scored) -> Scored:
    """Return ``scored`` as if every patient eligible and not under an adjustment were reached."""
    counts = scored.counts
    full = type(counts)(
        counts.period,
        counts.practices,
        counts.codes,
        counts.denominator,
        counts.denominator,
        counts.pcas,
        np.where(np.isfinite(counts.points), scored.scheme.worth, np.nan),
        counts.as_at,
    )
    return Scored(scored.scheme, full, scored.lists, scored.factor)


def _sums(name: str, scored: Scored) -> dict[str, Any]:
    paid = np.isfinite(scored.pounds)
    wanted = scored.scheme.worth > 0
    return {
        "scenario": np.full(len(scored.counts.practices), name, dtype=object),
        "practice_code": np.array(scored.counts.practices, dtype=object),
        "points": np.nansum(scored.points, axis=1),
        "open": scored.open.sum(axis=1),
        "pounds": np.nansum(scored.pounds, axis=1),
        "pounds_to_earn": np.nansum(scored.pounds_to_earn, axis=1),
        "indicators": paid.sum(axis=1),
        "not_known": (wanted & ~paid).sum(axis=1),
    }


def _column(name: str, values: Any) -> Any:
    kind = QOF_SCENARIOS.column(name).arrow
    return pa.array(values, kind)
