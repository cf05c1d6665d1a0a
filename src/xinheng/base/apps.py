"""The ground as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "xinheng.base"
    label = "base"
    verbose_name = _("Foundations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xinheng.base import addresses, database
        from xinheng.base.jobs import kinds

        addresses.install()
        database.install()
        kinds.register("export", _("Excel of a list"), "xinheng.base.exports.make", told="xinheng.base.exports.told")
        kinds.register(
            "sweep",
            _("removal of old exports"),
            "xinheng.base.exports.sweep",
            told="xinheng.base.exports.told_of_sweep",
        )
