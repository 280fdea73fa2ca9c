"""A tiny made-up workbench: two boards, forty practices, three measures, and gaps on purpose.

It has the rooms of the real one and returns the same nouns, so that pages can be tried on cases
that are rare in data: a closed practice, a name with a formula in it, a missing return.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from locality.figures import (
    Figure,
    Line,
    Missing,
    NotFound,
    Paper,
    Period,
    Problem,
    RuleReference,
    Source,
    Statement,
    Step,
    Table,
    Working,
)
from locality.figures.schemas import LINEAGE, ORGANISATIONS, VALUES
from locality.know import (
    AGE_SEX_PROFILE,
    BELONGS,
    DUE,
    ENDED,
    MONEY,
    MONEY_TREND,
    NEED,
    PAST,
    STAFF,
    STAFF_HEADLINES,
    STAFF_OF_NETWORK,
    STAFF_TREND,
    Inclusion,
    included,
)
from locality.measure import (
    CATALOGUE,
    CHANGES,
    FIGURES,
    WAITS,
    WAITS_TREND,
)
from locality.statistics import wilson
from locality.store.schemas import SET_ASIDE
from locality.workbench.comparing import NEW_FILES
from locality.workbench.data import ATTRIBUTIONS, COVERAGE, VERSION
from tests.web import made_points as points
from tests.web.made_judged import Judged
from tests.web.made_points import Points, pack

YEARS = ("2022-23", "2023-24", "2024-25")
HOSTILE = '=HYPERLINK("http://evil.example","x") <script>alert(1)</script>'
CLOSED, UNRETURNED, ODD = "Y00039", "Y00038", "Y00037"


def measure(id: str, title: str) -> SimpleNamespace:
    words = {
        "numerator_words": "patients on the register",
        "denominator_words": "registered patients",
    }
    return SimpleNamespace(
        id=id,
        title=title,
        why=f"{title} matters, because it tells how many people live with it.",
        topic="long-term conditions",
        unit="%",
        polarity="none",
        ranked=id != "qof.register.pc",
        counted_for="practice",
        datasets=("qof_achievement",) if id == "qof.register.dm" else ("qof_registers",),
        replaced_by=[],
        local=False,
        place=f"measures/{id}.toml",
        definition_hash="ab" * 32,
        references=[],
        notes=[],
        measure=SimpleNamespace(
            views={"value": "100 * num / den"}, numerator="register", denominator="list_size",
            excepted="", excepted_words="", interval="share", **words,
        ),
        governance=SimpleNamespace(
            authored_by="lead analyst", checked_by="clinical lead", status="live",
            next_review=date(2027, 4, 1), change_log=[],
        ),
        **words,
    )  # fmt: skip


MEASURES = {
    m.id: m
    for m in (
        measure("qof.register.hyp", "Hypertension register"),
        measure("qof.register.dm", "Diabetes register"),
        measure("qof.register.pc", "Palliative care register"),
    )
}


def practices() -> list[dict[str, Any]]:
    rows = []
    for n in range(40):
        code = f"Y{n:05d}"
        rows.append(
            {
                "code": code,
                "kind": "practice",
                "name": HOSTILE if code == ODD else f"Harbour Lane Surgery {n}",
                "first_seen": date(2020, 4, 1),
                "last_seen": date(2026, 7, 1),
                "open_date": date(1990, 4, 1),
                "close_date": date(2025, 3, 31) if code == CLOSED else None,
                "status": "closed" if code == CLOSED else "active",
                "patients": 3_000 + 250 * n,
                "patients_as_at": date(2026, 7, 1),
            }
        )
    return rows


def others() -> list[dict[str, Any]]:
    named = [
        ("U00001", "pcn", "Tidewater PCN"),
        ("U00002", "pcn", "Hilltop PCN"),
        ("99A", "sub_icb", "Saltmarsh – 99A"),
        ("QX1", "icb", "Saltmarsh Integrated Care Board"),
        ("QX2", "icb", "Upland Integrated Care Board"),
        ("Y99", "region", "Middle region"),
        ("ENG", "england", "England"),
    ]
    blank = dict.fromkeys(ORGANISATIONS.names)
    return [{**blank, "code": c, "kind": k, "name": n, "status": "active"} for c, k, n in named]


ALL = {row["code"]: row for row in (*practices(), *others())}


def inside(code: str) -> list[str]:
    """Return the practices of an organisation: the first half in one board, the rest in another."""
    codes = [row["code"] for row in practices()]
    kind = ALL[code]["kind"]
    if kind == "practice":
        return [code]
    if kind in ("england", "region"):
        return codes
    return codes[:20] if code in ("U00001", "99A", "QX1") else codes[20:]


class Know:
    def search(self, text: str, limit: int = 20) -> Table:
        rows = [
            r
            for r in ALL.values()
            if text.lower() in r["name"].lower() or text.upper() == r["code"]
        ]
        return Table.of(ORGANISATIONS, rows[:limit])

    def organisation(self, code: str) -> Table:
        if code not in ALL:
            raise NotFound(f"No file that is loaded names an organisation {code!r}.")
        return Table.of(ORGANISATIONS, [ALL[code]])

    def belongs_to(self, code: str, at: date | None = None) -> Table:
        kind = self.organisation(code).rows[0]["kind"]
        above = {
            "practice": ["U00001" if code in inside("QX1") else "U00002"],
            "pcn": [],
        }.get(kind, [])
        if kind in ("practice", "pcn"):
            above += ["99A", "QX1" if inside(code)[0] in inside("QX1") else "QX2"]
        rows = [
            {"kind": ALL[c]["kind"], "code": c, "name": ALL[c]["name"],
             "practices": len(inside(code)), "valid_from": date(2020, 4, 1),
             "valid_to": date(2025, 3, 31) if code == CLOSED else None}
            for c in above
        ]  # fmt: skip
        return Table.of(BELONGS, rows)

    def organisations(self, kind: str) -> Table:
        return Table.of(ORGANISATIONS, [r for r in ALL.values() if r["kind"] == kind])

    def members(self, code: str) -> Table:
        return Table.of(ORGANISATIONS, [ALL[c] for c in inside(code)])

    def ended_members(self, code: str) -> Table:
        return Table.of(ENDED, {})

    def history(self, code: str) -> Table:
        row = {
            "on": date(2025, 4, 1),
            "what": "followed",
            "code": "Y00001",
            "sentence": "It merged into Harbour Lane Surgery 1.",
        }
        return Table.of(PAST, [row] if code == CLOSED else [])

    def list_size(self, code: str) -> Figure:
        total = sum(ALL[c]["patients"] for c in inside(code))
        return Figure(
            measure="list_size", title="Registered patients", organisation=code,
            period=Period.parse("2026-07-01"), unit="patients", value=float(total),
        )  # fmt: skip

    def list_trend(self, code: str) -> Table:
        total = sum(ALL[c]["patients"] for c in inside(code))
        blank = dict.fromkeys(VALUES.names)
        return Table.of(VALUES, [
            {**blank, "code": code, "kind": ALL[code]["kind"], "name": ALL[code]["name"],
             "period": f"{year}-07-01", "value": total * (0.9 + 0.02 * (year - 2021))}
            for year in range(2021, 2027)
        ])  # fmt: skip

    def age_sex(self, code: str) -> Table:
        rows = []
        for sex in ("FEMALE", "MALE"):
            for age in range(0, 100, 5):
                rows.append({
                    "sex": sex, "age_from": age,
                    "band": f"{age} to {age + 4}" if age < 95 else "95 and over",
                    "patients": 200 - age, "share": (200 - age) / 60,
                    "england_share": (190 - age) / 58,
                })  # fmt: skip
        return Table.of(AGE_SEX_PROFILE, rows)

    def need(self, code: str, year: str | None = None) -> Table:
        blank = dict.fromkeys(NEED.names)
        return Table.of(NEED, [
            {**blank, "component": c, "title": c.replace("_", " "), "period": period,
             "registered": 1000.0, "weighted": 1000.0 * i, "index": i}
            for period in ([year] if year else ["2025-26", "2026-27"])
            for c, i in (("registered", 1.0), ("general_and_acute", 1.08), ("community", 1.2),
                         ("mental_health", 0.93), ("overall", 1.06))
        ])  # fmt: skip

    def list_in_pounds(
        self, code: str, allocation: Decimal, component: str = "overall", year: str | None = None
    ) -> Statement:
        rule = RuleReference("allocations", "Weighted share", "publications", "Allocations")
        line = Line("Share of the ICB", Decimal("0.05"), "of the allocation", allocation, rule)
        return Statement.of("What the list stands for", [line])

    def staff(self, code: str, as_at: date | None = None) -> Table:
        if code in (CLOSED, "QX2"):
            return Table.of(STAFF, [], caption="No workforce file is loaded.")
        blank = dict.fromkeys(STAFF.names)
        own = {"as_at": as_at or date(2026, 6, 30), "practices": 1, "no_return": 0}
        rows = [
            {**blank, **own, "staff_group": group, "role": role, "fte": 3.5, "headcount": 5.0,
             "rate": 4.1, "rate_weighted": 4.0, "icb_rate": 4.4, "england_rate": 4.5}
            for group, role in (*STAFF_HEADLINES, ("GP", "salaried by practice"))
        ]  # fmt: skip
        if code == UNRETURNED:
            rows[0] |= {"fte": None, "rate": None, "practices": 0, "no_return": 1,
                        "missing": str(Missing.NO_RETURN)}  # fmt: skip
        return Table.of(STAFF, rows, caption="Complete counts.", notes=("Locums are GPs.",))

    def staff_trend(self, code: str) -> Table:
        own = {"staff_group": "GP", "role": "total fully qualified", "practices": 1}
        return Table.of(STAFF_TREND, [
            {**dict.fromkeys(STAFF_TREND.names), **own, "as_at": date(year, 6, 30), "fte": 3.0,
             "rate": 4.0, "no_return": 0}
            for year in (2025, 2026)
        ])  # fmt: skip

    def network_staff(self, code: str) -> Table:
        rows = [{"as_at": date(2026, 6, 30), "staff_group": "admin", "role": HOSTILE, "posts": 2,
                 "fte": 1.5}] if code == "U00001" else []  # fmt: skip
        return Table.of(STAFF_OF_NETWORK, rows, caption="Employed by the network.")

    def money(self, code: str, year: str | None = None) -> Table:
        blank = dict.fromkeys(MONEY.names)
        own = {"period": year or "2024-25", "line": "", "counted_in": "practice"}
        missing = str(Missing.NOTHING_TO_COUNT) if code == CLOSED else None
        each = None if missing else 91.2
        return Table.of(MONEY, [
            {**blank, **own, "level": "group", "line_group": "core", "title": "Core",
             "amount": 912345.67, "per_registered": each, "icb_per_registered": 93.0,
             "england_per_registered": 95.5, "missing": missing},
            {**blank, **own, "level": "line", "line_group": "core", "line": "global_sum",
             "title": "Global sum", "amount": -12.5, "per_registered": each, "missing": missing,
             "note": "Below zero is taken back."},
        ], title="Money received", caption="It is not pay.", notes=("One closed.",))  # fmt: skip

    def money_trend(self, code: str) -> Table:
        years = () if code == "QX2" else ("2023-24", "2024-25")
        return Table.of(MONEY_TREND, [
            {**dict.fromkeys(MONEY_TREND.names), "period": year, "line_group": "core",
             "title": "Core", "counted_in": "practice", "amount": 9e5, "per_registered": 90.0,
             "practices": 1, "registered": 1e4}
            for year in years
        ])  # fmt: skip

    def inclusion(self, rule: Inclusion | None = None) -> Table:
        return included(Table.of(ORGANISATIONS, practices()), rule)


class Measure(Judged):
    def catalogue(self) -> Table:
        blank = {
            **dict.fromkeys(CATALOGUE.names, ""),
            "next_review": date(2027, 4, 1),
            "local": False,
        }
        rows = [{**blank, "measure": id, "title": one.title} for id, one in MEASURES.items()]
        return Table.of(CATALOGUE, rows)

    def _counts(self, id: str, code: str, period: str) -> tuple[float, float]:
        den = sum(ALL[c]["patients"] for c in inside(code) if c != UNRETURNED)
        rate = 0.10 + 0.01 * list(MEASURES).index(id) + 0.002 * (int(code[-2:], 36) % 20)
        return round(den * (rate + 0.002 * YEARS.index(period))), den

    def _row(self, id: str, code: str, period: str) -> dict[str, Any]:
        row = dict.fromkeys(VALUES.names) | {
            "code": code, "kind": ALL[code]["kind"], "name": ALL[code]["name"], "period": period,
        }  # fmt: skip
        if code == UNRETURNED:
            return row | {"missing": str(Missing.NO_RETURN)}
        num, den = self._counts(id, code, period)
        found = wilson(num, den, 0.95)
        return row | {
            "numerator": num,
            "denominator": den,
            "value": 100 * num / den,
            "lower": 100 * float(found.lower),
            "upper": 100 * float(found.upper),
        }

    def _period(self, period: str | None) -> str:
        period = period or YEARS[-1]
        if period not in YEARS:
            raise NotFound(f"There is nothing for {period}; there is {', '.join(YEARS)}.")
        return period

    def over(
        self,
        id: str,
        kind: str = "practice",
        period: str | None = None,
        within: str | None = None,
        inclusion: Inclusion | None = None,
    ) -> Table:
        period = self._period(period)
        codes = inside(within) if within else list(ALL)
        rows = [self._row(id, c, period) for c in codes if ALL[c]["kind"] == kind and c != CLOSED]
        return Table.of(VALUES, rows, title=f"{MEASURES[id].title}, {period}")

    def figure(self, id: str, code: str, period: str | None = None) -> Figure:
        Know().organisation(code)
        row = self._row(id, code, self._period(period))
        missing = Missing(row["missing"]) if row["missing"] else None
        source = Source(
            "qof_prevalence", "QOF prevalence", "NHS England", "PREVALENCE.csv",
            "cd" * 32, "2024-25", 1, 40, attribution="Open Government Licence",
        )  # fmt: skip
        rule = RuleReference(id, MEASURES[id].title, MEASURES[id].place, "QOF guidance",
                             "https://www.england.nhs.uk/gp", "ab" * 32)  # fmt: skip
        steps = (Step("Count patients on the register", "827"), Step("Divide", "100 * 827 / 6000"))
        working = Working((source,), (rule,), steps)
        return Figure(
            measure=id, title=MEASURES[id].title, organisation=code,
            period=Period.parse(row["period"]), unit="%", value=row["value"], missing=missing,
            numerator=row["numerator"], denominator=row["denominator"],
            lower=row["lower"], upper=row["upper"], working=working,
        )  # fmt: skip

    def explain(self, id: str, code: str, period: str | None = None) -> Figure:
        return self.figure(id, code, period)

    def figures(self, code: str, period: str | None = None) -> Table:
        Know().organisation(code)
        rows = []
        for id, one in MEASURES.items():
            row = self._row(id, code, self._period(period))
            rows.append({
                **{n: row[n] for n in ("value", "lower", "upper", "numerator", "denominator")},
                "measure": id, "title": one.title, "period": row["period"], "unit": "%",
                "topic": one.topic, "sentence": "", "excepted": None, "icb": 11.5,
                "england": 12.0, "missing": row["missing"],
                "complete": False, "standing": "not clearly different from",
            })  # fmt: skip
        return Table.of(FIGURES, rows)

    def waits(self, code: str, period: str | None = None) -> Table:
        if code == "U00002":
            raise Problem("It lies in 2 sub-ICBs, and waits are counted by sub-ICB.")
        blank = dict.fromkeys(WAITS.names)
        own = {"period": period or "2026-M01", "code": "99A", "incomplete": 900, "within_18": 600,
               "share_18": 66.7, "over_52": 9, "median": 12.1, "weeks_92": 37.5,
               "new_periods": 80, "completed_admitted": 7, "completed_non_admitted": 60,
               "england_share_18": 61.4, "england_median": 13.6,
               "england_weeks_92": 40.3}  # fmt: skip
        return Table.of(WAITS, [
            {**blank, **own, "treatment_function": "C_999", "name": "All specialties"},
            {**blank, **own, "treatment_function": "C_320", "name": HOSTILE, "median": None,
             "incomplete": 0, "missing": str(Missing.NOTHING_TO_COUNT)},
        ], caption="Complete counts.")  # fmt: skip

    @property
    def qof(self) -> Points:
        return Points()

    def charted(self, code: str, marks: Any = ()) -> tuple[str, ...]:
        return ("qof.register.hyp",)

    def feedback(self, code: str, **said: Any) -> Paper:
        return pack(self, code, **said)

    def waits_trend(self, code: str, treatment_function: str = "C_999") -> Table:
        blank = dict.fromkeys(WAITS_TREND.names)
        own = {"code": "99A", "treatment_function": "C_999", "incomplete": 900, "share_18": 66.7,
               "median": 12.0, "over_52": 3}  # fmt: skip
        return Table.of(WAITS_TREND, [
            {**blank, **own, "period": period} for period in ("2025-M12", "2026-M01")
        ])  # fmt: skip

    def trend(self, id: str, code: str) -> Table:
        Know().organisation(code)
        return Table.of(VALUES, [self._row(id, code, year) for year in YEARS])


class Data:
    def version(self) -> Table:
        return Table.of(VERSION, [
            {"id": "000001-x", "made_at": "2026-11-22T10:00:00+00:00", "records_event": 0,
             "knowledge": "ef" * 32}
        ])  # fmt: skip

    def lineage(self) -> Table:
        row = {
            "table": "qof_registers", "publication": "qof_prevalence", "publisher": "NHS England",
            "period": "2024-25", "part": "", "file_name": HOSTILE, "sha256": "cd" * 32,
            "reader_version": 1, "rows": 40, "set_aside": 1,
            "ingested_at": "2026-11-22T09:00:00+00:00", "state": "in use", "local": False,
        }  # fmt: skip
        old = {**row, "file_name": "old.csv", "sha256": "aa" * 32, "state": "replaced"}
        return Table.of(LINEAGE, [row, old])

    def set_aside(self) -> Table:
        return Table.of(SET_ASIDE, [
            {"publication": "qof_prevalence", "period": "2024-25", "file_name": "PREVALENCE.csv",
             "sha256": "cd" * 32, "reason": "no practice code", "rows": 1, "example": "line 7"}
        ])  # fmt: skip

    def attributions(self) -> Table:
        return Table.of(ATTRIBUTIONS, [
            {"publication": "qof_prevalence", "title": "QOF prevalence", "publisher": "NHS England",
             "licence": "OGL v3.0", "licence_address": None, "attribution": "NHS England, 2025",
             "landing_page": None}
        ])  # fmt: skip

    def versions(self) -> tuple[str, ...]:
        return ("000000-a", "000000-b")

    def new_files(self, since: str | None = None) -> Table:
        if since not in (None, *self.versions()):
            raise NotFound(f"No earlier version {since!r} is kept here.")
        return Table.of(NEW_FILES, [
            {"publication": "qof_prevalence", "title": "QOF prevalence", "period": "2024-25",
             "part": "", "file_name": HOSTILE, "what": "replaces an earlier file",
             "replaces": "old.csv"}
        ])  # fmt: skip

    def changes(self, since: str | None = None) -> Table:
        blank = dict.fromkeys(CHANGES.names)
        one = {"measure": "qof.register.hyp", "title": "Hypertension register", "unit": "%"}
        return Table.of(CHANGES, [
            {**blank, **one, "period": "2024-25", "what": "counts changed", "practices": 3,
             "england_before": 14.0, "england_after": 14.5, "most_code": "Y00001",
             "most_before": 10.0, "most_after": 12.0},
            {**blank, **one, "period": "2023-24", "what": "new period", "practices": 40,
             "england_after": 14.5},
            {**blank, **one, "period": "2022-23", "what": "new measure"},
        ])  # fmt: skip

    def due(self, today: date) -> Table:
        return Table.of(DUE, [
            {"publication": "qof_prevalence", "title": "QOF prevalence", "every": "year",
             "latest": "2024-25", "sentence": "A newer file is likely to be out.",
             "landing_page": "https://example.org/"}
        ])  # fmt: skip

    def coverage(self) -> Table:
        return Table.of(COVERAGE, [
            {"subject": "QOF", "period": "2024-25", "state": "complete", "sentence": "All of it.",
             "landing_page": None}
        ])  # fmt: skip


def workbench(home: Path, *, reader: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        home=home,
        reader=reader,
        version=SimpleNamespace(id="000001-x"),
        know=Know(),
        measure=Measure(),
        data=Data(),
        knowledge=SimpleNamespace(
            measures=MEASURES,
            hash="0" * 64,
            rules=points.RULES,
            publications={"qof_prevalence": SimpleNamespace(title="QOF prevalence")},
        ),
    )
