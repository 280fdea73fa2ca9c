"""Load, call, return: what is certain, what moved, and what cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from locality import measure as room
from locality.figures import Missing, Problem, Table
from locality.measure import Accepted, Model, Terms
from locality.workbench import loading
from locality.workbench.defining import Defining

if TYPE_CHECKING:
    from locality.store import Version

#: The organisations around one, from the smallest, that might be judged in its place.
_AROUND = ("group", "pcn", "sub_icb", "icb")


class Judging(Defining):
    """The judgements that a refresh stored, with what is worked out from them on reading."""

    @property
    def terms(self) -> Terms:
        """Return the terms on which the refresh judged: thresholds, rule set, baseline."""
        return Terms(**self._version.manifest.get("terms", {}))

    def models(self, measure: str | None = None) -> Table:
        """Return how far organisations truly differ, by measure and kind (MODELS)."""
        if measure is not None:
            self._definition(measure)
        return loading.select(self._version, "models", measure=measure)

    def judged(self, measure: str, kind: str = "practice", within: str | None = None) -> Table:
        """Return what was judged of one measure's organisations of a kind (JUDGED)."""
        one = self._definition(measure)
        found = loading.select(self._version, "judged", measure=one.id, kind=kind)
        why: list[Any] = found.data.column("missing").to_pylist()
        there = pa.array([one != Missing.NOT_APPLICABLE for one in why], pa.bool_())
        found = Table(found.schema, found.data.filter(there), title=found.title)
        if within is None:
            return found
        inside = set(loading.counted(self._version, within, kind))
        codes: list[Any] = found.data.column("code").to_pylist()
        keep = pa.array([code in inside for code in codes], pa.bool_())
        return Table(found.schema, found.data.filter(keep), title=found.title)

    def funnel(self, measure: str, kind: str = "practice", within: str | None = None) -> Table:
        """Return organisations of a kind beside the limits for their size (FUNNEL).

        Limits are those of all of England's, also ``within`` one organisation.
        """
        one = self._definition(measure)
        rows = self.judged(measure, kind, within)
        return room.funnel(one, rows, self._model(one.id, kind), loading.names(self._version))

    def in_order(self, measure: str, kind: str = "practice", within: str | None = None) -> Table:
        """Return organisations of a kind by likely true value, with the doubt (CATERPILLAR).

        Problem for a measure that is never put in order, such as money received.
        """
        one = self._definition(measure)
        if not one.ranked:
            raise Problem(f"{one.title} is not put in order: neither more nor less is better.")
        rows = self.judged(measure, kind, within)
        return room.in_order(one, rows, loading.names(self._version))

    def chart(self, measure: str, code: str, since: tuple[str, ...] = ()) -> Table:
        """Return an organisation's own series with its limits and signals (CONTROL_CHART).

        New limits begin at each period of ``since``, which the records keep with their reasons.
        """
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        rows = self._rows(one, codes=(str(found["code"]),))
        return room.control_chart(one, rows, self.terms, tuple(map(loading.parsed, since)))

    def standing(self, measure: str, code: str) -> Table:
        """Return what was judged of one organisation on one measure (JUDGED, one row).

        Problem where the measure is not counted for it.
        """
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        code, kind = str(found["code"]), str(found["kind"])
        table = loading.select(self._version, "judged", measure=one.id, code=code, kind=kind)
        if not len(table):
            raise Problem(f"{one.title} is not counted for {found['name']} ({found['code']}).")
        return table

    def alerts(
        self,
        code: str,
        accepted: Accepted | None = None,
        marks: tuple[tuple[str, str, str], ...] = (),
    ) -> Table:
        """Return the alerts of one organisation, or of an area's practices (ALERTS).

        A practice, a network and England are watched for themselves; an ICB, a sub-ICB area, a
        place and a group for every practice they have. ``accepted`` is how many false alerts the
        reader accepts, by default one a quarter for one and five a month for many; ``marks`` what
        people said: organisation, measure, state.
        """
        found = loading.organisation(self._version, code)
        own, kind = str(found["code"]), str(found["kind"])
        many = kind in room.AREAS
        watched = list(loading.practices(self._version, own)) if many else own
        rows = loading.select(
            self._version, "judged", code=watched, kind="practice" if many else kind
        )
        return room.alerts(
            self._here.knowledge.measures,
            rows,
            loading.names(self._version),
            {(organisation, measure): state for organisation, measure, state in marks},
            accepted or (room.OF_MANY if many else room.OF_ONE),
        )

    def standings(
        self,
        code: str,
        accepted: Accepted | None = None,
        marks: tuple[tuple[str, str, str], ...] = (),
    ) -> Table:
        """Return every measure of one organisation, with what can be said of each (STANDINGS).

        ``accepted`` and ``marks`` as in :meth:`alerts`; its own series are watched.
        """
        found = loading.organisation(self._version, code)
        rows = loading.select(
            self._version, "judged", code=str(found["code"]), kind=str(found["kind"])
        )
        measures, names = self._here.knowledge.measures, loading.names(self._version)
        on = room.alerts(measures, rows, names, {}, accepted or room.OF_ONE)
        england = loading.select(self._version, "judged", code="ENG", kind="england")
        return room.standings(
            measures,
            rows,
            models_of(self._version),
            {row["measure"]: row["value"] for row in england.rows},
            {row["measure"]: row["state"] for row in on.rows},
            {measure: state for one, measure, state in marks if one == found["code"]},
            self.terms,
        )

    def enough(self, measure: str, code: str) -> Table:
        """Return what would be enough to judge an organisation: periods, wider groups (ENOUGH)."""
        one = self._definition(measure)
        own = self.standing(measure, code).rows[0]
        around = [
            row
            for row in loading.select(
                self._version, "judged", measure=one.id, code=self._around(own["code"])
            ).rows
            if row["kind"] in _AROUND
        ]
        around.sort(key=lambda row: _AROUND.index(row["kind"]))
        return room.enough(
            one,
            own,
            self._model(one.id, own["kind"]),
            around,
            loading.names(self._version),
            self.terms,
        )

    def proposal(self, measure: str, code: str, since: tuple[str, ...] = ()) -> str | None:
        """Return the period from which new limits are worth asking about, or None."""
        one = self._definition(measure)
        found = loading.organisation(self._version, code)
        rows = self._rows(one, codes=(str(found["code"]),))
        return room.proposal(one, rows, self.terms, since)

    @cached_property
    def usual_cards(self) -> Table:
        """Return :meth:`cards` without what people said: the same for every reader."""
        return self.cards()

    def cards(self, efforts: tuple[tuple[str, float, str], ...] = ()) -> Table:
        """Return what each measure is worth and what it costs (CARDS).

        ``efforts`` is what people here said: measure, minutes for each patient, what it crowds out.
        """
        known = self._here.knowledge
        practices = {row["measure"]: row for row in self.models().rows if row["kind"] == "practice"}
        return room.cards(
            known.measures,
            practices,
            {id: {"minutes": minutes, "crowds_out": out} for id, minutes, out in efforts},
            self._ceilings(practices),
            {table: one.publisher for one in known.publications.values() for table in one.tables},
            self.terms,
        )

    def _ceilings(self, models: Mapping[str, Any]) -> dict[str, float]:
        """Return the share of practices at or over the upper threshold of their indicator."""
        found = {}
        for id, row in models.items():
            one = self._here.knowledge.measures.get(id)
            if one is None or "qof_achievement" not in one.datasets or not row["compared"]:
                continue
            try:
                upper = room.upper_threshold(one, self._here.knowledge.rules, row["period"]).value
            except Problem:
                continue
            value = self.judged(id).column("value")
            found[id] = float((value[np.isfinite(value)] >= upper).mean())
        return found

    def _around(self, code: str) -> list[str]:
        """Return the organisations that sum ``code``, if it is a practice."""
        members = loading.select(self._version, "members", practice_code=code)
        return [row["code"] for row in members.rows if row["kind"] in _AROUND]

    def _model(self, measure: str, kind: str) -> Model | None:
        return models_of(self._version).get((measure, kind))


@lru_cache(maxsize=8)
def models_of(version: Version) -> dict[tuple[str, str], Model | None]:
    """Return every model of a version by measure and kind, read once while it is in use."""
    rows = version.table("models").rows
    return {(row["measure"], row["kind"]): Model.of_row(row) for row in rows}
