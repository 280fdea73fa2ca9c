"""Files about single patients are refused, and real files that only look like it are not."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.sources import Document, Refused, contents, read, refusing
from locality.sources.refusing import passes, ten_digits
from tests.sources import made

NHS = made.nhs_numbers(40)
OTHER = made.other_numbers(40)


def check(document: Document) -> None:
    refusing.check(document, contents(document))


def spaced(number: str, sign: str = " ") -> str:
    return f"{number[:3]}{sign}{number[3:6]}{sign}{number[6:]}"


def pivot(records: list[str]) -> bytes:
    """Return a harmless workbook that carries ``records`` in a pivot table's own copy."""
    out = BytesIO(made.workbook({"Summary": [["practice", "n", "m"], ["A81001", 3, 4]]}))
    with zipfile.ZipFile(out, "a") as book:
        inside = "".join(f'<r><n v="{number}"/></r>' for number in records)
        book.writestr("xl/pivotCache/pivotCacheRecords1.xml", f"<records>{inside}</records>")
    return out.getvalue()


def rows(header: list[str], *columns: list[str]) -> list[list[str]]:
    return [header, *map(list, zip(*columns, strict=True))]


A = ["A81001"] * 5
PATIENT_LEVEL = {
    "numbers under their header": made.document(
        rows(["practice", "NHS number", "bp"], A, NHS[:5], ["1"] * 5)
    ),
    "one number under that header": made.document(
        rows(["practice", "nhs_no", "bp"], ["A81001"], NHS[:1], ["140"])
    ),
    "numbers under a harmless header": made.document(
        rows(["practice", "reference", "bp"], A, NHS[:5], ["1"] * 5)
    ),
    "half of the numbers": made.document(
        rows(["practice", "reference", "bp"], ["A81001"] * 8, NHS[:4] + OTHER[:4], ["1"] * 8)
    ),
    "numbers with spaces": made.document(
        rows(["practice", "ref", "bp"], A, [spaced(n) for n in NHS[:5]], ["1"] * 5)
    ),
    "numbers with hyphens": made.document(
        rows(["practice", "ref", "bp"], A, [spaced(n, "-") for n in NHS[:5]], ["1"] * 5)
    ),
    "numbers that a spreadsheet gave a point": made.document(
        rows(["practice", "ref", "bp"], A, [f"{n}.0" for n in NHS[:5]], ["1"] * 5)
    ),
    "no header at all": made.document([[n, "140", "90"] for n in NHS[:5]]),
    "three rows and no header": made.document([[n, "x"] for n in NHS[:3]]),
    "a header in two rows": made.document(
        [["Practice", "Patient", ""], ["code", "Surname", "bp"], ["A81001", "S", "1"]]
    ),
    "separated by tabs": made.document(
        made.text(rows(["practice", "ref", "bp"], A, NHS[:5], ["1"] * 5), "\t")
    ),
    "a title above": made.document(
        "Recall list\n\n" + made.text(rows(["practice", "NHS No.", "bp"], A, NHS[:5], ["1"] * 5))
    ),
    "hidden in broken rows": made.document(
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n" + "".join(f"x,{n}\n" for n in NHS[:4])
    ),
    "each patient in several rows": made.document(
        rows(["practice", "ref", "n"], ["A81001"] * 30, NHS[:3] * 10, ["1"] * 30)
    ),
    "marks that stand for numbers": made.document(
        rows(["practice", "nhs_number", "bp"], A, ["a9f3", "b77e", "c01d", "d9", "e1"], ["1"] * 5)
    ),
    "surnames": made.document(rows(["practice", "Surname", "bp"], A, ["S"] * 5, ["1"] * 5)),
    "forenames": made.document(rows(["FORENAME", "age", "bp"], ["S"] * 5, A, ["1"] * 5)),
    "names of patients": made.document(rows(["Patient Name", "age", "bp"], A, A, ["1"] * 5)),
    "dates of birth": made.document(
        rows(["practice", "Date of Birth", "bp"], A, ["01/02/1950"] * 5, ["1"] * 5)
    ),
    "dates of birth, short": made.document(
        rows(["practice", "pt_dob", "bp"], A, ["01/02/1950"] * 5, ["1"] * 5)
    ),
    "home addresses": made.document(
        rows(["practice", "Patient Postcode", "bp"], A, ["ZZ1 1AA"] * 5, ["1"] * 5)
    ),
    "record numbers": made.document(rows(["practice", "EMIS No", "n"], A, list("12345"), A)),
    "a workbook's hidden sheet": made.document(
        made.workbook(
            {
                "Counts": made.in_year(),
                "Working": rows(["practice", "ref", "n"], A, NHS[:5], ["1"] * 5),
            },
            hidden=["Working"],
        ),
        "counts.xlsx",
    ),
    "numbers as numbers in a workbook": made.document(
        made.workbook({"A": [["practice", "ref", "n"], *(["A81001", int(n), 1] for n in NHS[:5])]}),
        "counts.xlsx",
    ),
    "behind a pivot table": made.document(pivot(NHS[:5]), "summary.xlsx"),
    "parquet": made.document(
        made.parquet([["practice", "ref"], *(["A81001", int(n)] for n in NHS[:5])]), "x.parquet"
    ),
    "JSON records": made.document(json.dumps([{"ref": n, "n": 1} for n in NHS[:5]]), "x.json"),
    "JSON keys": made.document(json.dumps({"rows": {n: {"bp": 1} for n in NHS[:5]}}), "x.json"),
    "a FHIR bundle of one patient": made.document(
        json.dumps(
            {"entry": [{"resource": {"resourceType": "Patient", "birthDate": "1950-02-01"}}]}
        ),
        "x.json",
    ),
    "a publication's header over patients": made.document(
        [
            made.LIST_HEADER,
            *(["P", "2025-10-01", "GP", "16C", "E", n, "", "ALL", "ALL", 1] for n in NHS[:5]),
        ]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PATIENT_LEVEL)
def test_files_about_single_patients_are_refused(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(PATIENT_LEVEL[kind])
    sentence = str(refusal.value)
    assert "single patients" in sentence
    assert "Nothing was stored" in sentence
    # What was seen is described, never repeated.
    assert not any(number in sentence for number in NHS)
    assert "1950" not in sentence


def test_the_sentence_names_column_and_count() -> None:
    with pytest.raises(Refused, match=r"column 2 \(“NHS number”\) holds 5 different values"):
        check(PATIENT_LEVEL["numbers under their header"])
    with pytest.raises(Refused, match=r"column 2 .* of sheet “Working”"):
        check(PATIENT_LEVEL["a workbook's hidden sheet"])
    with pytest.raises(Refused, match="column 1 holds"):
        check(PATIENT_LEVEL["no header at all"])


COUNTED = {
    "two values by chance": rows(["code", "ref", "n"], A, [*NHS[:2], "x", "y", "z"], A),
    "a few by chance among many": rows(
        ["code", "ref", "n"], ["A81001"] * 23, NHS[:3] + OTHER[:20], ["1"] * 23
    ),
    "longer numbers": rows(["code", "ref", "n"], A, [f"1{n}" for n in NHS[:5]], A),
    "numbers within text": rows(["code", "ref", "n"], A, [f"see {n}" for n in NHS[:5]], A),
    "practices called after doctors": rows(
        ["practice_code", "PRACTICE_NAME", "POSTCODE"], A, ["DR A SMITH'S SURGERY"] * 5, A
    ),
    "opening dates, telephones and addresses of practices": rows(
        ["code", "OPEN_DATE", "Telephone", "Address line 1"], A, ["19740401"] * 5,
        ["01642 672351"] * 5, ["THE HEALTH CENTRE"] * 5,
    ),
    "headers of persons with nothing under them": rows(
        ["practice_code", "Surname", "n"], A, [""] * 5, A
    ),
    "a dictionary of columns": rows(
        ["field", "meaning"], ["NHS number", "Date of birth", "Surname"], ["x", "y", "z"]
    ),
    "a row a staff post": rows(["PCN_CODE", "UNIQUE_IDENTIFIER", "AGE"], A, list("12345"), A),
    "all zeros": rows(["code", "ref", "n"], A, ["0000000000"] * 5, A),
}  # fmt: skip


@pytest.mark.parametrize("kind", COUNTED)
def test_files_that_only_look_like_it_are_not_refused(kind: str) -> None:
    check(made.document(COUNTED[kind]))


@pytest.mark.parametrize(
    "content",
    [
        made.list_sizes(), made.practice_map(), made.age_sex(), made.ods(), made.prevalence(),
        made.weighted(), made.in_year(),
    ],
    ids=lambda rows: rows[0][1],
)  # fmt: skip
def test_no_layout_that_is_read_is_refused(content: list[list[str]]) -> None:
    check(made.document(content))


@given(st.lists(st.integers(1, 10**10 - 1), min_size=1, max_size=30))
def test_the_check_is_that_of_the_data_dictionary(numbers: list[int]) -> None:
    def slow(number: int) -> bool:
        digits = [int(d) for d in f"{number:010d}"]
        rest = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
        return rest != 10 and (0 if rest == 11 else rest) == digits[9]

    assert passes(np.array(numbers)).tolist() == [slow(number) for number in numbers]


def test_a_known_number_passes_and_its_neighbours_do_not() -> None:
    # 943 476 5919 is the example that the NHS gives to test systems with.
    assert passes(np.array([9434765919, 9434765918, 9434765910, 0])).tolist() == [
        True, False, False, False,
    ]  # fmt: skip


def test_whole_cells_only() -> None:
    cells = ["9434765919", " 943 476 5919 ", "943-476-5919", "9434765919.0", "'9434765919",
             "94347659190", "x9434765919", "9434 765919", ""]  # fmt: skip
    assert ten_digits(pa.array(cells)).tolist() == [9434765919] * 5
