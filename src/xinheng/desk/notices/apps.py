"""The chapter as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "xinheng.desk.notices"
    label = "notices"
    verbose_name = _("Notices")
