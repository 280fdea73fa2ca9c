"""Scoring together: prepare one, name who scores, open it, show it early, withdraw it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.judging import scales
from locality.records import actions, people_tables, scoring_tables, tables
from locality.records.actions import SubjectRow
from locality.records.models import AssessorRole, Purpose, Scoring, ScoringState
from locality.web.acting import gather, may, person, who
from locality.web.forms import Form
from locality.web.templating import url
from locality.web.why_pages import why_page

_TOLD = ("title", "criteria", "body", "score_by", "margin", "why")
_SUBJECT = ("name", "organisation", "person", "words")
#: Rows for subjects that the form offers beyond those that are filled.
_MORE = 3
_MOST = 60
STATES = dict(ScoringState.choices)


@require_GET
def scorings(request: HttpRequest) -> HttpResponse:
    """Return the scorings this reader may see, those that wait for their sheet first."""
    body = request.GET.get("body", "")
    every = scoring_tables.scorings(body=body).rows
    gather(request, "scoring", [row["reference"] for row in every])
    rows = [
        row for row in every
        if row["purpose"] != Purpose.SKILLS and may(request, "scoring", row["reference"])
    ]  # fmt: skip
    own = person(request)
    awaited = scoring_tables.awaited(own.code).rows if own else []
    words = {
        "body": people_tables.body(body).rows[0] if body else None,
        "rows": [row for row in rows if row["state"] != ScoringState.AGREED],
        "past": [row for row in rows if row["state"] == ScoringState.AGREED],
        "awaited": awaited, "states": STATES, "purposes": dict(Purpose.choices),
        "sets": len(scoring_tables.criteria_sets()),
    }  # fmt: skip
    return render(request, "pages/scorings.html", words)


@require_GET
def scoring(request: HttpRequest, code: str) -> HttpResponse:
    """Return one scoring: what is scored, who has still to score, and what comes next."""
    held = scoring_tables.scoring(code)
    return _overview(request, held, Form())


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for a new scoring, or draft it; what was typed survives a refusal."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a scoring that is being prepared."""
    return _form(request, scoring_tables.scoring(code))


@require_http_methods(["GET", "POST"])
def assessors(request: HttpRequest, code: str) -> HttpResponse:
    """Name who scores: those who sit in the body first, and anybody else who is here."""
    held = scoring_tables.scoring(code)
    form = Form.typed(request.POST, "role", "why")
    chosen = request.POST.getlist("assessors")
    if request.method == "POST":
        form.values["assessors"] = ""
        try:
            actions.name_assessors(
                reference=held.reference, who=who(request), why=form.values["why"],
                assessors=[(one, form.values["role"]) for one in chosen],
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("scoring", held.reference) + "#assessors")
    else:
        form.values["role"] = str(
            AssessorRole.BOTH if held.purpose == Purpose.SKILLS else AssessorRole.MEMBER
        )
    named = scoring_tables.assessors(held).rows
    there = {one["person"] for one in named}
    seats = [one for one in scoring_tables.seats(held) if one[0] not in there]
    sit = {one[0] for one in seats}
    others = [
        (row["code"], row["name"]) for row in people_tables.people().rows
        if row["code"] not in there | sit
    ]  # fmt: skip
    skills = held.purpose == Purpose.SKILLS
    roles = [one for one in AssessorRole.choices if skills or one[0] == AssessorRole.MEMBER]
    words = {
        "form": form, "held": held, "named": named, "roles": roles, "others": others,
        "seats": list({code: (code, f"{name}, {role}") for code, name, role in seats}.values()),
        "chosen": chosen if request.method == "POST" else sorted(sit),
    }  # fmt: skip
    return render(request, "pages/scoring_assessors.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def exclude(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """Ask why somebody may not score, and leave them out."""
    return _why(
        request, code, person, actions.exclude_assessor, "{name} does not score this",
        "The reason stands beside their name, for instance a conflict of interest. What they "
        "scored so far is kept and not used, and nobody waits for them.", "Leave them out",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def readmit(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """Ask why somebody may score after all, and let them."""
    return _why(
        request, code, person, actions.readmit_assessor, "{name} scores after all",
        "Their sheet is theirs to fill in again.", "Let them score",
    )  # fmt: skip


@require_POST
def open_it(request: HttpRequest, code: str) -> HttpResponse:
    """Open a scoring: people score from now on."""
    held = scoring_tables.scoring(code)
    form = Form.typed(request.POST, "seen")
    try:
        actions.open_scoring(reference=held.reference, who=who(request), seen=form.values["seen"])
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _overview(request, held, form)
    return redirect(url("scoring", held.reference))


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why scores are shown before all are in, name who is missing, and show them."""
    held = scoring_tables.scoring(code)
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.reveal_scoring(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("scoring_results", held.reference))
    awaited = [row["name"] for row in scoring_tables.assessors(held).rows
               if row["state"] == "waited for"]  # fmt: skip
    missing = f"Not in yet: {', '.join(awaited)}. " if awaited else ""
    return why_page(
        request, form, f"Show the scores of {held.title} now",
        f"{missing}Their sheets are not used, and their names stand in the record beside your "
        "reason. Nobody can score after this.", "Show the scores",
        (held.title, url("scoring", held.reference)), room="scoring", warning=True,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why a scoring is withdrawn, and withdraw it."""
    held = scoring_tables.scoring(code)
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        try:
            actions.withdraw_scoring(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("scoring", held.reference))
    else:
        form.values["seen"] = str(held.version)
    return why_page(
        request, form, f"Withdraw {held.title}",
        "It leaves the list and is kept with your reason. Scores that nobody has seen stay hidden.",
        "Withdraw it", (held.title, url("scoring", held.reference)), room="scoring", warning=True,
    )  # fmt: skip


def _why(
    request: HttpRequest, code: str, person: str, act: Any, title: str, sentence: str, button: str
) -> HttpResponse:
    held = scoring_tables.scoring(code)
    row = people_tables.person(person).rows[0]
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            act(reference=held.reference, person=row["code"], who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("scoring", held.reference) + "#assessors")
    back = (held.title, url("scoring", held.reference))
    return why_page(
        request, form, title.format(name=row["name"]), sentence, button, back, room="scoring"
    )


def _overview(request: HttpRequest, held: Scoring, form: Form) -> HttpResponse:
    own = person(request)
    one = scoring_tables.assessor(held, own)
    words = {
        "held": held, "form": form, "state": STATES[held.state], "own": own,
        "purpose": Purpose(held.purpose).label, "skills": held.purpose == Purpose.SKILLS,
        "subjects": scoring_tables.subjects(held), "seen": held.version,
        "assessors": scoring_tables.assessors(held), "overdue": scoring_tables.overdue(held),
        "criteria": scoring_tables.criteria(held.criteria).rows,
        "assessor": one, "margin": scales.plain(held.margin), "steps": scoring_tables.steps(held),
        "roles": dict(AssessorRole.choices),
        "events": tables.events("scoring", held.reference, limit=30),
    }  # fmt: skip
    return render(request, "pages/scoring.html", words, status=form.status)


def _form(request: HttpRequest, held: Scoring | None) -> HttpResponse:
    form = Form.typed(request.POST, *_TOLD, "seen")
    rows = _typed_subjects(request) if request.method == "POST" else _kept_subjects(held)
    if request.method == "POST" and request.POST.get("go") != "more":
        for at, row in enumerate(rows):
            form.values |= {f"{name}-{at}": row[name] for name in _SUBJECT}
        form.values["subjects"] = ""
        told: dict[str, Any] = {name: form.values[name] for name in _TOLD} | {
            "subjects": [SubjectRow(**row) for row in rows], "who": who(request),
        }  # fmt: skip
        try:
            if held is None:
                held = actions.draft_scoring(**told)
            else:
                actions.change_scoring(reference=held.reference, seen=form.values["seen"], **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("scoring", held.reference))
    elif request.method == "GET":
        form.values |= {"margin": "1", "criteria": request.GET.get("criteria", ""),
                        "body": request.GET.get("body", "")}  # fmt: skip
        if held:
            form.values |= {
                "title": held.title, "criteria": held.criteria.reference,
                "body": held.body.code if held.body else "", "seen": str(held.version),
                "score_by": str(held.score_by or ""), "margin": scales.plain(held.margin),
            }  # fmt: skip
    sets = [
        (row["reference"], f"{row['title']} ({row['reference']}, {row['state']})")
        for row in scoring_tables.criteria_sets().rows
        if row["state"] != "replaced" or row["reference"] == form.values["criteria"]
    ]
    blank = [dict.fromkeys(_SUBJECT, "") for _ in range(min(_MORE, _MOST - len(rows)))]
    words = {
        "form": form, "held": held, "rows": rows + blank, "sets": sets,
        "bodies": [(one["code"], one["name"]) for one in people_tables.bodies().rows],
        "people": [(one["code"], one["name"]) for one in people_tables.people().rows],
    }  # fmt: skip
    return render(request, "pages/scoring_form.html", words, status=form.status)


def _typed_subjects(request: HttpRequest) -> list[dict[str, str]]:
    """Return the rows that hold something, as they were typed."""
    rows = []
    for at in range(_MOST):
        row = {name: request.POST.get(f"{name}-{at}", "") for name in _SUBJECT}
        if any(value.strip() for value in row.values()):
            rows.append(row)
    return rows


def _kept_subjects(held: Scoring | None) -> list[dict[str, str]]:
    return [
        {"name": "" if one.person else one.name, "organisation": one.organisation,
         "person": one.person.code if one.person else "", "words": one.words}
        for one in (scoring_tables.subjects(held) if held else [])
    ]  # fmt: skip
