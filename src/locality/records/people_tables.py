"""People, posts, bodies and seats as typed tables for pages, downloads and the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from locality.decide import Present, Rule
from locality.figures import Column, NotFound, Schema, Table
from locality.records.models import Body, Person, Post, Seat
from locality.records.signal_tables import moment

PEOPLE = Schema(
    "people",
    "People who act here",
    (
        Column("code", "text", "the person's own code"),
        Column("name", "text", "name"),
        Column("email", "text", "address; empty is not recorded"),
        Column("posts", "text", "what they do now, and where"),
        Column("bodies", "text", "where they sit now"),
        Column("left", "text", "when they left, local time", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("code",),
)

POSTS = Schema(
    "posts",
    "What people do where, and how far they may go alone",
    (
        Column("code", "text", "the post's own code"),
        Column("person", "text", "whose, by code"),
        Column("name", "text", "whose"),
        Column("organisation", "text", "for which organisation, by code"),
        Column("title", "text", "what it is called"),
        Column("tags", "text", "what its holder brings to a table"),
        Column("decision_maker", "flag", "whether it takes part in spending decisions"),
        Column("limit", "number", "what its holder may decide alone; empty is not stated",
               "pounds", required=False),
        Column("from_day", "date", "first day"),
        Column("to_day", "date", "first day it is held no more", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("code",),
)  # fmt: skip

BODIES = Schema(
    "bodies",
    "Bodies that meet and settle things",
    (
        Column("code", "text", "the body's own code"),
        Column("name", "text", "name"),
        Column("kind", "text", "board, committee, panel and so on"),
        Column("organisation", "text", "whose body it is, by code; empty is nobody's alone"),
        Column("parent", "text", "the body it answers to, by code"),
        Column("parent_name", "text", "the body it answers to"),
        Column("acts_for", "text", "for whom it acts"),
        Column("consent", "text", "by what consent"),
        Column("bring", "text", "what to bring to it"),
        Column("contact", "text", "whom to contact"),
        Column("task", "text", "what it is there to do"),
        Column("needs", "text", "what its task needs at the table"),
        Column("members", "whole", "how many sit in it now"),
        Column("opened_on", "date", "first day"),
        Column("closed_on", "date", "first day it is no more", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("code",),
)

SEATS = Schema(
    "seats",
    "Who sits in a body",
    (
        Column("code", "text", "the seat's own code"),
        Column("body", "text", "in which body, by code"),
        Column("body_name", "text", "in which body"),
        Column("person", "text", "who, by code"),
        Column("name", "text", "who"),
        Column("post", "text", "by which post, by code"),
        Column("title", "text", "by which post"),
        Column("organisation", "text", "from which organisation, by code"),
        Column("role", "text", "chair, vice chair, member or in attendance"),
        Column("voting", "flag", "whether they vote"),
        Column("tags", "text", "what they bring to the table"),
        Column("limit", "number", "what they may decide alone; empty is not stated",
               "pounds", required=False),
        Column("from_day", "date", "first day"),
        Column("to_day", "date", "first day it is held no more", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("code",),
)  # fmt: skip


def current(rows: QuerySet, day: date | None = None) -> QuerySet:
    """Return those of ``rows`` (posts or seats) that hold on ``day``: today, if unsaid."""
    on = day or timezone.localdate()
    return rows.filter(Q(to_day=None) | Q(to_day__gt=on), from_day__lte=on)


def people(*, left: bool = False, organisation: str = "") -> Table:
    """Return PEOPLE by name: those who are here, or with ``left`` all there ever were."""
    found = Person.objects.all() if left else Person.objects.filter(ended_at=None)
    if organisation:
        held = current(Post.objects.filter(organisation=organisation)).values("person")
        found = found.filter(pk__in=held)
    posts: dict[int, list[str]] = {}
    for post in current(Post.objects.all()):
        posts.setdefault(post.person_id, []).append(f"{post.title}, {post.organisation}")
    sits: dict[int, list[str]] = {}
    for seat in current(Seat.objects.select_related("body", "post")):
        sits.setdefault(seat.post.person_id, []).append(seat.body.name)
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "email": one.email,
            "posts": "; ".join(posts.get(one.pk, [])),
            "bodies": "; ".join(dict.fromkeys(sits.get(one.pk, []))),
            "left": moment(one.ended_at) if one.ended_at else None,
            "version": one.version,
        }
        for one in found
    ]
    return Table.of(PEOPLE, rows)


def person(code: str) -> Table:
    """Return one person (PEOPLE, one row); raises NotFound with a sentence."""
    rows = [row for row in people(left=True).rows if row["code"] == code]
    if not rows:
        raise NotFound(f"There is nobody with the code {code[:20]!r}.")
    return Table.of(PEOPLE, rows)


def posts(person_code: str = "", organisation: str = "", *, ended: bool = False) -> Table:
    """Return POSTS: those that hold today or begin later, or with ``ended`` all there were."""
    found = Post.objects.select_related("person").order_by("organisation", "title", "id")
    if person_code:
        found = found.filter(person__code=person_code)
    if organisation:
        found = found.filter(organisation=organisation)
    if not ended:
        found = found.filter(Q(to_day=None) | Q(to_day__gt=timezone.localdate()))
    return Table.of(POSTS, [_post(one) for one in found])


def post(code: str) -> Table:
    """Return one post (POSTS, one row); raises NotFound with a sentence."""
    found = Post.objects.select_related("person").filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no post with the code {code[:20]!r}.")
    return Table.of(POSTS, [_post(found)])


def bodies(*, closed: bool = False) -> Table:
    """Return BODIES by name: those that are open, or with ``closed`` all there were."""
    found = Body.objects.select_related("parent")
    found = found if closed else found.filter(closed_on=None)
    members: dict[int, int] = {}
    for seat in current(Seat.objects.all()):
        members[seat.body_id] = members.get(seat.body_id, 0) + 1
    return Table.of(BODIES, [_body(one, members.get(one.pk, 0)) for one in found])


def body(code: str) -> Table:
    """Return one body (BODIES, one row); raises NotFound with a sentence."""
    found = Body.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no body with the code {code[:20]!r}.")
    members = current(Seat.objects.filter(body=found)).count()
    return Table.of(BODIES, [_body(found, members)])


def seats(body_code: str = "", person_code: str = "", *, ended: bool = False) -> Table:
    """Return SEATS, the chair first: those held today or later, or with ``ended`` all there were.

    Of one body and of one person where these are given.
    """
    found = Seat.objects.select_related("body", "post", "post__person")
    if body_code:
        found = found.filter(body__code=body_code)
    if person_code:
        found = found.filter(post__person__code=person_code)
    if not ended:
        found = found.filter(Q(to_day=None) | Q(to_day__gt=timezone.localdate()))
    first = {"chair": 0, "vice chair": 1, "member": 2, "in attendance": 3}
    held = sorted(found, key=lambda seat: (first[seat.role], seat.post.person.name, seat.code))
    return Table.of(SEATS, [_seat(one) for one in held])


def rules(body_code: str) -> list[Rule]:
    """Return what must be so before the body may settle anything, in its own order."""
    found = Body.objects.filter(code=body_code).first()
    held = found.quorum.filter(ended_at=None).order_by("position") if found else []
    return [Rule(one.minimum, frozenset(one.any_of), one.voting_only) for one in held]


def members(body_code: str, day: date | None = None) -> list[Present]:
    """Return who sits in the body on ``day`` (today, if unsaid), as a quorum counts them."""
    found = current(Seat.objects.filter(body__code=body_code), day)
    return [
        Present(
            seat.post.person.code,
            seat.post.person.name,
            seat.voting,
            frozenset(seat.post.tags),
        )
        for seat in found.select_related("post", "post__person").order_by("id")
    ]


def _post(one: Post) -> dict[str, Any]:
    names = ("code", "organisation", "title", "decision_maker", "from_day", "to_day", "version")
    return {name: getattr(one, name) for name in names} | {
        "person": one.person.code,
        "name": one.person.name,
        "tags": ", ".join(one.tags),
        "limit": None if one.limit is None else float(one.limit),
    }


def _body(one: Body, members: int) -> dict[str, Any]:
    names = ("code", "name", "kind", "organisation", "acts_for", "consent", "bring", "contact",
             "task", "opened_on", "closed_on", "version")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {
        "parent": one.parent.code if one.parent else "",
        "parent_name": one.parent.name if one.parent else "",
        "needs": ", ".join(one.needs_tags),
        "members": members,
    }


def _seat(one: Seat) -> dict[str, Any]:
    names = ("code", "role", "voting", "from_day", "to_day", "version")
    return {name: getattr(one, name) for name in names} | {
        "body": one.body.code,
        "body_name": one.body.name,
        "person": one.post.person.code,
        "name": one.post.person.name,
        "post": one.post.code,
        "title": one.post.title,
        "organisation": one.post.organisation,
        "tags": ", ".join(one.post.tags),
        "limit": None if one.post.limit is None else float(one.post.limit),
    }
