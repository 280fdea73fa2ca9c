"""The real thing: the demonstration locality, read, refreshed and walked through in a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import opening, serving
from tests.pages.test_everyone_can_read import drawn, unreadable

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration")
    # In a process of its own: the browser's event loop runs in this one, and Django's records
    # cannot be written beside it.
    make = "import sys, pathlib, locality.demonstration as d; d.make(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", make, str(folder)], check=True, timeout=300,
                   env={**os.environ, "LOCALITY_HOME": str(folder)})  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with serving(home, "real") as site:
        yield site


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    with opening(browser, address) as open_one:
        yield open_one


def _say(home: Path, *words: str) -> Any:
    """Return what the command line says, from JSON where it says that."""
    said = subprocess.run(
        [sys.executable, "-m", "locality.cli", *words, "--home", str(home), "--json"],
        capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "LOCALITY_HOME": str(home)},
    )  # fmt: skip
    return json.loads(said.stdout)


def test_page_command_line_and_api_give_one_figure(
    open_page: Callable[..., Any], home: Path
) -> None:
    first = _say(home, "over", "qof.register.hyp")[0]
    told = _say(home, "explain", "qof.register.hyp", first["code"])
    page = open_page(f"/measure/qof.register.hyp/{first['code']}?again=1")
    text = page.locator("main").inner_text()
    assert "it is exactly what is stored" in text
    assert f"{told['value']:.1f} %" in text
    assert f"{told['numerator']:,.0f} of {told['denominator']:,.0f}" in text
    assert told["working"]["sources"][0]["sha256"] in text
    answer = page.request.get(
        page.url.partition("/measure")[0] + f"/api/figure/qof.register.hyp/{first['code']}"
    ).json()
    assert answer["value"] == told["value"]


def test_search_practice_measure_download(open_page: Callable[..., Any], home: Path) -> None:
    some = _say(home, "over", "qof.register.dm")[7]
    page = open_page("/")
    page.locator("#q").press_sequentially(some["name"][:12].lower(), delay=5)
    page.locator("#suggestions a", has_text=some["code"]).click()
    expect(page.locator("h1")).to_contain_text(some["name"])
    drawn(page)
    page.get_by_role("button", name="Make this my organisation").click()
    page.get_by_role("link", name="Register: diabetes").click()
    page.get_by_label("Breadcrumb").get_by_role("link", name="Register: diabetes").click()
    drawn(page)
    with page.expect_download() as waiting:
        page.locator("#table").get_by_role("link", name="CSV").click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert f'"{some["code"]}"' in text
    assert len(re.findall(r'^"Z\d{5}"', text, re.M)) == len(_say(home, "over", "qof.register.dm"))


@pytest.mark.parametrize("width", [1280, pytest.param(320, marks=pytest.mark.slow)])
def test_axe_finds_nothing(open_page: Callable[..., Any], home: Path, width: int) -> None:
    code = _say(home, "over", "qof.register.hyp")[0]["code"]
    page = open_page("/", viewport={"width": width, "height": 800})
    root, wrong = page.url.rstrip("/"), {}
    for path in ("/", f"/know/{code}", "/know/ENG", "/know/", "/measure/", "/data/", "/glossary",
                 "/measure/qof.register.hyp", "/measure/qof.in_year.hyp010",
                 "/measure/qof.register.hyp?kind=place", f"/measure/qof.register.hyp/{code}",
                 f"/know/{code}/pounds?allocation=1000000&component=overall"):  # fmt: skip
        page.goto(root + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        drawn(page)
        if found := unreadable(page, width):
            wrong[path] = found
    assert not wrong, json.dumps(wrong, indent=1)


def test_a_group_made_here_has_numbers_after_a_refresh_while_pages_stay_open(
    open_page: Callable[..., Any], home: Path
) -> None:
    rows = _say(home, "over", "qof.register.hyp")[:3]
    page = open_page("/groups/new")
    page.get_by_label("Name", exact=True).fill("Estuary Federation")
    page.get_by_label("Federation").check()
    page.get_by_label("Practices", exact=True).fill("\n".join(row["code"] for row in rows))
    page.get_by_label("Why it is made").fill("They bid together.")
    page.get_by_role("button", name="Make the group").click()
    expect(page.get_by_text("Its numbers appear after the next")).to_be_visible()
    _say(home, "refresh")
    page.reload()
    page.get_by_role("link", name="Its list, ages, need and measures").click()
    expect(page.locator("h1")).to_contain_text("Estuary Federation")
    page.get_by_role("link", name="Register: hypertension").click()
    counted = sum(row["numerator"] for row in rows)
    over = sum(row["denominator"] for row in rows)
    expect(page.get_by_text(f"{counted:,.0f} of {over:,.0f}")).to_be_visible()


def test_small_local_counts_are_hidden_everywhere_but_from_their_own_practice(
    open_page: Callable[..., Any], home: Path
) -> None:
    id = "qof.in_year.hyp010"
    # The practice with the smallest counts is one that the rule of inclusion leaves out.
    rows = _say(home, "over", id, "--everyone")
    hidden = next(row for row in rows if "withheld" in (row["missing"] or ""))
    code = hidden["code"]
    exact = _say(home, "figure", id, code, "--as", code)
    page = open_page(f"/measure/{id}/{code}")
    root = page.url.partition("/measure")[0]
    counts = f"{exact['numerator']:,.0f} of {exact['denominator']:,.0f}"
    assert "Hidden here because the count is small" in page.locator("main").inner_text()
    assert counts not in page.content()
    for address in (
        f"/api/over/{id}?everyone=1",
        f"/api/trend/{id}/{code}",
        f"/api/figure/{id}/{code}?working=1",
        f"/measure/{id}/all.csv?everyone=1",
        f"/charts/all/{id}.json?everyone=1",
        f"/charts/trend/{id}/{code}.json",
        f"/know/{code}/measures.csv",
    ):
        told = page.request.get(root + address)
        assert told.ok, address
        assert f"{exact['value']:.4f}"[:6] not in told.text(), address
    page.goto(f"{root}/know/{code}")
    page.get_by_role("button", name="Make this my organisation").click()
    page.goto(f"{root}/measure/{id}/{code}")
    assert counts in page.locator("main").inner_text()
    assert page.get_by_text("its own small counts are shown exactly").is_visible()
