"""What later chapters may ask of orders and deliveries and tell them."""

from xinheng.desk.sales.actions import (
    OCCUPYING,
    approve_paper,
    cancel_order,
    change_amount,
    enter_order,
    move,
    record_orders,
    record_reopening,
    selling_side,
)
from xinheng.desk.sales.bulk import land_deliveries, land_orders
from xinheng.desk.sales.closing import close_delivery
from xinheng.desk.sales.entering import MoreThanDelivered, post_delivery, post_return, returnable
from xinheng.desk.sales.goods import flag_unreleased, record_deliveries, record_returns, settle_unreleased
from xinheng.desk.sales.linking import Open, OpenOrders, candidates, matches_oldest, unlinked
from xinheng.desk.sales.models import Order, Paper, ShippingOrder, ShippingUse, Unreleased
from xinheng.desk.sales.queries import (
    amount_now,
    next_delivery_number,
    order_by_number,
    remaining,
    unreleased_by_number,
)
from xinheng.desk.sales.reposting import (
    CLOSED,
    carry_papers,
    follow_again,
    repost_deliveries,
    repost_orders,
    repost_returns,
    reverse_deliveries,
    reverse_orders,
    reverse_returns,
)
from xinheng.desk.sales.rows import DeliveryRow, OrderRow, ReturnRow
from xinheng.desk.sales.shipping import (
    BadShippingOrder,
    issue_shipping_order,
    revoke_shipping_orders,
    standing_for,
    usable_token,
    with_left,
)
from xinheng.desk.sales.words import INSTRUMENTS, PAYMENTS, STATE_TONES, STATES, UNRELEASED_REASONS

__all__ = [
    "CLOSED",
    "INSTRUMENTS",
    "OCCUPYING",
    "PAYMENTS",
    "STATES",
    "STATE_TONES",
    "UNRELEASED_REASONS",
    "BadShippingOrder",
    "DeliveryRow",
    "MoreThanDelivered",
    "Open",
    "OpenOrders",
    "Order",
    "OrderRow",
    "Paper",
    "ReturnRow",
    "ShippingOrder",
    "ShippingUse",
    "Unreleased",
    "amount_now",
    "approve_paper",
    "cancel_order",
    "candidates",
    "carry_papers",
    "change_amount",
    "close_delivery",
    "enter_order",
    "flag_unreleased",
    "follow_again",
    "issue_shipping_order",
    "land_deliveries",
    "land_orders",
    "matches_oldest",
    "move",
    "next_delivery_number",
    "order_by_number",
    "post_delivery",
    "post_return",
    "record_deliveries",
    "record_orders",
    "record_reopening",
    "record_returns",
    "remaining",
    "repost_deliveries",
    "repost_orders",
    "repost_returns",
    "returnable",
    "reverse_deliveries",
    "reverse_orders",
    "reverse_returns",
    "revoke_shipping_orders",
    "selling_side",
    "settle_unreleased",
    "standing_for",
    "unlinked",
    "unreleased_by_number",
    "usable_token",
    "with_left",
]
