"""Load, call, return: the room of organisations, lists and need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality import know
from locality.figures import Figure, Problem, Statement, Step, Table, Working
from locality.figures.schemas import ORGANISATIONS
from locality.workbench import loading, paying, pricing, staffing
from locality.workbench.sourcing import sources_of

if TYPE_CHECKING:
    from locality.store import Version
    from locality.workbench import Workbench


class Know:
    """Who the organisations are and were, their lists, ages, need and fair shares."""

    def __init__(self, here: Workbench) -> None:
        self._here = here
        self._version = here.version

    def search(self, text: str, limit: int = 20) -> Table:
        """Return organisations whose name or code has ``text``, likeliest first (ORGANISATIONS)."""
        found = _matching(self._version, text)[:limit]
        return Table.of(ORGANISATIONS, found, title=f"Organisations like {text!r}")

    def organisation(self, code: str) -> Table:
        """Return the organisation ``code``, one row; NotFound where no file names it."""
        return Table.of(ORGANISATIONS, [loading.organisation(self._version, code)])

    def organisations(self, kind: str) -> Table:
        """Return every organisation of one kind, by name."""
        rows = [r for r in _named_rows(self._version) if r["kind"] == kind]
        return Table.of(ORGANISATIONS, rows)

    def belongs_to(self, code: str, at: date | None = None) -> Table:
        """Return what ``code`` belongs to on the day ``at``; None gives its last known place."""
        found = loading.organisation(self._version, code)
        # Who belonged to it on that day, not who does today: practices leave, networks close.
        levelled = found["kind"] in know.LEVELS
        members = () if levelled else loading.practices(self._version, code)
        own = self._ever_in(found) if levelled else self._hierarchy(members)
        return know.belongs_to(
            own, loading.names(self._version), str(found["kind"]), at, str(found["code"])
        )

    def members(self, code: str) -> Table:
        """Return the practices that ``code`` sums, by name (ORGANISATIONS)."""
        known = loading.known_organisations(self._version)
        rows = [known[one] for one in loading.practices(self._version, code) if one in known]
        rows.sort(key=lambda row: (str(row["status"]) != "active", str(row["name"])))
        return Table.of(ORGANISATIONS, rows)

    def history(self, code: str) -> Table:
        """Return what happened to ``code``: moves, mergers, successors, closure (PAST)."""
        found = loading.organisation(self._version, code)
        every = loading.select(self._version, "successions")
        names = loading.names(self._version)
        return know.past(found, self._ever_in(found), every, names, self._called(found))

    def ended_members(self, code: str) -> Table:
        """Return the practices of ``code`` that have ended, and who follows them (ENDED)."""
        members = loading.practices(self._version, code)
        known = loading.known_organisations(self._version)
        return know.ended_members(members, known, loading.select(self._version, "successions"))

    def oversight(self, on: date) -> Table:
        """Return who oversees general practice on a day, as far as it is known (OVERSIGHT)."""
        from locality.knowledge.oversight import overseers

        return know.oversight(overseers(self._here.home).values(), on)

    def roles(self) -> Table:
        """Return who can help with what, and who supervises them (ROLE_CARDS)."""
        from locality.knowledge.oversight import role_cards

        return know.roles(role_cards(self._here.home).values())

    def crossing_networks(self, at: date | None = None) -> Table:
        """Return the networks with practices in more than one board on a day (latest map)."""
        day = at or loading.latest(self._version, "practice_map")
        if day is None:
            raise Problem("No practice map is loaded, so nobody's board is known.")
        standing = know.hierarchy_at(loading.select(self._version, "hierarchy"), day)
        return know.crossing_networks(standing, loading.names(self._version))

    def list_size(self, code: str) -> Figure:
        """Return the latest registered list of ``code``, in patients."""
        found = loading.organisation(self._version, code)
        members = loading.practices(self._version, code)
        lists = loading.select(self._version, "lists", practice_code=members)
        days: list[Any] = lists.data.column("as_at").unique().to_pylist()
        used = sources_of(
            self._here,
            ("list_sizes", "age_sex"),
            period=max(days).isoformat() if days else None,
            practices=members,
        )
        steps = (Step("Add up the members' lists on the latest date that a file gives."),)
        known = loading.known_organisations(self._version)
        active = [one for one in members if one in known and known[one]["status"] == "active"]
        return know.list_size(lists, found, members, Working(used, (), steps), active)

    def list_trend(self, code: str) -> Table:
        """Return the registered list at every date, oldest first (VALUES)."""
        members = loading.practices(self._version, code)
        lists = loading.select(self._version, "lists", practice_code=members)
        return know.list_trend(lists, loading.organisation(self._version, code))

    def age_sex(self, code: str) -> Table:
        """Return the latest age and sex of the list of ``code``, against England's."""
        found = loading.organisation(self._version, code)
        code, kind = str(found["code"]), str(found["kind"])
        day = loading.latest(self._version, "age_sex")
        if kind == "practice":
            own = loading.select(self._version, "age_sex", practice_code=(code,), as_at=day)
        else:
            own = loading.select(self._version, "age_sex_totals", code=code, kind=kind, as_at=day)
        england = loading.select(
            self._version, "age_sex_totals", code="ENG", kind="england", as_at=day
        )
        profile = know.age_sex_profile(own, england)
        notes = (f"As at {day:%-d %B %Y}." if day else "No age and sex file is loaded.",)
        return Table(profile.schema, profile.data, profile.title, profile.caption, notes)

    def need(self, code: str, year: str | None = None) -> Table:
        """Return registered against need-weighted population, by component and year (NEED)."""
        period = loading.parsed(year) if year else None
        return know.need(
            self._weighted(loading.practices(self._version, code), period),
            self._weighted(self._board(code)[1], period),
        )

    def staff(self, code: str, as_at: date | None = None) -> Table:
        """Return staff by role per 10,000 patients, beside its board and England (know.STAFF).

        At the latest census that most practices are in, unless ``as_at`` names another.
        """
        return staffing.staff(self._version, code, as_at)

    def staff_trend(self, code: str) -> Table:
        """Return the staff groups of ``code`` at every census (know.STAFF_TREND)."""
        return staffing.staff_trend(self._version, code)

    def network_staff(self, code: str) -> Table:
        """Return the staff that the network ``code`` itself employs (know.STAFF_OF_NETWORK)."""
        return staffing.network_staff(self._version, code)

    def money(self, code: str, year: str | None = None) -> Table:
        """Return what ``code`` received in a year by line, per patient, beside others (know.MONEY).

        It is money paid to practices as contractors, not anybody's pay.
        """
        return paying.money(self._version, code, year)

    def money_trend(self, code: str) -> Table:
        """Return what ``code`` received in each year by group (know.MONEY_TREND)."""
        return paying.money_trend(self._version, code)

    def price(self, hrg: str, setting: str, year: str) -> Figure:
        """Return the national price of an HRG in a setting (know.SETTINGS) and year."""
        return pricing.price(self._here, hrg, setting, year)

    def prices(self, text: str) -> Table:
        """Return every price of the HRGs that ``text`` finds (know.PRICE_LIST)."""
        return pricing.prices(self._here, text)

    def costs(self, text: str, year: str | None = None) -> Table:
        """Return the national costs that ``text`` finds (know.COST_LIST)."""
        return pricing.costs(self._here, text, year)

    def list_in_pounds(
        self, code: str, allocation: Decimal, component: str = "overall", year: str | None = None
    ) -> Statement:
        """Return what the list of ``code`` stands for out of its board's ``allocation`` in pounds.

        ``year`` is the latest loaded unless given. Problem where the file has no such year or
        component, or the organisation lies in no single board.
        """
        found = loading.organisation(self._version, code)
        board, _ = self._board(code)
        if not board:
            raise Problem(f"{found['name']} lies in no single integrated care board.")
        table = self.need(code)
        period = loading.parsed(year) if year else max(
            (row["period"] for row in table.rows), default=""
        )  # fmt: skip
        return know.list_in_pounds(
            table,
            period=period,
            component=component,
            allocation=allocation,
            list_name=str(found["name"]),
            icb_name=loading.names(self._version)[board],
            working=Working(sources_of(self._here, ("weighted_populations",), period=period)),
        )

    def inclusion(self, rule: know.Inclusion | None = None) -> Table:
        """Return which practices a comparison includes, and why others are not (INCLUSION)."""
        return know.included(self.organisations("practice"), rule)

    def _hierarchy(self, practices: tuple[str, ...]) -> Table:
        return loading.select(self._version, "hierarchy", practice_code=practices)

    def _ever_in(self, found: Mapping[str, Any]) -> Table:
        """Return the hierarchy rows that name an organisation, of whatever day."""
        kind = str(found["kind"])
        if kind not in ("practice", *know.LEVELS):
            return self._hierarchy(())
        return loading.select(self._version, "hierarchy", **{f"{kind}_code": str(found["code"])})

    def _called(self, found: Mapping[str, Any]) -> list[tuple[date, str]]:
        """Return what each practice map called an organisation, by its date."""
        kind = str(found["kind"])
        if kind not in ("practice", "pcn", "sub_icb", "icb", "region"):
            return []
        rows = loading.select(self._version, "practice_map", **{f"{kind}_code": str(found["code"])})
        return sorted(
            {(row["as_at"], row[f"{kind}_name"]) for row in rows.rows if row[f"{kind}_name"]}
        )

    def _weighted(self, practices: tuple[str, ...], period: str | None) -> Table:
        return loading.select(
            self._version, "weighted_populations", practice_code=practices, period=period
        )

    def _board(self, code: str) -> tuple[str, tuple[str, ...]]:
        """Return the one board that ``code`` lies in, and the board's practices."""
        found = loading.organisation(self._version, code)
        if found["kind"] == "icb":
            return str(found["code"]), loading.practices(self._version, code)
        boards = [row["code"] for row in self.belongs_to(code).rows if row["kind"] == "icb"]
        if len(boards) != 1:
            return "", ()
        return boards[0], loading.members_of(self._version).get(boards[0], ())


@lru_cache(maxsize=8)
def _named_rows(version: Version) -> tuple[dict[str, Any], ...]:
    rows = loading.known_organisations(version).values()
    return tuple(sorted(rows, key=lambda row: (str(row["name"]), str(row["code"]))))


_ORDER = ("practice", "pcn", "group", "place", "sub_icb", "icb", "region", "england")


def _matching(version: Version, text: str) -> list[dict[str, Any]]:
    """Return rows that have every word of ``text`` in name or code: open ones, beginnings first."""
    words = text.casefold().split()
    if not words:
        return []
    found = []
    for row in _named_rows(version):
        name, code = str(row["name"]).casefold(), str(row["code"]).casefold()
        if all(word in name or word in code for word in words):
            exact = code == text.casefold()
            begins = name.startswith(words[0]) or f" {words[0]}" in name
            found.append(
                (not exact, row["status"] == "closed", not begins, _ORDER.index(row["kind"]), row)
            )
    return [row for *_, row in sorted(found, key=lambda item: item[:4])]
