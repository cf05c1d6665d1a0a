"""The front as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "xinheng.site"
    label = "site_front"
