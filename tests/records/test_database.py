from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Problem
from locality.records.database import database, postgresql

words = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=20)


def test_without_an_address_records_stand_in_the_home() -> None:
    settings = database(Path("/some/home"))
    assert settings["NAME"] == "/some/home/records.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_in_full() -> None:
    settings = database(
        Path("/h"), "postgres://ann:p%40ss%2Fw@db.example:6543/loc%20al?sslmode=verify-full"
    )
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert settings["NAME"] == "loc al"
    assert settings["USER"] == "ann"
    assert settings["PASSWORD"] == "p@ss/w"
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "6543")
    assert settings["OPTIONS"] == {"sslmode": "verify-full"}


def test_the_shortest_address() -> None:
    settings = postgresql("postgresql:///records")
    assert (settings["NAME"], settings["HOST"], settings["PORT"]) == ("records", "", "")
    assert (settings["USER"], settings["PASSWORD"]) == ("", "")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("postgres://u@[::1]:5432/r", "::1"),
        ("postgres://u@%2Fvar%2Frun%2Fpostgresql/r", "/var/run/postgresql"),
        ("postgres:///r?host=/var/run/postgresql", "/var/run/postgresql"),
    ],
)
def test_hosts_of_every_sort(address: str, host: str) -> None:
    settings = postgresql(address)
    assert settings["HOST"] == host
    assert "host" not in settings["OPTIONS"]


@given(user=words, password=words, name=words.filter(lambda text: "/" not in text))
def test_whatever_is_quoted_comes_back(user: str, password: str, name: str) -> None:
    address = (
        f"postgres://{quote(user, safe='')}:{quote(password, safe='')}@h/{quote(name, safe='')}"
    )
    settings = postgresql(address)
    assert (settings["USER"], settings["PASSWORD"], settings["NAME"]) == (user, password, name)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://me:geheim@h/r", "begins with 'mysql'"),
        ("records.sqlite3", "begins with 'nothing'"),
        ("postgres://me:geheim@h", "does not name one database"),
        ("postgres://me:geheim@h/a/b", "does not name one database"),
        ("postgres://me:geheim@h:port/r", "not well formed"),
        ("postgres://me:geheim@h:99999/r", "not well formed"),
        ("postgres://me:geheim@[::1/r", "not well formed"),
        ("postgres://me:geheim@h/r?sslmod=require", "not known here: sslmod"),
    ],
)
def test_a_slip_is_a_sentence_that_shows_no_password(address: str, says: str) -> None:
    with pytest.raises(Problem) as caught:
        postgresql(address)
    assert says in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_missing_driver_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locality.records.database.find_spec", lambda name: None)
    with pytest.raises(Problem, match="pip install"):
        postgresql("postgres://h/r")
