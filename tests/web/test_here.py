"""Opening the workbench: one version a request, the next one after a refresh, answers kept."""

from __future__ import annotations

import re
import threading
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from locality import workbench
from locality.web.here import Here, House, Kept
from locality.workbench import open_workbench
from tests.web import made


def _lake(home: Path, version: str) -> None:
    (home / "lake").mkdir(parents=True, exist_ok=True)
    (home / "lake" / "current").write_text(f"{version}\n", "utf-8")


@pytest.fixture
def opened() -> list[Path]:
    return []


@pytest.fixture
def house(opened: list[Path]) -> House:
    def bench(home: Path, *, reader: str | None = None) -> Any:
        opened.append(home)
        made_up = made.workbench(home, reader=reader)
        name = home / "lake" / "current"
        made_up.version = SimpleNamespace(id=name.read_text("utf-8").strip())
        return made_up

    return House(bench)


def test_a_refresh_is_seen_by_the_next_request_and_not_by_this_one(
    house: House, opened: list[Path], tmp_path: Path
) -> None:
    _lake(tmp_path, "000001")
    first = house.enter(tmp_path, None)
    assert house.enter(tmp_path, None) is first
    _lake(tmp_path, "000002")
    second = house.enter(tmp_path, None)
    assert (first.version, second.version) == ("000001", "000002")
    assert len(opened) == 2


def test_answers_of_an_old_version_are_never_given_for_a_new_one(
    house: House, tmp_path: Path
) -> None:
    _lake(tmp_path, "000001")
    before = house.enter(tmp_path, None).work(_version)
    _lake(tmp_path, "000002")
    assert (before, house.enter(tmp_path, None).work(_version)) == ("000001", "000002")


def _version(view: Here) -> str:
    return view.version


def test_a_question_is_asked_once(house: House, tmp_path: Path) -> None:
    _lake(tmp_path, "000001")
    view = house.enter(tmp_path, None)
    assert view.ask(view.know.search, "harbour", 5) is view.ask(view.know.search, "harbour", 5)
    assert len(view.ask(view.know.search, "harbour", 6)) == 6


def test_readers_share_answers_unless_a_locality_supplied_counts(tmp_path: Path) -> None:
    def local(home: Path, *, reader: str | None = None) -> Any:
        bench = made.workbench(home, reader=reader)
        row = {**bench.data.lineage().rows[0], "local": True}
        bench.data = SimpleNamespace(lineage=lambda: SimpleNamespace(rows=[row]))
        return bench

    assert House(made.workbench).enter(tmp_path, "Y00003").reader is None
    house = House(local)
    own, other = house.enter(tmp_path, "Y00003"), house.enter(tmp_path, "Y00004")
    assert (own.reader, other.reader, house.enter(tmp_path, None).reader) == (
        "Y00003", "Y00004", None,
    )  # fmt: skip
    assert own.workbench.reader == "Y00003"
    asked: list[str | None] = []

    def seen(view: Here) -> str | None:
        asked.append(view.reader)
        return view.reader

    assert [view.work(seen) for view in (own, other, own)] == ["Y00003", "Y00004", "Y00003"]
    assert asked == ["Y00003", "Y00004"]


def test_local_counts_never_reach_another_reader(
    demonstration: tuple[Path, dict[str, Any]],
) -> None:
    home, truths = demonstration
    own = str(truths["planted"]["small_in_year_counts"]["members"][0])
    plain = open_workbench(home)
    other = next(
        row["code"] for row in plain.know.organisations("practice").rows if row["code"] != own
    )
    readers = (own, other, None)
    right = {
        (reader, code): open_workbench(home, reader=reader).measure.figures(code).rows
        for reader in readers
        for code in (own, other)
    }
    assert right[own, own] != right[other, own]
    for order in permutations(readers):
        house = House()
        for reader in order:
            view = house.enter(home, reader)
            for code in (own, other, own):
                assert view.ask(view.measure.figures, code).rows == right[reader, code], order
                # An answer that rests on another's is as private as that one.
                assert view.work(_figures, code) == right[reader, code], order


def _figures(view: Here, code: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = view.ask(view.measure.figures, code).rows
    return rows


def test_open_figures_are_worked_out_once_for_all_readers(
    demonstration: tuple[Path, dict[str, Any]],
) -> None:
    home, truths = demonstration
    own = str(truths["planted"]["small_in_year_counts"]["members"][0])
    house = House()
    first, second = house.enter(home, own), house.enter(home, None)
    asked = ("qof.register.hyp", own, None)
    assert first.ask(first.measure.figure, *asked) is second.ask(second.measure.figure, *asked)


def test_only_the_workbench_itself_looks_at_who_reads() -> None:
    """Everything else asks ``reads`` or ``reader_among``, which note that it mattered."""
    rooms = Path(workbench.__file__).parent.glob("*.py")
    looking = {file.name for file in rooms if re.search(r"\.reader\b", file.read_text("utf-8"))}
    assert looking == {"__init__.py"}


def test_what_is_kept_stays_within_its_room() -> None:
    kept = Kept(room=10_000)
    for number in range(100):
        kept.get(number, lambda: b"x" * 900)
    assert len(kept) == 10
    made_again = []
    kept.get(99, lambda: made_again.append(1))
    assert not made_again


def test_two_who_ask_at_once_wait_for_one_answer() -> None:
    kept, calls, started = Kept(), [], threading.Event()

    def slow() -> str:
        calls.append(1)
        started.wait(5)
        return "answer"

    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(kept.get("k", slow))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    started.set()
    for thread in threads:
        thread.join()
    assert answers == ["answer"] * 8
    assert len(calls) == 1


def test_an_error_is_not_kept() -> None:
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("k", lambda: 1 // 0)
    assert kept.get("k", lambda: 7) == 7
