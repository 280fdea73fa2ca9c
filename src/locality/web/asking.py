"""What addresses ask for, read and checked: codes, kinds, periods, measures, order, page."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.http import QueryDict

from locality.figures import NotFound, Period, Problem, Table
from locality.know import Inclusion
from locality.records import tables
from locality.web.here import Here

#: Kinds that measures are shown over, in the order of the pages.
KINDS = ("practice", "pcn", "place", "sub_icb", "icb", "region", "group")
#: Columns of VALUES that a reader may sort by.
SORTS = ("name", "value", "numerator", "denominator")
#: Kinds that sum a kind other than practices.
_SUMMING = {"sub_icb": ("icb", "region")}
#: Ways of looking at everyone: key in an address, words on the tab.
LOOKS = (
    ("all", "Everyone"),
    ("funnel", "Beside the limits for their size"),
    ("order", "In order, with its doubt"),
    ("fifths", "By deprivation"),
)
ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Which rows of a measure, in which order, and which page of them."""

    kind: str = "practice"
    period: str | None = None
    within: str | None = None
    sort: str = "name"
    down: bool = False
    page: int = 1
    inclusion: Inclusion | None = None
    look: str = "all"

    @property
    def everyone(self) -> str | None:
        """Return the mark in an address that asks for practices which the rule leaves out."""
        return "1" if self.inclusion is None else None

    @classmethod
    def read(cls, query: QueryDict, definition: Any = None) -> Asked:
        """Return what ``query`` asks of a measure; raises Problem with a sentence."""
        kinds = KINDS if definition is None else kinds_of(definition)
        kind = query.get("kind") or kinds[0]
        if kind not in kinds:
            raise Problem(f"There is no kind called {kind[:30]!r}. There are {', '.join(kinds)}.")
        sort = query.get("sort") or "name"
        if sort not in sorts_of(definition):
            raise Problem(f"The table cannot be sorted by {sort[:30]!r}.")
        page = query.get("page") or "1"
        if not (page.isascii() and page.isdigit() and 0 < int(page) < 100_000):
            raise Problem(f"{page[:30]!r} is not the number of a page.")
        within = query.get("within") or ""
        look = query.get("look") or "all"
        if look not in dict(LOOKS):
            raise Problem(f"There is no picture called {look[:30]!r}.")
        return cls(
            kind=kind,
            period=period(query.get("period")),
            within=code(within) if within else None,
            sort=sort,
            down=query.get("order") == "down",
            page=int(page),
            inclusion=inclusion(query),
            look=look,
        )


def kinds_of(definition: Any) -> tuple[str, ...]:
    """Return the kinds that a measure is shown over, the one it is counted for first."""
    counted = definition.counted_for
    return KINDS if counted == "practice" else (counted, *_SUMMING.get(counted, ()))


def looks_of(definition: Any, kind: str) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a kind of organisation may be looked at on a measure.

    Everyone of a kind that is not counted one by one is looked at in the table alone.
    """
    if not definition.ranked:
        return ()
    kinds = ("practice", "pcn", "sub_icb", "icb")
    return tuple(
        (key, words)
        for key, words in LOOKS
        if (key == "all" and kind == "practice")
        or (key in ("funnel", "order") and kind in kinds)
        or (key == "fifths" and kind == "practice" and definition.counted_for == "practice")
    )


def sorts_of(definition: Any) -> tuple[str, ...]:
    """Return the columns that its table may be sorted by: names alone where nobody is ranked."""
    return SORTS if definition is None or definition.ranked else SORTS[:1]


def inclusion(query: QueryDict) -> Inclusion | None:
    """Return which practices are compared: None where ``query`` asks for everyone."""
    return None if query.get("everyone") else usual_inclusion()


def usual_inclusion() -> Inclusion:
    """Return the rule of inclusion as this house has set it, or the usual one."""
    usual = Inclusion()
    smallest = tables.setting("inclusion.minimum_list")
    active = tables.setting("inclusion.active_only")
    return Inclusion(
        usual.minimum_list if smallest is None else int(smallest),
        usual.active_only if active is None else bool(active),
    )


def code(text: str) -> str:
    """Return an organisation's code as it is stored: capitals, but a group's own stays small."""
    text = text.strip()
    return text.lower() if text.lower().startswith("g-") else text.upper()


def period(text: str | None) -> str | None:
    """Return a period's code, or None where none is named; raises Problem with a sentence."""
    if not text or not text.strip():
        return None
    try:
        return Period.parse(text[:40]).code
    except ValueError as error:
        raise Problem(str(error)) from None


def measure(here: Here, id: str) -> Any:
    """Return the measure's definition; raises NotFound with the nearest name."""
    known = here.knowledge.measures
    if id not in known:
        near = get_close_matches(id, known, 1)
        hint = f" Did you mean {near[0]}?" if near else " The list of measures has them all."
        raise NotFound(f"There is no measure called {id[:60]!r}.{hint}")
    return known[id]


def organisation(here: Here, asked: str) -> dict[str, Any]:
    """Return the row of ORGANISATIONS for a code; raises NotFound with a sentence."""
    try:
        row: dict[str, Any] = here.ask(here.know.organisation, code(asked)).rows[0]
    except NotFound:
        # The workbench names the command that looks for one; a page has its search.
        raise NotFound(
            f"No file that is loaded names an organisation {code(asked)[:60]!r}. "
            "Find it by part of its name."
        ) from None
    return row


def around(here: Here, own: str) -> dict[str, dict[str, Any]]:
    """Return what ``own`` belongs to: kind -> row; a kind of which it has several is left out."""
    rows = here.ask(here.know.belongs_to, own).rows
    kinds = [row["kind"] for row in rows]
    return {row["kind"]: row for row in rows if kinds.count(row["kind"]) == 1}


def need_years(here: Here, own: str) -> list[str]:
    """Return the years for which need is loaded, latest first."""
    periods = here.ask(here.know.need, own).data.column("period").to_pylist()
    return sorted(set(periods), reverse=True)


def in_order(here: Here, measure_id: str, asked: Asked) -> Table:
    """Return a measure's rows in the order asked for; empty cells stand last."""
    if asked.within:
        organisation(here, asked.within)
    table = here.ask(
        here.measure.over, measure_id, asked.kind, asked.period, asked.within, asked.inclusion
    )
    order = "descending" if asked.down else "ascending"
    data = table.data.sort_by([(asked.sort, order), ("code", "ascending")])
    return Table(table.schema, data, title=table.title, caption=table.caption, notes=table.notes)


def question(here: Here, look: str) -> Any:
    """Return the room's question that a look asks: organisations beside limits, or in order."""
    return here.measure.funnel if look == "funnel" else here.measure.in_order


def looked_at(here: Here, measure_id: str, asked: Asked, look: str) -> Table:
    """Return the rows under a look: by likely true value, by name, or in the order asked for."""
    if look not in ("funnel", "order"):
        return here.work(in_order, measure_id, asked)
    if asked.within:
        organisation(here, asked.within)
    table = here.ask(question(here, look), measure_id, asked.kind, asked.within)
    if look == "order":
        return table
    data = table.data.sort_by([("name", "ascending"), ("code", "ascending")])
    return Table(table.schema, data, title=table.title, caption=table.caption, notes=table.notes)


def one_page(table: Table, page: int) -> Table:
    """Return the rows of one page; raises NotFound where there is no such page."""
    start = (page - 1) * ROWS_A_PAGE
    if page > 1 and start >= len(table):
        raise NotFound(f"There is no page {page}: this table has {pages(table)}.")
    data = table.data.slice(start, ROWS_A_PAGE)
    return Table(table.schema, data, title=table.title, caption=table.caption, notes=table.notes)


def pages(table: Table) -> int:
    """Return how many pages the table fills."""
    return max(1, -(-len(table) // ROWS_A_PAGE))
