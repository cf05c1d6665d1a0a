"""Customers and the groups they belong to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import CurrencyField


class Group(models.Model):
    """Companies under one roof 集团: they may share one limit."""

    code = models.CharField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """One customer 客户.  Two customers may bear one name; the code is unique and keeps its leading zeros."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("active")
        INACTIVE = "INACTIVE", _("inactive")

    code = models.CharField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    tax_id = models.CharField(_("tax id"), max_length=40, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="members")
    branch = models.ForeignKey("base.Branch", models.PROTECT, null=True, blank=True, related_name="+")
    salesperson = models.CharField(_("salesperson"), max_length=150, blank=True, db_index=True)
    currency = CurrencyField(_("currency"), blank=True)
    # What was agreed with this customer: decides due days where invoice, order and line say nothing.
    term = models.CharField(_("term"), max_length=80, blank=True)
    # The company's own classes of customers, by which the policy may grant longer or shorter terms.
    customer_class = models.CharField(_("class"), max_length=16, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    # Everything a person may type to find this customer, lower case: code, names, pinyin, initials, tax id.
    search = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """The name to show a reader of ``language`` ('zh…' or another)."""
        return self.name if language.startswith("zh") else self.name_en or self.name
