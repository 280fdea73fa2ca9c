"""How tables, figures, progress and problems look in a terminal, and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typer

    from locality.figures import Figure, Statement, Table

#: Told by long work: a sentence, how much is done, how much there is (0 where not known).
Progress = Callable[[str, int, int], None]

_SHORT = 14  # letters: a code, a date, a count
_INTERRUPTED = 130  # what shells expect after Ctrl+C


def run(app: typer.Typer, *, debug: bool = False) -> int:
    """Run the command line and return its exit code; problems are printed as sentences.

    1: the sentence says what to put right. 2: the command was typed wrongly. 3: unforeseen.
    """
    import typer as typing_tool

    try:
        code = app(standalone_mode=False)
    except typing_tool.Exit as stop:
        code = stop.exit_code
    except (typing_tool.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    except Exception as error:
        if debug:
            raise
        return _explain(error)
    if code == _INTERRUPTED:
        _say("Stopped. Nothing half-done is left behind.")
    return int(code or 0)


def _explain(error: Exception) -> int:
    """Print what ``error`` means to the person at the keyboard; return the exit code."""
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # click's own
        usage = getattr(error, "ctx", None)
        hint = f" Try: {usage.command_path} --help" if usage is not None else ""
        _say(f"{error.format_message()}{hint}")
        return int(error.exit_code)
    from locality.figures import Problem

    if isinstance(error, Problem):
        _say(str(error))
        return 1
    if isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError)):
        _say(f"{error.strerror}: {error.filename}")
        return 1
    if isinstance(error, OSError):
        _say(f"The computer refused: {error}")
        return 1
    _say(
        f"Something we did not foresee: {type(error).__name__}: {error}. "
        "Nothing stored was harmed. Set LOCALITY_DEBUG=1 and run it again to see where."
    )
    return 3


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def show_table(table: Table, as_json: bool = False) -> None:
    """Print ``table`` as JSON rows, or as a table that fits the terminal."""
    if as_json:
        print(json.dumps(table.rows, default=_plain, ensure_ascii=False, indent=1))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Grid

    rows = table.rows
    used = [c for c in table.schema.columns if any(row[c.name] not in (None, "") for row in rows)]
    # Into a file or a pipe, lines may be long; in a terminal, long words fold, codes never do.
    console = Console(width=None if sys.stdout.isatty() else 200)
    grid = Grid(title=table.title or table.schema.title, title_justify="left", box=SIMPLE_HEAD)
    for column in used:
        number = column.type in ("whole", "number", "bits")
        cells = [_cell(row[column.name], column.type) for row in rows]
        grid.add_column(
            column.name.replace("_", " "),
            justify="right" if number else "left",
            no_wrap=max(map(len, cells)) <= _SHORT,
            overflow="fold",
        )
    for row in rows:
        grid.add_row(*(_cell(row[c.name], c.type) for c in used))
    if not rows:
        console.print(f"{table.title or table.schema.title}: nothing yet.")
    else:
        console.print(grid)
    for line in (table.caption, *table.notes):
        if line:
            console.print(line, style="dim", markup=False)


def show_statement(statement: Statement, as_json: bool = False) -> None:
    """Print ``statement`` line by line with its total and the factors of each rate, or as JSON."""
    if as_json:
        print(json.dumps(statement.as_dict(), ensure_ascii=False, indent=1))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(width=None if sys.stdout.isatty() else 200)
    grid = Grid(title=statement.title, title_justify="left", box=SIMPLE_HEAD, show_footer=True)
    grid.add_column("line", footer="Total")
    for name, footer in (("quantity", ""), ("rate", ""), ("amount", f"£{statement.total:,}")):
        grid.add_column(name, justify="right", footer=footer)
    grid.add_column("made of", overflow="fold")
    for line in statement.lines:
        made_of = " x ".join(f"{one.label.lower()} {one.value:.6g}" for one in line.factors)
        mark = " (estimate)" if line.estimate else ""
        grid.add_row(
            line.label + mark, f"{line.quantity:,.2f} {line.quantity_unit}",
            f"£{line.rate:,.2f}", f"£{line.pounds:,}", made_of,
        )  # fmt: skip
    console.print(grid)
    for step in statement.working.steps:
        console.print(step.text, style="dim", highlight=False, markup=False)


def show_figure(figure: Figure, as_json: bool = False) -> None:
    """Print one figure and its whole working, as JSON or in words."""
    if as_json:
        print(json.dumps(figure.as_dict(), default=_plain, ensure_ascii=False, indent=1))
        return
    say = print
    say(f"{figure.title}: {figure.organisation}, {figure.period.label}")
    say(
        f"  {figure.text} {figure.unit_text}".rstrip()
        + (f"  ({figure.chance_text})" if figure.chance_text else "")
    )
    if figure.numerator is not None and figure.denominator is not None:
        say(f"  {figure.numerator:,.0f} of {figure.denominator:,.0f}")
    if figure.note:
        say(f"  {figure.note}")
    working = figure.working
    for title, lines in (
        ("Steps", [f"{s.text}  {s.calculation}".rstrip() for s in working.steps]),
        ("Rules", [" ".join(filter(None, (f"{r.id}: {r.title} ({r.place})", r.reference,
                                          r.address))) for r in working.rules]),
        ("Files", [f"{s.sentence}; rows used: {s.rows:,}; sha256 {s.sha256}"
                   for s in working.sources]),
    ):  # fmt: skip
        if lines:
            say(f"{title}:")
            for line in lines:
                say(f"  - {line}")


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a function that long work calls; a bar is drawn only where someone watches."""
    if not sys.stderr.isatty():
        yield lambda sentence, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        task = bars.add_task("Starting", total=None)

        def tell(sentence: str, done: int, of: int) -> None:
            bars.update(task, description=sentence, completed=done, total=of or None)

        yield tell


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "number":
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if kind == "whole":
        return f"{value:,}"
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
