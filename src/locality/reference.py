"""The reference pages of the documentation, made from the code and the knowledge they describe.

``make docs`` writes them; a test fails when a page no longer says what the code does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

_MADE = (
    "<!-- Made by `make docs` from the code and the knowledge; edit those, not this page. -->\n\n"
)


def pages() -> dict[str, str]:
    """Return every made page: path from the project's root -> Markdown."""
    from locality import knowledge

    known = knowledge.load()
    return {
        "GLOSSARY.md": knowledge.glossary_page(known),
        "docs/reference/coverage.md": _MADE + knowledge.coverage_page(known),
        "docs/reference/commands.md": _MADE + commands_page(),
        "docs/reference/tables.md": _MADE + tables_page(),
        "docs/reference/measures.md": _MADE + measures_page(known.measures),
    }


def write(root: Path) -> list[str]:
    """Write the pages under ``root`` and return the paths of those that changed."""
    changed = []
    for name, text in pages().items():
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            changed.append(name)
    return changed


def commands_page() -> str:
    """Return the page of commands, from the command line's own help."""
    import typer

    from locality.cli import app

    group: Any = typer.main.get_command(app)
    lines = ["# Commands", "", "Every listing takes `--json`; every command takes `--help`.", ""]
    for name, command in sorted(group.commands.items()):
        lines += [f"## locality {name}", "", _unfolded(command.help), ""]
        for option in command.params:
            if option.name == "help":
                continue
            words = "`" + "`, `".join(option.opts) + "`"
            help_text = getattr(option, "help", None) or ""
            lines.append(f"* {words}: {help_text}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def tables_page() -> str:
    """Return the page of tables, from their schemas."""
    from locality.figures import Schema, schemas

    found = {one.name: one for one in vars(schemas).values() if isinstance(one, Schema)}
    lines = ["# Tables", "", "What the lake holds and the rooms return. A key occurs once.", ""]
    for schema in found.values():
        lines += [f"## {schema.name}", "", f"{schema.title}. Key: "
                  + ", ".join(f"`{part}`" for part in schema.key) + ".", "",
                  "| column | type | meaning |", "|---|---|---|"]  # fmt: skip
        for column in schema.columns:
            unit = f" ({column.unit})" if column.unit else ""
            empty = "" if column.required else "; may be empty"
            lines.append(f"| `{column.name}` | {column.type} | {column.meaning}{unit}{empty} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def measures_page(measures: Any) -> str:
    """Return the page of measures, from their definitions."""
    lines = ["# Measures", "", "One file each under `knowledge/measures/`; yours overlay them in "
             "`HOME/knowledge/measures/`.", "", "| measure | title | counts | over | polarity |",
             "|---|---|---|---|---|"]  # fmt: skip
    for one in sorted(measures.values(), key=lambda m: m.id):
        lines.append(
            f"| `{one.id}` | {one.title} | {one.numerator_words} | {one.denominator_words} "
            f"| {one.polarity.replace('_', ' ')} |"
        )
    return "\n".join(lines) + "\n"


def _unfolded(text: str | None) -> str:
    return "\n".join(_paragraphs(text or ""))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield " ".join(paragraph.split())


if __name__ == "__main__":
    for name in write(Path(__file__).resolve().parents[2]):
        print(name)
