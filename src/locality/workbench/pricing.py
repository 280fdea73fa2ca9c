"""National prices and costs, with the files they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locality import know
from locality.figures import Figure, Table, Working
from locality.workbench import loading
from locality.workbench.sourcing import sources_of

if TYPE_CHECKING:
    from locality.workbench import Workbench


def price(here: Workbench, hrg: str, setting: str, year: str) -> Figure:
    """Return the national price of an HRG in a setting (know.SETTINGS) and year, in pounds."""
    period = loading.span(year)
    used = sources_of(
        here,
        ("national_prices",),
        period=period.code,
        practices=(hrg.strip().upper(),),
        entity={"national_prices": "hrg_code"},
    )
    return know.price(
        loading.select(here.version, "national_prices"),
        loading.select(here.version, "hrgs"),
        hrg,
        setting,
        period,
        Working(used),
    )


def prices(here: Workbench, text: str) -> Table:
    """Return every price, in every year loaded, of the HRGs that ``text`` finds (PRICE_LIST)."""
    return know.price_list(
        loading.select(here.version, "national_prices"),
        loading.select(here.version, "hrgs"),
        text,
    )


def costs(here: Workbench, text: str, year: str | None = None) -> Table:
    """Return the national costs that ``text`` finds, in one year or all (COST_LIST)."""
    period = loading.span(year) if year else None
    return know.cost_list(loading.select(here.version, "national_costs"), text, period)
