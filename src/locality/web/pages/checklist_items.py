"""One question of a checklist on a page of its own, and what can be worked out filled in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locality import knowledge
from locality.figures import NotFound, Problem
from locality.judging import filled_in
from locality.judging.checklists import MOST_ROWS, reads, typed
from locality.knowledge.checklist import Item
from locality.records import actions, checklist_tables, people_tables
from locality.records.models import Action, Answer, Checklist, Person, Rater
from locality.web.acting import person, who
from locality.web.forms import Form
from locality.web.here import here
from locality.web.pages.checklists import log_action
from locality.web.templating import url
from locality.workbench import NothingLoaded

#: Empty rows that a table offers beyond those that are filled.
_MORE_ROWS = 3
_FIELDS = ("not_here", "words", "evidence", "owner", "overrule", "seen")


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """Answer one question; what was typed survives a refusal, and each save is kept at once."""
    held = checklist_tables.checklist(code)
    asked = held.questions.asked(item)
    if asked is None:
        raise NotFound(f"{held.reference} does not ask {item[:40]!r}.")
    own = person(request)
    rater, answers = voice(held, own)
    before = checklist_tables.answer(held, rater, item) if answers or rater else None
    form = Form.typed(request.POST, *_FIELDS)
    if request.method == "POST":
        try:
            _save(request, held, asked, own, form)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(_onward(request, held, asked))
    else:
        form.values |= _as_saved(before)
    value = typed(asked, request.POST.dict()) if request.method == "POST" else _value(before)
    _fields(form, asked, value)
    words = {
        "held": held, "asked": asked, "form": form, "value": value, "answers": answers,
        "before": before, "told": reads(asked, before.value) if before else "",
        "worked": reads(asked, before.computed_value) if before else "",
        "others": [row for row in checklist_tables.answers(held, own).rows
                   if row["item"] == item and not (answers and _is_own(row, rater))],
        "last": _last(held, rater, item), "people": _people(),
        "rows": _rows(asked, value), "number": held.questions.item.index(asked) + 1,
        "log_action": log_action(held),
    }  # fmt: skip
    return render(request, "pages/checklist_item.html", words, status=form.status)


def voice(held: Checklist, own: Person | None) -> tuple[Rater | None, bool]:
    """Return (rater, whether answers may be given): None answers for all together."""
    template = held.questions
    raters = list(held.raters.all())
    if template.raters == "one" or (template.agreed and not any(r.is_awaited for r in raters)):
        return None, held.is_open
    rater = next((one for one in raters if own and one.person_id == own.pk), None)
    return rater, bool(held.is_open and rater and rater.is_awaited and not held.anonymous)


def _save(
    request: HttpRequest, held: Checklist, asked: Item, own: Person | None, form: Form
) -> None:
    told: dict[str, Any] = {
        "reference": held.reference, "item": asked.id, "who": who(request),
        "person": own.code if own else "", "seen": form.values["seen"],
    }  # fmt: skip
    if request.POST.get("go") == "same":
        actions.same_as_last(**told)
        return
    actions.answer_item(
        value=typed(asked, request.POST.dict()), applies=not form.values["not_here"],
        known=_known(request), **told,
        **{name: form.values[name] for name in ("words", "evidence", "owner", "overrule")},
    )  # fmt: skip


def _onward(request: HttpRequest, held: Checklist, asked: Item) -> str:
    """Return where to go after a save: the next question, or all of them."""
    items = [one.id for one in held.questions.item]
    place = items.index(asked.id) + 1
    if request.POST.get("go") != "list" and place < len(items):
        return url("checklist_item", held.reference, items[place])
    return url("checklist", held.reference)


def _known(request: HttpRequest) -> dict[str, set[str]]:
    """Return the codes that references are looked up in."""
    measures = knowledge.load(settings.LOCALITY_HOME).measures
    return {
        "people": {one["code"] for one in people_tables.people().rows},
        "bodies": {one["code"] for one in people_tables.bodies().rows},
        "actions": set(Action.objects.values_list("reference", flat=True)),
        "measures": set(measures),
    }


def _as_saved(before: Answer | None) -> dict[str, str]:
    if before is None:
        return {"seen": "0"}
    return {
        "not_here": "" if before.applies else "1", "words": before.words,
        "evidence": before.evidence, "owner": before.owner.code if before.owner else "",
        "overrule": before.overruled_why, "seen": str(before.version),
    }  # fmt: skip


def _value(before: Answer | None) -> Any:
    return before.value if before else None


def _fields(form: Form, asked: Item, value: Any) -> None:
    """Tell the form which fields of the value the page shows, so that its summary links there."""
    if asked.kind == "table":
        rows = range(len(_rows(asked, value)))
        form.values |= {f"value-{n}-{part.id}": "" for n in rows for part in asked.part}
        form.values["value-0-" + asked.part[0].id] = ""
    elif asked.part:
        form.values |= {f"value-{part.id}": "" for part in asked.part}
    else:
        form.values["value"] = ""


def _rows(asked: Item, value: Any) -> list[dict[str, Any]]:
    if asked.kind != "table":
        return []
    filled = list(value or [])
    more = max(0, min(_MORE_ROWS, MOST_ROWS - len(filled)))
    return filled + [{} for _ in range(more)]


def _is_own(row: dict[str, Any], rater: Rater | None) -> bool:
    own = rater.person.signature if rater else "all together"
    return bool(row["answered_by"] == own)


def _last(held: Checklist, rater: Rater | None, item: str) -> dict[str, Any] | None:
    """Return the answer of the time before to the same question, by the same voice."""
    if held.follows is None:
        return None
    then = held.follows.questions.asked(item)
    old = held.follows.raters.filter(person=rater.person).first() if rater else None
    if then is None or (rater and not old):
        return None
    found = checklist_tables.answer(held.follows, old, item)
    if found is None or (found.value is None and found.applies):
        return None
    told = reads(then, found.value) if found.applies else f"Does not apply: {found.words}"
    return {"reference": held.follows.reference, "told": told, "evidence": found.evidence}


def _people() -> list[tuple[str, str]]:
    return [(one["code"], one["name"]) for one in people_tables.people().rows]


@require_POST
def fill_in(request: HttpRequest, code: str) -> HttpResponse:
    """Fill in what can be worked out today, each marked with what it rests on."""
    held = checklist_tables.checklist(code)
    actions.fill_in_computed(
        reference=held.reference, filled=worked_out(request, held), who=who(request)
    )
    return redirect(url("checklist", held.reference) + "#questions")


def worked_out(request: HttpRequest, held: Checklist) -> list[actions.Frozen]:
    """Return what can be worked out of a checklist's items now, frozen; what cannot is left out."""
    found = []
    stands = checklist_tables.state_of_records()
    for one in held.questions.item:
        if one.computed is None or one.computed.from_ == "decision":
            continue
        if one.computed.from_ == "hospital waits":
            waits = _waits(request, held)
            if waits is not None:
                found.append(actions.Frozen(one.id, None, waits[0], waits[1]))
        elif held.body is not None:
            seats = checklist_tables.sittings(held.body)
            filled = (
                filled_in.delegated_limits(seats)
                if one.computed.from_ == "delegated limits"
                else filled_in.right_people(seats, held.body.needs_tags)
            )
            found.append(actions.Frozen(one.id, filled.value, filled.told, stands))
    return found


def _waits(request: HttpRequest, held: Checklist) -> tuple[str, str] | None:
    """Return the waits of the area in words and the data version; None where there are none."""
    own = held.about if held.about_kind == "organisation" else ""
    own = own or (held.body.organisation if held.body else "")
    if not own:
        return None
    try:
        view = here(request)
        table = view.ask(view.measure.waits, own, None)
    except (NothingLoaded, Problem):
        return None
    rows = [row for row in table.rows if row["treatment_function"] == "C_999"]
    if not rows:
        return None
    title = table.title or f"Hospital waits of {rows[0]['code']}, {rows[0]['period']}"
    return filled_in.hospital_waits(title, rows[0]).told, f"data version {view.version}"
