"""What the ledger's documents of kind order and delivery carry besides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
    # Prepaid: the money this order rests on, in minor units of its currency.
    reserved = models.BigIntegerField(default=0)
    # The sign-off that binds: up to which amount, until when.
    released_amount = models.BigIntegerField(null=True)
    released_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["ENTERED", "HELD"]), name="order_waiting"),
        ]


class ShippingOrder(models.Model):
    """What the warehouse needs before goods leave 发货通知单: issued on a decision, used by deliveries."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipping_orders")
    token = models.CharField(max_length=40, unique=True)
    amount = models.BigIntegerField()
    issued_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_by = models.OneToOneField("exposure.Document", models.PROTECT, null=True, related_name="shipping_order")


class Unreleased(models.Model):
    """Goods that went without a release, with the name on it."""

    delivery = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="unreleased")
    responsible = models.CharField(max_length=150)
    reason = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    settled_reason = models.TextField(blank=True)
