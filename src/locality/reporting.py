"""Packs as files: an organisation's position and room to reply, or those of all its practices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locality.figures import Column, Schema, Table

if TYPE_CHECKING:
    from locality.figures import Paper
    from locality.workbench import Workbench

Inputs = Mapping[str, Iterable[Mapping[str, Any]]]

WRITTEN = Schema(
    "written",
    "Packs that were written",
    (
        Column("code", "text", "whose position it is"),
        Column("name", "text", "its name"),
        Column("file", "text", "the file"),
    ),
    ("file",),
)
#: From so many packs on, a second process pays for its start.
_WORTH_TWO = 8


@dataclass(frozen=True)
class Asked:
    """What every pack of one run has in common; plain, so that another process can have it.

    ``inputs`` are the rows that ``records.inputs()`` exports: accounts, marks, rebases, feedback.
    ``own`` says that each pack is the practice's own copy, read as that practice.
    """

    home: Path
    into: Path
    made_on: date
    own: bool = False
    inputs: Inputs | None = None


def report(
    home: Path,
    code: str,
    into: Path,
    *,
    made_on: date,
    every_practice: bool = False,
    own: bool = False,
    inputs: Inputs | None = None,
    workers: int = 2,
    progress: Callable[[str, int, int], None] | None = None,
) -> Table:
    """Write the pack of ``code`` as Word and Excel into the folder ``into`` (WRITTEN).

    With ``every_practice`` it writes one for each practice of ``code`` instead, on ``workers``
    processes. ``own`` makes a practice's own copy, with its counts of this year exact. Accounts
    that practices gave are in every copy. Raises NotFound for an organisation nobody knows.
    """
    from locality.workbench import loading, open_workbench

    bench = open_workbench(home)
    found = loading.organisation(bench.version, code)
    codes = loading.practices(bench.version, code) if every_practice else (str(found["code"]),)
    into.mkdir(parents=True, exist_ok=True)
    asked = Asked(home, into, made_on, own, _plain(inputs))
    # The version that is current now, whatever an earlier run in this process read.
    _OPEN[home] = bench
    rows: list[dict[str, Any]] = []
    for done, written in enumerate(_written(asked, codes, workers), start=1):
        rows += written
        if progress is not None:
            progress("Writing packs", done, len(codes))
    return Table.of(WRITTEN, rows, title=WRITTEN.title)


def _written(asked: Asked, codes: Sequence[str], workers: int) -> Iterable[list[dict[str, Any]]]:
    if workers < 2 or len(codes) < _WORTH_TWO:
        yield from map(partial(_write, asked), codes)
        return
    # A fresh process each: the drawing library keeps threads that a fork would leave behind.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(_write, asked), codes, chunksize=4)


#: The workbench of each home that this process reads: opened once a run, not once a pack.
_OPEN: dict[Path, Workbench] = {}


def _write(asked: Asked, code: str) -> list[dict[str, Any]]:
    """Write one pack as Word and Excel, and return what was written."""
    from locality.render import papers
    from locality.workbench import loading

    bench = _bench(asked, code)
    name = str(loading.organisation(bench.version, code)["name"])
    made = paper(bench, code, asked.made_on, asked.inputs)
    thanks = [row["attribution"] for row in bench.data.attributions().rows]
    rows = []
    for ending, write in (("docx", papers.word_bytes), ("xlsx", papers.paper_workbook_bytes)):
        stem = re.sub(r"[^a-z0-9]+", "-", f"{code} {name}".lower()).strip("-")
        place = asked.into / f"{stem}-your-position.{ending}"
        place.write_bytes(write(made, attributions=thanks))
        rows.append({"code": code, "name": name, "file": str(place)})
    return rows


def paper(bench: Workbench, code: str, today: date, inputs: Inputs | None = None) -> Paper:
    """Return the pack of an organisation with what people recorded of it."""
    from locality.measure import Account

    said = inputs or {}
    of_it = {key: [row for row in said.get(key, ()) if row["organisation"] == code]
             for key in ("accounts", "feedback", "rebases")}  # fmt: skip
    sent = next(iter(of_it["feedback"]), None)
    reply_by = date.fromisoformat(sent["reply_by"]) if sent else None
    answered = sent is not None and any(one["about"] == sent["code"] for one in of_it["accounts"])
    since: dict[str, tuple[str, ...]] = {}
    for row in of_it["rebases"]:
        since[row["measure"]] = (*since.get(row["measure"], ()), row["period"])
    names = ("text", "by", "owner", "state", "answer", "answered_by")
    return bench.measure.feedback(
        code,
        made_on=today,
        reply_by=reply_by,
        shared=reply_by is not None and (answered or today > reply_by),
        accounts=[
            Account(on=_day(row["at"]), **{name: row[name] for name in names})
            for row in of_it["accounts"]
        ],
        marks=tuple(
            (row["organisation"], row["measure"], row["state"])
            for row in said.get("marks", ())
            if row["review_on"] >= today.isoformat()
        ),
        since=since,
    )


def _bench(asked: Asked, code: str) -> Workbench:
    """Return the workbench that a pack is read from: one for all, or the practice's own."""
    from locality.workbench import Workbench, open_workbench

    if asked.home not in _OPEN:
        _OPEN[asked.home] = open_workbench(asked.home)
    shared = _OPEN[asked.home]
    if not asked.own:
        return shared
    return Workbench(shared.home, shared.version, shared.knowledge, reader=code)


def _plain(inputs: Inputs | None) -> Inputs | None:
    if inputs is None:
        return None
    return {key: [dict(row) for row in rows] for key, rows in inputs.items()}


def _day(at: str) -> str:
    moment = datetime.fromisoformat(at)
    return f"{moment.day} {moment:%B %Y}"
