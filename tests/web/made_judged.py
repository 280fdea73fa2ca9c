"""What a made-up workbench says of its measures: certain, moved, cannot be judged, nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from locality import measure as room
from locality.figures import Figure, Missing, Period, Problem, Table
from locality.figures.schemas.judged import (
    ALERTS,
    CARDS,
    CONTROL_CHART,
    DRIVERS,
    INEQUALITY,
    JUDGED,
    OPPORTUNITY,
    PEERS,
)
from locality.measure import Model, Terms
from locality.statistics import Overdispersion, Spread

#: A practice that cannot be judged, and one that stands out for certain.
UNSURE, SURE = "Y00001", "Y00004"
MODEL = Model(
    100.0,
    Spread("beta", np.asarray(0.11), np.asarray(0.0004), np.asarray(38)),
    Overdispersion("proportion", "additive", np.asarray(0.11), np.asarray(0.001)),
)


class Judged:
    """The judging half of the made-up room of measures; the other half gives the counts."""

    terms = Terms()

    def _row(self, id: str, code: str, period: str) -> dict[str, Any]:
        raise NotImplementedError

    def _known(self) -> dict[str, dict[str, Any]]:
        from tests.web.made import ALL

        return ALL

    def _measures(self) -> dict[str, Any]:
        from tests.web.made import MEASURES

        return MEASURES

    def _judged_row(self, id: str, code: str) -> dict[str, Any]:
        row = self._row(id, code, "2024-25")
        made = dict.fromkeys(JUDGED.names) | {
            name: row[name]
            for name in ("code", "kind", "period", "value", "lower", "upper", "numerator",
                         "denominator", "missing")
        }  # fmt: skip
        made |= {"measure": id, "place": 0, "call": "", "state": "can be judged",
                 "variation": "usual", "points": 14, "baseline": 0}  # fmt: skip
        if row["missing"]:
            return made | {"state": "no number", "variation": "no number"}
        if row["kind"] not in ("practice", "pcn", "icb"):
            return made | {"state": "described only", "variation": "too few points"}
        made |= {"reliability": 0.91, "shrunken": row["value"], "shrunken_lower": row["lower"],
                 "shrunken_upper": row["upper"], "highest": 0.02, "lowest": 0.03, "z": 0.4,
                 "adjusted": row["value"]}  # fmt: skip
        if code == UNSURE:
            made |= {"state": "cannot be judged", "reliability": 0.42}
        if code == SURE:
            made |= {"place": 2, "call": "highest", "highest": 0.97, "variation": "high"}
        return made

    def judged(self, id: str, kind: str = "practice", within: str | None = None) -> Table:
        from tests.web.made import CLOSED, inside

        codes = inside(within) if within else list(self._known())
        return Table.of(JUDGED, [
            self._judged_row(id, code) for code in codes
            if self._known()[code]["kind"] == kind and code != CLOSED
        ])  # fmt: skip

    def _names(self) -> dict[str, str]:
        return {code: row["name"] for code, row in self._known().items()}

    def funnel(self, id: str, kind: str = "practice", within: str | None = None) -> Table:
        rows = self.judged(id, kind, within)
        return room.funnel(self._measures()[id], rows, MODEL, self._names())

    def in_order(self, id: str, kind: str = "practice", within: str | None = None) -> Table:
        rows = self.judged(id, kind, within)
        return room.in_order(self._measures()[id], rows, self._names())

    def standing(self, id: str, code: str) -> Table:
        return Table.of(JUDGED, [self._judged_row(id, code)])

    def alerts(self, code: str, accepted: Any = None, marks: Any = ()) -> Table:
        said = {(one, id): state for one, id, state in marks}
        rows = []
        for place, one in enumerate(("Y00004", "Y00005")):
            rows.append({
                "measure": "qof.register.hyp", "title": "Hypertension register", "code": one,
                "name": self._known()[one]["name"], "period": "2024-25", "unit": "%",
                "value": 15.0, "usual": 11.0, "direction": "higher",
                "state": ("new", "still on")[place], "strength": 6.0, "sure": place == 0,
                "mark": said.get((one, "qof.register.hyp"), ""), "sentence": "It rose.",
            })  # fmt: skip
        kept = rows if self._known()[code]["kind"] == "icb" else rows[:1]
        return Table.of(ALERTS, kept if code != UNSURE else [], notes=("3 series are watched.",))

    def care_adjustments(self, code: str) -> Table:
        blank = dict.fromkeys(room.CARE_ADJUSTMENTS.names)
        return Table.of(room.CARE_ADJUSTMENTS, [blank | {
            "period": "2024-25", "indicator_code": "HYP008", "title": "Blood pressure",
            "achievement": 75.0, "reach": 70.0, "pca_rate": 6.7, "england_pca_rate": 5.0,
            "standing": "higher than", "sentence": "Its rate is higher than England's.",
        }] if code == "Y00003" else [])  # fmt: skip

    def bunching(self, id: str) -> Table:
        blank = dict.fromkeys(room.BUNCHING.names)
        return Table.of(room.BUNCHING, [blank | {
            "measure": id, "title": "Diabetes", "period": "2025-26", "threshold": 77.0,
            "width": 2.0, "practices": 38, "above": 9, "expected": 6.1, "question":
            "Is that care that reached people, or how exceptions are used?",
        }])  # fmt: skip

    def standings(self, code: str, accepted: Any = None, marks: Any = ()) -> Table:
        rows = [self._judged_row(id, code) for id in self._measures()]
        return room.standings(
            self._measures(), Table.of(JUDGED, rows), {(id, "practice"): MODEL for id in
            self._measures()}, dict.fromkeys(self._measures(), 12.0), {},
            {id: state for one, id, state in marks if one == code}, self.terms,
        )  # fmt: skip

    def enough(self, id: str, code: str) -> Table:
        own = self._judged_row(id, code)
        wider = [self._judged_row(id, "U00001")]
        return room.enough(self._measures()[id], own, MODEL, wider, self._names(), self.terms)

    def chart(self, id: str, code: str, since: tuple[str, ...] = ()) -> Table:
        rows = []
        for n in range(14):
            period = f"{2025 + n // 12}-M{n % 12 + 1:02d}"
            phase = sum(Period.parse(period).end >= Period.parse(one).end for one in since)
            rows.append(dict.fromkeys(CONTROL_CHART.names) | {
                "code": code, "kind": "practice", "period": period, "value": 10.0 + n % 3,
                "centre": 11.0, "lower": 8.0, "upper": 14.0, "phase": phase, "rules": "",
                "direction": "", "sentence": "",
            })  # fmt: skip
        rows[3] |= {"value": None, "missing": str(Missing.NO_RETURN)}
        rows[-1] |= {"value": 15.0, "rules": "above", "direction": "high",
                     "sentence": "This point is above the upper limit: chance alone rarely takes "
                                 "it there."}  # fmt: skip
        return Table.of(CONTROL_CHART, rows, caption="A p-prime chart of 13 points.")

    def proposal(self, id: str, code: str, since: tuple[str, ...] = ()) -> str | None:
        return None if since or code == UNSURE else "2025-M08"

    def peers(self, id: str, code: str) -> Table:
        if self._known()[code]["kind"] != "practice":
            raise Problem("Peers are of practices.")
        codes = [code, *[f"Y{n:05d}" for n in range(8, 28) if f"Y{n:05d}" != code]]
        rows = []
        for place, one in enumerate(codes):
            row = self._row(id, one, "2024-25")
            rows.append(
                {name: row[name] for name in PEERS.names if name in row}
                | {"distance": place / 40, "drivers": "Registered patients: 5,000"}
            )
        return Table.of(PEERS, rows, caption="The 20 practices most like it.")

    def peer_drivers(self, id: str, code: str) -> Table:
        return Table.of(DRIVERS, [{"driver": "list_size", "title": "Registered patients",
                                   "unit": "patients", "own": 5000.0, "peers": 5100.0,
                                   "everyone": 9000.0, "deviation": 0.8}])  # fmt: skip

    def opportunity(self, id: str, code: str) -> Table:
        if code == UNSURE:
            return Table.of(OPPORTUNITY, [])
        return Table.of(OPPORTUNITY, [{
            "measure": id, "title": "Hypertension register", "unit": "%", "period": "2024-25",
            "value": 10.0, "peers": 12.0, "peers_count": 20, "gap": -2.0, "by_itself": -0.5,
            "likely": -1.5, "likely_lower": -2.5, "likely_upper": -0.5, "events": -60.0,
            "significant": True, "sentence": "It is 2.0 percentage points below.",
        }])  # fmt: skip

    def inequality(self, id: str, within: str | None = None) -> Table:
        return Table.of(INEQUALITY, [
            {"fifth": n, "title": f"Fifth {n}", "practices": 8, "period": "2024-25",
             "value": 10.0 + n, "lower": 9.5 + n, "upper": 10.5 + n, "numerator": 100.0,
             "denominator": 1000.0, "share": n / 5 - 0.1, "fitted": 10.0 + n}
            for n in range(1, 6)
        ])  # fmt: skip

    def slope_index(self, id: str, within: str | None = None) -> Figure:
        return Figure(measure=id, title="Slope index", organisation="ENG",
                      period=Period.parse("2024-25"), unit="%", value=5.0, lower=4.0,
                      upper=6.0)  # fmt: skip

    def cards(self, efforts: tuple[tuple[str, float, str], ...] = ()) -> Table:
        said = {id: (minutes, out) for id, minutes, out in efforts}
        blank = dict.fromkeys(CARDS.names)
        earns = ("yes", "no", "cannot be said")
        rows = []
        for n, (id, one) in enumerate(self._measures().items()):
            minutes, out = said.get(id, (None, ""))
            hours = None if minutes is None else minutes * 600 / 60
            rows.append(blank | {
                "measure": id, "title": one.title, "topic": one.topic, "compared": 38,
                "period": "2024-25", "reliability": 0.91, "true_share": 0.9, "judged_share": 0.9,
                "ceiling_share": 0.1, "patients": 600.0, "minutes": minutes, "hours": hours,
                "appointments": None if hours is None else hours * 6, "crowds_out": out,
                "owner": "lead analyst", "imposed_by": "NHS England", "earns": earns[n],
                "sentence": "Ninety per cent of what is seen is true.",
            })  # fmt: skip
        return Table.of(CARDS, rows, notes=("One of two does not earn its keep.",))
