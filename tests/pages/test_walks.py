"""A reader's walks: search to practice to measure to download; by keyboard; without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_search_practice_measure_download(visit: Callable[..., Any]) -> None:
    page = visit("/")
    page.locator("#q").press_sequentially("harbour lane surgery 3", delay=5)
    page.locator("#suggestions a").first.wait_for()
    page.locator("#suggestions a", has_text="Y00003").click()
    assert page.locator("h1").inner_text().endswith("Harbour Lane Surgery 3")
    page.get_by_role("button", name="Make this my organisation").click()
    assert page.get_by_text("This is my organisation").is_visible()
    page.get_by_role("link", name="Hypertension register").click()
    assert page.get_by_text("11.0 %").first.is_visible()
    page.get_by_label("Breadcrumb").get_by_role("link", name="Hypertension register").click()
    page.locator("[data-drawn=yes] canvas").wait_for()
    assert page.locator("tr.lc-own").inner_text().startswith("Harbour Lane Surgery 3")
    with page.expect_download() as waiting:
        page.locator("#table").get_by_role("link", name="CSV").click()
    assert waiting.value.suggested_filename == "locality-qof.register.hyp-practice.csv"
    assert "Y00003" in waiting.value.path().read_text("utf-8-sig")
    page.goto(page.url.partition("/measure")[0])
    assert page.get_by_role("heading", name="Harbour Lane Surgery 3").is_visible()


def test_pictures_are_drawn(visit: Callable[..., Any]) -> None:
    page = visit("/know/Y00003")
    for place in page.locator("[data-drawing]").all():
        place.scroll_into_view_if_needed()
        place.locator("svg").wait_for()
        assert place.get_attribute("data-drawn") == "yes"
        box = place.locator("svg").bounding_box()
        assert box["width"] > 200
        assert box["height"] > 80


def test_a_picture_that_cannot_be_drawn_gives_way_to_a_still(visit: Callable[..., Any]) -> None:
    page = visit("/about")
    page.route("**/charts/program/**", lambda route: route.fulfill(body="", status=200))
    page.goto(page.url.replace("/about", "/know/Y00003"))
    page.locator("[data-drawn=still] img").first.wait_for()
    assert "Line chart" in page.locator("[data-drawn=still] img").first.get_attribute("alt")


def test_the_whole_walk_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    for _ in range(10):
        if page.evaluate("document.activeElement.id") == "q":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("harbour lane surgery 3")
    page.locator("#suggestions a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/know/Y00003")
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(
            "[document.activeElement.textContent.trim(),"
            " getComputedStyle(document.activeElement).outlineStyle +"
            " getComputedStyle(document.activeElement).boxShadow]"
        ))  # fmt: skip
        if seen[-1][0] == "Diabetes register":
            break
    assert seen[-1][0] == "Diabetes register"
    assert all(focus != "nonenone" for _, focus in seen), [s for s in seen if s[1] == "nonenone"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/measure/qof.register.dm/Y00003")


def test_reading_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit("/", java_script_enabled=False)
    page.locator("#q").fill("harbour lane surgery 3")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Harbour Lane Surgery 3", exact=True).click()
    stills = page.locator("img.lc-still")
    assert stills.count() == 3
    for still in stills.all():
        still.wait_for()
        box = still.bounding_box()
        assert box["height"] > 80
    page.locator("summary").first.click()
    page.get_by_role("link", name="Hypertension register").click()
    page.locator("img.lc-still").first.wait_for()
    page.goto(page.url.replace("/Y00003", "?sort=value&order=down"))
    assert page.locator("#table tbody tr").count() > 30


def test_a_refused_form_keeps_its_words_and_takes_the_reader_there(
    visit: Callable[..., Any],
) -> None:
    page = visit("/groups/new")
    page.get_by_label("Name", exact=True).fill("Estuary")
    page.get_by_label("Practices", exact=True).fill("Y00001 nonsense")
    page.get_by_role("button", name="Make the group").click()
    summary = page.get_by_role("alert")
    assert summary.locator("a").count() == 3
    assert page.get_by_label("Practices", exact=True).input_value() == "Y00001 nonsense"
    assert page.title().startswith("Error:")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "kind"
