from locality.figures import Column, Schema, Table
from locality.render.pictures import Picture, need_components
from locality.render.pictures.need_components import component_words
from tests.render import made


def picture(**index: float | None) -> Picture:
    rows = [{"component": name, "index": value, "missing": None if value else "no return"}
            for name, value in index.items()]  # fmt: skip
    return need_components(Table.of(made.NEED, rows), name="Ash Surgery")


def test_components_keep_their_order_and_the_list_itself_is_not_drawn() -> None:
    drawn = picture(registered=1.0, mental_health=0.9, maternity=1.2, overall=1.1)
    assert [p["k"] for p in drawn.spec["datasets"]["points"]] == [
        "Mental health", "Maternity", "Overall",
    ]  # fmt: skip
    assert len(drawn.table) == 4


def test_the_sentence_gives_the_span_and_the_whole() -> None:
    assert picture(mental_health=0.9, maternity=1.2, overall=1.1).sentence == (
        "Need for each patient of Ash Surgery is from 0.900 (mental health) to 1.200 (maternity), "
        "1.100 overall, where England is 1."
    )
    assert picture(overall=1.1).sentence == (
        "Need for each patient of Ash Surgery is 1.100 overall, where England is 1."
    )
    assert picture(maternity=1.2).sentence == (
        "Need for each patient of Ash Surgery is 1.200 (maternity), where England is 1."
    )


def test_a_component_without_an_index_is_a_gap_with_its_reason() -> None:
    drawn = picture(mental_health=0.9, community=None)
    assert drawn.spec["datasets"]["points"][1] == {"k": "Community", "x": None}
    assert "1 component has no value (no return)" in drawn.sentence
    assert ">no value<" in drawn.svg(300)


def test_an_index_with_a_reason_to_be_missing_is_not_shown() -> None:
    rows = [{"component": "community", "index": 1.777, "missing": "withheld: small numbers"}]
    drawn = need_components(Table.of(made.NEED, rows), name="Ash")
    assert "1.777" not in drawn.json().decode() + drawn.sentence
    assert drawn.sentence.startswith("There is no need index for Ash; ")


def test_the_average_stands_in_the_middle() -> None:
    for index in ({"a": 1.4, "b": 0.95}, {"a": 0.5}, {"a": 1.0}):
        drawn = picture(**index)
        low, high = drawn.spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
        assert low < 1 < high
        assert abs((low + high) / 2 - 1) < 0.01
        assert all(low <= value <= high for value in index.values())


def test_a_component_is_said_by_its_title_on_lines_that_fit() -> None:
    schema = Schema("need", "Need", (*made.NEED.columns, Column("title", "text", "in words")))
    rows = [{"component": "overall", "index": 1.1, "title": "Core services, all components"}]
    drawn = need_components(Table.of(schema, rows), name="Ash")
    assert drawn.spec["datasets"]["points"][0]["k"] == "Core services, all\ncomponents"
    svg = drawn.svg(300)
    assert ">Core services, all<" in svg and ">components<" in svg and ">1.100<" in svg
    assert component_words("general_and_acute") == "General and acute"


def test_only_the_latest_year_is_drawn_and_its_table_is_the_one_shown() -> None:
    columns = (Column("period", "text", "year"), Column("not_given", "whole", "left out"))
    schema = Schema("need", "Need", (*made.NEED.columns, *columns))
    rows = [
        {"period": year, "component": "community", "index": index, "not_given": lacking}
        for year, index, lacking in (("2025-26", 1.2, 2), ("2023-24", 1.4, 0))
    ]
    drawn = need_components(Table.of(schema, rows), name="Ash")
    assert drawn.table.column("index").tolist() == [1.2]
    assert drawn.title == "Need by component: Ash and England, 2025-26"
    assert drawn.sentence == (
        "Need for each patient of Ash in 2025-26 is 1.200 (community), where England is 1; "
        "2 member practices are left out of a component for want of a value."
    )
