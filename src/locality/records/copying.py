"""Records out as plain lines, and lines back into an empty database: every table, every row.

What is read is read at one moment, under the schema that the database holds, whichever program
made it. What is put back is put back under that same schema, and only then brought up to this
program's. Lines know no database: SQLite's come back in PostgreSQL and the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import JSONField, QuerySet

from locality.figures import Problem
from locality.records.turns import moment, turn

#: Tables that keep the server running and are no part of the record: who is signed in where,
#: and who tried to. They stay behind.
LEFT_BEHIND = ("records_attempt", "records_visit")

_PREFIX = "records_"
_PAGE = 2000


@dataclass(frozen=True)
class Moment:
    """The records at one moment: by what schema, up to which event, in which tables."""

    database: str
    migration: str
    event: int
    event_at: str
    tables: tuple[str, ...]

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the rows of ``table`` as JSON, a line each, in the order in which they came."""
        model = _models(self.migration)[table]
        names = [field.attname for field in model._meta.concrete_fields]
        columns = [field.column for field in model._meta.concrete_fields]
        key = model._meta.pk.attname
        rows = QuerySet(model).order_by(key)
        last: Any = None
        while True:
            page = list((rows if last is None else rows.filter(**{f"{key}__gt": last}))
                        .values_list(*names)[:_PAGE])  # fmt: skip
            for row in page:
                told = {name: _plain(cell) for name, cell in zip(columns, row, strict=True)}
                yield json.dumps(told, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            if len(page) < _PAGE:
                return
            last = page[-1][names.index(key)]


@contextmanager
def reading() -> Iterator[Moment]:
    """Give the records as they stand at one moment while the block runs; nobody waits for it.

    Raises Problem where a newer program made them.
    """
    migration = schema()
    with moment():
        models = _models(migration)
        found = QuerySet(models["records_event"]).order_by("-pk").first() if models else None
        yield Moment(
            database=connection.vendor,
            migration=migration,
            event=found.pk if found else 0,
            event_at=found.at.isoformat() if found else "",
            tables=tuple(sorted(set(models) - set(LEFT_BEHIND))),
        )


def schema() -> str:
    """Return the last migration that the database has seen; empty where it has no tables yet.

    Raises Problem where it is one of a newer program.
    """
    loader = MigrationExecutor(connection).loader
    applied = sorted(name for app, name in loader.applied_migrations if app == "records")
    if not applied:
        return ""
    known(applied[-1])
    return applied[-1]


def known(migration: str) -> None:
    """Raise Problem unless this program knows the schema of ``migration``; empty is none."""
    loader = MigrationExecutor(connection).loader
    if migration and ("records", migration) not in loader.disk_migrations:
        raise Problem(
            "These records were made by a newer Locality than this one. Install that one first."
        )


def refuse_unless_empty() -> None:
    """Raise Problem where the database holds any row of records."""
    held = [table for table in _tables() if _any_row(table)]
    if held:
        raise Problem(
            f"The database already holds records ({', '.join(held[:3])}"
            f"{' and more' if len(held) > 3 else ''}), and nothing is restored over them. Make an "
            "empty database and name it in DATABASE_URL."
        )


def put_back(
    migration: str,
    tables: Mapping[str, Callable[[], Iterable[bytes]]],
    *,
    finish: Callable[[], None] | None = None,
) -> dict[str, int]:
    """Put the lines of ``tables`` into this empty database, and return how many rows each has.

    It is made at the schema of ``migration``, filled, and brought up to this program's. On
    PostgreSQL all of that is one transaction, ``finish`` included, which runs last: when anything
    fails, nothing has happened. On SQLite the caller throws the file away instead. Raises Problem
    where the database is not empty, or a line is none of its table's.
    """
    known(migration)
    whole = turn() if connection.vendor == "postgresql" else nullcontext()
    try:
        with whole:
            refuse_unless_empty()
            if connection.vendor == "postgresql":
                _clear_away()
            if migration:
                call_command("migrate", "records", migration, verbosity=0, interactive=False)
            with turn():
                counted = _fill(migration, tables)
            call_command("migrate", verbosity=0, interactive=False)
            if finish is not None:
                finish()
    except DatabaseError as error:
        first = (str(error).strip() or "no answer").splitlines()[0]
        raise Problem(
            f"The database did not take the records, and nothing was restored: {first}"
        ) from error
    return counted


def _fill(migration: str, tables: Mapping[str, Callable[[], Iterable[bytes]]]) -> dict[str, int]:
    models = _models(migration)
    strange = sorted(set(tables) - set(models))
    if strange:
        raise Problem(f"There is no table {strange[0]} in records of {migration or 'no schema'}.")
    # Making the tables may have left the checks of keys immediate: rows come table by table.
    connection.check_constraints()
    counted = {}
    for table, lines in sorted(tables.items()):
        model, rows, counted[table] = models[table], [], 0
        for line in lines():
            rows.append(_row(model, table, line))
            if len(rows) == _PAGE:
                counted[table] += len(QuerySet(model).bulk_create(rows))
                rows = []
        counted[table] += len(QuerySet(model).bulk_create(rows))
    # Deferred checks of keys now, while it can still be said what they are about; a later
    # migration could not change tables that have checks waiting.
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    return counted


def _row(model: Any, table: str, line: bytes) -> Any:
    """Return the row that ``line`` tells of; Problem where it does not fit ``table``."""
    try:
        told = json.loads(line)
        fields = {field.column: field for field in model._meta.concrete_fields}
        if set(told) != set(fields):
            raise ValueError
        return model(**{
            field.attname: told[column]
            if isinstance(field, JSONField)
            else field.to_python(told[column])
            for column, field in fields.items()
        })  # fmt: skip
    except Exception as error:  # whatever a field makes of a wrong value
        raise Problem(
            f"A line of {table} cannot be read back ({type(error).__name__}). The backup is "
            "damaged, and nothing was restored."
        ) from None


def _plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it without loss; TypeError for a kind nobody foresaw."""
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return str(cell)
    if cell is None or isinstance(cell, (bool, int, str, list, dict)):
        return cell
    raise TypeError(f"records hold a {type(cell).__name__}, which a backup cannot say")


def _models(migration: str) -> dict[str, Any]:
    """Return the models of records as they were at ``migration``, by the name of their table."""
    if not migration:
        return {}
    loader = MigrationExecutor(connection).loader
    apps = loader.project_state(("records", migration), at_end=True).apps
    found = apps.get_app_config("records").get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found}


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        every = connection.introspection.table_names(cursor)
    return sorted(name for name in every if name.startswith(_PREFIX))


def _any_row(table: str) -> bool:
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - a name the database gave
        return cursor.fetchone() is not None


def _clear_away() -> None:
    """Remove the empty tables that a first start may have made, of whatever schema they are."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
    recorder = MigrationRecorder(connection)
    if recorder.has_table():
        recorder.migration_qs.filter(app="records").delete()
