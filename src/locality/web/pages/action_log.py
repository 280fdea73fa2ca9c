"""The action log: who does what by when, and what shows that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.figures import Problem, Table
from locality.records import action_tables, actions, people_tables
from locality.records.models import OriginKind, Person
from locality.web import asking
from locality.web.acting import may, person, who
from locality.web.forms import Form
from locality.web.here import my_organisation
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.typed import organisation_typed

ROWS_A_PAGE = 100
#: What can be shown: the key in the address, and words on the tab.
SHOWN = (("to do", "To do"), ("overdue", "Overdue"), ("done", "Done"), ("dropped", "Dropped"),
         ("all", "All"))  # fmt: skip
#: The orders in which it can stand, likewise.
ORDERS = (("due", "By day"), ("owner", "By owner"), ("state", "By state"), ("what", "A to Z"),
          ("moved", "Most moved"), ("latest", "Latest logged"))  # fmt: skip
#: The page on which an origin can be looked at, by its kind.
_ORIGINS = {"body": "body", "scoring": "scoring", "checklist": "checklist", "request": "answer",
            "criteria set": "criteria_set"}  # fmt: skip
#: What a field is called in the history of an action.
_CALLED = {"what": "What is to be done", "owner": "Who does it", "due_on": "The day it is due",
           "accountable": "Who is accountable", "depends_on": "What it waits for"}  # fmt: skip
_FIELDS = ("what", "owner", "accountable", "due_on", "body", "organisation", "origin_kind",
           "origin", "depends_on", "why", "seen")  # fmt: skip
_CHANGED = ("what", "owner", "accountable", "due_on", "depends_on", "why", "seen")
#: What few actions need: it stays folded until something is in it.
_MORE = ("body", "organisation", "origin_kind", "origin", "depends_on", "why")
#: Most actions that are offered as one to wait for; any other is named by its number.
_OFFERED = 50


@dataclass(frozen=True)
class Asked:
    """Whose actions, which of them, in which order, and which page of them."""

    whose: str
    show: str
    order: str
    body: str
    page: int

    @property
    def query(self) -> dict[str, str]:
        """Return what an address says of it; what is usual is left out."""
        return {
            "whose": "" if self.body else self.whose,
            "body": self.body,
            "show": "" if self.show == "to do" else self.show,
            "order": "" if self.order == "due" else self.order,
        }


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Return the action log: mine, my organisation's, a body's, or all that may be seen."""
    lists = lists_of(request)
    asked = _asked(request, lists)
    found = _found(request, asked, ROWS_A_PAGE + 1)
    words = {
        "rows": found.rows[:ROWS_A_PAGE],
        "more": len(found) > ROWS_A_PAGE,
        "asked": asked,
        "shown": SHOWN,
        "orders": ORDERS,
        "lists": lists,
        "bodies": bodies_of(request),
        "anybody": Person.objects.filter(ended_at=None).exists(),
    }
    return render(request, "pages/actions.html", words)


@require_GET
def log_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the action log as a file, as the page shows it, every row."""
    asked = _asked(request, lists_of(request))
    return table_file(request, _found(request, asked), "actions", ending)


@require_GET
def action(request: HttpRequest, code: str) -> HttpResponse:
    """Return one action: its states, how often its day moved, what may be done to it."""
    row = action_tables.action(code).rows[0]
    page = _ORIGINS.get(row["origin_kind"], "")
    words = {
        "row": row,
        "steps": action_tables.steps("action", code).rows,
        "changes": _changes(code),
        "waiting": action_tables.held_up(code),
        "origin_words": dict(OriginKind.choices)[row["origin_kind"]],
        "origin_page": page if page and may(request, page, row["origin"]) else "",
    }
    return render(request, "pages/action.html", words)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for an action, filled in as the address asks, or log it."""
    form = Form.typed(request.POST or request.GET, *_FIELDS)
    if request.method == "POST":
        told = {name: form.values[name] for name in _FIELDS if name != "seen"}
        told["organisation"] = organisation_typed(request, form)
        _may_name(request, form)
        try:
            with actions.found_already(form.errors):
                made = actions.log_action(who=who(request), **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            seen = may(request, "action", made.reference)
            return redirect(url("action", made.reference) if seen else url("actions"))
    elif not form.values["owner"]:
        me = person(request)
        form.values["owner"] = me.code if me else ""
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is to be done, by whom or by when; what was typed survives a refusal."""
    row = action_tables.action(code).rows[0]
    form = Form.typed(request.POST, *_FIELDS)
    if request.method == "POST":
        if form.values["depends_on"].strip() != row["depends_on"]:
            _may_name(request, form)
        told = {name: form.values[name] for name in _CHANGED}
        try:
            with actions.found_already(form.errors):
                actions.change_action(reference=code, who=who(request), **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("action", code))
    else:
        form.values |= {name: str(row[name]) for name in _FIELDS if name in row}
        form.values["seen"] = str(row["version"])
    return _form_page(request, form, row)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str, to: str) -> HttpResponse:
    """Start, finish, drop or reopen an action, with what that asks for."""
    row = action_tables.action(code).rows[0]
    form = Form.typed(request.POST, "why", "evidence", "done_on", "due_on", "seen")
    if request.method == "POST":
        try:
            _moved(to, code, form, who(request))
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("action", code))
    else:
        form.values |= {"seen": str(row["version"]), "done_on": str(timezone.localdate())}
    words = {"row": row, "to": to, "form": form}
    return render(request, "pages/action_move.html", words, status=form.status)


def lists_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the lists from which this reader can choose, as key and words; the usual one first."""
    lists = []
    if person(request) is not None:
        lists += [("mine", "Mine"), ("seats", "Mine and my bodies'")]
    mine = my_organisation(request)
    if mine is not None and may(request, "organisation_actions", mine["code"]):
        lists.append(("organisation", "My organisation's"))
    if may(request, "every_action"):
        lists.append(("all", "Everybody's"))
    return lists


def bodies_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the open bodies whose actions this reader may see, as code and name."""
    rows = people_tables.bodies().rows
    if not may(request, "every_action"):
        me = person(request)
        held = action_tables.bodies_of(me.code, timezone.localdate()) if me else []
        rows = [row for row in rows if row["code"] in held]
    return [(row["code"], row["name"]) for row in rows]


def _changes(code: str) -> list[tuple[str, str, str, list[dict[str, Any]]]]:
    """Return each change of an action: when, by whom and why, with the fields that it changed."""
    rows = [
        one | {"called": _CALLED.get(one["field"], one["field"])}
        for one in action_tables.changes(code).rows
    ]
    grouped = groupby(rows, itemgetter("event", "at", "who", "why"))
    return [(at, by, why, list(fields)) for (_, at, by, why), fields in grouped]


def _asked(request: HttpRequest, lists: list[tuple[str, str]]) -> Asked:
    show, order = request.GET.get("show", "to do"), request.GET.get("order", "due")
    whose, body = request.GET.get("whose", ""), request.GET.get("body", "")
    page = request.GET.get("page", "1")
    if show not in dict(SHOWN):
        raise Problem(f"Actions are shown as {', '.join(dict(SHOWN))}.")
    if order not in dict(ORDERS):
        raise Problem(f"Actions stand in these orders: {', '.join(dict(ORDERS))}.")
    if whose and whose not in dict(lists):
        raise Problem("There is no such list of actions.")
    if not (page.isascii() and page.isdigit() and 0 < int(page[:6]) < 10_000):
        raise Problem("Pages are counted from 1.")
    whose = "" if body else whose or next((key for key, _ in lists), "")
    return Asked(whose, show, order, body, int(page[:6]))


def _found(request: HttpRequest, asked: Asked, most: int | None = None) -> Table:
    told: dict[str, Any] = {"show": asked.show, "order": asked.order, "most": most}
    if most is not None:
        told["first"] = (asked.page - 1) * ROWS_A_PAGE
    if asked.body:
        people_tables.body(asked.body)
        if not may(request, "body_actions", asked.body):
            raise Problem("Only those who sit in a body, and who look after it, see its actions.")
        return action_tables.actions(body=asked.body, **told)
    if asked.whose == "all":
        return action_tables.actions(**told)
    mine, me = my_organisation(request), person(request)
    if asked.whose == "organisation" and mine is not None:
        return action_tables.actions(organisation=mine["code"], **told)
    if me is None:
        return Table.of(action_tables.ACTIONS, [])
    return action_tables.actions(person=me.code, sits_in=asked.whose == "seats", **told)


def _moved(to: str, code: str, form: Form, by: str) -> None:
    told = {"reference": code, "who": by, "seen": form.values["seen"]}
    if to == "finish":
        actions.finish_action(
            evidence=form.values["evidence"], done_on=form.values["done_on"], **told
        )
    elif to == "drop":
        actions.drop_action(why=form.values["why"], **told)
    elif to == "reopen":
        actions.reopen_action(due_on=form.values["due_on"], why=form.values["why"], **told)
    else:
        actions.start_action(why=form.values["why"], **told)


def _may_name(request: HttpRequest, form: Form) -> None:
    """Refuse to name a body, an organisation or an action whose actions this reader may not see."""
    body, first = form.values["body"], form.values["depends_on"].strip()
    organisation = asking.code(form.values["organisation"])
    if body and not may(request, "body_actions", body):
        form.errors.setdefault(
            "body", "Choose a body in which you sit: its members see and answer for its actions."
        )
    if organisation and not may(request, "organisation_actions", organisation):
        form.errors.setdefault(
            "organisation", "Name your own organisation, or none: its people see its actions."
        )
    if first and not may(request, "action", first):
        form.errors.setdefault("depends_on", f"There is no action {first[:20]!r}.")


def _form_page(request: HttpRequest, form: Form, row: dict[str, Any] | None) -> HttpResponse:
    everybody = people_tables.people().rows
    names = [one["name"] for one in everybody]
    people = [
        # Two of one name are told apart by what they do.
        (one["code"], one["name"] + (f" ({one['posts'] or one['code']})"
                                     if names.count(one["name"]) > 1 else ""))
        for one in everybody
    ]  # fmt: skip
    words = {
        "form": form,
        "row": row,
        "people": people,
        "bodies": [] if row else bodies_of(request),
        "others": _offered(request, row["reference"] if row else ""),
        "kinds": OriginKind.choices,
        "more": any(form.errors.get(name) or form.values[name] for name in _MORE),
    }
    return render(request, "pages/action_form.html", words, status=form.status)


def _offered(request: HttpRequest, but: str) -> list[tuple[str, str]]:
    """Return actions still to be done that this reader may see, as number and words."""
    me = person(request)
    if may(request, "every_action"):
        rows = action_tables.actions(most=_OFFERED).rows
    elif me is not None:
        rows = action_tables.actions(person=me.code, sits_in=True, most=_OFFERED).rows
    else:
        rows = []
    return [(one["reference"], one["what"][:60]) for one in rows if one["reference"] != but]
