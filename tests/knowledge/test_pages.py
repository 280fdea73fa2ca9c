from pathlib import Path

from locality import knowledge
from locality.knowledge.coverage import state_of
from tests.knowledge.made import home

KNOWN = knowledge.load()


def test_the_coverage_page_says_what_is_and_what_is_not() -> None:
    page = knowledge.coverage_page(KNOWN)
    assert page.startswith("# What is covered\n") and page.endswith("\n")
    assert (
        "| `qof.point_value` | £ per point | 2026-04-01 | 2027-03-31 | 227.95 | second hand |"
        in page
    )
    assert "`qof.national_list`, 1 April 2015 to 31 March 2016" in page
    assert "**absent**" in page and "**partial**" in page and "**complete**" in page
    for one in KNOWN.coverage:
        assert one.sentence in page


def test_every_publication_sheet_and_family_of_values_is_covered() -> None:
    about = {(one.kind, one.about) for one in KNOWN.coverage}
    for id in KNOWN.publications:
        assert ("publication", id) in about
    for sheet in KNOWN.rules.sheets.values():
        assert ("sheet", sheet.id) in about
    for id in KNOWN.rules.scalars:
        assert ("values", id.split(".")[0]) in about
    for id in KNOWN.measures:
        assert any(kind == "measures" and id.startswith(f"{one}.") for kind, one in about)


def test_the_states_are_true() -> None:
    for one in KNOWN.coverage:
        if one.kind == "publication":
            assert (one.state == "absent") == (one.about not in KNOWN.publications)
        elif one.kind == "sheet":
            scheme, _, code = one.about.partition("/")
            assert one.state == state_of(KNOWN, scheme, code)
        elif one.kind == "values":
            scalars = [s for id, s in KNOWN.rules.scalars.items() if id.split(".")[0] == one.about]
            gaps = any(scalar.missing for scalar in scalars)
            expected = "absent" if not scalars else "partial" if gaps else "complete"
            assert one.state == expected, one.id


def test_the_glossary_page_is_in_the_order_of_the_alphabet() -> None:
    page = knowledge.glossary_page(KNOWN)
    terms = [line[2:].split("**")[0] for line in page.splitlines() if line.startswith("**")]
    assert terms == sorted(terms, key=str.casefold) and len(terms) == len(KNOWN.glossary)
    wanted = (
        "practice, list, register, personalised care adjustment, comparator, reliability, "
        "trim point, PCN, sub-ICB, ICB, weighted population, interval, Wilson interval, polarity, "
        "suppression, lineage, working"
    )
    for term in wanted.split(", "):
        assert term in terms


def test_pages_show_what_a_locality_adds(tmp_path: Path) -> None:
    known = knowledge.load(home(tmp_path))
    assert "**hub**" in knowledge.glossary_page(known)
    assert "Our own scheme" in knowledge.coverage_page(known)
