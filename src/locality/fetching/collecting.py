"""Going round: one publication after the other; one that fails does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from locality.fetching.asking import Manners, Visitor
from locality.fetching.download import Got, Progress, download
from locality.fetching.faults import FetchError
from locality.fetching.landing import page_of, take
from locality.fetching.manifest import Folder
from locality.fetching.plan import Asking, ByHand, File, chosen, plans
from locality.figures import Column, NotFound, Period, Problem, Schema, Table
from locality.knowledge import Publication
from locality.knowledge.problems import nearest

FETCHED = Schema(
    "fetched",
    "Published files: what was fetched, and what is taken by hand",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column(
            "state",
            "text",
            "fetched, unchanged, by hand, failed, refused (by the lake); or, in the list of what "
            "there is, can be fetched, by hand, your own",
        ),
        Column("period", "text", "period code, where one was asked for", required=False),
        Column("file", "text", "where the file stands", required=False),
        Column("bytes", "whole", "its size", "bytes", required=False),
        Column("sha256", "text", "hash of its bytes", required=False),
        Column("address", "text", "where it came from, or the page to open", required=False),
        Column("sentence", "text", "what became of it, or what to do"),
        Column("ingested", "text", "what the lake made of it, where asked to", required=False),
    ),
)

#: Given a file that has been fetched: what the lake says of it, and whether it took it.
Ingest = Callable[[Path], tuple[str, bool]]


def _now() -> datetime:
    return datetime.now(UTC)


def offered(known: Mapping[str, Publication]) -> Table:
    """Return how each publication is come by (FETCHED): those that can be fetched first."""
    order = {"can be fetched": 0, "by hand": 1, "your own": 2}
    rows = sorted(
        (_offer(one) for one in known.values()),
        key=lambda row: (order[row["state"]], row["publication"]),
    )
    return Table.of(FETCHED, rows, title="What can be fetched, and what is taken by hand")


def fetch(
    known: Mapping[str, Publication],
    names: Sequence[str],
    into: Path,
    *,
    period: str | None = None,
    indicators: Sequence[str] = (),
    contact: str = "",
    visitor: Visitor | None = None,
    show: Callable[[str], bool] | None = None,
    ingest: Ingest | None = None,
    clock: Callable[[], datetime] = _now,
    progress: Progress | None = None,
) -> Table:
    """Fetch the publications ``names`` into the folder ``into``, and return one row each (FETCHED).

    What cannot be fetched is named with its page and the file to take there; ``show`` is given
    that page to open, and returns whether it could. ``ingest`` is given each file once it is
    there, and returns what the lake says of it and whether it took it. A fault is a row of its
    own, and the rest goes on. ``contact`` is told to the publishers; ``visitor`` is who asks, a
    polite one by default. Raises NotFound for an unknown name, and Problem for what is no period.
    """
    for name in names:
        if name not in known:
            raise NotFound(f"There is no publication {name!r}; {nearest(name, known)}")
    wanted = _period(period)
    visitor = visitor or Visitor(Manners(contact=contact))
    rows: list[dict[str, Any]] = []
    for name in dict.fromkeys(names):
        one = known[name]
        try:
            todo = list(plans(one, wanted, indicators, clock().date()))
        except FetchError as error:
            rows.append(_failed(one, str(error), wanted))
            continue
        for plan in todo:
            if isinstance(plan, ByHand):
                rows.append(_by_hand(plan, show))
                continue
            try:
                with Folder.opened(into) as folder:
                    row = _fetched(plan, folder, visitor, clock, progress)
            except FetchError as error:
                rows.append(_failed(one, str(error), wanted))
                continue
            if ingest is not None:
                row["ingested"], taken = ingest(Path(row["file"]))
                row["state"] = row["state"] if taken else "refused"
            rows.append(row)
    return Table.of(FETCHED, rows, title=FETCHED.title)


def failures(table: Table) -> int:
    """Return how many rows of a FETCHED ``table`` failed or were refused."""
    return sum(row["state"] in ("failed", "refused") for row in table.rows)


def _fetched(
    plan: File | Asking,
    folder: Folder,
    visitor: Visitor,
    clock: Callable[[], datetime],
    progress: Progress | None,
) -> dict[str, Any]:
    file = plan if isinstance(plan, File) else _listed(plan, visitor)
    got = download(file, folder, visitor, clock, progress)
    record = got.record
    return _row(
        file.publication,
        "fetched" if got.changed else "unchanged",
        _sentence(got),
        period=file.period,
        file=str(folder.path / record.file),
        bytes=record.bytes,
        sha256=record.sha256,
        address=record.address,
    )


def _listed(plan: Asking, visitor: Visitor) -> File:
    """Return the file that the first list to know it names; FetchError where none does."""
    for address, pattern in plan.lists:
        found = chosen(plan, visitor.json(address), pattern)
        if found is not None:
            return found
    raise FetchError(
        f"{plan.publication.id}: the catalogue lists no file for {plan.period or 'any period'}. "
        f"See what there is on {plan.publication.landing_page}."
    )


def _sentence(got: Got) -> str:
    record, before = got.record, got.before
    if not got.changed:
        return f"The publisher's file is still the one fetched on {record.fetched_at[:10]}."
    if before is None:
        return "Fetched."
    if before.file == record.file:
        return f"Fetched: a newer file, in place of the one of {before.fetched_at[:10]}."
    return f"Fetched: a newer file; {before.file} of {before.fetched_at[:10]} stays beside it."


def _by_hand(plan: ByHand, show: Callable[[str], bool] | None) -> dict[str, Any]:
    one, period = plan.publication, plan.period
    code = period.code if period else ""
    if one.local:
        return _row(one, "your own", _OWN, period=code)
    page = page_of(one, period)
    sentence = f"{take(one, period)} Then: locality ingest FILE."
    if show is not None and not show(page):
        sentence += " No browser could be opened here: open the address yourself."
    return _row(one, "by hand", sentence, period=code, address=page)


_OWN = "Nobody publishes it: your locality or practice writes it itself."


def _offer(one: Publication) -> dict[str, Any]:
    if one.local:
        return _row(one, "your own", _OWN)
    download = one.download
    if download is None or download.kind == "landing":
        return _row(one, "by hand", take(one), address=one.landing_page)
    command = f"locality fetch {one.id}"
    if "{indicator}" in download.address:
        command += f" --indicator {next(iter(download.indicators), 'ID')}"
    if download.example and download.kind == "catalogue":
        command += f" --period {download.example}"
    return _row(one, "can be fetched", command, address=one.landing_page)


def _failed(one: Publication, sentence: str, period: Period | None) -> dict[str, Any]:
    return _row(
        one, "failed", sentence, period=period.code if period else "", address=one.landing_page
    )


def _row(one: Publication, state: str, sentence: str, **cells: Any) -> dict[str, Any]:
    empty = {column.name: None for column in FETCHED.columns}
    given = {name: value or None for name, value in cells.items()}
    return {**empty, **given, "publication": one.id, "state": state, "sentence": sentence}


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Problem(str(error)) from None
