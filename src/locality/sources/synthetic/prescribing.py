"""What the made-up practices prescribe: some forty medicines in each of the last three months.

Levels are about England's for these medicines, and prices those of 2017. One practice prescribes
antibacterials more than twice as often as it would be expected to. A walk-in centre, a hospital
and doctors whom nobody could identify prescribe too, and belong in no practice's figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.calendar import LATEST
from locality.sources.synthetic.codes import cost_centre_codes
from locality.sources.synthetic.files.prescribing import (
    Prescribed,
    Prescriber,
    Presentation,
    write_month,
)
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

Numbers = NDArray[np.int64]
#: How many months are published.
MONTHS = 3
ANTIBACTERIALS = "0501"
#: How many times the antibacterials that its list would have, in the planted outlier.
OUTLIER_TIMES = 2.2
#: Code, presentation, chemical; items a month for each 1,000 people; quantities on prescriptions;
#: pounds a unit. From the English Prescribing Dataset of September 2017, rounded.
_MEDICINES: tuple[tuple[str, str, str, float, tuple[int, ...], float], ...] = (
    ("0103050P0AAAAAA", "Omeprazole_Cap E/C 20mg", "Omeprazole", 43, (28, 56), 0.0308),
    ("0103050L0AAABAB", "Lansoprazole_Cap 15mg (E/C Gran)", "Lansoprazole", 21, (28, 56), 0.029),
    ("0106040G0AAAAAA", "Lactulose_Soln 3.1g-3.7g/5ml", "Lactulose", 5, (500,), 0.0046),
    ("0202020L0AABDBD", "Furosemide_Tab 40mg", "Furosemide", 17, (28, 56), 0.0229),
    ("0202010B0AAABAB", "Bendroflumethiazide_Tab 2.5mg", "Bendroflumethiazide", 14, (28,), 0.0207),
    ("0204000H0AAAJAJ", "Bisoprolol Fumar_Tab 2.5mg", "Bisoprolol fumarate", 24, (28, 56), 0.0257),
    ("0205051R0AAADAD", "Ramipril_Cap 10mg", "Ramipril", 27, (28, 56), 0.0339),
    ("0205052N0AAABAB", "Losartan Pot_Tab 50mg", "Losartan potassium", 12, (28,), 0.0279),
    ("0206020A0AAAAAA", "Amlodipine_Tab 5mg", "Amlodipine", 31, (28, 56), 0.1143),
    ("0208020Y0AAACAC", "Rivaroxaban_Tab 20mg", "Rivaroxaban", 6, (28,), 1.8),
    ("0209000A0AAABAB", "Aspirin Disper_Tab 75mg", "Aspirin", 25, (28, 56), 0.0222),
    ("0209000C0AAAAAA", "Clopidogrel_Tab 75mg", "Clopidogrel", 17, (28,), 0.046),
    ("0212000B0AAABAB", "Atorvastatin_Tab 20mg", "Atorvastatin", 45, (28, 56), 0.0325),
    ("0212000Y0AAADAD", "Simvastatin_Tab 40mg", "Simvastatin", 20, (28, 56), 0.0308),
    ("0301011R0AAAPAP", "Salbutamol_Inha 100mcg (200 D) CFF", "Salbutamol", 27, (1, 2), 1.5),
    ("0302000C0BPABBF", "Clenil Modulite_Inha 100mcg (200D)", "Beclometasone", 8, (1,), 7.42),
    ("0303020G0AAABAB", "Montelukast_Tab 10mg", "Montelukast", 7, (28,), 0.058),
    ("0304010I0AAAAAA", "Cetirizine HCl_Tab 10mg", "Cetirizine hydrochloride", 7, (30,), 0.0233),
    ("0401010Z0AAAAAA", "Zopiclone_Tab 7.5mg", "Zopiclone", 6, (14, 28), 0.0326),
    ("0401020K0AAAHAH", "Diazepam_Tab 2mg", "Diazepam", 6, (14, 28), 0.0232),
    ("0403010B0AAAGAG", "Amitriptyline HCl_Tab 10mg", "Amitriptyline", 19, (28, 56), 0.0268),
    ("0403030D0AAAAAA", "Citalopram Hydrob_Tab 20mg", "Citalopram", 18, (28,), 0.0822),
    ("0403030Q0AAAAAA", "Sertraline HCl_Tab 50mg", "Sertraline", 25, (28, 56), 0.0329),
    ("0403040X0AAANAN", "Mirtazapine_Tab 15mg", "Mirtazapine", 12, (28,), 0.1454),
    ("0407010F0AAAHAH", "Co-Codamol_Tab 30mg/500mg", "Co-codamol", 11, (100,), 0.0353),
    ("0407010H0AAAMAM", "Paracet_Tab 500mg", "Paracetamol", 25, (100, 200), 0.0195),
    ("0408010G0AAABAB", "Gabapentin_Cap 300mg", "Gabapentin", 8, (100,), 0.1395),
    ("0501011P0AAAJAJ", "Phenoxymethylpenicillin Pot_Tab 250mg", "Penicillin V", 4, (56,), 0.0346),
    ("0501012G0AAABAB", "Fluclox Sod_Cap 500mg", "Flucloxacillin sodium", 7, (28,), 0.0711),
    ("0501013B0AAABAB", "Amoxicillin_Cap 500mg", "Amoxicillin", 12, (15, 21), 0.06),
    ("0501013K0AAAJAJ", "Co-Amoxiclav_Tab 500mg/125mg", "Co-amoxiclav", 2.5, (21,), 0.0824),
    ("0501030I0AAABAB", "Doxycycline Hyclate_Cap 100mg", "Doxycycline hyclate", 6, (8,), 0.0976),
    ("0501050B0AAADAD", "Clarithromycin_Tab 500mg", "Clarithromycin", 4, (14,), 0.1436),
    ("0501080W0AAAEAE", "Trimethoprim_Tab 200mg", "Trimethoprim", 3.5, (6, 14), 0.06),
    ("0501130R0AAAAAA", "Nitrofurantoin_Cap 50mg", "Nitrofurantoin", 6, (28,), 0.514),
    ("0601012V0BBAEAD", "Ins Lantus SoloStar_100u/ml 3ml Pf Pen", "Insulin", 2, (5,), 8.3),
    ("0601022B0AAABAB", "Metformin HCl_Tab 500mg", "Metformin", 24, (56, 112), 0.0275),
    ("0602010V0AABZBZ", "Levothyrox Sod_Tab 100mcg", "Levothyroxine sodium", 18, (28, 56), 0.0479),
    ("0901020G0AAAGAG", "Folic Acid_Tab 5mg", "Folic acid", 11, (28,), 0.028),
    ("1001010P0AAAEAE", "Naproxen_Tab 500mg", "Naproxen", 9, (56,), 0.0411),
    ("1304000V0AAADAD", "Hydrocort_Crm 1%", "Hydrocortisone", 4, (15, 30), 0.0553),
    ("21300000111", "Hylo-Forte Sod Hyaluronate Eye Dps 0.2% P/F 10ml", "Other Appliances", 2, (1,),
     9.5),
)  # fmt: skip
_WALK_IN, _HOSPITAL, _NOBODY = cost_centre_codes(1)[0], "ZZ9AA", "-"


def write_prescribing(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write a zip for each of the last months into ``folder`` and yield it.

    ``registers`` is not needed: who is ill does not yet change what is prescribed.
    """
    for month in published_months(world):
        path = write_month(folder, month, _rows(world, population, month))
        yield Written(path.relative_to(folder).as_posix(), "prescribing", _code(month))


def prescribing_truths(
    world: World, population: Population, registers: Registers
) -> dict[str, Any]:
    """Return, in words and numbers, what is so: items by month, and the planted outlier."""
    lines = _lines()
    antibacterial = np.array([what.code.startswith(ANTIBACTERIALS) for what, *_ in lines])
    items = {month: _items(world, population, month) for month in published_months(world)}
    outlier = world.planted.outlier
    return {
        "items": {_code(month): int(one.sum()) for month, one in items.items()},
        "antibacterial_items": {
            _code(month): int(one[:, antibacterial].sum()) for month, one in items.items()
        },
        "antibacterial_outlier": {
            "words": "A practice that prescribes antibacterials more than twice as often as its "
            "list would have it, in every month.",
            "practice": world.practices.code[outlier],
            "times": OUTLIER_TIMES,
            "items": {
                _code(month): int(one[outlier, antibacterial].sum()) for month, one in items.items()
            },
        },
        "not_practices": {
            "words": "Prescribers that are in no practice's figures: a walk-in centre with a code "
            "like a practice's, a hospital, and doctors whom nobody could identify.",
            "codes": [_WALK_IN, _HOSPITAL, _NOBODY],
            "left_out_by_the_reader": [_HOSPITAL, _NOBODY],
        },
    }


def published_months(world: World) -> tuple[date, ...]:
    """Return the first day of each month that is published, oldest first."""
    return tuple(month for month in world.calendar.months if month < LATEST)[-MONTHS:]


def _code(month: date) -> str:
    return f"{month.year}-M{month.month:02d}"


def _lines() -> list[tuple[Presentation, float, int, float]]:
    """Return each presentation, items per 1,000, quantity and price, once for each quantity."""
    return [
        (Presentation(code, name, chemical), rate / len(quantities), quantity, price)
        for code, name, chemical, rate, quantities, price in _MEDICINES
        for quantity in quantities
    ]


def _items(world: World, population: Population, month: date) -> Numbers:
    """Return items by practice and line of :func:`_lines`; zero where a practice is closed."""
    lines = _lines()
    rng = world.rng(85)
    own = np.exp(rng.normal(0.0, 0.18, size=(world.count, 1)))
    habit = np.exp(rng.normal(0.0, 0.30, size=(world.count, len(lines))))
    rate = np.array([rate for _, rate, _, _ in lines]) / 1000 * own * habit
    antibacterial = np.array([what.code.startswith(ANTIBACTERIALS) for what, *_ in lines])
    rate[world.planted.outlier, antibacterial] *= OUTLIER_TIMES
    lists = population.lists(month) * world.open_on(month)
    by_month = world.rng(8500_000 + 12 * month.year + month.month)
    items: Numbers = by_month.poisson(lists[:, None] * rate)
    return items


def _rows(world: World, population: Population, month: date) -> Iterator[Prescribed]:
    lines, items = _lines(), _items(world, population, month).tolist()
    boards, board = world.boards_on(month)
    subs = world.sub_names_on(month)
    region = world.board_region[world.sub_board[world.sub]]
    for p in np.flatnonzero(world.open_on(month)).tolist():
        s, b, r = int(world.sub[p]), int(board[p]), int(region[p])
        by = Prescriber(
            (world.practices.code[p], world.practices.name[p].upper()),
            (f"{world.subs.code[s]}00", subs[s].upper()),
            (boards.code[b], f"NHS {boards.name[b]} Integrated Care Board".upper()),
            (world.regions.code[r], world.regions.name[r].upper()),
        )
        yield from _dispensed(by, lines, items[p])
        if not p:
            walk_in = Prescriber((_WALK_IN, "WALK-IN CENTRE, NORTH"), by.sub, by.board, by.region)
            hospital = Prescriber((_HOSPITAL, "A HOSPITAL"), by.sub, by.board, by.region)
    unknown = (_NOBODY, "UNIDENTIFIED")
    nobody = Prescriber((_NOBODY, "UNIDENTIFIED DOCTORS"), *(unknown,) * 3, identified=False)
    for number, other in enumerate((walk_in, hospital, nobody), 2):
        yield from _dispensed(other, lines, [number * (one % 3) for one in range(len(lines))])


def _dispensed(
    by: Prescriber, lines: list[tuple[Presentation, float, int, float]], items: list[int]
) -> Iterator[Prescribed]:
    for (what, _, quantity, price), many in zip(lines, items, strict=True):
        if many:
            total = many * quantity
            nic = round(total * price, 2)
            yield Prescribed(by, what, quantity, many, total, nic, round(0.93 * nic, 5))
