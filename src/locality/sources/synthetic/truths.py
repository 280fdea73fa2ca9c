"""What is true of a made-up locality, in plain words and exact numbers, for tests to read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from locality.sources.synthetic import planted as plan
from locality.sources.synthetic.calendar import BOARDS_MERGED, LATEST, year_code, year_end
from locality.sources.synthetic.in_year import small_counts
from locality.sources.synthetic.registers import group_index
from locality.sources.synthetic.returns import Return, qof_return
from locality.sources.synthetic.sums import Made, Words, latest_by_kind, register_sums, sums
from locality.sources.synthetic.wider import wider_truths
from locality.sources.synthetic.world import UNALLOCATED, World


def write_truths(folder: Path, made: Made) -> Path:
    """Write ``truths.json`` and return where."""
    path = folder / "truths.json"
    path.write_text(json.dumps(truths(made), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def truths(made: Made) -> Words:
    """Return the truths: what the files say, the sums they give, and what was planted."""
    world = made.world
    everyone = np.ones(world.count, dtype=bool)
    board = world.sub_board[world.sub]
    return {
        "about": (
            "A made-up locality: no place, practice or person in it is real. Sums are of the "
            "files as they are first published, each practice counted under the board it last "
            "belonged to. A hidden register and its list are left out of 'register' and "
            "'list_counted'; 'list' has every list that is in the file."
        ),
        "seed": world.seed,
        "practices": world.asked,
        "years": world.calendar.years,
        "files": [asdict(one) for one in made.files],
        "home": {
            "code": world.boards.code[0],
            "name": world.boards.name[0],
            "practices_open": int((world.home & world.open_on(LATEST)).sum()),
            "patients": int(made.population.lists(LATEST)[world.home].sum()),
            "pcns": len(set(world.last_pcn[world.home].tolist()) - {-1}),
            "places": dict(zip(world.places.code, world.places.name, strict=True)),
            "sub_icbs": [code for s, code in enumerate(world.subs.code) if world.sub_board[s] == 0],
        },
        "england": sums(made, everyone),
        "icbs": {
            code: sums(made, board == number) for number, code in enumerate(world.boards.code)
        },
        "latest": latest_by_kind(made),
        "planted": _planted(made),
        **wider_truths(world, made.population, made.registers),
    }


def _planted(made: Made) -> Words:
    return {
        **_practices_that_change(made),
        **_networks(made.world),
        **_cells(made),
        **_patterns(made),
        "late_correction": _late_correction(made),
        "small_in_year_counts": small_counts(made.registers, made.in_year),
    }


def _practices_that_change(made: Made) -> Words:
    world, of = made.world, made.world.planted
    code, pcn = world.practices.code, world.pcns.code
    before, after = year_end(2023), year_end(2024)
    lists = made.population.lists
    small = of.small
    return {
        "merger": {
            "words": "One practice closed and its people went to another, all at once.",
            "practice": code[of.closed],
            "successor": code[of.successor],
            "last_day": world.closed_on.isoformat(),
            "on": plan.MERGED_ON.isoformat(),
            "how": "merged",
            "pcn": pcn[world.last_pcn[of.closed]],
            "last_qof_year": "2023-24",
            "lists_before": {
                "as_at": before.isoformat(),
                "practice": int(lists(before)[of.closed]),
                "successor": int(lists(before)[of.successor]),
            },
            "lists_after": {
                "as_at": after.isoformat(),
                "successor": int(lists(after)[of.successor]),
            },
        },
        "moved_pcn": {
            "words": "One practice left its PCN for another in the same place.",
            "practice": code[of.moved],
            "from_pcn": pcn[of.moved_from],
            "to_pcn": pcn[world.last_pcn[of.moved]],
            "on": plan.MOVED_ON.isoformat(),
            "last_map_before": max(d for d in world.calendar.maps if d < plan.MOVED_ON).isoformat(),
            "first_map_after": min(
                d for d in world.calendar.maps if d >= plan.MOVED_ON
            ).isoformat(),
        },
        "board_merger": {
            "words": "Two boards became one in April 2026; their sub-ICBs kept their codes.",
            "on": BOARDS_MERGED.isoformat(),
            "before": [
                {"code": world.older.code[b], "name": world.older.name[b]}
                for b in sorted(set(world.sub_older[world.sub_board == 0].tolist()))
            ],
            "after": {"code": world.boards.code[0], "name": world.boards.name[0]},
        },
        "small_list": {
            "words": "A list under 750: left out by the inclusion rule, though active.",
            "practice": code[small],
            "patients": {
                on.isoformat(): int(lists(on)[small])
                for on in (year_end(world.calendar.qof_years[-1]), LATEST)
            },
        },
    }


def _networks(world: World) -> Words:
    of = world.planted
    crossing = np.flatnonzero(world.last_pcn == of.crossing_pcn).tolist()
    return {
        "unallocated": {
            "words": "A practice in no PCN: its PCN is U, 'Unallocated', which is not a network.",
            "practice": world.practices.code[of.unallocated],
            "pcn": UNALLOCATED,
        },
        "pcn_across_boards": {
            "words": "A PCN with practices of two boards.",
            "pcn": world.pcns.code[of.crossing_pcn],
            "practices": {
                board: [
                    world.practices.code[p]
                    for p in crossing
                    if world.boards.code[world.sub_board[world.sub[p]]] == board
                ]
                for board in world.boards.code[:2]
            },
        },
    }


def _cells(made: Made) -> Words:
    world, of, code = made.world, made.world.planted, made.world.practices.code
    return {
        "suppressed": {
            "words": "One register is hidden by the publisher (an asterisk); its list is not.",
            "practice": code[of.suppressed],
            "period": year_code(plan.SUPPRESSED_YEAR),
            "group": plan.SUPPRESSED_GROUP,
            "list": int(
                made.registers.lists[plan.SUPPRESSED_YEAR][
                    of.suppressed, group_index(plan.SUPPRESSED_GROUP)
                ]
            ),
        },
        "no_return": {
            "words": "An active practice is not in one year's QOF file at all.",
            "practice": code[of.no_return],
            "period": year_code(plan.NO_RETURN_YEAR),
        },
        "zero_register": {
            "words": "A register of nobody: a true zero, in every year.",
            "practice": code[of.small],
            "group": plan.ZERO_GROUP,
            "periods": [year_code(year) for year in world.calendar.qof_years],
        },
        "blank_weighted_population": {
            "words": "A practice's maternity-weighted population is empty in one allocation.",
            "practice": code[of.blank],
            "period": year_code(world.calendar.allocation_years[0]),
            "component": "maternity",
        },
        "zeros_written_out": {
            "words": (
                "A sex and age band of nobody has no row in the age-sex files, save in the "
                "latest, which writes its zeros out."
            ),
            "as_at": LATEST.isoformat(),
        },
    }


def _patterns(made: Made) -> Words:
    world, of, code = made.world, made.world.planted, made.world.practices.code
    outlier, step = group_index(plan.OUTLIER_GROUP), group_index(plan.STEP_GROUP)
    years = world.calendar.qof_years

    def through_time(practice: int, group: int) -> Words:
        return {
            year_code(year): {
                "register": int(made.registers.counts[year][practice, group]),
                "list": int(made.registers.lists[year][practice, group]),
            }
            for year in years
        }

    return {
        "outlier": {
            "words": "One practice's register is about five times what it should be.",
            "practice": code[of.outlier],
            "group": plan.OUTLIER_GROUP,
            "times": plan.OUTLIER_TIMES,
            "years": through_time(of.outlier, outlier),
        },
        "step_change": {
            "words": "One practice's register doubles in one year and stays doubled.",
            "practice": code[of.step],
            "group": plan.STEP_GROUP,
            "times": plan.STEP_TIMES,
            "first_period": year_code(plan.STEP_YEAR),
            "years": through_time(of.step, step),
        },
    }


def _late_correction(made: Made) -> Words:
    world, year = made.world, plan.CORRECTED_YEAR
    practice, group = world.planted.corrected, group_index(plan.CORRECTED_GROUP)
    first = qof_return(made.registers, year)
    second = qof_return(made.registers, year, corrected=True)
    name = made.correction.rsplit("/", 1)[-1]

    def these(what: Return) -> Words:
        board = world.sub_board[world.sub]
        everyone = np.ones(world.count, dtype=bool)
        return {
            "england": register_sums(what, everyone)[plan.CORRECTED_GROUP]["register"],
            "icbs": {
                code: register_sums(what, board == b)[plan.CORRECTED_GROUP]["register"]
                for b, code in enumerate(world.boards.code)
            },
            "practice": int(what.registers[practice, group]),
        }

    return {
        "words": (
            "A second version of one QOF file, in which one practice's register is put right. It "
            "lies in a hidden folder, so that ingesting the locality's folder leaves it out."
        ),
        "file": made.correction,
        "replaces": name,
        "period": year_code(year),
        "practice": world.practices.code[practice],
        "group": plan.CORRECTED_GROUP,
        "list": int(first.lists[practice, group]),
        "before": these(first),
        "after": these(second),
    }
