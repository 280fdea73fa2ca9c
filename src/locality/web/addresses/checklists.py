"""Addresses of checklists and of the pulse of a body."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from locality.web.pages import checklist_items, checklists, pulse

patterns: list[URLPattern | URLResolver] = [
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/asked/<slug:template>", checklists.template, name="checklist_template"),
    path("checklists/asked/<slug:template>/start", checklists.start, name="start_checklist"),
    path("checklists/<code:code>", checklists.checklist, name="checklist"),
    path(
        "checklists/<code:code>/answers.<ending:ending>",
        checklists.download,
        name="checklist_download",
    ),
    path("checklists/<code:code>/items/<slug:item>", checklist_items.item, name="checklist_item"),
    path("checklists/<code:code>/fill-in", checklist_items.fill_in, name="fill_in_checklist"),
    path("checklists/<code:code>/finish", checklists.finish, name="finish_checklist"),
    path("checklists/<code:code>/complete", checklists.complete, name="complete_checklist"),
    path("checklists/<code:code>/withdraw", checklists.withdraw, name="withdraw_checklist"),
    path("checklists/<code:code>/anew", checklists.anew, name="checklist_anew"),
    path("checklists/<code:code>/compare", checklists.compare, name="checklist_compare"),
    path("checklists/<code:code>/since", checklists.since, name="checklist_since"),
    path("checklists/<code:code>/excuse/<code:rater>", checklists.excuse, name="excuse_rater"),
    path("checklists/<code:code>/pulse", pulse.answer, name="answer_pulse"),
    path("bodies/<code:code>/pulse", pulse.pulse, name="pulse"),
    path("bodies/<code:code>/pulse/start", pulse.start, name="start_pulse"),
    path("bodies/<code:code>/pulse.<ending:ending>", pulse.download, name="pulse_download"),
]
