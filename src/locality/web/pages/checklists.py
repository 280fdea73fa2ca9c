"""Checklists: which there are, one begun, seen whole, compared, completed, looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality import knowledge
from locality.figures import NotFound, Table
from locality.judging import raters as judging_raters
from locality.judging.checklists import progress
from locality.knowledge.checklist import CADENCES, GRADES, Template
from locality.records import actions, checklist_tables, people_tables
from locality.records.models import Checklist
from locality.web.acting import asker, gather, may, person, who
from locality.web.forms import Form
from locality.web.pages.people import names
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.typed import organisation_typed
from locality.web.why_pages import why_page

_STATES = {"open": "Being filled in", "complete": "Complete", "reviewed": "Reviewed",
           "withdrawn": "Withdrawn"}  # fmt: skip
_NOT_YOURS = ("You can begin one about your own organisation, or for a body that you chair. A "
              "governance lead begins the others.")  # fmt: skip
#: Days after which most checklists are looked at again.
_A_YEAR = 365


def templates() -> dict[str, Template]:
    """Return the checklists that can be begun here, the user's own among them, by id."""
    return dict(knowledge.load(settings.LOCALITY_HOME).checklists)


def template_of(id: str) -> Template:
    """Return one of them; raises NotFound with a sentence."""
    found = templates().get(id)
    if found is None:
        raise NotFound(f"There is no checklist called {id[:40]!r}.")
    return found


def _readable(request: HttpRequest, every: Table) -> list[dict[str, Any]]:
    gather(request, "checklist", [one["reference"] for one in every.rows])
    return [one for one in every.rows if may(request, "checklist", one["reference"])]


@require_GET
def checklists(request: HttpRequest) -> HttpResponse:
    """Return which checklists there are, by when one uses them, and those filled in here."""
    every = templates().values()
    by_cadence = [
        (heading, [one for one in every if one.when == when]) for when, heading in CADENCES.items()
    ]
    body = request.GET.get("body", "")
    rows = _readable(request, checklist_tables.checklists(body=body))
    words = {
        "body": people_tables.body(body).rows[0] if body else None,
        "groups": [(heading, found) for heading, found in by_cadence if found],
        "rows": [one for one in rows if one["state"] == "open"],
        "past": [one for one in rows if one["state"] != "open"],
        "states": _STATES,
        "names": _names(request, rows),
    }
    return render(request, "pages/checklists.html", words)


@require_GET
def template(request: HttpRequest, template: str) -> HttpResponse:
    """Return what one checklist asks, where it comes from, and how well that is known."""
    asked = template_of(template)
    rows = _readable(request, checklist_tables.checklists(template=template))
    words = {"asked": asked, "grade": GRADES[asked.grade], "rows": rows, "states": _STATES,
             "names": _names(request, rows), "may_begin": _may_begin(request)}  # fmt: skip
    return render(request, "pages/checklist_template.html", words)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, template: str) -> HttpResponse:
    """Begin a checklist about something; what was typed survives a refusal."""
    asked = template_of(template)
    form = Form.typed(request.POST, "about_kind", "about", "body", "owner", "title", "why")
    named = [(one.id, request.POST.getlist(f"side-{one.id}")) for one in asked.sides]
    if not asked.sides:
        named = [("", request.POST.getlist("raters"))]
    chosen = [(code, side) for side, codes in named for code in codes]
    if request.method == "POST":
        told = form.values | {"about": _about(request, form)}
        try:
            with actions.found_already(form.errors):
                made = actions.start_checklist(
                    template=asked, raters=chosen, who=who(request), **told
                )
        except actions.Refusal as refusal:
            form.refused(refusal)
            _beside_the_body(form)
        else:
            return redirect(url("checklist", made.reference))
    else:
        form.values |= {name: request.GET.get(name, "") for name in ("about_kind", "about")}
        own = person(request)
        form.values["owner"] = own.code if own else ""
        places = _places(request)
        if not form.values["about_kind"] and len(places) == 1 and "organisation" in asked.about:
            form.values |= {"about_kind": "organisation", "about": places[0]}
        form.values["about_kind"] = form.values["about_kind"] or asked.about[0]
        if form.values["about_kind"] == "body":
            form.values["body"], form.values["about"] = form.values["about"], ""
    words = {
        "asked": asked, "form": form, "people": _people(), "chosen": chosen,
        "bodies": _bodies(request),
    }  # fmt: skip
    return render(request, "pages/checklist_start.html", words, status=form.status)


def _about(request: HttpRequest, form: Form) -> str:
    """Return what it is about, by its code; what may not be begun has its sentence in ``form``."""
    kind, body = form.values["about_kind"], form.values["body"]
    about = body if kind == "body" else form.values["about"]
    if kind == "organisation":
        about = organisation_typed(request, form, "about")
    # What is neither an organisation nor a body is nobody's own.
    page, code = ("begin_for", body) if kind == "body" else ("begin_about", about)
    code = code if kind in ("body", "organisation") else ""
    if "about" not in form.errors and about and not may(request, page, code, write=True):
        form.errors["about"] = _NOT_YOURS
    elif body and not may(request, "begin_for", body, write=True):
        form.errors["body"] = _NOT_YOURS
    return about


def _bodies(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the bodies for which this reader may begin one."""
    rows = people_tables.bodies().rows
    return [(one["code"], one["name"]) for one in rows
            if may(request, "begin_for", one["code"], write=True)]  # fmt: skip


def _places(request: HttpRequest) -> list[str]:
    """Return the organisations in which this reader holds a role."""
    return sorted({place for _, place in asker(request).grants if place})


def _may_begin(request: HttpRequest) -> bool:
    """Return whether this reader may begin a checklist about anything at all."""
    abouts = ("", *_places(request))
    if any(may(request, "begin_about", code, write=True) for code in abouts):
        return True
    return bool(_bodies(request))


def _beside_the_body(form: Form) -> None:
    """Put what is said of a body beside the field in which it was chosen."""
    if form.values["about_kind"] == "body" and "about" in form.errors:
        form.errors["body"] = form.errors.pop("about")


@require_GET
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    """Return one checklist: every question, how far it has come, and what can be done next."""
    held = checklist_tables.checklist(code)
    return _overview(request, held, Form())


def _overview(request: HttpRequest, held: Checklist, form: Form) -> HttpResponse:
    own = person(request)
    table = checklist_tables.answers(held, own)
    by_item: dict[str, list[dict[str, Any]]] = {}
    for row in table.rows:
        by_item.setdefault(row["item"], []).append(row)
    rater = held.raters.filter(person=own).first() if own else None
    raters = checklist_tables.raters(held)
    awaited = [one for one in raters.rows if one["state"] == "waited for"]
    words: dict[str, Any] = {
        "held": held, "asked": held.questions, "form": form, "by_item": by_item,
        "far": table.caption, "state": _STATES[held.state], "raters": raters, "awaited": awaited,
        "mine_open": bool(rater and rater.is_awaited and held.is_open),
        "together": held.is_open and (not raters or (held.questions.agreed and not awaited)),
        "can_compare": bool(held.questions.sides or held.questions.raters == "two")
        and checklist_tables.all_done(held),
        "can_fill_in": held.is_open and any(
            one.computed and one.computed.from_ != "decision" for one in held.questions.item
        ),
        "steps": checklist_tables.steps(held),
        "names": names(request, {held.about}) if held.about_kind == "organisation" else {},
        "log_action": log_action(held),
        "next": held.followed_by.exclude(state="withdrawn").first(),
    }  # fmt: skip
    if words["together"]:
        to_do = progress(held.questions, checklist_tables.answered(held, None)).to_do
        words["next_to_do"] = to_do[0].id if to_do else ""
    if words["mine_open"]:
        words["own_far"] = progress(held.questions, checklist_tables.answered(held, rater))
    return render(request, "pages/checklist.html", words, status=form.status)


def log_action(held: Checklist) -> str:
    """Return the address at which an action that comes of ``held`` is logged; empty if none is."""
    try:
        return url("log_action", origin_kind="checklist", origin=held.reference)
    except NoReverseMatch:
        return ""


@require_POST
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """Say that one's own answers are complete."""
    held, own = checklist_tables.checklist(code), person(request)
    form = Form()
    try:
        actions.finish_answers(
            reference=held.reference, person=own.code if own else "", who=who(request)
        )
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _overview(request, held, form)
    return redirect(url("checklist", held.reference))


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """Complete a checklist, with what is missing named and the day it is looked at again."""
    held = checklist_tables.checklist(code)
    form = Form.typed(request.POST, "review_on", "why", "seen")
    if request.method == "POST":
        try:
            actions.complete_checklist(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("checklist", held.reference))
    else:
        day = timezone.localdate() + timedelta(days=_A_YEAR)
        form.values |= {"review_on": day.isoformat(), "seen": str(held.version)}
    words = {"held": held, "form": form, "missing": actions.missing(held)}
    return render(request, "pages/checklist_complete.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a checklist back, with the reason."""
    held = checklist_tables.checklist(code)
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        try:
            actions.withdraw_checklist(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("checklists"))
    else:
        form.values["seen"] = str(held.version)
    return why_page(
        request, form, f"Withdraw {held.reference}, {held.title}",
        "Nobody can answer it any more, and it leaves the list. It is kept with its reason. "
        "Answers that people gave apart stay hidden from the others.", "Withdraw it",
        ("Checklists", url("checklists")), (held.title, url("checklist", held.reference)),
        room="checklists", warning=True,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def excuse(request: HttpRequest, code: str, rater: str) -> HttpResponse:
    """Wait no more for somebody's answers, with the reason."""
    held = checklist_tables.checklist(code)
    found = [one for one in checklist_tables.raters(held).rows if one["person"] == rater]
    if not found:
        raise NotFound("Nobody of that code was asked.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.excuse_rater(
                reference=held.reference, person=rater, who=who(request), why=form.values["why"]
            )
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("checklist", held.reference))
    name = found[0]["name"]
    return why_page(
        request, form, f"Wait no more for {name}",
        f"The others can then be shown their answers. What {name} has answered so far is not used.",
        "Wait no more", ("Checklists", url("checklists")),
        (held.title, url("checklist", held.reference)), room="checklists",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def anew(request: HttpRequest, code: str) -> HttpResponse:
    """Begin this year's checklist after last year's, which is reviewed with that."""
    held = checklist_tables.checklist(code)
    form = Form.typed(request.POST, "owner", "why")
    if request.method == "POST":
        try:
            made = actions.start_anew(
                reference=held.reference, template=template_of(held.template), who=who(request),
                **form.values,
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("checklist", made.reference))
    else:
        form.values["owner"] = held.owner.code
    now = templates().get(held.template)
    changed = now is None or now.content_hash != held.template_hash
    words = {"held": held, "form": form, "people": _people(), "changed": changed}
    return render(request, "pages/checklist_anew.html", words, status=form.status)


@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Return two sides or two raters item by item, the biggest gaps first."""
    held = checklist_tables.checklist(code)
    table, agreement, sides = compared(held)
    words = {"held": held, "table": table, "agreement": agreement, "sides": sides}
    return render(request, "pages/checklist_compare.html", words)


def compared(held: Checklist) -> tuple[Table, Table | None, tuple[str, str]]:
    """Return the comparison, of two raters how far they agree, and the names of the two.

    Raises NotFound where there are no two to compare, or not yet.
    """
    first, second = checklist_tables.by_side(held)
    template = held.questions
    said = [one.title for one in template.sides]
    one, two = said or [row["name"] for row in checklist_tables.raters(held).rows]
    table = judging_raters.compared(template, first, second, (one, two))
    apart = not template.sides and first and second
    agreement = judging_raters.agreement(template, first[0], second[0]) if apart else None
    return table, agreement, (one, two)


@require_GET
def since(request: HttpRequest, code: str) -> HttpResponse:
    """Return what changed since the checklist before this one."""
    held = checklist_tables.checklist(code)
    if held.follows is None:
        raise NotFound(f"{held.reference} is the first of its kind here.")
    if held.questions.raters != "one" and not held.questions.agreed:
        raise NotFound("Each answered alone, so there is no common answer to hold beside another.")
    table = judging_raters.since(
        held.questions, checklist_tables.answered(held, None),
        held.follows.questions, checklist_tables.answered(held.follows, None),
    )  # fmt: skip
    return render(request, "pages/checklist_since.html", {"held": held, "table": table})


@require_GET
def download(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return a checklist as a file: the answers that this reader may see."""
    held = checklist_tables.checklist(code)
    table = checklist_tables.answers(held, person(request))
    return table_file(request, table, held.reference, ending)


def _people() -> list[tuple[str, str]]:
    return [(one["code"], one["name"]) for one in people_tables.people().rows]


def _names(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, str]:
    return names(request, {one["about"] for one in rows if one["about_kind"] == "organisation"})
