"""Decisions with everything they saw, signatures that free what was held, breaches and what people made of them."""

from typing import Any

import uuid_utils.compat
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """One credit check 信用检查记录: the facts, the rules' outcomes, the versions; never changed."""

    append_only = True

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        WATCH = "watch", _("approved, watch")
        HELD = "held", _("held")

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    # The order; None for an invoice entered by hand that names none.
    document = models.ForeignKey(
        "exposure.Document", models.PROTECT, null=True, db_constraint=False, related_name="decisions"
    )
    account = models.ForeignKey(
        "exposure.Account", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    number = models.CharField(max_length=64)
    point = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    cause = models.CharField(max_length=30, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    # Whether it passed only because the policy watches here and stops nothing.
    shadow = models.BooleanField(default=False)
    policy_version = models.PositiveIntegerField()
    rulebook_version = models.CharField(max_length=20)
    facts = models.JSONField()
    outcome = models.JSONField()

    #: Whether this answer took back what the order had occupied; not kept.
    gave_back = False

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["on"], condition=Q(shadow=True), name="decision_in_shadow")]


class Signature(models.Model):
    """One person's sign-off or refusal of a held order, with the reason; never changed."""

    append_only = True

    class Verb(models.TextChoices):
        RELEASE = "RELEASE", _("release")
        REJECT = "REJECT", _("reject")

    document = models.ForeignKey("exposure.Document", models.PROTECT, db_constraint=False, related_name="signatures")
    decision = models.ForeignKey(Decision, models.PROTECT, db_constraint=False, related_name="signatures")
    verb = models.CharField(max_length=10, choices=Verb)
    signer = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, related_name="+")
    roles = models.JSONField()
    reason = models.TextField()
    amount = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()


class ReleaseRequest(models.Model):
    """That somebody asked for the release of a held order, and why; never changed."""

    append_only = True

    document = models.ForeignKey("exposure.Document", models.PROTECT, db_constraint=False, related_name="requests")
    decision = models.ForeignKey(Decision, models.PROTECT, db_constraint=False, related_name="requests")
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, related_name="+")
    reason = models.TextField()
    on = models.DateField()
    at = models.DateTimeField()


_ONE_HOLDER = Q(customer__isnull=True, group__isnull=False) | Q(customer__isnull=False, group__isnull=True)


class Breach(models.Model):
    """Debt over the limit or overdue beyond the policy (OC-010): deliveries stop, and the turn to cash is proposed.

    It is the customer's or its group's, towards the entity its line is for, or over all (None).  It ends by itself
    when the debt does.
    """

    class Proposal(models.TextChoices):
        NONE = "NONE", _("nothing proposed")
        OPEN = "OPEN", _("turn to cash proposed")
        ACCEPTED = "ACCEPTED", _("turned to cash")
        DECLINED = "DECLINED", _("turn to cash declined")
        KEPT = "KEPT", _("credit kept")
        LAPSED = "LAPSED", _("proposal lapsed")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="breaches")
    group = models.ForeignKey("customers.Group", models.PROTECT, null=True, related_name="breaches")
    entity = models.ForeignKey("exposure.Entity", models.PROTECT, null=True, related_name="+")
    found_on = models.DateField()
    found_at = models.DateTimeField()
    # Why, as the rule book said last: causes, and debt and limit where it is over.
    facts = models.JSONField()
    policy_version = models.PositiveIntegerField()
    hold = models.ForeignKey("limits.Hold", models.PROTECT, related_name="+")
    proposal = models.CharField(max_length=10, choices=Proposal, default=Proposal.NONE)
    proposed_at = models.DateTimeField(null=True)
    # The last day for which two directors keep its credit (OC-011).
    kept_until = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=_ONE_HOLDER, name="breach_of_customer_or_group")]
        indexes = [
            models.Index(fields=["customer"], condition=Q(ended_on__isnull=True), name="breach_standing_customer"),
            models.Index(fields=["group"], condition=Q(ended_on__isnull=True), name="breach_standing_group"),
        ]

    @property
    def holder(self) -> Any:
        """The customer or the group in breach."""
        return self.customer or self.group


class BreachSignature(models.Model):
    """One person's word on a breach: credit is taken away, kept, or the proposal declined; never changed."""

    append_only = True

    class Verb(models.TextChoices):
        REVOKE = "REVOKE", _("turn to cash")
        KEEP = "KEEP", _("keep credit")
        DECLINE = "DECLINE", _("decline")

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="signatures")
    verb = models.CharField(max_length=10, choices=Verb)
    signer = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, related_name="+")
    roles = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()


class Occasion(models.Model):
    """Something that was told about a customer, or about everybody (None): it may have freed waiting orders, or
    (``frees`` False) only let debt grow.

    A back-test looks at the waiting orders again at the same moments, on the same business dates.
    """

    append_only = True

    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, db_constraint=False, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    cause = models.CharField(max_length=30)
    frees = models.BooleanField(default=True)


class DayStart(models.Model):
    """A business day that was begun: debts that became late, releases that ran out, lines that began were looked at."""

    append_only = True

    on = models.DateField(db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, related_name="+")
    found = models.JSONField()
