"""Points into pounds: worked examples, factors, what is not known, every line's rule."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Factor, Line, RuleReference
from locality.knowledge import RuleMissing
from locality.measure.qof import (
    Beside,
    Counts,
    Prevalence,
    Scheme,
    Scored,
    carried,
    constant,
    constants_table,
    counts_under,
    every_point,
    position,
    scenarios,
    statement,
    through_the_year,
)
from tests.measure.qof.made import RULES, YEAR, counts, prevalence, scored

WORKED = Path(__file__).parents[2] / "worked"
EXAMPLES = tomllib.loads((WORKED / "qof_payment.toml").read_text("utf-8"))["example"]
CITED = RuleReference("made", "made", "made", "made")


def paid(example: dict[str, Any], *, rounded: bool) -> Decimal:
    """Return an example's pounds from the shipped value of a point and average list."""
    point = RULES.value("qof.point_value", example["year"]).value
    average = RULES.value("qof.national_list", example["year"]).value
    factors = [Decimal(example["list"]) / average]
    if "prevalence" in example:
        factors.append(Decimal(example["prevalence"]) / Decimal(example["national_prevalence"]))
    if rounded:
        factors = [round(one, 2) for one in factors]
    made = [Factor("f", one, CITED) for one in (point, *factors)]
    return Line.made_of("points", Decimal(example["points"]), "points", made, CITED).pounds


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["words"][:40] for one in EXAMPLES])
def test_published_sums_come_out(example: dict[str, Any]) -> None:
    assert paid(example, rounded=False) == Decimal(example["pounds"])
    if "pounds_with_rounded_factors" in example:
        assert paid(example, rounded=True) == Decimal(example["pounds_with_rounded_factors"])
    if "published_to_the_pound" in example:
        assert round(paid(example, rounded=False)) == Decimal(example["published_to_the_pound"])


def test_a_statement_multiplies_points_by_every_factor_and_cites_each() -> None:
    one = scored({"HYP008": (450, 560, 40), "VI001": (95, 100)}, patients=20_368, factor=1.25)
    made = statement(one, name="A practice", prevalence_of=YEAR)
    hyp, vi = made.lines
    assert hyp.label.startswith("HYP008") and vi.label.startswith("VI001")
    assert [f.label for f in hyp.factors] == ["Value of a point", "List factor",
                                             "Prevalence factor"]  # fmt: skip
    assert [f.label for f in vi.factors] == ["Value of a point", "List factor"]
    expected = (100 * 450 / 560 - 40) / 45 * 38 * 225.49 * (20_368 / 10_184) * 1.25
    assert float(hyp.amount) == pytest.approx(expected, rel=1e-12)
    assert hyp.rule.id == f"qof/{YEAR}/HYP008" and not hyp.estimate
    assert vi.estimate and "population" in vi.note
    assert made.total == (hyp.amount + vi.amount).quantize(Decimal("0.01"))
    assert any("CHD005" in step.text for step in made.working.steps)


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.1, 4), st.integers(500, 40_000))
def test_pounds_are_never_negative_and_rise_with_every_factor(
    num: int, den: int, factor: float, patients: int
) -> None:
    num = min(num, den)
    one = scored({"DM020": (num, den)}, patients=patients, factor=factor)
    more = scored({"DM020": (num, den)}, patients=patients + 1, factor=factor + 0.1)
    at = one.scheme.codes.index("DM020")
    assert one.pounds[0, at] >= 0
    assert more.pounds[0, at] >= one.pounds[0, at]
    whole = one.points[0, at] + one.points_to_earn[0, at]
    assert whole == pytest.approx(one.scheme.worth[at])


def test_nobody_eligible_has_no_points_open_and_none_to_earn() -> None:
    one = scored({"HF003": (0, 0, 3)})
    at = one.scheme.codes.index("HF003")
    assert one.open[0, at] == 0 == one.points[0, at] == one.points_to_earn[0, at]
    row = {r["code"]: r for r in position(one, name="A", prevalence_of=YEAR).rows}["HF003"]
    assert "no points are open" in row["missing"] and row["pounds_to_earn"] == 0


def test_care_adjustments_are_never_taken_off_again() -> None:
    with_them = scored({"HYP008": (416, 560, 44)})
    without = scored({"HYP008": (416, 560, 0)})
    assert np.array_equal(with_them.points, without.points, equal_nan=True)
    row = {r["code"]: r for r in position(with_them, name="A", prevalence_of=YEAR).rows}["HYP008"]
    assert row["pca_rate"] == pytest.approx(100 * 44 / 604)
    assert row["achievement"] == pytest.approx(100 * 416 / 560)


def test_no_prevalence_leaves_points_and_says_so() -> None:
    scheme = Scheme.of(RULES, YEAR)
    nothing = np.full((1, len(scheme.codes)), np.nan)
    held = counts(scheme, {"HYP008": (450, 560), "CS005": (700, 900)})
    one = Scored.of(scheme, held, np.array([9000.0]), Prevalence(YEAR, nothing, nothing[0]))
    rows = {r["code"]: r for r in position(one, name="A", prevalence_of=YEAR).rows}
    assert rows["HYP008"]["points"] and rows["HYP008"]["pounds"] is None
    assert "prevalence" in rows["HYP008"]["missing"]
    assert rows["CS005"]["pounds"] > 0
    made = statement(one, name="A", prevalence_of=YEAR)
    assert [line.label[:5] for line in made.lines] == ["CS005"]


def test_protected_points_are_those_published_and_others_are_worked_out() -> None:
    scheme = Scheme.of(RULES, "2024-25")
    one = scored({"DM020": (70, 100)}, "2024-25", OST004=3.0, DM020=16.9, HYP008=11.5)
    at = {code: number for number, code in enumerate(scheme.codes)}
    assert one.points[0, at["OST004"]] == 3.0
    assert one.points[0, at["DM020"]] == pytest.approx((70 - 35) / 40 * 17)
    assert one.points[0, at["HYP008"]] == 11.5  # its upper threshold is not known
    table = position(one, name="A", prevalence_of="2024-25")
    rows = {row["code"]: row for row in table.rows}
    assert rows["OST004"]["points_from"] == "published"
    assert rows["DM020"]["points_from"] == "counts"
    assert any("DM020" in note and "differ" in note for note in table.notes)
    assert any("has not been read for this year" in note for note in table.notes)
    assert rows["HYP009"]["missing"] and "raised the upper" in rows["HYP009"]["missing"]


def test_what_is_counted_for_information_is_worth_no_points_and_says_so() -> None:
    one = scored({}, "2022-23", HYP007=5.0)
    rows = {row["code"]: row for row in position(one, name="A", prevalence_of="2022-23").rows}
    assert "worth no points" in rows["QIPDDMI001"]["missing"]
    assert rows["HYP007"]["points"] == 5.0 and rows["HYP007"]["points_from"] == "published"


def test_how_many_of_2024_25_can_be_worked_out_from_counts() -> None:
    assert Scheme.of(RULES, "2024-25").counted.sum() == 36
    assert Scheme.of(RULES, "2025-26").counted.all()
    assert Scheme.of(RULES, "2026-27").counted.all()
    assert not Scheme.of(RULES, "2022-23").counted.any()


def test_a_missing_constant_stands_at_the_last_known_value_and_says_so() -> None:
    share = constant(RULES, "qof.aspiration_share", "2026-27")
    assert share.value == 80 and share.period == "2025-26" and share.estimate
    assert "2025-26" in share.words and "has not been read" in share.missing
    point = constant(RULES, "qof.point_value", "2026-27")
    assert point.value == Decimal("227.95") and not point.estimate and "second-hand" in point.words
    old = constant(RULES, "qof.point_value", "2018-19")
    assert old.period == "2017-18" and old.estimate
    entered = RULES.with_changes({"qof.aspiration_share@2026-27": 75})
    assert constant(entered, "qof.aspiration_share", "2026-27").value == 75
    with pytest.raises(RuleMissing):
        constant(RULES, "qof.vaccination_improvement.upper", "2026-27")
    rows = constants_table([share, point]).rows
    assert [row["estimate"] for row in rows] == [True, False]


def test_the_second_route_is_refused_until_its_upper_end_is_known() -> None:
    scheme = Scheme.of(RULES, "2026-27")
    assert scheme.improvement is None and "has not been read" in scheme.improvement_missing
    held = counts(scheme, {"VI001": (85, 100)})
    baseline = np.full((1, len(scheme.codes)), 75.0)
    at = scheme.codes.index("VI001")
    args = (np.array([10_295.0]), prevalence(scheme), baseline)
    assert Scored.of(scheme, held, *args).points[0, at] == 0
    known = Scheme.of(
        RULES.with_changes({"qof.vaccination_improvement.upper@2026-27": 15}), "2026-27"
    )
    # Ten points better than its own past: half way from 5 to 15, of 18 points.
    assert Scored.of(known, held, *args).points[0, at] == pytest.approx(9)
    hyp = counts(known, {"HYP010": (50, 100)})
    both = Scored.of(known, hyp, *args)
    assert both.points[0, known.codes.index("HYP010")] == pytest.approx(10 / 45 * 38)


def test_through_the_year_pays_the_balance() -> None:
    share = constant(RULES, "qof.aspiration_share", "2025-26")
    made = through_the_year(Decimal(100_000), Decimal(90_000), share, period=YEAR)
    assert made.total == Decimal("28000.00")
    assert made.lines[1].quantity == -12 and made.lines[1].rate == 6000
    typed = through_the_year(Decimal(100_000), None, share, period=YEAR, monthly=Decimal("5000"))
    assert typed.total == Decimal("40000.00")
    alone = through_the_year(Decimal(100_000), None, share, period=YEAR)
    assert alone.total == Decimal("100000.00") and "not known" in alone.working.steps[0].text


def test_this_years_counts_under_next_years_sheet() -> None:
    old, new = (RULES.sheet("qof", year) for year in ("2025-26", "2026-27"))
    carry = carried(old, new)
    assert carry.into["CD001"] == ("CHD015", "STIA014")
    assert carry.into["HF009"] == () == carry.into["OB004"] == carry.into["DM037"]
    assert carry.into["HYP010"] == ("HYP008",) and carry.into["NDH003"] == ("NDH002",)
    assert carry.first("CHD015") and not carry.first("STIA014")
    assert carry.words["CHOL003"] == "Points 38 → 20."
    assert "90 % → 95 %" in carry.words["AF006"]
    scheme = Scheme.of(RULES, YEAR)
    held = counts(
        scheme, {"CHD015": (80, 100, 5), "STIA014": (40, 60, 1), "HYP008": (1, 2), "HF003": (9, 9)}
    )
    codes = Scheme.of(RULES, "2026-27").codes
    under = counts_under(held, carry, codes, "2026-27")
    at = {code: number for number, code in enumerate(codes)}
    assert under.numerator[0, at["CD001"]] == 120 and under.denominator[0, at["CD001"]] == 160
    assert under.pcas[0, at["CD001"]] == 6
    assert np.isnan(under.numerator[0, at["HF009"]])
    assert np.isnan(under.numerator[0, at["CD002"]])


def test_counts_are_carried_over_several_years() -> None:
    carry = carried(RULES.sheet("qof", "2024-25"), RULES.sheet("qof", "2026-27"))
    assert carry.into["DM034"] == ("DM022",) and carry.into["DM036"] == ("DM033",)
    assert carry.into["AST014"] == ("AST011",) and carry.into["CHOL003"] == ("CHOL003",)
    assert carry.follows["DM022"] == "DM034" and "It becomes DM034" in carry.words["DM022"]
    assert "OST004" not in carry.follows and carry.words["OST004"].startswith("It ends")


def test_what_stands_beside_points_and_what_changes_next_year() -> None:
    one = scored({"HYP008": (450, 560, 40), "DM012": (50, 100)})
    ahead = Scheme.of(RULES, "2026-27")
    carry = carried(one.scheme.sheet, ahead.sheet)
    under = counts_under(one.counts, carry, ahead.codes, "2026-27")
    following = Scored.of(ahead, under, one.lists, prevalence(ahead))
    beside = Beside({"HYP008": 6.1}, {"HYP008": "said"}, {"HYP008": "moved"}, {"HYP008": "no"})
    table = position(one, name="A", prevalence_of=YEAR, beside=beside, ahead=(following, carry))
    rows = {row["code"]: row for row in table.rows}
    hyp = rows["HYP008"]
    assert (hyp["said"], hyp["moved"], hyp["earns"]) == ("said", "moved", "no")
    assert hyp["england_pca_rate"] == 6.1
    assert hyp["next_code"] == "HYP010" and hyp["next_points"] == pytest.approx(hyp["points"])
    assert hyp["next_pounds"] == pytest.approx(hyp["points"] * 227.95 * 10_184 / 10_295)
    assert "counts something else" in rows["DM012"]["next_note"]
    assert hyp["achievement_lower"] < hyp["achievement"] < hyp["achievement_upper"]


def test_every_practice_under_three_scenarios() -> None:
    scheme = Scheme.of(RULES, YEAR)
    rng = np.random.default_rng(5)
    size = (7, len(scheme.codes))
    den = rng.integers(1, 300, size).astype(float)
    num = np.floor(den * rng.random(size))
    held = Counts(YEAR, tuple(f"A{n}" for n in range(7)), scheme.codes, num, den, 0 * den,
                  np.full(size, np.nan))  # fmt: skip
    same = Prevalence(YEAR, np.full(size, 0.1), np.full(size[1], 0.1))
    one = Scored.of(scheme, held, np.full(7, 10_184.0), same)
    table = scenarios({"now": one, "all": every_point(one)})
    rows = {(row["scenario"], row["practice_code"]): row for row in table.rows}
    for n in range(7):
        now, every = rows["now", f"A{n}"], rows["all", f"A{n}"]
        assert now["points"] == pytest.approx(one.points[n].sum())
        assert every["points"] == pytest.approx(564) and every["pounds_to_earn"] == 0
        assert now["pounds"] + now["pounds_to_earn"] == pytest.approx(every["pounds"])
        assert now["indicators"] == 44 and now["not_known"] == 0
    row = slice(3, 4)
    one_of_them = Counts(YEAR, ("A3",), scheme.codes, num[row], den[row], 0 * den[row],
                         held.points[row])  # fmt: skip
    alone = Scored.of(scheme, one_of_them, np.array([10_184.0]),
                      Prevalence(YEAR, same.own[:1], same.england))  # fmt: skip
    assert np.array_equal(alone.pounds[0], one.pounds[3])


def test_counts_of_other_indicators_are_refused() -> None:
    scheme, other = Scheme.of(RULES, YEAR), Scheme.of(RULES, "2026-27")
    with pytest.raises(ValueError, match="other indicators"):
        Scored.of(other, counts(scheme, {}), np.array([1.0]), prevalence(other))
    assert Scheme.of(RULES, "2026-27", date(2026, 5, 1)).codes == other.codes
