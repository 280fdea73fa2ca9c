"""New codes are never mistaken for anything else."""

from __future__ import annotations

import pytest

from locality.records.actions import add_note, writing


def test_a_code_of_digits_alone_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """9434765919 is what an NHS number looks like: whoever had that code could sign nothing."""
    drawn = iter(["9434765919", "0000000000", "94347659a9"])
    monkeypatch.setattr(writing.secrets, "token_hex", lambda size: next(drawn))
    code = writing.fresh_code("p")
    assert code == "p-94347659a9"
    monkeypatch.undo()
    add_note(organisation="A81001", text="Seen.", who=f"Asha Alder, {code}")
