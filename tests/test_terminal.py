"""What the command line prints: problems as sentences, tables as JSON, never a traceback."""

import json

import pytest
import typer

from locality import terminal
from locality.figures import (
    Column,
    Figure,
    Missing,
    Period,
    Problem,
    Schema,
    Source,
    Table,
    Working,
)

SCHEMA = Schema(
    "things", "Things", (Column("code", "text", "a code"), Column("n", "number", "n", "", False))
)


def ran(error: BaseException | None, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    app = typer.Typer()

    @app.command()
    def go() -> None:
        if error is not None:
            raise error

    import sys

    argv, sys.argv = sys.argv, ["locality"]
    try:
        code = terminal.run(app)
    finally:
        sys.argv = argv
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (None, 0, ""),
        (Problem("There is no measure of that name."), 1, "There is no measure of that name.\n"),
        (FileNotFoundError(2, "No such file", "x.csv"), 1, "No such file: x.csv"),
        (OSError("disk full"), 1, "The computer refused: disk full"),
        (KeyboardInterrupt(), 130, "Nothing half-done is left behind."),
        (typer.Exit(4), 4, ""),
        (RuntimeError("boom"), 3, "Something we did not foresee: RuntimeError: boom."),
    ],
)
def test_every_way_to_end(
    error: BaseException | None, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, said = ran(error, capsys)
    assert ended == code
    assert words in said
    assert "Traceback" not in said


def test_a_table_as_json_is_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"code": "a", "n": 1.5}, {"code": "b", "n": None}]
    terminal.show_table(Table.of(SCHEMA, rows), as_json=True)
    assert json.loads(capsys.readouterr().out) == rows


def test_a_table_in_words_and_an_empty_one(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_table(Table.of(SCHEMA, [{"code": "a", "n": 1234.5}], notes=("Mind [this].",)))
    said = capsys.readouterr().out
    assert "1,234.5" in said
    assert "Mind [this]." in said
    terminal.show_table(Table.of(SCHEMA, []))
    assert "Things: nothing yet." in capsys.readouterr().out


def test_a_figure_prints_its_working_down_to_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    working = Working(sources=(Source("p", "QOF", "NHS England", "P.csv", "abc", "2024-25", 1, 2),))
    one = Figure("m", "M", "Z1", Period.parse("2024-25"), "%", value=15.0, lower=14.0, upper=16.0,
                 numerator=15, denominator=100, working=working)  # fmt: skip
    terminal.show_figure(one)
    said = capsys.readouterr().out
    assert "15.0 %" in said
    assert "14.0 to 16.0 %" in said
    assert "sha256 abc" in said
    none = Figure("m", "M", "Z1", Period.parse("2024-25"), "%", missing=Missing.NO_RETURN)
    terminal.show_figure(none, as_json=True)
    assert json.loads(capsys.readouterr().out)["missing"] == "no return"
