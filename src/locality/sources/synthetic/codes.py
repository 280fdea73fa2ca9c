"""Codes in the real formats, from ranges that no published file uses.

Checked against every code in the published files of 2017 to 2026 (the tests check again where
those files are present): no practice code begins with Z, no region is Y9n, and the PCN ranges
below are gaps between real codes, which are scattered over all of U00000 to U99999.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, product

#: First code and how many follow it, in gaps of the real PCN codes.
_FREE_PCN_RANGES = (
    (22510, 840),
    (41045, 470),
    (73482, 435),
    (35008, 425),
    (18498, 385),
    (80783, 380),
    (32376, 380),
    (83608, 375),
)
#: Third characters with which neither QZ nor QX stands in a published file.
_FREE_AFTER = {"QZ": "0123457BCDEFHIJKLMNPQRSTUWY", "QX": "0134568ABCDEHJKLMPRSTVYZ"}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Letters that stand in the second half of a postcode.
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def practice_codes(count: int) -> list[str]:
    """Return ``count`` codes of practices, ``Z90001`` onward."""
    return [f"Z9{number:04d}" for number in range(1, count + 1)]


def cost_centre_codes(count: int) -> list[str]:
    """Return ``count`` codes of prescribing cost centres that are not practices."""
    return [f"Z8{number:04d}" for number in range(1, count + 1)]


def welsh_codes(count: int) -> list[str]:
    """Return ``count`` codes of made-up practices in Wales, which epraccur carries too."""
    return [f"W999{number:02d}" for number in range(1, count + 1)]


def pcn_codes(count: int) -> list[str]:
    """Return ``count`` codes of primary care networks, ``U`` and five digits."""
    numbers = chain.from_iterable(range(first, first + run) for first, run in _FREE_PCN_RANGES)
    return [f"U{number:05d}" for number in islice(numbers, count)]


def sub_icb_codes(count: int) -> list[str]:
    """Return ``count`` codes of sub-ICB locations (earlier, CCGs) in the five-character form."""
    return list(islice(_five_characters("S"), count))


def icb_codes(count: int) -> list[str]:
    """Return ``count`` codes of boards as made in April 2026, five characters each."""
    return list(islice(_five_characters("K"), count))


def older_icb_codes(count: int) -> list[str]:
    """Return ``count`` codes of boards (earlier, STPs) from before April 2026."""
    codes = (first + third for first, thirds in _FREE_AFTER.items() for third in thirds)
    return list(islice(codes, count))


def region_codes(count: int) -> list[str]:
    """Return ``count`` codes of regions, at most seven."""
    return [f"Y9{number}" for number in range(count)]


def ons_codes(entity: str, count: int) -> list[str]:
    """Return ``count`` ONS codes of ``entity`` (E38 CCG, E54 ICB, E40 region, E06 district)."""
    return [f"{entity}999{number:03d}" for number in range(1, count + 1)]


def postcodes(count: int) -> list[str]:
    """Return ``count`` postcodes of the area ZZ, which does not exist (ZZ99, in use, apart)."""
    return list(islice(_postcodes(), count))


def _postcodes() -> Iterator[str]:
    # The sector turns before the letters do, so that neighbours differ at a glance.
    for first, second in product(_INWARD, repeat=2):
        for district in range(1, 90):
            for sector in range(1, 10):
                yield f"ZZ{district} {sector}{first}{second}"


def _five_characters(middle: str) -> Iterator[str]:
    for letter in _LETTERS:
        for first, second in product("0123456789", repeat=2):
            yield f"Z{second}{middle}{first}{letter}"
