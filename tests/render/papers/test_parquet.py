import io
import json
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given

from locality.render.papers import parquet_bytes
from tests.render.papers.nasty import ROWS, WORKING, table


@given(ROWS)
def test_what_goes_in_comes_out_to_the_letter(rows: list[dict[str, Any]]) -> None:
    made = table(*rows)
    read = pq.read_table(io.BytesIO(parquet_bytes(made)))
    assert read.cast(made.schema.arrow).equals(made.data.cast(made.schema.arrow))
    assert read.schema.types == made.schema.arrow.types


def test_meanings_attributions_and_working_travel_inside() -> None:
    made = table({"code": "A1"}, title="Lists", notes=("One note",))
    data = parquet_bytes(made, attributions=["Open data"], working=WORKING)
    schema = pq.read_schema(io.BytesIO(data))
    about = json.loads(schema.metadata[b"locality"])
    assert about["schema"] == "everything" and about["key"] == ["code"]
    assert about["words"] == [
        ["Title", "Lists"],
        ["Note", "One note"],
        ["Attribution", "Open data"],
    ]
    assert about["working"]["sources"][0]["sha256"] == "ab" * 32
    assert schema.field("value").metadata == {b"meaning": b"value", b"unit": b"%"} | {
        key: value for key, value in schema.field("value").metadata.items() if b"PARQUET" in key
    }


def test_the_same_table_is_the_same_bytes() -> None:
    assert parquet_bytes(table({"code": "A"})) == parquet_bytes(table({"code": "A"}))
