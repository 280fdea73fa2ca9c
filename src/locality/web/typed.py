"""What is typed into a form and looked up in the loaded data."""

from __future__ import annotations

from django.http import HttpRequest

from locality.figures import Problem
from locality.web import asking
from locality.web.forms import Form
from locality.web.here import here
from locality.workbench import NothingLoaded


def organisation_typed(request: HttpRequest, form: Form, field: str = "organisation") -> str:
    """Return the code of the organisation typed, as the loaded data have it; empty for none.

    One that nobody knows has its sentence beside the field; with nothing loaded, it is taken as
    it is typed.
    """
    typed = asking.code(form.values[field])
    try:
        return str(asking.organisation(here(request), typed)["code"]) if typed else ""
    except NothingLoaded:
        return typed
    except Problem as problem:
        form.errors[field] = str(problem)
        return typed
