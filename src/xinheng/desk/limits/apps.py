"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LimitsConfig(AppConfig):
    name = "xinheng.desk.limits"
    label = "limits"
    verbose_name = _("Limits")

    def ready(self) -> None:
        from xinheng.desk.notices import public as notices
        from xinheng.rules.policy import NoticeKind

        notices.give_voice(NoticeKind.HOLD_PLACED, "xinheng.desk.limits.telling.HOLD_PLACED")
        notices.give_voice(NoticeKind.HOLD_LIFTED, "xinheng.desk.limits.telling.HOLD_LIFTED")
