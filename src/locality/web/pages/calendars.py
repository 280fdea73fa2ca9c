"""Reminders in people's own calendars: the address, the file behind it, and how it ends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from locality.figures import NotFound
from locality.records import action_tables, actions, needs
from locality.records.actions.feeds import person_of
from locality.web import acting
from locality.web.calendar_files import calendar
from locality.web.forms import Form
from locality.web.pages.needs import address_of
from locality.web.templating import url
from locality.web.why_pages import why_page


@require_http_methods(["GET", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """Make a calendar feed, whose address is shown this once, or end the one there is."""
    me = acting.person(request)
    if me is None:
        raise NotFound("Choose on the people page whom you act for: a calendar is somebody's.")
    form = Form.typed(request.POST, "why")
    address = ""
    if request.method == "POST" and request.POST.get("do") == "end":
        try:
            actions.end_feed(person=me.code, who=acting.who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            form = Form.typed(request.GET, "why")
    elif request.method == "POST":
        _, token = actions.make_feed(person=me.code, who=acting.who(request))
        address = request.build_absolute_uri(url("calendar", token))
    words = {"address": address, "form": form, "feed": action_tables.feeds(me.code).rows[:1]}
    response = render(request, "pages/calendar_feed.html", words, status=form.status)
    # The address is shown this once: no copy of the page is kept anywhere.
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Return a person's reminders as iCalendar; the address itself is the authority."""
    whose = person_of(token)
    if whose is None:
        raise NotFound("There is no calendar at this address.")
    found = needs.needs(whose.code)
    made, etag = calendar(
        found, whose.code, lambda row: request.build_absolute_uri(address_of(row))
    )
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(made, "text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
def calendars(request: HttpRequest) -> HttpResponse:
    """Return whose calendars follow what needs them, for who may end that."""
    return render(request, "pages/calendars.html", {"feeds": action_tables.feeds()})


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End the feed of a person, who may have lost the address or no longer be trusted with it."""
    rows = action_tables.feeds(code).rows
    if not rows:
        raise NotFound("No calendar follows what needs them.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.end_feed(person=code, who=acting.who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("calendars"))
    name = rows[0]["name"]
    return why_page(
        request, form, f"End the calendar of {name}",
        f"Its address stops working at once. {name} can make a new one.", "End it",
        ("What needs me", url("needs")), ("Calendars", url("calendars")),
        room="actions", warning=True,
    )  # fmt: skip
