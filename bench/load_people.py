"""The people of the load bench, in a process of their own: each reads, thinks and writes.

Run by :mod:`bench.load`. What they are told comes as JSON on standard input; what they saw goes
as JSON to standard output: every request with its kind, seconds and status, and every mark of
theirs that a page said was saved.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

#: Seconds of thought before each step: evenly between these, so 2 s on average.
THOUGHT = (1.0, 3.0)
#: Of the steps, how many are writing. Each is three requests (form, sending, the page after) and
#: each other step about one, so that of all pages asked for about one in five is something sent.
WRITING = 1 / 3

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_DRAWN = re.compile(r'data-drawing="([^"]+)"')


class Fields(HTMLParser):
    """The fields of one form as a browser would send them: ``values``, and those to ``tick``."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action, self.method = "", "get"
        self.values: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self._words: str | None = None
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            self.action, self.method = said.get("action", ""), said.get("method", "get").lower()
        elif tag == "textarea" and name:
            self._words, self.values[name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            self._offer(self._select, said.get("value", ""), "selected" in said)
        elif tag == "input" and name:
            if said.get("type") in ("radio", "checkbox"):
                self._offer(name, said.get("value", "on"), "checked" in said)
            elif said.get("type") not in ("submit", "file", "button"):
                self.values[name] = said.get("value", "")

    def _offer(self, name: str, value: str, chosen: bool) -> None:
        self.options.setdefault(name, []).append(value)
        if chosen:
            self.values[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._words = None
        elif tag == "select":
            if self._select and self._select not in self.values:
                self.values[self._select] = self.options.get(self._select, [""])[0]
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self.values[self._words] += data


def form_in(page: str, *names: str) -> Fields:
    """Return the first form of ``page`` that is sent by POST and has the fields ``names``."""
    for found in _FORM.findall(page):
        fields = Fields(found)
        if fields.method == "post" and {*names} <= {*fields.values, *fields.options}:
            return fields
    raise LookupError(f"the page has no form with {', '.join(names)}")


@dataclass
class Browser:
    """One person's browser: one connection kept open, its cookies, what it has kept of charts."""

    address: str
    seen: list[tuple[str, float, int, str]]
    cookies: dict[str, str] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def get(self, path: str, kind: str) -> str:
        """Return the page at ``path`` and fetch what it draws, as a browser does."""
        status, _, body = self.ask("GET", path, kind)
        page = body.decode("utf-8", "replace")
        for drawing in dict.fromkeys(_DRAWN.findall(page) if status == 200 else ()):
            drawn = drawing.replace("&amp;", "&")
            if self.kept.get(drawn, 0) < time.monotonic():
                _, headers, _ = self.ask("GET", drawn, "chart data")
                held = re.search(r"max-age=(\d+)", headers.get("cache-control", ""))
                self.kept[drawn] = time.monotonic() + (int(held[1]) if held else 0)
        return page

    def send(self, path: str, values: dict[str, str], kind: str, after: str) -> bool:
        """Send a form, open the page it leads to, and return whether the form was taken."""
        status, headers, _ = self.ask("POST", path, kind, values)
        if status != 302:
            return False
        self.get(urlsplit(urljoin(path, headers.get("location", "/")))._replace(
            fragment="").geturl(), after)  # fmt: skip
        return True

    def ask(
        self, method: str, path: str, kind: str, values: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body, and keep how long it took and under what kind."""
        headers = {"Accept-Encoding": "gzip", "Referer": self.address + path}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if values is not None:
            body = urlencode(values)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            answer, content = self._exchange(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._line = None
            self.seen.append((kind, time.perf_counter() - start, 0, f"{path} {error!r}"))
            return 0, {}, b""
        took = time.perf_counter() - start
        self.seen.append((kind, took, answer.status, f"{method} {path}"))
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key.strip()] = rest.split(";", 1)[0]
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._line is not None:
            try:
                self._line.request(method, path, body, headers)
                answer = self._line.getresponse()
                return answer, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                # A connection that the server let go of before it heard anything: a browser
                # opens another one and asks again.
                self._line.close()
        host = urlsplit(self.address)
        self._line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=120)
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        return answer, answer.read()


class Someone:
    """One of the people: opens pages at random, and now and then writes something down."""

    def __init__(self, number: int, told: dict[str, Any], seen: list[Any]) -> None:
        self.number, self.told = number, told
        self.chance = random.Random(f"{told['seed']}-{number}")
        self.browser = Browser(told["address"], seen)
        self.wrote: list[str] = []
        self.not_taken: list[str] = []
        self._marks = 0

    def come_in(self) -> None:
        """Sign in, and say which organisation is one's own; none of it is timed."""
        own = self.told["people"][self.number % len(self.told["people"])]
        if own.get("password"):
            page = self.browser.get("/sign-in", "sign-in")
            form = form_in(page, "username", "password")
            sent = form.values | {"username": own["username"], "password": own["password"]}
            if not self.browser.send(form.action or "/sign-in", sent, "sign-in", "sign-in"):
                raise LookupError(f"{own['username']} could not sign in")
        page = self.browser.get(f"/know/{own['organisation']}", "")
        try:
            form = form_in(page, "code", "back")
        except LookupError:
            return  # signing in has chosen it
        self.browser.send("/my-organisation", form.values, "", "")

    def work(self, until: float) -> None:
        """Think, do, think, do, until the clock says stop."""
        me = self.told["people"][self.number % len(self.told["people"])]
        reading: list[tuple[Callable[[], object], float]] = [
            (self._visitor(kind, paths), weight)
            for kind, paths, weight in [*self.told["reading"], *me["reading"]]
        ]
        writing = [(self._writer(one), one["weight"]) for one in me["writing"]]
        time.sleep(self.chance.uniform(0, THOUGHT[1]))
        while time.monotonic() < until:
            some = writing if writing and self.chance.random() < WRITING else reading
            step = self.chance.choices([one for one, _ in some], [w for _, w in some])[0]
            try:
                step()
            except LookupError as error:
                self.not_taken.append(str(error))
            self.think()

    def think(self) -> None:
        """Wait as long as somebody looks at a page."""
        time.sleep(self.chance.uniform(*THOUGHT))

    def mark(self) -> str:
        """Return words that nobody else writes, by which what was saved is found again."""
        self._marks += 1
        return f"loadbench {_letters(self.number)} {_letters(self._marks)} end"

    def _visitor(self, kind: str, paths: list[str]) -> Callable[[], object]:
        return lambda: self.browser.get(self.chance.choice(paths), kind)

    def _writer(self, one: dict[str, Any]) -> Callable[[], None]:
        def write() -> None:
            opened = self.chance.choice(one["pages"])
            page = self.browser.get(opened, f"{one['kind']}: the form")
            form = form_in(page, *(name for name in one["fill"] if name != "go"))
            mark = self.mark()
            sent = {name: options[0] for name, options in form.options.items()} | form.values
            sent |= {name: text.replace("{mark}", mark) for name, text in one["fill"].items()}
            self.think()
            kind = f"{one['kind']}: sent"
            if self.browser.send(form.action or opened, sent, kind, f"{one['kind']}: after"):
                self.wrote.append(mark)
            else:
                self.not_taken.append(f"{one['kind']} at {opened}")

        return write


def _letters(number: int) -> str:
    """Return a number as letters: digits in a text might be taken for those of a patient."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def main() -> None:
    """Read what is told, let everybody work at once, and print what they saw."""
    told = json.load(sys.stdin)
    entering: list[Any] = []
    people = [Someone(number, told, entering) for number in range(told["users"])]
    for one in people:
        one.come_in()
    seen: list[Any] = []
    for one in people:
        one.browser.seen = seen
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    threads = [threading.Thread(target=one.work, args=(began + told["seconds"],)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = resource.getrusage(resource.RUSAGE_SELF)
    json.dump(
        {
            "seen": seen,
            "wrote": [mark for one in people for mark in one.wrote],
            "not_taken": [text for one in people for text in one.not_taken],
            "seconds": time.monotonic() - began,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
