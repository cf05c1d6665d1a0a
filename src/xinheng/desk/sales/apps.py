"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "xinheng.desk.sales"
    label = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from xinheng.desk.notices import public as notices
        from xinheng.rules.policy import NoticeKind

        notices.give_voice(NoticeKind.SHIPPED_UNRELEASED, "xinheng.desk.sales.telling.SHIPPED_UNRELEASED")
