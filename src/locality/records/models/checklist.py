"""Checklists as they are filled in: the template as it was used, who answers, and the answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from locality.knowledge.checklist import Template, thawed
from locality.records.models.body import Body
from locality.records.models.person import Person
from locality.records.models.recorded import Recorded, history

#: Templates by the hash of their content: few, and read for every row of a list.
_THAWED: dict[str, Template] = {}


class ChecklistState(models.TextChoices):
    """How far a checklist has come."""

    OPEN = "open", "Being filled in"
    COMPLETE = "complete", "Complete"
    REVIEWED = "reviewed", "Reviewed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AboutKind(models.TextChoices):
    """What a checklist may be about."""

    ORGANISATION = "organisation", "An organisation"
    BODY = "body", "A body"
    PROPOSAL = "proposal", "A proposal"
    SCORING = "scoring", "A scoring"
    DECISION = "decision", "A decision"


class Checklist(Recorded):
    """One checklist about one thing. It keeps its template's content, so it reads as it did."""

    FOLLOWING: ClassVar[dict[str, tuple[str, ...]]] = {
        "open": ("complete", "withdrawn"),
        "complete": ("reviewed", "withdrawn"),
        "reviewed": (),
        "withdrawn": (),
    }

    reference = models.CharField(max_length=20, unique=True)
    template = models.CharField(max_length=60)
    template_version = models.PositiveIntegerField()
    template_hash = models.CharField(max_length=64)
    template_content = models.JSONField(help_text="The questions as they were asked.")
    title = models.CharField(max_length=160)
    about_kind = models.CharField(max_length=20, choices=AboutKind)
    about = models.CharField(max_length=60, help_text="Its code or reference.")
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="checklists"
    )
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checklists")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    year = models.PositiveSmallIntegerField(help_text="Calendar year in which it was begun.")
    anonymous = models.BooleanField(help_text="Whether answers are shown as counts alone.")
    state = models.CharField(max_length=20, choices=ChecklistState)
    review_on = models.DateField(null=True, blank=True, help_text="When it is looked at again.")
    left_open_why = models.TextField(blank=True, help_text="Why items were left without answer.")
    withdrawn_why = models.TextField(blank=True)

    history = history("records_checklist_history")

    class Meta:
        """Constraints: whole for its state; one pulse a year for a body; followed once."""

        ordering = ("-id",)
        indexes = (models.Index(fields=("about_kind", "about"), name="checklist_about"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__startswith="K-")
                & ~Q(template="")
                & Q(template_version__gte=1)
                & ~Q(template_hash="")
                & ~Q(title="")
                & ~Q(about="")
                & Q(about_kind__in=AboutKind.values)
                & Q(state__in=ChecklistState.values),
                name="checklist_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ChecklistState.OPEN, review_on=None)
                | Q(
                    state__in=(ChecklistState.COMPLETE, ChecklistState.REVIEWED),
                    review_on__isnull=False,
                )
                | Q(state=ChecklistState.WITHDRAWN),
                name="checklist_reviewed_on",
            ),
            models.CheckConstraint(
                condition=(Q(state=ChecklistState.WITHDRAWN) & ~Q(withdrawn_why=""))
                | (~Q(state=ChecklistState.WITHDRAWN) & Q(withdrawn_why="")),
                name="checklist_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=~Q(about_kind=AboutKind.BODY) | Q(body__isnull=False),
                name="checklist_about_a_body",
            ),
            models.UniqueConstraint(
                fields=("body", "template", "year"),
                condition=Q(anonymous=True) & ~Q(state=ChecklistState.WITHDRAWN),
                name="checklist_one_pulse_a_year",
            ),
            models.UniqueConstraint(
                fields=("follows",),
                condition=Q(follows__isnull=False) & ~Q(state=ChecklistState.WITHDRAWN),
                name="checklist_followed_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def code(self) -> str:
        """Return its reference, by which addresses name it."""
        return str(self.reference)

    @property
    def questions(self) -> Template:
        """Return the template as it was when this was begun."""
        held = _THAWED.get(self.template_hash)
        if held is None:
            held = _THAWED[self.template_hash] = thawed(self.template_content)
        return held

    @property
    def is_open(self) -> bool:
        """Return whether answers can still be given."""
        return self.state == ChecklistState.OPEN

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Rater(Recorded):
    """Somebody who answers a checklist alone, for one of its sides where it has sides.

    Done by saying so, or excused by the owner with the reason; never both.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="raters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rated")
    side = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    excused_why = models.TextField(blank=True)

    history = history("records_rater_history")

    class Meta:
        """Constraints: once a checklist; done or excused, never both."""

        ordering = ("checklist", "side", "id")
        constraints = (
            models.UniqueConstraint(fields=("checklist", "person"), name="rater_once"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__isnull=False, excused_why=""),
                name="rater_done_or_excused",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} rates {self.checklist_id}"

    @property
    def is_awaited(self) -> bool:
        """Return whether this person's answers are still waited for."""
        return self.finished_at is None and not self.excused_why

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Answer(Recorded):
    """One answer: a value, or the reason why the item does not apply.

    ``computed_value`` and ``computed_from`` are what was worked out and what it rests on.
    ``computed`` says that the answer is that value; where a person said otherwise,
    ``overruled_why`` says why. Figures beside a question have no computed value.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="answers")
    rater = models.ForeignKey(
        Rater, on_delete=models.PROTECT, null=True, blank=True, related_name="answers",
        help_text="Empty: the answer of all together.",
    )  # fmt: skip
    item = models.CharField(max_length=60)
    value = models.JSONField(null=True, blank=True)
    applies = models.BooleanField(verbose_name="whether it applies")
    words = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    computed = models.BooleanField(verbose_name="whether it was worked out")
    computed_value = models.JSONField(null=True, blank=True)
    computed_from = models.TextField(blank=True)
    data_version = models.CharField(max_length=120, blank=True)
    overruled_why = models.TextField(blank=True)

    history = history("records_answer_history")

    class Meta:
        """Constraints: one an item and rater; not applicable with its reason; computed whole."""

        ordering = ("checklist", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("rater", "item"),
                condition=Q(rater__isnull=False),
                name="answer_one_a_rater",
            ),
            models.UniqueConstraint(
                fields=("checklist", "item"), condition=Q(rater=None), name="answer_one_together"
            ),
            models.CheckConstraint(
                condition=~Q(item="") & (Q(applies=True) | (Q(value__isnull=True) & ~Q(words=""))),
                name="answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    computed=False,
                    computed_value__isnull=True,
                    computed_from="",
                    data_version="",
                    overruled_why="",
                )
                | (
                    ~Q(computed_from="")
                    & ~Q(data_version="")
                    & (
                        Q(computed=False, computed_value__isnull=True, overruled_why="")
                        | Q(
                            computed=True,
                            computed_value__isnull=False,
                            value__isnull=False,
                            overruled_why="",
                        )
                        | (Q(computed=False, computed_value__isnull=False) & ~Q(overruled_why=""))
                    )
                ),
                name="answer_computed_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} of {self.checklist_id}"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)
