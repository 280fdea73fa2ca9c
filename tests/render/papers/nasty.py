"""Tables with every type of column and text that means harm."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from locality.figures import Column, RuleReference, Schema, Source, Step, Table, Working

EVERYTHING = Schema(
    "everything",
    "One column of each type",
    (
        Column("code", "text", "its name"),
        Column("note", "text", "its name", required=False),
        Column("patients", "whole", "registered patients", "patients", required=False),
        Column("value", "number", "value", "%", required=False),
        Column("on", "date", "day", required=False),
        Column("open", "flag", "open or not", required=False),
        Column("flags", "bits", "bits", required=False),
    ),
    ("code",),
)
STARTS = [
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
    " =",
    "\u3000=",
    "\ufeff=",
    "\x00=",
]
HARM = [start + "HYPERLINK(\"http://x\",1)" for start in STARTS] + [
    "=1+1", "+44 20", "-5", "@SUM(1)", "a;=1+1", "a\n=1+1", 'a";=1', "'=1", "=", "-",
]  # fmt: skip

WORKING = Working(
    sources=(Source("p", "Lists", "NHS England", "l.csv", "ab" * 32, "2024-25", 1, 12),),
    rules=(RuleReference("r", "Register", "measures/hyp.toml", "QOF 2024-25"),),
    steps=(Step("Add up", "1 + 1 = 2"),),
)

# What a sheet can hold: no lone surrogates, and no signs that XML leaves out.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
    st.builds(str.__add__, st.sampled_from(STARTS), st.text("=+-@;, \"'\n\r\tab1", max_size=8)),
    st.sampled_from(HARM),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "code": TEXT,
            "note": st.none() | TEXT,
            "patients": st.none() | st.integers(-(2**53), 2**53),
            "value": st.none() | st.floats(-1e15, 1e15, allow_subnormal=False),
            "on": st.none() | st.dates(date(1901, 1, 1), date(2100, 1, 1)),
            "open": st.none() | st.booleans(),
            "flags": st.none() | st.integers(0, 31),
        }
    ),
    max_size=4,
)


def table(*rows: dict[str, Any], **words: Any) -> Table:
    """Return rows of EVERYTHING; what is not given is empty."""
    empty = dict.fromkeys(EVERYTHING.names)
    return Table.of(EVERYTHING, [{**empty, **row} for row in rows], **words)
