"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlConfig(AppConfig):
    name = "xinheng.desk.control"
    label = "control"
    verbose_name = _("Control")

    def ready(self) -> None:
        from xinheng.base import events

        events.listen(events.CreditChanged, "xinheng.desk.control.listeners.credit_changed")
        events.listen(events.ReservedMoneySpent, "xinheng.desk.control.listeners.reserved_money_spent")
