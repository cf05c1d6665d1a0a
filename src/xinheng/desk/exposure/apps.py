"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExposureConfig(AppConfig):
    name = "xinheng.desk.exposure"
    label = "exposure"
    verbose_name = _("Exposure")

    def ready(self) -> None:
        from xinheng.base import events

        events.listen(events.CustomersMoving, "xinheng.desk.exposure.locks.customers_moving")
