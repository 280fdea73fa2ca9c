from typing import Any

import pytest

from locality.figures import Missing, NotFound, Period, Problem, Source, Table, Working
from locality.figures.schemas.prices import HRGS, NATIONAL_PRICES, TRIM_POINTS
from locality.know.prices import SETTINGS, price, price_list, search, trim_point

Y17, Y18, Y19 = (Period.financial_year(year) for year in (2017, 2018, 2019))
COMBINED = "combined_day_case_ordinary_elective"


def table(schema: Any, *rows: tuple[Any, ...]) -> Table:
    return Table.of(schema, [dict(zip(schema.names, row, strict=True)) for row in rows])


def priced(code: str, period: str = "2017-18", **of: float | None) -> list[tuple[Any, ...]]:
    return [
        (period, code, setting, amount, None if amount is not None else "not applicable")
        for setting, amount in of.items()
    ]


PRICES = table(
    NATIONAL_PRICES,
    *priced("AA22C", **{COMBINED: 8207.0}, day_case=None, non_elective=9766.0),
    *priced("AA22C", "2018-19", **{COMBINED: 8285.0}, day_case=None, non_elective=9859.0),
    *priced("CA11A", **{COMBINED: None}, day_case=1237.0, ordinary_elective=1119.0),
    *priced("PB03Z", **{COMBINED: None}, day_case=None),
)
NAMES = table(
    HRGS,
    ("2017-18", "AA22C", "Stroke, with Score 14+"),
    ("2018-19", "AA22C", "Stroke and Others, with Score 14+"),
    ("2017-18", "CA11A", "Operation on the Nose"),
    ("2017-18", "PB03Z", "Healthy Baby"),
)
TRIMS = table(
    TRIM_POINTS,
    ("2017-18", "AA22C", "elective", 117, None),
    ("2017-18", "AA22C", "non_elective", None, "not applicable"),
)


def test_a_price_shows_its_row_and_its_file() -> None:
    source = Source("national_prices", "National prices", "NHS England", "x.csv", "ab", "2017-18",
                    1, 2303)  # fmt: skip
    found = price(PRICES, NAMES, " aa22c ", COMBINED, Y17, Working(sources=(source,)))
    assert (found.value, found.unit, found.missing, found.note) == (8207, "£", None, "")
    assert found.text == "£8,207.00"
    assert found.working.sources == (source,)
    (step,) = found.working.steps
    assert "AA22C" in step.text and "2017-18" in step.text
    assert step.calculation == "£8,207.00"
    assert "Stroke, with Score 14+" in found.title


def test_the_name_is_that_of_the_year() -> None:
    assert "Stroke and Others" in price(PRICES, NAMES, "AA22C", "non_elective", Y18).title


@pytest.mark.parametrize(
    ("code", "setting", "period", "missing", "says"),
    [
        ("CA11A", COMBINED, Y17, Missing.NOT_APPLICABLE,
         "It is priced as: day case £1,237.00; ordinary elective £1,119.00."),
        ("PB03Z", COMBINED, Y17, Missing.NOT_APPLICABLE, "no price of any kind"),
        ("CA11A", COMBINED, Y18, Missing.NO_RETURN, "not in the list of 2018-19; it is in 2017-18"),
        ("AA22C", COMBINED, Y19, Missing.NO_RETURN, "Years loaded: 2017-18, 2018-19"),
        ("AA22C", "long_stay_per_day", Y17, Missing.NO_RETURN, "has no column for this price"),
    ],
)  # fmt: skip
def test_no_price_is_made_up(
    code: str, setting: str, period: Period, missing: Missing, says: str
) -> None:
    found = price(PRICES, NAMES, code, setting, period)
    assert (found.value, found.missing) == (None, missing)
    assert says in found.note
    assert bool(found.working.steps) == (missing is Missing.NOT_APPLICABLE)


def test_what_cannot_be_asked_for_says_what_can() -> None:
    with pytest.raises(Problem, match="did you mean 'day_case'"):
        price(PRICES, NAMES, "AA22C", "daycase", Y17)
    with pytest.raises(NotFound, match="Near it: AA22C"):
        price(PRICES, NAMES, "AA22D", COMBINED, Y17)
    with pytest.raises(Problem, match="No national prices are loaded"):
        price(table(NATIONAL_PRICES), NAMES, "AA22C", COMBINED, Y17)


def test_trim_points() -> None:
    found = trim_point(TRIMS, "AA22C", "elective", Y17)
    assert (found.value, found.unit, found.text) == (117, "days", "117")
    none = trim_point(TRIMS, "AA22C", "non_elective", Y17)
    assert none.missing is Missing.NOT_APPLICABLE and "no non-elective trim point" in none.note
    assert "Years loaded: 2017-18" in trim_point(TRIMS, "AA22C", "elective", Y18).note
    with pytest.raises(Problem, match="elective"):
        trim_point(TRIMS, "AA22C", "day_case", Y17)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("stroke", ["AA22C"]),
        ("SCORE 14+", ["AA22C"]),
        ("a", ["AA22C", "CA11A", "PB03Z"]),
        ("ca", ["CA11A"]),
        ("CA11A", ["CA11A"]),
        ("nose 11a", ["CA11A"]),
        ("nose stroke", []),
        (".*", []),
        ("  ", []),
    ],
)
def test_search_finds_every_word_in_code_or_name(text: str, codes: list[str]) -> None:
    assert [row["hrg_code"] for row in search(NAMES, text).rows] == codes


def test_search_gives_the_latest_name_and_no_more_than_asked() -> None:
    assert search(NAMES, "aa22c").rows == [
        {"period": "2018-19", "hrg_code": "AA22C", "name": "Stroke and Others, with Score 14+"}
    ]
    # The name of an older year finds it too, where the latest no longer says so.
    assert len(search(NAMES, "a", limit=2)) == 2


def test_the_price_list_has_every_setting_of_every_year() -> None:
    found = price_list(PRICES, NAMES, "aa22c")
    assert [(r["period"], r["setting"], r["price"], r["missing"]) for r in found.rows] == [
        ("2018-19", COMBINED, 8285, None),
        ("2018-19", "day_case", None, "not applicable"),
        ("2018-19", "non_elective", 9859, None),
        ("2017-18", COMBINED, 8207, None),
        ("2017-18", "day_case", None, "not applicable"),
        ("2017-18", "non_elective", 9766, None),
    ]
    assert found.rows[-1]["name"] == "Stroke, with Score 14+"
    assert {row["setting_title"] for row in found.rows} <= set(SETTINGS.values())
    assert len(price_list(PRICES, NAMES, "nothing of the kind")) == 0
