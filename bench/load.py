"""Fifty people at once on PostgreSQL, ten on SQLite: a real server, real forms, nothing lost.

``python -m bench load`` runs both for five minutes each; BENCH_SECONDS makes them shorter, and
BENCH_LOAD=postgresql or sqlite runs one of them. People, server and database share the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from bench import load_server
from bench.floor import Row
from bench.load_people import Browser, Someone

SECONDS = int(os.environ.get("BENCH_SECONDS", "300"))
ASKED = 300.0
RUNS = (("postgresql", 50), ("sqlite", 10))


def main() -> int:
    """Run each database's load, print its table, and return 1 where anything was lost or late."""
    chosen = os.environ.get("BENCH_LOAD", "")
    worst = 0
    for name, users in RUNS:
        if chosen and chosen != name:
            continue
        print(f"\n{users} people on {name}, {SECONDS} s, 2 s of thought (evenly 1 to 3)")
        worst = max(worst, run(name, users))
    return worst


def run(name: str, users: int) -> int:
    """Serve a fresh home on the database ``name``, let ``users`` people work, and report."""
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(load_server.home())
        database, process = "", 0
        if name == "postgresql":
            database, process = stack.enter_context(load_server.postgresql())
        made = load_server.told("furnish", place, database)
        address, server, log = stack.enter_context(load_server.serving(place, database))
        told = what_is_told(address, users, made)
        warm(told)
        floor = floor_of(address)
        before = (
            load_server.cpu_seconds(server), load_server.cpu_seconds(process),
            load_server.machine_seconds(),
        )  # fmt: skip
        people = subprocess.run(
            [sys.executable, "-m", "bench.load_people"], input=json.dumps(told), text=True,
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        after = (
            load_server.cpu_seconds(server), load_server.cpu_seconds(process),
            load_server.machine_seconds(),
        )  # fmt: skip
        said = json.loads(people.stdout)
        used = [b - a for a, b in zip(before, after, strict=True)]
        held = load_server.told("texts", place, database)
        complaints = log.read_text("utf-8", "replace").strip()
    return report(users, said, used, floor, held, complaints)


def what_is_told(address: str, users: int, made: dict[str, Any]) -> dict[str, Any]:
    """Return what the people are told: which pages there are, which forms, how often each."""
    practices, measures = made["practices"], made["registers"]
    pairs = [f"/measure/{one}/{code}" for one in measures[:6] for code in practices]
    reading = [
        ("first page", ["/"], 3),
        ("organisation", [f"/know/{code}" for code in practices], 4),
        ("measure of one organisation", pairs, 4),
        ("measure, all practices", [f"/measure/{one}" for one in measures], 3),
        ("every measure", ["/measure/"], 1),
        ("alerts", [f"/alerts/{code}" for code in practices], 2),
        ("standing", [f"/know/{code}/standing" for code in practices], 2),
        ("points", [f"/know/{code}/points" for code in practices], 1),
        ("worth", ["/worth/"], 1),
        ("groups", ["/groups/"], 1),
        ("group", [f"/groups/{code}" for code in made["groups"]], 1),
        ("people", ["/people/"], 1),
        ("body", [f"/bodies/{code}" for code in made["bodies"]], 2),
        ("requests", ["/requests/"], 1),
        ("checklists", ["/checklists/"], 1),
        ("what needs me", ["/needs/"], 2),
        ("action log", ["/actions/"], 2),
        ("scoring", [f"/scorings/{code}" for code in made["scorings"]], 2),
    ]
    people = [
        one | {"reading": _own_reading(one), "writing": _writing(one, number, made)}
        for number, one in enumerate(made["people"])
    ]
    return {
        "address": address, "users": users, "seconds": SECONDS, "seed": 2026,
        "people": people, "reading": reading,
    }  # fmt: skip


def _own_reading(one: dict[str, Any]) -> list[tuple[str, list[str], int]]:
    """Return the pages that not everybody may open."""
    own = [("checklist", [one["checklist"]], 1)]
    return [*own, ("log", ["/log/"], 1)] if one["role"] == "governance" else own


def _writing(one: dict[str, Any], number: int, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the forms that a person may send: each changes what nobody else changes."""
    soon = str(date.today() + timedelta(days=90))
    measures, own = made["registers"], one["organisation"]
    forms = [
        {"kind": "note", "weight": 3, "fill": {"text": "{mark}"},
         "pages": [f"/know/{own}"]},
        {"kind": "request", "weight": 1, "fill": {"text": "{mark}", "organisation": ""},
         "pages": [f"/measure/{measure}/request" for measure in measures]},
        {"kind": "action logged", "weight": 2, "pages": ["/actions/new"],
         "fill": {"what": "{mark}", "owner": one["code"], "due_on": soon}},
        {"kind": "sheet of scores", "weight": 3,
         "pages": [f"/scorings/{code}/sheet" for code in made["scorings"]],
         "fill": {"score-1-1": "5", "comment-1-1": "{mark}", "go": "save"}},
        {"kind": "checklist answered", "weight": 2, "fill": {"words": "{mark}"},
         "pages": [f"{one['checklist']}/items/{item}" for item in one["items"].split()]},
    ]  # fmt: skip
    if one["role"] == "practice":
        forms.append({
            "kind": "mark", "weight": 2, "pages": [f"/measure/{m}/{own}/mark" for m in measures],
            "fill": {"reason": "{mark}", "review_on": soon, "state": "unexplained"},
        })  # fmt: skip
    else:
        forms += [
            {"kind": "group renamed", "weight": 1,
             "pages": [f"/groups/{made['groups'][number // 5]}"],
             "fill": {"name": "{mark}", "why": "A better name: {mark}"}},
            {"kind": "person changed", "weight": 1, "pages": [f"/people/{one['code']}/change"],
             "fill": {"name": "{mark}", "why": "Wrong before."}},
        ]  # fmt: skip
    return forms


def warm(told: dict[str, Any]) -> None:
    """Open every page once: the first reader after a refresh waits longer, and is timed apart.

    Pages that say there is nothing to show (a practice without a return) are opened no more.
    """
    somebody = Someone(0, told, [])
    somebody.come_in()
    browser, began = somebody.browser, time.perf_counter()
    browser.seen = []
    absent: Counter[str] = Counter()
    there = []
    for kind, paths, weight in told["reading"]:
        kept = []
        for path in paths:
            browser.get(path, kind)
            status = next(one[2] for one in reversed(browser.seen) if one[3] == f"GET {path}")
            if status == 200:
                kept.append(path)
            else:
                absent[f"{kind} ({status})"] += 1
        if kept:
            there.append((kind, kept, weight))
    told["reading"] = there
    slow = max(browser.seen, key=lambda one: one[1])
    took, note = time.perf_counter() - began, f"slowest {slow[3]}, {slow[1]:.2f} s"
    print(Row(f"{len(browser.seen)} pages and charts opened once, cold", took, "s", note=note))
    if absent:
        print("left out: " + ", ".join(f"{many} x {what}" for what, many in absent.items()))


def floor_of(address: str) -> float:
    """Return the milliseconds of the cheapest page of this server: one that is not there."""
    browser = Browser(address, [])
    for _ in range(40):
        browser.ask("GET", "/nothing-is-here", "")
    return 1000 * statistics.median(one[1] for one in browser.seen)


def report(
    users: int, said: dict[str, Any], used: list[float], floor: float, held: list[str],
    complaints: str,
) -> int:  # fmt: skip
    """Print what was seen, by kind; return 1 where something was lost, refused or late."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    for kind, seconds, status, path in said["seen"]:
        by_kind[kind].append(1000 * seconds)
        if status not in (200, 302, 304):
            wrong[f"{status} {path}"] += 1
    every = [took for some in by_kind.values() for took in some]
    sent = sum(len(some) for kind, some in by_kind.items() if kind.endswith(": sent"))
    pages = len(every) - len(by_kind["chart data"])
    print(f"{'':<34}{'number':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}  ms")
    for kind, some in sorted(by_kind.items(), key=lambda one: -percentile(one[1], 95)):
        print(f"{kind:<34}{len(some):>8}{line(some)}")
    print(f"{'all':<34}{len(every):>8}{line(every)}")
    seconds = said["seconds"]
    print(f"{len(every) / seconds:.1f} requests a second; {sent} of {pages} pages were something "
          f"sent ({100 * sent / pages:.0f} %)")  # fmt: skip
    rest = used[2] - used[0] - used[1] - said["cpu"]
    print(f"processor: server {share(used[0], seconds)}, database {share(used[1], seconds)}, the "
          f"people themselves {share(said['cpu'], seconds)}, everything else on this machine "
          f"{share(rest, seconds)} (100 % is one core)")  # fmt: skip
    # Chart data are small and quick: without them the figure is the harder one.
    asked = [took for kind, some in by_kind.items() if kind != "chart data" for took in some]
    p95 = percentile(asked, 95)
    print(Row(f"{users} people, p95 of {len(asked)} pages and forms", p95, "ms", asked=ASKED,
              floor=floor, note=f"floor: a page that is not there, {floor:.1f} ms"))  # fmt: skip
    errors = sum(wrong.values()) + len(said["not_taken"])
    print(Row("errors: a wrong status, or a form that was not taken", errors, "", asked=0))
    for text, many in [*wrong.most_common(10), *Counter(said["not_taken"]).most_common(10)]:
        print(f"  {many} x {text}")
    whole = "\n".join(held)
    lost = [mark for mark in said["wrote"] if mark not in whole]
    print(Row(f"writes lost, of {len(said['wrote'])} answered with success", len(lost), "",
              asked=0))  # fmt: skip
    # Waitress says each time a request waits for a thread: with more people than threads it must.
    waited = [text for text in complaints.splitlines() if "Task queue depth" in text]
    complaints = "\n".join(one for one in complaints.splitlines() if one not in waited)
    print(Row("requests that waited for a thread of the server", len(waited), ""))
    if complaints:
        print(f"the server complained:\n{complaints[-3000:]}")
    return int(bool(errors or lost or complaints or p95 > ASKED))


def percentile(some: list[float], of: float) -> float:
    """Return the value below which ``of`` in a hundred lie, by rank."""
    ranked = sorted(some)
    return ranked[min(len(ranked) - 1, int(len(ranked) * of / 100))]


def line(some: list[float]) -> str:
    """Return the percentiles of ``some`` as they stand in the table."""
    return "".join(f"{percentile(some, of):>8.0f}" for of in (50, 95, 99)) + f"{max(some):>8.0f}"


def share(cpu: float, seconds: float) -> str:
    """Return processor seconds as a share of one core."""
    return f"{100 * cpu / seconds:.0f} %"


if __name__ == "__main__":
    sys.exit(main())
