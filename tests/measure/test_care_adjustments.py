"""With and without care adjustments, and a heap above a threshold put as a question."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality import knowledge
from locality.figures import Cell, Problem, Table
from locality.figures.schemas.quality import QOF_ACHIEVEMENT, QOF_INDICATORS
from locality.knowledge import RuleMissing
from locality.measure.bunching import BUNCHING, bunching, upper_threshold
from locality.measure.care_adjustments import (
    CARE_ADJUSTMENTS,
    CARE_OVER,
    care_adjustments,
    care_over,
)
from locality.statistics import Interval, wilson
from locality.statistics.bunching import Bunching
from tests.measure.made import definition, observations, row

KNOWN = knowledge.load()
HYP008 = KNOWN.measures["qof.achievement.hyp008"]
INDICATORS = Table.of(
    QOF_INDICATORS,
    [
        {"period": period, "indicator_code": "HYP008", "group_code": "HYP", "domain": "Clinical",
         "points": 14.0, "description": "Blood pressure"}
        for period in ("2023-24", "2024-25")
    ],
)  # fmt: skip


def achieved(*rows: tuple[str, float | None, float | None, float | None], **changes: Any) -> Table:
    usual: dict[str, Any] = {"period": "2024-25", "indicator_code": "HYP008"} | changes
    return Table.of(
        QOF_ACHIEVEMENT,
        [
            usual | {"practice_code": code, "numerator": num, "denominator": den, "pcas": exc}
            for code, num, den, exc in rows
        ],
    )


COUNT = st.integers(0, 60)


@given(st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=1, max_size=6), st.integers(0, 6))
def test_shares_are_those_of_a_slow_sum(counts, members) -> None:
    rows = [(f"A{n:05}", min(a, b), b, c) for n, (a, b, c) in enumerate(counts)]
    inside = [code for code, *_ in rows[:members]]
    (found,) = care_adjustments(achieved(*rows), INDICATORS, "A00000", inside).rows
    whose = {"": rows[:1], "england_": rows, "icb_": rows[:members]}
    for prefix, some in whose.items():
        num, den, exc = (sum(one[n] for one in some) for n in (1, 2, 3))
        views = {"achievement": (num, den), "reach": (num, den + exc), "pca_rate": (exc, den + exc)}
        for view, (top, bottom) in views.items():
            expected = 100 * top / bottom if bottom else None
            assert found[f"{prefix}{view}"] == pytest.approx(expected)
            if not prefix and bottom:
                ends = wilson(top, bottom)
                assert found[f"{view}_lower"] == pytest.approx(100 * float(ends.lower))
                assert found[f"{view}_upper"] == pytest.approx(100 * float(ends.upper))
            elif not prefix:
                assert found[f"{view}_lower"] is found[f"{view}_upper"] is None


def test_a_practice_beside_its_icb_and_england_in_a_plain_sentence() -> None:
    table = care_adjustments(
        achieved(("A00001", 150, 200, 50), ("A00002", 160, 200, 0), ("A00003", 700, 1000, 10)),
        INDICATORS,
        "A00001",
        ("A00001", "A00002"),
        titles={"HYP008": "Hypertension"},
    )
    assert table.schema == CARE_ADJUSTMENTS and table.title.endswith("2024-25")
    (found,) = table.rows
    assert (found["title"], found["achievement"], found["reach"], found["pca_rate"]) == (
        "Hypertension", 75.0, 60.0, 20.0
    )  # fmt: skip
    assert found["icb_pca_rate"] == pytest.approx(100 * 50 / 450)
    assert found["standing"] == "higher than"
    assert found["sentence"] == (
        "Of 250 eligible, 50 (20.0 %) are under a care adjustment: higher than England (4.1 %). "
        "Counting everyone, 60.0 % are reached (England 69.2 %)."
    )
    assert "not a fault" in table.notes[0]
    assert "1 of 1, of which chance alone would put about 0.1" in table.notes[1]


@pytest.mark.parametrize(
    ("own", "standing"),
    [((80, 100, 4), "not clearly different from"), ((800, 1000, 1), "lower than")],
)
def test_a_rate_is_higher_or_lower_only_beyond_chance(own, standing) -> None:
    table = care_adjustments(
        achieved(("A00001", *own), ("A00002", 8000, 10000, 400)), INDICATORS, "A00001"
    )
    (found,) = table.rows
    assert found["standing"] == standing and found["icb_reach"] is None


def test_what_is_missing_is_told() -> None:
    def sentence(*counts: Any) -> tuple[str, Any]:
        (found,) = care_adjustments(achieved(("A00001", *counts)), INDICATORS, "A00001").rows
        return found["sentence"], found["missing"]

    assert sentence(3, 4, None)[0].startswith("The care adjustments are not given")
    assert sentence(0, 0, 0) == ("Nobody was eligible.", "nobody to count")
    assert sentence(None, None, 2)[0].startswith("There is no result")
    assert sentence(0, 0, 12)[0].startswith("Of 12 eligible, 12 (100.0 %)")


def test_the_latest_year_unless_asked_and_nothing_of_nobody() -> None:
    both = Table.of(
        QOF_ACHIEVEMENT,
        [
            *achieved(("A00001", 1, 2, 0)).rows,
            *achieved(("A00001", 1, 4, 0), period="2023-24").rows,
        ],
    )
    assert care_adjustments(both, INDICATORS, "A00001").rows[0]["achievement"] == 50.0
    earlier = care_adjustments(both, INDICATORS, "A00001", period="2023-24").rows
    assert [one["achievement"] for one in earlier] == [25.0]
    assert len(care_adjustments(both, INDICATORS, "B00001")) == 0


def test_one_measure_over_practices_has_both_and_no_order_of_rates() -> None:
    table = care_over(
        HYP008,
        observations(
            row("A00002", 30, 40, 10), row("A00001", 20, 40, 0), row("A00003", 5, 5, None),
            row("A00004", 6, 8, 1, flags=Cell.WITHHELD), row("A00005", flags=Cell.NOT_APPLICABLE),
            row("A00006", 9, 10, 2),
        ),
        {"A00001": "Beech", "A00002": "Ash", "A00003": "Cedar", "A00006": "Dale"},
    )  # fmt: skip
    assert table.schema == CARE_OVER
    assert [one["code"] for one in table.rows] == ["A00002", "A00001", "A00003", "A00006", "A00004"]
    ash, beech, cedar, _, hidden = table.rows
    assert (ash["achievement"], ash["reach"], ash["pca_rate"]) == (75.0, 60.0, 20.0)
    assert ash["pca_rate_lower"] == pytest.approx(100 * float(wilson(10, 50).lower))
    assert beech["pca_rate"] == 0.0 and cedar["achievement"] == 100.0
    assert cedar["pca_rate"] is None and cedar["missing"] == "no return"
    assert hidden["numerator"] is hidden["achievement"] is hidden["excepted"] is None
    assert hidden["missing"].startswith("withheld")
    assert "not a ranking" in table.notes[-1]


def test_the_middle_half_is_told_where_there_are_enough() -> None:
    rows = [row(f"A0000{n}", 5, 100 - n, n) for n in range(1, 10)]
    caption = care_over(HYP008, observations(*rows)).caption
    assert caption.startswith("Half of them adjust for between 3.0 % and 7.0 % of those eligible.")
    assert care_over(HYP008, observations(*rows[:3])).caption.startswith("Achievement")


def test_a_measure_without_adjustments_is_refused() -> None:
    with pytest.raises(Problem, match="no care adjustments"):
        care_over(KNOWN.measures["qof.register.dm"], observations())


def test_the_threshold_is_that_years_and_what_is_not_known_says_where() -> None:
    found = upper_threshold(HYP008, KNOWN.rules, "2025-26")
    assert found.value == 85.0 and "2025/26" in found.rule.reference and not found.note
    carried = upper_threshold(KNOWN.measures["qof.achievement.ast007"], KNOWN.rules, "2024-25")
    assert carried.value == 70.0 and "carried back" in carried.note
    with pytest.raises(RuleMissing, match=r"have not been read.*guidance for 2024/25"):
        upper_threshold(HYP008, KNOWN.rules, "2024-25")
    with pytest.raises(RuleMissing, match="2023/24"):
        upper_threshold(HYP008, KNOWN.rules, "2023-24")
    with pytest.raises(RuleMissing, match="no qof sheet"):
        upper_threshold(HYP008, KNOWN.rules, "2009-10")
    protected = KNOWN.measures["qof.achievement.ast008"]
    with pytest.raises(Problem, match="AST008 paid protected points in 2024-25"):
        upper_threshold(protected, KNOWN.rules, "2024-25")
    for other in ("qof.in_year.hyp008", "qof.register.dm", "list.aged_75_and_over"):
        with pytest.raises(Problem, match="whole year"):
            upper_threshold(KNOWN.measures[other], KNOWN.rules, "2025-26")


def practices(moved: float, count: int = 1500) -> Table:
    """Return practices around 85 %; a share ``moved`` of those just below is lifted over it."""
    rng = np.random.default_rng(11)
    den = rng.integers(300, 1500, count)
    num = rng.binomial(den, rng.beta(42, 8, count))
    below = (num / den < 0.85) & (num / den > 0.82) & (rng.random(count) < moved)
    num[below] = np.ceil(0.85 * den[below] + rng.integers(0, 5, int(below.sum())))
    rows = [
        row(f"A{n:05}", float(a), float(b), 5.0, period="2025-26")
        for n, (a, b) in enumerate(zip(num, den, strict=True))
    ]
    rows.append(row("B00001", 9, 10, 1, Cell.WITHHELD, period="2025-26"))
    rows.append(row("B00002", None, None, None, Cell.NO_RETURN, period="2025-26"))
    return observations(*rows)


def test_a_heap_above_the_threshold_is_a_question_and_no_heap_is_none() -> None:
    threshold = upper_threshold(HYP008, KNOWN.rules, "2025-26")
    heaped = bunching(HYP008, practices(0.6), threshold)
    assert heaped.schema == BUNCHING
    (found,) = heaped.rows
    assert found["practices"] == 1500 and found["period"] == "2025-26"
    assert found["probability"] < 0.01 and found["above"] > found["expected"]
    assert found["excess_lower"] > 0 and found["threshold"] == 85.0
    assert found["question"].startswith("More practices than chance would put there lie within 2 ")
    assert "Is that care that reached people, or how exceptions are used?" in found["question"]
    assert "of none by itself" in heaped.caption
    (smooth,) = bunching(HYP008, practices(0.0), threshold).rows
    assert smooth["probability"] > 0.01 and "?" not in smooth["question"]
    assert smooth["question"].startswith("No more practices than chance")


@pytest.mark.parametrize(
    ("jump", "probability", "asks"),
    [(1.8, 0.009, True), (1.8, 0.011, False), (0.6, 0.001, False), (0.6, 0.9, False)],
)
def test_it_asks_only_where_chance_would_rarely_do_it(monkeypatch, jump, probability, asks) -> None:
    ends = Interval(np.asarray(2.0), np.asarray(9.0))
    found = Bunching(31, 12, 25.4, 17.6, jump, ends, 5.5, ends, probability)
    module = import_module("locality.measure.bunching")
    monkeypatch.setattr(module, "heaped", lambda *given, **words: found)
    threshold = upper_threshold(HYP008, KNOWN.rules, "2025-26")
    (row_,) = bunching(HYP008, observations(row("A00001", 1, 2, 0)), threshold).rows
    assert ("?" in row_["question"]) is asks
    assert "31 where about 25 would be expected" in row_["question"]
    assert (row_["above"], row_["excess"], row_["excess_upper"]) == (31, 5.5, 9.0)


@pytest.mark.parametrize("rows", [[], [row("A00001", 9, 10, 1, period="2025-26")]])
def test_too_few_near_the_threshold_say_so(rows) -> None:
    threshold = upper_threshold(HYP008, KNOWN.rules, "2025-26")
    (found,) = bunching(HYP008, observations(*rows), threshold).rows
    assert found["question"].startswith("Too few practices lie near 85 %")
    assert found["probability"] is found["expected"] is None


def test_no_word_accuses() -> None:
    threshold = upper_threshold(HYP008, KNOWN.rules, "2025-26")
    said = bunching(HYP008, practices(0.6), threshold)
    words = " ".join([said.rows[0]["question"], said.caption, *said.notes]).lower()
    for word in ("gaming", "gamed", "manipulat", "abuse", "cheat", "suspicious", "fraud"):
        assert word not in words
    assert definition().measure.views.keys() >= {"achievement", "reach", "pca_rate"}
