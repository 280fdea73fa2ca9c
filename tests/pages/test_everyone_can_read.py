"""Every page by axe (WCAG 2.2 AA and best practice), at 320 pixels, and as paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.web.test_pages import PAGES

pytestmark = pytest.mark.browser

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
#: Only what is violated is worked out in full: what passes would take a quarter of the time.
_ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Any) -> list[str]:
    """Return what axe finds. It goes in below the page's own policy, which allows no guests."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _AXE})
    told = session.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run({json.dumps(_ASKED)}).then(r => JSON.stringify("
            "r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    session.detach()
    found: list[str] = json.loads(told["result"]["value"])
    return found


def drawn(page: Any) -> None:
    for place in page.locator("[data-drawing]").all():
        place.scroll_into_view_if_needed()
    expect(page.locator("[data-drawing]:not([data-drawn])")).to_have_count(0, timeout=20_000)


def unreadable(page: Any, width: int) -> tuple[int, list[str]] | None:
    """Return how wide an open page is and what axe finds; None where nothing is wrong."""
    found, wide = violations(page), page.evaluate("document.documentElement.scrollWidth")
    return (wide, found) if found or wide > width else None


@pytest.mark.parametrize("width", [1280, pytest.param(320, marks=pytest.mark.slow)])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    visit: Callable[..., Any], site: str, width: int
) -> None:
    page, wrong = visit("/", viewport={"width": width, "height": 800}), {}
    for address in [*PAGES, "/nowhere", "/know/ZZZ"]:
        page.goto(site + address)
        drawn(page)
        if found := unreadable(page, width):
            wrong[address] = found
    assert not wrong, json.dumps(wrong, indent=1)


def test_what_is_wrong_is_found(visit: Callable[..., Any], site: str) -> None:
    page = visit("/about")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\">'")
    page.evaluate("document.querySelector('main').innerHTML += '<hr style=\"width: 2000px\">'")
    wide, found = unreadable(page, 1280) or (0, [])
    assert wide >= 2000 and any(one.startswith("image-alt") for one in found)


def test_first_use_is_readable_too(
    visit: Callable[..., Any], empty_site: str, browser: Any
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(empty_site)
    assert page.get_by_text("locality ingest FOLDER", exact=True).is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_open_details_and_suggestions_are_readable(visit: Callable[..., Any], site: str) -> None:
    page = visit("/")
    page.locator("#q").fill("harbour")
    page.locator("#suggestions a").first.wait_for()
    assert violations(page) == []
    for address in ("/know/QX1", "/measure/qof.register.hyp", "/know/Y00003"):
        page.goto(site + address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        drawn(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_on_paper_the_words_and_tables_stay(visit: Callable[..., Any]) -> None:
    page = visit("/know/Y00003")
    drawn(page)
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Need", exact=True).is_visible()
    assert not page.get_by_role("button", name="Save note").is_visible()
    assert not page.locator(".nhsuk-header__navigation").is_visible()


def test_text_twice_as_large_still_fits(visit: Callable[..., Any], site: str) -> None:
    page = visit("/know/Y00003", viewport={"width": 640, "height": 800}, device_scale_factor=2)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_where_a_practice_stands_prints_on_two_sides(site: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{site}/know/Y00003/points/one-sheet?year=2025-26")
    assert page.locator("tbody tr").count() == 44
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 2
    page.close()
