"""Your position and your reply: the pack of an organisation, its account, and who may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound, Paper
from locality.measure import Account
from locality.records import actions, feedback_tables, signal_tables, tables
from locality.web import asking, judged_charts
from locality.web.acting import who
from locality.web.forms import Form
from locality.web.here import Here, here
from locality.web.pages import signals
from locality.web.templating import url

#: Working days a pack is its organisation's alone, unless the house set others.
USUAL_DAYS = 10
_OWNER = "whoever sent the pack"


@require_GET
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Return the pack of an organisation as a page, with its stage, account and downloads."""
    view = here(request)
    row = asking.organisation(view, code)
    return _page(request, view, row, Form({"text": "", "owner": _OWNER}))


@require_POST
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the pack as it stands and give it to the organisation alone for some working days."""
    view = here(request)
    row = asking.organisation(view, code)
    form = Form({"text": "", "owner": _OWNER})
    today = timezone.localdate()
    try:
        actions.send_feedback(
            organisation=row["code"], name=row["name"], data_version=view.version,
            evidence=paper(view, row["code"], today).as_dict(), who=who(request), days=days(),
            today=today,
        )  # fmt: skip
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _page(request, view, row, form)
    return redirect(url("feedback", row["code"]) + "#stage")


@require_POST
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Give an organisation's own account: it travels in every copy from now on."""
    view = here(request)
    row = asking.organisation(view, code)
    form = Form.typed(request.POST, "text", "owner")
    sent = feedback_tables.feedback(row["code"]).rows
    try:
        actions.give_account(
            organisation=row["code"], who=who(request), about=sent[0]["code"] if sent else "",
            **form.values,
        )  # fmt: skip
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _page(request, view, row, form)
    return redirect(url("feedback", row["code"]) + "#account")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take back a pack that was sent, with the reason; what it said stays in the record."""
    found = [row for row in feedback_tables.feedback().rows if row["code"] == code]
    if not found:
        raise NotFound("That pack does not stand any more, or never did.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.withdraw_feedback(code=code, who=who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("feedback", found[0]["organisation"]))
    words = {"row": found[0], "form": form}
    return render(request, "pages/withdraw_feedback.html", words, status=form.status)


def _page(request: HttpRequest, view: Here, row: dict[str, Any], form: Form) -> HttpResponse:
    own, today = row["code"], timezone.localdate()
    pack = paper(view, own, today)
    words = {
        "organisation": row,
        "paper": pack,
        "drawn": [
            view.work(judged_charts.control_chart, id, own, signals.since(own, id))
            for id in view.ask(view.measure.charted, own, signals.marks())
        ],
        "sent": last_sent(own, today),
        "accounts": signal_tables.accounts(own).rows,
        "days": days(),
        "form": form,
    }
    return render(request, "pages/feedback.html", words, status=form.status)


def paper(view: Here, code: str, today: date) -> Paper:
    """Return the pack of an organisation as it stands today, with its account."""
    sent = last_sent(code, today)
    given = tuple(
        Account(
            text=row["text"], by=row["by"], on=row["at"], owner=row["owner"], state=row["state"],
            answer=row["answer"], answered_by=row["answered_by"],
        )
        for row in signal_tables.accounts(code).rows
        if row["state"] != "withdrawn"
    )  # fmt: skip
    return view.work(_paper, code, today, sent[1] if sent else "", sent[0]["reply_by"] if sent
                     else None, given, signals.marks(), _since(code))  # fmt: skip


def last_sent(code: str, today: date) -> tuple[dict[str, Any], str] | None:
    """Return the pack that stands and its stage, or None where none was sent."""
    rows = feedback_tables.feedback(code).rows
    if not rows:
        return None
    return rows[0], feedback_tables.stage(rows[0], signal_tables.accounts(code), today)


def days() -> int:
    """Return how many working days a pack is its organisation's alone."""
    said = tables.setting("feedback.working_days")
    return int(said) if said else USUAL_DAYS


def _since(code: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for row in signal_tables.rebases(code).rows:
        found.setdefault(row["measure"], []).append(row["period"])
    return tuple((measure, tuple(periods)) for measure, periods in sorted(found.items()))


def _paper(
    view: Here,
    code: str,
    today: date,
    stage: str,
    reply_by: date | None,
    accounts: tuple[Account, ...],
    marks: tuple[tuple[str, str, str], ...],
    since: tuple[tuple[str, tuple[str, ...]], ...],
) -> Paper:
    made: Paper = view.measure.feedback(
        code,
        made_on=today,
        reply_by=reply_by,
        shared=bool(stage) and feedback_tables.shareable(stage),
        accounts=accounts,
        marks=marks,
        since=dict(since),
    )
    return made
