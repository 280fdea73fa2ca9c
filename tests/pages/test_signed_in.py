"""The pages as those see them who work with them: each signs in by a button."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.pages.conftest import opening, serving
from tests.pages.test_everyone_can_read import unreadable

pytestmark = pytest.mark.browser

#: Parts of an address that differ from thing to thing: one page of each shape is looked at.
_CODE = re.compile(r"/([A-Z]-\d{4}-\d{3}|[a-z]{1,3}-[0-9a-f]{10}|[A-Z][0-9A-Z]{2,5})(?=/|$|\.)")
_FILE = re.compile(r"\.(csv|xlsx|docx|parquet|ics|svg|json)$")
#: Most pages that one reader's walk looks at.
_MOST = 90


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site with a made-up committee at work."""
    with serving(tmp_path_factory.mktemp("work"), "work") as address:
        yield address


@pytest.fixture
def sign_in(browser: Any, work: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the site as one of the demonstration's people."""
    with opening(browser, work) as open_page:

        def enter(name: str, **options: Any) -> Any:
            page = open_page("/sign-in", **options)
            page.get_by_role("button", name=re.compile(name)).click()
            page.get_by_role("button", name="Sign out").wait_for()
            return page

        yield enter


def shape(address: str) -> str:
    path = address.partition("?")[0].partition("#")[0]
    return _CODE.sub("/…", path)


def walked(page: Any, site: str, starts: list[str]) -> Iterator[str]:
    """Open one page of each shape that a reader reaches by links from ``starts``; yield where."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting and len(seen) < _MOST:
        address = waiting.pop(0)
        if shape(address) in seen or _FILE.search(address.partition("?")[0]):
            continue
        response = page.goto(site + address)
        assert response.status == 200, (address, response.status)
        seen.add(shape(address))
        links = page.eval_on_selector_all(
            "main a[href^='/']", "a => a.map(x => x.getAttribute('href'))"
        )
        waiting += [link for link in links if link.startswith(_WALKED)]
        yield address


_WALKED = ("/people", "/posts", "/bodies", "/oversight", "/seats", "/scorings", "/criteria",
           "/skills", "/checklists", "/actions", "/needs", "/accounts", "/roles", "/my-account",
           "/log", "/who-may-do-what", "/settings")  # fmt: skip
_STARTS = ["/needs/", "/actions/", "/scorings/", "/checklists/", "/skills/", "/bodies/", "/people/"]


@pytest.mark.parametrize(
    ("who", "starts"),
    [
        pytest.param(
            "Administrator",
            [*_STARTS, "/accounts/", "/log/", "/my-account", "/criteria/"],
            marks=pytest.mark.slow,
        ),
        ("Governance lead", _STARTS),
        ("GP on a panel", _STARTS),
        ("Practice manager", _STARTS),
    ],
)
def test_every_page_that_one_reaches_is_readable(
    sign_in: Callable[..., Any], work: str, who: str, starts: list[str]
) -> None:
    page = sign_in(who)
    seen, wrong = [], {}
    for address in walked(page, work, starts):
        seen.append(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            # The page has put itself in order once two frames have been drawn.
            page.evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")
            if found := unreadable(page, width):
                wrong[f"{address} {width}"] = found
    assert len(seen) > 15, sorted(seen)
    assert not wrong, json.dumps(wrong, indent=1)


def test_an_administrator_opens_an_account_and_takes_a_role_away(
    sign_in: Callable[..., Any], work: str
) -> None:
    page = sign_in("Administrator")
    page.goto(work + "/people/new")
    page.get_by_label("Name", exact=True).fill("Rosa Reed")
    page.get_by_label("Why they are recorded").fill("She joins the panel.")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", name="Rosa Reed").is_visible()
    page.goto(work + "/accounts/new")
    page.get_by_label("Whose it is").select_option(label="Rosa Reed")
    page.get_by_label("Name they sign in by").fill("rosa.reed")
    page.get_by_label("Why they get one").fill("She joins the panel.")
    page.get_by_role("button", name="Open the account").click()
    assert page.get_by_role("heading", name="A password for Rosa Reed").is_visible()
    page.goto(work + "/log/?kind=account")
    said = page.inner_text("main")
    assert "Account opened" in said and "Adam Weir" in said


def test_a_member_scores_and_sees_nobody_elses_scores_before_all_are_in(
    sign_in: Callable[..., Any], work: str
) -> None:
    page = sign_in("Lay member")
    page.goto(work + "/scorings/")
    page.get_by_role("link", name="Services for next year").click()
    assert "Dr Gwen Penrose" in page.inner_text("main")
    response = page.goto(page.url + "/results")
    assert response.status in (403, 404)


def test_a_practice_manager_keeps_to_their_own(sign_in: Callable[..., Any], work: str) -> None:
    page = sign_in("Practice manager")
    assert page.goto(work + "/know/Y00003").status == 200
    for address in ("/accounts/", "/log/", "/people/new", "/settings/judge.reliability"):
        assert page.goto(work + address).status in (403, 404), address
    page.goto(work + "/actions/new")
    page.get_by_label("What is to be done").fill("Ring the network")
    page.get_by_label("Due").fill("2027-01-15")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", name="Ring the network").is_visible()
    page.goto(work + "/needs/")
    assert "Ring the network" in page.inner_text("main")
    page.get_by_role("button", name="Sign out").click()
    # Signed out, the demonstration is the one computer's again: everybody's list, nobody named.
    page.goto(work + "/needs/")
    assert "Nobody is named on this computer" in page.inner_text("main")
