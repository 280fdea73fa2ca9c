"""What was planted is found, and little else is claimed; nobody reads a small count off it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import locality
from locality.figures import Figure, NotFound, Problem, Table
from locality.measure import State
from locality.workbench import Workbench


@pytest.fixture(scope="module")
def here(demonstration: tuple[Path, dict[str, Any]]) -> Workbench:
    return locality.open(str(demonstration[0]))


@pytest.fixture(scope="module")
def planted(demonstration: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    return demonstration[1]["planted"]


def row(here: Workbench, measure: str, code: str) -> dict[str, Any]:
    return here.measure.standing(measure, code).rows[0]


def test_the_planted_outlier_and_the_doubled_register_stand_out_for_certain(here, planted) -> None:
    for name in ("outlier", "step_change"):
        one = planted[name]
        found = row(here, f"qof.register.{one['group'].lower()}", one["practice"])
        assert found["place"] == 2 and found["call"] == "highest", name
        assert found["highest"] > 0.99 and found["reliability"] > 0.9


def test_calls_are_as_many_as_there_is_truth_for(here) -> None:
    """A tenth is a tenth: at each end no more than that is called, with room for sampling."""
    for model in here.measure.models().rows:
        if model["kind"] == "practice" and model["judged"]:
            for end in ("called_highest", "called_lowest"):
                assert model[end] <= 0.1 * model["compared"] + 6, model["measure"]
            assert model["claimed"] is None or model["claimed"] >= 0.92


def test_no_flag_where_reliability_is_under_the_gate_and_none_where_nobody_is_ranked(here) -> None:
    table = here.version.table("judged")
    reliability = np.nan_to_num(table.column("reliability"))
    flagged = (table.column("place") != 0) | (table.column("call") != "")
    assert flagged.sum() > 50
    assert reliability[flagged].min() >= 0.7
    assert set(table.column("state")[flagged]) == {State.CAN.value}
    unranked = {id for id, one in here.knowledge.measures.items() if not one.ranked}
    assert not unranked & set(table.column("measure")[flagged])


def test_small_and_ended_practices_are_described_and_never_flagged(here, planted) -> None:
    for code in (planted["small_list"]["practice"], planted["merger"]["practice"]):
        for one in here.measure.standings(code).rows:
            assert one["state"] in (State.DESCRIBED, State.NOTHING), (code, one["measure"])
            assert one["call"] == "" and one["place"] == 0


def test_a_hidden_register_has_no_judgement(here, planted) -> None:
    one = planted["suppressed"]
    measure = f"qof.register.{one['group'].lower()}"
    chart = {r["period"]: r for r in here.measure.chart(measure, one["practice"]).rows}
    assert chart[one["period"]]["value"] is None
    assert chart[one["period"]]["missing"] == "suppressed by the publisher"


def test_nobody_reads_a_small_local_count_off_a_judgement(here) -> None:
    """Counts of a locality's own are judged as others see them: rounded to five, or not at all."""
    local = [id for id, held in here.version.measures.items() if held["local"]]
    assert local
    for id in local:
        for kind in ("practice", "pcn", "icb"):
            for table in (here.measure.judged(id, kind), here.measure.funnel(id, kind),
                          here.measure.in_order(id, kind)):  # fmt: skip
                for name in ("numerator", "denominator"):
                    counts = table.column(name).astype(float)
                    there = counts[np.isfinite(counts)]
                    assert (there % 5 == 0).all() and not ((there > 0) & (there <= 7)).any(), id
        codes = here.measure.judged(id).data.column("code").to_pylist()
        for code in codes[:20]:
            for one in here.measure.chart(id, code).rows:
                for name in ("numerator", "denominator"):
                    count = one[name]
                    assert count is None or count % 5 == 0, (id, code, one)


def test_the_planted_step_of_the_story_is_charted_and_proposed(here) -> None:
    """Referrals of the local story move; whoever's chart is marked at the end is asked about."""
    id = "local.cardiology_referrals"
    table = here.measure.judged(id)
    charted = [r for r in table.rows if r["points"] >= 12 and r["missing"] is None]
    assert charted
    for one in charted[:10]:
        chart = here.measure.chart(id, one["code"]).rows
        last = [r for r in chart if r["value"] is not None][-1]
        word = {"high": "high", "low": "low", "": "usual"}[last["direction"]]
        assert one["variation"] in (word, "changed"), one["code"]


def test_every_answer_is_a_figure_or_a_table(here, planted) -> None:
    code = planted["outlier"]["practice"]
    id = "qof.register.dem"
    asked = here.measure
    answers = [
        asked.models(), asked.models(id), asked.judged(id), asked.funnel(id), asked.in_order(id),
        asked.standing(id, code), asked.standings(code), asked.enough(id, code),
        asked.chart(id, code), asked.cards(), asked.alerts(code), asked.peers(id, code),
        asked.peer_drivers(id, code), asked.opportunity(id, code), asked.inequality(id),
        asked.slope_index(id), asked.relative_index(id), asked.care_adjustments(code),
        asked.care_over("qof.achievement.hyp008"), asked.bunching("qof.achievement.hyp008"),
    ]  # fmt: skip
    assert {type(one) for one in answers} == {Figure, Table}


def test_every_kind_of_organisation_has_its_standings(here, demonstration) -> None:
    home = demonstration[1]["home"]["code"]
    network = here.measure.judged("qof.register.hyp", "pcn").rows[0]["code"]
    for code in (home, network, "ENG", "Z90001"):
        rows = here.measure.standings(code).rows
        assert rows and all(one["sentence"] for one in rows), code
    assert len(here.measure.alerts(home).notes) >= 1
    inside = here.measure.funnel("qof.register.hyp", within=home)
    everyone = here.measure.funnel("qof.register.hyp")
    assert 0 < len(inside) < len(everyone)
    by_code = {one["code"]: one for one in everyone.rows}
    assert all(one["upper_95"] == by_code[one["code"]]["upper_95"] for one in inside.rows)


def test_wrong_names_are_told_kindly(here) -> None:
    with pytest.raises(NotFound, match=r"Did you mean qof\.register\.hyp"):
        here.measure.funnel("qof.register.hyq")
    with pytest.raises(NotFound, match="names an organisation"):
        here.measure.standings("Z99999")
    with pytest.raises(Problem, match="not put in order"):
        here.measure.in_order("money.received")
    with pytest.raises(Problem, match="practice"):
        here.measure.peers("qof.register.hyp", "ENG")
    assert len(here.measure.judged("qof.register.hyp", "galaxy")) == 0
