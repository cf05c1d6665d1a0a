"""Money in the database: whole minor units in a 64-bit integer, exact on every engine.

SQLite keeps decimals as floating point and loses cents in a ledger; whole numbers add up the same everywhere.
"""

from django.db import models


class MinorField(models.BigIntegerField):
    """An amount in minor units; its currency stands in a column beside it."""

    description = "amount in minor units"


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    description = "currency"

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(*args, **kwargs)
