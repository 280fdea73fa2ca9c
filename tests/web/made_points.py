"""QOF of a made-up workbench: real rules on counts made up, with rows missing on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from locality import measure as room
from locality.figures import Missing, NotFound, Paper, Problem, Statement, Table
from locality.measure import qof
from locality.measure.qof import QOF_BY_INDICATOR, QOF_SCORE
from tests.measure.qof.made import RULES, prevalence, scored

#: A name that would run in a browser if a page let it.
HOSTILE = "<script>alert(1)</script>"
WHEN = date(2026, 9, 30)
GIVEN = {"HYP008": (450, 560, 40), "DM020": (210, 300, 12), "VI001": (92, 100), "HF003": (0, 0, 2)}
NOW = {"HYP010": (416, 560, 44), "DEM004": (20, 60, 1)}


class Points:
    """The room of QOF: one practice has results and counts of this year, the others nothing."""

    def readings(self, code: str) -> tuple[tuple[str, date | None], ...]:
        if code != "Y00003":
            return ()
        return (("2026-27", WHEN), ("2025-26", None))

    def _scored(self, code: str, year: str | None, as_at: str | None, typed: Any) -> qof.Scored:
        if typed is not None:
            scheme = qof.Scheme.of(RULES, typed.counts.period)
            return qof.Scored.of(scheme, typed.counts, [9000.0], prevalence(scheme))
        if code != "Y00003":
            raise Problem("No QOF results or counts are held for it.")
        if as_at or year == "2026-27":
            return scored(NOW, "2026-27", as_at=WHEN)
        return scored(GIVEN)

    def position(
        self, code: str, year: str | None = None, as_at: str | None = None, typed: Any = None
    ) -> Table:
        one = self._scored(code, year, as_at, typed)
        beside = qof.Beside(care={"HYP008": 5.0}, moved={"HYP008": "up from 70.0 %"})
        return qof.position(one, name="A", prevalence_of="2025-26", beside=beside)

    def statement(
        self, code: str, year: str | None = None, as_at: str | None = None, typed: Any = None
    ) -> Statement:
        one = self._scored(code, year, as_at, typed)
        return qof.statement(one, name="A", prevalence_of="2025-26")

    def through_the_year(
        self, code: str, year: str | None = None, monthly: str | None = None
    ) -> Statement:
        from locality.workbench.qof import _pounds

        share = qof.constant(RULES, "qof.aspiration_share", year or "2025-26")
        paid = self.statement(code, year).total
        typed = _pounds(monthly) if monthly else None
        return qof.through_the_year(paid, None, share, period=year or "2025-26", monthly=typed)

    def pace(self, code: str, as_at: str | None = None, typed: Any = None) -> Table:
        return qof.pace(self._scored(code, None, as_at, typed), name="A")

    def constants(self, year: str) -> Table:
        names = ("qof.point_value", "qof.national_list", "qof.aspiration_share")
        return qof.constants_table(qof.constant(RULES, id, year) for id in names)

    def sheet(self, year: str) -> Any:
        return RULES.sheet("qof", year)

    def typed(
        self, code: str, fields: Mapping[str, str], as_at: date, today: date | None = None
    ) -> qof.Typed:
        return qof.typed(fields, qof.Scheme.of(RULES, "2026-27"), code, as_at, today)

    def overall(self, code: str) -> Table:
        blank = dict.fromkeys(QOF_SCORE.names)
        return Table.of(QOF_SCORE, [
            {**blank, "period": "2022-23", "points": 600.0, "maximum_points": 635.0,
             "share": 94.5, "england_share": 90.4},
            {**blank, "period": "2023-24", "maximum_points": 635.0,
             "missing": str(Missing.NO_RETURN)},
        ] if code.startswith("Y0") else [], caption="A complete score.")  # fmt: skip

    def indicators(self, code: str, year: str | None = None) -> Table:
        blank = dict.fromkeys(QOF_BY_INDICATOR.names)
        own = {"period": year or "2024-25", "title": HOSTILE, "group_code": "HYP"}
        return Table.of(QOF_BY_INDICATOR, [
            {**blank, **own, "indicator_code": "HYP008", "achievement": 75.0, "lower": 71.0,
             "upper": 78.5, "reach": 69.6, "pca_rate": 7.1, "points": 12.3,
             "indicator_points": 14.0, "england_achievement": 70.1},
            {**blank, **own, "indicator_code": "HYP009", "missing": str(Missing.SUPPRESSED)},
        ] if code == "Y00003" else [])  # fmt: skip


def pack(measure: Any, code: str, *, since: Any = None, marks: Any = (), **said: Any) -> Paper:
    """Return the pack of a made-up organisation, by the real room."""
    known = measure._known()
    if code not in known:
        raise NotFound(f"There is no {code}.")
    charts = {"qof.register.hyp": measure.chart("qof.register.hyp", code)}
    held = room.Held(
        code=code,
        name=str(known[code]["name"]),
        kind=str(known[code]["kind"]),
        standings=measure.standings(code, marks=marks),
        charts=charts,
        position=measure.qof.position(code) if code == "Y00003" else None,
        statement=measure.qof.statement(code) if code == "Y00003" else None,
    )
    return room.feedback(
        room.Held(**{**held.__dict__, "accounts": said.pop("accounts", ())}), **said
    )
