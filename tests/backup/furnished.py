"""Homes to back up: a small lake with a forgotten document, sheets of the user's own, records."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from locality.store import Draft, Lake
from locality.store.forgetting import forget
from tests.store.made import NOON, document, lake, listed, put, reading


def sizes(period: str, patients: int, name: str) -> object:
    return document(
        name, reading("list_sizes", period, list_sizes=[listed(period, "A81001", patients)])
    )


def write(draft: Draft) -> None:
    draft.write_source_tables(("list_sizes", "age_sex"))
    draft.derive("lists")


def with_lake(home: Path) -> Lake:
    """Give ``home`` a lake with two versions, a replaced and a forgotten document, and sheets."""
    home.mkdir(parents=True, exist_ok=True)
    made = lake(home)
    given = [sizes("2026-07-01", 1000, "old.csv"), sizes("2026-07-01", 1100, "new.csv"),
             sizes("2026-08-01", 5, "wrong.csv")]  # fmt: skip
    for one in given:
        put(home / "in", one)  # type: ignore[arg-type]
        made.ingest([home / "in" / one.name], clock=lambda: NOON)  # type: ignore[attr-defined]
    forget(made.folder, given[2].sha256, reason="A slip.", at=NOON)  # type: ignore[attr-defined]
    shutil.rmtree(home / "in")
    made.build(write, made_at=NOON).close()
    made.build(write, made_at=NOON + timedelta(days=1)).close()
    sheets = home / "knowledge" / "measures"
    sheets.mkdir(parents=True)
    (sheets / "own.toml").write_text("# A sheet of our own: ä\n", "utf-8")
    (home / "demonstration.txt").write_text("locality, 6 practices\n", "utf-8")
    (home / "generated").mkdir()
    (home / "generated" / "drawing.js").write_text("made again", "utf-8")
    return made


def kept(home: Path) -> dict[str, bytes]:
    """Return every file of ``home`` that a backup promises to keep, by its name."""
    current = (home / "lake" / "current").read_text("utf-8").strip()
    folders = ("lake/documents", "lake/forgotten", f"lake/versions/{current}", "knowledge")
    files = [path for name in folders for path in (home / name).rglob("*") if path.is_file()]
    files += [home / "lake" / "current", home / "demonstration.txt"]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}
