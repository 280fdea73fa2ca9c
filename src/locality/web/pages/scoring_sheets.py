"""One's own sheet, everyone's scores once they are shown, and scores agreed together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound, Table
from locality.records import actions, scoring_tables
from locality.records.actions import Given, Settled
from locality.records.models import Purpose, Scoring
from locality.records.scoring_tables import number_text
from locality.web.acting import may, person, who
from locality.web.forms import Form
from locality.web.table_files import table_file
from locality.web.templating import url

#: Scales with no more steps than these, each with its words, are chosen from a list.
_FEW = 8
TABLES = ("totals", "working", "spread", "scores", "assessors")


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Fill in one's own sheet: saved as a draft or handed in; what was typed survives a slip."""
    held, own = scoring_tables.scoring(code), person(request)
    one = scoring_tables.assessor(held, own)
    if own is None or one is None:
        return render(request, "pages/score_sheet_none.html", {"held": held, "own": own})
    things = [each for each in scoring_tables.subjects(held) if one.scores_subject(each)]
    places = [(s.position, c.position) for s in things for c in held.criteria.rows]
    form = Form.typed(request.POST, "seen")
    if request.method == "POST":
        for s, c in places:
            for name in (f"score-{s}-{c}", f"comment-{s}-{c}"):
                form.values[name] = request.POST.get(name, "")
        try:
            actions.save_sheet(
                reference=held.reference, person=own.code, who=who(request),
                submit=request.POST.get("go") == "submit", seen=form.values["seen"],
                cells={(s, c): Given(form.values[f"score-{s}-{c}"], form.values[f"comment-{s}-{c}"])
                       for s, c in places},
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            if request.POST.get("go") == "submit":
                return redirect(url("scoring", held.reference))
            return redirect(url("score_sheet", held.reference) + "?saved=1")
    else:
        form.values["seen"] = str(one.version)
        kept = scoring_tables.own_cells(one)
        for s, c in places:
            cell = kept.get((s, c))
            form.values[f"score-{s}-{c}"] = number_text(cell.value) if cell else ""
            form.values[f"comment-{s}-{c}"] = cell.comment if cell else ""
    words = {
        "held": held, "form": form, "assessor": one, "things": things,
        "saved": "saved" in request.GET,
        "criteria": [(c, c.scale, _choices(c.scale)) for c in held.criteria.rows],
        "labels": dict(zip([s.position for s in things], scoring_tables.labels(things),
                           strict=True)),
        "to_do": sum(1 for s, c in places if not form.values[f"score-{s}-{c}"].strip()),
    }  # fmt: skip
    return render(request, "pages/score_sheet.html", words, status=form.status)


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's own sheet back to change it, before scores are shown."""
    held, own = scoring_tables.scoring(code), person(request)
    actions.reopen_sheet(reference=held.reference, person=own.code if own else "", who=who(request))
    return redirect(url("score_sheet", held.reference))


@require_GET
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Return everyone's scores side by side, medians, spread, totals with their working."""
    held = scoring_tables.scoring(code)
    if held.purpose == Purpose.SKILLS:
        return redirect(url("skills_review", held.reference))
    return _results(request, held, Form())


@require_GET
def download(request: HttpRequest, code: str, table: str, ending: str) -> HttpResponse:
    """Return one table of a scoring as a file."""
    held = scoring_tables.scoring(code)
    _skills_apart(request, held)
    return table_file(request, _table(held, table), f"{held.reference}-{table}", ending)


@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """Agree the scores of one subject, with a reason where one departs from the median."""
    held = scoring_tables.scoring(code)
    _skills_apart(request, held)
    things = scoring_tables.subjects(held)
    thing = next((one for one in things if one.position == place), None)
    if thing is None:
        raise NotFound(f"{held.reference} has nothing in place {place}.")
    criteria = held.criteria.rows
    form = Form()
    if request.method == "POST":
        for c in criteria:
            for name in ("agreed", "reason", "seen"):
                key = f"{name}-{place}-{c.position}"
                form.values[key] = request.POST.get(key, "")
        cells = {
            (place, c.position): Settled(
                *(form.values[f"{name}-{place}-{c.position}"]
                  for name in ("agreed", "reason", "seen"))
            )
            for c in criteria
        }  # fmt: skip
        try:
            actions.agree_scores(reference=held.reference, cells=cells, who=who(request))
        except actions.Changed as changed:
            form.refused(changed)
            _seen_now(form, held)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            later = [one.position for one in things if one.position > place]
            if later and request.POST.get("go") != "list":
                return redirect(url("agree_scores", held.reference, later[0]))
            return redirect(url("scoring_results", held.reference))
    else:
        settled = scoring_tables.agreed(held)
        for c in criteria:
            one = settled.get((place, c.position))
            form.values |= {
                f"agreed-{place}-{c.position}": number_text(one.value) if one else "",
                f"reason-{place}-{c.position}": one.reason if one else "",
                f"seen-{place}-{c.position}": str(one.version) if one else "0",
            }
    label = scoring_tables.labels(things)[things.index(thing)]
    words = {
        "held": held, "form": form, "thing": thing, "label": label, "place": place,
        "cells": _cells(held, scoring_tables.spread(held))[label],
        "criteria": [(c, c.scale) for c in criteria],
        "number": things.index(thing) + 1, "of": len(things),
        "margin": number_text(held.margin),
    }  # fmt: skip
    return render(request, "pages/score_agree.html", words, status=form.status)


@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a scoring: every score is agreed, and nothing changes any more."""
    held = scoring_tables.scoring(code)
    _skills_apart(request, held)
    form = Form.typed(request.POST, "seen")
    try:
        actions.close_scoring(reference=held.reference, who=who(request), seen=form.values["seen"])
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _results(request, held, form)
    return redirect(url("scoring_results", held.reference))


def _results(request: HttpRequest, held: Scoring, form: Form) -> HttpResponse:
    things, spread = scoring_tables.subjects(held), scoring_tables.spread(held)
    found = scoring_tables.results(held)
    settled = scoring_tables.agreed(held)
    labels = scoring_tables.labels(things)
    cells = _cells(held, spread)
    working: dict[str, list[dict[str, Any]]] = {}
    for line in found.working().rows:
        working.setdefault(line["subject"], []).append(line)
    words = {
        "held": held, "form": form, "spread": spread, "seen": held.version,
        "shown": [(one, label, cells[label]) for one, label in zip(things, labels, strict=True)],
        "totals": found.table(held.title), "working": working, "range": found.range_words,
        "scales": [one.scale for one in held.criteria.rows],
        "settled": len(settled), "all": len(things) * len(held.criteria.rows),
        "margin": number_text(held.margin),
    }  # fmt: skip
    return render(request, "pages/scoring_results.html", words, status=form.status)


def _cells(held: Scoring, spread: Table) -> dict[str, list[tuple[dict[str, Any], list[Any]]]]:
    """Return for each subject its criteria in order: their spread and what each person gave."""
    given: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in scoring_tables.scores(held).rows:
        given.setdefault((row["subject"], row["criterion"]), []).append(row)
    found: dict[str, list[tuple[dict[str, Any], list[Any]]]] = {}
    for row in spread.rows:
        cell = row, given.get((row["subject"], row["criterion"]), [])
        found.setdefault(row["subject"], []).append(cell)
    return found


def _table(held: Scoring, name: str) -> Table:
    title = f"{held.reference}: {held.title}"
    if name == "totals":
        return scoring_tables.results(held).table(title)
    if name == "working":
        return scoring_tables.results(held).working(title)
    if name == "assessors":
        return scoring_tables.assessors(held)
    if name in ("spread", "scores"):
        table: Table = getattr(scoring_tables, name)(held)
        return table
    raise NotFound(f"There is no such table. There are {', '.join(TABLES)}.")


def _skills_apart(request: HttpRequest, held: Scoring) -> None:
    """Raise NotFound where skills of people would be shown to who may not see everyone's."""
    if held.purpose == Purpose.SKILLS and not may(request, "skills_everyone", held.reference):
        raise NotFound(f"There is no scoring {held.reference!r} that you may see.")


def _seen_now(form: Form, held: Scoring) -> None:
    """Say in the form that it has seen what others agreed: sent again, it is taken."""
    for (s, c), one in scoring_tables.agreed(held).items():
        if f"seen-{s}-{c}" in form.values:
            form.values[f"seen-{s}-{c}"] = str(one.version)


def _choices(scale: Any) -> list[tuple[str, str]]:
    """Return the steps with their words, where they are few and each has its own."""
    if len(scale.steps) > _FEW or not all(scale.meaning(value) for value in scale.steps):
        return []
    return [(number_text(value), f"{number_text(value)}: {scale.meaning(value)}")
            for value in scale.steps]  # fmt: skip
