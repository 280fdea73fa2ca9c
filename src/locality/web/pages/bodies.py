"""Bodies that meet: for whom they act, what to bring, who sits in them, when they are quorate."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.decide import quorum, rule_words, tag_words
from locality.figures import NotFound
from locality.records import actions, people_tables, tables
from locality.records.models import BodyKind, PostTag, SeatRole
from locality.web.acting import who
from locality.web.endings import NO_MORE, ending
from locality.web.forms import Form
from locality.web.pages.people import names
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.typed import organisation_typed

_FIELDS = ("name", "kind", "acts_for", "consent", "task", "bring", "contact", "organisation",
           "parent", "why", "seen")  # fmt: skip
#: Empty lines that the form of a quorum offers beyond those that are filled.
_MORE_RULES = 2


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """Return the bodies there are, or with ``?all=1`` also those that have closed."""
    every = bool(request.GET.get("all"))
    words = {"bodies": people_tables.bodies(closed=every), "every": every}
    return render(request, "pages/bodies.html", words)


@require_GET
def bodies_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return every body there ever was as a file."""
    return table_file(request, people_tables.bodies(closed=True), "bodies", ending)


@require_GET
def members_file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return everybody who ever sat in a body as a file."""
    people_tables.body(code)
    return table_file(request, people_tables.seats(code, ended=True), f"members-{code}", ending)


@require_GET
def body(request: HttpRequest, code: str) -> HttpResponse:
    """Return one body: what it is for, its members, its quorum, its log."""
    row = people_tables.body(code).rows[0]
    seats = people_tables.seats(code, ended=True).rows
    today = timezone.localdate()
    held = [one for one in seats if one["to_day"] is None or one["to_day"] > today]
    needs = [tag for tag in row["needs"].split(", ") if tag]
    there = {tag for one in held for tag in one["tags"].split(", ")}
    children = [one for one in people_tables.bodies().rows if one["parent"] == code]
    words = {
        "body": row,
        "seats": held,
        "past": [one for one in seats if one not in held],
        "quorum": quorum(people_tables.rules(code), people_tables.members(code)),
        "missing": tag_words(tag for tag in needs if tag not in there),
        "without_limit": [one for one in held if not one["limit"]],
        "children": children,
        "names": names(request, {row["organisation"], *(one["organisation"] for one in held)}),
        "events": tables.events("body", code, limit=20),
    }
    return render(request, "pages/body.html", words)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for a new body, or open it; what was typed survives a refusal."""
    form = _form(request)
    form.values["opened_on"] = request.POST.get("opened_on", "")
    if request.method == "POST":
        told = _told(request, form)
        try:
            with actions.found_already(form.errors):
                made = actions.open_body(opened_on=form.values["opened_on"], **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("body", made.code))
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """Say anew what a body is for, to whom it answers and what to bring to it."""
    row = people_tables.body(code).rows[0]
    form = _form(request)
    if request.method == "POST":
        told = _told(request, form)
        try:
            with actions.found_already(form.errors):
                actions.describe_body(code=code, seen=form.values["seen"], **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("body", code))
    else:
        shown = [name for name in _FIELDS if name not in ("why", "seen")]
        form.values |= {name: str(row[name]) for name in shown}
        form.values |= {"tags": row["needs"], "seen": str(row["version"])}
    return _form_page(request, form, row)


@require_http_methods(["GET", "POST"])
def set_quorum(request: HttpRequest, code: str) -> HttpResponse:
    """Say what must be so before a body may settle anything: a line for each thing asked."""
    row = people_tables.body(code).rows[0]
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        lines = _lines(request)
        try:
            actions.set_quorum(
                code=code,
                rules=[(one["minimum"], one["tags"], one["voting"]) for one in lines
                       if one["minimum"] or one["tags"]],
                seen=form.values["seen"], who=who(request), why=form.values["why"],
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("body", code) + "#quorum")
    else:
        form.values["seen"] = str(row["version"])
        lines = [
            {"minimum": str(one.minimum), "tags": sorted(one.any_of), "voting": one.voting_only}
            for one in people_tables.rules(code)
        ]
    empty = {"minimum": "", "tags": [], "voting": False}
    lines += [dict(empty) for _ in range(_MORE_RULES)]
    words = {"form": form, "body": row, "lines": lines, "tags": PostTag.choices,
             "asked": [rule_words(one) for one in people_tables.rules(code)]}  # fmt: skip
    return render(request, "pages/quorum_form.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def new_seat(request: HttpRequest, code: str) -> HttpResponse:
    """Give the holder of a post a seat in a body."""
    row = people_tables.body(code).rows[0]
    form = Form.typed(request.POST, "post", "role", "voting", "from_day", "why")
    if request.method == "POST":
        try:
            actions.give_seat(
                body_code=code, post=form.values["post"], role=form.values["role"],
                voting=form.values["voting"] == "yes", from_day=form.values["from_day"],
                who=who(request), why=form.values["why"],
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("body", code) + "#members")
    else:
        form.values |= {"role": "member", "voting": "yes", "from_day": str(timezone.localdate())}
    words = {
        "form": form,
        "body": row,
        "posts": [one for one in people_tables.posts().rows if one["to_day"] is None],
        "roles": SeatRole.choices,
    }
    return render(request, "pages/seat_form.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def end_seat(request: HttpRequest, code: str) -> HttpResponse:
    """Ask when and why a seat ends, and end it."""
    rows = [one for one in people_tables.seats(ended=True).rows if one["code"] == code]
    if not rows:
        raise NotFound(f"There is no seat with the code {code[:20]!r}.")
    seat = rows[0]
    return ending(
        request, partial(actions.end_seat, code=code), "to_day", NO_MORE,
        title=f"{seat['name']} leaves {seat['body_name']}",
        sentence="The seat ends; what they did in it stays.",
        button="End the seat", back=(seat["body_name"], url("body", seat["body"])),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Ask when and why a body ended, and close it with its seats."""
    row = people_tables.body(code).rows[0]
    return ending(
        request, partial(actions.close_body, code=code), "on", "Day it ended",
        title=f"Close {row['name']}",
        sentence="Its seats end with it. Its past and its log stay.",
        button="Close it", back=(row["name"], url("body", code)),
    )  # fmt: skip


def _form(request: HttpRequest) -> Form:
    form = Form.typed(request.POST, *_FIELDS)
    form.values["tags"] = ", ".join(request.POST.getlist("tags"))
    return form


def _told(request: HttpRequest, form: Form) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: form.values[name] for name in _FIELDS if name not in ("seen", "organisation")
    }
    told["organisation"] = organisation_typed(request, form)
    return told | {"needs_tags": request.POST.getlist("tags"), "who": who(request)}


def _form_page(request: HttpRequest, form: Form, row: dict[str, Any] | None) -> HttpResponse:
    others = [one for one in people_tables.bodies().rows if not row or one["code"] != row["code"]]
    words = {
        "form": form,
        "body": row,
        "kinds": BodyKind.choices,
        "tags": PostTag.choices,
        "held": form.values["tags"].split(", "),
        "above": [("", "None: it answers to no other body here")]
        + [(one["code"], one["name"]) for one in others],
    }
    return render(request, "pages/body_form.html", words, status=form.status)


def _lines(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the lines of the form as they were typed, without those left empty."""
    lines = []
    for number in range(20):
        line = {
            "minimum": request.POST.get(f"minimum-{number}", "").strip(),
            "tags": request.POST.getlist(f"tags-{number}"),
            "voting": request.POST.get(f"voting-{number}") == "yes",
        }
        if line["minimum"] or line["tags"]:
            lines.append(line)
    return lines
