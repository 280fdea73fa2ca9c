"""People, bodies, quorums and the log from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from locality.cli import app
from locality.records.setup import prepare


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LOCALITY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "locality.web.settings")
    prepare(tmp_path / "home")
    return tmp_path / "home"


def asked(home: Path, *words: str) -> Any:
    ran = CliRunner().invoke(app, [*words, "--home", str(home), "--json"])
    assert ran.exit_code == 0, ran.output
    plain = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert plain.exit_code == 0 and plain.output.strip()
    return json.loads(ran.output)


def test_what_pages_show_is_listed(home: Path) -> None:
    from locality.records.actions import log_action, set_quorum
    from tests.records import made

    panel = made.body()
    made.seat(made.post(limit="5000"), panel, role="chair")
    set_quorum(code=panel.code, rules=[(2, ["gp"], True)], **made.TOLD)
    assert asked(home, "people")[0]["bodies"] == "Vale commissioning panel"
    assert asked(home, "bodies")[0]["members"] == 1
    assert asked(home, "members", panel.code)[0]["limit"] == 5000
    (rule,) = asked(home, "quorum", panel.code)
    assert (rule["present"], rule["met"]) == (1, False)
    assert asked(home, "log", "--kind", "body", "--last", "1")[0]["what"] == "body.quorum_set"
    assert asked(home, "log", "--who", "nobody") == []
    person = asked(home, "people")[0]["code"]
    log_action(
        what="Write", owner=person, due_on=timezone.localdate(), body=panel.code, who="local"
    )
    assert asked(home, "actions", "--body", panel.code)[0]["what"] == "Write"
    assert asked(home, "actions", "--show", "done") == []
    assert asked(home, "needs", person)[0]["words"] == "Write"


def test_an_unknown_body_is_a_sentence(home: Path) -> None:
    ran = CliRunner().invoke(app, ["members", "b-none", "--home", str(home)])
    assert ran.exit_code != 0
    assert "There is no body" in str(ran.exception)
    ran = CliRunner().invoke(app, ["actions", "--show", "odd", "--home", str(home)])
    assert ran.exit_code != 0 and "not 'odd'" in str(ran.exception)
