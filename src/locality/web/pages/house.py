"""The house's own settings: what is in force, what each one means, and changing one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from locality.figures import NotFound
from locality.records import actions, tables
from locality.records.offered import OFFERED
from locality.web.acting import who
from locality.web.forms import Form


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Return the settings there are and those in force, with their log."""
    words = {
        "offered": OFFERED,
        "in_force": tables.settings(),
        "events": tables.events("setting", limit=20),
    }
    return render(request, "pages/settings.html", words)


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, name: str) -> HttpResponse:
    """Return the form of one setting, or set it; an empty value goes back to what is usual."""
    offered = OFFERED.get(name)
    if offered is None:
        raise NotFound(f"There is no setting called {name[:60]!r}.")
    form = Form.typed(request.POST or request.GET, "value", "organisation", "period", "why")
    if request.method == "POST":
        typed = form.values["value"].strip()
        try:
            actions.set_setting(
                name=name,
                value=typed or None,
                organisation=form.values["organisation"],
                period=form.values["period"],
                who=who(request),
                why=form.values["why"],
            )
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect("settings")
    elif not offered.for_organisation:
        now = tables.setting(name)
        shown = {True: "yes", False: "no"}.get(now, now) if isinstance(now, bool) else now
        form.values["value"] = "" if shown is None else str(shown)
    choices = [*((one, one) for one in offered.choices), ("", "As usual")]
    words = {"offered": offered, "form": form, "offered_choices": choices}
    return render(request, "pages/setting.html", words, status=form.status)
