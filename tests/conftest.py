"""What every test may ask for; what is not on this machine is named once, at the end."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = Path(os.environ.get("LOCALITY_PUBLISHED_FILES", ROOT.parent / "shared" / "data"))
REQUIRED = {word for word in os.environ.get("LOCALITY_REQUIRE", "").split(",") if word}
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

LONG = ("slow", "postgresql", "spark")

settings.register_profile(
    "locality", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("locality")


def _postgres_programs() -> bool:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.get_exec_path())]
    return any((folder / "initdb").exists() for folder in folders)


def _missing() -> dict[str, str]:
    """Return what this machine lacks: marker -> the sentence printed once."""
    absent = {}
    if CHROMIUM is None or importlib.util.find_spec("playwright") is None:
        absent["browser"] = "browser tests did not run: Chromium or Playwright is not installed"
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        absent["spark"] = "Spark tests did not run: pyspark or Java is not installed"
    if not _postgres_programs() or importlib.util.find_spec("psycopg") is None:
        absent["postgresql"] = "PostgreSQL tests did not run: its server programs are not installed"
    if not PUBLISHED.is_dir():
        absent["published"] = (
            "tests on published files did not run: set LOCALITY_PUBLISHED_FILES to their folder"
        )
    return absent


ABSENT = _missing()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def _one_day_for_all() -> None:
    """Let the records' today be the day on which the run began: a run may go on past midnight."""
    began, actual = date.today(), timezone.localdate

    def localdate(value: datetime | None = None, zone: Any = None) -> date:
        return began if value is None else actual(value, zone)

    timezone.localdate = localdate


def pytest_configure(config: pytest.Config) -> None:
    _one_day_for_all()
    lacking = REQUIRED & set(ABSENT)
    if lacking:
        raise pytest.UsageError(
            "; ".join(ABSENT[word] for word in sorted(lacking)) + " (LOCALITY_REQUIRE asks for it)"
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for word, sentence in ABSENT.items():
            if item.get_closest_marker(word):
                item.add_marker(pytest.mark.skip(reason=sentence))
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow tests run with --slow"))
    # Whole modules stay together (sessions and servers are theirs); those that take minutes start
    # first, so that no worker is left alone with one at the end.
    long = {item.path for item in items if any(map(item.get_closest_marker, LONG))}
    items.sort(key=lambda item: item.path not in long)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not hasattr(terminalreporter.config, "workerinput"):
        for sentence in ABSENT.values():
            terminalreporter.write_line(sentence)


@pytest.fixture(scope="session")
def published() -> Path:
    """Return the folder of published NHS files; tests that ask for it are marked ``published``."""
    if not PUBLISHED.is_dir():
        pytest.skip(ABSENT["published"])
    return PUBLISHED


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Return one local Spark session with two cores, UTC and no pages of its own."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .appName("locality-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.ansi.enabled", "true")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return headless Chromium, as installed by the system, driven by Playwright.

    It stops with its module: while it lives, its event loop runs in this thread, and Django
    then refuses to touch the database in the tests that follow.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return a home with the made-up locality, refreshed, and the truths planted in it."""
    from locality.refresh import refresh
    from locality.sources.synthetic import write
    from locality.store import Lake

    files = write(tmp_path_factory.mktemp("files") / "locality")
    home = tmp_path_factory.mktemp("home")
    Lake(home).ingest([files])
    refresh(home)
    return home, json.loads((files / "truths.json").read_text("utf-8"))
