"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "xinheng.desk.customers"
    label = "customers"
    verbose_name = _("Customers")
