"""Load, call, return: the room of measures. Every count leaves through the release gate."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from locality import measure as room
from locality.figures import Figure, Paper, Problem, Table
from locality.know import Inclusion
from locality.workbench import loading, waiting
from locality.workbench.feedback import charted, feedback
from locality.workbench.judging import Judging
from locality.workbench.likening import Likening, compared_practices
from locality.workbench.qof import Qof
from locality.workbench.recounting import Recount
from locality.workbench.sourcing import counted_rows, entities, sources_of

if TYPE_CHECKING:
    from locality import knowledge

#: Which practices are compared unless somebody asks otherwise.
USUAL = Inclusion()
#: The kinds that a measure is listed over.
KINDS = ("practice", "pcn", "place", "sub_icb", "icb", "region", "england", "group")


class Measure(Judging, Likening):
    """Each measure's value with interval and comparators, its trend, and its working.

    What is judged of it (funnels, order, charts, alerts, peers) is in the classes it rests on.
    """

    def catalogue(self) -> Table:
        """Return what is measured: counts, unit, owner, next review (CATALOGUE)."""
        return room.catalogue(self._here.knowledge.measures.values())

    def figure(self, measure: str, code: str, period: str | None = None) -> Figure:
        """Return one figure with interval, comparators in words, and its working.

        ``period`` is the latest with counts for that organisation unless given. NotFound names
        the nearest measure; Problem says which periods there are.
        """
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        when = self._period(one.id, found, period)
        rows = self._rows(one, codes=self._beside(found), period=when)
        return self._figure(one, found, when, rows)

    def figures(self, code: str, period: str | None = None) -> Table:
        """Return every measure of an organisation beside its board and England (FIGURES).

        Each at its latest period, or all at ``period``.
        """
        found = loading.organisation(self._version, code)
        asked = self._beside(found)
        measures = self._here.knowledge.measures
        if period is None:
            observed = self._version.latest(codes=asked)
        else:
            when = loading.parsed(period)
            observed = _together(
                {
                    id: self._version.observations(id, codes=asked, period=when)
                    for id, held in self._version.measures.items()
                    if when in held["periods"]
                }
            )
        ids: list[Any] = observed.data.column("measure").to_pylist()
        local = np.array([self._is_local(id) for id in ids], np.bool_)
        shown = room.released(
            observed, local=local, reader=self._here.reader_among(asked) if local.any() else None
        )
        board = asked[1] if len(asked) == 3 else None
        return room.figures(measures, shown, str(found["code"]), board)

    def over(
        self,
        measure: str,
        kind: str | None = None,
        period: str | None = None,
        within: str | None = None,
        inclusion: Inclusion | None = USUAL,
    ) -> Table:
        """Return one measure over all organisations of a kind, by name (VALUES). No ranking.

        ``kind`` is the one that it is counted for unless given: practices, or sub-ICBs for waits.
        ``within`` narrows to those that have a practice of that organisation. ``inclusion`` says
        which practices are compared (None: every one); a note counts those left out.
        """
        one = self._definition(measure)
        kind = kind or one.counted_for
        if kind not in KINDS:
            raise Problem(f"There is no kind {kind!r}; there are {', '.join(KINDS)}.")
        when = self._period(one.id, loading.organisation(self._version, "ENG"), period)
        rows = self._rows(one, kind=kind, period=when)
        if within is not None:
            inside = set(loading.practices(self._version, within))
            if kind != "practice":
                sums = loading.members_of(self._version)
                codes: set[Any] = set(rows.data.column("code").to_pylist())
                inside = {code for code in codes if inside & set(sums.get(code, ()))}
            keep = pa.array([code in inside for code in rows.data.column("code").to_pylist()])
            rows = Table(rows.schema, rows.data.filter(keep))
        found = room.over(one, rows, loading.names(self._version))
        return found if kind != "practice" else self._included(found, inclusion)

    def trend(self, measure: str, code: str) -> Table:
        """Return one measure of one organisation through time, oldest first (VALUES)."""
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        rows = self._rows(one, codes=(str(found["code"]),))
        return room.trend(one, rows, loading.names(self._version))

    def waits(self, code: str, period: str | None = None) -> Table:
        """Return hospital waits by specialty of ``code``, or of its sub-ICB (measure.WAITS)."""
        return waiting.waits(self._version, code, period)

    def waits_over(
        self,
        treatment_function: str = "C_999",
        kind: str = "sub_icb",
        period: str | None = None,
    ) -> Table:
        """Return one specialty's waits over organisations of a kind, by name (WAITS_OVER)."""
        return waiting.waits_over(self._version, treatment_function, kind, period)

    def waits_trend(self, code: str, treatment_function: str = "C_999") -> Table:
        """Return one specialty's waits of ``code``, or of its sub-ICB, by month (WAITS_TREND)."""
        return waiting.waits_trend(self._version, code, treatment_function)

    @property
    def qof(self) -> Qof:
        """Return QOF: results, points and pounds, pace and scenarios."""
        return Qof(self._here)

    def feedback(self, code: str, *, made_on: date, **said: Any) -> Paper:
        """Return the pack that is fed back to an organisation (see workbench.feedback)."""
        return feedback(self._here, code, made_on=made_on, **said)

    def charted(self, code: str, marks: tuple[tuple[str, str, str], ...] = ()) -> tuple[str, ...]:
        """Return the measures whose charts a pack shows, in its order."""
        found = loading.organisation(self._version, code)
        return tuple(charted(self._here, str(found["code"]), marks))[: room.PICTURES]

    def explain(self, measure: str, code: str, period: str | None = None) -> Figure:
        """Return one figure recomputed from the files it rests on, with its whole working.

        The kept files are read again by their readers and counted again by the definition.
        Problem where that does not give exactly what is stored.
        """
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        when = self._period(one.id, found, period)
        members = loading.counted(self._version, code, one.counted_for)
        Recount(self._here).check(one, found, when, members)
        rows = self._rows(one, codes=self._beside(found), period=when)
        return self._figure(one, found, when, rows)

    def _figure(
        self, one: knowledge.Measure, found: dict[str, Any], when: str, rows: Table
    ) -> Figure:
        by_code = {row["code"]: row for row in rows.rows}
        own = by_code.get(found["code"])
        if own is None:
            raise Problem(f"{one.title} is not counted for {found['name']} ({found['code']}).")
        names = loading.names(self._version)
        members = loading.counted(self._version, found["code"], one.counted_for)
        local = self._is_local(one.id)
        beside = [(names[code], row) for code, row in by_code.items() if code != found["code"]]
        return room.figure(
            one,
            own,
            sources=sources_of(
                self._here,
                one.datasets,
                period=when,
                practices=members,
                where=counted_rows(one),
                entity=entities(one),
            ),
            beside=sorted(beside, key=lambda pair: pair[1]["code"] == "ENG"),
            members=None if found["kind"] == one.counted_for else len(members),
            rounded=local and not self._here.reads(str(found["code"])),
        )

    def _included(self, found: Table, rule: Inclusion | None) -> Table:
        """Return the rows of the practices that ``rule`` compares, and say how many it leaves."""
        if rule is None:
            return found
        compared = compared_practices(self._version, rule)
        codes: list[Any] = found.data.column("code").to_pylist()
        keep = pa.array([code in compared for code in codes], pa.bool_())
        data = found.data.filter(keep)
        left = len(found) - data.num_rows
        notes = (f"{rule.sentence} Left out: {left:,}.",) if left else ()
        return Table(
            found.schema, data, title=found.title, caption=found.caption, notes=found.notes + notes
        )

    def _beside(self, found: dict[str, Any]) -> tuple[str, ...]:
        """Return the organisation, its one board if it has one, and England."""
        code = str(found["code"])
        boards = loading.boards(self._version).get(code, frozenset())
        board = tuple(boards) if len(boards) == 1 and found["kind"] not in _ABOVE else ()
        return tuple(dict.fromkeys((code, *board, "ENG")))


_ABOVE = ("icb", "region", "england")


def _together(observed: dict[str, Table]) -> Table:
    """Return the observations of several measures as one table with a column ``measure``."""
    pieces = [
        table.data.add_column(0, "measure", pa.array([id] * len(table), pa.string()))
        for id, table in observed.items()
    ]
    from locality.store.schemas import LATEST

    return Table.of(LATEST, pa.concat_tables(pieces) if pieces else LATEST.arrow.empty_table())
