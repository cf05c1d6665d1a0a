"""What later chapters may ask of money and paper and tell it."""

from xinheng.desk.cash.reservations import drop_reservations, papers, reserve, reserved_for, unreserved

__all__ = ["drop_reservations", "papers", "reserve", "reserved_for", "unreserved"]
