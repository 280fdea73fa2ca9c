"""The one form by which something ends: a post, a seat, a body, somebody's time here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from locality.records.actions import Refusal
from locality.web.acting import who
from locality.web.forms import Form

#: What the day is called of a thing that is held until it.
NO_MORE = "First day it is held no more"


def ending(
    request: HttpRequest,
    end: Callable[..., Any],
    day: str,
    called: str,
    *,
    title: str,
    sentence: str,
    button: str,
    back: tuple[str, str],
) -> HttpResponse:
    """Return the form that asks for the day and the reason, or end it by ``end`` and go back.

    ``day`` is the name of the action's field, ``called`` its label, ``back`` (words, address) of
    the page to which it leads. A day that means today may be left empty.
    """
    form = Form.typed(request.POST, day, "why")
    if request.method == "POST":
        try:
            end(who=who(request), **form.values)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(back[1])
    hint = "Such as 1 April 2027 or 1/4/2027" + ("; empty is today" if day == "on" else "")
    words = {
        "form": form,
        "title": title,
        "sentence": sentence,
        "field": (day, called, hint),
        "button_text": button,
        "back": back,
    }
    return render(request, "pages/ending_form.html", words, status=form.status)
