"""Credit lines and holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import CurrencyField, MinorField

_ONE_HOLDER = Q(customer__isnull=True, group__isnull=False) | Q(customer__isnull=False, group__isnull=True)


class Line(models.Model):
    """One granted line 授信额度 of a customer or a group.  It is never changed: a newer one takes its place."""

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("amount")
        UNLIMITED = "unlimited", _("unlimited")
        NONE = "none", _("no credit")
        UNSET = "unset", _("not set")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="lines")
    group = models.ForeignKey("customers.Group", models.PROTECT, null=True, related_name="lines")
    entity = models.ForeignKey("exposure.Entity", models.PROTECT, null=True, related_name="+")  # None: shared over all
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = MinorField(_("limit"), null=True)
    currency = CurrencyField(_("currency"))
    term = models.CharField(_("term"), max_length=80, blank=True)
    term_days = models.PositiveIntegerField(_("term in days"), null=True)
    valid_from = models.DateField(_("valid from"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    extra = MinorField(_("temporary increase"), default=0)
    extra_until = models.DateField(_("increase until"), null=True)
    # 铺底: a line beside the limit that does not revolve; it carries the unpaid initial stock until its own end.
    initial_stock = MinorField(_("initial stock"), default=0)
    initial_stock_until = models.DateField(_("initial stock until"), null=True)
    withdrawn = models.BooleanField(_("credit withdrawn"), default=False)
    # Means of payment agreed with this customer (LM-011); None: whatever the policy accepts.
    instruments = models.JSONField(_("means of payment"), null=True)
    # Whether a signed policy was in force when it was granted (LM-001).
    signed = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), blank=True)
    set_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    batch = models.ForeignKey("base.Batch", models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_HOLDER, name="line_of_customer_or_group"),
            models.CheckConstraint(
                condition=Q(kind="amount", amount__gte=0) | (~Q(kind="amount") & Q(amount__isnull=True)),
                name="line_amount_when_it_is_one",
            ),
            models.CheckConstraint(
                condition=Q(extra=0) | Q(extra__gt=0, extra_until__isnull=False), name="line_increase_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(initial_stock=0) | Q(initial_stock__gt=0, initial_stock_until__isnull=False),
                name="line_initial_stock_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(replaced_at__isnull=True), name="line_in_force_customer"),
            models.Index(fields=["group"], condition=Q(replaced_at__isnull=True), name="line_in_force_group"),
        ]


class Hold(models.Model):
    """Stops a customer's or group's orders or deliveries until it is lifted; a forced one never frees itself.

    What a kind of hold stops is the policy's to say; ``scope`` keeps what it said when the hold was placed.
    """

    class Scope(models.TextChoices):
        ALL = "ALL", _("orders and deliveries")
        DELIVERIES = "DELIVERIES", _("deliveries")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="holds")
    group = models.ForeignKey("customers.Group", models.PROTECT, null=True, related_name="holds")
    scope = models.CharField(max_length=12, choices=Scope, default=Scope.ALL)
    forced = models.BooleanField(_("forced"), default=True)
    cause = models.CharField(max_length=40, default="MANUAL")
    reason = models.TextField(_("reason"))
    placed_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=_ONE_HOLDER, name="hold_on_customer_or_group")]
        indexes = [
            models.Index(fields=["customer"], condition=Q(lifted_at__isnull=True), name="hold_standing_customer"),
            models.Index(fields=["group"], condition=Q(lifted_at__isnull=True), name="hold_standing_group"),
        ]


class CalendarDay(models.Model):
    """A published day off or make-up working day 调休; a year without make-up days is provisional."""

    on = models.DateField(unique=True)
    working = models.BooleanField()
    name = models.CharField(max_length=100, blank=True)
