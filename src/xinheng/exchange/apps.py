"""The exchange as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "xinheng.exchange"
    label = "exchange"
