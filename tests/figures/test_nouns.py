import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import (
    Cell,
    Column,
    Figure,
    Line,
    Missing,
    Period,
    RuleReference,
    Schema,
    Source,
    Statement,
    Step,
    Table,
    Working,
)

YEAR = Period.parse("2024-25")
RULE = RuleReference("qof.point_value", "Value of a point", "rules/x.toml", "a document")


def figure(**words: object) -> Figure:
    given_words: dict[str, object] = {
        "measure": "qof.register.hyp",
        "title": "Hypertension register",
        "organisation": "Z90001",
        "period": YEAR,
        "unit": "%",
        "value": 15.234,
        "lower": 14.05,
        "upper": 16.44,
    }
    return Figure(**(given_words | words))  # type: ignore[arg-type]


def test_a_figure_has_a_value_or_a_reason_never_both_never_neither() -> None:
    assert figure().text == "15.2 %"
    assert figure(value=None, missing=Missing.NO_RETURN).text == "no return"
    with pytest.raises(ValueError, match=r"qof\.register\.hyp for Z90001"):
        figure(missing=Missing.SUPPRESSED)
    with pytest.raises(ValueError, match="never neither"):
        figure(value=None)


def test_zero_is_a_value_and_not_a_reason() -> None:
    assert figure(value=0.0, lower=0.0, upper=0.4).text == "0.0 %"
    assert figure(value=0.0).missing is None


def test_the_interval_is_printed_once_with_its_unit() -> None:
    assert figure(lower=14.12).interval_text == "14.1 to 16.4 %"
    assert figure(lower=None).interval_text == ""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (3827.0, "patients", "3,827"),
        (1.5, "per 1,000 patients", "1.50"),
        (0.0981, "per 1,000 patients", "0.098"),
        (137.14, "per 1,000 patients", "137.1"),
        (-1234.5, "£", "-£1,234.50"),
        (1234.5, "£ a year", "£1,234.50"),
        (0.94512, "ratio", "0.945"),
    ],
)
def test_values_are_printed_in_their_unit(value: float, unit: str, text: str) -> None:
    assert figure(value=value, unit=unit).text == text


def test_a_figure_goes_to_json_with_its_whole_working() -> None:
    source = Source("qof_prevalence", "QOF", "NHS England", "P.csv", "ab", "2024-25", 1, 2)
    working = Working((source,), (RULE,), (Step("divide", "1 / 2"),))
    told = json.loads(json.dumps(figure(working=working).as_dict()))
    assert told["working"]["sources"][0]["sha256"] == "ab"
    assert told["working"]["rules"][0]["id"] == "qof.point_value"
    assert told["working"]["steps"] == [{"text": "divide", "calculation": "1 / 2"}]
    assert (told["period"], told["missing"]) == ("2024-25", None)
    assert "NHS England" in source.sentence


def test_missing_reasons_are_four_different_sentences_and_the_gate_comes_first() -> None:
    assert len({reason.sentence for reason in Missing}) == len(Missing)
    assert Cell.OK.missing is None
    assert Cell.PARTIAL.missing is None
    assert (Cell.WITHHELD | Cell.NO_RETURN).missing is Missing.WITHHELD
    reasons = {flag.missing for flag in (Cell.NO_RETURN, Cell.SUPPRESSED, Cell.NOT_APPLICABLE)}
    assert len(reasons) == 3


@given(
    st.lists(
        st.tuples(st.decimals("-1e5", "1e5", places=3), st.decimals(0, 500, places=4)), max_size=12
    )
)
def test_a_statement_rounds_once_at_the_end(pairs: list[tuple[Decimal, Decimal]]) -> None:
    statement = Statement.of("t", [Line("l", q, "points", r, RULE) for q, r in pairs])
    exact = sum((q * r for q, r in pairs), Decimal(0))
    assert abs(statement.total - exact) <= Decimal("0.005")
    assert statement.total == statement.total.quantize(Decimal("0.01"))
    assert json.loads(json.dumps(statement.as_dict()))["total"] == str(statement.total)


PEOPLE = Schema(
    "people",
    "People",
    (
        Column("code", "text", "a code"),
        Column("count", "whole", "how many", "patients", required=False),
    ),
    ("code",),
)


def test_a_table_casts_orders_and_reads_back() -> None:
    table = Table.of(PEOPLE, {"count": [1.0, None], "extra": [1, 2], "code": ["a", "b"]}, title="T")
    assert table.rows == [{"code": "a", "count": 1}, {"code": "b", "count": None}]
    assert (len(table), table.title, table.schema.names) == (2, "T", ("code", "count"))
    assert Table.of(PEOPLE, table.rows).data == table.data
    assert len(Table.of(PEOPLE, {})) == 0
    assert list(table.column("code")) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": ["a"]}, "there is no column 'count'"),
        ({"code": [None], "count": [1]}, "people.code: 1 cells are empty"),
        ({"code": ["a"], "count": ["many"]}, "people.count"),
        ({"code": ["a"], "count": [1.5]}, "people.count"),
    ],
)
def test_a_table_refuses_what_does_not_fit_and_names_the_column(data: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Table.of(PEOPLE, pa.table(data))


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="it has code, count"):
        Table.of(PEOPLE, {}).column("cuont")
