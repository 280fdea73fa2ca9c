import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from locality.render.pictures import interval_strip, strip_key

ROW = {"value": 18.0, "lower": 16.8, "upper": 19.2, "england": 15.2, "icb": 17.0}
SIZES = st.floats(0.001, 1e6)


def diamond(svg: str) -> float:
    return float(re.search(r'd="M([\d.]+) 4L', svg)[1])  # type: ignore[index]


def bar(svg: str) -> tuple[float, float]:
    left, width = re.search(r'<rect x="([\d.]+)" y="6" width="([\d.]+)"', svg).groups()  # type: ignore[union-attr]
    return float(left), float(left) + float(width)


def test_it_says_what_it_shows() -> None:
    words = "Ash 18.0 % (16.8 to 19.2 %), England 15.2 %, ICB 17.0 %"
    root = ElementTree.fromstring(interval_strip(ROW, name="Ash"))
    assert root.get("aria-label") == words
    assert root.get("role") == "img"
    assert root[0].text == words


def test_england_is_the_middle_and_the_own_value_stands_in_its_bar() -> None:
    svg = interval_strip({**ROW, "value": 15.2, "lower": 14.0, "upper": 16.5})
    assert diamond(svg) == 80
    left, right = bar(svg)
    assert left < 80 < right


@given(SIZES, SIZES, SIZES)
def test_a_higher_value_never_stands_further_left(a: float, b: float, england: float) -> None:
    low, high = sorted((a, b))
    places = [diamond(interval_strip({"value": v, "england": england})) for v in (low, high)]
    assert 8 <= places[0] <= places[1] <= 152


def test_doubling_is_the_same_step_for_every_measure() -> None:
    steps = {diamond(interval_strip({"value": 2 * e, "england": e})) for e in (0.3, 5.0, 800.0)}
    assert len(steps) == 1


def test_what_lies_beyond_ends_in_an_arrow() -> None:
    def points_to(value: float) -> str:
        path = re.search(
            r'd="(M[^"]+)" fill="#7a2380"', interval_strip({"value": value, "england": 1.0})
        )
        return path[1]  # type: ignore[index]

    assert points_to(9.0) == "M152 4L159 10L152 16Z"
    assert points_to(0.0) == "M8 4L1 10L8 16Z"
    assert points_to(1.0) == "M80 4L85 10L80 16L75 10Z"


def test_without_a_value_or_england_nothing_is_placed() -> None:
    hidden = interval_strip({**ROW, "missing": "withheld: small numbers"})
    assert "<rect" not in hidden and "18.0" not in hidden
    assert "no value (withheld: small numbers)" in hidden
    for nothing in (None, 0.0, float("nan")):
        svg = interval_strip({**ROW, "england": nothing})
        assert "<path" not in svg and "<rect" not in svg
        assert "18.0 %" in svg
    assert "England has no value" in interval_strip({**ROW, "england": None})


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_name_is_text_and_nothing_else(name: str) -> None:
    root = ElementTree.fromstring(interval_strip(ROW, name=name))
    label = root.get("aria-label") or ""
    assert label.startswith(f"{name} 18.0 %".strip())
    assert {child.tag.rsplit("}")[-1] for child in root} <= {"title", "line", "rect", "path"}


def test_the_key_explains_what_is_drawn() -> None:
    assert "triangle" in strip_key() and "triangle" not in strip_key(icb=False)
