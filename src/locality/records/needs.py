"""What needs somebody: everything here that waits for one person, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from locality.figures import Column, Schema, Table
from locality.records.models import (
    OPEN_STATES,
    TO_DO,
    Account,
    Action,
    Assessor,
    Checklist,
    ChecklistState,
    Feedback,
    Grant,
    Mark,
    Post,
    Rater,
    Request,
    RequestKind,
    RequestState,
    Role,
    Scoring,
    ScoringState,
    Seat,
    SeatRole,
)
from locality.records.people_tables import current

NEEDS = Schema(
    "needs",
    "What needs me",
    (
        Column(
            "kind",
            "text",
            "what sort of thing waits: action, scoring, agreeing, request...",
        ),
        Column("words", "text", "what is asked"),
        Column("said", "text", "the beginning of what somebody wrote of it"),
        Column("due_on", "date", "by when; empty is no day", required=False),
        Column("overdue", "flag", "whether that day has passed"),
        Column("whose", "text", "whose it is"),
        Column("from_whom", "text", "who asks"),
        Column("page", "text", "the page on which it is done"),
        Column("about", "text", "what that page is asked about, by code"),
        Column("measure", "text", "and of which measure, where it is about one"),
        Column("thing", "text", "its own code, which never changes"),
        Column("changed_at", "text", "when it was last changed, UTC"),
    ),
    (),
)

#: Most rows of one kind: what is due first. Only a house in which nobody is named has more.
MOST = 200
#: Roles whose holders answer for the organisation in which they hold them.
_ANSWERING = (Role.PRACTICE, Role.NETWORK)


def needs(
    person: str = "",
    *,
    day: date | None = None,
    others: Iterable[Mapping[str, Any]] = (),
) -> Table:
    """Return NEEDS of a person by code, overdue first, then by day; of everybody without one.

    Feedback and marks are theirs in the organisations for which they answer.
    ``others`` are rows of which the records know nothing. A fixed number of questions is put to
    the database, however much there is; of each kind the first ``MOST`` are told, and a note
    says where there are more.
    """
    today = day or timezone.localdate()
    titles, places = _held(person, today) if person else (set(), set())
    kinds = [
        _actions(person),
        _scorings(person),
        _to_agree(person, today),
        _raters(person),
        _checklists(person),
        _requests(person, titles),
        _replies(person, places),
        _marks(person, places, today),
        [dict(row) for row in others],
    ]
    rows = [_whole(row, today) for kind in kinds for row in kind[:MOST]]
    rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"] or today, row["words"]))
    more = any(len(kind) > MOST for kind in kinds)
    notes = (f"Of each kind the {MOST} that are due first are listed; there are more.",)
    return Table.of(NEEDS, rows, notes=notes if more else ())


def _held(person: str, today: date) -> tuple[set[str], set[str]]:
    """Return the titles of a person's posts, and the organisations for which they answer.

    Who has an account answers where its roles let them; who has none, where they hold a post.
    """
    held = current(Post.objects.filter(person__code=person), today)
    posts = list(held.values_list("title", "organisation"))
    accounts = list(Account.objects.filter(person__code=person, ended_at=None).values_list("pk"))
    roles = Grant.objects.filter(
        account__person__code=person, account__ended_at=None, ended_at=None, role__in=_ANSWERING
    ).values_list("organisation", flat=True)
    places = set(roles) if accounts else {organisation for _, organisation in posts}
    return {title for title, _ in posts}, places - {""}


def _whole(row: dict[str, Any], today: date) -> dict[str, Any]:
    due = row["due_on"]
    usual = {"said": "", "measure": "", "from_whom": "", "thing": row["about"], "changed_at": ""}
    return usual | row | {"overdue": due is not None and due < today}


def _first(found: QuerySet, by: str, *fields: str) -> list[dict[str, Any]]:
    """Return what is due first, and one more than is told, so that it shows there are more.

    Only the ``fields`` are read: this is asked with every first page.
    """
    ordered = found.order_by(F(by).asc(nulls_last=True), "id")
    return list(ordered.values(*fields)[: MOST + 1])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _actions(person: str) -> list[dict[str, Any]]:
    found = Action.objects.filter(state__in=TO_DO)
    if person:
        found = found.filter(Q(owner__code=person) | Q(accountable__code=person))
    return [
        {
            "kind": "action",
            "words": one["what"],
            "due_on": one["due_on"],
            "whose": one["owner__name"] + (", who has left" if one["owner__ended_at"] else ""),
            "from_whom": one["accountable__name"],
            "page": "action",
            "about": one["reference"],
            "changed_at": _utc(one["event__at"]),
        }
        for one in _first(
            found, "due_on", "what", "due_on", "reference", "owner__name", "owner__ended_at",
            "accountable__name", "event__at",
        )
    ]  # fmt: skip


def _scorings(person: str) -> list[dict[str, Any]]:
    found = Assessor.objects.filter(
        may_score=True, submitted_at=None, scoring__state=ScoringState.OPEN
    )
    if person:
        found = found.filter(person__code=person)
    return [
        {
            "kind": "scoring",
            "words": f"Score {one['scoring__title']}",
            "due_on": one["scoring__score_by"],
            "whose": one["person__name"],
            "from_whom": one["scoring__body__name"] or "",
            "page": "scoring",
            "about": one["scoring__reference"],
            "changed_at": _utc(one["scoring__event__at"]),
        }
        for one in _first(
            found, "scoring__score_by", "scoring__title", "scoring__score_by", "person__name",
            "scoring__body__name", "scoring__reference", "scoring__event__at",
        )
    ]  # fmt: skip


def _to_agree(person: str, today: date) -> list[dict[str, Any]]:
    """Return the scorings whose scores are shown, for the chair under whom they are agreed."""
    found = Scoring.objects.filter(state=ScoringState.REVEALED)
    if person:
        chaired = Seat.objects.filter(
            post__person__code=person, role__in=(SeatRole.CHAIR, SeatRole.VICE_CHAIR)
        )
        found = found.filter(body__in=current(chaired, today).values("body"))
    return [
        {
            "kind": "agreeing",
            "words": f"Agree the scores of {one['title']}",
            "due_on": None,
            "whose": one["body__name"] or "",
            "page": "scoring",
            "about": one["reference"],
            "changed_at": _utc(one["event__at"]),
        }
        for one in _first(found, "id", "title", "body__name", "reference", "event__at")
    ]


def _raters(person: str) -> list[dict[str, Any]]:
    found = Rater.objects.filter(
        finished_at=None, excused_why="", checklist__state=ChecklistState.OPEN
    )
    if person:
        found = found.filter(person__code=person)
    return [
        {
            "kind": "pulse" if one["checklist__anonymous"] else "checklist",
            "words": f"Answer {one['checklist__title']}",
            "due_on": None,
            "whose": one["person__name"],
            "from_whom": one["checklist__owner__name"],
            "page": "answer_pulse" if one["checklist__anonymous"] else "checklist",
            "about": one["checklist__reference"],
            "changed_at": _utc(one["event__at"]),
        }
        for one in _first(
            found, "id", "checklist__anonymous", "checklist__title", "checklist__owner__name",
            "checklist__reference", "person__name", "event__at",
        )
    ]  # fmt: skip


def _checklists(person: str) -> list[dict[str, Any]]:
    """Return the checklists that somebody owns: to see to, and to look at again on their day."""
    found = Checklist.objects.filter(state__in=(ChecklistState.OPEN, ChecklistState.COMPLETE))
    if person:
        found = found.filter(owner__code=person)
    rows = []
    for one in _first(
        found, "review_on", "state", "title", "reference", "review_on", "owner__name", "event__at"
    ):
        done = one["state"] == ChecklistState.COMPLETE
        doing = "Look again at" if done else "See to"
        rows.append({
            "kind": "checklist",
            "words": f"{doing} {one['title']} ({one['reference']})",
            "due_on": one["review_on"] if done else None,
            "whose": one["owner__name"],
            "page": "checklist",
            "about": one["reference"],
            "changed_at": _utc(one["event__at"]),
        })  # fmt: skip
    return rows


#: What each kind of request is called in a line of its own.
_ASKED = {
    "change": "a request to change a measure",
    "account": "a practice's account of itself",
    "data problem": "a problem with the data",
    "warranted": "a claim that variation meets need",
}


def _requests(person: str, titles: set[str]) -> list[dict[str, Any]]:
    found = Request.objects.filter(state__in=OPEN_STATES)
    if person:
        named = Q(pk__in=[])
        for title in titles:
            named |= Q(owner__iexact=title)
        found = found.filter(named)
    rows = []
    for one in _first(
        found, "due_on", "kind", "organisation", "measure", "text", "due_on", "owner", "by",
        "code", "event__at",
    ):  # fmt: skip
        about = ", ".join(filter(None, (one["organisation"], one["measure"])))
        rows.append({
            "kind": "request",
            "words": f"Answer {_ASKED[one['kind']]}{f' ({about})' if about else ''}",
            "said": _short(one["text"]),
            "due_on": one["due_on"],
            "whose": one["owner"],
            "from_whom": _name(one["by"]),
            "page": "answer",
            "about": one["code"],
            "changed_at": _utc(one["event__at"]),
        })  # fmt: skip
    return rows


def _replies(person: str, places: set[str]) -> list[dict[str, Any]]:
    told = Request.objects.filter(kind=RequestKind.ACCOUNT).exclude(state=RequestState.WITHDRAWN)
    found = Feedback.objects.filter(ended_at=None).exclude(code__in=told.values("about"))
    if person:
        found = found.filter(organisation__in=places)
    return [
        {
            "kind": "reply",
            "words": f"Read {one['title']} and give your account",
            "due_on": one["reply_by"],
            "whose": one["name"],
            "from_whom": _name(one["by"]),
            "page": "feedback",
            "about": one["organisation"],
            "thing": one["code"],
            "changed_at": _utc(one["event__at"]),
        }
        for one in _first(
            found, "reply_by", "title", "reply_by", "name", "by", "organisation", "code",
            "event__at",
        )
    ]  # fmt: skip


def _marks(person: str, places: set[str], today: date) -> list[dict[str, Any]]:
    found = Mark.objects.filter(ended_at=None, review_on__lte=today)
    if person:
        found = found.filter(organisation__in=places)
    return [
        {
            "kind": "mark",
            "words": f"Look again at what is known of {one['measure']}: {one['state']}",
            "due_on": one["review_on"],
            "whose": one["organisation"],
            "from_whom": _name(one["by"]),
            "page": "mark",
            "about": one["organisation"],
            "measure": one["measure"],
            "thing": one["code"],
            "changed_at": _utc(one["event__at"]),
        }
        for one in _first(
            found, "review_on", "measure", "state", "review_on", "organisation", "by", "code",
            "event__at",
        )
    ]  # fmt: skip


def _name(signature: str) -> str:
    """Return the name in a signature, without the person's code."""
    return signature.rsplit(", p-", 1)[0]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
