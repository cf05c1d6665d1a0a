"""The front as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "xinheng.site"
    label = "site_front"

    def ready(self) -> None:
        from allauth.account.signals import password_changed

        from xinheng.site import accounts

        password_changed.connect(accounts.password_changed)
