"""The house's own rules: names, sizes, addresses, imports at the door."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "locality"
MODULES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "misc", "common"}


def committed() -> list[Path]:
    """Return the files of the project: those git tracks, or all but the build's own."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        return [p for p in ROOT.rglob("*") if p.is_file() and ".venv" not in p.parts]
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part for p in SOURCE.rglob("*.py") for part in (*p.parent.parts, p.stem)}
    assert not names & SAYS_NOTHING


def test_no_module_outgrows_400_lines() -> None:
    long = {
        str(p.relative_to(SOURCE)): lines
        for p in MODULES
        if (lines := len(p.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_every_room_has_its_tests() -> None:
    rooms = {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    tested = {p.parent.name for p in (ROOT / "tests").glob("*/__init__.py")}
    assert rooms <= tested


def test_every_public_function_says_what_it_does() -> None:
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            if (
                isinstance(node, (ast.FunctionDef, ast.ClassDef))
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{path.relative_to(SOURCE)}: {node.name}")
    assert not silent


def test_no_registry_address_and_no_path_of_a_machine_stands_in_the_project() -> None:
    # Spelled in pieces so that this file does not trip over itself.
    forbidden = re.compile(
        "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "/ro" + "ot/",
                  "/wo" + "rk/", r"deb\.deb" + "ian")),
    )  # fmt: skip
    found = []
    for path in committed():
        if path.suffix in {".png", ".parquet", ".gz", ".zip", ".xlsx", ".js", ".css", ".woff2"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in forbidden.finditer(text)]
    assert not found


@pytest.mark.parametrize("module", ["locality", "locality.cli"])
def test_the_door_opens_light(module: str) -> None:
    heavy = {"numpy", "scipy", "pyarrow", "duckdb", "altair", "django", "sqlglot", "pydantic",
             "vl_convert", "xlsxwriter", "jinja2"}  # fmt: skip
    code = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_the_doors_and_rooms_work_without_django() -> None:
    code = (
        "import sys, locality.workbench, locality.refresh, locality.know, locality.measure; "
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
