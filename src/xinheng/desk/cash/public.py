"""What later chapters may ask of receipts, paper and reserved money, and tell them."""

from xinheng.desk.cash.bulk import land_receipts, receipt_component
from xinheng.desk.cash.dishonoured import stop_for_dishonoured
from xinheng.desk.cash.instruments import (
    NEXT,
    Change,
    check_instruments,
    clear_instrument,
    discount_instrument,
    dishonour_instrument,
    endorse_instrument,
    post_instrument,
    record_changes,
    record_instruments,
    reverse_instrument,
    reverse_instruments,
)
from xinheng.desk.cash.models import Instrument, Receipt, Reservation
from xinheng.desk.cash.paper_trail import earmarked, papers
from xinheng.desk.cash.receipts import (
    clear_receipt,
    post_receipt,
    record_clearing,
    record_receipts,
    recover,
    repost_receipts,
    reverse_receipt,
    reverse_receipts,
)
from xinheng.desk.cash.reservations import (
    drop_reservations,
    meant_for,
    received_for_orders,
    reserve,
    reserved_for,
    resting,
    there_by,
    unreserved,
)
from xinheng.desk.cash.rows import InstrumentRow, ReceiptRow
from xinheng.desk.cash.shapes import InstrumentShape, ReceiptShape, instrument_shape, receipt_shape
from xinheng.desk.cash.words import ACCEPTORS, METHODS, PAPER_STATES, PAPER_TONES, PURPOSES

__all__ = [
    "ACCEPTORS",
    "METHODS",
    "NEXT",
    "PAPER_STATES",
    "PAPER_TONES",
    "PURPOSES",
    "Change",
    "Instrument",
    "InstrumentRow",
    "InstrumentShape",
    "Receipt",
    "ReceiptRow",
    "ReceiptShape",
    "Reservation",
    "check_instruments",
    "clear_instrument",
    "clear_receipt",
    "discount_instrument",
    "dishonour_instrument",
    "drop_reservations",
    "earmarked",
    "endorse_instrument",
    "instrument_shape",
    "land_receipts",
    "meant_for",
    "papers",
    "post_instrument",
    "post_receipt",
    "receipt_component",
    "receipt_shape",
    "received_for_orders",
    "record_changes",
    "record_clearing",
    "record_instruments",
    "record_receipts",
    "recover",
    "repost_receipts",
    "reserve",
    "reserved_for",
    "resting",
    "reverse_instrument",
    "reverse_instruments",
    "reverse_receipt",
    "reverse_receipts",
    "stop_for_dishonoured",
    "there_by",
    "unreserved",
]
