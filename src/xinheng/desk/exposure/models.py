"""The tables of the ledger.  What they mean is told in semantics.md 1 and 2; who may write them in ``ledger.py``."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import CurrencyField, MinorField
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

COMPONENTS = [(component.value, component.name) for component in Component]
KINDS = [(kind.value, kind.name) for kind in Kind]


class Entity(models.Model):
    """The legal company that sells 公司主体; every document belongs to exactly one."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """What one unit of ``source`` was worth in ``target`` on a day; valid until the next one."""

    on = models.DateField()
    source = CurrencyField()
    target = CurrencyField()
    rate = models.CharField(max_length=32)  # decimal as text: SQLite would make it a floating point number
    recorded_at = models.DateTimeField()  # when the pair first had a rate for that day
    batch = models.ForeignKey("base.Batch", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "on"], name="one_rate_a_day")]


class Holder(models.Model):
    """Whoever holds a limit: the row that is locked, and the head of its audit chain."""

    customer = models.OneToOneField("customers.Customer", models.PROTECT, null=True, related_name="holder")
    group = models.OneToOneField("customers.Group", models.PROTECT, null=True, related_name="holder")
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=True, group__isnull=False) | Q(customer__isnull=False, group__isnull=True),
                name="holder_is_customer_or_group",
            )
        ]


class Account(models.Model):
    """A credit account 信用账户: one customer towards one entity."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="accounts")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="accounts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "entity"], name="one_account_per_entity")]


class Entry(models.Model):
    """Who moved value, when and by which action; its movements hang on it.  Never changes."""

    append_only = True

    at = models.DateTimeField()
    actor = models.ForeignKey("base.User", models.PROTECT, db_constraint=False, related_name="+")
    verb = models.CharField(max_length=60)
    batch = models.ForeignKey("base.Batch", models.PROTECT, null=True, db_constraint=False, related_name="entries")


class Document(models.Model):
    """What every business document has in common.

    An invoice in instalments is one document per instalment (``part``).  The predecessors it names are kept by number,
    because they may arrive later.  A reversed document stays, and its number may come again.
    """

    kind = models.SmallIntegerField(choices=KINDS)
    entity = models.ForeignKey(Entity, models.PROTECT, db_index=False, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="documents")
    number = models.CharField(max_length=64)
    part = models.SmallIntegerField(default=1)
    dated_on = models.DateField()
    effective_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = CurrencyField()
    amount = MinorField()
    term = models.CharField(max_length=80, blank=True, default="")
    salesperson = models.CharField(max_length=150, blank=True, default="")
    order_number = models.CharField(max_length=64, blank=True, default="")
    delivery_number = models.CharField(max_length=64, blank=True, default="")
    invoice_number = models.CharField(max_length=64, blank=True, default="")
    nature = models.CharField(max_length=14, default=ItemNature.PLAIN.value)  # what is special when it falls due
    occupies = models.BooleanField(default=True)
    consigned = models.BooleanField(default=False)
    # The order was not stated: the policy matched the oldest open one (semantics.md 2).
    inferred = models.BooleanField(default=False, db_default=False)
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, db_constraint=False, related_name="documents")
    batch = models.ForeignKey(
        "base.Batch", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    reversed_by = models.ForeignKey(
        Entry, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="reversed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "kind", "number", "part"],
                condition=Q(reversed_by__isnull=True),
                name="document_present_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="document_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["account", "kind", "dated_on"], name="document_of_account"),
            models.Index(fields=["order_number"], condition=~Q(order_number=""), name="document_names_order"),
            models.Index(fields=["delivery_number"], condition=~Q(delivery_number=""), name="document_names_delivery"),
            models.Index(fields=["invoice_number"], condition=~Q(invoice_number=""), name="document_names_invoice"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="document_of_batch"),
            models.Index(fields=["number"], condition=Q(reversed_by__isnull=False), name="document_reversed"),
        ]


class Position(models.Model):
    """How much of a document's value stands in one component now; never below zero.  An open item 未结单据 is one."""

    document = models.ForeignKey(
        Document, models.PROTECT, db_index=False, db_constraint=False, related_name="positions"
    )
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    component = models.SmallIntegerField(choices=COMPONENTS)
    currency = CurrencyField()
    dated_on = models.DateField()
    due_on = models.DateField(null=True)
    amount = MinorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "component"], name="position_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="position_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["account", "component", "due_on"], condition=Q(amount__gt=0), name="position_open_of_account"
            ),
        ]


class Movement(models.Model):
    """Value leaving one position for another on a day; None is OUTSIDE.  Never changes."""

    append_only = True

    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, db_constraint=False, related_name="movements")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    source = models.ForeignKey(
        Position, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="left"
    )
    target = models.ForeignKey(
        Position, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="reached"
    )
    currency = CurrencyField()
    amount = MinorField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="movement_moves_something")]
        indexes = [
            models.Index(fields=["source"], condition=Q(source__isnull=False), name="movement_from"),
            models.Index(fields=["target"], condition=Q(target__isnull=False), name="movement_to"),
            models.Index(fields=["account", "effective_on"], name="movement_of_account"),
            models.Index(fields=["effective_on"], name="movement_on"),
        ]


class Balance(models.Model):
    """The sum of an account's positions in one component and currency, kept in the same transaction."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="balances")
    currency = CurrencyField()
    component = models.SmallIntegerField(choices=COMPONENTS)
    amount = MinorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "component", "currency"], name="balance_once")]


class DueTotal(models.Model):
    """What stands in one component and falls due on one day, and in how many items; zero rows may remain."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="due_totals")
    component = models.SmallIntegerField(choices=COMPONENTS)
    currency = CurrencyField()
    due_on = models.DateField()
    nature = models.CharField(max_length=14, default=ItemNature.PLAIN.value)
    amount = MinorField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "component", "due_on", "currency", "nature"], name="due_total_once"
            )
        ]


class Period(models.Model):
    """A closed month of one entity: nothing takes effect in it any more."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="periods")
    month = models.DateField()  # its first day
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    reopening_asked_by = models.ForeignKey("base.User", models.PROTECT, null=True, related_name="+")
    reopening_reason = models.TextField(blank=True)
    ageing = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "month"], condition=Q(reopened_at__isnull=True), name="month_closed_once"
            )
        ]
