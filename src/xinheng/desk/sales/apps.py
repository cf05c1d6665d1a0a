"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "xinheng.desk.sales"
    label = "sales"
    verbose_name = _("Sales")
