"""What to get: addresses from facts, the right file of a catalogue, the right page and name."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from locality.fetching import fetch, offered
from locality.figures import NotFound, Problem
from locality.knowledge import Publication
from tests.fetching.made import NOON, ROWS, fetched, fixed, listed, publication, visitor
from tests.fetching.serving import Server, file, says


def indicators(server: Server) -> Publication:
    return fixed(
        server.root + "/csv?id={indicator}&area=7",
        save_as="profile-{indicator}.csv",
        indicators={"93553": "deprivation 2019", "94240": "deprivation 2025"},
    )


def catalogue(server: Server, *, example: str = "2026-M07") -> Publication:
    return publication(
        kind="catalogue", address=server.root + "/show?id={package}", example=example,
        packages=[{"package": "new", "resource": "NEW_{yyyy}{mm}"},
                  {"package": "old", "resource": "OLD_{yyyy}{mm}"}],
    )  # fmt: skip


def shows(*resources: dict[str, Any]) -> Any:
    return says(200, json.dumps({"success": True, "result": {"resources": resources}}).encode())


def test_one_file_for_each_indicator(server: Server, tmp_path: Path) -> None:
    for id in ("93553", "94240"):
        server.put(f"/csv?id={id}&area=7", file(ROWS + id.encode()))
    one = indicators(server)
    table = fetch({one.id: one}, [one.id], tmp_path, indicators=["93553", "94240", "93553"],
                  visitor=visitor(), clock=lambda: NOON)  # fmt: skip
    assert [Path(row["file"]).name for row in table.rows] == [
        "profile-93553.csv", "profile-94240.csv",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["1&x=2", "../1", "", "1" * 10, "٣"])
def test_an_indicator_is_a_number(wrong: str, server: Server, tmp_path: Path) -> None:
    row = fetched(indicators(server), tmp_path, indicators=[wrong])
    assert row["state"] == "failed" and "is no indicator" in row["sentence"]
    assert server.asked == []


def test_what_was_asked_wrongly_is_a_sentence(server: Server, tmp_path: Path) -> None:
    row = fetched(indicators(server), tmp_path)
    assert "such as --indicator 93553" in row["sentence"]
    assert "94240 is deprivation 2025" in row["sentence"]
    one = fixed(server.put("/f", file(ROWS)))
    assert "Leave out --period" in fetched(one, tmp_path, period="2024-25")["sentence"]
    assert "leave out --indicator" in fetched(one, tmp_path, indicators=["1"])["sentence"]
    row = fetched(catalogue(server), tmp_path, period="2024-25")
    assert row["sentence"] == (
        "ods_practices does not come in periods like 2024-25: say it as --period 2026-M07."
    )
    with pytest.raises(NotFound, match="did you mean 'ods_practices'"):
        fetch({one.id: one}, ["ods_practises"], tmp_path)
    with pytest.raises(Problem, match="is not a period"):
        fetched(one, tmp_path, period="last year")
    assert server.asked == []


def test_an_address_of_one_period_needs_it(server: Server, tmp_path: Path) -> None:
    one = fixed(server.root + "/{yyyy}/f", save_as="f-{yyyy}.csv", example="2019")
    assert "such as --period 2019" in fetched(one, tmp_path)["sentence"]
    server.put("/2025/f", file(ROWS))
    row = fetched(one, tmp_path, period="2025")
    assert (row["state"], row["period"]) == ("fetched", "2025")
    assert row["file"].endswith("f-2025.csv")


def test_the_catalogue_names_the_month_or_the_latest(server: Server, tmp_path: Path) -> None:
    months = [
        {"name": f"NEW_2026{mm}", "url": server.put(f"/{mm}.csv?x=1", file(ROWS + mm.encode())),
         "size": None, "hash": ""}
        for mm in ("05", "07", "06")
    ]  # fmt: skip
    shown = shows({"name": "NEW_2026071", "url": "x"}, {"name": "XNEW_202612", "url": "x"},
                  {"name": "Notes", "url": "x"}, *months)  # fmt: skip
    server.put("/show?id=new", shown)
    row = fetched(catalogue(server), tmp_path, period="June 2026")
    assert (row["state"], row["period"]) == ("fetched", "2026-M06")
    assert Path(row["file"]).name == "NEW_202606.csv"
    assert Path(row["file"]).read_bytes().endswith(b"06")
    assert Path(fetched(catalogue(server), tmp_path)["file"]).name == "NEW_202607.csv"
    row = fetched(catalogue(server), tmp_path, period="2026-06-01")
    assert row["state"] == "fetched" or row["state"] == "unchanged"


def test_an_earlier_month_is_looked_for_in_the_earlier_list(server: Server, tmp_path: Path) -> None:
    server.put("/show?id=new", shows())
    address = server.put("/old.zip", file(ROWS))
    server.put("/show?id=old", shows({"name": "OLD_202001", "url": address}))
    row = fetched(catalogue(server), tmp_path, period="2020-M01")
    assert row["state"] == "failed" and "than a zip archive" in row["sentence"]
    row = fetched(catalogue(server), tmp_path, period="2020-M02")
    assert row["sentence"].startswith("ods_practices: the catalogue lists no file for 2020-M02.")


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_what_the_catalogue_promises_is_checked(kind: str, server: Server, tmp_path: Path) -> None:
    right = hashlib.new(kind, ROWS).hexdigest()
    wrong = right[::-1]
    address = server.put("/a.csv", file(ROWS, '"1"'))
    one = catalogue(server)
    for number, (size, said, why) in enumerate([
        (len(ROWS), right, ""),
        (str(len(ROWS)), f"{kind}:{right.upper()}", ""),
        (0, "not a hash", ""),
        (None, wrong, "is not the one that its catalogue promises"),
        (len(ROWS) - 1, right, f"its catalogue promises {len(ROWS) - 1:,}"),
    ]):  # fmt: skip
        listing = {"name": "NEW_202607", "url": address, "size": size, "hash": said}
        server.put("/show?id=new", shows(listing))
        into = tmp_path / str(number)
        row = fetched(one, into)
        assert (row["state"] == "failed") == bool(why), row["sentence"]
        assert why in row["sentence"]
        assert "NEW_202607.csv" not in listed(into) or not why
        assert not {name for name in listed(into) if name.endswith(".part")}


def test_a_promised_hash_that_is_held_saves_the_journey(server: Server, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(ROWS).hexdigest()
    for path in ("/a.csv", "/moved.csv"):
        address = server.put(path, file(ROWS))
        server.put("/show?id=new", shows({"name": "NEW_202607", "url": address, "hash": sha256}))
        row = fetched(catalogue(server), tmp_path)
    assert row["state"] == "unchanged"
    assert [path for path, _ in server.asked] == ["/show?id=new", "/a.csv", "/show?id=new"]


@pytest.mark.parametrize(
    "answer",
    [says(200, b"<html>"), says(200, b"[]"), says(200, b'{"success": false}'), says(200, b"3"),
     says(200, b'{"success": true, "result": {"resources": [{"name": "NEW_202607"}]}}'),
     says(200, b'{"success": true, "result": {"resources": 7}}')],
)  # fmt: skip
def test_a_catalogue_that_gives_no_list_is_a_sentence(
    answer: Any, server: Server, tmp_path: Path
) -> None:
    server.put("/show?id=new", answer)
    row = fetched(catalogue(server), tmp_path)
    assert row["state"] == "failed" and "catalogue" in row["sentence"]


def test_a_catalogue_cannot_send_us_anywhere_or_name_any_file(
    server: Server, tmp_path: Path
) -> None:
    server.put("/show?id=new", shows({"name": "NEW_202607", "url": "http://example.org/a.csv"}))
    assert "only https will do" in fetched(catalogue(server), tmp_path)["sentence"]
    one = publication(
        kind="catalogue", address=server.root + "/show?id={package}",
        packages=[{"package": "new", "resource": "{month}"}], example="2026-M07",
    )  # fmt: skip
    address = server.put("/a.csv", file(ROWS))
    server.put("/show?id=new", shows({"name": "..", "url": address}))
    assert "lists no file" in fetched(one, tmp_path)["sentence"]


def test_a_page_and_the_file_to_take_there(tmp_path: Path) -> None:
    one = publication(
        kind="landing", take="A_{first_yy}{second_yy}.csv", page="https://example.org/{years}",
        example="2024-25",
    )  # fmt: skip
    row = fetched(one, tmp_path / "none", period="2023/24")
    assert (row["state"], row["address"]) == ("by hand", "https://example.org/2023-24")
    assert (
        row["sentence"]
        == "For April 2023 to March 2024 take A_2324.csv. Then: locality ingest FILE."
    )
    row = fetched(one, tmp_path / "none")
    assert row["address"] == "https://example.org/page"
    assert row["sentence"].startswith("Take the latest; for April 2024 to March 2025 it is A_2425")
    assert not (tmp_path / "none").exists()


def test_without_facts_its_names_and_landing_page_must_do(tmp_path: Path) -> None:
    row = fetched(publication(), tmp_path, period="July 2026")
    assert (row["state"], row["address"]) == ("by hand", "https://example.org/page")
    assert row["sentence"].startswith(
        "For July 2026 take the file that is named like practices….csv."
    )


def test_the_page_is_opened_only_when_asked(tmp_path: Path) -> None:
    opened: list[str] = []
    one = publication(kind="landing", take="the workbook")

    def show(page: str) -> bool:
        opened.append(page)
        return len(opened) == 1

    assert "browser" not in fetched(one, tmp_path, show=show)["sentence"]
    assert "open the address yourself" in fetched(one, tmp_path, show=show)["sentence"]
    assert opened == ["https://example.org/page"] * 2


def test_one_that_fails_does_not_stop_the_rest(server: Server, tmp_path: Path) -> None:
    known = {
        "a": fixed(server.put("/a", says(404)), save_as="a.csv").model_copy(update={"id": "a"}),
        "b": fixed(server.put("/b", file(ROWS)), save_as="b.csv").model_copy(update={"id": "b"}),
        "c": publication("c"),
    }
    told: list[Path] = []

    def ingest(path: Path) -> tuple[str, bool]:
        told.append(path)
        return "Not for us.", False

    table = fetch(known, ["a", "b", "c"], tmp_path, visitor=visitor(), ingest=ingest)
    assert [row["state"] for row in table.rows] == ["failed", "refused", "by hand"]
    assert table.rows[1]["ingested"] == "Not for us." and told == [tmp_path / "b.csv"]


def test_the_list_of_what_there_is_asks_nobody(server: Server) -> None:
    own = publication("own").model_copy(update={"local": True})
    known = {"x": publication("x"), "own": own, "i": indicators(server), "c": catalogue(server)}
    rows = offered(known).rows
    assert [row["state"] for row in rows] == ["can be fetched"] * 2 + ["by hand", "your own"]
    assert "locality fetch ods_practices --indicator 93553" in {row["sentence"] for row in rows}
    assert "locality fetch ods_practices --period 2026-M07" in {row["sentence"] for row in rows}
    assert server.asked == []
