import gzip
import re
from datetime import date
from pathlib import Path

import pytest

from locality import knowledge
from locality.figures import Missing, NotFound
from locality.figures.schemas import SOURCE_TABLES
from locality.knowledge import Measure
from locality.knowledge.files import PACKAGE

MEASURES = knowledge.load().measures
GROUPS = {
    "AF": "TOTAL", "AST": "06OV", "CAN": "TOTAL", "CHD": "TOTAL", "CKD": "18OV", "COPD": "TOTAL",
    "DEM": "TOTAL", "DEP": "18OV", "DM": "17OV", "EP": "18OV", "HF": "TOTAL", "HYP": "TOTAL",
    "LD": "TOTAL", "MH": "TOTAL", "NDH": "18OV", "OB": "18OV", "OST": "50OV", "PAD": "TOTAL",
    "PC": "TOTAL", "RA": "16OV", "STIA": "TOTAL",
}  # fmt: skip

every_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))


@every_measure
def test_every_case_comes_out_as_it_says(measure: Measure) -> None:
    knowledge.check(measure)
    assert len(measure.cases) >= 3


@every_measure
def test_every_expression_is_sound(measure: Measure) -> None:
    for key, expression in measure.expressions.items():
        assert expression.tree is not None, key
        assert expression.sql_tree(measure.code_lists).sql("duckdb")


@every_measure
def test_no_review_is_overdue(measure: Measure) -> None:
    assert measure.governance.next_review >= date.today(), f"{measure.id} is due for review"


@every_measure
def test_every_measure_stands_in_the_file_that_bears_its_name(measure: Measure) -> None:
    assert measure.place.endswith(f"/{measure.id.rpartition('.')[2]}.toml")
    assert (PACKAGE.parent / measure.place).is_file()
    assert set(measure.datasets) <= set(SOURCE_TABLES)


def test_the_registers_are_the_21_groups() -> None:
    ids = {f"qof.register.{group.lower()}" for group in GROUPS}
    assert {id for id in MEASURES if id.startswith("qof.register.")} == ids
    for group, list_type in GROUPS.items():
        measure = MEASURES[f"qof.register.{group.lower()}"]
        assert measure.polarity == "none" and measure.unit == "%"
        assert measure.source is not None and measure.source.period_column == "period"
        where = measure.expressions["source.where"]
        assert where.evaluate({"group_code": group}) is True
        assert not any(where.evaluate({"group_code": other}) for other in GROUPS if other != group)
        age = re.match(r"\d\d", list_type)
        words = f"aged {int(age[0])} or over" if age else "everyone"
        assert words in measure.denominator_words


@pytest.mark.published
@pytest.mark.parametrize("year", ["2021_v2", "2122", "2425"])
def test_the_published_files_have_those_groups_and_lists(published: Path, year: str) -> None:
    path = published / "practice" / f"PREVALENCE_{year}.csv.gz"
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    found = set()
    for line in text.splitlines()[1:]:
        cells = line.split(",")
        found.add((cells[1], cells[3]))
    assert found == set(GROUPS.items())


def test_a_hypertension_register_by_hand() -> None:
    measure = MEASURES["qof.register.hyp"]
    assert knowledge.value(measure, {"num": 9_711_491, "den": 63_766_671}) == pytest.approx(
        15.2297, abs=1e-4
    )


def test_published_denominators_are_net_and_never_netted_again() -> None:
    measure = MEASURES["qof.in_year.hyp010"]
    counts = {"num": 412.0, "den": 560.0, "exc": 40.0}
    assert knowledge.value(measure, counts) == pytest.approx(73.5714, abs=1e-4)
    assert knowledge.value(measure, counts, "reach") == pytest.approx(68.6667, abs=1e-4)
    assert knowledge.value(measure, counts, "pca_rate") == pytest.approx(6.6667, abs=1e-4)


def test_why_there_is_no_value() -> None:
    measure = MEASURES["qof.in_year.hyp010"]
    none: dict[str, float | None] = {"num": 1.0, "den": None, "exc": 2.0}
    assert knowledge.value(measure, none) is Missing.NO_RETURN
    assert knowledge.value(measure, {"num": 0, "den": 0}) is Missing.NOTHING_TO_COUNT
    assert knowledge.value(measure, none, missing=Missing.SUPPRESSED) is Missing.SUPPRESSED


def test_a_sum_with_a_hole_in_it_is_no_sum() -> None:
    measure = MEASURES["qof.in_year.hyp010"]
    row = {"indicator_code": "HYP010", "numerator": 3, "denominator": 4, "pcas": 1}
    whole = knowledge.counts(measure, [row, row])
    assert whole == {"num": 6.0, "den": 8.0, "exc": 2.0}
    holed = knowledge.counts(measure, [row, row | {"denominator": None}])
    assert holed == {"num": 6.0, "den": None, "exc": 2.0}


def test_a_view_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="did you mean 'reach'"):
        MEASURES["qof.in_year.hyp010"].view("reached")


def test_indicators_chain_across_years() -> None:
    assert MEASURES["qof.in_year.chd015"].replaced_by == ["qof.in_year.cd001"]
    assert MEASURES["qof.in_year.stia014"].replaced_by == ["qof.in_year.cd001"]
    for measure in MEASURES.values():
        for id in measure.replaced_by:
            assert measure.valid.to is not None
            assert MEASURES[id].valid.from_ > measure.valid.to


def test_every_in_year_indicator_is_on_the_sheet_of_its_year() -> None:
    rules = knowledge.load().rules
    for measure in MEASURES.values():
        if measure.id.startswith("qof.in_year."):
            code = measure.id.rpartition(".")[2].upper()
            year = "2026-27" if measure.valid.to is None else "2025-26"
            assert rules.sheet("qof", year).row(code).kind == "fraction"


def test_the_hash_is_of_what_makes_the_numbers() -> None:
    measure = MEASURES["qof.register.hyp"]
    same = measure.model_copy(update={"title": "Another title", "why": "For another reason."})
    other = measure.model_copy(update={"unit": "per 1,000"})
    assert re.fullmatch("[0-9a-f]{64}", measure.definition_hash)
    assert same.definition_hash == measure.definition_hash != other.definition_hash
    assert len({one.definition_hash for one in MEASURES.values()}) == len(MEASURES)


def test_a_derived_measure_reads_its_inputs() -> None:
    measure = MEASURES["list.aged_75_and_over"]
    rows = [
        {"sex": sex, "age_from": age, "patients": patients}
        for sex, age, patients in [("MALE", 74, 5), ("MALE", 75, 3), ("FEMALE", 95, 2)]
    ]
    counted = knowledge.derived_counts(measure, {"older": rows, "everyone": rows})
    assert counted == {"num": 5.0, "den": 10.0}
    nobody = knowledge.derived_counts(measure, {"older": rows[:1], "everyone": rows[:1]})
    assert nobody == {"num": 0.0, "den": 5.0}
    away = knowledge.derived_counts(measure, {"older": [], "everyone": []})
    assert away == {"num": None, "den": None}


def test_nothing_official_is_copied_at_length() -> None:
    # The scheme's own wording begins in ways that ours never does.
    for measure in MEASURES.values():
        words = f"{measure.title} {measure.why} {measure.numerator_words}"
        assert "The contractor" not in words and "The percentage of patients" not in words
