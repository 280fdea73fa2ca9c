"""The house's own readers, which had no part in the writing, take every file for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from locality.sources import NotRecognised, Unopened, documents, read
from tests.sources.synthetic.plainly import Plain


def test_every_file_is_recognised_and_the_late_correction_is_passed_over(made: Plain) -> None:
    told = {
        (one["file"], one["publication"], one["period"])
        for one in made.truths["files"]
        # Lists of places and successors have no period of their own.
        if one["publication"] not in ("places", "practice_successors")
    }
    found: set[tuple[str, str, str]] = set()
    for document in documents(made.folder):
        assert not isinstance(document, Unopened), document
        if document.name == "truths.json":
            with pytest.raises(NotRecognised):
                read(document)
            continue
        for reading in read(document):
            if reading.publication not in ("places", "practice_successors"):
                found.add((document.came_in, reading.publication, reading.period))
    assert found >= told
    # What a file holds beside its own subject, and years beside its own, are told by no name.
    assert {file for file, _, _ in found} == {file for file, _, _ in told}


def test_the_corrected_file_reads_as_the_same_publication_and_period(made: Plain) -> None:
    told = made.planted["late_correction"]
    (document,) = documents(Path(made.folder / told["file"]))
    assert not isinstance(document, Unopened)
    (reading,) = read(document)
    assert (reading.publication, reading.period) == ("qof_prevalence", told["period"])
