from dataclasses import dataclass

import numpy as np
import pytest

from locality.figures import Cell, Table
from locality.figures.schemas.judged import JUDGED, MODELS
from locality.measure import Model, State, Terms, cards, enough, funnel, in_order, judged, standings
from locality.measure.judged import verdicts
from locality.measure.models import fit
from tests.measure.made import definition

MEASURE = definition(polarity="higher_is_better")
TERMS = Terms()


@dataclass(frozen=True)
class Made:
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    periods: tuple[str, ...]
    numerator: np.ndarray
    denominator: np.ndarray
    excepted: np.ndarray
    flags: np.ndarray


def made(sizes, chances, kinds=None, flags=None, seed=3) -> Made:
    """Return one year of counts of practices with these denominators and true shares."""
    pick = np.random.default_rng(seed)
    many = len(sizes)
    sizes = np.asarray(sizes, float)[:, None]
    count = pick.binomial(sizes.astype(int), np.asarray(chances)[:, None]).astype(float)
    return Made(
        tuple(f"A{n:05d}" for n in range(many)),
        tuple(kinds or ["practice"] * many),
        ("2025-26",),
        count,
        sizes,
        np.zeros((many, 1)),
        np.zeros((many, 1), np.uint8) if flags is None else np.asarray(flags, np.uint8)[:, None],
    )


def locality(practices: int = 400, size: float = 250, deviation: float = 0.06, **words) -> Made:
    pick = np.random.default_rng(8)
    total = 0.8 * 0.2 / deviation**2 - 1
    sizes = np.maximum(5, pick.lognormal(np.log(size), 0.7, practices)).round()
    return made(sizes, pick.beta(0.8 * total, 0.2 * total, practices), **words)


def rows(counted: Made, measure=MEASURE, terms=TERMS, **words) -> tuple[list[dict], list[dict]]:
    table, models = judged(measure, counted, words.pop("compared", {}), terms, **words)
    return Table.of(JUDGED, table).rows, Table.of(MODELS, models).rows


def test_a_small_practice_cannot_be_judged_and_has_no_flag_however_far_out_it_lies() -> None:
    everyone = locality()
    sizes = np.concatenate([everyone.denominator[:, 0], [6.0, 4_000.0]])
    chances = [*(everyone.numerator / everyone.denominator)[:, 0], 0.0, 0.35]
    found, _ = rows(made(sizes, chances))
    small, large = found[-2:]
    assert small["state"] == State.CANNOT and small["reliability"] < 0.3
    assert small["place"] == 0 and small["call"] == ""
    assert small["value"] == 0 and small["shrunken"] > 40  # drawn to the mean of 80
    assert large["state"] == State.CAN and large["place"] == -2 and large["call"] == "lowest"
    assert large["lowest"] > 0.999 and large["highest"] < 0.001


def test_what_is_stored_is_what_the_statistics_say_of_the_same_counts() -> None:
    from locality import statistics as library

    counted = locality()
    found, models = rows(counted)
    y, n = counted.numerator[:, 0], counted.denominator[:, 0]
    spread = library.beta_spread(y, n)
    assert models[0]["mean"] == pytest.approx(100 * float(spread.mean))
    assert models[0]["deviation"] == pytest.approx(100 * float(spread.deviation))
    assert models[0]["size_07"] == pytest.approx(float(spread.half_size) * 0.7 / 0.3)
    each = library.reliability(spread, n).each
    lowest = library.probability_in_tail(spread, y, n, tail="lowest")
    for place, row in enumerate(found):
        assert row["reliability"] == pytest.approx(each[place])
        assert row["lowest"] == pytest.approx(lowest[place])
        assert (row["state"] == State.CAN) == (each[place] >= 0.7)
    assert models[0]["judged"] == int((each >= 0.7).sum()) > 100
    called = [row for row in found if row["call"] == "lowest"]
    assert len(called) == models[0]["called_lowest"] > 5
    assert all(row["lowest"] >= 0.8 for row in called)


def test_where_practices_do_not_truly_differ_nobody_is_judged() -> None:
    found, models = rows(made(np.full(300, 200), np.full(300, 0.8), seed=12))
    assert {row["state"] for row in found} == {State.CANNOT}
    assert all(row["place"] == 0 and row["call"] == "" for row in found)
    assert models[0]["judged"] == 0 and models[0]["reliability"] < 0.2


def test_complete_counts_and_too_few_organisations_are_described_only() -> None:
    money = definition(measure={
        "numerator": "numerator", "numerator_words": "pounds received",
        "denominator": "denominator", "denominator_words": "patients registered",
        "interval": "none", "views": {"per": "num / den"},
    }, unit="£ per patient", case=[
        {"words": "some", "given": {"num": 3, "den": 4}, "expect": {"per": 0.75}},
        {"words": "more", "given": {"num": 4, "den": 4}, "expect": {"per": 1}},
        {"words": "nobody", "given": {"num": 0, "den": 0}, "expect": {"per": "nobody to count"}},
    ])  # fmt: skip
    found, models = rows(locality(), money)
    assert {row["state"] for row in found} == {State.DESCRIBED}
    assert models[0]["family"] == "" and models[0]["mean"] is None
    found, models = rows(locality(practices=29))
    assert {row["state"] for row in found} == {State.DESCRIBED}
    found, models = rows(locality(practices=30))
    assert State.CAN in {row["state"] for row in found}


def test_those_that_are_not_compared_shape_no_model_and_are_not_flagged() -> None:
    counted = locality()
    among = np.ones(400, np.bool_)
    among[:50] = False
    found, models = rows(counted, compared={"practice": among})
    assert models[0]["compared"] == 350
    assert {row["state"] for row in found[:50]} == {State.DESCRIBED}
    assert all(row["place"] == 0 and row["call"] == "" for row in found[:50])
    other = made(np.full(50, 900), np.full(50, 0.1))
    changed = Made(counted.codes, counted.kinds, counted.periods,
                   np.concatenate([other.numerator, counted.numerator[50:]]),
                   np.concatenate([other.denominator, counted.denominator[50:]]),
                   counted.excepted, counted.flags)  # fmt: skip
    again, _ = rows(changed, compared={"practice": among})
    assert again[50:] == found[50:]


def test_a_withheld_cell_has_no_number_and_shapes_no_model() -> None:
    counted = locality()
    flags = np.zeros(400, np.uint8)
    flags[7] = int(Cell.WITHHELD)
    hidden = Made(counted.codes, counted.kinds, counted.periods, counted.numerator,
                  counted.denominator, counted.excepted, flags[:, None])  # fmt: skip
    found, models = rows(hidden)
    assert found[7]["state"] == State.NOTHING and found[7]["missing"] == "withheld: small numbers"
    for name in ("value", "numerator", "denominator", "shrunken", "reliability", "highest", "z"):
        assert found[7][name] is None
    assert models[0]["compared"] == 399


def test_each_kind_of_organisation_has_its_own_model() -> None:
    first, second = locality(200), made(np.full(40, 5_000), np.full(40, 0.8))
    both = Made(
        tuple(f"P{n}" for n in range(40)) + first.codes,
        ("pcn",) * 40 + first.kinds, ("2025-26",),
        np.concatenate([second.numerator, first.numerator]),
        np.concatenate([second.denominator, first.denominator]),
        np.zeros((240, 1)), np.zeros((240, 1), np.uint8),
    )  # fmt: skip
    _, models = rows(both)
    held = {row["kind"]: row for row in models}
    assert held["pcn"]["deviation"] < 1 < held["practice"]["deviation"]


def test_a_model_comes_back_from_its_row() -> None:
    counted = locality()
    _, models = rows(counted)
    model = Model.of_row(models[0])
    assert model is not None and model.differs
    y, n = counted.numerator[:, 0], counted.denominator[:, 0]
    same = fit(MEASURE, 100.0, y, n, np.ones(400, np.bool_), TERMS)
    assert same is not None
    np.testing.assert_allclose(model.reliability(n), same.reliability(n), rtol=1e-12)
    args = (y, n, np.zeros(400), np.zeros(400, np.uint8), np.ones(400, np.bool_), TERMS)
    one, two = (verdicts(MEASURE, held, *args) for held in (model, same))
    np.testing.assert_allclose(one.highest, two.highest, rtol=1e-9)
    assert (one.place == two.place).all()


def test_a_funnel_has_each_ones_own_limits_wider_for_smaller_ones() -> None:
    counted = locality()
    table, models = judged(MEASURE, counted, {}, TERMS)
    rows_ = Table.of(JUDGED, table)
    found = funnel(MEASURE, rows_, Model.of_row(Table.of(MODELS, models).rows[0]), {"A00000": "X"})
    order = np.argsort(found.column("denominator"))
    width = (found.column("upper_998") - found.column("lower_998"))[order]
    assert width[0] > width[200] > width[-1] > 0
    assert found.rows[0]["name"] == "X"
    beyond = (found.column("value") > found.column("upper_998")) | (
        found.column("value") < found.column("lower_998")
    )
    can = found.column("state") == State.CAN.value
    assert ((np.abs(found.column("place")) == 2) == (beyond & can)).all()
    assert "by chance alone" in found.notes[0]
    bare = funnel(MEASURE, rows_, None, {})
    assert np.isnan(bare.column("upper_95")).all() and bare.notes == ()


def test_the_order_is_by_likely_true_value_and_leaves_out_who_cannot_be_judged() -> None:
    counted = locality()
    table, _ = judged(MEASURE, counted, {}, TERMS)
    found = in_order(MEASURE, Table.of(JUDGED, table), {})
    can = found.column("state") == State.CAN.value
    number = int(can.sum())
    assert can[:number].all() and not can[number:].any() and 0 < number < 400
    assert (np.diff(found.column("shrunken")[:number]) >= 0).all()
    assert f"{400 - number} have no place" in found.notes[0]


def test_enough_says_how_many_years_and_which_wider_group() -> None:
    counted = locality()
    found, models = rows(counted)
    model = Model.of_row(models[0])
    own = min(
        (row for row in found if row["state"] == State.CANNOT), key=lambda r: -r["denominator"]
    )
    network = {"code": "U1", "kind": "pcn", "state": State.CAN, "reliability": 0.83,
               "denominator": 900.0}  # fmt: skip
    told = enough(MEASURE, own, model, [network], {"U1": "NETWORK ONE"}, TERMS).rows
    assert told[0]["what"] == "more periods" and told[0]["enough"]
    assert "2 years together" in told[0]["sentence"]
    assert "NETWORK ONE" in told[1]["sentence"] and told[1]["enough"]
    tiny = own | {"denominator": 1.0}
    assert not enough(MEASURE, tiny, model, [], {}, TERMS).rows[0]["enough"]
    assert len(enough(MEASURE, own, None, [], {}, TERMS)) == 0


def test_standings_say_what_is_certain_and_how_much_chance_alone_would_mark() -> None:
    counted = locality()
    found, models = rows(counted)
    model = Model.of_row(models[0])
    worst = next(row for row in found if row["call"] == "lowest")
    table = standings(
        {MEASURE.id: MEASURE}, Table.of(JUDGED, [worst]), {(MEASURE.id, "practice"): model},
        {MEASURE.id: 80.1}, {}, {MEASURE.id: "warranted"}, TERMS,
    )  # fmt: skip
    row = table.rows[0]
    assert row["mark"] == "warranted" and row["england"] == 80.1
    assert "truly among the lowest tenth of practices" in row["sentence"]
    assert "higher is better" in row["sentence"]
    assert "by chance alone" in table.notes[0]
    plain = definition(polarity="none")
    sentence = standings(
        {plain.id: plain}, Table.of(JUDGED, [worst]), {(plain.id, "practice"): model}, {}, {}, {},
        TERMS,
    ).rows[0]["sentence"]  # fmt: skip
    assert "neither end is better" in sentence and "worst" not in sentence


def test_a_card_says_whether_a_measure_earns_its_keep_and_why() -> None:
    def card(counted: Made, effort=None, ceilings=None) -> dict:
        _, models = rows(counted)
        return cards(
            {MEASURE.id: MEASURE}, {MEASURE.id: models[0]},
            {MEASURE.id: effort} if effort else {}, ceilings or {}, {"qof_in_year": "NHS"}, TERMS,
        ).rows[0]  # fmt: skip

    good = card(locality(size=900), {"minutes": 4.0, "crowds_out": "visits"})
    assert good["earns"] == "yes" and good["imposed_by"] == "NHS"
    assert good["hours"] == pytest.approx(4 * good["patients"] / 60)
    assert good["appointments"] == pytest.approx(good["hours"] * 6)
    noise = card(made(np.full(300, 60), np.full(300, 0.8), seed=12))
    assert noise["earns"] == "no" and "chance" in noise["sentence"]
    few = card(locality(size=90))
    assert few["earns"] == "no" and "judged" in few["sentence"]
    done = card(locality(size=900), ceilings={MEASURE.id: 0.93})
    assert done["earns"] == "no" and "93 %" in done["sentence"]
