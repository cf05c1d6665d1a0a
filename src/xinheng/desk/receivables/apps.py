"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReceivablesConfig(AppConfig):
    name = "xinheng.desk.receivables"
    label = "receivables"
    verbose_name = _("Receivables")

    def ready(self) -> None:
        from xinheng.base import events, exports

        exports.call("receivables:ageing", pgettext_lazy("way", "Ageing"))
        exports.call("receivables:items", _("Open items"))
        events.listen(events.GoodsCame, "xinheng.desk.receivables.awaited.goods_came")
