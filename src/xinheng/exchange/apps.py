"""The exchange as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "xinheng.exchange"
    label = "exchange"

    def ready(self) -> None:
        from xinheng.exchange import words

        words.install()
