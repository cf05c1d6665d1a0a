"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlConfig(AppConfig):
    name = "xinheng.desk.control"
    label = "control"
    verbose_name = _("Control")

    def ready(self) -> None:
        from xinheng.base import events

        for event, listener in (
            (events.CreditChanged, "credit_changed"),
            (events.DebtGrew, "debt_grew"),
            (events.RatesCame, "rates_came"),
            (events.HoldPlaced, "hold_placed"),
            (events.ReservedMoneySpent, "reserved_money_spent"),
        ):
            events.listen(event, f"xinheng.desk.control.listeners.{listener}")
