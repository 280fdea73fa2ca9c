"""A made-up locality's files read with the standard library alone: the slow plain twin."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Row = dict[str, str]


@dataclass(frozen=True)
class Plain:
    """One folder as written; rows are read again each time they are asked for."""

    folder: Path

    @cached_property
    def truths(self) -> dict[str, Any]:
        return json.loads((self.folder / "truths.json").read_text("utf-8"))

    @property
    def planted(self) -> dict[str, Any]:
        return self.truths["planted"]

    def files(self, publication: str) -> dict[str, str]:
        """Return period -> file, of publications with one file a period."""
        return {
            one["period"]: one["file"]
            for one in self.truths["files"]
            if one["publication"] == publication
        }

    def text(self, file: str) -> str:
        path = self.folder / file
        if path.suffix == ".gz":
            return gzip.decompress(path.read_bytes()).decode()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                (member,) = archive.namelist()
                return archive.read(member).decode()
        return path.read_bytes().decode("utf-8-sig")

    def rows(self, file: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self.text(file), newline="")))

    def bare_rows(self, file: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text(file), newline="")))

    def of(self, publication: str, period: str) -> list[Row]:
        return self.rows(self.files(publication)[period])

    @cached_property
    def last_icb(self) -> dict[str, str]:
        """Return practice -> board it last belonged to, by today's codes.

        A practice that closed earlier is placed by its last sub-ICB.
        """
        maps = self.files("practice_map")
        icb_of_sub = {
            row["SUB_ICB_LOCATION_CODE"]: row["ICB_CODE"] for row in self.rows(maps[max(maps)])
        }
        found = {}
        for period in sorted(maps):
            for row in self.rows(maps[period]):
                sub = row.get("SUB_ICB_LOCATION_CODE") or row["CCG_CODE"]
                found[row["PRACTICE_CODE"]] = icb_of_sub[sub]
        return found


def age_from(band: str) -> int:
    return 95 if band == "95+" else int(band.split("_")[0])
