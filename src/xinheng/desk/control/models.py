"""Decisions with everything they saw, and the signatures that free what was held."""

import uuid_utils.compat
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """One credit check 信用检查记录: the facts, the rules' outcomes, the versions; never changed."""

    append_only = True

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        WATCH = "watch", _("approved, watch")
        HELD = "held", _("held")

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    document = models.ForeignKey("exposure.Document", models.PROTECT, db_constraint=False, related_name="decisions")
    point = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    cause = models.CharField(max_length=30, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    policy_version = models.PositiveIntegerField()
    rulebook_version = models.CharField(max_length=20)
    facts = models.JSONField()
    outcome = models.JSONField()

    class Meta:
        ordering = ["-id"]


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
    at = models.DateTimeField()


class Breach(models.Model):
    """A customer whose debt is over the limit or overdue beyond the policy: deliveries stop, cash is proposed."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="breaches")
    entity = models.ForeignKey("exposure.Entity", models.PROTECT, related_name="+")
    found_on = models.DateField()
    facts = models.JSONField()
    hold = models.ForeignKey("limits.Hold", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
