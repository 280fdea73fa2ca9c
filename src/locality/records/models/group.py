"""Groups that people make: a federation, a locality, any practices that act together."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from locality.records.models.recorded import Guarded, Recorded, history


class GroupKind(models.TextChoices):
    """What sort of group it is; to the rooms of the loop each is a ``group``."""

    FEDERATION = "federation", "Federation"
    LOCALITY = "locality", "Locality"
    PARTNERSHIP = "partnership", "Partnership"
    OTHER = "other", "Another group"


class Group(Recorded):
    """A group of practices. ``code`` never changes, even when the name does."""

    code = models.CharField(max_length=60, unique=True, help_text="Made from its first name.")
    kind = models.CharField(max_length=20, choices=GroupKind)
    name = models.CharField(max_length=120)
    opened_on = models.DateField(help_text="First day.")
    closed_on = models.DateField(null=True, blank=True, help_text="First day it is no more.")

    history = history("records_group_history")

    class Meta:
        """Constraints: a code, a name of its own while it is open, dates in order."""

        ordering = ("name", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="g-") & ~Q(code="g-"), name="group_code"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="group_has_name"),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="group_dates"
            ),
            models.UniqueConstraint(
                Lower("name"), condition=Q(closed_on=None), name="group_one_open_by_a_name"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def is_open(self) -> bool:
        """Return whether the group has not been closed."""
        return self.closed_on is None

    @property
    def version(self) -> int:
        """Return the number that grows with every change to the group or its members."""
        return int(self.event_id)

    def codes(self) -> list[str]:
        """Return the ODS codes of its practices now, in order; none once it is closed."""
        return list(
            self.memberships.filter(left_on=None)
            .order_by("practice_code")
            .values_list("practice_code", flat=True)
        )


class Membership(Guarded):
    """One practice in one group, from ``joined_on`` up to but not including ``left_on``.

    A trigger keeps two memberships of the same practice in the same group from overlapping.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    practice_code = models.CharField(max_length=6, help_text="ODS code.")
    joined_on = models.DateField(help_text="First day.")
    joined_by = models.ForeignKey("records.Event", on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField(null=True, blank=True, help_text="First day it is not a member.")
    left_by = models.ForeignKey(
        "records.Event", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        """Constraints: an ODS code, one open row a practice, an end with its event."""

        ordering = ("group", "practice_code", "joined_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(practice_code__regex=r"^[A-Z][0-9]{5}$"), name="membership_ods_code"
            ),
            models.CheckConstraint(
                # A check that comes out as "unknown" passes: each side says whether it is null.
                condition=Q(left_on=None, left_by=None)
                | Q(left_on__isnull=False, left_on__gte=F("joined_on"), left_by__isnull=False),
                name="membership_ends_whole",
            ),
            models.UniqueConstraint(
                fields=("group", "practice_code"),
                condition=Q(left_on=None),
                name="membership_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.practice_code} in {self.group_id} from {self.joined_on}"
