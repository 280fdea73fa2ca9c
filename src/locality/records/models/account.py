"""Accounts: by what name somebody signs in, what they may do where, and where they are signed in.

A password stands in a table of its own that has no history: what is replaced is gone. Visits and
attempts keep the server running; they are no part of the record, and old ones are removed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from locality.records.models.ending import Ending, ended_whole
from locality.records.models.person import Person
from locality.records.models.recorded import Guarded, history


class Role(models.TextChoices):
    """What an administrator can make somebody. Everybody with an account is a member besides."""

    PRACTICE = "practice", "Practice"
    NETWORK = "network", "Network, federation or neighbourhood"
    COMMISSIONER = "commissioner", "Commissioner"
    GOVERNANCE = "governance", "Governance lead"
    ANALYST = "analyst", "Analyst"
    ADMINISTRATOR = "administrator", "Administrator"


#: Roles that are nothing without saying where, and those that hold in the whole house.
SOMEWHERE = (Role.PRACTICE, Role.NETWORK)
EVERYWHERE = (Role.GOVERNANCE, Role.ANALYST, Role.ADMINISTRATOR)


class Account(Ending):
    """The name under which one person signs in. ``issuer`` and ``subject`` name them elsewhere.

    A subject that begins with ``mailto:`` waits for the first sign-in under that address.
    """

    code = models.CharField(max_length=20, unique=True)
    username = models.CharField(max_length=60, unique=True, help_text="Small letters.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    issuer = models.CharField(max_length=200, blank=True, help_text="Who vouches for them.")
    subject = models.CharField(max_length=255, blank=True, help_text="Who they are there.")

    history = history("records_account_history")

    class Meta:
        """Constraints: whole; one open account a person; one account for somebody elsewhere."""

        ordering = ("username",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="acc-")
                & Q(username__regex=r"^[a-z0-9][a-z0-9._@-]*$")
                & ~Q(by=""),
                name="account_whole",
            ),
            ended_whole("account_ended_whole"),
            models.CheckConstraint(
                condition=Q(issuer="", subject="") | (~Q(issuer="") & ~Q(subject="")),
                name="account_linked_whole",
            ),
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="account_one_a_person"
            ),
            models.UniqueConstraint(
                fields=("issuer", "subject"),
                condition=Q(ended_at=None) & ~Q(issuer=""),
                name="account_one_a_subject",
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class Password(Guarded):
    """The hash of an account's password: one row an account, and nothing of earlier ones.

    One that an administrator gave must be changed at the first sign-in, and holds until a day.
    Empty is none: the account is closed, or opens by the organisation's own sign-in alone.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="password"
    )
    hash = models.CharField(max_length=256, blank=True)
    set_at = models.DateTimeField()
    must_change = models.BooleanField()
    holds_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Constraints: a hash and no password; a day exactly for one that must be changed."""

        constraints = (
            models.CheckConstraint(
                condition=Q(hash="") | Q(hash__contains="$"), name="password_is_a_hash"
            ),
            models.CheckConstraint(
                condition=Q(must_change=True, holds_until__isnull=False)
                | Q(must_change=False, holds_until=None),
                name="password_given_holds_until",
            ),
        )

    def __str__(self) -> str:
        return f"the password of {self.account_id}"


class Grant(Ending):
    """A role that an account holds: in one organisation and what is within it, or everywhere."""

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.CharField(max_length=60, blank=True, help_text="Empty: everywhere.")

    history = history("records_grant_history")

    class Meta:
        """Constraints: whole, in a place where the role needs one, given once at a time."""

        ordering = ("account", "role", "organisation", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__startswith="grant-") & ~Q(by="") & Q(role__in=Role.values),
                name="grant_whole",
            ),
            models.CheckConstraint(
                condition=(Q(role__in=SOMEWHERE) & ~Q(organisation=""))
                | Q(role__in=EVERYWHERE, organisation="")
                | Q(role=Role.COMMISSIONER),
                name="grant_in_its_place",
            ),
            ended_whole("grant_ended_whole"),
            models.UniqueConstraint(
                fields=("account", "role", "organisation"),
                condition=Q(ended_at=None),
                name="grant_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} in {self.organisation or 'the whole house'}"

    @property
    def version(self) -> int:
        """Return the number that grows with every change."""
        return int(self.event_id)


class How(models.TextChoices):
    """By what somebody was let in."""

    PASSWORD = "password", "Password"
    OPENID = "openid", "Organisation's sign-in"
    DEMONSTRATION = "demonstration", "Demonstration"


class Visit(models.Model):
    """One browser in which an account is signed in. Of its key only the hash is kept."""

    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits")
    how = models.CharField(max_length=20, choices=How)
    browser = models.CharField(max_length=60, blank=True, help_text="In plain words.")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="Written every few minutes at most.")
    idle_at = models.DateTimeField(help_text="When it ends, unless a page is asked for before.")
    ends_at = models.DateTimeField(help_text="When it ends in any case.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Constraints: a whole hash, and an end after its beginning."""

        ordering = ("-seen_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(key_hash__regex=r"^[0-9a-f]{64}$")
                & Q(how__in=How.values)
                & Q(ends_at__gt=F("began_at")),
                name="visit_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} since {self.began_at:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """One try to sign in. Name and address are kept as marks that only this house can make.

    What is typed as a name may be a password, typed a field too early: it is never kept.
    """

    at = models.DateTimeField()
    name_mark = models.CharField(max_length=64)
    address_mark = models.CharField(max_length=64)
    failed = models.BooleanField(help_text="So it stands until the password was right.")

    class Meta:
        """Looked for by name and by address."""

        ordering = ("id",)
        indexes = (
            models.Index(fields=("name_mark", "at"), name="attempt_by_name"),
            models.Index(fields=("address_mark", "at"), name="attempt_by_address"),
        )

    def __str__(self) -> str:
        return f"attempt {self.pk} at {self.at:%Y-%m-%d %H:%M}"
