"""Tax particulars of invoices, and allocations."""

from django.db import models
from django.db.models import Q

from xinheng.base.fields import MinorField


class InvoiceTax(models.Model):
    """What an invoice says beside its amount: net, tax, rate, and the fapiao's own code and number."""

    document = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="tax")
    net = MinorField(null=True)
    tax = MinorField(null=True)
    tax_rate = models.CharField(max_length=16, blank=True)
    fapiao_code = models.CharField(max_length=40, blank=True)
    fapiao_number = models.CharField(max_length=40, blank=True)


class Allocation(models.Model):
    """Money or a credit note settling an invoice 收款核销; undone by a later entry, never changed."""

    credit = models.ForeignKey("exposure.Document", models.PROTECT, related_name="spent")
    invoice = models.ForeignKey("exposure.Document", models.PROTECT, related_name="settled")
    amount = MinorField()
    dated_on = models.DateField()
    effective_on = models.DateField()
    stated_part = models.SmallIntegerField(null=True)  # None: oldest due first
    occurrence = models.SmallIntegerField(default=1)
    entry = models.ForeignKey("exposure.Entry", models.PROTECT, db_index=False, related_name="allocations")
    batch = models.ForeignKey("base.Batch", models.PROTECT, null=True, related_name="+")
    undone_by = models.ForeignKey("exposure.Entry", models.PROTECT, null=True, db_index=False, related_name="undone")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_of_something")]
