import pytest

from locality.figures import Table
from locality.render.pictures import age_sex
from tests.render import made


def test_every_band_is_a_bar_on_its_own_side() -> None:
    table = made.ages()
    bars = age_sex(table, name="Ash Surgery").spec["datasets"]["bars"]
    assert [(bar["x"], bar["y"], bar["z"]) for bar in bars] == [
        (-20, 0, 5), (-30, 5, 10), (25, 0, 5), (25, 5, 10),
    ]  # fmt: skip
    assert [bar["n"] for bar in bars] == [40, 60, 50, 50]
    assert age_sex(table, name="Ash").table is table


def test_england_is_drawn_along_the_ends_of_its_bars_and_closed_at_the_top() -> None:
    outline = age_sex(made.ages(), name="Ash Surgery").spec["datasets"]["outline"]
    women = [(point["x"], point["y"]) for point in outline if point["s"].startswith("Women")]
    assert women == [(-30, 0), (-30, 5), (-22, 5), (-22, 10), (0, 10)]


def test_the_sentence_names_the_band_that_differs_most_over_both_sexes() -> None:
    # Ages 0 to 4: 45 against 56; ages 5 to 9: 55 against 44. The first is met first.
    said = age_sex(made.ages(england_share=31.0), name="Ash Surgery").sentence
    assert said == (
        "The largest difference is at ages 0 to 4: 45.0 % of the list of Ash Surgery, "
        "57.0 % of England's."
    )


def test_a_band_without_a_share_is_a_gap_that_is_counted() -> None:
    picture = age_sex(made.ages(england_share=None, share=None), name="Ash")
    assert len(picture.spec["datasets"]["bars"]) == 3
    assert picture.spec["datasets"]["outline"][0]["x"] is None
    assert "1 bar left out for want of a share" in picture.sentence


def test_patients_of_another_sex_are_counted_and_not_drawn() -> None:
    rows = [*made.ages().rows, {"sex": "UNKNOWN", "age_from": 0, "band": "0 to 4",
                                "patients": 3, "share": 1.5, "england_share": 0.1}]  # fmt: skip
    picture = age_sex(Table.of(made.AGES, rows), name="Ash")
    assert len(picture.spec["datasets"]["bars"]) == 4
    assert "3 patients recorded under another sex stand in the table only" in picture.sentence


def test_both_sides_have_the_same_scale() -> None:
    spec = age_sex(made.ages(), name="Ash").spec
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [-30, 30]


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_table_is_still_a_picture(count: int) -> None:
    picture = age_sex(Table.of(made.AGES, made.ages().rows[:count]), name="Ash")
    assert "<svg" in picture.svg(300)
    assert picture.sentence.startswith("There are no ages of Ash") is (count == 0)
