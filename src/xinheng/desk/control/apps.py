"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlConfig(AppConfig):
    name = "xinheng.desk.control"
    label = "control"
    verbose_name = _("Control")

    def ready(self) -> None:
        from xinheng.base import events
        from xinheng.base.jobs import kinds
        from xinheng.desk.notices import public as notices
        from xinheng.rules.policy import NoticeKind

        daily = "xinheng.desk.control.daily_job"
        kinds.register("begin-day", _("beginning of a business day"), f"{daily}.begin_day", told=f"{daily}.told_of_day")
        tried = "xinheng.desk.control.backtest"
        kinds.register("backtest", _("back-test of a policy"), f"{tried}.job.try_policy", told=f"{tried}.job.told")
        trial = f"{tried}.trial"
        kinds.register("policy-trial", _("trial of a policy"), f"{trial}.try_policy", told=f"{trial}.told")

        for event, listener in (
            (events.CreditChanged, "credit_changed"),
            (events.DebtGrew, "debt_grew"),
            (events.RatesCame, "rates_came"),
            (events.HoldPlaced, "hold_placed"),
            (events.ReservedMoneySpent, "reserved_money_spent"),
        ):
            events.listen(event, f"xinheng.desk.control.listeners.{listener}")
        for kind in (
            NoticeKind.ORDER_HELD,
            NoticeKind.GOODS_STOPPED,
            NoticeKind.RELEASE_ASKED,
            NoticeKind.ORDER_FREED,
            NoticeKind.ORDER_REJECTED,
            NoticeKind.BREACH_BEGAN,
            NoticeKind.BREACH_ENDED,
        ):
            notices.give_voice(kind, f"xinheng.desk.control.telling.{kind}")
