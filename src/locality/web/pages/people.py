"""People and their posts: who is here, what they do where, and how far they may go alone."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound, Problem
from locality.records import actions, people_tables, tables
from locality.records.models import Person, PostTag
from locality.web import asking
from locality.web.acting import act_for, who
from locality.web.endings import NO_MORE, ending
from locality.web.forms import Form
from locality.web.here import here
from locality.web.table_files import table_file
from locality.web.templating import url
from locality.web.typed import organisation_typed
from locality.workbench import NothingLoaded


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Return who is here, or with ``?all=1`` also who has left."""
    every = bool(request.GET.get("all"))
    words = {"people": people_tables.people(left=every), "every": every}
    return render(request, "pages/people.html", words)


@require_GET
def people_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return everybody who was ever here as a file."""
    return table_file(request, people_tables.people(left=True), "people", ending)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for somebody new, or take them in."""
    form = Form.typed(request.POST, "name", "email", "why")
    if request.method == "POST":
        try:
            made = actions.add_person(who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("person", made.code))
    words = {"form": form, "person": None}
    return render(request, "pages/person_form.html", words, status=form.status)


@require_GET
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Return one person: their posts, their seats, their log."""
    row = people_tables.person(code).rows[0]
    posts = people_tables.posts(code, ended=True).rows
    words = {
        "person": row,
        "posts": posts,
        "seats": people_tables.seats(person_code=code, ended=True).rows,
        "names": names(request, {one["organisation"] for one in posts}),
        "events": tables.events("person", code, limit=20),
    }
    return render(request, "pages/person.html", words)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a person's name or address; what was typed survives a refusal."""
    row = people_tables.person(code).rows[0]
    form = Form.typed(request.POST, "name", "email", "why", "seen")
    if request.method == "POST":
        try:
            actions.change_person(code=code, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("person", code))
    else:
        form.values |= {"name": row["name"], "email": row["email"], "seen": str(row["version"])}
    words = {"form": form, "person": row}
    return render(request, "pages/person_form.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def leaves(request: HttpRequest, code: str) -> HttpResponse:
    """Ask when and why somebody leaves, and end their posts and seats with it."""
    row = people_tables.person(code).rows[0]
    return ending(
        request, partial(actions.person_leaves, code=code), "on", "Day they left",
        title=f"{row['name']} leaves",
        sentence="Their posts, seats and account end. What they did stays theirs.",
        button="They have left", back=(row["name"], url("person", code)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new_post(request: HttpRequest, code: str) -> HttpResponse:
    """Return the form for a post of a person, or give it."""
    row = people_tables.person(code).rows[0]
    form = _post_form(request)
    if request.method == "POST":
        told = _told(form, request) | {"organisation": organisation_typed(request, form)}
        try:
            with actions.found_already(form.errors):
                actions.give_post(
                    person=code, from_day=form.values["from_day"], to_day=form.values["to_day"],
                    **told,
                )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("person", code))
    return _post_page(request, form, row, None)


@require_http_methods(["GET", "POST"])
def change_post(request: HttpRequest, code: str) -> HttpResponse:
    """Change a post's title, tags, part in decisions or limit."""
    post = people_tables.post(code).rows[0]
    row = people_tables.person(post["person"]).rows[0]
    form = _post_form(request)
    if request.method == "POST":
        told = _told(form, request)
        try:
            actions.change_post(code=code, seen=form.values["seen"], **told)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("person", post["person"]))
    else:
        limit = post["limit"]
        form.values |= {
            "title": post["title"],
            "tags": post["tags"],
            "decision_maker": "yes" if post["decision_maker"] else "",
            "limit": "" if limit is None else f"{limit:,.2f}".removesuffix(".00"),
            "seen": str(post["version"]),
        }
    return _post_page(request, form, row, post)


@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, code: str) -> HttpResponse:
    """Ask when and why a post ends, and end it."""
    post = people_tables.post(code).rows[0]
    return ending(
        request, partial(actions.end_post, code=code), "to_day", NO_MORE,
        title=f"{post['title']} ends",
        sentence="Seats that are held by this post end with it.",
        button="End the post", back=(post["name"], url("person", post["person"])),
    )  # fmt: skip


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Choose whom the one user of this computer acts for, or nobody named; and go back."""
    if getattr(request, "account", None) is not None:
        raise Problem("You are signed in: you act as yourself.")
    code = request.POST.get("person", "")
    chosen = Person.objects.filter(code=code, ended_at=None).first() if code else None
    if code and chosen is None:
        raise NotFound("There is nobody here with that code.")
    act_for(request, chosen)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if safe else "people")


def names(request: HttpRequest, codes: set[str]) -> dict[str, str]:
    """Return code -> name of organisations the loaded data knows; the others are left out."""
    found = {}
    try:
        view = here(request)
    except NothingLoaded:
        return {}
    for code in codes:
        try:
            found[code] = asking.organisation(view, code)["name"]
        except Problem:
            continue
    return found


def _post_form(request: HttpRequest) -> Form:
    form = Form.typed(
        request.POST, "organisation", "title", "decision_maker", "limit", "from_day", "to_day",
        "why", "seen",
    )  # fmt: skip
    form.values["tags"] = ", ".join(request.POST.getlist("tags"))
    return form


def _told(form: Form, request: HttpRequest) -> dict[str, Any]:
    return {
        "title": form.values["title"],
        "tags": request.POST.getlist("tags"),
        "decision_maker": form.values["decision_maker"] == "yes",
        "limit": form.values["limit"],
        "who": who(request),
        "why": form.values["why"],
    }


def _post_page(
    request: HttpRequest, form: Form, row: dict[str, Any], post: dict[str, Any] | None
) -> HttpResponse:
    words = {
        "form": form,
        "person": row,
        "post": post,
        "tags": PostTag.choices,
        "held": form.values["tags"].split(", "),
    }
    return render(request, "pages/post_form.html", words, status=form.status)
