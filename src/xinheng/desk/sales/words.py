"""What an order's states, its ways to pay and the faults of deliveries are called, and how states are coloured."""

from django.utils.translation import pgettext_lazy

from xinheng.desk.sales.models import Order
from xinheng.rules.policy import Instrument, Payment

STATES = {
    Order.State.ENTERED: pgettext_lazy("order", "Not checked yet"),
    Order.State.HELD: pgettext_lazy("order", "Held"),
    Order.State.APPROVED: pgettext_lazy("order", "Approved"),
    Order.State.RELEASED: pgettext_lazy("order", "Released"),
    Order.State.REJECTED: pgettext_lazy("order", "Rejected"),
    Order.State.CANCELLED: pgettext_lazy("order", "Cancelled"),
}
STATE_TONES = {
    Order.State.ENTERED: "watch",
    Order.State.HELD: "bad",
    Order.State.APPROVED: "normal",
    Order.State.RELEASED: "normal",
    Order.State.REJECTED: "closed",
    Order.State.CANCELLED: "closed",
}
#: By the policy's codes and by the order's own.
PAYMENTS = {
    Payment.CREDIT: pgettext_lazy("payment", "on credit"),
    Payment.PREPAID: pgettext_lazy("payment", "prepaid"),
    Payment.COD: pgettext_lazy("payment", "cash on delivery"),
}
PAYMENTS |= {Order.Payment(code.value.lower()): words for code, words in PAYMENTS.items()}
INSTRUMENTS = {
    Instrument.CASH: pgettext_lazy("instrument", "cash"),
    Instrument.REMITTANCE: pgettext_lazy("instrument", "remittance"),
    Instrument.CHEQUE: pgettext_lazy("instrument", "cheque"),
    Instrument.DRAFT: pgettext_lazy("instrument", "draft"),
    Instrument.BANK_ACCEPTANCE: pgettext_lazy("instrument", "bank acceptance"),
    Instrument.COMMERCIAL_ACCEPTANCE: pgettext_lazy("instrument", "commercial acceptance"),
    Instrument.PROMISSORY_NOTE: pgettext_lazy("instrument", "promissory note"),
    Instrument.LETTER_OF_CREDIT: pgettext_lazy("instrument", "letter of credit"),
}
UNRELEASED_REASONS = {
    "NO_RELEASE": pgettext_lazy("delivery", "its order was not released"),
    "NO_ORDER": pgettext_lazy("delivery", "it names no order"),
    "MORE_THAN_RELEASED": pgettext_lazy("delivery", "more left than was released"),
    "RELEASE_EXPIRED": pgettext_lazy("delivery", "its shipping order had run out"),
    "RELEASE_REVOKED": pgettext_lazy("delivery", "its shipping order had been taken back"),
}
#: Why a shipping order does not let goods go.
TOKEN_FAULTS = {
    "UNKNOWN": pgettext_lazy("shipping order", "nobody issued it"),
    "OTHER_ORDER": pgettext_lazy("shipping order", "it belongs to another order"),
    "REVOKED": pgettext_lazy("shipping order", "it was taken back"),
    "USED_UP": pgettext_lazy("shipping order", "everything on it has left already"),
    "EXPIRED": pgettext_lazy("shipping order", "it has run out"),
    "TOO_SMALL": pgettext_lazy("shipping order", "it is for less"),
}
