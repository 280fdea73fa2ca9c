"""What measures are worth and what they cost; requests to their owners, with visible answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from locality.records import actions, signal_tables
from locality.records.models import FOLLOWING, RequestKind, RequestState
from locality.web import asking
from locality.web.acting import may, who
from locality.web.forms import Form
from locality.web.here import Here, here, my_organisation
from locality.web.templating import url

#: What a reader may narrow the list to.
SHOWN = (("no", "do not earn their keep"), ("yes", "earn it"), ("cannot be said", "cannot be said"))


@require_GET
def worth(request: HttpRequest) -> HttpResponse:
    """Return every measure's card: reliable, still telling, and at what cost."""
    view = here(request)
    table = view.ask(view.measure.cards, efforts())
    rows = [row for row in table.rows if row["compared"]]
    show = request.GET.get("show", "")
    kept = [row for row in rows if row["earns"] == show] if show in dict(SHOWN) else rows
    words = {
        "rows": kept,
        "counts": [(key, text, sum(row["earns"] == key for row in rows)) for key, text in SHOWN],
        "show": show if show in dict(SHOWN) else "",
        "notes": table.notes,
        "total": len(rows),
    }
    return render(request, "pages/worth.html", words)


@require_http_methods(["GET", "POST"])
def effort(request: HttpRequest, id: str) -> HttpResponse:
    """Say what a measure costs to count: minutes, reminders, what it crowds out."""
    view = here(request)
    definition = asking.measure(view, id)
    form = Form.typed(request.POST, "minutes", "reminders", "crowds_out", "why")
    held = signal_tables.efforts(id).rows
    if request.method == "POST":
        try:
            actions.say_effort(measure=id, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("measure", id) + "#worth")
    elif held:
        form.values |= {name: f"{held[0][name]:g}" for name in ("minutes", "reminders")}
        form.values["crowds_out"] = held[0]["crowds_out"]
    words = {"measure": definition, "form": form, "held": held}
    return render(request, "pages/effort.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, id: str) -> HttpResponse:
    """Ask a measure's owner for a change; the answer will stand where everybody can read it."""
    view = here(request)
    definition = asking.measure(view, id)
    mine = my_organisation(request)
    form = Form.typed(request.POST, "text", "organisation")
    asked = asking.code(form.values["organisation"])
    if request.method == "POST" and asked and not may(request, "speak_for", asked, write=True):
        form.errors["organisation"] = "You can ask for an organisation of your own, or for none."
    elif request.method == "POST":
        try:
            actions.request_change(
                measure=id,
                text=form.values["text"],
                organisation=asked,
                owner=definition.governance.authored_by,
                who=who(request),
            )
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("requests"))
    elif mine:
        form.values["organisation"] = mine["code"]
    words = {"measure": definition, "form": form, "held": signal_tables.requests(id)}
    return render(request, "pages/ask.html", words, status=form.status)


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Return every request with its state, when an answer is owed, and the answer."""
    view = here(request)
    own = asking.code(request.GET.get("organisation", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in RequestKind.values else ""
    words = {
        "table": signal_tables.requests(organisation=own, kind=kind),
        "titles": titles(view),
        "kinds": RequestKind.choices,
        "kind": kind,
        "own": own,
    }
    return render(request, "pages/requests.html", words)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Move a request on, and answer it; what was typed survives a refusal."""
    view = here(request)
    row = signal_tables.request(code).rows[0]
    form = Form.typed(request.POST, "state", "answer")
    if request.method == "POST":
        try:
            actions.answer_request(code=code, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("requests"))
    following = FOLLOWING[row["state"]]
    words = {
        "row": row,
        "title": titles(view).get(row["measure"], row["measure"] or row["organisation"]),
        "form": form,
        "states": [(state, RequestState(state).label) for state in following],
    }
    return render(request, "pages/answer.html", words, status=form.status)


def efforts() -> tuple[tuple[str, float, str], ...]:
    """Return what people here said that measures cost: measure, minutes, what it crowds out."""
    rows = signal_tables.efforts().rows
    return tuple((row["measure"], row["minutes"], row["crowds_out"]) for row in rows)


def titles(view: Here) -> dict[str, str]:
    """Return what each measure is called, by its id."""
    return {id: one.title for id, one in view.knowledge.measures.items()}
