"""Every case of the conformance suite, through the public functions."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from locality.statistics.assurance import Assurance, assurance
from locality.statistics.chart_labels import Label, Variation
from locality.statistics.chart_signals import latest, signals
from locality.statistics.control_charts import (
    Chart,
    p_chart,
    p_prime,
    run_chart,
    u_chart,
    u_prime,
    xmr,
)
from locality.statistics.rule_sets import RULE_SETS

FOLDER = Path(__file__).parent
TOPICS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CASES = [
    pytest.param(case, id=f"{topic}: {case['name']}")
    for topic, held in TOPICS.items()
    for case in held["cases"]
]
COUNTED = {"p": p_chart, "u": u_chart, "p'": p_prime, "u'": u_prime}


def floats(values: Any) -> Any:
    return np.array(values, dtype=np.float64)  # null reads as NaN


def drawn(case: dict[str, Any]) -> Chart:
    options = dict(case["options"])
    if isinstance(options.get("baseline"), list):
        options["baseline"] = slice(*options["baseline"])
    if case["chart"] == "xmr":
        return xmr(floats(case["values"]), **{"screen": False, **options})
    if case["chart"] == "run":
        return run_chart(floats(case["values"]), **options)
    made = COUNTED[case["chart"]]
    return made(floats(case["numerators"]), floats(case["denominators"]), **options)


def positions(words: Any) -> dict[str, list[int]]:
    held = {str(label.name): np.flatnonzero(words & np.uint16(label)).tolist() for label in Label}
    return {name: places for name, places in held.items() if places}


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    chart = drawn(case)
    present = ~np.isnan(chart.value)
    for name, wanted in case.get("limits", {}).items():
        line = np.broadcast_to(floats(wanted), chart.value.shape)
        np.testing.assert_allclose(
            getattr(chart, name)[present], line[present], rtol=1e-6, atol=1e-6, err_msg=name
        )
    for expected in case.get("expected", ()):
        for name in expected["rule_sets"]:
            found = signals(chart, name)
            assert positions(found.labels) == expected["labels"], name
            assert positions(found.completed) == expected["completed"], name
            now = latest(found)
            if "latest" in expected:
                assert Variation(int(now.state)).words == expected["latest"], name
            if "position" in expected:
                assert int(now.position) == expected["position"], name
    if wanted := case.get("assurance"):
        goal = math.nan if wanted["target"] is None else floats(wanted["target"])
        state = assurance(chart, goal, wanted["better"]).state
        assert Assurance(int(state)).words == wanted["state"]


def test_the_suite_covers_every_set_and_every_label() -> None:
    expected = [e for held in TOPICS.values() for c in held["cases"] for e in c.get("expected", ())]
    by_hand = [
        e
        for held in TOPICS.values()
        for c in held["cases"]
        if c["worked_out"] == "by hand"
        for e in c.get("expected", ())
    ]
    for held in (expected, by_hand):
        assert {name for e in held for name in e["rule_sets"]} == set(RULE_SETS)
        assert {label for e in held for label in e["labels"]} == {str(la.name) for la in Label}
    for held in TOPICS.values():
        for case in held["cases"]:
            assert case["why"] and case["worked_out"] in ("by hand", "by the slow twin")
