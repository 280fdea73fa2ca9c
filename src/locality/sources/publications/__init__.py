"""The readers, one module for each publication, named as in ``knowledge/publications``."""

from __future__ import annotations

from locality.sources.publications import (
    age_sex,
    list_sizes,
    ods_practices,
    places,
    practice_map,
    practice_successors,
    qof_in_year,
    qof_prevalence,
    weighted_populations,
)

#: In the order in which a sheet is offered to them.
MODULES = (
    practice_map,
    list_sizes,
    age_sex,
    ods_practices,
    qof_prevalence,
    weighted_populations,
    qof_in_year,
    places,
    practice_successors,
)
