"""Made-up national prices and costs: groups (HRGs) of a chapter Z, which the NHS does not have.

Three years of prices (an extract of two and a workbook of one) and three of costs (a workbook and
two extracts). Planted: an HRG whose day case and ordinary elective are priced apart, one without
any price, and a row of costs whose small activity is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from locality.sources.synthetic.calendar import year_code
from locality.sources.synthetic.files import prices as files
from locality.sources.synthetic.files.prices import Costed, Department, Priced
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

#: Years of prices, by the year they start in: two in the extract, one in the workbook.
_EXTRACT_YEARS, _WORKBOOK_YEAR = (2023, 2024), 2025
#: Years of costs: a workbook, and the extracts.
_SCHEDULE_YEAR, _COST_YEARS = 2017, (2023, 2024)
SPLIT, UNPRICED = "ZC11A", "ZW90Z"
HIDDEN = ("day_case", "ZE03A")

#: code, name, what a non-elective stay costs about, its usual length in days.
_GROUPS = (
    ("ZE03A", "Heart Failure, made up, with Many Complications", 5400, 14),
    ("ZE03B", "Heart Failure, made up, with Some Complications", 3100, 8),
    ("ZE03C", "Heart Failure, made up, without Complications", 2000, 4),
    ("ZE10A", "Irregular Heartbeat, made up, with Complications", 1900, 4),
    ("ZE10B", "Irregular Heartbeat, made up, without Complications", 800, 1),
    ("ZD06A", "Chronic Lung Disease, made up, with Complications", 2700, 7),
    ("ZD06B", "Chronic Lung Disease, made up, without Complications", 1300, 3),
    ("ZK02A", "Diabetes, made up, with Complications", 2300, 6),
    ("ZK02B", "Diabetes, made up, without Complications", 900, 2),
    ("ZH22Z", "Replacement of a Hip, made up, 19 years and over", 6100, 4),
    ("ZF30Z", "Look into the Bowel, made up, with Biopsy", 620, 1),
    ("ZC11A", "Operation on the Nose, made up, 19 years and over", 1200, 1),
    ("ZJ12Z", "Minor Operation on the Skin, made up", 310, 0),
    ("ZB05Z", "Cataract Operation, made up, \"Standard\"", 830, 0),
    ("ZW90Z", "Something else, made up", 0, 0),
)  # fmt: skip
_SERVICES = (("300", "General Medicine"), ("320", "Cardiology"), ("130", "Ophthalmology"))
_ATTENDANCES = (
    ("ZZ01A", "Attendance, made up, Face-to-Face, Follow-up", 0.9),
    ("ZZ01B", "Attendance, made up, Face-to-Face, First", 1.3),
)


def write_prices(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write the files of prices, trim points and costs; yield each with each year it holds."""
    extract = {year: _priced(world, year) for year in _EXTRACT_YEARS}
    path = files.write_price_extract(
        folder / "national_tariff_hrg_prices_2023-24_2024-25.csv",
        {f"{year}/{(year + 1) % 100}": some for year, some in extract.items()},
    )
    for year in _EXTRACT_YEARS:
        yield Written(path.name, "national_prices", year_code(year))
    path = files.write_yearly_trim_points(
        folder / "national_tariff_trim_points_2023-24_2024-25.csv",
        {year_code(year).replace("-", "_"): some for year, some in extract.items()},
    )
    for year in _EXTRACT_YEARS:
        yield Written(path.name, "trim_points", year_code(year))
    path = files.write_price_workbook(
        folder / "Annex-A-national-prices-2025-26.xlsx",
        f"{_WORKBOOK_YEAR}/{(_WORKBOOK_YEAR + 1) % 100}",
        _priced(world, _WORKBOOK_YEAR),
        "Note: everything here is made up.",
    )
    yield Written(path.name, "national_prices", year_code(_WORKBOOK_YEAR))
    path = files.write_cost_workbook(
        folder / "reference_costs_2017-18_national_schedule.xlsx",
        year_code(_SCHEDULE_YEAR),
        _departments(world, _SCHEDULE_YEAR),
    )
    yield Written(path.name, "national_costs", year_code(_SCHEDULE_YEAR))
    for year in _COST_YEARS:
        path = files.write_cost_extract(
            folder / f"ncc_{year_code(year)}_national_schedule.csv.gz",
            _departments(world, year),
            year=year,
        )
        yield Written(path.name, "national_costs", year_code(year))


def prices_truths(world: World) -> dict[str, Any]:
    """Return what is planted and what the files add up to, by year."""
    prices, costs = {}, {}
    for year in (*_EXTRACT_YEARS, _WORKBOOK_YEAR):
        some = _priced(world, year)
        prices[year_code(year)] = {
            "hrgs": len(some),
            "non_elective": sum(one.prices["non_elective"] or 0 for one in some),
        }
    for year in (_SCHEDULE_YEAR, *_COST_YEARS):
        rows = [row for one in _departments(world, year) for row in one.rows]
        costs[year_code(year)] = {
            "rows": len(rows),
            "hidden": sum(row.activity is None for row in rows),
            "total_cost": round(sum(row.total for row in rows), 2),
        }
    return {
        "national_prices": prices,
        "national_costs": costs,
        "priced_apart": SPLIT,
        "without_a_price": UNPRICED,
        "hidden_activity": {
            "department": HIDDEN[0],
            "currency_code": HIDDEN[1],
            "period": year_code(_COST_YEARS[-1]),
        },
    }


def _uplift(year: int) -> float:
    """Return how much dearer than in 2017 a year is: three per cent each year."""
    return float(1.03 ** (year - 2017))


def _priced(world: World, year: int) -> list[Priced]:
    rng = world.rng(40)
    found = []
    for code, name, cost, stay in _GROUPS:
        spread = float(rng.uniform(0.92, 1.08))
        whole = round(cost * spread * _uplift(year))
        prices: dict[str, int | None] = dict.fromkeys(
            (*files.EXTRACT, "long_stay_per_day", "reduced_short_stay_emergency")
        )
        short = 70 if stay > 2 else None
        trims: dict[str, int | None] = {"elective": None, "non_elective": None}
        if code != UNPRICED:
            prices["non_elective"] = whole
            prices["long_stay_per_day"] = round(240 * _uplift(year))
            prices["reduced_short_stay_emergency"] = None if short is None else whole * short // 100
            prices["combined_day_case_ordinary_elective"] = int(0.85 * whole)
            if stay == 0:
                prices["outpatient_procedure"] = int(0.4 * whole)
            trims = {"elective": 5 + stay, "non_elective": 5 + 3 * stay if stay else None}
        if code == SPLIT:
            prices["combined_day_case_ordinary_elective"] = None
            prices["day_case"], prices["ordinary_elective"] = int(0.9 * whole), int(0.8 * whole)
        found.append(Priced(code, name, prices, trims, None if code == UNPRICED else short))
    return found


def _departments(world: World, year: int) -> tuple[Department, ...]:
    """Return the departments of one year, the last of the extracts with one activity hidden."""
    rng = np.random.default_rng([world.seed, 41, year])
    up = _uplift(year)

    def costed(
        code: str, name: str, unit: float, many: float, service: str = "", called: str = ""
    ) -> Costed:
        activity = float(max(8, round(many * rng.uniform(0.7, 1.3))))
        each = round(unit * up * rng.uniform(0.9, 1.1), 4)
        total = activity * each
        hidden = year == _COST_YEARS[-1] and not service and (many, code) == (9, HIDDEN[1])
        return Costed(code, name, None if hidden else activity, each, total, service, called)

    groups = [group for group in _GROUPS if group[0] != UNPRICED]
    serviced = year == _SCHEDULE_YEAR
    clinics = tuple(
        costed(code, name, 140 * times, 90_000, *((number, called) if serviced else ()))
        for code, name, times in _ATTENDANCES
        for number, called in (_SERVICES if serviced else _SERVICES[:1])
    )
    fces = "Number of FCE's"
    parts = [
        Department("EL", "Elective Inpatients", "Elective inpatient", "Number of FCEs",
                   tuple(costed(c, n, 0.9 * u, 700) for c, n, u, _ in groups)),
        Department("NEL", "Non-Elective Inpatient - Long Stay", "Non-elective long stay", fces,
                   tuple(costed(c, n, 1.1 * u, 6000) for c, n, u, stay in groups if stay > 1)),
        Department("NES", "Non-Elective Inpatient - Short Stay", "Non elective short stay", fces,
                   tuple(costed(c, n, 0.3 * u, 4000) for c, n, u, _ in groups)),
        Department("DC", "Daycase", "Day case", fces,
                   tuple(costed(c, n, 0.8 * u, 9 if c == HIDDEN[1] else 2500)
                         for c, n, u, _ in groups)),
        Department("CL", "Consultant Led", "Consultant led", "No. of attendances", clinics),
        Department("CHS", "Community Health Service", "Community health services", "Activity ",
                   (costed("ZN10A", "Specialist Nursing, Heart Failure, made up", 95, 40_000,
                           *(("NURS", "Nursing, made up") if serviced else ())),)),
    ]  # fmt: skip
    if serviced:
        parts.insert(2, Department(
            "NEL_XS", "", "Non-elective excess bed days", "Excess Bed Days",
            tuple(costed(c, n, 340, 900) for c, n, _, stay in groups if stay > 1),
        ))  # fmt: skip
    # The extract of 2024-25 was given without outpatient attendances.
    return tuple(one for one in parts if one.sheet != "CL" or year != _COST_YEARS[-1])
