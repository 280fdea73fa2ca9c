from hypothesis import given
from hypothesis import strategies as st

from locality.know import Inclusion, included
from tests.know.made import organisation, organisations


def reasons(rule=None, **practices):
    rows = [organisation(code, **changes) for code, changes in practices.items()]
    table = included(organisations(*rows, organisation("N1", "pcn", patients=3)), rule)
    return {row["practice_code"]: row["reason"] for row in table.rows}


def test_by_default_a_list_of_750_and_active() -> None:
    assert reasons(
        A={"patients": 750}, B={"patients": 749}, C={"status": "closed"}, D={"patients": None},
        E={"status": "dormant", "patients": 10},
    ) == {
        "A": None, "B": "its list is under 750", "C": "its status is closed",
        "D": "no list is loaded for it", "E": "its status is dormant",
    }  # fmt: skip


def test_the_rule_can_be_changed_and_says_itself() -> None:
    rule = Inclusion(minimum_list=5000, active_only=False)
    assert reasons(rule, A={"patients": 4999}, B={"status": "closed", "patients": 5000}) == {
        "A": "its list is under 5,000", "B": None
    }  # fmt: skip
    assert included(organisations(organisation("A")), rule).caption == (
        "Compared are practices, active or not, with a list of 5,000 or more."
    )


@given(st.integers(0, 2000), st.integers(0, 2000), st.booleans(),
       st.sampled_from(["active", "closed", "proposed", "not known"]))  # fmt: skip
def test_included_exactly_where_the_rule_holds(patients, minimum, active_only, status) -> None:
    row = organisation("A", patients=patients, status=status)
    (made,) = included(organisations(row), Inclusion(minimum, active_only)).rows
    holds = patients >= minimum and (status == "active" or not active_only)
    assert made["included"] is holds
    assert (made["reason"] is None) is holds
