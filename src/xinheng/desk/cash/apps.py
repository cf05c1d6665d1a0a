"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CashConfig(AppConfig):
    name = "xinheng.desk.cash"
    label = "cash"
    verbose_name = _("Cash")

    def ready(self) -> None:
        from xinheng.base import events

        events.listen(events.MoneyAllocated, "xinheng.desk.cash.reservations.money_allocated")
