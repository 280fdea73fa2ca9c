"""Skills of a team: a review begun, one's own skills, and a team's for who may see everyone's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_GET, require_http_methods

from locality.figures import Table
from locality.knowledge.skills import ladder, skill_lists
from locality.records import action_tables, actions, people_tables, scoring_tables, skill_tables
from locality.records.models import Purpose, Scoring, Subject
from locality.web.acting import asker, may, person, who
from locality.web.forms import Form
from locality.web.pages.scoring import STATES
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.typed import organisation_typed

_FIELDS = ("title", "list", "people", "peers", "organisation", "body", "score_by", "why")
_NOT_YOURS = ("You can begin one of your own organisation, or in a body that you chair. A "
              "governance lead begins the others.")  # fmt: skip


@require_GET
def skills(request: HttpRequest) -> HttpResponse:
    """Return the skills reviews this reader may see, or what one is for."""
    rows = [
        row for row in scoring_tables.scorings(purpose=str(Purpose.SKILLS)).rows
        if may(request, "skills_review", row["reference"])
    ]  # fmt: skip
    own = person(request)
    awaited = {row["reference"] for row in scoring_tables.awaited(own.code).rows} if own else set()
    words = {"rows": rows, "states": STATES, "awaited": awaited, "ladder": ladder(),
             "may_begin": _may_begin(request)}  # fmt: skip
    return render(request, "pages/skills.html", words)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a review: a list of skills, the people, and who else scores them."""
    form = Form.typed(request.POST, *_FIELDS)
    anybody = may(request, "review_skills", "", write=True)
    places, bodies = _places(request), _bodies(request)
    chosen, peers = request.POST.getlist("people"), request.POST.getlist("peers")
    lists = skill_lists(settings.LOCALITY_HOME)
    sets = [
        row for row in scoring_tables.criteria_sets().rows
        if row["purpose"] == Purpose.SKILLS and row["state"] == "locked"
    ]  # fmt: skip
    if request.method == "POST":
        told = {name: form.values[name] for name in ("title", "body", "score_by", "why")}
        told["organisation"] = _organisation(request, form)
        try:
            with actions.found_already(form.errors):
                made = actions.begin_skills(
                    people=chosen, peers=peers, skills=lists.get(form.values["list"]),
                    criteria=form.values["list"] if form.values["list"] not in lists else "",
                    ladder=ladder(), who=who(request), **told,
                )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
            if "criteria" in form.errors:
                form.errors["list"] = form.errors.pop("criteria")
            if "assessors" in form.errors:
                form.errors["peers"] = form.errors.pop("assessors")
        else:
            return redirect(url("scoring", made.reference))
    else:
        form.values["body"] = request.GET.get("body", "")
        form.values["list"] = next(iter(lists), "")
        if not form.values["body"] and len(places) == 1:
            form.values["organisation"] = places[0]
        elif len(bodies) == 1 and not places and not anybody:
            form.values["body"] = bodies[0][0]
        if form.values["body"]:
            seats = people_tables.seats(form.values["body"]).rows
            chosen = [row["person"] for row in seats if row["role"] != "in attendance"]
    words = {
        "form": form, "chosen": chosen, "peers": peers, "lists": lists.values(), "sets": sets,
        "people": _reviewed(request), "everybody": _named(people_tables.people()),
        "bodies": bodies, "places": places, "any": anybody, "ladder": ladder(),
        "may_begin": anybody or places or bodies,
    }  # fmt: skip
    return render(request, "pages/skills_form.html", words, status=form.status)


def _organisation(request: HttpRequest, form: Form) -> str:
    """Return the organisation typed; what may not be begun there has its sentence in ``form``."""
    place, body = organisation_typed(request, form), form.values["body"]
    if "organisation" in form.errors:
        return place
    if (place or not body) and not may(request, "review_skills", place, write=True):
        # Beside a field that is there: who chairs a body and manages nothing is asked for the body.
        asked = "organisation" if place or _places(request) or not _bodies(request) else "body"
        form.errors[asked] = _NOT_YOURS
    elif body and not may(request, "begin_for", body, write=True):
        form.errors["body"] = _NOT_YOURS
    return place


def _places(request: HttpRequest) -> list[str]:
    """Return the organisations of whose people this reader may begin a review as one of them."""
    held = {place for _, place in asker(request).grants if place}
    return sorted(one for one in held if may(request, "review_skills", one, write=True))


def _bodies(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the bodies in which this reader may begin a review."""
    return [(one["code"], one["name"]) for one in people_tables.bodies().rows
            if may(request, "begin_for", one["code"], write=True)]  # fmt: skip


def _reviewed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return whose skills this reader may have reviewed: their colleagues, or everybody."""
    if may(request, "review_skills", "", write=True):
        return _named(people_tables.people())
    found = dict(
        pair for place in _places(request)
        for pair in _named(people_tables.people(organisation=place))
    )  # fmt: skip
    for code, _ in _bodies(request):
        found |= {row["person"]: row["name"] for row in people_tables.seats(code).rows}
    return sorted(found.items(), key=lambda pair: pair[1])


def _may_begin(request: HttpRequest) -> bool:
    """Return whether this reader may begin a review of anybody at all."""
    anybody = may(request, "review_skills", "", write=True)
    return anybody or bool(_places(request)) or bool(_bodies(request))


def _named(people: Table) -> list[tuple[str, str]]:
    return [(one["code"], one["name"]) for one in people.rows]


@require_GET
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Return one's own skills, and those of people whom one scored; hidden until all are in."""
    held = scoring_tables.scoring(code)
    return _page(request, held, skill_tables.visible(held, person(request)), everyone=False)


@require_GET
def everyone(request: HttpRequest, code: str) -> HttpResponse:
    """Return the whole team's skills, for its chair and administrators."""
    held = scoring_tables.scoring(code)
    return _page(request, held, scoring_tables.subjects(held), everyone=True)


@require_GET
def download(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return the skills this reader may see as a file."""
    held = scoring_tables.scoring(code)
    if may(request, "skills_everyone", held.reference):
        people = scoring_tables.subjects(held)
    else:
        people = skill_tables.visible(held, person(request))
    return table_file(request, skill_tables.skills(held, people), held.reference, ending)


def _page(
    request: HttpRequest, held: Scoring, people: list[Subject], *, everyone: bool
) -> HttpResponse:
    table: Table | None = skill_tables.skills(held, people) if held.is_shown else None
    by_person: dict[str, list[dict[str, Any]]] = {}
    for row in table.rows if table else []:
        by_person.setdefault(row["person"], []).append(row)
    labels = scoring_tables.labels(people)
    own = person(request)
    words = {
        "held": held, "everyone": everyone, "table": table, "state": STATES[held.state],
        "shown": [(label, by_person.get(one.person.code, []) if one.person else [])
                  for one, label in zip(people, labels, strict=True)],
        "grid": [row["skill"] for row in next(iter(by_person.values()), [])],
        "assessors": scoring_tables.assessors(held), "assessor": scoring_tables.assessor(held, own),
        "plan": _plan(held, people, own, everyone=everyone), "log_action": _log_action(held),
        "ladder": ladder(),
    }  # fmt: skip
    return render(request, "pages/skills_review.html", words)


def _plan(held: Scoring, people: list[Subject], own: Any, *, everyone: bool) -> list[Any]:
    """Return the actions that came of it: all, or only those that are one's own."""
    rows = action_tables.actions(origin=held.reference, show="all").rows
    if everyone:
        return rows
    mine = own.code if own else ""
    return [row for row in rows if mine and mine in (row["owner"], row["accountable"])]


def _log_action(held: Scoring) -> str:
    """Return the address at which an action that comes of ``held`` is logged; empty if none is."""
    try:
        return url("log_action", origin_kind="scoring", origin=held.reference)
    except NoReverseMatch:
        return ""
