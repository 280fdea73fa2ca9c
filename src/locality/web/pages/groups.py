"""Groups that people make here: a federation, a locality, a partnership."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound
from locality.records import actions, tables
from locality.records.free_text import nhs_numbers
from locality.records.models import GroupKind
from locality.web.acting import who
from locality.web.forms import Form, file_text
from locality.web.group_file import groups_in
from locality.web.here import Here, here
from locality.web.templating import url
from locality.workbench import NothingLoaded

_CODE_IN_FILE = re.compile(r"(?<![A-Z0-9])[A-Z][0-9]{5}(?![A-Z0-9])")


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """Return the list of groups."""
    _glance(request)
    return render(request, "pages/groups.html", {"groups": tables.groups(closed=True)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for a new group, or make it; what was typed survives a refusal."""
    form = Form.typed(request.POST, "name", "kind", "members", "why")
    if request.method == "POST":
        _from_file(request, form)
        try:
            with actions.found_already(form.errors):
                made = actions.create_group(
                    name=form.values["name"],
                    kind=form.values["kind"],
                    members=actions.codes_in(form.values["members"]),
                    who=who(request),
                    why=form.values["why"],
                    known=_known(request),
                )
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("group", made.code))
    _glance(request)
    words = {"form": form, "kinds": GroupKind.choices}
    return render(request, "pages/group_new.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def from_file(request: HttpRequest) -> HttpResponse:
    """Return the form for a file of groups, or take them all in; none is, if one is refused."""
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            wanted = groups_in(file_text(request, "file", most=1_000_000))
            taken = actions.take_in_groups(
                groups=wanted, who=who(request), why=form.values["why"], known=_known(request)
            )
        except ValueError as error:
            form.errors["file"] = str(error)
        except actions.Refusal as refusal:
            # Each wrong group has a sentence of its own, all beside the one field.
            form.refused(refusal)
            said = [sentence for field, sentence in refusal.reasons if field == "file"]
            if said:
                form.errors["file"] = " ".join(said[:10])
        else:
            words = {"taken": taken}
            return render(request, "pages/group_file_taken.html", words)
    _glance(request)
    return render(request, "pages/group_file.html", {"form": form}, status=form.status)


@require_GET
def group(request: HttpRequest, code: str) -> HttpResponse:
    """Return one group: its practices now and before, its log, and what may be done to it."""
    return _page(request, code, Form())


@require_POST
def change(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Rename a group, say who belongs to it, or close it."""
    form = Form.typed(request.POST, "name", "members", "why")
    form.values["act"] = act
    why = form.values["why"]
    try:
        if act == "rename":
            actions.rename_group(code=code, name=form.values["name"], who=who(request), why=why)
        elif act == "members":
            _from_file(request, form)
            with actions.found_already(form.errors):
                actions.set_members(
                    code=code,
                    members=actions.codes_in(form.values["members"]),
                    who=who(request),
                    why=why,
                    known=_known(request),
                )
        else:
            actions.close_group(code=code, who=who(request), why=why)
    except actions.Refusal as refusal:
        form.refused(refusal)
    if form.errors:
        return _page(request, code, form)
    return redirect("group", code)


def _page(request: HttpRequest, code: str, form: Form) -> HttpResponse:
    found = tables.group(code)
    members = tables.memberships(code)
    now = [row["practice_code"] for row in members.rows if row["left_on"] is None]
    form.values = {"name": found.name, "members": "\n".join(now), "why": "", "act": "",
                   **{k: v for k, v in form.values.items() if v}}  # fmt: skip
    names = {}
    known = _glance(request)
    if known is not None:
        every = known.ask(known.know.organisations, "practice").data
        names = dict(
            zip(every.column("code").to_pylist(), every.column("name").to_pylist(), strict=True)
        )
    shown = known is not None and _in_figures(known, code)
    words = {
        "group": found,
        "members": members,
        "now": now,
        "names": names,
        "events": tables.events("group", code),
        "form": form,
        "in_figures": shown,
        "ended": known.ask(known.know.ended_members, code) if known and shown else None,
    }
    return render(request, "pages/group.html", words, status=form.status)


def _glance(request: HttpRequest) -> Here | None:
    """Return the view of the data, or None: groups can be made before there are figures."""
    try:
        return here(request)
    except NothingLoaded:
        return None


def _in_figures(view: Here, code: str) -> bool:
    try:
        view.ask(view.know.organisation, code)
    except NotFound:
        return False
    return True


def _known(request: HttpRequest) -> Collection[str] | None:
    """Return every practice code there is, or None before anything is loaded."""
    view = _glance(request)
    if view is None:
        return None
    return frozenset(view.ask(view.know.organisations, "practice").data.column("code").to_pylist())


def _from_file(request: HttpRequest, form: Form) -> None:
    """Add the practice codes of an uploaded file to those typed; nothing else of it is kept."""
    try:
        text = file_text(request, "file")
    except ValueError as error:
        form.errors["file"] = str(error)
        return
    if not text:
        return
    if nhs_numbers(text):
        form.errors["file"] = (
            "There is a number in that file that could be an NHS number, so it was not read. "
            "Send a list of practice codes alone."
        )
        return
    found = list(dict.fromkeys(_CODE_IN_FILE.findall(text.upper())))
    if not found:
        form.errors["file"] = "There is no practice code in that file, such as A81001."
        return
    form.values["members"] = "\n".join(filter(None, (form.values["members"].strip(), *found)))
