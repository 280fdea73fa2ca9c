"""Taking a document out of the lake: a file kept under a wrong year, or one that was a mistake.

What is in use follows from what is held, so nothing else needs to change: the file that the
forgotten one had replaced counts again, and the next refresh builds without it. The document is
moved to ``lake/forgotten/`` in one step, with the reason beside it. Versions made before stay as
they are, and their lineage still names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from locality.figures import Column, Schema, Table
from locality.sources.reading import Document, Unopened
from locality.store import holdings
from locality.store.disk import Disk, LakeError
from locality.store.holdings import HeldReading, Holdings

FORGOTTEN = Schema(
    "forgotten",
    "What was taken out of the lake",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column("period", "text", "period code"),
        Column("part", "text", "which part of the period's publication", required=False),
        Column("file_name", "text", "name of the file as given"),
        Column("sha256", "text", "hash of the file's bytes"),
        Column("rows", "whole", "rows that it held"),
        Column("forgotten_at", "text", "when, in UTC"),
        Column("reason", "text", "why"),
        Column("sentence", "text", "what counts in its place"),
    ),
    ("publication", "period", "part"),
)

_RECORD = "forgotten.json"
_HASH = re.compile(r"[0-9a-fA-F]{8,64}")


def which(
    held: Holdings, given: str, opened: Callable[[Path], Iterable[Document | Unopened]]
) -> str:
    """Return the sha256 of the one document of ``held`` that ``given`` means.

    It is a hash or its first 8 letters or more, the name of a file as it came, or a file on this
    computer, whose content counts. LakeError where it means none of them, or several.
    """
    names: dict[str, set[str]] = {}
    for one in held.readings:
        names.setdefault(one.sha256, set()).update((one.file_name, one.came_in))
    found = {sha256 for sha256, called in names.items() if given in called}
    if not found and _HASH.fullmatch(given):
        found = {sha256 for sha256 in names if sha256.startswith(given.lower())}
    path = Path(given).expanduser()
    if not found and path.is_file():
        inside = {one.sha256 for one in opened(path) if isinstance(one, Document)}
        found = inside & set(names)
    if not found:
        raise LakeError(
            f"The lake holds no document {given}. locality status lists what it holds, with names "
            "and hashes."
        )
    if len(found) > 1:
        listed = ", ".join(f"{sha256[:12]} ({min(names[sha256])})" for sha256 in sorted(found))
        raise LakeError(f"{given} may be any of {len(found)}: {listed}. Say one by its hash.")
    return found.pop()


def forget(
    folder: Path, sha256: str, disk: Disk | None = None, *, reason: str, at: datetime
) -> Table:
    """Move the document ``sha256`` out of the lake in ``folder`` (``home/lake``) in one step.

    Returns what it held, and what counts in its place (FORGOTTEN). Nothing is deleted: the
    document stands under ``forgotten/`` and comes back by being ingested again. LakeError
    where it is not held, LakeBusy while a refresh runs.
    """
    disk = disk or Disk()
    when = at.astimezone(UTC)
    busy = "A refresh of this lake is under way. Forget it when that has finished."
    documents, forgotten = folder / "documents", folder / "forgotten"
    with (
        disk.lock(folder / "versions.lock", 0, busy),
        disk.lock(folder / "documents.lock", None, ""),
    ):
        before = holdings.holdings(documents)
        gone = [one for one in before.readings if one.sha256 == sha256]
        if not gone:
            raise LakeError(f"The lake holds no document {sha256[:12]}.")
        record = {
            "sha256": sha256,
            "file_name": gone[0].file_name,
            "forgotten_at": when.isoformat(timespec="seconds"),
            "reason": reason,
        }
        place = documents / sha256
        disk.make_folder(forgotten)
        # A record that a power cut leaves in a folder not yet moved says nothing to anybody.
        disk.write(place / _RECORD, json.dumps(record, indent=1, ensure_ascii=False).encode())
        disk.sync_folder(place)
        disk.rename(place, _free(forgotten, f"{when:%Y%m%dT%H%M%S}-{sha256[:12]}"))
        disk.sync_folder(documents)
    after = Holdings(tuple(one for one in before.readings if one.sha256 != sha256))
    return Table.of(
        FORGOTTEN,
        [
            {
                "publication": one.publication,
                "period": one.period,
                "part": one.part,
                "file_name": one.file_name,
                "sha256": sha256,
                "rows": one.rows,
                "forgotten_at": record["forgotten_at"],
                "reason": reason,
                "sentence": _sentence(one, before, after),
            }
            for one in gone
        ],
        title=FORGOTTEN.title,
    )


def forget_named(home: Path, given: str, reason: str) -> Table:
    """Forget the one document of the lake in ``home`` that ``given`` means, now (FORGOTTEN).

    ``given`` is as in :func:`which`; LakeError as there, and without a reason.
    """
    from locality import sources

    if not reason.strip():
        raise LakeError("Say why, in a few words: the reason is kept with the document.")
    folder = home / "lake"
    sha256 = which(holdings.holdings(folder / "documents"), given, sources.documents)
    return forget(folder, sha256, reason=reason.strip(), at=datetime.now(UTC))


def _free(folder: Path, name: str) -> Path:
    """Return ``folder / name``, or the first name after it that nothing has."""
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{name}-{number}"
    return place


def _sentence(one: HeldReading, before: Holdings, after: Holdings) -> str:
    if not any(one is using for using in before.in_use):
        return "Forgotten. A newer file had replaced it already, so no figure changes."
    if one.corrects == "rows":
        return "Forgotten. Rows that it had replaced count again after the next refresh."
    back = after.replaced_by(one.subject)
    if back is None:
        return (
            "Forgotten. Nothing else gives this period: after the next refresh it has no figures."
        )
    return (
        f"Forgotten. {back.file_name} of {back.ingested_at[:10]} counts again after the next "
        "refresh."
    )
