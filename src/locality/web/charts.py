"""Pictures at addresses of their own: the drawing's specification, and the drawing as SVG."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from locality import know
from locality.figures import Figure, NotFound, Table
from locality.know import Inclusion
from locality.render import pictures
from locality.render.pictures import Picture
from locality.web import asking
from locality.web.answering import Packed, answer, tag
from locality.web.here import Here, here
from locality.web.templating import url

_WIDTHS = (300, 640, 900)


@dataclass(frozen=True)
class Drawn:
    """A picture ready for a page: its words, its table, and its specification packed.

    ``parts`` and ``period`` and ``own`` say which picture it is, for its addresses.
    """

    id: str
    title: str
    sentence: str
    alt: str
    table: Table
    packed: Packed
    parts: tuple[str, ...]
    period: str | None = None
    own: str | None = None
    everyone: bool = False

    @classmethod
    def of(
        cls,
        picture: Picture,
        *parts: str,
        period: str | None = None,
        own: str | None = None,
        everyone: bool = False,
    ) -> Drawn:
        """Return ``picture`` packed; ``parts`` name it in its address."""
        return cls(
            picture.id,
            picture.title,
            picture.sentence,
            picture.alt,
            picture.table,
            Packed.of(picture.json()),
            parts,
            period,
            own,
            everyone,
        )

    @property
    def weight(self) -> int:
        """Return about how many bytes it takes."""
        return self.packed.weight + int(self.table.data.nbytes)

    def address(self, ending: str, width: int | None = None) -> str:
        """Return its address: ``json`` for browsers that draw, ``svg`` for the others."""
        *path, last = self.parts
        asked = {
            "period": self.period,
            "own": self.own,
            "width": width,
            "everyone": "1" if self.everyone else None,
        }
        return url("chart", "/".join([*path, f"{last}.{ending}"]), **asked)

    def svg(self, width: int) -> str:
        """Return the drawing as SVG text."""
        spec = json.loads(self.packed.plain)
        return Picture(self.id, self.title, spec, self.table, self.sentence, self.alt).svg(width)


def age_sex(here: Here, code: str) -> Drawn:
    """Return the age-sex picture of an organisation against England."""
    name = asking.organisation(here, code)["name"]
    table = here.ask(here.know.age_sex, code)
    return Drawn.of(pictures.age_sex(table, name=name), "age-sex", code)


def need(here: Here, code: str, period: str | None = None) -> Drawn:
    """Return the need of a list by component against England's average, in one year."""
    name = asking.organisation(here, code)["name"]
    year = period or max(asking.need_years(here, code), default=None)
    table = here.ask(here.know.need, code, year)
    return Drawn.of(pictures.need_components(table, name=name), "need", code, period=period)


def list_trend(here: Here, code: str) -> Drawn:
    """Return the list through time."""
    figure: Figure = here.ask(here.know.list_size, code)
    return Drawn.of(pictures.trend(figure, here.ask(here.know.list_trend, code)), "list", code)


def trend(here: Here, measure: str, code: str) -> Drawn:
    """Return one measure of an organisation through time, beside its ICB and England."""
    figure: Figure = here.ask(here.measure.figure, measure, code, None)
    beside = []
    icb = asking.around(here, code).get("icb")
    if icb and icb["code"] != code:
        beside.append(here.ask(here.measure.trend, measure, icb["code"]))
    if code != "ENG":
        beside.append(here.ask(here.measure.trend, measure, "ENG"))
    own = here.ask(here.measure.trend, measure, code)
    return Drawn.of(pictures.trend(figure, own, *beside), "trend", measure, code)


def all_practices(
    here: Here,
    measure: str,
    period: str | None = None,
    own: str | None = None,
    rule: Inclusion | None = None,
) -> Drawn:
    """Return practices on one picture; ``own`` is picked out, with its ICB's around it.

    ``rule`` says which practices are compared; None shows every one.
    """
    definition = asking.measure(here, measure)
    table = here.ask(here.measure.over, measure, "practice", period, None, rule)
    england = here.ask(here.measure.figure, measure, "ENG", period)
    mine, near, near_name = None, frozenset[str](), ""
    if own:
        row = asking.organisation(here, own)
        mine = row["code"] if row["kind"] == "practice" else None
        icb = asking.around(here, own).get("icb") if mine else row
        if icb and icb["kind"] != "england":
            inside = here.ask(here.measure.over, measure, "practice", period, icb["code"], rule)
            near, near_name = frozenset(inside.data.column("code").to_pylist()), icb["name"]
    picture = pictures.all_practices(
        table,
        england,
        own=mine,
        near=near,
        near_name=near_name,
        denominator_words=definition.denominator_words,
    )
    return Drawn.of(picture, "all", measure, period=period, own=own, everyone=rule is None)


def staff(here: Here, code: str, as_at: date | None = None) -> Drawn:
    """Return staff groups per 10,000 registered patients, beside its ICB and England."""
    table = here.ask(here.know.staff, code, as_at)
    shown = know.beside(
        table,
        label=lambda row: staff_words(row["staff_group"], row["role"]),
        value="rate",
        icb="icb_rate",
        england="england_rate",
        where=lambda row: (row["staff_group"], row["role"]) in know.STAFF_HEADLINES,
    )
    return _beside(here, shown, code, "Staff", "FTE per 10,000 patients", "staff")


def money(here: Here, code: str, year: str | None = None) -> Drawn:
    """Return groups of payments for each registered patient, beside its ICB and England."""
    table = here.ask(here.know.money, code, year)
    shown = know.beside(
        table,
        label=lambda row: str(row["title"]),
        value="per_registered",
        icb="icb_per_registered",
        england="england_per_registered",
        where=lambda row: row["level"] == "group",
    )
    return _beside(here, shown, code, "Received", "£ per patient", "money")


def waits(here: Here, code: str, period: str | None = None) -> Drawn:
    """Return the median wait of each specialty, beside England's."""
    table = here.ask(here.measure.waits, code, period)
    shown = know.beside(
        table,
        label=lambda row: str(row["name"]).removesuffix(" Service"),
        value="median",
        england="england_median",
    )
    whose = table.rows[0]["code"] if len(table) else code
    return _beside(here, shown, code, "Median wait", "weeks", "waits", most=24, whose=whose)


def staff_words(group: str, role: str) -> str:
    """Return a line of staff as a reader says it: ``GPs: fully qualified``."""
    plain = role.removeprefix("total").strip()
    return f"{_GROUPS.get(group, group)}: {plain}" if plain else f"{_GROUPS.get(group, group)}"


def _beside(
    here: Here,
    table: Table,
    code: str,
    title: str,
    unit: str,
    *parts: str,
    most: int = 16,
    whose: str = "",
) -> Drawn:
    name = asking.organisation(here, whose or code)["name"]
    board = asking.around(here, code).get("icb")
    picture = pictures.side_by_side(
        table,
        label="label",
        title=title,
        name=name,
        unit=unit,
        icb_name=board["name"].replace("Integrated Care Board", "ICB") if board else "",
        most=most,
    )
    return Drawn.of(picture, *parts, code)


_GROUPS = {
    "GP": "GPs",
    "nurse": "Nurses",
    "direct patient care": "Direct patient care",
    "admin": "Admin and other",
    "director": "Directors",
}

_PICTURES: dict[str, tuple[int, Callable[..., Drawn]]] = {
    "age-sex": (1, age_sex),
    "need": (1, need),
    "list": (1, list_trend),
    "trend": (2, trend),
    "all": (1, all_practices),
    "staff": (1, staff),
    "money": (1, money),
    "waits": (1, waits),
}


def chart(request: HttpRequest, path: str) -> HttpResponse:
    """Return one picture's specification (``.json``) or drawing (``.svg``)."""
    stem, dot, ending = path.rpartition(".")
    name, *words = stem.split("/")
    count, make = _PICTURES.get(name, (0, age_sex))
    if not dot or ending not in ("json", "svg") or not count or len(words) != count:
        raise NotFound("There is no picture at this address.")
    arguments: list[Any] = [*words[:-1], words[-1] if name == "all" else
                                   asking.code(words[-1])]  # fmt: skip
    if name in ("need", "all"):
        arguments.append(asking.period(request.GET.get("period")))
    if name == "all":
        own = request.GET.get("own")
        arguments += [asking.code(own) if own else None, asking.inclusion(request.GET)]
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
