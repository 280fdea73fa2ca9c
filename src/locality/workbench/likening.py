"""Load, call, return: peers by what drives a measure, inequality, and care adjustments."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from locality.figures import Figure, Problem, Table
from locality.figures.schemas import ORGANISATIONS
from locality.know import Inclusion, included
from locality.knowledge.drivers import Driver, drivers
from locality.measure.bunching import bunching, upper_threshold
from locality.measure.care_adjustments import care_adjustments, care_over
from locality.measure.inequality import Unequal, inequality
from locality.measure.peers import (
    COUNT,
    Likeness,
    Profiles,
    alike,
    drivers_table,
    peers_table,
)
from locality.workbench import loading
from locality.workbench.defining import Defining
from locality.workbench.sourcing import counted_rows, entities, sources_of

if TYPE_CHECKING:
    from locality import knowledge
    from locality.store import Version

#: Which practices are compared unless somebody asks otherwise.
USUAL = Inclusion()


class Likening(Defining):
    """Peers, inequality and care adjustments, worked out on reading from one lake version."""

    def peers(
        self, measure: str, code: str, count: int = COUNT, period: str | None = None
    ) -> Table:
        """Return a practice and the practices most like it, by what drives a measure (PEERS).

        Peers are of all England, of those usually compared and with a value in that period.
        Problem for what is not a practice, or a measure that is not counted for practices.
        """
        one, profiles, found, values, _ = self._liken(measure, code, count, period)
        return peers_table(
            one, profiles, found, values, loading.names(self._version), (USUAL.sentence,)
        )

    def peer_drivers(
        self, measure: str, code: str, count: int = COUNT, period: str | None = None
    ) -> Table:
        """Return what those peers are found by: the practice, its peers, everyone (DRIVERS)."""
        one, profiles, found, _, compared = self._liken(measure, code, count, period)
        table = drivers_table(profiles, found, compared)
        why = drivers().why(one)
        notes = (why, *table.notes) if why else table.notes
        return Table(table.schema, table.data, table.title, table.caption, notes)

    def opportunity(self, measure: str, code: str) -> Table:
        """Return a practice's gap to the mean of its peers, shrunken (OPPORTUNITY).

        Empty where chance has no part in the measure, or nothing is truly different.
        """
        from locality import measure as room
        from locality.workbench.judging import models_of

        one, profiles, near, values, compared = self._liken(measure, code, COUNT, None)
        own = [profiles.codes[near.own], *(profiles.codes[place] for place in near.places)]
        order = [*own, *sorted(compared - set(own))]
        held = {row["code"]: row for row in values.rows}
        top, bottom = (
            np.array([held[c][name] if c in held else np.nan for c in order], np.float64)
            for name in ("numerator", "denominator")
        )
        row_of = {known: n for n, known in enumerate(profiles.codes)}
        places = [row_of[c] for c in order]
        period = str(values.rows[0]["period"]) if len(values) else ""
        return room.opportunity(
            one,
            models_of(self._version).get((one.id, "practice")),
            period,
            top,
            bottom,
            profiles.scaled[places],
            len(near.places),
        )

    def inequality(
        self, measure: str, within: str | None = None, period: str | None = None
    ) -> Table:
        """Return a measure by fifths of patients, from least deprived to most (INEQUALITY).

        Of England's practices that are usually compared, or of those ``within`` an organisation.
        """
        return self._unequal(measure, within, period).fifths

    def slope_index(
        self, measure: str, within: str | None = None, period: str | None = None
    ) -> Figure:
        """Return the difference from the least deprived end to the most, with its interval."""
        return self._unequal(measure, within, period).slope

    def relative_index(
        self, measure: str, within: str | None = None, period: str | None = None
    ) -> Figure:
        """Return the most deprived end over the least deprived, with its interval."""
        return self._unequal(measure, within, period).relative

    def care_adjustments(self, code: str, year: str | None = None) -> Table:
        """Return a practice's QOF with and without care adjustments (CARE_ADJUSTMENTS)."""
        found = loading.organisation(self._version, code)
        if found["kind"] != "practice":
            raise Problem(
                f"{found['name']} is not a practice: ask for one measure over it instead."
            )
        own = loading.select(self._version, "qof_achievement", practice_code=str(found["code"]))
        years: list[Any] = own.data.column("period").to_pylist()
        when = loading.parsed(year) if year else max(years, default="")
        sheet = self._here.knowledge.rules.sheets.get(f"qof/{when}")
        boards = loading.boards(self._version).get(str(found["code"]), frozenset())
        inside = [one for board in boards for one in loading.practices(self._version, board)]
        return care_adjustments(
            loading.select(self._version, "qof_achievement", period=when),
            loading.select(self._version, "qof_indicators", period=when),
            str(found["code"]),
            inside,
            when,
            {row.code: row.title for row in sheet.rows} if sheet else {},
        )

    def care_over(self, measure: str, kind: str = "practice", period: str | None = None) -> Table:
        """Return one measure with and without care adjustments, over a kind (CARE_OVER)."""
        one = self._definition(measure)
        when = self._period(one.id, loading.organisation(self._version, "ENG"), period)
        rows = self._rows(one, kind=kind, period=when)
        return care_over(one, rows, loading.names(self._version))

    def bunching(self, measure: str, period: str | None = None) -> Table:
        """Return whether practices bunch just above the upper threshold, as a question (BUNCHING).

        RuleMissing, with where it would be published, for a year whose threshold is not known.
        """
        one = self._definition(measure)
        when = self._period(one.id, loading.organisation(self._version, "ENG"), period)
        threshold = upper_threshold(one, self._here.knowledge.rules, when)
        rows = self._rows(one, kind="practice", period=when)
        return bunching(one, rows, threshold)

    def _liken(
        self, measure: str, code: str, count: int, period: str | None
    ) -> tuple[knowledge.Measure, Profiles, Likeness, Table, frozenset[str]]:
        """Return what peers are made of: definition, profiles, who is near, values, compared."""
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        if one.counted_for != "practice" or found["kind"] != "practice":
            raise Problem(
                f"Peers are of practices: {found['name']} is not one."
                if found["kind"] != "practice"
                else f"{one.title} is not counted for practices, so that there are no peers."
            )
        from locality import measure as room

        when = self._period(one.id, found, period)
        values = room.over(one, self._rows(one, kind="practice", period=when))
        codes: list[Any] = values.data.column("code").to_pylist()
        there = np.isfinite(values.column("value")).tolist()
        compared = compared_practices(self._version) & {
            code for code, has in zip(codes, there, strict=True) if has
        }
        profiles = profiles_of(self._version).only(drivers().of(one))
        near = alike(profiles, str(found["code"]), compared, count)
        return one, profiles, near, values, compared

    def _unequal(self, measure: str, within: str | None, period: str | None) -> Unequal:
        one = self._definition(measure)
        if one.counted_for != "practice":
            raise Problem(f"{one.title} is not counted for practices: deprivation is of practices.")
        version = self._version
        whole = loading.organisation(version, within or "ENG")
        when = self._period(one.id, whole, period)
        codes = compared_practices(version)
        if within is not None:
            codes &= set(loading.practices(version, within))
        rows = self._rows(one, codes=sorted(codes), kind="practice", period=when)
        scores = profile_column(version, "deprivation")
        lists = profile_column(version, "list_size")
        own = sources_of(
            self._here, one.datasets, period=when, practices=codes,
            where=counted_rows(one), entity=entities(one),
        )  # fmt: skip
        of_deprivation = profiles_of(version).only([drivers().known["deprivation"]]).periods[0]
        return inequality(
            one,
            rows,
            scores,
            lists,
            organisation=str(whole["code"]),
            name=str(whole["name"]),
            sources=(
                *own,
                *sources_of(self._here, ("deprivation",), period=of_deprivation, practices=codes),
            ),
        )


@lru_cache(maxsize=8)
def profiles_of(version: Version) -> Profiles:
    """Return what is known of every practice, by every driver, read once for each version."""
    known = loading.known_organisations(version)
    codes = tuple(sorted(code for code, row in known.items() if row["kind"] == "practice"))
    place = {code: row for row, code in enumerate(codes)}
    every = tuple(drivers().known.values())
    numbers = np.full((len(codes), len(every)), np.nan)
    periods = []
    for column, driver in enumerate(every):
        period, found = _driver(version, driver)
        periods.append(period)
        for code, number in found.items():
            if code in place:
                numbers[place[code], column] = number
    numbers.flags.writeable = False
    return Profiles(codes, every, numbers, tuple(periods))


def profile_column(version: Version, id: str) -> dict[str, float]:
    """Return one driver by practice code, of the practices of which it is known."""
    profiles = profiles_of(version).only([drivers().known[id]])
    return {
        code: number
        for code, number in zip(profiles.codes, profiles.numbers[:, 0].tolist(), strict=True)
        if not np.isnan(number)
    }


@lru_cache(maxsize=32)
def compared_practices(version: Version, rule: Inclusion = USUAL) -> frozenset[str]:
    """Return the practices that ``rule`` includes, by the latest list and status."""
    known = loading.known_organisations(version).values()
    table = included(
        Table.of(ORGANISATIONS, [row for row in known if row["kind"] == "practice"]), rule
    )
    return frozenset(row["practice_code"] for row in table.rows if row["included"])


def _driver(version: Version, driver: Driver) -> tuple[str, dict[str, float]]:
    """Return the latest period of a driver and its number by practice; nothing if none is there."""
    if driver.measure:
        return _of_measure(version, driver.measure)
    # Names are the schema's own, and conditions compiled from whitelisted expressions.
    table, column, when = driver.table, driver.column, driver.period_column
    last = version.run(f"SELECT max({when}) AS last FROM {table}").column("last")[0].as_py()  # noqa: S608
    if last is None:
        return "", {}
    conditions = {key: one.sql_tree().sql("duckdb") for key, one in driver.expressions.items()}
    if driver.yes:
        number = (
            f"CASE WHEN {column} IS NULL THEN NULL ELSE CAST({conditions['yes']} AS DOUBLE) END"
        )
        number = f"max({number})"
    else:
        number = _whole_sum(column, conditions.get("where", "TRUE"), driver.absent)
        if driver.over:
            number += f" / nullif({_whole_sum(column, conditions['over'], 'no return')}, 0)"
        number = f"{driver.scale} * {number}"
    text = f"SELECT practice_code, {number} AS number FROM {table} WHERE {when} = $last"  # noqa: S608
    rows = version.run(f"{text} GROUP BY practice_code", last=last)
    pairs = zip(
        rows.column("practice_code").to_pylist(), rows.column("number").to_pylist(), strict=True
    )
    return str(last), {str(code): number for code, number in pairs if number is not None}


def _whole_sum(column: str, condition: str, absent: str) -> str:
    """Return SQL for a sum over rows that is empty where one of them has no number."""
    holes = f"count(*) FILTER (WHERE {condition} AND {column} IS NULL)"
    total = f"CAST(sum({column}) FILTER (WHERE {condition}) AS DOUBLE)"
    if absent == "zero":
        total = f"coalesce({total}, 0)"
    return f"CASE WHEN {holes} = 0 THEN {total} END"


def _of_measure(version: Version, id: str) -> tuple[str, dict[str, float]]:
    """Return the last period of a share in per cent, and its value by practice."""
    held = version.measures.get(id)
    if held is None or held["local"] or not held["periods"]:
        return "", {}
    period = held["periods"][-1]
    rows = version.observations(id, kind="practice", period=period)
    num, den = rows.column("numerator"), rows.column("denominator")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 100 * num / den
    codes: list[Any] = rows.data.column("code").to_pylist()
    pairs = zip(codes, share.tolist(), strict=True)
    return period, {code: number for code, number in pairs if np.isfinite(number)}
