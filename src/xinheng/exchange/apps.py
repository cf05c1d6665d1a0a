"""The exchange as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "xinheng.exchange"
    label = "exchange"

    def ready(self) -> None:
        from xinheng.base.jobs import kinds
        from xinheng.exchange import words

        words.install()
        kinds.register(
            "import", _("import of a file"), "xinheng.exchange.jobs.import_file", told="xinheng.exchange.jobs.told"
        )
        kinds.register("look-at-file", _("look at a file"), "xinheng.exchange.uploads.work.look_at_file")
        kinds.register("land-file", _("import of a file"), "xinheng.exchange.uploads.work.land_file")
