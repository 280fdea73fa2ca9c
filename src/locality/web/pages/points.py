"""QOF points and pounds of a practice, counts typed by hand, and constants that are missing."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.figures import NotFound, Period, Problem, Table, typed_day
from locality.measure.qof import FIELDS, Typed
from locality.records import actions, rule_tables
from locality.web import asking
from locality.web.acting import who
from locality.web.forms import Form
from locality.web.here import Here, here, my_organisation
from locality.web.templating import url

#: The order in which a reader may put the indicators.
ORDERS = (("sheet", "As in the guidance"), ("earn", "Most still to earn first"))


@require_GET
def points(request: HttpRequest, code: str) -> HttpResponse:
    """Return where a practice stands: points, pounds, what is still to earn, what changes."""
    view = here(request)
    row = asking.organisation(view, code)
    own = row["code"]
    year, day = asking.period(request.GET.get("year")), request.GET.get("as_at") or None
    readings = view.ask(view.measure.qof.readings, own)
    words: dict[str, Any] = {
        "organisation": row,
        "readings": readings,
        "mine": (my_organisation(request) or {}).get("code") == own,
        "orders": ORDERS,
        "order": request.GET.get("order") if request.GET.get("order") == "earn" else "sheet",
        "monthly": request.GET.get("monthly", ""),
        "wrong": "",
    }
    if not readings:
        return render(request, "pages/points.html", words)
    asked = _asked(readings, year, day)
    position = view.ask(view.measure.qof.position, own, asked[0], asked[1])
    statement = view.ask(view.measure.qof.statement, own, asked[0], asked[1])
    try:
        through = view.ask(
            view.measure.qof.through_the_year, own, asked[0], words["monthly"] or None
        )
    except Problem as problem:
        words["wrong"] = str(problem)
        through = view.ask(view.measure.qof.through_the_year, own, asked[0])
    words |= {
        "asked": asked,
        "position": position,
        "groups": in_groups(position, words["order"]),
        "next_year": _next_year(position, asked[0]),
        "sums": sums(position),
        "the_statement": statement,
        "through": through,
        "constants": view.ask(view.measure.qof.constants, asked[0]),
        "pace": view.ask(view.measure.qof.pace, own, asked[1]) if asked[1] else None,
    }
    return render(request, "pages/points.html", words)


@require_GET
def one_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Return where a practice stands on one sheet, made to be printed on two sides."""
    view = here(request)
    row = asking.organisation(view, code)
    own = row["code"]
    readings = view.ask(view.measure.qof.readings, own)
    if not readings:
        raise NotFound(f"No QOF results are held for {row['name']}.")
    year, day = asking.period(request.GET.get("year")), request.GET.get("as_at") or None
    asked = _asked(readings, year, day)
    position = view.ask(view.measure.qof.position, own, asked[0], asked[1])
    words = {
        "organisation": row,
        "asked": asked,
        "position": position,
        "sums": sums(position),
        "next_year": _next_year(position, asked[0]),
    }
    return render(request, "pages/one_sheet.html", words)


@require_http_methods(["GET", "POST"])
def counts(request: HttpRequest, code: str) -> HttpResponse:
    """Work out points and pounds of counts typed by hand; nothing of them is kept."""
    view = here(request)
    row = asking.organisation(view, code)
    own = row["code"]
    today = timezone.localdate()
    form = Form({
        "as_at": request.POST.get("as_at") or request.GET.get("as_at") or today.isoformat()
    })  # fmt: skip
    day = None
    try:
        day = typed_day(form.values["as_at"])
    except Problem as problem:
        form.errors["as_at"] = str(problem)
    period = Period.year_of(day or today).code
    try:
        sheet = view.measure.qof.sheet(period)
    except Problem as problem:
        form.errors.setdefault("as_at", str(problem))
        period, sheet = _last_sheet(view)
    names = [f"{one.code}-{name}" for one in sheet.standing(day) for name in FIELDS]
    form.values |= {name: request.POST.get(name, "") for name in names}
    # A code that is not in this year's sheet, from a file or a form of another year.
    others = {k: str(v) for k, v in request.POST.items() if "-" in k and k not in form.values}
    form.values |= others
    worked: Typed | None = None
    if request.method == "POST" and not form.errors:
        worked = view.measure.qof.typed(own, form.values, day, today)
        form.errors |= worked.mistakes
        if not worked.given and not form.errors:
            form.errors["as_at"] = "Type the counts of one indicator at least."
    words: dict[str, Any] = {
        "organisation": row,
        "form": form,
        "rows": sheet.standing(day),
        "others": sorted({name.partition("-")[0] for name in others}),
        "fields": FIELDS,
        "period": period,
        "given": worked.given if worked else (),
    }
    if worked is not None and worked.given:
        position = view.measure.qof.position(own, typed=worked)
        words |= {
            "position": position,
            "groups": in_groups(_only(position, worked.given), "earn"),
            "sums": sums(_only(position, worked.given)),
            "pace": view.measure.qof.pace(own, typed=worked),
            "the_statement": view.measure.qof.statement(own, typed=worked),
        }
    return render(request, "pages/counts.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, rule: str) -> HttpResponse:
    """Enter a constant that is not known, or sign one off, with the document it was read in."""
    view = here(request)
    known = view.knowledge.rules.scalars
    if rule not in known:
        raise NotFound(f"There is no rule called {rule[:60]!r}.")
    form = Form.typed(request.POST, "period", "value", "reference", "address")
    if request.method == "POST":
        try:
            actions.enter_rule(
                rule=rule, who=who(request), home=Path(settings.LOCALITY_HOME), **form.values
            )
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("constants") + "#entered-title")
    else:
        form.values["period"] = request.GET.get("period", "")
    words = {"rule": known[rule], "form": form, "held": rule_tables.entered(rule)}
    return render(request, "pages/enter_rule.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take back a constant that was entered, with the reason."""
    found = [row for row in rule_tables.entered().rows if row["code"] == code]
    if not found:
        raise NotFound("That value does not stand any more, or never did.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.withdraw_rule(
                code=code, who=who(request), why=form.values["why"],
                home=Path(settings.LOCALITY_HOME),
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("constants"))
    words = {"row": found[0], "form": form}
    return render(request, "pages/withdraw_rule.html", words, status=form.status)


@require_GET
def constants(request: HttpRequest) -> HttpResponse:
    """Return QOF's yearly constants: what is known, how far to trust it, what was entered here."""
    view = here(request)
    years = sorted(
        (one.period.code for one in view.knowledge.rules.sheets.values() if one.scheme == "qof"),
        reverse=True,
    )
    words = {
        "years": [(year, view.ask(view.measure.qof.constants, year)) for year in years[:3]],
        "others": [
            one for id, one in sorted(view.knowledge.rules.scalars.items())
            if id.startswith(("qof.national_prevalence.", "qof.vaccination_improvement."))
        ],
        "entered": rule_tables.entered(),
        "current": years[0] if years else "",
    }  # fmt: skip
    return render(request, "pages/constants.html", words)


def in_groups(position: Table, order: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the rows under their groups, or as one list with most still to earn first."""
    if order == "earn":
        rows = sorted(position.rows, key=lambda row: -(row["pounds_to_earn"] or 0))
        return [("", rows)]
    return [(group, list(rows)) for group, rows in groupby(position.rows, lambda row: row["group"])]


def sums(position: Table) -> dict[str, Any]:
    """Return the totals of a position: points, points open, pounds, to earn, what is not known."""
    rows = position.rows
    return {
        "points": sum(row["points"] or 0 for row in rows),
        "worth": sum(row["worth"] or 0 for row in rows),
        "counted": sum(row["worth"] or 0 for row in rows if row["points"] is not None),
        "pounds": sum(row["pounds"] or 0 for row in rows),
        "to_earn": sum(row["pounds_to_earn"] or 0 for row in rows),
        "points_to_earn": sum(row["points_to_earn"] or 0 for row in rows),
        "estimates": sum(bool(row["estimate"] and row["pounds"]) for row in rows),
        "not_known": sum(row["points"] is None for row in rows),
        "next_points": sum(row["next_points"] or 0 for row in rows),
        "next_pounds": sum(row["next_pounds"] or 0 for row in rows),
        "moved": sum(bool(row["moved"]) for row in rows),
    }


def _next_year(position: Table, year: str) -> str:
    """Return the year of the next sheet, or an empty text where there is none."""
    known = any(row["next_code"] or row["next_note"] for row in position.rows)
    return Period.financial_year(Period.parse(year).start.year + 1).code if known else ""


def _asked(
    readings: tuple[tuple[str, date | None], ...], year: str | None, day: str | None
) -> tuple[str, str | None]:
    """Return which reading a page shows: year, and a day of it for counts during the year."""
    if day:
        counted_on = typed_day(day)
        return Period.year_of(counted_on).code, counted_on.isoformat()
    when = year or readings[0][0]
    days = [one for period, one in readings if period == when]
    if not days or None in days:
        return when, None
    return when, max(one for one in days if one is not None).isoformat()


def _only(position: Table, codes: tuple[str, ...]) -> Table:
    rows = [row for row in position.rows if row["code"] in codes]
    return Table.of(
        position.schema, rows, title=position.title, caption=position.caption, notes=position.notes
    )


def _last_sheet(view: Here) -> tuple[str, Any]:
    years = [one.period.code for one in view.knowledge.rules.sheets.values() if one.scheme == "qof"]
    return max(years), view.measure.qof.sheet(max(years))
