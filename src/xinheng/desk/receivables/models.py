"""Tax particulars of invoices, the days their terms count from, and allocations."""

from django.db import models
from django.db.models import Q

from xinheng.base.fields import MinorField
from xinheng.rules.road import Component


class InvoiceTax(models.Model):
    """What an invoice says beside its amount: net, tax, rate, and the fapiao's own code and number."""

    document = models.OneToOneField("exposure.Document", models.PROTECT, primary_key=True, related_name="tax")
    net = MinorField(null=True)
    tax = MinorField(null=True)
    tax_rate = models.CharField(max_length=16, blank=True)
    fapiao_code = models.CharField(max_length=40, blank=True)
    fapiao_number = models.CharField(max_length=40, blank=True)


class TermDay(models.Model):
    """The day on which something happened that terms count from: 签收(验收)、对账、代销销售报告.

    Kept by number, as documents name each other: an invoice that is taken back and stands again still has it.  It
    belongs to an invoice or to a delivery, then to the invoices of that delivery; ``event`` is a ``Base`` of the rule
    book.  Taken back by a later entry, never changed.
    """

    account = models.ForeignKey("exposure.Account", models.PROTECT, db_index=False, related_name="term_days")
    kind = models.SmallIntegerField()
    number = models.CharField(max_length=64)
    event = models.CharField(max_length=12)
    on = models.DateField()
    entry = models.ForeignKey("exposure.Entry", models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    undone_by = models.ForeignKey(
        "exposure.Entry", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "kind", "account", "event"],
                condition=Q(undone_by__isnull=True),
                name="term_day_stated_once",
            )
        ]


class Allocation(models.Model):
    """Money or a credit note settling one instalment 收款核销; undone by a later entry, never changed.

    A row that was stated without instalment may stand here as several, each with the ``stated_amount`` of the row.
    ``automatic`` ones were made by a credit note that names its invoice.  ``component`` is where the invoice's amount
    was taken from: INVOICED, or WRITTEN_OFF when written-off money came after all.
    """

    credit = models.ForeignKey("exposure.Document", models.PROTECT, related_name="spent")
    invoice = models.ForeignKey("exposure.Document", models.PROTECT, related_name="settled")
    amount = MinorField()
    dated_on = models.DateField()
    effective_on = models.DateField()
    component = models.SmallIntegerField(default=Component.INVOICED.value)
    automatic = models.BooleanField(default=False)
    stated_part = models.SmallIntegerField(null=True)  # None: oldest due first
    stated_amount = MinorField()
    occurrence = models.SmallIntegerField(default=1)
    entry = models.ForeignKey(
        "exposure.Entry", models.PROTECT, db_index=False, db_constraint=False, related_name="allocations"
    )
    batch = models.ForeignKey(
        "base.Batch", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    undone_by = models.ForeignKey(
        "exposure.Entry", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="undone"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_of_something")]
        indexes = [models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="allocation_of_batch")]
