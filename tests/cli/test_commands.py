"""Commands of judgements, packs and money: the same as Python, as a table and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def home(demonstration: tuple[Path, dict[str, Any]]) -> Path:
    return demonstration[0]


@pytest.fixture(scope="module")
def member(demonstration: tuple[Path, dict[str, Any]]) -> str:
    """Return a practice that typed in counts during the year."""
    return str(demonstration[1]["planted"]["small_in_year_counts"]["members"][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["points", "{p}"], '"code": "AF006"'),
        (["pounds", "{p}", "--year", "2025-26"], '"total"'),
        (["pace", "{p}"], '"a_week"'),
        (["scenarios", "--year", "2025-26"], '"scenario"'),
        (["standings", "{p}"], '"sentence"'),
        (["alerts", "{p}", "--false-alerts", "2"], "["),
        (["chart", "access.online_clinical", "{p}"], '"centre"'),
        (["funnel", "qof.achievement.hyp008"], '"code"'),
        (["order", "qof.achievement.hyp008"], '"code"'),
        (["peers", "qof.achievement.hyp008", "{p}"], '"distance"'),
        (["care-adjustments", "{p}"], '"pca_rate"'),
        (["worth"], '"earns"'),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_commands_print_the_same_as_json(
    home: Path, member: str, words: list[str], said: str
) -> None:
    from typer.testing import CliRunner

    from locality.cli import app

    asked = [word.replace("{p}", member) for word in words]
    ran = CliRunner().invoke(app, [*asked, "--home", str(home), "--json"])
    assert ran.exit_code == 0, ran.output
    assert said in ran.output
    assert json.loads(ran.output) is not None
    plain = CliRunner().invoke(app, [*asked, "--home", str(home)])
    assert plain.exit_code == 0 and plain.output.strip()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["points", "NOWHERE"], "No file that is loaded names"),
        (["pounds", "ENG"], "not a practice"),
        (["alerts", "ENG", "--false-alerts", "-1"], "must be above 0"),
        (["points", "{p}", "--as-at", "soon"], "such as 31 March 2027"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    home: Path, member: str, words: list[str], said: str
) -> None:
    asked = [word.replace("{p}", member) for word in words]
    ran = subprocess.run(
        [sys.executable, "-m", "locality.cli", *asked, "--home", str(home)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1 and said in ran.stderr and "Traceback" not in ran.stderr


def test_a_pack_is_written_where_it_was_asked_for(home: Path, member: str, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from locality.cli import app

    asked = ["report", member, "--into", str(tmp_path), "--own", "--home", str(home), "--json"]
    ran = CliRunner().invoke(app, asked)
    assert ran.exit_code == 0, ran.output
    assert [Path(row["file"]).suffix for row in json.loads(ran.output)] == [".docx", ".xlsx"]
    assert all(Path(row["file"]).is_file() for row in json.loads(ran.output))


def test_the_program_is_one_whichever_way_it_is_called() -> None:
    for words in (["-m", "locality.cli"], ["-c", "from locality.cli import main; main()"]):
        ran = subprocess.run(
            [sys.executable, *words, "--version"], capture_output=True, text=True, check=True
        )
        assert ran.stdout.startswith("locality ")
