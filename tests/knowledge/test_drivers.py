"""What practices can be alike in: the file is sound, and a fault in it is told where it stands."""

from pathlib import Path

import pytest

from locality.knowledge import KnowledgeError, load
from locality.knowledge.drivers import drivers, load_drivers
from tests.measure.made import definition

FILE = """
default = ["list_size", "deprivation"]

[[driver]]
id = "list_size"
title = "Registered patients"
unit = "patients"
transform = "log"
why = "A large practice is unlike a small one."
table = "list_sizes"
column = "patients"
references = [{ text = "A made-up document" }]

[[driver]]
id = "deprivation"
title = "Deprivation"
unit = "score"
why = "People who are deprived fall ill earlier."
table = "deprivation"
column = "score"
references = [{ text = "A made-up document" }]

[[driver]]
id = "diabetes"
title = "Recorded with diabetes"
unit = "%"
why = "Where more have it there is more of this work."
measure = "qof.register.dm"
not_for = ["made.asthma_review"]
references = [{ text = "A made-up document" }]

[[likened]]
topic = "Respiratory"
drivers = ["list_size", "deprivation", "diabetes"]
why = "Said for the tests of the loader."

[[likened]]
measures = "made."
drivers = ["deprivation", "list_size"]
why = "Said for the tests of the loader."

[[likened]]
measures = "made.asthma"
drivers = ["deprivation", "list_size", "diabetes"]
why = "Said for the tests of the loader, longer."
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    assert not old or old in FILE
    path = folder / "drivers.toml"
    path.write_text(FILE.replace(old, new) if old else FILE, "utf-8")
    return path


def test_every_measure_is_likened_by_three_or_more_and_never_by_itself() -> None:
    known, measures = drivers(), load().measures
    known.check(measures)
    for one in measures.values():
        found = known.of(one)
        assert len(found) >= 3, one.id
        assert one.id not in {driver.measure for driver in found}
        assert sum(not driver.is_register for driver in found) >= 2, one.id


def test_every_topic_of_a_practice_measure_is_named() -> None:
    of_practices = {m.topic for m in load().measures.values() if m.counted_for == "practice"}
    assert of_practices <= set(drivers().topics)
    assert set(drivers().topics) <= of_practices


def test_every_condition_can_be_run_as_sql() -> None:
    for driver in drivers().known.values():
        for expression in driver.expressions.values():
            assert expression.sql_tree().sql("duckdb")
        assert driver.measure or driver.period_column in ("period", "as_at")


def test_the_older_are_not_likened_by_the_older() -> None:
    measure = load().measures["list.aged_75_and_over"]
    ids = {driver.id for driver in drivers().of(measure)}
    assert not ids & {"aged_75_and_over", "aged_65_and_over"} and "deprivation" in ids


def test_the_longest_start_counts_before_the_topic(tmp_path) -> None:
    known = load_drivers(written(tmp_path))

    def ids(**changes) -> list[str]:
        return [driver.id for driver in known.of(definition(**changes))]

    # diabetes is not_for this measure
    assert ids() == ["deprivation", "list_size"]
    assert known.why(definition()).endswith("longer.")
    assert ids(id="made.other") == ["deprivation", "list_size"]
    assert ids(id="other.one") == ["list_size", "deprivation", "diabetes"]
    assert ids(id="other.one", topic="Elsewhere") == ["list_size", "deprivation"]
    assert known.why(definition(id="other.one", topic="Elsewhere")) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('column = "score"', 'column = "scores"', "no column 'scores'; did you mean 'score'"),
        ('table = "deprivation"', 'table = "deprived"', "did you mean 'deprivation'"),
        ('measure = "qof.register.dm"\n', "", "measure or from a table"),
        ('column = "score"', 'column = "score"\nwhere = "scores > 3"', "no 'scores'"),
        ('column = "score"', 'column = "score"\nyes = "score > 3"\nover = "score > 1"', "no over"),
        ('id = "diabetes"', 'id = "deprivation"', "stands twice"),
        ('topic = "Respiratory"\n', "", "of a topic or of measures"),
        ('"list_size", "deprivation", "diabetes"', '"list_size", "deprivaton"', "'deprivation'"),
        ('"list_size", "deprivation", "diabetes"', '"list_size", "list_size"', "count twice"),
        ('"list_size", "deprivation", "diabetes"', '"list_size", "diabetes"', "registers alone"),
        ('transform = "log"', 'transform = "ln"', "'log'"),
        ('measures = "made.asthma"', 'measures = "made."', "stands twice"),
        ('title = "Deprivation"', 'titel = "Deprivation"', "did you mean 'title'"),
    ],
)
def test_a_fault_is_told_with_file_and_nearest_name(tmp_path, old, new, told) -> None:
    with pytest.raises(KnowledgeError) as error:
        load_drivers(written(tmp_path, old, new), "knowledge/drivers.toml")
    assert told in str(error.value) and "drivers.toml" in str(error.value)


def test_a_measure_that_there_is_not_is_told(tmp_path) -> None:
    with pytest.raises(KnowledgeError, match=r"qof\.register\.dmm.*did you mean"):
        load_drivers(written(tmp_path, "register.dm", "register.dmm")).check(load().measures)
    with pytest.raises(KnowledgeError, match=r"made\.asthma_review"):
        load_drivers(written(tmp_path)).check(load().measures)
    with pytest.raises(KnowledgeError, match="no share in per cent"):
        old = 'measure = "qof.register.dm"\nnot_for = ["made.asthma_review"]'
        wrong = written(tmp_path, old, 'measure = "staff.nurses"')
        load_drivers(wrong).check(load().measures)
