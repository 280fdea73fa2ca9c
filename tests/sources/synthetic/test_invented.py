from __future__ import annotations

import re

import pytest

from locality.sources.synthetic import codes, names
from locality.sources.synthetic.world import MOST, World, make
from tests.sources.synthetic.plainly import Plain


@pytest.fixture(scope="module")
def largest() -> World:
    return make(MOST, 5, 2026)


def test_shapes_of_codes_are_the_real_ones(largest: World) -> None:
    shapes = {
        r"Z9\d{4}": largest.practices.code,
        r"U\d{5}": largest.pcns.code,
        r"[A-Z]\d[A-Z]\d[A-Z]": largest.subs.code,
        r"Q[XZ][A-Z0-9]|[A-Z]\d[A-Z]\d[A-Z]": largest.boards.code + largest.older.code,
        r"Y9\d": largest.regions.code,
        r"ZZ[1-8]?\d \d[A-Z]{2}": largest.postcode,
    }
    for shape, written in shapes.items():
        assert all(re.fullmatch(shape, code) for code in written), shape
    for kind in (largest.practices, largest.pcns, largest.subs, largest.boards, largest.older):
        assert len(set(kind.code)) == len(kind.code)
        assert len(set(kind.name)) == len(kind.name)
    assert len(set(largest.postcode)) == largest.count


@pytest.mark.published
def test_no_code_is_in_a_published_file(largest: World, real_words: set[str]) -> None:
    kinds = (largest.practices, largest.pcns, largest.subs, largest.boards, largest.older)
    ours = {code for kind in kinds for code in kind.code + kind.ons if code}
    ours |= set(largest.regions.code + largest.regions.ons)
    ours |= set(codes.cost_centre_codes(50)) | set(codes.welsh_codes(9))
    assert {"A81001", "U89141", "QHM", "Y63", "E54000050", "D7T5G", "X2C4Y"} <= real_words
    assert not ours & real_words
    assert not {postcode.split()[0] for postcode in largest.postcode} & real_words


@pytest.mark.published
def test_no_place_is_in_a_published_file(
    largest: World, real_text: bytes, real_words: set[str]
) -> None:
    everything = [
        *(name.removesuffix(" PCN") for name in largest.pcns.name),
        *largest.places.name,
        *largest.older.name,
        *names.PLACES,
        *names.REGIONS,
        names.NEIGHBOUR_BOARD,
    ]
    assert "HARTLEPOOL" in real_words
    for name in everything:
        # One word of a name may be an ordinary one ("Upper"); all of them together are not real.
        if set(name.upper().split()) <= real_words:
            assert name.upper().encode() not in real_text, name


def test_england_in_miniature_is_called_nothing_official(locality: Plain) -> None:
    assert locality.truths["home"]["name"] == "Larkmere and Withy Dale"
    text = locality.text(locality.files("practice_map")["2026-07-01"]).lower()
    assert "made" not in text
    for row in locality.of("practice_map", "2026-07-01"):
        assert row["PRACTICE_NAME"].isupper()
        assert not re.search(r"\bDR\b|\bDRS\b", row["PRACTICE_NAME"]), "no person's name"


def test_coordinates_are_at_sea(locality: Plain) -> None:
    for row in locality.of("weighted_populations", "2025-26"):
        assert 54.5 < float(row["Latitude"]) < 55.5
        assert 0.9 < float(row["Longitude"]) < 2.0


def test_names_are_said_easily() -> None:
    import numpy as np

    gazetteer = names.Gazetteer(np.random.default_rng(1))
    found = gazetteer.places(4000)
    assert len(set(found)) == 4000
    # No letter thrice in a row, and none said twice at the join.
    assert not [name for name in found if re.search(r"(.)\1\1", name.lower())]
