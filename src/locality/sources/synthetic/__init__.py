"""A made-up locality in the publications' own file formats.

:func:`write` puts into a folder what a locality would have downloaded and supplied: practice maps,
lists, age-sex counts, ODS practices, QOF registers, weighted populations, places, successors and
in-year counts; and, subject by subject, networks, QOF results, staff, payments, access,
deprivation, waits, prescribing, prices and the demonstration's story (``wider``). No reader is
used to write them, so that reading them back tests the readers.
``truths.json`` beside them says, in words and numbers, what is so; :mod:`.planted` names the
practices that carry something to be found.

Reading order: ``calendar``, ``codes`` and ``names``; ``hierarchy``, ``planted`` and ``world``;
``population``, ``registers``, ``returns``, ``need``, ``in_year`` and ``in_year_more``; ``files``;
``wider`` and its subjects; ``sums``, ``truths``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from locality.figures import Problem
from locality.sources.synthetic import planted as plan
from locality.sources.synthetic.calendar import LATEST, year_code
from locality.sources.synthetic.files import allocations, local, ods, patients, qof
from locality.sources.synthetic.in_year import in_year
from locality.sources.synthetic.in_year_more import more_in_year
from locality.sources.synthetic.need import weighted
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.returns import qof_return
from locality.sources.synthetic.sums import Made, Written
from locality.sources.synthetic.truths import write_truths
from locality.sources.synthetic.wider import write_wider
from locality.sources.synthetic.world import make

__all__ = ["LATE_CORRECTION", "write"]

#: Hidden, so that ingesting the locality's folder passes it over; ``truths.json`` names its file.
LATE_CORRECTION = ".late_correction"


def write(
    folder: Path,
    *,
    practices: int = 60,
    years: int = 5,
    seed: int = 2026,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path:
    """Write a made-up locality into ``folder``, which must be empty or not there, and return it.

    ``practices`` (30 to 9,000) are open at the end, July 2026. Up to about 250 they are one board;
    beyond that there are as many boards, sub-ICBs, networks and regions as England would have.
    Where there is one board, three practices of its neighbour come on top, for a PCN that crosses
    boards. ``years`` (3 to 10) are QOF years up to 2025-26. The same seed gives the same bytes.
    Raises Problem, with a sentence, for a folder that is not empty or numbers out of range.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(f"{folder} is not an empty folder. Name a new one, so that nothing is mixed.")
    tell = progress or (lambda sentence, done, of: None)
    world = make(practices, years, seed)
    calendar = world.calendar
    # About as many as there are files; the practices' own are few.
    steps = len(calendar.maps) + len(calendar.lists) + len(calendar.age_sex) + 2 * years + 80
    files: list[Written] = []

    def wrote(path: Path, publication: str, period: str) -> None:
        files.append(Written(path.relative_to(folder).as_posix(), publication, period))
        tell(f"Writing {path.name}", min(len(files), steps), steps)

    tell("Making up people and practices", 0, steps)
    population = Population(world)
    registers = Registers(population)
    counts = in_year(registers)
    needs = {year: weighted(population, year) for year in calendar.allocation_years}

    folder.mkdir(parents=True, exist_ok=True)
    for on in calendar.maps:
        wrote(patients.write_map(folder, world, on), "practice_map", on.isoformat())
    for on in calendar.lists:
        wrote(patients.write_lists(folder, population, on), "list_sizes", on.isoformat())
    for on in calendar.age_sex:
        wrote(patients.write_age_sex(folder, population, on), "age_sex", on.isoformat())
    for year in calendar.qof_years:
        what = qof_return(registers, year)
        wrote(qof.write_prevalence(folder, world, what), "qof_prevalence", year_code(year))
    for year, populations in needs.items():
        path = allocations.write_weighted(folder, world, year, populations)
        wrote(path, "weighted_populations", year_code(year))
    wrote(ods.write_epraccur(folder, world), "ods_practices", LATEST.isoformat())
    wrote(local.write_places(folder, world), "places", f"{calendar.first}-01-01")
    wrote(local.write_successors(folder, world), "practice_successors", plan.MERGED_ON.isoformat())
    typed = [*counts, *more_in_year(population, registers)]
    for path, as_at in local.write_in_year(folder, world, typed):
        wrote(path, "qof_in_year", as_at.isoformat())

    for one in write_wider(folder, world, population, registers):
        files.append(one)
        tell(f"Writing {Path(one.file).name}", min(len(files), steps), steps)

    late = folder / LATE_CORRECTION
    late.mkdir()
    corrected = qof_return(registers, plan.CORRECTED_YEAR, corrected=True)
    correction = qof.write_prevalence(late, world, corrected).relative_to(folder).as_posix()
    made = Made(world, population, registers, needs, counts, files, correction)
    write_truths(folder, made)
    tell("Written", steps, steps)
    return folder
