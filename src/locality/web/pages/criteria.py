"""Criteria sets: those there are, one made and changed, locked, and followed by the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from locality.judging import scales
from locality.judging.weights import METHODS, sum_sentence
from locality.records import actions, scoring_tables, tables
from locality.records.actions import Row
from locality.records.models import CriteriaSet, Purpose
from locality.web.acting import who
from locality.web.forms import Form
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.why_pages import why_page

_FIELDS = ("name", "weight", "lower", "upper", "step", "meaning", "domain", "anchors")
_USUAL = {"lower": "0", "upper": "10", "step": "1"}
#: What is typed as a weight, by method.
_ASKS = {"points": "Points of 100", "rank order centroid": "Place (1 matters most)",
         "rank sum": "Place (1 matters most)", "swing": "Swing (0 to 100)"}  # fmt: skip
#: Rows that a new form offers, and that "more" adds.
_MORE = 3
_MOST = 40


@require_GET
def criteria_sets(request: HttpRequest) -> HttpResponse:
    """Return the sets of criteria there are, or what one is for where there is none."""
    words = {"sets": scoring_tables.criteria_sets(), "purposes": dict(Purpose.choices),
             "methods": METHODS}  # fmt: skip
    return render(request, "pages/criteria.html", words)


@require_GET
def criteria_set(request: HttpRequest, code: str) -> HttpResponse:
    """Return one set: its criteria with weights and scales, and what can be done with it."""
    held = scoring_tables.criteria_set(code)
    scorings = [one for one in scoring_tables.scorings().rows if one["criteria"] == held.reference]
    words = {
        "held": held, "table": scoring_tables.criteria(held), "method": METHODS[held.method],
        "purpose": Purpose(held.purpose).label, "next": held.followed_by.first(),
        "scales": [one.scale for one in held.rows], "scorings": scorings,
        "events": tables.events("criteria set", held.reference, limit=20),
    }  # fmt: skip
    return render(request, "pages/criteria_set.html", words)


@require_GET
def download(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return one set as a file."""
    held = scoring_tables.criteria_set(code)
    return table_file(request, scoring_tables.criteria(held), held.reference, ending)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for a new set, or make it; what was typed survives a refusal."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a set that is open still."""
    return _form(request, scoring_tables.criteria_set(code))


@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether to lock a set, and lock it."""
    held = scoring_tables.criteria_set(code)
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        try:
            actions.lock_criteria(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("criteria_set", held.reference))
    else:
        form.values["seen"] = str(held.version)
    return why_page(
        request, form, f"Lock {held.title}",
        "Nothing of it can be changed after that, so that everyone is scored by the same. A "
        "change then makes a new version.",
        "Lock the criteria", (held.title, url("criteria_set", held.reference)), room="scoring",
        optional=True,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def next_version(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why a locked set needs a next version, and begin it."""
    held = scoring_tables.criteria_set(code)
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            made = actions.next_version(reference=held.reference, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("change_criteria", made.reference))
    return why_page(
        request, form, f"A new version of {held.title}",
        "It begins as a copy. What was scored by this version stays as it is.",
        "Begin the new version", (held.title, url("criteria_set", held.reference)), room="scoring",
    )  # fmt: skip


def _form(request: HttpRequest, held: CriteriaSet | None) -> HttpResponse:
    form = Form.typed(request.POST, "title", "purpose", "method", "why", "seen")
    rows = _typed_rows(request.POST) if request.method == "POST" else _kept_rows(held)
    more = request.POST.get("go") == "more"
    if request.method == "POST" and not more:
        for at, row in enumerate(rows):
            form.values |= {f"{name}-{at}": row[name] for name in _FIELDS}
        form.values["rows"] = ""
        told = {name: form.values[name] for name in ("title", "purpose", "method", "why")}
        typed = [Row(**row) for row in rows]
        try:
            if held is None:
                held = actions.make_criteria(rows=typed, who=who(request), **told)
            else:
                actions.change_criteria(reference=held.reference, rows=typed, who=who(request),
                                        seen=form.values["seen"], **told)  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("criteria_set", held.reference))
    elif request.method == "GET":
        form.values |= {"purpose": str(Purpose.PRIORITY), "method": "points"}
        if held:
            form.values |= {"title": held.title, "purpose": held.purpose, "method": held.method,
                            "seen": str(held.version)}  # fmt: skip
    empty = 1 if rows and not more else _MORE
    blank = {name: _USUAL.get(name, "") for name in _FIELDS}
    if rows:  # the next criterion is mostly on the scale of the one before
        blank |= {name: rows[-1][name] for name in ("lower", "upper", "step", "anchors")}
    words = {
        "form": form, "held": held, "rows": rows, "methods": METHODS.values(),
        "blank": [dict(blank) for _ in range(min(empty, _MOST - len(rows)))],
        "purposes": Purpose.choices, "asks": _ASKS.get(form.values["method"], _ASKS["points"]),
        "sum": _sum(form.values["method"], rows),
    }  # fmt: skip
    return render(request, "pages/criteria_form.html", words, status=form.status)


def _typed_rows(sent: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows that hold something and are not taken out, as they were typed."""
    rows = []
    for at in range(_MOST):
        row = {name: str(sent.get(f"{name}-{at}", "")) for name in _FIELDS}
        said = any(row[name].strip() for name in ("name", "weight", "meaning", "domain"))
        if said and not sent.get(f"drop-{at}"):
            rows.append(row)
    return rows


def _kept_rows(held: CriteriaSet | None) -> list[dict[str, str]]:
    return [
        {
            "name": one.name, "meaning": one.meaning, "domain": one.domain,
            "weight": scales.plain(one.weight), "lower": scales.plain(one.lower),
            "upper": scales.plain(one.upper), "step": scales.plain(one.step),
            "anchors": scales.anchors_text(one.scale.anchors),
        }
        for one in (held.rows if held else [])
    ]  # fmt: skip


def _sum(method: str, rows: list[dict[str, str]]) -> str:
    """Return what the points add up to as typed so far; an empty text for other methods."""
    if method != "points" or not rows:
        return ""
    try:
        return sum_sentence([scales.typed(row["weight"] or "0") for row in rows])
    except ValueError:
        return ""
