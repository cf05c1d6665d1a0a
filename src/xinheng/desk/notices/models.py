"""Notices and who has seen them."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing worth telling: kept once, whoever reads it; the roles it is told to are those of the policy then.

    ``subject`` is the thing it is about ("order:17", "breach:3"); ``data`` what its sentence needs.  Notices of one
    ``bundle`` arose together, from one file or one beginning of a day.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=100)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, db_constraint=False, related_name="notices"
    )
    group = models.ForeignKey("customers.Group", models.PROTECT, null=True, db_constraint=False, related_name="notices")
    told = models.TextField()
    data = models.JSONField(default=dict)
    on = models.DateField()
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    bundle = models.UUIDField(null=True)
    # Since when something newer is said of the subject.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject"], condition=Q(settled_at__isnull=True), name="notice_standing")]


class Seen(models.Model):
    """That somebody has seen a notice; never changed."""

    append_only = True

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="seen")
    user = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="seen_once")]
