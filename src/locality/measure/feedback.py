"""Your position and your reply: judgement fed back to whom it is about, with room to answer.

A pack says the few things that are certain, the few that moved and by which rule, and what cannot
be judged and why. It is no league table: nobody else's place is in it. The organisation's own
account travels in every copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from locality.figures import Column, Paper, Schema, Section, Statement, Table, Working
from locality.measure.qof.schemas import QOF_POSITION

TITLE = "Your position and your reply"
#: How many of each a pack tells: few enough to be read.
FEW = 5
#: How many pictures fit a page.
PICTURES = 4

SAID = Schema(
    "said",
    "What can be said",
    (
        Column("title", "text", "Measure"),
        Column("period", "text", "Period"),
        Column("value", "number", "Here", required=False),
        Column("lower", "number", "from", required=False),
        Column("upper", "number", "to (95 %)", required=False),
        Column("england", "number", "England", required=False),
        Column("unit", "text", "Unit"),
        Column("sentence", "text", "What can be said"),
    ),
    ("title", "period"),
)

NOT_JUDGED = Schema(
    "not_judged",
    "What cannot be judged, and why",
    (
        Column("title", "text", "Measure"),
        Column("period", "text", "Period"),
        Column("reliability", "number", "Reliability, 0 to 1", required=False),
        Column("sentence", "text", "Why"),
    ),
    ("title", "period"),
)

QOF_BRIEF = Schema(
    "qof_brief",
    "Points and pounds by indicator, in brief",
    tuple(
        QOF_POSITION.column(name)
        for name in ("code", "title", "achievement", "pca_rate", "points", "worth", "pounds",
                     "pounds_to_earn", "patients_to_upper")
    ),
    ("code",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """What an organisation says of itself, and what was answered."""

    text: str
    by: str
    on: str
    owner: str = ""
    state: str = ""
    answer: str = ""
    answered_by: str = ""


@dataclass(frozen=True)
class Held:
    """Everything a pack is made of, already worked out by the other functions of this room.

    ``standings`` is STANDINGS of the organisation; ``charts`` the control charts of what is told,
    by measure and in that order (:func:`told`);
    ``beside_peers`` OPPORTUNITY sentences and ``peers`` PEERS of the measures that stand out;
    ``position`` and ``statement`` are a practice's QOF, where it has one.
    """

    code: str
    name: str
    kind: str
    standings: Table
    charts: Mapping[str, Table]
    beside_peers: Sequence[str] = ()
    peers: Sequence[Table] = ()
    position: Table | None = None
    statement: Statement | None = None
    accounts: Sequence[Account] = ()
    working: Working = field(default_factory=Working)


def certain(standings: Table) -> list[dict[str, Any]]:
    """Return the rows that stand out for certain: those of which more or less is better come first.

    After that, the surest first. Whom a practice cares for is no judgement, so that comes last.
    """
    rows = [row for row in standings.rows if row["call"] or abs(row["place"]) > 1]
    return sorted(rows, key=lambda row: (row["polarity"] == "none", -_surety(row), row["title"]))


def moved(standings: Table) -> list[dict[str, Any]]:
    """Return the rows that left their own past: alerts first, then what a chart's rule marks."""
    rows = [
        row
        for row in standings.rows
        if row["alert"] in ("new", "still on") or row["variation"] in ("high", "low")
    ]
    return sorted(rows, key=lambda row: (row["alert"] not in ("new", "still on"), row["title"]))


def told(standings: Table) -> list[str]:
    """Return the measures that a pack tells of: the few that moved, then the few certain ones."""
    rows = [*moved(standings)[:FEW], *certain(standings)[:FEW]]
    return list(dict.fromkeys(str(row["measure"]) for row in rows))


def feedback(
    held: Held, *, made_on: date, reply_by: date | None = None, shared: bool = False
) -> Paper:
    """Return the pack of one organisation.

    ``reply_by`` is the day until which it is the organisation's alone; ``shared`` says that it may
    go to others by now. Nothing is in it that is not in the tables of ``held``.
    """
    sure, gone = certain(held.standings), moved(held.standings)
    cannot = [row for row in held.standings.rows if row["state"] == "cannot be judged"]
    sections = [
        _in_brief(held, sure, gone, cannot),
        _certain(sure),
        _moved(gone, held.charts),
        *_pictures(held.charts),
        _cannot(cannot),
        *_points(held),
        *_beside(held),
        _account(held.accounts),
        _what_next(),
        _words(),
    ]
    return Paper.of(
        TITLE,
        f"{held.name} ({held.code}), {made_on.day} {made_on:%B %Y}",
        sections,
        _standfirst(held, reply_by, shared),
        held.working,
    )


def _standfirst(held: Held, reply_by: date | None, shared: bool) -> tuple[str, ...]:
    who = _own(held.kind)
    if shared:
        first = f"This pack has been with {who} first. Its account is part of every copy."
    elif reply_by is not None:
        first = (
            f"This pack is for {who} alone until {reply_by.day} {reply_by:%B %Y}. After that it "
            "may be shared, with its account in every copy."
        )
    else:
        first = f"This pack goes to {who} first. Its account is part of every copy."
    return (
        first,
        "A difference is not a fault. Care that meets people's needs may well look unusual. If "
        "something here is wrong, or there is a good reason for it, please say so.",
    )


def _in_brief(held: Held, sure: list[Any], gone: list[Any], cannot: list[Any]) -> Section:
    looked = [row for row in held.standings.rows if row["state"] != "no number"]
    points = [
        f"{len(looked)} measures were looked at.",
        f"{_number(len(sure))} {_stand(len(sure))} out for certain.",
        f"{_number(len(gone))} moved away from {'its' if len(gone) == 1 else 'their'} own past.",
        f"{_number(len(cannot))} cannot be judged: too few patients to tell a true difference "
        "from chance.",
    ]
    if held.statement is not None and held.position is not None:
        left = sum(row["pounds_to_earn"] or 0 for row in held.position.rows)
        points.append(
            f"QOF points earned are worth £{held.statement.total:,.0f}; about £{left:,.0f} more "
            "could still be, or could have been, earned."
        )
    return Section("brief", "In brief", points=tuple(points))


def _certain(rows: list[dict[str, Any]]) -> Section:
    if not rows:
        return Section(
            "certain", "What is certain",
            ("Nothing stands out for certain. Small differences are what chance makes of them.",),
        )  # fmt: skip
    shown = rows[:FEW]
    more = len(rows) - len(shown)
    says = ["These stand out by more than chance and the usual spread would make them."]
    if more:
        says.append(f"{more} more do too: see 'What can be said' on the pages.")
    return Section(
        "certain", "What is certain", tuple(says), tables=(_said(shown, "Those that stand out"),)
    )


def _moved(rows: list[dict[str, Any]], charts: Mapping[str, Table]) -> Section:
    if not rows:
        return Section(
            "moved", "What moved",
            ("Nothing left its own past by more than chance. Measures that come once a year have "
             "too few points to tell.",),
        )  # fmt: skip
    points = []
    for row in rows[:FEW]:
        rule = _rule(charts.get(row["measure"]))
        points.append(f"{row['title']}: {_value(row)}. {rule}".strip())
    return Section(
        "moved",
        "What moved",
        ("Each is compared with its own past only. The rule that says so stands beside it.",),
        tuple(points),
    )


def _pictures(charts: Mapping[str, Table]) -> tuple[Section, ...]:
    drawn = tuple(charts.values())[:PICTURES]
    return (Section("pictures", "In pictures", drawn=drawn),) if drawn else ()


def _cannot(rows: list[dict[str, Any]]) -> Section:
    if not rows:
        return Section(
            "cannot", "What cannot be judged", ("Everything that has a number can be judged.",)
        )
    names = ("title", "period", "reliability", "sentence")
    table = Table.of(NOT_JUDGED, [{name: row[name] for name in names} for row in rows])
    return Section(
        "cannot",
        "What cannot be judged",
        (
            "For these, most of what is seen is chance. They are neither good nor bad, and nobody "
            "should be asked to explain them.",
        ),
        tables=(table,),
    )


def _points(held: Held) -> tuple[Section, ...]:
    if held.position is None or held.statement is None:
        return ()
    rows = [row for row in held.position.rows if row["pounds_to_earn"]]
    rows.sort(key=lambda row: -row["pounds_to_earn"])
    points = tuple(
        f"{row['code']}, {row['title']}: £{row['pounds_to_earn']:,.0f} for "
        f"{_patients(row['patients_to_upper'])} more."
        for row in rows[:FEW]
        if row["patients_to_upper"]
    )
    says = [
        "Where most is still to earn, and how many more patients that would take. It says nothing "
        "of whether that is the best use of anybody's time."
    ]
    estimates = sum(line.estimate for line in held.statement.lines)
    if estimates:
        says.append(
            f"{estimates} of {len(held.statement.lines)} lines are estimates; each says why."
        )
    return (
        Section(
            "points", "QOF points and pounds", tuple(says), points, tables=(_brief(held.position),),
            statements=(held.statement,),
        ),
    )  # fmt: skip


def _brief(position: Table) -> Table:
    rows = [{name: row[name] for name in QOF_BRIEF.names} for row in position.rows]
    return Table.of(
        QOF_BRIEF, rows, title=position.title, caption=position.caption, notes=position.notes
    )


def _beside(held: Held) -> tuple[Section, ...]:
    if not held.beside_peers:
        return ()
    return (
        Section(
            "peers",
            "Beside those most like you",
            (
                "Peers are chosen by what drives each measure, such as age, list size and "
                "deprivation. The gap is to their mean, with the part taken off that would close "
                "by itself.",
            ),
            tuple(held.beside_peers),
            tables=tuple(held.peers),
        ),
    )


def _account(accounts: Sequence[Account]) -> Section:
    if not accounts:
        return Section(
            "account", "Your own account",
            ("No account has been given yet. What should a reader know? What is wrong? What is "
             "already being done? It will stand here in every copy.",),
            space=True,
        )  # fmt: skip
    says = []
    for one in accounts:
        says.append(f"{one.text} ({one.by}, {one.on})")
        if one.answer:
            says.append(f"Answer from {one.answered_by}: {one.answer}")
        elif one.owner:
            says.append(f"{one.owner} owes an answer ({one.state}).")
    return Section("account", "Your own account", tuple(says))


def _what_next() -> Section:
    return Section(
        "reply",
        "How to reply",
        points=(
            "Give your own account: it is printed in every copy from then on.",
            "Mark a measure as a data problem, or as warranted because of the people you care "
            "for: its owner has to answer, and everybody can read the answer.",
            "Ask a measure's owner for a change, if the measure itself is at fault.",
        ),
    )


def _words() -> Section:
    return Section(
        "words",
        "What the words mean",
        points=(
            "95 % interval: chance alone could have made the number anything within it.",
            "Reliability: how much of the difference between practices is true and how much is "
            "chance. 1 is all true, 0 is all chance.",
            "Stands out: further from the others than chance and their usual spread explain.",
            "Moved: its own chart has a point, or a run of points, that its past does not explain.",
            "Peers: practices most alike in what drives a measure.",
        ),
    )


def _said(rows: Sequence[Mapping[str, Any]], title: str) -> Table:
    names = SAID.names
    return Table.of(SAID, [{name: row[name] for name in names} for row in rows], title=title)


def _surety(row: Mapping[str, Any]) -> float:
    return float(row[row["call"]]) if row["call"] else 0.5


def _rule(chart: Table | None) -> str:
    """Return the rule's own sentence of a chart's latest marked point."""
    if chart is None:
        return "Its alert is on: it has left its own past for longer than chance would."
    marked = [row for row in chart.rows if row["sentence"]]
    return str(marked[-1]["sentence"]) if marked else ""


def _value(row: Mapping[str, Any]) -> str:
    unit = row["unit"]
    number = f"{row['value']:,.1f}" if row["value"] is not None else "no value"
    return f"{number} %" if unit == "%" else f"{number} {unit}".strip()


def _patients(count: int | None) -> str:
    return "1 patient" if count == 1 else f"{count or 0:,} patients"


def _number(count: int) -> str:
    return "None" if count == 0 else f"{count}"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _own(kind: str) -> str:
    return {"practice": "the practice", "pcn": "the network", "icb": "the board"}.get(
        kind, "the organisation"
    )
