import pytest

from locality.render.pictures import theme

MARKS = ["INK", "SOFT_INK", "OWN", "OWN_BAND", "NEAR", "FURTHER", "OTHERS"]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", MARKS)
def test_every_mark_stands_out_from_the_paper(name: str) -> None:
    assert contrast(getattr(theme, name), theme.PAPER) >= 3


@pytest.mark.parametrize("name", ["INK", "SOFT_INK"])
def test_words_are_readable(name: str) -> None:
    assert contrast(getattr(theme, name), theme.PAPER) >= 4.5


def test_own_and_near_stand_out_from_everyone_else_by_shape_and_by_lightness() -> None:
    assert len({theme.OWN_SHAPE, theme.NEAR_SHAPE, theme.OTHERS_SHAPE}) == 3
    assert luminance(theme.OWN) < luminance(theme.NEAR) < luminance(theme.OTHERS)


def test_no_two_lines_share_a_dash() -> None:
    dashes = [theme.OWN_DASH, theme.ENGLAND_DASH, theme.NEAR_DASH, theme.FURTHER_DASH]
    assert len({tuple(dash) for dash in dashes}) == 4


@pytest.mark.parametrize(
    ("unit", "form"),
    [("%", ".1f"), ("£ a year", ",.2f"), ("index", ".3f"), ("patients", ",.0f"), ("", ",.0f")],
)
def test_numbers_are_drawn_as_pages_print_them(unit: str, form: str) -> None:
    assert theme.number_format(unit) == form


def test_long_titles_are_broken_between_words() -> None:
    lines = theme.wrapped("Patients aged 18 and over on the depression register (%)", 30)
    assert lines == ["Patients aged 18 and over on", "the depression register (%)"]
    assert theme.wrapped("") == [""]
