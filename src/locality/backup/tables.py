"""What a backup holds, as a table."""

from __future__ import annotations

from locality.backup.archive import Manifest
from locality.figures import Column, Schema, Table

BACKUP = Schema(
    "backup",
    "What the backup holds",
    (
        Column("what", "text", "a part of the home"),
        Column("files", "whole", "members of the backup"),
        Column("rows", "whole", "rows of tables", required=False),
        Column("bytes", "whole", "bytes, unpacked"),
    ),
    ("what",),
)


def summed(manifest: Manifest, *, title: str, schema: Schema = BACKUP) -> Table:
    """Return the parts of a backup with how much each holds (BACKUP), and what was left out."""
    parts: dict[str, list[int]] = {}
    for one in manifest.members:
        part = parts.setdefault(one.name.split("/")[0], [0, 0, 0])
        part[0] += 1
        part[1] += one.rows or 0
        part[2] += one.bytes
    rows = [
        {"what": what, "files": files, "rows": of if what == "records" else None, "bytes": size}
        for what, (files, of, size) in parts.items()
    ]
    at = f"event {manifest.event}" if manifest.event else "no event"
    lake = f"lake version {manifest.lake_version}" if manifest.lake_version else "no lake version"
    return Table.of(
        schema, rows, title=title,
        caption=f"Made {manifest.made_at} by Locality {manifest.locality}; it stands at {at} and "
                f"holds {lake}.",
        notes=tuple(f"Left out: {sentence}" for sentence in manifest.left_out),
    )  # fmt: skip
