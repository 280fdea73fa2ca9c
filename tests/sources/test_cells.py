"""Columns of text to numbers, dates and reasons; the fast way equals the slow one."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing
from locality.sources.cells import MARKS, counts, day, days, negative, numbers

MARK_WORDS = [*MARKS, "N/A", "NULL", "[C]"]
CELLS = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.integers(0, 10**6).map("{:,}".format),
    st.integers(0, 10**6).map("{}.0".format),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    st.sampled_from([*MARK_WORDS, "twelve", "1.5", "1e3", "inf", "nan", "+7", "1,23", "9" * 25]),
)


def slow(cell: str, whole: bool) -> tuple[float | None, str | None, bool]:
    """Return value, reason and whether wrong, one cell at a time."""
    bare = cell.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", cell) else cell
    if re.fullmatch(r"[+-]?\d+(\.0*)?", bare) if whole else _is_number(bare):
        digits = bare.split(".")[0]
        if not (whole and len(digits) >= 18):
            return float(bare), None, False
    if (reason := MARKS.get(cell.lower())) is not None:
        return None, str(reason), False
    return None, None, True


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", cell))


@pytest.mark.parametrize("whole", [True, False])
@given(cells=st.lists(CELLS, max_size=12))
def test_numbers_are_those_of_the_slow_way(whole: bool, cells: list[str]) -> None:
    found = (counts if whole else numbers)(pa.array(cells, pa.string()))
    expected = [slow(cell, whole) for cell in cells]
    assert found.values.to_pylist() == [value for value, _, _ in expected]
    assert found.missing.to_pylist() == [reason for _, reason, _ in expected]
    assert found.wrong.tolist() == [wrong for _, _, wrong in expected]
    assert negative(found).tolist() == [v is not None and v < 0 for v, _, _ in expected]


def test_no_return_suppressed_not_applicable_and_zero_are_four_things() -> None:
    found = counts(pa.array([":", "", "*", "N/A", "-", "0", "0.0"]))
    assert found.missing.to_pylist() == [
        Missing.NO_RETURN,
        Missing.NO_RETURN,
        Missing.SUPPRESSED,
        Missing.NOT_APPLICABLE,
        Missing.NOT_APPLICABLE,
        None,
        None,
    ]
    assert found.values.to_pylist() == [None, None, None, None, None, 0, 0]
    assert not found.wrong.any()


@pytest.mark.parametrize(
    "written",
    [
        "2021-01-02", "02JAN2021", "02Jan2021", "2 January 2021", "02/01/2021", "2/1/2021",
        "20210102", "2021-01-02 00:00:00", "2021-01-02T00:00:00", "02-Jan-2021", "02.01.2021",
        "02/01/2021 00:00",
    ],
)  # fmt: skip
def test_dates_in_every_form_that_the_files_have(written: str) -> None:
    assert day(written) == date(2021, 1, 2)


@pytest.mark.parametrize(
    "written", ["", "31/02/2021", "13/13/2021", "2021", "Jan 2021", "44197", "00Foo2021", "x"]
)
def test_what_is_no_date(written: str) -> None:
    assert day(written) is None


def test_a_column_of_dates_tells_empty_from_wrong() -> None:
    found, bad = days(pa.array(["2021-01-02", "", "yesterday", "02/01/2021"]))
    assert found.to_pylist() == [date(2021, 1, 2), None, None, date(2021, 1, 2)]
    assert bad.tolist() == [False, False, True, False]
    assert days(pa.array([], pa.string()))[1].tolist() == []
