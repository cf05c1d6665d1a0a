"""Numbers in addresses: rows are numbered by the database, so a number it cannot hold is nobody's and not found.

``<id:pk>`` stands in the addresses instead of Django's ``<int:pk>``, which takes numbers of any length.
"""

from django.urls import register_converter
from django.urls.converters import IntConverter

#: What a 64-bit column holds, on both databases.
ID_MAX = 2**63 - 1


class IdConverter(IntConverter):
    """The number of a row."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > ID_MAX:
            raise ValueError(f"no row has the number {number}")  # Django looks for another address, and there is none
        return number


def install() -> None:
    """Make ``<id:pk>`` known before the first address is written down."""
    register_converter(IdConverter, "id")
