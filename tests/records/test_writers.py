"""Nothing but ``records/actions`` writes: the models refuse, and the source is searched."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import locality
from locality.records.actions import (
    add_note,
    create_group,
    enter_rule,
    give_account,
    send_feedback,
    set_setting,
)
from locality.records.inputs import inputs
from locality.records.models import (
    AppendOnly,
    EnteredRule,
    Event,
    Feedback,
    Group,
    Membership,
    Note,
    Request,
    Setting,
    WrittenByActionsOnly,
)
from locality.records.models.recorded import acting

SOURCE = Path(locality.__file__).parent
ACTIONS = SOURCE / "records" / "actions"
MODELS = (Event, Group, Membership, Setting, Note, Request, Feedback, EnteredRule)
HISTORIES = tuple(
    model.history.model for model in (Group, Setting, Note, Request, Feedback, EnteredRule)
)


@pytest.fixture(autouse=True)
def written(home: Path) -> None:
    create_group(name="Vale", members=["A81001"], who="local", why="We plan together.")
    set_setting(name="inclusion.minimum_list", value=1, who="local", why="We are small.")
    add_note(organisation="A81001", text="Cleaned.", who="local")
    told: dict[str, Any] = {"organisation": "A81001", "who": "local"}
    give_account(text="We opened a branch.", owner="lead", **told)
    send_feedback(name="Vale", data_version="1", evidence={"title": "T"}, **told)
    enter_rule(rule="qof.point_value", period="2018-19", value=179, reference="The directions.",
               who="local", home=home)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "write",
    [
        lambda model: model.objects.first().save(),
        lambda model: model.objects.first().delete(),
        lambda model: model.objects.all().delete(),
        lambda model: model.objects.filter(pk=1).update(pk=2),
        lambda model: model.objects.create(),
        lambda model: model.objects.get_or_create(pk=99),
        lambda model: model.objects.update_or_create(pk=99),
        lambda model: model.objects.bulk_create([model()]),
        lambda model: model.objects.bulk_update([model(pk=1)], ["id"]),
        lambda model: model(pk=1).save(force_update=True),
    ],
)
def test_a_model_refuses_whoever_is_not_an_action(
    model: Any, write: Callable[[Any], object]
) -> None:
    before = inputs(), list(model.objects.values())
    with pytest.raises((WrittenByActionsOnly, AppendOnly)):
        write(model)
    assert (inputs(), list(model.objects.values())) == before


@pytest.mark.parametrize("history", HISTORIES)
def test_a_history_refuses_likewise(history: Any) -> None:
    row = history.objects.first()
    for write in (row.save, row.delete, history.objects.all().delete, history.objects.create):
        with pytest.raises(WrittenByActionsOnly):
            write()


def test_an_event_is_not_changed_even_by_an_action() -> None:
    event = Event.objects.first()
    event.who = "another"
    with acting():
        for write in (
            event.save,
            event.delete,
            Event.objects.all().delete,
            lambda: Event.objects.update(who="another"),
        ):
            with pytest.raises(AppendOnly):
                write()
    event.refresh_from_db()
    assert event.who == "local"


def test_related_rows_are_guarded_too() -> None:
    group = Group.objects.get()
    with pytest.raises(WrittenByActionsOnly):
        group.memberships.create(practice_code="A81009", joined_on="2026-01-01", joined_by_id=1)
    with pytest.raises(WrittenByActionsOnly):
        group.memberships.all().delete()


WRITES = {"save", "create", "get_or_create", "update_or_create", "update", "delete", "_raw_delete"}
WRITES |= {"bulk_create", "bulk_update", "add", "remove", "set", "clear", "raw"}
WRITES |= {f"a{name}" for name in WRITES}
# dict.update, set.add and the like are no writes to a table: only these chains are looked at.
TABLES = {model.__name__ for model in MODELS} | {"objects", "history", "memberships"}
ALWAYS = {"save", "asave", "bulk_create", "abulk_create", "bulk_update", "abulk_update"}


def offences(source: str) -> Iterator[str]:
    """Yield what in ``source`` writes to records, or takes the key with which actions do."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            if node.module.startswith("locality.records.actions.writing") or (
                "acting" in names and node.module.startswith("locality.records.models")
            ):
                yield f"line {node.lineno} imports {node.module}"
            if node.module == "django.db" and names & {"connection", "connections"}:
                yield f"line {node.lineno} imports a connection"
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        chain = {n.attr for n in ast.walk(node.func.value) if isinstance(n, ast.Attribute)}
        chain |= {n.id for n in ast.walk(node.func.value) if isinstance(n, ast.Name)}
        if node.func.attr in WRITES and chain & TABLES:
            yield f"line {node.lineno} calls {node.func.attr} on a table"
        elif node.func.attr in ALWAYS:
            yield f"line {node.lineno} calls {node.func.attr}"


# Who else may hold a connection or save: the models' own save, the lock, the making of tables.
ALLOWED = {
    "records/models/recorded.py",
    "records/models/event.py",
    "records/turns.py",
    "records/setup.py",
    "records/copying.py",
    "backup/making.py",
    "backup/restoring.py",
}


def test_nothing_else_in_the_source_writes() -> None:
    seen, found = 0, {}
    for file in SOURCE.rglob("*.py"):
        place = file.relative_to(SOURCE).as_posix()
        if file.is_relative_to(ACTIONS) or place in ALLOWED or "/migrations/" in place:
            continue
        # Papers save documents; import-linter keeps records out of their reach.
        if place.startswith("render/"):
            continue
        seen += 1
        if lines := list(offences(file.read_text("utf-8"))):
            found[place] = lines
    assert seen > 20
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "from locality.records.models import Group\nGroup.objects.create(name='x')",
        "Group.objects.filter(pk=1).update(name='x')",
        "group.memberships.all().delete()",
        "async def f(): await Note.objects.acreate()",
        "group.name = 'x'\ngroup.save()",
        "from locality.records.models.recorded import acting",
        "from locality.records.actions.writing import change",
        "from django.db import connection",
    ],
)
def test_the_search_finds_each_way_of_writing(source: str) -> None:
    assert list(offences(source))


def test_the_search_lets_reading_and_dicts_be() -> None:
    source = "d = {}\nd.update(a=1)\nset().add(1)\nGroup.objects.filter(pk=1).count()\nx.delete(1)"
    assert list(offences(source)) == []


def test_actions_do_write() -> None:
    """If the search found nothing in actions either, it would be looking for the wrong thing."""
    assert any(list(offences(file.read_text("utf-8"))) for file in ACTIONS.glob("*.py"))
