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
        work = "xinheng.exchange.uploads.work"
        kinds.register("look-at-file", _("look at a file"), f"{work}.look_at_file", told=f"{work}.told")
        kinds.register("land-file", _("import of a file"), f"{work}.land_file", told=f"{work}.told")
