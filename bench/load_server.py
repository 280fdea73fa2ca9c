"""The other side of the load bench: a home, a database, ``locality serve`` as its own process.

``python -m bench.load_server furnish`` writes people, bodies and groups into the home that
LOCALITY_HOME names (and DATABASE_URL), through the actions, and prints what the bench may open.
``python -m bench.load_server texts`` prints every row of the records, to look for what was saved.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PRACTICES = int(os.environ.get("BENCH_LOAD_PRACTICES", "60"))
MADE = Path(tempfile.gettempdir()) / f"locality-bench-{PRACTICES}"
_ROOT = Path(__file__).resolve().parents[1]
SIGNED = {"who": "local", "why": "The locality begins."}


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """Give a home of its own over the made-up locality, whose lake is made once and linked."""
    if not (MADE / "lake" / "current").exists():
        made = f"from pathlib import Path; make(Path({str(MADE)!r}), practices={PRACTICES})"
        subprocess.run(
            [sys.executable, "-c", f"from locality.demonstration import make; {made}"], check=True
        )
    place = Path(tempfile.mkdtemp(prefix="locality-load-"))
    try:
        shutil.copytree(MADE / "lake", place / "home" / "lake", copy_function=os.link)
        yield place / "home"
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def postgresql() -> Iterator[tuple[str, int]]:
    """Run a PostgreSQL as it comes (every commit on the disk); give its address and process."""
    from tests.records import postgresql as known

    folder, place = known.programs(), Path(tempfile.mkdtemp(prefix="locality-load-pg-"))
    if folder is None:
        raise SystemExit("PostgreSQL's server programs are not installed")
    user = known._user()
    if user:
        os.chown(place, user["user"], user["group"])
    how: dict[str, Any] = {
        "cwd": place, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **user,
        "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
    }  # fmt: skip
    data, port = place / "data", known._free_port()
    made = [folder / "initdb", "-D", data, "-U", "locality", "-A", "trust", "-E", "UTF8",
            "--locale=C"]  # fmt: skip
    server = None
    try:
        subprocess.run(made, check=True, **how)
        server = subprocess.Popen(
            [folder / "postgres", "-D", data, "-p", str(port), "-k", place,
             "-c", "listen_addresses=127.0.0.1"], **how,
        )  # fmt: skip
        if not known._answers(server, port):
            raise SystemExit("PostgreSQL did not start")
        yield f"postgresql://locality@127.0.0.1:{port}/postgres", server.pid
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def serving(place: Path, database: str) -> Iterator[tuple[str, int, Path]]:
    """Run ``locality serve`` over ``place``; give its address, process and what it complained."""
    log = place.parent / "server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "locality.cli", "serve", "--home", str(place), "--port", "0"],
            stdout=subprocess.PIPE, stderr=said, text=True, cwd=_ROOT,
            env=environment(place, database) | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            if found is None:
                raise SystemExit(f"the server did not start: {log.read_text()[-2000:]}")
            yield found[0], server.pid, log
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def environment(place: Path, database: str) -> dict[str, str]:
    """Return the environment of a process that works in ``place``; no ``database`` is SQLite."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return {**kept, "LOCALITY_HOME": str(place), **({"DATABASE_URL": database} if database else {})}


def told(what: str, place: Path, database: str) -> Any:
    """Return what ``python -m bench.load_server what`` says, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.load_server", what], stdout=subprocess.PIPE, check=True,
        env=environment(place, database), cwd=_ROOT,
    )  # fmt: skip
    return json.loads(run.stdout)


def cpu_seconds(process: int) -> float:
    """Return the processor seconds of a process and its children so far (Linux; 0 elsewhere)."""
    total = 0.0
    for one in (process, *_children(process)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(fields[n]) for n in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    return total


def machine_seconds() -> float:
    """Return the processor seconds that everything on this machine used so far."""
    with contextlib.suppress(OSError):
        used = [int(n) for n in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return (sum(used) - used[3] - used[4]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _children(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        said = Path(f"/proc/{process}/task/{process}/children").read_text()
        return [int(one) for one in said.split()]
    return []


def furnish(place: Path) -> dict[str, Any]:
    """Write people with posts, a body they sit in, groups; return what may be opened."""
    from locality.records.setup import prepare

    prepare(place)
    from locality.records import actions
    from locality.workbench import open_workbench

    bench = open_workbench(place)
    # Those that returned something: the others have pages that say there is nothing to show.
    rows = bench.measure.over("qof.register.hyp").rows
    practices = [row["code"] for row in rows if row["value"] is not None]
    measures = [row["measure"] for row in bench.measure.catalogue().rows]
    registers = [one for one in measures if one.startswith("qof.register.")]
    people = _people(practices)
    codes = [one["code"] for one in people]
    groups = [
        actions.create_group(
            name=f"Group {_word(number)}", members=practices[number::10], **SIGNED
        ).code
        for number in range(10)
    ]
    return {
        "practices": practices,
        "measures": measures,
        "registers": registers,
        "people": people,
        "bodies": [_body(people)],
        "scorings": [_scoring(codes)],
        "groups": groups,
    }


def _people(practices: list[str]) -> list[dict[str, str]]:
    """Write fifty people with post, account, password and role, and a checklist each."""
    from locality.knowledge import load
    from locality.records import actions
    from locality.records.actions import accounts, passwords, sign_in

    template = load().checklists["checkland_seven"]
    partner = actions.add_person(name="Partner of All", **SIGNED).code
    people = []
    for number in range(50):
        role = "governance" if number % 5 == 0 else "practice"
        own = practices[number % len(practices)]
        person = actions.add_person(name=f"Person {_word(number)}", **SIGNED)
        post = actions.give_post(
            person=person.code, organisation=own, title="GP partner", tags=["gp"],
            from_day="2025-04-01", **SIGNED,
        )  # fmt: skip
        opened = accounts.open_account(
            person=person.code, username=f"person-{_word(number).lower()}", role=role,
            organisation=own if role == "practice" else "", **SIGNED,
        )  # fmt: skip
        passwords.set_password(account=opened.account.code, password=_secret(number), **SIGNED)
        asked = actions.start_checklist(
            template=template, about_kind="organisation", about=own, owner=person.code,
            raters=[(person.code, "manager"), (partner, "partners")], **SIGNED,
        )  # fmt: skip
        people.append({
            "code": person.code, "post": post.code, "organisation": own, "role": role,
            "username": opened.account.username, "password": _secret(number),
            "checklist": f"/checklists/{asked.reference}",
            "items": " ".join(item.id for item in template.item),
        })  # fmt: skip
    administrator = actions.add_person(name="Person of the House", **SIGNED)
    opened = accounts.open_account(
        person=administrator.code, username="house", role="administrator", **SIGNED
    )
    passwords.set_password(account=opened.account.code, password=_secret(77), **SIGNED)
    sign_in.turn_on(home=Path(os.environ["LOCALITY_HOME"]), **SIGNED)
    return people


def _body(people: list[dict[str, str]]) -> str:
    """Write the body in which all of them sit, and return its code."""
    from locality.records import actions

    body = actions.open_body(
        name="Panel of all", kind="panel", acts_for="All practices.", opened_on="2025-04-01",
        **SIGNED,
    )  # fmt: skip
    for one in people:
        actions.give_seat(
            body_code=body.code, post=one["post"], role="member", from_day="2025-04-01", **SIGNED
        )
    return str(body.code)


def _scoring(codes: list[str]) -> str:
    """Write an open scoring of four things by five criteria, which all of them score."""
    from locality.records import actions

    rows = [actions.Row(f"Criterion {_word(number)}", "20") for number in range(5)]
    held = actions.make_criteria(
        title="For all", purpose="other", method="points", rows=rows, **SIGNED
    )
    actions.lock_criteria(reference=held.reference, who="local")
    things = [actions.SubjectRow(f"Option {_word(number)}") for number in range(4)]
    scoring = actions.draft_scoring(
        title="Four options", criteria=held.reference, subjects=things, **SIGNED
    )
    actions.name_assessors(
        reference=scoring.reference, assessors=[(code, "member") for code in codes], **SIGNED
    )
    return str(actions.open_scoring(reference=scoring.reference, who="local").reference)


def _secret(number: int) -> str:
    return f"correct-horse-{_word(number).lower()}-battery"


def texts(place: Path) -> list[str]:
    """Return every row of every table of the records as text."""
    from locality.records.setup import prepare

    prepare(place)
    from django.apps import apps

    return [
        json.dumps(row, default=str)
        for model in apps.get_app_config("records").get_models()
        for row in model._base_manager.values()
    ]


def _word(number: int) -> str:
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:02d}")


def main() -> None:
    """Furnish the home, or print what its records hold."""
    place = Path(os.environ["LOCALITY_HOME"])
    print(json.dumps({"furnish": furnish, "texts": texts}[sys.argv[1]](place)))


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"{sys.argv[1]}: {time.perf_counter() - began:.1f} s", file=sys.stderr)
