"""Values of rules entered on a page: the sheet that is made of them, and its proof.

``HOME/knowledge/rules/entered.toml`` is made from the records and overlays the package like any
sheet of a user's own. Before one is written, it is read by the ordinary loader in the place where
it would stand, with every guard.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from locality.knowledge import files
from locality.knowledge.files import Shelf
from locality.knowledge.rule_files import rules_of
from locality.knowledge.rulebook import Rules

#: The file that holds what was entered; it stands in ``HOME/knowledge/rules/``.
NAME = "entered.toml"

_HEAD = """\
# Values of rules that were entered on a page here, each with the document it was read in.
# This file is made from the records. Do not edit it by hand: the next change writes it anew.
"""
_SIGNED_OFF = "The value that ships was compared with the document and signed off here."


@dataclass(frozen=True, slots=True)
class Entered:
    """One value that somebody entered; ``value`` is a number as text, ``code`` its own name."""

    code: str
    rule: str
    title: str
    unit: str
    from_day: date
    to_day: date
    value: str
    reference: str
    address: str = ""
    signed_off: bool = False


def entered_text(rows: Iterable[Entered]) -> str:
    """Return the sheet of ``rows`` as TOML: rules in order of id, values in order of time.

    Every value has its own reference and is graded ``read``. Title and unit of a rule are those
    of its last row.
    """
    ordered = sorted(rows, key=lambda row: (row.rule, row.from_day, row.code))
    lines = [_HEAD, "[references]"]
    lines += [_reference(row) for row in ordered]
    for rule, values in groupby(ordered, key=lambda row: row.rule):
        own = list(values)
        lines += [
            "",
            "[[rule]]",
            f"id = {_text(rule)}",
            f"title = {_text(own[-1].title)}",
            f"unit = {_text(own[-1].unit)}",
            "value = [",
            *(f"  {_value(row)}," for row in own),
            "]",
        ]
    return "\n".join(lines) + "\n"


def check_entered(home: Path, text: str) -> None:
    """Raise KnowledgeError where the sheet ``text`` could not stand in ``home``.

    It is read in place of the one that is there, with the user's other sheets in force, and every
    guard is tried. Nothing is written in ``home``.
    """
    with tempfile.TemporaryDirectory(prefix="locality-entered-") as folder:
        candidate = Path(folder) / NAME
        candidate.write_text(text, encoding="utf-8")
        _rules(home, candidate)


def rules_without(home: Path) -> Rules:
    """Return the rules of ``home`` as they are without what was entered; KnowledgeError."""
    return _rules(home, None)


def own_sheet(home: Path, rule: str) -> str:
    """Return the sheet of the user's own that speaks of ``rule``, or "" where none does."""
    shelf = _Standing(_shelf(home), local=True)
    for path in shelf.files("rules", ".toml"):
        told = files.toml(path, shelf.place(path)).get("rule", [])
        if any(isinstance(one, dict) and one.get("id") == rule for one in told):
            return shelf.place(path)
    return ""


@dataclass(frozen=True)
class _Standing(Shelf):
    """The user's shelf with ``candidate`` in the place of what was entered, or with neither."""

    candidate: Path | None = None

    def files(self, folder: str, ending: str) -> list[Path]:
        place = self.root / "rules" / NAME
        found = [path for path in super().files(folder, ending) if path != place]
        if self.candidate is not None and folder == "rules" and ending == ".toml":
            found.append(self.candidate)
        return found

    def place(self, path: Path) -> str:
        """Return how a person is told of a file; the candidate by the name that it will have."""
        return super().place(self.root / "rules" / NAME if path == self.candidate else path)


def _rules(home: Path, candidate: Path | None) -> Rules:
    package = Shelf(files.PACKAGE, local=False)
    return rules_of([package, _Standing(_shelf(home), local=True, candidate=candidate)])


def _shelf(home: Path) -> Path:
    return Path(home).expanduser().absolute() / "knowledge"


def _reference(row: Entered) -> str:
    address = f", address = {_text(row.address)}" if row.address else ""
    return f"{row.code} = {{ text = {_text(row.reference)}{address} }}"


def _value(row: Entered) -> str:
    parts = [
        f"from = {row.from_day.isoformat()}",
        f"to = {row.to_day.isoformat()}",
        f"value = {row.value}",
        f"reference = {_text(row.code)}",
        'grade = "read"',
    ]
    if row.signed_off:
        parts.append(f"note = {_text(_SIGNED_OFF)}")
    return "{ " + ", ".join(parts) + " }"


def _text(given: str) -> str:
    """Return ``given`` as a TOML string: JSON's escapes are TOML's too, and DEL needs one."""
    return json.dumps(given, ensure_ascii=False).replace("\x7f", "\\u007f")
