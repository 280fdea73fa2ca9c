"""A document taken out: in one step, with its reason, and versions made before stay as they are."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from locality.sources.reading import Document
from locality.store import Draft, Lake, LakeBusy, LakeError
from locality.store.forgetting import forget, which
from tests.store.made import NOON, document, lake, listed, put, reading
from tests.store.test_power_cuts import FailingDisk, PowerCut


def sizes(period: str, patients: int, name: str = "sizes.csv") -> Document:
    rows = [listed(period, "A81001", patients)]
    return document(name, reading("list_sizes", period, list_sizes=rows))


def take_in(home: Lake, given: Document) -> str:
    home.home.mkdir(exist_ok=True)
    place = home.home / f"in{len(list(home.home.iterdir()))}"
    home.ingest([put(place, given)], clock=lambda: NOON)
    return given.sha256


def write(draft: Draft) -> None:
    draft.write_source_tables(("list_sizes", "age_sex"))
    draft.derive("lists")


def served(home: Lake) -> list[int]:
    version = home.current()
    assert version is not None
    found = version.table("list_sizes").data.column("patients").to_pylist()
    version.close()
    return found


def forgotten(home: Lake, sha256: str, **more: Any) -> dict[str, Any]:
    options = {"reason": "It was last year's.", "at": NOON, **more}
    (row,) = forget(home.folder, sha256, **options).rows
    return row


def test_what_it_replaced_counts_again_and_older_versions_keep_it(tmp_path: Path) -> None:
    home = lake(tmp_path)
    old = take_in(home, sizes("2026-07-01", 1000, "old.csv"))
    new = take_in(home, sizes("2026-07-01", 9999, "new.csv"))
    home.build(write, made_at=NOON).close()
    row = forgotten(home, new)
    assert (row["publication"], row["period"], row["rows"]) == ("list_sizes", "2026-07-01", 1)
    assert (
        row["sentence"] == "Forgotten. old.csv of 2026-11-22 counts again after the next refresh."
    )
    assert served(home) == [9999]
    assert home.holdings().documents == {old}
    version = home.current()
    assert version is not None
    assert new in set(version.lineage().data.column("sha256").to_pylist())
    version.close()
    home.build(write, made_at=NOON + timedelta(days=1)).close()
    assert served(home) == [1000]


def test_nothing_is_deleted_and_ingesting_brings_it_back(tmp_path: Path) -> None:
    home = lake(tmp_path)
    given = sizes("2026-07-01", 1000)
    for number in (1, 2):  # forgotten twice in the same second
        sha256 = take_in(home, given)
        assert home.holdings().documents == {sha256}
        row = forgotten(home, sha256)
        assert "Nothing else gives this period" in row["sentence"]
        assert home.holdings().documents == frozenset()
        places = sorted((home.folder / "forgotten").iterdir())
        assert len(places) == number
    for place in places:
        record = json.loads((place / "forgotten.json").read_text("utf-8"))
        assert record == {
            "sha256": sha256, "file_name": "sizes.csv", "reason": "It was last year's.",
            "forgotten_at": "2026-11-22T12:00:00+00:00",
        }  # fmt: skip
        assert {path.name for path in place.iterdir()} >= {"document.gz", "reading.json"}


def test_a_file_that_was_replaced_already_changes_nothing(tmp_path: Path) -> None:
    home = lake(tmp_path)
    old = take_in(home, sizes("2026-07-01", 1000, "old.csv"))
    take_in(home, sizes("2026-07-01", 2000, "new.csv"))
    assert "no figure changes" in forgotten(home, old)["sentence"]
    row = {"practice_code": "A81001", "place_code": "P1", "place_name": "P"}
    rows = [{**row, "from_date": "2026-04-01"}]
    local = take_in(home, document("p.csv", reading("places", "2026-07-01", places=rows)))
    assert "Rows that it had replaced count again" in forgotten(home, local)["sentence"]


def test_what_is_not_held_and_a_refresh_under_way_are_sentences(tmp_path: Path) -> None:
    home = lake(tmp_path)
    sha256 = take_in(home, sizes("2026-07-01", 1000))
    with pytest.raises(LakeError, match="holds no document 000000000000"):
        forgotten(home, "0" * 64)

    def inside(draft: Draft) -> None:
        with pytest.raises(LakeBusy, match="A refresh of this lake is under way"):
            forgotten(home, sha256)

    home.build(inside, made_at=NOON).close()
    assert home.holdings().documents == {sha256}


def test_a_power_cut_at_each_step_leaves_it_held_or_forgotten(tmp_path: Path) -> None:
    whole = lake(tmp_path / "whole")
    counting = FailingDisk(-1)
    forgotten(whole, take_in(whole, sizes("2026-07-01", 1000)), disk=counting)
    assert any(step.startswith("rename") for step in counting.steps)
    for last in range(len(counting.steps)):
        home = lake(tmp_path / str(last))
        sha256 = take_in(home, sizes("2026-07-01", 1000))
        with pytest.raises(PowerCut):
            forgotten(home, sha256, disk=FailingDisk(last))
        moved = list((home.folder / "forgotten").glob("*/reading.json"))
        assert len(home.holdings().documents) + len(moved) == 1
        if home.holdings().documents:
            assert home.content(sha256) == sizes("2026-07-01", 1000).content
            forgotten(home, sha256)
        home.build(write, made_at=NOON).close()
        assert served(home) == []


def test_a_document_is_meant_by_hash_name_or_content(tmp_path: Path) -> None:
    from locality.sources import documents

    home = lake(tmp_path)
    one = take_in(home, sizes("2026-07-01", 1000, "same.csv"))
    other = take_in(home, sizes("2026-08-01", 1000, "same.csv"))
    third = take_in(home, sizes("2026-09-01", 1000, "third.csv"))
    held = home.holdings()

    def meant(given: str) -> str:
        return which(held, given, documents)

    assert meant(one) == meant(one[:8]) == meant(one[:9].upper()) == one
    assert meant("third.csv") == third
    copy = tmp_path / "copy.csv"
    copy.write_bytes(sizes("2026-08-01", 1000).content)
    assert meant(str(copy)) == other
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == other
    with pytest.raises(LakeError, match=r"same.csv may be any of 2: .*Say one by its hash"):
        meant("same.csv")
    for given in ("", one[:7], "f" * 64, "nothing.csv"):
        with pytest.raises(LakeError, match="locality status lists what it holds"):
            meant(given)
