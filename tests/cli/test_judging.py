"""Judgements typed: what a terminal shows, what people recorded, and what cannot be asked."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import locality
from locality.cli import app, judging
from locality.measure import OF_MANY, OF_ONE, Accepted

CODE, ICB = "Z90017", "Z0K0A"
YEARLY, MONTHLY, LOCAL = "qof.register.hyp", "access.online_clinical", "local.cardiology_referrals"

#: Each command with what Python answers to the same.
ASKED = {
    "standings": (["standings", CODE], lambda m: m.standings(CODE)),
    "alerts": (["alerts", ICB], lambda m: m.alerts(ICB)),
    "alerts asked": (
        ["alerts", ICB, "--false-alerts", "0.5"],
        lambda m: m.alerts(ICB, Accepted(0.5, OF_MANY.months)),
    ),
    "chart": (["chart", MONTHLY, CODE], lambda m: m.chart(MONTHLY, CODE)),
    "chart since": (
        ["chart", MONTHLY, CODE, "--since", "2025-M10", "--since", "2026-M03"],
        lambda m: m.chart(MONTHLY, CODE, ("2025-M10", "2026-M03")),
    ),
    "funnel": (["funnel", YEARLY], lambda m: m.funnel(YEARLY)),
    "funnel within": (
        ["funnel", YEARLY, "--kind", "pcn", "--within", ICB],
        lambda m: m.funnel(YEARLY, "pcn", ICB),
    ),
    "order": (["order", YEARLY, "--within", ICB], lambda m: m.in_order(YEARLY, "practice", ICB)),
    "peers": (["peers", YEARLY, CODE], lambda m: m.peers(YEARLY, CODE)),
    "care-adjustments": (["care-adjustments", CODE], lambda m: m.care_adjustments(CODE)),
    "worth": (["worth"], lambda m: m.cards()),
}


@pytest.fixture(scope="module")
def home(demonstration: tuple[Path, dict[str, Any]]) -> Path:
    return demonstration[0]


@pytest.mark.parametrize("name", ASKED)
def test_json_is_every_row_and_column_that_python_gives(home: Path, name: str) -> None:
    words, call = ASKED[name]
    ran = CliRunner().invoke(app, [*words, "--home", str(home), "--json"])
    assert ran.exit_code == 0, ran.output
    table = call(locality.open(home).measure)
    assert len(table)
    assert json.loads(ran.output) == json.loads(json.dumps(table.rows, default=str))


@pytest.mark.parametrize("name", ASKED)
def test_no_figure_is_cropped_where_the_window_is_narrow(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words, call = ASKED[name]
    # Into a pipe 200 letters are taken: here a window 100 letters wide is watched.
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    app([*words, "--home", str(home)], standalone_mode=False)
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 100
    rows = call(locality.open(home).measure).rows
    column = next(one for one in ("value", "achievement", "reliability") if one in rows[0])
    for row in rows[:5]:
        if name.startswith("alerts"):
            assert row["period"] in told and row["code"] in told
        elif row[column] is not None:
            figure = f"{row[column]:,.2f}".rstrip("0").rstrip(".")
            assert f" {figure} " in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["funnel", "qof.register.hpy"], "qof.register.hyp"),
        (["order", "nothing"], "locality measures"),
        (["order", "money.premises"], "is not put in order"),
        (["chart", YEARLY, "Z99999"], "Z99999"),
        (["chart", YEARLY, CODE, "--since", "soon"], "'soon' is not a period"),
        (["peers", YEARLY, ICB], "is not one"),
        (["standings", "Z99999"], "locality search"),
        (["care-adjustments", "ENG"], "not a practice"),
        (["funnel", YEARLY, "--kind", "planet"], "There is no kind 'planet'; there are practice,"),
        (["order", YEARLY, "--kind", "planet"], "There is no kind 'planet'; there are practice,"),
        (["funnel", YEARLY, "--within", "Z99999"], "Z99999"),
        (["alerts", ICB, "--false-alerts", "nan"], "must be above 0"),
        (["alerts", ICB, "--false-alerts", "inf"], "must be above 0"),
        (["alerts", ICB, "--false-alerts", "0"], "must be above 0"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_a_sentence(home: Path, words: list[str], said: str) -> None:
    from locality.figures import Problem

    with pytest.raises(Problem) as told:
        app([*words, "--home", str(home)], standalone_mode=False)
    assert said in str(told.value)


WRITE = f"""
import sys
from pathlib import Path
from datetime import date, timedelta
from locality.records.setup import prepare
prepare(Path(sys.argv[1]))
from locality.records import actions
who = {{"who": "A tester"}}
actions.set_setting(name="alerts.practice_quarter", value="3", why="We look often.", **who)
actions.set_setting(name="alerts.icb_month", value="0.5", why="We are few.", **who)
actions.rebase_chart(organisation="{CODE}", measure="{MONTHLY}", period="2025-M10",
                     reason="A new telephone line.", **who)
actions.rebase_chart(organisation="Z90003", measure="{MONTHLY}", period="2025-M11",
                     reason="Somebody else's.", **who)
actions.mark_signal(organisation="{CODE}", measure="{YEARLY}", state="warranted",
                    reason="An old town.", review_on=date.today() + timedelta(days=30), **who)
"""


@pytest.fixture(scope="module")
def written(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same figures in a home where people wrote something."""
    folder = tmp_path_factory.mktemp("written")
    for part in home.iterdir():
        (folder / part.name).symlink_to(part)
    # In a process of its own: Django belongs to one home.
    subprocess.run([sys.executable, "-c", WRITE, str(folder)], check=True)
    return folder


#: Several commands in one process, for Django is long in coming: each one's output, as JSON.
SAY = """
import contextlib, io, json, sys
from locality.cli import app
said = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        app(words, standalone_mode=False)
    said.append(out.getvalue())
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(home: Path, written: Path) -> dict[tuple[bool, str], str]:
    """Return what commands say: (whether people wrote something, what was typed) -> output."""
    charts = f"chart {MONTHLY} {CODE.lower()} --json"
    typed = [(recorded, words) for recorded in (False, True) for words in (
        f"standings {CODE.lower()} --json", "standings Z90003 --json", charts,
        f"{charts} --since 2026-M01", f"alerts {ICB}", f"alerts {ICB} --false-alerts 2",
    )]  # fmt: skip
    asked = [[*words.split(), "--home", str(written if there else home)] for there, words in typed]
    ran = subprocess.run([sys.executable, "-c", SAY, json.dumps(asked)], check=True,
                         capture_output=True, text=True)  # fmt: skip
    return dict(zip(typed, json.loads(ran.stdout), strict=True))


def test_what_is_said_of_a_signal_stands_beside_it(said: dict[tuple[bool, str], str]) -> None:
    def marks(recorded: bool, code: str) -> dict[str, str]:
        rows = json.loads(said[recorded, f"standings {code} --json"])
        return {row["measure"]: row["mark"] for row in rows if row["mark"]}

    assert marks(True, CODE.lower()) == {YEARLY: "warranted"}
    assert marks(True, "Z90003") == marks(False, CODE.lower()) == {}


def test_what_was_to_be_looked_at_again_says_nothing_any_more() -> None:
    marks = [
        {"organisation": CODE, "measure": f"m{days}", "state": "warranted", "reason": "Old.",
         "review_on": (date.today() + timedelta(days=days)).isoformat()}
        for days in (-400, -1, 0, 1, 400)
    ]  # fmt: skip
    said = judging._marks({"marks": marks})
    assert said == tuple((CODE, id, "warranted") for id in ("m0", "m1", "m400"))
    assert judging._marks({}) == ()


def test_new_limits_of_a_group_are_found_by_its_own_code() -> None:
    rebases = [{"organisation": code, "measure": "m", "period": period}
               for code, period in (("g-elm", "2025-26"), ("G-ELM", "2024-25"))]  # fmt: skip
    assert judging._rebases({"rebases": rebases}, "g-elm", "m") == ["2025-26"]
    assert judging._rebases({"rebases": rebases}, "g-elm", "n") == []


@pytest.mark.parametrize(
    ("kind", "set_to", "asked", "expected"),
    [
        ("practice", {}, None, OF_ONE),
        ("icb", {}, None, OF_MANY),
        ("group", {}, None, OF_MANY),
        ("pcn", {"alerts.practice_quarter": 3}, None, Accepted(3, 3)),
        ("pcn", {"alerts.icb_month": 3}, None, OF_ONE),
        ("place", {"alerts.icb_month": "0.5"}, None, Accepted(0.5, 1)),
        ("icb", {"alerts.icb_month": 0}, None, OF_MANY),
        ("icb", {"alerts.icb_month": 9}, 2.0, Accepted(2, 1)),
    ],
)
def test_the_false_alerts_accepted(
    kind: str, set_to: dict[str, object], asked: float | None, expected: Accepted
) -> None:
    settings = [{"name": "charts.fewest", "organisation": "", "period": "", "value": 12}]
    settings += [{"name": name, "organisation": "", "period": "", "value": value}
                 for name, value in set_to.items()]  # fmt: skip
    assert judging._accepted({"settings": settings}, kind, asked) == expected


def test_a_chart_begins_afresh_where_people_recorded_it_or_where_it_is_asked(
    said: dict[tuple[bool, str], str],
) -> None:
    def begins(recorded: bool, more: str = "") -> list[str]:
        rows = json.loads(said[recorded, f"chart {MONTHLY} {CODE.lower()} --json{more}"])
        return [one["period"] for before, one in itertools.pairwise(rows)
                if one["phase"] != before["phase"]]  # fmt: skip

    assert begins(False) == []
    assert begins(True) == ["2025-M10"]
    assert begins(True, " --since 2026-M01") == begins(False, " --since 2026-M01") == ["2026-M01"]


def test_false_alerts_are_as_asked_or_as_set_or_as_usual(
    said: dict[tuple[bool, str], str],
) -> None:
    def words(recorded: bool, more: str = "") -> str:
        return " ".join(said[recorded, f"alerts {ICB}{more}"].split())

    assert "at most 5 false alerts a month" in words(False)
    assert "at most 0.5 false alerts a month" in words(True)
    assert "at most 2 false alerts a month" in words(True, " --false-alerts 2")


def test_the_program_names_every_judgement_after_what_there_was() -> None:
    told = CliRunner().invoke(app, ["--help"]).output
    names = [line.split()[1] for line in told.splitlines() if line.startswith("│ ") and
             line[2:3].isalpha()]  # fmt: skip
    new = ["standings", "alerts", "chart", "funnel", "order", "peers", "care-adjustments", "worth"]
    assert [name for name in names if name in new] == new
    assert names.index("explain") < names.index("standings")
