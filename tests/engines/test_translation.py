"""Every SQL file can be written for Spark; whether it runs there, test_spark.py shows."""

from __future__ import annotations

import pytest

from locality.store import LakeError
from locality.store.queries import names, query_text


@pytest.mark.parametrize("name", names())
def test_each_file_says_what_it_returns_and_translates(name: str) -> None:
    text, spark = query_text(name), query_text(name, "spark")
    header = [line for line in text.splitlines() if line.startswith("--")]
    assert " Returns " in " ".join(line.lstrip("- ") for line in header).replace("\n", " ")
    assert spark.startswith(header[0])
    assert "VARCHAR" not in spark


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(LakeError, match=r"no SQL called 'hierachy'. Did you mean hierarchy"):
        query_text("hierachy")
