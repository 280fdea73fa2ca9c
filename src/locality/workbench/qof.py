"""Load, call, return: QOF points and pounds of one practice, and of all of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from locality.figures import NotFound, Period, Problem, Statement, Table, typed_day
from locality.knowledge import RuleMissing
from locality.measure import qof as room
from locality.workbench import loading, prevalence
from locality.workbench.beside_points import beside_points, year_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from locality.knowledge import Rules
    from locality.store import Version
    from locality.workbench import Workbench

#: Rules that a year's pounds rest on.
CONSTANTS = ("qof.point_value", "qof.national_list", "qof.aspiration_share")


class Qof:
    """QOF of one practice: results as published, points and pounds, the pace of this year."""

    def __init__(self, here: Workbench) -> None:
        self._here = here

    @property
    def _version(self) -> Version:
        return self._here.version

    @property
    def _rules(self) -> Rules:
        return self._here.knowledge.rules

    def overall(self, code: str) -> Table:
        """Return the points of the practice ``code`` by year, as published (QOF_SCORE)."""
        found = loading.organisation(self._version, code)
        return room.overall(
            loading.select(self._version, "qof_overall"),
            loading.select(self._version, "qof_geographies"),
            str(found["code"]),
        )

    def indicators(self, code: str, year: str | None = None) -> Table:
        """Return one year of a practice by indicator, as published (QOF_BY_INDICATOR)."""
        found = loading.organisation(self._version, code)
        when = loading.parsed(year) if year else _last_year(self._version, str(found["code"]))
        sheet = self._rules.sheets.get(f"qof/{when}")
        titles = {row.code: row.title for row in sheet.rows} if sheet else {}
        return room.by_indicator(
            loading.select(self._version, "qof_achievement", period=when),
            loading.select(self._version, "qof_indicators", period=when),
            str(found["code"]),
            when,
            titles,
        )

    def readings(self, code: str) -> tuple[tuple[str, date | None], ...]:
        """Return what is held of a practice: (financial year, day), latest first.

        The day is None for a whole year's published results. Counts during the year are the
        practice's own: they are listed for the practice itself alone.
        """
        own = self._practice(code)
        text = "SELECT DISTINCT period FROM qof_achievement WHERE practice_code = $code"
        years: list[Any] = self._version.run(text, code=own).column("period").to_pylist()
        found: list[tuple[str, date | None]] = [(year, None) for year in years]
        if self._here.reads(own):
            text = "SELECT DISTINCT as_at FROM qof_in_year WHERE practice_code = $code"
            days: list[Any] = self._version.run(text, code=own).column("as_at").to_pylist()
            found += [(Period.year_of(day).code, day) for day in days]
        return tuple(sorted(found, key=lambda one: (one[0], one[1] or date.max), reverse=True))

    def position(
        self, code: str, year: str | None = None, as_at: str | None = None,
        typed: room.Typed | None = None,
    ) -> Table:  # fmt: skip
        """Return where a practice stands: points, pounds, patients, by indicator (QOF_POSITION).

        ``year`` is the latest with a count unless given, ``as_at`` a day of a count during that
        year (latest unless given). ``typed`` are counts typed by hand, in place of any held.
        Problem where nothing is held.
        """
        own, name = self._practice(code), self._name(code)
        held = typed.counts if typed else self._counts(own, year, as_at)
        scored, prevalence_of = self._scored(held)
        return room.position(
            scored,
            name=name,
            prevalence_of=prevalence_of,
            beside=beside_points(self._here, own, held),
            ahead=self._ahead(held),
        )

    def statement(
        self, code: str, year: str | None = None, as_at: str | None = None,
        typed: room.Typed | None = None,
    ) -> Statement:  # fmt: skip
        """Return what a practice's points are worth, each line and factor citing its rule."""
        own, name = self._practice(code), self._name(code)
        held = typed.counts if typed else self._counts(own, year, as_at)
        scored, prevalence_of = self._scored(held)
        notes = [*self._about(own, held)]
        return room.statement(scored, name=name, prevalence_of=prevalence_of, notes=notes)

    def through_the_year(
        self, code: str, year: str | None = None, monthly: str | None = None
    ) -> Statement:
        """Return achievement, aspiration paid and balance of a year (its latest count).

        ``monthly`` is the aspiration as the practice's own statement has it, in pounds; without
        it, it is worked out from last year's points where those are held.
        """
        own = self._practice(code)
        held = self._counts(own, year, None)
        earned = room.statement(
            self._scored(held)[0], name=self._name(own), prevalence_of=held.period
        ).total
        share, last = None, None
        try:
            share = room.constant(self._rules, "qof.aspiration_share", held.period)
            before = self._counts(own, year_before(held.period), None)
            last = room.statement(
                self._scored(before)[0], name="", prevalence_of=before.period
            ).total
        except Problem:
            last = None
        typed = None if monthly is None else _pounds(monthly)
        return room.through_the_year(earned, last, share, period=held.period, monthly=typed)

    def pace(self, code: str, as_at: str | None = None, typed: room.Typed | None = None) -> Table:
        """Return what the time that is left asks for, by indicator (QOF_PACE).

        Problem where no count during a year is held for the practice.
        """
        own = self._practice(code)
        days = [day for _, day in self.readings(own) if day is not None]
        if typed is None and not days:
            raise Problem(
                f"No counts during the year are held for {self._name(own)}. Type them in, or "
                "ingest a file of them."
            )
        day = typed_day(as_at) if as_at else max(days, default=date.min)
        held = typed.counts if typed else self._in_year(own, day)
        scored, _ = self._scored(held)
        return room.pace(scored, self._profile(own, held), name=self._name(own))

    def scenarios(self, year: str | None = None, within: str | None = None) -> Table:
        """Return every practice's points and pounds under three scenarios (QOF_SCENARIOS).

        The year's own sheet, the next year's, and every patient reached. ``within`` narrows to the
        practices of an organisation. Problem where no results of the year are held.
        """
        period = loading.parsed(year) if year else _last_year(self._version, None)
        practices = tuple(_of_year(self._version, period))
        if within is not None:
            inside = set(loading.practices(self._version, within))
            practices = tuple(one for one in practices if one in inside)
        if not practices:
            raise Problem(f"No QOF results are held for {year or 'any year'}.")
        held = room.Counts.of(
            loading.select(self._version, "qof_achievement", period=period),
            practices,
            self._scheme(period).codes,
            period,
        )
        scored, _ = self._scored(held)
        found = {f"As counted, {period}": scored}
        ahead = self._ahead(held)
        if ahead is not None:
            following = ahead[0].scheme.period
            found[f"The same counts under {following}"] = ahead[0]
        found["Every patient reached"] = room.every_point(scored)
        return room.scenarios(found)

    def constants(self, year: str) -> Table:
        """Return what a year's pounds rest on, and what is missing (QOF_CONSTANTS)."""
        period = loading.parsed(year)
        found = []
        for id in CONSTANTS:
            try:
                found.append(room.constant(self._rules, id, period))
            except RuleMissing:
                continue
        return room.constants_table(found)

    def typed(
        self, code: str, fields: Mapping[str, str], as_at: date, today: date | None = None
    ) -> room.Typed:
        """Return counts typed by hand for a practice, with a sentence for each mistake."""
        period = Period.year_of(as_at).code
        return room.typed(fields, self._scheme(period), self._practice(code), as_at, today)

    def sheet(self, year: str) -> Any:
        """Return the year's sheet (knowledge.Sheet); RuleMissing with the years there are."""
        return self._rules.sheet("qof", loading.parsed(year))

    def _practice(self, code: str) -> str:
        found = loading.organisation(self._version, code)
        if found["kind"] != "practice":
            raise NotFound(f"{found['name']} is not a practice: QOF is paid to practices.")
        return str(found["code"])

    def _name(self, code: str) -> str:
        return str(loading.organisation(self._version, code)["name"])

    def _scheme(self, period: str, on: date | None = None) -> room.Scheme:
        return room.Scheme.of(self._rules, period, on)

    def _counts(self, own: str, year: str | None, as_at: str | None) -> room.Counts:
        """Return the counts asked for: the latest of the practice unless something is named."""
        held = self.readings(own)
        if as_at:
            return self._in_year(own, typed_day(as_at))
        when = loading.parsed(year) if year else (held[0][0] if held else "")
        if not held or when not in {one for one, _ in held}:
            label = f" in {when}" if when else ""
            raise Problem(
                f"No QOF results or counts are held for {self._name(own)}{label}. Results come "
                "with NHS England's file ACHIEVEMENT; counts during the year are typed in, and "
                "shown to the practice itself."
            )
        days = [day for one, day in held if one == when]
        if None in days:
            rows = loading.select(self._version, "qof_achievement", period=when, practice_code=own)
            return room.Counts.of(rows, (own,), self._scheme(when).codes, when)
        return self._in_year(own, max(day for day in days if day is not None))

    def _in_year(self, own: str, day: date) -> room.Counts:
        if not self._here.reads(own):
            raise Problem(
                "Counts during the year are the practice's own. They are shown where it is "
                "chosen as your organisation, or with --as on the command line."
            )
        period = Period.year_of(day).code
        rows = loading.select(self._version, "qof_in_year", as_at=day, practice_code=own)
        if not len(rows):
            raise Problem(f"No counts of {day.day} {day:%B %Y} are held for {self._name(own)}.")
        return room.Counts.of(rows, (own,), self._scheme(period, day).codes, period, day)

    def _scored(self, held: room.Counts) -> tuple[room.Scored, str]:
        """Return ``held`` under its own year's sheet, and the year its prevalence is of."""
        scheme = self._scheme(held.period, held.as_at)
        weights = prevalence.prevalence(self._version, self._rules, held, scheme)
        lists = prevalence.lists(self._version, held)
        before = self._baseline(held, scheme)
        return room.Scored.of(scheme, held, lists, weights, before), weights.period

    def _ahead(self, held: room.Counts) -> tuple[room.Scored, room.Carried] | None:
        """Return the same counts under the next year's sheet; None where there is none."""
        following = Period.financial_year(Period.parse(held.period).start.year + 1).code
        if f"qof/{following}" not in self._rules.sheets:
            return None
        scheme = self._scheme(following)
        carry = room.carried(self._rules.sheet("qof", held.period), scheme.sheet)
        counts = room.counts_under(held, carry, scheme.codes, following)
        weights = prevalence.prevalence(self._version, self._rules, counts, scheme)
        lists = prevalence.lists(self._version, held)
        before = self._baseline(counts, scheme)
        return room.Scored.of(scheme, counts, lists, weights, before), carry

    def _baseline(self, held: room.Counts, scheme: room.Scheme) -> Any:
        """Return the mean achievement of the two years before, None where no route needs it."""
        if scheme.improvement is None:
            return None
        years = [year_before(held.period), year_before(year_before(held.period))]
        each = []
        for year in years:
            rows = loading.select(
                self._version, "qof_achievement", period=year, practice_code=list(held.practices)
            )
            then = room.Counts.of(rows, held.practices, scheme.codes, year)
            each.append(room.achievement(then.numerator, then.denominator))
        return np.mean(each, axis=0)

    def _profile(self, own: str, held: room.Counts) -> room.Profile | None:
        """Return how the practice's earlier years went on from this time of year."""
        if held.as_at is None:
            return None
        scheme = self._scheme(held.period, held.as_at)
        pairs = []
        results = {year for year, day in self.readings(own) if day is None}
        for year, day in self.readings(own):
            if day is None or year >= held.period or year not in results:
                continue
            if abs((_in_year_of(day, held.as_at) - held.as_at).days) > room.NEAR:
                continue
            reading, end = self._in_year(own, day), self._counts(own, year, None)
            carry = room.carried(self._rules.sheet("qof", year), scheme.sheet)
            pairs.append(tuple(
                room.counts_under(one, carry, scheme.codes, year) for one in (reading, end)
            ))  # fmt: skip
        return room.profile(pairs)  # type: ignore[arg-type]

    def _about(self, own: str, held: room.Counts) -> list[str]:
        """Return which list and prevalence the pounds rest on, in words."""
        lists = prevalence.lists(self._version, held)
        base = prevalence.prevalence_year(self._version, held.period)
        of = "the year's own results" if held.as_at is None else "the latest list that is loaded"
        found = []
        if np.isfinite(lists[0]):
            found.append(f"The list is {lists[0]:,.0f} patients, of {of}.")
        if base:
            found.append(
                f"Prevalence is of {base}, both the practice's and England's, over the whole list."
            )
        return found


def _last_year(version: Version, code: str | None) -> str:
    """Return the last year with QOF achievement, of a practice if named; empty without any."""
    where = "" if code is None else " WHERE practice_code = $code"
    text = f"SELECT max(period) AS last FROM qof_achievement{where}"  # noqa: S608
    asked = {} if code is None else {"code": code}
    last: str | None = version.run(text, **asked).column("last")[0].as_py()
    return last or ""


def _of_year(version: Version, period: str) -> list[str]:
    text = (
        "SELECT DISTINCT practice_code FROM qof_achievement WHERE period = $period "
        "ORDER BY practice_code"
    )
    found: list[Any] = version.run(text, period=period).column("practice_code").to_pylist()
    return found


def _in_year_of(day: date, other: date) -> date:
    """Return ``day`` moved into the financial year of ``other``."""
    years = Period.year_of(other).start.year - Period.year_of(day).start.year
    # 29 February stands for 28 in a year that has none.
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def _pounds(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "").replace("£", "").strip())
    except ArithmeticError:
        raise Problem(f"{text[:20]!r} is not an amount in pounds, such as 4210.50.") from None
    if not found.is_finite() or found < 0 or found > 10_000_000:
        raise Problem("An aspiration payment lies between £0 and £10,000,000 a month.")
    return found
