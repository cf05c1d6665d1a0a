"""The small books of the chapters' tests serve here too."""

from tests.desk.conftest import acme, console

__all__ = ["acme", "console"]
