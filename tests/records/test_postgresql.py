"""The same tests on a real PostgreSQL, run beside this one with ``DATABASE_URL``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.records.postgresql import ON_POSTGRESQL

HERE = Path(__file__).parent
SAME = (
    "actions",
    "test_constraints.py",
    "test_copying.py",
    "test_inputs.py",
    "test_setup.py",
    "test_tables.py",
)


def test_this_run_is_on_the_engine_it_says() -> None:
    from django.db import connection

    assert connection.vendor == ("postgresql" if ON_POSTGRESQL else "sqlite")


@pytest.mark.postgresql
@pytest.mark.skipif(ON_POSTGRESQL, reason="starts the run, and is no part of it")
def test_records_keep_the_same_promises_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-rfE",
            f"--basetemp={tmp_path / 'beside'}",
            *(str(HERE / name) for name in SAME),
            f"{__file__}::test_this_run_is_on_the_engine_it_says",
        ],
        env={**os.environ, "DATABASE_URL": postgresql_url, "LOCALITY_RECORDS_TESTS": "postgresql"},
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=540,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed, run.stdout
    assert int(passed[1]) > 100
