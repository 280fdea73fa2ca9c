"""The site as a process of its own, and browser pages that note whatever goes wrong in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(home: Path, what: str) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.pages.serving", str(home), what],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the pages over a made-up locality."""
    with serving(tmp_path_factory.mktemp("site"), "made") as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the pages behind which nothing is loaded."""
    with serving(tmp_path_factory.mktemp("empty"), "nothing") as address:
        yield address


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page of the site over the made-up workbench."""
    with opening(browser, site) as open_page:
        yield open_page


@contextmanager
def opening(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Give a function that opens pages of ``site``; at the end nothing may have gone wrong.

    Wrong are: anything fetched from elsewhere, a script that failed, a policy that was broken.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(address: str = "/", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda message: _heard(message, wrong))
        page.on("response", lambda response: _fetched(response, wrong))
        page.on("request", lambda request: _asked(request, site, wrong))
        page.goto(site + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, wrong


def _asked(request: Any, site: str, wrong: list[str]) -> None:
    if not request.url.startswith((site, "data:", "blob:")):
        wrong.append(f"fetched {request.url}")


def _heard(message: Any, wrong: list[str]) -> None:
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        wrong.append(message.text)


def _fetched(response: Any, wrong: list[str]) -> None:
    """Note what a page could not load; a page may itself be one that says what is wrong."""
    if response.status >= 400 and not response.request.is_navigation_request():
        wrong.append(f"{response.status} {response.url}")
