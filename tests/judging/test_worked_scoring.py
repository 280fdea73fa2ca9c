"""Published examples, worked as their authors printed them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from locality.judging.criteria import Criteria, Criterion
from locality.judging.results import Results, weighted_sums
from locality.judging.scales import Scale

FILE = Path(__file__).parents[1] / "worked" / "scoring.toml"
EXAMPLES = tomllib.loads(FILE.read_text("utf-8"))["example"]


def criteria(example: dict[str, Any]) -> Criteria:
    scale = Scale(Decimal(example["lower"]), Decimal(example["upper"]))
    return Criteria(
        "points",
        tuple(Criterion(f"C{n}", scale, Decimal(w)) for n, w in enumerate(example["weights"])),
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["words"][:30] for one in EXAMPLES])
def test_totals_come_to_what_is_printed(example: dict[str, Any]) -> None:
    options = example["option"]
    scores = np.array([one["scores"] for one in options], dtype=float)
    sums = weighted_sums(scores, example["weights"])
    for at, one in enumerate(options):
        if "sum" in one:
            assert sums[at] == pytest.approx(float(one["sum"]), abs=1e-9)
    if "lower" not in example:
        return
    held = Results(tuple(one["name"] for one in options), criteria(example), scores)
    for at, one in enumerate(options):
        assert held.totals[at] == pytest.approx(float(one["total"]), abs=1e-6)
        if "printed" in one:
            assert np.floor(held.totals[at] + 0.5) == float(one["printed"])
    lines = held.working().rows
    for at, one in enumerate(options):
        own = [line for line in lines if line["subject"] == one["name"]]
        assert sum(line["adds"] for line in own) == pytest.approx(held.totals[at])
        assert sum(line["weight_times_score"] for line in own) == pytest.approx(held.sums[at])
