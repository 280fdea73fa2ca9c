"""Records as lines: every table, at one moment, without loss; the same on either database."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from locality.figures import Problem
from locality.records import copying
from locality.records.actions import add_note
from locality.records.models import Event, Note
from tests.records.everything import write_everything


def told(stand: copying.Moment) -> dict[str, list[dict[str, Any]]]:
    return {table: [json.loads(line) for line in stand.lines(table)] for table in stand.tables}


def test_every_table_is_copied_or_left_behind_on_purpose() -> None:
    with connection.cursor() as cursor, copying.reading() as stand:
        tables = {
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith("records_")
        }
        assert set(stand.tables) | set(copying.LEFT_BEHIND) == tables
        assert not set(stand.tables) & set(copying.LEFT_BEHIND)


def test_every_cell_is_told_without_loss(home: Path) -> None:
    write_everything(home)
    with copying.reading() as stand:
        found = told(stand)
        assert stand.database == connection.vendor
        assert stand.event == Event.objects.order_by("-id").values_list("pk", flat=True)[0]
    for model in apps.get_app_config("records").get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in copying.LEFT_BEHIND:
            continue
        rows = list(model._base_manager.order_by("pk"))
        assert len(found[table]) == len(rows), table
        for line, row in zip(found[table], rows, strict=True):
            again = copying._row(model, table, json.dumps(line).encode())
            for field in model._meta.concrete_fields:
                was, now = (getattr(one, field.attname) for one in (row, again))
                assert (was, type(was)) == (now, type(now)), (table, field.attname)


def test_pages_of_rows_join_without_a_gap(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        add_note(organisation="A81001", text=f"Number {number}.", who="local")
    monkeypatch.setattr(copying, "_PAGE", 3)
    with copying.reading() as stand:
        assert [row["id"] for row in told(stand)["records_event"]] == [1, 2, 3, 4, 5, 6, 7]
    monkeypatch.setattr(copying, "_PAGE", 7)
    with copying.reading() as stand:
        assert len(told(stand)["records_note"]) == 7


def test_what_is_written_meanwhile_is_not_in_it(home: Path) -> None:
    add_note(organisation="A81001", text="Before.", who="local")

    def somebody() -> None:
        try:
            add_note(organisation="A81001", text="Meanwhile.", who="local")
        finally:
            connection.close()

    with copying.reading() as stand:
        before = list(stand.lines("records_event"))
        other = threading.Thread(target=somebody)
        other.start()
        other.join(30)
        assert not other.is_alive()
        assert (stand.event, len(before)) == (1, 1)
        assert len(list(stand.lines("records_note"))) == 1
    assert Note.objects.count() == 2


def test_a_database_that_holds_a_row_is_refused(home: Path) -> None:
    copying.refuse_unless_empty()
    add_note(organisation="A81001", text="Here.", who="local")
    with pytest.raises(Problem, match="already holds records"):
        copying.refuse_unless_empty()
    with pytest.raises(Problem, match="already holds records"):
        copying.put_back(copying.schema(), {})
    assert Note.objects.count() == 1


@pytest.mark.parametrize("line", [b"no json", b"{}", b'{"id": 1, "more": 2}', b"[]", b"\xff"])
def test_a_line_that_is_no_row_is_a_sentence(line: bytes) -> None:
    with pytest.raises(Problem, match="records_note cannot be read back"):
        copying._row(Note, "records_note", line)


def test_what_nobody_foresaw_is_not_guessed() -> None:
    at = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
    assert copying._plain(at) == "2026-11-23T12:00:00.123456+00:00"
    assert copying._plain(date(2026, 1, 2)) == "2026-01-02"
    assert copying._plain(Decimal("1.10")) == "1.10"
    with pytest.raises(TypeError, match="bytes"):
        copying._plain(b"x")
    with pytest.raises(Problem, match="newer Locality"):
        copying.known("9999_later")
