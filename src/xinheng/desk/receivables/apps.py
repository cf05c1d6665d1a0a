"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceivablesConfig(AppConfig):
    name = "xinheng.desk.receivables"
    label = "receivables"
    verbose_name = _("Receivables")

    def ready(self) -> None:
        from xinheng.base import events

        events.listen(events.GoodsCame, "xinheng.desk.receivables.awaited.goods_came")
