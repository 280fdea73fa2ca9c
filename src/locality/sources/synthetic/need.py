"""Need-weighted populations, one per component and year, as allocations would set them."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.population import Population

Floats = NDArray[np.float64]

#: Component -> log of need for one standard deviation of (older people, deprivation, chance).
COMPONENTS: dict[str, tuple[float, float, float]] = {
    "general_and_acute": (0.16, 0.10, 0.04),
    "community": (0.24, 0.08, 0.05),
    "mental_health": (-0.04, 0.22, 0.08),
    "maternity": (-0.20, 0.10, 0.06),
    "health_inequalities": (-0.02, 0.55, 0.08),
    "prescribing": (0.22, 0.08, 0.04),
    "overall": (0.14, 0.13, 0.03),
    "primary_medical_need": (0.10, 0.08, 0.03),
    "primary_medical": (0.09, 0.07, 0.02),
}
REGISTERED = "registered"
_DECIMALS = 6


def allocation_date(year: int) -> date:
    """Return the day whose lists the allocation of that year starts from."""
    return date(year, 1, 1)


def weighted(population: Population, year: int) -> dict[str, Floats]:
    """Return component -> people of each practice, rounded as published; NaN where left empty.

    Every component has the same England total as the registered population, as in the real
    allocations; a closed practice has none and is not published.
    """
    world = population.world
    on = allocation_date(year)
    people = population.registered(on)
    lists = people.sum(axis=(1, 2)).astype(np.float64)
    registered = np.round(lists * 1.0047, _DECIMALS)
    older = people[:, :, 13:].sum(axis=(1, 2)) / np.maximum(lists, 1)
    older = (older - older[lists > 0].mean()) / older[lists > 0].std()
    rng = world.rng(3)
    found = {REGISTERED: registered}
    for component, (by_age, by_deprivation, by_chance) in COMPONENTS.items():
        log_need = by_age * older + by_deprivation * population.deprivation
        need = registered * np.exp(log_need + by_chance * rng.normal(size=len(lists)))
        found[component] = np.round(need * registered.sum() / need.sum(), _DECIMALS)
    if year == world.calendar.allocation_years[0]:
        found["maternity"] = found["maternity"].copy()
        found["maternity"][world.planted.blank] = np.nan
    return found
