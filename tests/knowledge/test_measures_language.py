from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.knowledge import Expression, KnowledgeError, Names
from locality.knowledge.measures_language import Kind

ROW = Names({"a": "number", "b": "number", "g": "text", "on": "date", "missing": "text"}, {"few"})
MANY = Names({"a": "number", "b": "number"}, aggregates=True)
LISTS = {"few": {"x", "y"}}


def read(text: str, wanted: Kind = "number", names: Names = ROW) -> Expression:
    return Expression(text, names, wanted, "knowledge/measures/m.toml", "source.where")


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("100 * a / b", {"a": 1, "b": 4}, 25.0),
        ("100 * a / b", {"a": 1, "b": 0}, None),
        ("a / b", {"a": None, "b": 2}, None),
        ("a / (a + b)", {"a": 1, "b": 3}, 0.25),
        ("a - b - 1", {"a": 5, "b": 3}, 1.0),
        ("-a * 2.5", {"a": 2}, -5.0),
        ("a - -b", {"a": 2, "b": 1}, 3.0),
    ],
)
def test_arithmetic(text: str, row: dict[str, Any], value: float | None) -> None:
    assert read(text).evaluate(row) == value


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("g == 'x'", {"g": "x"}, True),
        ("g != 'x'", {"g": "x"}, False),
        ("a > 3", {"a": None}, False),
        ("not a > 3", {"a": None}, True),
        ("a != 3", {"a": None}, False),
        ("a <= 3 and a >= 1", {"a": 2}, True),
        ("a < 1 or a == 2", {"a": 2}, True),
        ("a < 1 or g == 'x' and a == 3", {"a": 2, "g": "x"}, False),
        ("(a < 1 or g == 'x') and a == 2", {"a": 2, "g": "x"}, True),
        ("g in list('few')", {"g": "y"}, True),
        ("g not in list('few')", {"g": "y"}, False),
        ("g in list('few')", {"g": None}, False),
        ("g not in list('few')", {"g": None}, True),
        ("present(g)", {"g": "x"}, True),
        ("present(g)", {}, False),
        ("missing(on)", {"on": None}, True),
        ("missing == 'no return'", {"missing": "no return"}, True),
        ("missing(missing)", {"missing": None}, True),
        ("g == 'it''s'", {"g": "it's"}, True),
    ],
)
def test_logic_has_two_values(text: str, row: dict[str, Any], value: bool) -> None:
    assert read(text, "truth").evaluate(row, LISTS) is value


@pytest.mark.parametrize(
    ("text", "rows", "value"),
    [
        ("sum(a)", {"a": [1, 2]}, 3.0),
        ("sum(a)", {"a": [1, None, 2]}, None),
        ("sum(a) / sum(b)", {"a": [1, 2], "b": [4, 2]}, 0.5),
        ("sum(a)", {"a": [None]}, None),
        ("sum(a)", {"a": []}, None),
        ("count(a)", {"a": [1, None, 2]}, 2.0),
        ("1000 * count(a) / sum(b)", {"a": [], "b": [10]}, 0.0),
    ],
)
def test_aggregates(text: str, rows: dict[str, Any], value: float | None) -> None:
    assert read(text, names=MANY).evaluate(rows) == value


#: (text, wanted, words that the sentence must hold); the file and key must stand in each.
REFUSED: list[tuple[str, Kind, tuple[str, ...]]] = [
    ("", "number", ("nothing",)),
    ("a = 3", "truth", ("write ==",)),
    ("a <> 3", "truth", ("write !=",)),
    ("a ! b", "truth", ("'!'",)),
    ('g == "x"', "truth", ("single quotes",)),
    ("g == 'x", "truth", ("not allowed",)),
    ("a -- 3", "number", ("comments",)),
    ("a % 3", "number", ("remainder",)),
    ("a & b", "truth", ("write and",)),
    ("g || 'x'", "text", ("write or",)),
    ("a; drop table t", "number", ("'; drop",)),
    ("a // b", "number", ("do not make an expression",)),
    ("a ** b", "number", ("not part of the language",)),
    ("a /* b */", "number", ("not make an expression",)),
    ("1e3 * a", "number", ("'1e3",)),
    ("0x10", "number", ("'0x10'",)),
    ("A + b", "number", ("'A'", "did you mean 'a'")),
    ("a AND b", "truth", ("'and' in small letters",)),
    ("goop == 'x'", "truth", ("'goop'", "it may be", "'g'")),
    ("select", "number", ("'select'",)),
    ("g like 'x'", "truth", ("'like'",)),
    ("a is null", "truth", ("'is'",)),
    ("true", "truth", ("'true'",)),
    ("lower(g) == 'x'", "truth", ("no function 'lower'",)),
    ("presnt(g)", "truth", ("did you mean 'present'",)),
    ("sum(a)", "number", ("derived measures",)),
    ("present(a + b)", "truth", ("present() takes one name",)),
    ("present(a, b)", "truth", ("present() takes one name",)),
    ("present('x')", "truth", ("present() takes one name",)),
    ("g in ('x')", "truth", ("column in list('name')",)),
    ("g in list(g)", "truth", ("column in list('name')",)),
    ("g in list('few', 'few')", "truth", ("column in list('name')",)),
    ("g in list('fw')", "truth", ("'fw'", "did you mean 'few'")),
    ("a + 1 in list('few')", "truth", ("column in list('name')",)),
    ("list('few')", "truth", ("not part of the language",)),
    ("(a, b)", "number", ("not part of the language",)),
    ("a b", "number", ("not part of the language",)),
    ("(a", "number", ("missing bracket",)),
    ("a +", "number", ("missing bracket",)),
    ("a > ", "truth", ("missing bracket",)),
    ("g + 1", "number", ("g is a text", "needs numbers")),
    ("-g", "number", ("g is a text",)),
    ("g > 'x'", "truth", ("more or less",)),
    ("on == 3", "truth", ("on is a date", "cannot be compared")),
    ("a == 1 == 1", "truth", ("cannot be compared",)),
    ("not a", "truth", ("a is a number", "join comparisons")),
    ("a and b == 1", "truth", ("a is a number",)),
    ("a == 1", "number", ("gives a truth", "number is wanted")),
    ("g", "number", ("gives a text",)),
    ("a", "truth", ("gives a number",)),
    ("a" + " + a" * 200, "number", ("at most 500", "...")),
]


@pytest.mark.parametrize(("text", "wanted", "words"), REFUSED, ids=[one[0][:20] for one in REFUSED])
def test_what_is_refused_is_told(text: str, wanted: Kind, words: tuple[str, ...]) -> None:
    with pytest.raises(KnowledgeError) as told:
        _ = read(text, wanted).tree
    sentence = str(told.value)
    assert sentence.startswith("knowledge/measures/m.toml, key 'source.where': in ")
    for word in words:
        assert word in sentence, sentence


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a", "write sum(a)"),
        ("sum(a + b)", "one name"),
        ("sum(sum(a))", "one name"),
        ("count()", "one name"),
        ("count(a, b)", "one name"),
        ("sum(3)", "one name"),
        ("sum(a) > 3", "gives a truth"),
    ],
)
def test_what_derived_measures_may_not_say(text: str, word: str) -> None:
    with pytest.raises(KnowledgeError) as told:
        _ = read(text, names=MANY).tree
    assert word in str(told.value)


def test_names_and_lists_are_told_without_the_grammar() -> None:
    one = read("g in list('few') and a > 3 and a < 9", "truth")
    assert one.names == ("g", "a") and one.lists == ("few",)
    assert "tree" not in vars(one)


def test_sql_is_two_valued_and_guards_against_zero() -> None:
    where = read("not a > 3 and g in list('few') and present(on)", "truth")
    assert where.sql_tree(LISTS).sql("duckdb") == (
        "NOT COALESCE(a > 3, FALSE) AND COALESCE(g IN ('x', 'y'), FALSE) AND NOT \"on\" IS NULL"
    )
    assert read("a / b").sql_tree(table="t").sql("spark") == (
        "CAST(t.a AS DOUBLE) / NULLIF(CAST(t.b AS DOUBLE), 0)"
    )
    assert read("g in list('few')", "truth").sql_tree({"few": []}).sql() == "FALSE"


def test_a_quote_in_a_list_stays_a_text() -> None:
    sql = read("g in list('few')", "truth").sql_tree({"few": ["x'; drop table t --"]})
    assert sql.sql("duckdb") == "COALESCE(g IN ('x''; drop table t --'), FALSE)"


# A slow twin: whatever the language can say, DuckDB and plain Python come to the same.
numbers = st.recursive(
    st.sampled_from(["a", "b"]) | st.integers(0, 9).map(str) | st.just("2.5"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        inner.map(lambda one: f"(-{one})"),
    ),
    max_leaves=6,
)
comparisons = st.one_of(
    st.tuples(numbers, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers).map(" ".join),
    st.tuples(st.just("g"), st.sampled_from(["==", "!="]), st.sampled_from(["'x'", "'z'"])).map(
        " ".join
    ),
    st.sampled_from(["g in list('few')", "g not in list('few')", "missing(a)", "present(on)"]),
)
truths = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=5,
)
rows = st.fixed_dictionaries(
    {
        "a": st.none() | st.integers(-5, 5),
        "b": st.none() | st.integers(-5, 5),
        "g": st.none() | st.sampled_from(["x", "y", "z"]),
        "on": st.none() | st.just(date(2026, 7, 1)),
        "missing": st.none(),
    }
)
DUCK = duckdb.connect(config={"threads": 1})


def by_duckdb(expression: Expression, row: dict[str, Any]) -> Any:
    sql = expression.sql_tree(LISTS, "row").sql("duckdb")
    columns = (
        '?::BIGINT AS a, ?::BIGINT AS b, ?::VARCHAR AS g, ?::DATE AS "on", ?::VARCHAR AS missing'
    )
    found = DUCK.execute(
        f"SELECT {sql} FROM (SELECT {columns}) AS row", [row[name] for name in ROW.columns]
    )
    return found.fetchall()[0][0]


@settings(max_examples=150)
@given(numbers, rows)
def test_numbers_are_the_same_in_duckdb_and_in_python(text: str, row: dict[str, Any]) -> None:
    expression = read(text)
    plain, engine = expression.evaluate(row, LISTS), by_duckdb(expression, row)
    if plain is None or engine is None:
        assert plain is engine
    else:
        assert float(engine) == pytest.approx(plain, rel=1e-9, abs=1e-9)


@settings(max_examples=250)
@given(truths, rows)
def test_truth_is_the_same_in_duckdb_and_in_python(text: str, row: dict[str, Any]) -> None:
    expression = read(text, "truth")
    plain = expression.evaluate(row, LISTS)
    assert plain is by_duckdb(expression, row) and isinstance(plain, bool)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        expression = read(text, "truth")
        tree = expression.tree
    except KnowledgeError as told:
        assert "m.toml" in str(told)
    else:
        assert tree is not None and isinstance(expression.evaluate({}, LISTS), bool)


WORDS = ["a", "b", "g", "on", "1", "'x'", "(", ")", "and", "or", "not", "in", "list('few')", "==",
         "<", "+", "-", "*", "/", ",", "present(", "sum(", "missing"]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_any_row_of_words_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        value = read(text, "truth").evaluate({"a": 1, "g": "x"}, LISTS)
    except KnowledgeError as told:
        assert "source.where" in str(told)
    else:
        assert isinstance(value, bool)
