"""Fingertips' own CSV and the re-headed deprivation scores."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Missing
from locality.sources import Document, NotRecognised, Reading, Refused, documents, read
from locality.sources.publications.fingertips import _period
from locality.sources.synthetic.files.need import (
    EARLIER_AREA_TYPES,
    SUPPRESSED,
    Area,
    Indicator,
    write_fingertips,
    write_scores,
)
from tests.sources import made
from tests.sources.publications import made_need as need

NHS = made.nhs_numbers(6)


def one(found: tuple[Reading, ...]) -> Reading:
    (reading,) = found
    return reading


def test_practices_and_networks_are_kept_and_england_is_set_aside() -> None:
    found = one(read(made.document(need.fingertips())))
    assert (found.publication, found.period, found.part) == ("fingertips", "2021-22", "93930")
    assert (found.rows, found.practices) == (4, 3)
    rows = found.tables["fingertips"].rows
    assert [(row["code"], row["kind"]) for row in rows] == [
        ("U89141", "pcn"), ("A81001", "practice"), ("A81002", "practice"), ("A81004", "practice"),
    ]  # fmt: skip
    assert rows[1] == {
        "indicator_id": 93930, "period": "2021-22", "code": "A81001", "kind": "practice",
        "sex": "Persons", "age": "0-4 yrs", "value": 750.5, "lower": 700.0, "upper": 800.0,
        "count": 150.0, "denominator": 200.0, "missing": None,
    }  # fmt: skip
    assert [(a.reason, a.rows) for a in found.set_aside] == [
        ("The row is about England as a whole.", 2)
    ]


def test_a_hidden_value_is_suppressed_and_another_empty_one_is_no_return() -> None:
    rows = [need.area(), need.area("A81004", value="", count="", note=need.HIDDEN),
            need.area("A81005", value="", count="", note="Value not published")]  # fmt: skip
    table = one(read(made.document(need.fingertips(rows)))).tables["fingertips"].rows
    assert [(row["missing"], row["count"], row["denominator"]) for row in table[2:]] == [
        (Missing.SUPPRESSED, None, 200.0), (Missing.NO_RETURN, None, 200.0),
    ]  # fmt: skip


def test_rows_of_one_category_and_of_other_areas_belong_in_the_file() -> None:
    rows = [need.area(), need.area("A81002", category="Most deprived decile"),
            need.area("E54000050", "ICBs"), need.area("E38000001", "ICB sub-locations"),
            need.area("E06000001", "Districts & UAs (from Apr 2023)")]  # fmt: skip
    found = one(read(made.document(need.fingertips(rows))))
    assert found.rows == 2
    assert {a.reason: a.rows for a in found.set_aside} == {
        "The row is about England as a whole.": 2,
        "The row is about another kind of area.": 3,
        "The row is about one category of people only.": 1,
    }


def test_each_indicator_and_time_is_a_reading_of_its_own() -> None:
    rows = [
        need.area(indicator=number, time=time, sex=sex)
        for number in ("93930", "241")
        for time in ("2021/22", "2020/21")
        for sex in ("Male", "Female")
    ]
    found = read(made.document([need.FINGERTIPS_HEADER, *rows]))
    assert [(r.part, r.period, r.rows, r.practices) for r in found] == [
        ("241", "2020-21", 2, 1), ("241", "2021-22", 2, 1),
        ("93930", "2020-21", 2, 1), ("93930", "2021-22", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["93553", "94240"])
def test_scores_of_deprivation_fill_their_own_table_too(number: str) -> None:
    year = {"93553": "2019", "94240": "2025"}[number]
    rows = [
        need.area(code, "GP", "21.5", "", "", indicator=number, time=year)
        for code in ("A81001", "A81002")
    ]
    found = one(read(made.document([need.FINGERTIPS_HEADER, *rows])))
    assert found.period == year
    assert found.tables["deprivation"].rows == [
        {"period": year, "practice_code": code, "score": 21.5, "missing": None}
        for code in ("A81001", "A81002")
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2019", "2019"), ("2021/22", "2021-22"), ("2016/17 - 18/19", "2016-04-01/2019-03-31"),
        ("2016/17 - 2018/19", "2016-04-01/2019-03-31"), ("2018 - 20", "2018-01-01/2020-12-31"),
        ("1999 - 01", "1999-01-01/2001-12-31"), ("2022/23 Q1", "2022-Q2"),
        ("2022/23 Q4", "2023-Q1"), ("Mar 2024", "2024-M03"), ("2016/17 - 20", None), ("ever", None),
    ],
)  # fmt: skip
def test_times_as_fingertips_writes_them(written: str, code: str | None) -> None:
    assert _period(written) == code


def test_scores_under_other_headers_are_deprivation() -> None:
    found = one(read(made.document(need.SCORES)))
    assert (found.publication, found.period, found.rows) == ("deprivation", "2025", 3)
    assert found.tables["deprivation"].rows[0] == {
        "period": "2025", "practice_code": "A81001", "score": 33.519, "missing": None,
    }  # fmt: skip


FINGERTIPS = need.fingertips()


def practices(column: int, value: Any) -> list[list[Any]]:
    """Return rows of practices alone, spoilt, so that nothing else is kept."""
    rows = [FINGERTIPS[0], *(row for row in FINGERTIPS if row[6] == "GPs")]
    return need.spoil(rows, column, value)


DAMAGED: dict[str, tuple[bytes | list[list[Any]], str]] = {
    "England alone": (FINGERTIPS[:3], "England as a whole"),
    "cut short": (made.text(FINGERTIPS).encode()[:-30], "middle of line"),
    "words for values": (practices(12, "high"), "value is not a number"),
    "words for counts": (practices(17, "many"), "count is not a number"),
    "counts below zero": (practices(17, "-5"), "count is below zero"),
    "no times": (practices(11, "recently"), "time period"),
    "names for codes": (practices(4, "The Surgery"), "practice code"),
    "no indicator": (practices(0, ""), "indicator"),
    "a needed column twice": ([[*row, row[12]] for row in FINGERTIPS], "more than once"),
    "one practice with two values": (
        [FINGERTIPS[0], need.area(), need.area(value="1")], "disagree",
    ),
    "a score above 100": (
        [FINGERTIPS[0], need.area(value="750", indicator="93553", time="2019")], "below 0 or above",
    ),
    "scores of several ages": (
        [FINGERTIPS[0], *(
            [*row[:8], age, *row[9:]]
            for row in [need.area(value="20", indicator="93553", time="2019")] for age in "ab"
        )],
        "several rows",
    ),
    "no scores": (need.spoil(need.SCORES, 3, "low"), "score is not a number"),
    "scores below zero": (need.spoil(need.SCORES, 3, "-3"), "below 0"),
    "no year": (need.spoil(need.SCORES, 2, "last"), "not a year"),
    "two years": ([*need.SCORES, ["A81005", "x", "2019", "3"]], "2 indices"),
    "practices that are names": (need.spoil(need.SCORES, 0, "First"), "practice code"),
    "scores and no rows": (need.SCORES[:1], "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED, ids=list(DAMAGED))
def test_damaged_files_are_refused_with_a_sentence(case: str) -> None:
    content, words = DAMAGED[case]
    with pytest.raises(Refused, match=words):
        read(made.document(content))


def test_fingertips_without_a_needed_column_is_named_as_the_nearest() -> None:
    with pytest.raises(NotRecognised, match=r"Fingertips indicators.*value_note"):
        read(made.document([[*row[:19], *row[20:]] for row in FINGERTIPS]))


PATIENT_LEVEL = {
    "Fingertips beside NHS numbers": need.beside(FINGERTIPS, "NHS Number", NHS),
    "NHS numbers for names of areas": [
        FINGERTIPS[0], *([*row[:5], n, *row[6:]] for n in NHS for row in [need.area()]),
    ],
    "scores beside dates of birth": need.beside(need.SCORES, "date_of_birth", ["1950-01-01"]),
    "scores of patients": need.beside(need.SCORES, "patient_id", ["p1", "p2", "p3"]),
}  # fmt: skip


@pytest.mark.parametrize("case", PATIENT_LEVEL, ids=list(PATIENT_LEVEL))
def test_files_with_patients_are_refused(case: str) -> None:
    with pytest.raises(Refused, match="single patients"):
        read(made.document(PATIENT_LEVEL[case]))


def test_a_score_for_each_small_area_of_a_practice_is_no_score_of_the_practice() -> None:
    rows = [["A81001", "First", "2025", str(score)] for score in range(1, 9)]
    with pytest.raises(Refused, match="disagree for the same practice"):
        read(made.document([need.SCORES[0], *rows]))


words = st.text("ABC &'-,<>é\"", min_size=1, max_size=20).map(str.strip).filter(bool)
numbers = st.floats(0, 99_999, allow_nan=False).map(repr)
practice_codes = st.from_regex(r"[A-HJ-NPVWY][0-9]{5}", fullmatch=True).filter(str.isascii)


@st.composite
def areas(draw: st.DrawFn) -> list[Area]:
    codes = draw(st.lists(practice_codes, min_size=1, max_size=6, unique=True))
    found = []
    for code in codes:
        if draw(st.booleans()):
            value, count = draw(numbers), str(draw(st.integers(0, 10_000)))
            found.append(
                Area("practice", code, draw(words), value, value, value, count,
                     draw(st.sampled_from(["0", "250", ""])))
            )  # fmt: skip
        else:
            note = draw(st.sampled_from(["", SUPPRESSED]))
            found.append(Area("practice", code, draw(words), denominator="12", note=note))
    return [*found, Area("pcn", "U89141", draw(words), "1.5", count="3", denominator="2")]


@settings(max_examples=60)
@given(rows=areas(), earlier=st.booleans(), time=st.sampled_from(["2019", "2021/22"]))
def test_what_the_synthetic_writer_writes_is_read_back(
    rows: list[Area], earlier: bool, time: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    england = Area("england", "E92000001", "England", "7.5")
    path = write_fingertips(
        tmp_path_factory.mktemp("need") / "x.csv",
        Indicator(241, "Something, of children", "0-4 yrs", time),
        [england, *rows],
        **({"area_types": EARLIER_AREA_TYPES} if earlier else {}),
    )
    found = one(read(Document(path.name, path.read_bytes(), path.name)))
    assert [
        (r["code"], r["kind"], r["value"], r["count"], r["denominator"], r["missing"])
        for r in found.tables["fingertips"].rows
    ] == [
        (
            row.code, row.kind, number(row.value), number(row.count), number(row.denominator),
            None if row.value else Missing.SUPPRESSED if row.note else Missing.NO_RETURN,
        )
        for row in rows
    ]  # fmt: skip
    assert {r["period"] for r in found.tables["fingertips"].rows} == {time.replace("/", "-")}


def number(text: str) -> float | None:
    return float(text) if text else None


@settings(max_examples=40)
@given(
    scores=st.dictionaries(
        practice_codes, st.tuples(words, st.floats(0, 100).map(lambda x: f"{x:.3f}")), min_size=1
    )
)
def test_scores_are_read_back(
    scores: dict[str, tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [(code, name, score) for code, (name, score) in scores.items()]
    path = write_scores(tmp_path_factory.mktemp("need") / "x.csv", 2025, rows)
    found = one(read(Document(path.name, path.read_bytes(), path.name)))
    assert [(r["practice_code"], r["score"]) for r in found.tables["deprivation"].rows] == [
        (code, float(score)) for code, _, score in rows
    ]


def plainly(path: Path) -> list[dict[str, str]]:
    with gzip.open(path) as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline="")))


@pytest.mark.published
def test_the_published_files_sum_as_a_plain_count_does(published: Path) -> None:
    folder = published / "practice"
    found = {}
    for name in ("fingertips-93553-imd-2019-gp-practice", "fingertips-93930-ae-attendances-0-4",
                 "fingertips-imd-2025-gp-practice"):  # fmt: skip
        (document,) = documents(folder / f"{name}.csv.gz")
        assert isinstance(document, Document)
        found[name] = one(read(document)), plainly(folder / f"{name}.csv.gz")
    imd, ae, newer = found.values()
    assert (imd[0].practices, ae[0].practices, newer[0].practices) == (6545, 6343, 6143)
    assert ae[0].rows == 6343 + 1191
    rows = [row for row in ae[1] if row["Area Type"] == "GPs"]
    table = [row for row in ae[0].tables["fingertips"].rows if row["kind"] == "practice"]
    for mine, theirs in (("count", "Count"), ("denominator", "Denominator")):
        assert sum(row[mine] or 0 for row in table) == sum(int(row[theirs] or 0) for row in rows)
    assert [row["code"] for row in table if row["missing"] == Missing.SUPPRESSED] == ["A82620"]
    scores = imd[0].tables["deprivation"]
    assert sum(scores.column("score")) == pytest.approx(
        sum(float(row["Value"]) for row in imd[1] if row["Area Type"] == "GP"), rel=1e-12
    )
    assert sum(newer[0].tables["deprivation"].column("score")) == pytest.approx(
        sum(float(row["IMD_SCORE"]) for row in newer[1]), rel=1e-12
    )
