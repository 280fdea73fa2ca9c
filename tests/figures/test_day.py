from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Problem, typed_day

DAY = date(2027, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["2027-03-05", "20270305", "5/3/2027", "05/03/2027", "5-3-2027", "5.3.2027", "5 March 2027",
     "5 mar 2027", " 5th  March, 2027 ", "05 MARCH 2027"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert typed_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31 February 2027", "2027-13-01", "3/31/2027", "5/3/27", "5 March", "March 2027",
     "0/1/2027", "5 3 2027"],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Problem, match="Write a real one, such as 31 March 2027"):
        typed_day(text)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_way_of_writing_a_day_means_that_day(day: date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%-d/%-m/%Y", "%d %B %Y", "%-d %b %Y"):
        assert typed_day(day.strftime(form)) == day
