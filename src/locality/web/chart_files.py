"""Pictures at addresses of their own: the drawing's specification, and the drawing as SVG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from locality.figures import NotFound
from locality.render import pictures
from locality.web import asking, charts, judged_charts
from locality.web.answering import Packed, answer, tag
from locality.web.drawn import Drawn
from locality.web.here import Here, here

_WIDTHS = (300, 640, 900)


def _code(query: QueryDict, name: str) -> str | None:
    text = query.get(name)
    return asking.code(text) if text else None


#: What an address may ask of a picture, and how it is read.
_READ: dict[str, Callable[[QueryDict], Any]] = {
    "period": lambda query: asking.period(query.get("period")),
    "own": lambda query: _code(query, "own"),
    "within": lambda query: _code(query, "within"),
    "kind": lambda query: query.get("kind") or "practice",
    "everyone": asking.inclusion,
    "since": lambda query: tuple(
        filter(None, (asking.period(one) for one in query.get("since", "").split("_")))
    ),
    "proposed": lambda query: asking.period(query.get("proposed")),
}

#: Every picture: whether its last word is an organisation's code, what else is asked, its maker.
_PICTURES: dict[str, tuple[int, bool, tuple[str, ...], Callable[..., Drawn]]] = {
    "age-sex": (1, True, (), charts.age_sex),
    "need": (1, True, ("period",), charts.need),
    "list": (1, True, (), charts.list_trend),
    "trend": (2, True, (), charts.trend),
    "all": (1, False, ("period", "own", "everyone"), charts.all_practices),
    "staff": (1, True, (), charts.staff),
    "money": (1, True, (), charts.money),
    "waits": (1, True, (), charts.waits),
    "funnel": (1, False, ("kind", "within", "own"), judged_charts.funnel),
    "order": (1, False, ("kind", "within", "own"), judged_charts.in_order),
    "fifths": (1, False, ("within",), judged_charts.fifths),
    "chart": (2, True, ("since", "proposed"), judged_charts.control_chart),
    "peers": (2, True, (), judged_charts.peers),
}


def chart(request: HttpRequest, path: str) -> HttpResponse:
    """Return one picture's specification (``.json``) or drawing (``.svg``)."""
    stem, dot, ending = path.rpartition(".")
    name, *words = stem.split("/")
    count, of_one, asked, make = _PICTURES.get(name, (0, False, (), charts.age_sex))
    if not dot or ending not in ("json", "svg") or not count or len(words) != count:
        raise NotFound("There is no picture at this address.")
    *first, last = words
    arguments: list[Any] = [*first, asking.code(last) if of_one else last]
    arguments += [_READ[key](request.GET) for key in asked]
    view = here(request)
    if ending == "json":
        etag = tag(view, "json", name, *arguments)
        content_type = "application/json"
        return answer(request, etag, content_type, lambda: view.work(make, *arguments).packed)
    width = request.GET.get("width", "640")
    wide = int(width) if width in map(str, _WIDTHS) else 640
    etag = tag(view, "svg", wide, name, *arguments)
    return answer(request, etag, "image/svg+xml", lambda: view.work(svg, make, wide, *arguments))


def svg(here: Here, make: Callable[..., Drawn], width: int, *arguments: Any) -> Packed:
    """Return a picture's drawing, packed."""
    return Packed.of(here.work(make, *arguments).svg(width).encode())


def bundle(request: HttpRequest, name: str) -> HttpResponse:
    """Return the browser's drawing program; its name changes with every version of it."""
    from locality.render.pictures.bundle import bundle_name

    if name != bundle_name():
        raise NotFound("That drawing program is not here. Load the page again.")
    folder = Path(settings.LOCALITY_HOME) / "generated"
    packed = _bundle(folder)
    response = answer(request, f'"{name}"', "text/javascript; charset=utf-8", lambda: packed)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


_BUNDLES: dict[Path, Packed] = {}


def _bundle(folder: Path) -> Packed:
    if folder not in _BUNDLES:
        _BUNDLES[folder] = Packed.of(pictures.javascript(folder))
    return _BUNDLES[folder]
