"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlConfig(AppConfig):
    name = "xinheng.desk.control"
    label = "control"
    verbose_name = _("Control")

    def ready(self) -> None:
        from xinheng.desk.control import listeners

        listeners.connect()
