"""What later chapters may ask of orders and deliveries and tell them."""

from xinheng.desk.sales.actions import (
    OCCUPYING,
    cancel_order,
    change_amount,
    enter_order,
    flag_unreleased,
    issue_shipping_order,
    move,
    record_deliveries,
    record_orders,
    record_returns,
)
from xinheng.desk.sales.models import Order, ShippingOrder, Unreleased
from xinheng.desk.sales.queries import amount_now, next_delivery_number, order_by_number, remaining
from xinheng.desk.sales.rows import DeliveryRow, OrderRow, ReturnRow
from xinheng.desk.sales.words import INSTRUMENTS, PAYMENTS, STATE_TONES, STATES, UNRELEASED_REASONS

__all__ = [
    "INSTRUMENTS",
    "OCCUPYING",
    "PAYMENTS",
    "STATES",
    "STATE_TONES",
    "UNRELEASED_REASONS",
    "DeliveryRow",
    "Order",
    "OrderRow",
    "ReturnRow",
    "ShippingOrder",
    "Unreleased",
    "amount_now",
    "cancel_order",
    "change_amount",
    "enter_order",
    "flag_unreleased",
    "issue_shipping_order",
    "move",
    "next_delivery_number",
    "order_by_number",
    "record_deliveries",
    "record_orders",
    "record_returns",
    "remaining",
]
