"""Several groups at once: all of them are written, or none."""

from __future__ import annotations

from typing import Any

import pytest

from locality.records.actions import Named, Refusal, create_group, take_in_groups
from locality.records.models import Event, Group

BY: dict[str, Any] = {"who": "local", "why": "The list of the year."}
VALE = Named("Vale", ("A81001", "A81002"), "federation")
DALE = Named("Dale", ("A81003",))


def test_new_groups_are_made_and_standing_ones_get_exactly_what_is_named() -> None:
    create_group(name="vale", members=["A81001", "A81009"], kind="locality", **BY)
    taken = take_in_groups(groups=[VALE, DALE], **BY)
    assert [(one.group.name, one.what) for one in taken] == [("vale", "changed"), ("Dale", "made")]
    vale = Group.objects.get(name="vale")
    assert vale.codes() == ["A81001", "A81002"] and vale.kind == "locality"
    again = take_in_groups(groups=[VALE, DALE], **BY)
    assert [one.what for one in again] == ["as it was", "as it was"]
    assert Event.objects.count() == 3


def test_one_wrong_group_and_nothing_is_written() -> None:
    with pytest.raises(Refusal) as refused:
        take_in_groups(
            groups=[VALE, Named("Hill", ("A8100",)), Named("Mere", ("A89999",))],
            known={"A81001", "A81002"}, **BY,
        )  # fmt: skip
    said = [sentence for field, sentence in refused.value.reasons if field == "file"]
    assert said[0].startswith("Hill: ") and "These are not: A8100." in said[0]
    assert said[1] == "Mere: No practice here has this code: A89999."
    assert not Group.objects.exists() and not Event.objects.exists()


def test_why_is_asked_for_once() -> None:
    with pytest.raises(Refusal) as refused:
        take_in_groups(groups=[VALE, DALE], who="local", why="")
    assert [field for field, _ in refused.value.reasons] == ["why"]


def test_a_file_without_groups_is_refused() -> None:
    with pytest.raises(Refusal, match="names no group"):
        take_in_groups(groups=[], **BY)
