"""What the ledger's documents of kind order and delivery carry besides."""

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import MinorField


class Order(models.Model):
    """An order 订单 on its way through credit; its number, customer, date and amount stand on the document."""

    class State(models.TextChoices):
        ENTERED = "ENTERED", _("entered")
        HELD = "HELD", _("held")
        APPROVED = "APPROVED", _("approved")
        RELEASED = "RELEASED", _("released")
        REJECTED = "REJECTED", _("rejected")
        CANCELLED = "CANCELLED", _("cancelled")

    class Payment(models.TextChoices):
        CREDIT = "credit", _("credit")
        PREPAID = "prepaid", _("prepaid")
        COD = "cod", _("cash on delivery")

    document = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="order")
    state = models.CharField(max_length=10, choices=State, default=State.ENTERED)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.CREDIT)
    instrument = models.CharField(max_length=30, blank=True)
    ship_date = models.DateField(null=True)
    forced_hold = models.BooleanField(default=False)
    # The sign-off that binds: up to which amount, until when, and what its signers saw stand against it.
    released_amount = MinorField(null=True)
    released_until = models.DateField(null=True)
    released_codes = models.JSONField(default=list)
    # What was to leave when its check at delivery stopped it; None: nothing waits.
    stopped_goods = MinorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["ENTERED", "HELD"]), name="order_waiting"),
            models.Index(fields=["document"], condition=Q(stopped_goods__isnull=False), name="order_stopped"),
        ]


class Paper(models.Model):
    """A document an order needs before it may go ahead 待批文件: a contract, a special price; approved by somebody."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="papers")
    name = models.CharField(max_length=100)
    approved_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "name"], name="paper_needed_once")]


class ShippingOrder(models.Model):
    """What the warehouse needs before goods leave 发货通知单: issued on a decision, used up by deliveries."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipping_orders")
    token = models.CharField(max_length=40, unique=True)
    amount = MinorField()
    issued_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def uses_standing(self) -> "QuerySet[ShippingUse]":
        """What left on it and was not taken back."""
        return self.uses.filter(delivery__reversed_by=None)

    @property
    def left(self) -> int:
        """What may still leave on it, in minor units, were it not revoked or expired."""
        return self.amount - sum(use.amount for use in self.uses_standing())


class ShippingUse(models.Model):
    """So much of a delivery left on a shipping order."""

    shipping_order = models.ForeignKey(ShippingOrder, models.PROTECT, related_name="uses")
    delivery = models.ForeignKey("exposure.Document", models.PROTECT, related_name="left_on")
    amount = MinorField()


class Unreleased(models.Model):
    """Goods that went without a release, with the name on it; ``amount`` of the delivery no release covers."""

    delivery = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="unreleased")
    amount = MinorField()
    responsible = models.CharField(max_length=150)
    reason = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    settled_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["recorded_at"], condition=Q(settled_at__isnull=True), name="unreleased_open"),
        ]
