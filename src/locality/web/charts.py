"""Pictures of the pages: what each one loads, and the picture that comes of it."""

from __future__ import annotations

from datetime import date

from locality import know
from locality.figures import Figure, Table
from locality.know import Inclusion
from locality.render import pictures
from locality.web import asking
from locality.web.drawn import Drawn
from locality.web.here import Here


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
    return Drawn.of(picture, "all", measure, period=period, own=own, everyone=None if rule else "1")


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
