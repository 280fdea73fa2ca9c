"""Signals: alerts, what is known of them, and where a chart's limits begin afresh."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.figures import Problem
from locality.measure import AREAS, OF_MANY, OF_ONE, Accepted
from locality.records import actions, signal_tables, tables
from locality.records.models import MarkState
from locality.web import asking, judged_charts
from locality.web.acting import who
from locality.web.forms import Form
from locality.web.here import here, my_organisation
from locality.web.templating import url

_REVIEW_IN = 91
ROWS_SHOWN = 100


@require_GET
def alerts(request: HttpRequest, code: str = "") -> HttpResponse:
    """Return the alerts of one organisation, or of an area's practices; one's own by default."""
    view = here(request)
    mine = my_organisation(request)
    own = code or (mine["code"] if mine else "")
    if not own:
        words = {"organisation": None, "boards": view.ask(view.know.organisations, "icb")}
        return render(request, "pages/alerts.html", words)
    row = asking.organisation(view, own)
    many = row["kind"] in AREAS
    table = view.ask(view.measure.alerts, row["code"], accepted(row["kind"]), marks())
    rows = table.rows
    show = request.GET.get("show", "")
    if show == "new":
        rows = [one for one in rows if one["state"] == "new"]
    elif show == "unexplained":
        rows = [one for one in rows if one["mark"] in ("", "unexplained")]
    words = {
        "organisation": row,
        "many": many,
        "table": table,
        "rows": rows[:ROWS_SHOWN],
        "total": len(rows),
        "all": len(table),
        "show": show,
        "setting": "alerts.icb_month" if many else "alerts.practice_quarter",
        "accepted": accepted(row["kind"]),
    }
    return render(request, "pages/alerts.html", words)


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """Say what is known of one measure of one organisation; what was typed survives a refusal."""
    view = here(request)
    definition, row = asking.measure(view, id), asking.organisation(view, code)
    form = Form.typed(request.POST, "state", "reason", "review_on")
    held = signal_tables.marks(row["code"], id).rows
    if request.method == "POST":
        try:
            actions.mark_signal(
                organisation=row["code"], measure=id, who=who(request),
                owner=definition.governance.authored_by, **form.values,
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("measure_organisation", id, row["code"]) + "#said")
    else:
        form.values["review_on"] = str(timezone.localdate() + timedelta(days=_REVIEW_IN))
        if held:
            form.values |= {name: str(held[0][name]) for name in ("state", "reason")}
    words = {"measure": definition, "organisation": row, "form": form, "held": held,
             "states": MarkState.choices,
             "past": signal_tables.marks(row["code"], id, ended=True)}  # fmt: skip
    return render(request, "pages/mark.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def rebase(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """Draw a chart's limits afresh from a period on, with the reason; the program may propose."""
    view = here(request)
    definition, row = asking.measure(view, id), asking.organisation(view, code)
    starts = since(row["code"], id)
    proposed = view.ask(view.measure.proposal, id, row["code"], starts)
    form = Form.typed(request.POST, "period", "reason")
    if request.method == "POST":
        try:
            actions.rebase_chart(
                organisation=row["code"], measure=id, who=who(request),
                proposed=form.values["period"] == proposed, **form.values,
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("measure_organisation", id, row["code"]) + "#chart")
    elif not form.values["period"]:
        form.values["period"] = proposed or ""
    rows = view.ask(view.measure.chart, id, row["code"], starts).rows
    words = {
        "measure": definition,
        "organisation": row,
        "form": form,
        "proposed": proposed,
        "periods": [one["period"] for one in rows if one["value"] is not None][1:],
        "held": signal_tables.rebases(row["code"], id),
        "drawn": view.work(
            judged_charts.control_chart, id, row["code"], starts, form.values["period"] or None
        ),
    }
    return render(request, "pages/rebase.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, what: str, code: str) -> HttpResponse:
    """Ask why a mark is lifted or new limits are undone, and do it: both stay in the log."""
    if what == "mark":
        rows, act = signal_tables.marks().rows, actions.lift_mark
    else:
        rows, act = signal_tables.rebases().rows, actions.undo_rebase
    found = [row for row in rows if row["code"] == code]
    if not found:
        raise Problem("That does not stand any more, or never did.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            act(code=code, who=who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            row = found[0]
            return redirect(url("measure_organisation", row["measure"], row["organisation"]))
    words = {"what": what, "row": found[0], "form": form}
    return render(request, "pages/end_signal.html", words, status=form.status)


def accepted(kind: str) -> Accepted:
    """Return the false alerts that readers of this kind of organisation accept here."""
    name, usual = (
        ("alerts.icb_month", OF_MANY) if kind in AREAS else ("alerts.practice_quarter", OF_ONE)
    )
    said: Any = tables.setting(name)
    return Accepted(float(said), usual.months) if said and float(said) > 0 else usual


def one() -> Accepted:
    """Return the false alerts accepted of one organisation, watched for itself."""
    return accepted("practice")


def marks() -> tuple[tuple[str, str, str], ...]:
    """Return what is said of signals now: organisation, measure, state.

    What was to be looked at again by today says nothing any more, until somebody says it anew.
    """
    return tuple(
        (row["organisation"], row["measure"], row["state"])
        for row in signal_tables.marks().rows
        if row["review_on"] >= timezone.localdate()
    )


def since(code: str, measure: str) -> tuple[str, ...]:
    """Return the periods from which a chart's limits begin afresh."""
    return tuple(row["period"] for row in signal_tables.rebases(code, measure).rows)
