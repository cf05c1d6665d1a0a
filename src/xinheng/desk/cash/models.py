"""What a receipt or an instrument says beside its amount."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import MinorField


class Receipt(models.Model):
    """Money received 收款.  Only what has cleared counts; a deposit 押金 stays apart."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        CASH = "cash", _("cash")
        CHEQUE = "cheque", _("cheque")
        DRAFT = "draft", _("draft")
        BANK_ACCEPTANCE = "bank_acceptance", _("bank acceptance")

    class Purpose(models.TextChoices):
        PAYMENT = "payment", _("payment")
        DEPOSIT = "deposit", _("deposit")

    document = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="receipt")
    method = models.CharField(max_length=20, choices=Method, default=Method.TRANSFER)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PAYMENT)
    cleared_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["cleared_on"], condition=Q(cleared_on__isnull=True), name="receipt_uncleared")]


class Reservation(models.Model):
    """Cleared money a prepaid order rests on, in minor units; ``spent`` of it has settled the order's own invoices.

    What is not spent is free again once it is dropped.
    """

    receipt = models.ForeignKey("exposure.Document", models.PROTECT, related_name="reserved_for")
    order = models.ForeignKey("exposure.Document", models.PROTECT, related_name="rests_on")
    amount = MinorField()
    spent = MinorField(default=0)
    dropped_at = models.DateTimeField(null=True)

    @property
    def held(self) -> int:
        """What of it is still kept for the order."""
        return self.amount - self.spent

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(spent__gte=0, amount__gte=F("spent")), name="reservation_spent_in_bounds"
            )
        ]


class Instrument(models.Model):
    """Paper received 票据: a cheque or bill, not money until it is paid."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        CLEARED = "cleared", _("cleared")
        DISHONOURED = "dishonoured", _("dishonoured")
        ENDORSED = "endorsed", _("endorsed")
        DISCOUNTED = "discounted", _("discounted")

    document = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="instrument")
    kind = models.CharField(max_length=30)
    acceptor = models.CharField(max_length=30, blank=True)
    maturity = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    state_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["maturity"], condition=Q(state="received"), name="instrument_maturing")]
