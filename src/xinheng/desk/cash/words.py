"""What ways to pay, purposes and the states of paper are called."""

from django.utils.translation import pgettext_lazy

from xinheng.desk.cash.models import Instrument, Receipt
from xinheng.rules.policy import Acceptor

METHODS = {
    Receipt.Method.TRANSFER: pgettext_lazy("method", "bank transfer"),
    Receipt.Method.CASH: pgettext_lazy("method", "cash"),
    Receipt.Method.CHEQUE: pgettext_lazy("method", "cheque"),
    Receipt.Method.DRAFT: pgettext_lazy("method", "draft"),
    Receipt.Method.BANK_ACCEPTANCE: pgettext_lazy("method", "bank acceptance"),
}
PURPOSES = {
    Receipt.Purpose.PAYMENT: pgettext_lazy("purpose", "payment"),
    Receipt.Purpose.DEPOSIT: pgettext_lazy("purpose", "deposit, kept apart"),
}
ACCEPTORS = {
    Acceptor.LARGE_BANK: pgettext_lazy("acceptor", "large bank"),
    Acceptor.SMALL_BANK: pgettext_lazy("acceptor", "small bank"),
    Acceptor.COMPANY: pgettext_lazy("acceptor", "company"),
    Acceptor.OTHER: pgettext_lazy("acceptor", "other"),
}
PAPER_STATES = {
    Instrument.State.RECEIVED: pgettext_lazy("paper", "received, not yet money"),
    Instrument.State.CLEARED: pgettext_lazy("paper", "cleared"),
    Instrument.State.DISHONOURED: pgettext_lazy("paper", "dishonoured"),
    Instrument.State.ENDORSED: pgettext_lazy("paper", "endorsed"),
    Instrument.State.DISCOUNTED: pgettext_lazy("paper", "discounted"),
}
PAPER_TONES = {
    Instrument.State.RECEIVED: "watch",
    Instrument.State.CLEARED: "closed",
    Instrument.State.DISHONOURED: "bad",
    Instrument.State.ENDORSED: "watch",
    Instrument.State.DISCOUNTED: "watch",
}
