"""What travels with a page: the content policy, cookies, caching, compression."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest


@pytest.mark.parametrize("address", ["/", "/know/Y00003", "/nowhere", "/api/lineage"])
def test_every_answer_carries_the_policy(pages: Any, address: str) -> None:
    response = pages.get(address)
    policy = response["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in directives["script-src"]
    assert not re.search(r"https?:", policy)
    assert directives["frame-ancestors"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_inline_scripts_carry_the_nonce_of_their_own_answer(pages: Any) -> None:
    nonces = set()
    for _ in range(2):
        response = pages.get("/know/Y00003")
        nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        assert nonce
        nonces.add(nonce[1])
        for attributes in re.findall(r"<script([^>]*)>", response.content.decode()):
            assert "src=" in attributes or f'nonce="{nonce[1]}"' in attributes
    assert len(nonces) == 2


def test_refused_hosts_carry_it_too(pages: Any) -> None:
    response = pages.get("/", headers={"Host": "evil.example"})
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/charts/age-sex/Y00003.json",
        "/charts/all/qof.register.hyp.svg",
        "/api/over/qof.register.hyp",
        "/measure/qof.register.hyp/all.csv",
    ],
)
def test_data_are_kept_until_they_change_and_travel_small(pages: Any, address: str) -> None:
    plain = pages.get(address)
    small = pages.get(address, headers={"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert "Cookie" in plain["Vary"]
    assert "private" in plain["Cache-Control"]
    again = pages.get(address, headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = pages.get(address + "?period=2022-23")
    assert "age-sex" in address or other["ETag"] != plain["ETag"]


def test_a_new_data_version_changes_every_tag(pages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from locality.web import here
    from tests.web import made

    before = pages.get("/api/lineage")["ETag"]

    def newer(home: Any, *, reader: str | None = None) -> Any:
        bench = made.workbench(home, reader=reader)
        bench.version = SimpleNamespace(id="000002-x")
        return bench

    monkeypatch.setattr(here, "HOUSE", here.House(newer))
    after = pages.get("/api/lineage", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.json()["data_version"] == "000002-x"


def test_the_drawing_program_is_kept_for_good(pages: Any) -> None:
    from locality.render.pictures.bundle import bundle_name

    response = pages.get(f"/charts/program/{bundle_name()}")
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert b"vegaEmbed" in response.content


def test_pages_with_forms_are_never_compressed(pages: Any) -> None:
    response = pages.get("/know/Y00003", headers={"Accept-Encoding": "gzip"})
    assert not response.has_header("Content-Encoding")
    assert b"csrfmiddlewaretoken" in response.content


def test_cookies_are_for_this_site_and_scripts_cannot_read_them(pages: Any) -> None:
    pages.post("/my-organisation", {"code": "Y00003", "back": "/"})
    pages.get("/groups/new")
    assert set(pages.cookies) == {"locality_session", "locality_csrf"}
    for cookie in pages.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_reading_a_page_writes_no_cookie(pages: Any) -> None:
    pages.get("/measure/")
    assert "locality_session" not in pages.cookies


def test_api_answers_hold_the_meanings_of_columns(pages: Any) -> None:
    told = json.loads(pages.get("/api/over/qof.register.hyp?kind=icb").content)
    assert {c["name"] for c in told["columns"]} >= {"value", "lower", "missing"}
    assert [row["code"] for row in told["rows"]] == ["QX1", "QX2"]
    figure = pages.get("/api/figure/qof.register.hyp/Y00003?working=1").json()
    assert figure["working"]["sources"][0]["sha256"] == "cd" * 32
    assert figure["value"] == pytest.approx(100 * 413 / 3750)
