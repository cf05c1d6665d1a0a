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

        addresses.install()
        database.install()
