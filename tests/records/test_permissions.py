"""The file of permissions: every fault named by its line, and denial where it is silent."""

from __future__ import annotations

import pytest

from locality.figures import Problem
from locality.knowledge import load
from locality.knowledge.skills import ladder, skill_lists
from locality.records.actions import add_note, add_person, begin_skills, start_checklist
from locality.records.object_rules import KINDS, RULES, Asking, Thing, signed, thing, things
from locality.records.permissions import MEMBER, ROLES, Asker, permissions, read
from tests.records import made, scored

HEADER = ("page,action,object,public,member,practice,network,commissioner,governance,analyst,"
          "administrator\n")  # fmt: skip
GOOD = "notes,read,organisation,,,own,own,own,yes,yes,yes\n"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("page,action\n", "line 1: the columns are"),
        (HEADER + GOOD + "x,look,,yes,,,,,,,\n", "line 3: 'look' is no action"),
        (HEADER + "x,read,cat,yes,,,,,,,\n", "line 2: 'cat' is no kind"),
        (HEADER + "x,read,,perhaps,,,,,,,\n", "line 2: 'perhaps' under public is no rule"),
        (HEADER + "x,read,,,Yes,,,,,,\n", "line 2: 'Yes' under member is no rule"),
        (HEADER + "x,read,,,own,,,,,,\n", "line 2: 'own' under member needs an object"),
        (HEADER + "x,read,body,seat,,,,,,,\n", "line 2: public is nobody in particular"),
        (HEADER + "x,read,,yes\n", "line 2: there are 4 cells"),
        (HEADER + "x,read,,yes,,,,,,,,yes\n", "line 2: there are 12 cells"),
        (HEADER + GOOD + GOOD, "line 3: notes read stands in line 2 already"),
        (HEADER + " x,read,,yes,,,,,,,\n", "line 2: ' x' is not the name"),
        (HEADER + "x,read,body,,seat  mine,,,,,,\n", "line 2: '' under member is no rule"),
        ("", "line 1"),
    ],
)
def test_a_fault_is_named_by_its_line(lines: str, says: str) -> None:
    with pytest.raises(Problem) as problem:
        read(lines)
    assert says in str(problem.value)


def test_a_page_that_is_not_there_is_named_too() -> None:
    assert read(HEADER + GOOD + "gone,read,,yes,,,,,,,\n").unknown({"here"}) == [
        "Line 3: there is no page called 'gone'."
    ]


def test_what_is_not_in_the_table_is_nobodys() -> None:
    table = read(HEADER + GOOD)
    everything = Asker("p-1", tuple((role, "A81001") for role in ROLES))
    assert not table.allows(everything, "notes", "write", "A81001")
    assert not table.allows(everything, "other", "read")
    assert table.allows(everything, "notes", "read", "A81001")


def test_a_role_of_one_place_holds_in_no_other() -> None:
    table = read(HEADER + GOOD.replace("own,own,own,yes,yes,yes", "own,own,own,,,"))

    def within(code: str) -> frozenset[str]:
        return frozenset({"QX1"}) if code == "A81001" else frozenset()

    def may(role: str, place: str, code: str) -> bool:
        return table.allows(Asker("p-1", ((role, place),), within), "notes", "read", code)

    assert may("practice", "A81001", "A81001")
    assert not may("practice", "A81001", "A81002")
    # Only who plans for others is asked what lies within.
    assert may("commissioner", "QX1", "A81001")
    assert not may("commissioner", "QX1", "B00001")
    assert not may("practice", "QX1", "A81001")
    assert may("commissioner", "", "B00001")
    assert not may("governance", "", "A81001")
    assert not may("practice", "A81001", "")


def test_a_group_holds_its_practices_while_they_belong_to_it() -> None:
    from locality.records.actions import create_group, set_members

    group = create_group(name="Vale", members=["A81001"], who="local", why="They plan.")
    table = read(HEADER + GOOD)
    asker = Asker("p-1", (("network", group.code),))
    assert table.allows(asker, "notes", "read", "A81001")
    assert not table.allows(asker, "notes", "read", "A81002")
    set_members(code=group.code, members=["A81002"], who="local", why="It left.")
    assert not table.allows(asker, "notes", "read", "A81001")


def test_a_seat_counts_while_it_is_held() -> None:
    from locality.records.actions import end_seat

    post = made.post()
    body = made.body()
    seat = made.seat(post, body, role="chair")
    about = thing("body", body.code)
    asking = Asking(post.person.code)
    assert RULES["seat"].test(asking, about)
    assert RULES["chair"].test(asking, about)
    assert not RULES["seat"].test(Asking("p-another"), about)
    end_seat(code=seat.code, to_day="2024-06-01", **made.TOLD)
    assert not RULES["seat"].test(asking, about)
    assert not RULES["chair"].test(asking, about)


def test_many_things_at_once_are_what_each_is_alone() -> None:
    owner, rater, scores, skilled = (made.person(name) for name in ("Ann", "Ben", "Cas", "Dee"))
    board = made.body()
    checklists = [
        start_checklist(
            template=load().checklists["ifpmm"], about_kind="organisation", about=code,
            owner=owner.code, raters=[(rater.code, "")], body=board.code, **made.TOLD,
        ).reference
        for code in ("A81001", "A81002")
    ]  # fmt: skip
    skills = begin_skills(
        title="Skills", people=[skilled.code], skills=skill_lists()["loop"], ladder=ladder(),
        **made.TOLD,
    ).reference  # fmt: skip
    scorings = [scored.opened(scores, body=board.code).reference, skills]
    for kind, codes in (("checklist", checklists), ("scoring", scorings)):
        found = things(kind, [*codes, "X-1999-001"])
        assert found == {code: thing(kind, code) for code in codes} | {"X-1999-001": None}
    (first, _), bodies = checklists, frozenset((board.code,))
    assert thing("checklist", first) == Thing(
        "checklist", first, frozenset(("A81001",)), frozenset((owner.code, rater.code)), bodies
    )
    assert thing("scoring", scorings[0]) == Thing(
        "scoring", scorings[0], people=frozenset((scores.code,)), bodies=bodies
    )
    about = thing("scoring", skills)
    assert about is not None and skilled.code in about.people


def test_a_member_of_a_body_is_not_its_chair() -> None:
    post, body = made.post(), made.body()
    made.seat(post, body)
    assert RULES["seat"].test(Asking(post.person.code), thing("body", body.code))
    assert not RULES["chair"].test(Asking(post.person.code), thing("body", body.code))


def test_a_name_cannot_pass_for_another_signature() -> None:
    victim = add_person(name="Asha Alder", **made.TOLD)
    trickster = add_person(name=f"Eve, {victim.code}", **made.TOLD)
    assert signed(trickster.signature) == {trickster.code}
    note = add_note(organisation="A81001", text="Seen.", who=trickster.signature)
    about = thing("note", note.code)
    assert not RULES["mine"].test(Asking(victim.code), about)
    assert RULES["mine"].test(Asking(trickster.code), about)
    assert signed("local") == frozenset()


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_not_there_satisfies_no_rule(rule: str, kind: str) -> None:
    for about in (None, thing(kind, ""), Thing(kind, "none")):
        for asking in (Asking(), Asking("p-1"), Asking("p-1", frozenset({"QX1"}))):
            assert not RULES[rule].test(asking, about)


def test_everybody_signed_in_is_a_member_and_nobody_else() -> None:
    assert Asker().roles == ("public",)
    assert Asker("p-1").roles == ("public", MEMBER)
    # A role that came from nowhere opens nothing by itself.
    assert Asker("p-1", (("god", ""),)).roles == ("public", MEMBER)


def test_the_table_says_what_holds() -> None:
    """Nobody reads a row wrongly: what everybody may stands under each role too."""
    for row in permissions():
        for role in ROLES[1:]:
            if row.cells["public"] == "yes":
                assert row.cells[role] == "yes", (row.line, role)
        for role in ROLES[2:]:
            if row.cells[MEMBER] == "yes":
                assert row.cells[role] == "yes", (row.line, role)


def test_writing_is_never_everybodys_but_for_signing_in_and_ones_own_choice() -> None:
    public = {row.page for row in permissions() if row.action == "write" and row.cells["public"]}
    assert public == {"sign_in", "sign_out", "sign_in_demonstration", "choose"}
