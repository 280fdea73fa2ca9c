from pathlib import Path

import pytest

from locality.reference import pages

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_made_page_says_what_the_code_does(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == pages()[name], "run: make docs"


def test_every_command_is_on_the_page() -> None:
    text = pages()["docs/reference/commands.md"]
    for command in ("demo", "ingest", "refresh", "serve", "explain", "sql", "coverage"):
        assert f"## locality {command}" in text
