"""The one page that asks why something is done, and does it by its one button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from locality.web.forms import Form


def why_page(
    request: HttpRequest,
    form: Form,
    title: str,
    sentence: str,
    button: str,
    *crumbs: tuple[str, str],
    room: str,
    optional: bool = False,
    warning: bool = False,
) -> HttpResponse:
    """Return the page that asks for ``why``, with one button.

    ``crumbs`` are pairs of (words, address), the last one of the page to go back to; ``room`` is
    the entry of the menu under which it stands; ``warning`` is for what cannot be undone.
    """
    words = {
        "form": form,
        "title": title,
        "sentence": sentence,
        "button_text": button,
        "steps": crumbs,
        "room": room,
        "optional": optional,
        "warning": warning,
    }
    return render(request, "pages/why_form.html", words, status=form.status)
