"""The kinds of files there are (semantics.md 5), each with what its rows become."""

from xinheng.exchange.intake import Intake
from xinheng.exchange.kinds.allocations import Allocations
from xinheng.exchange.kinds.credit_notes import CreditNotes
from xinheng.exchange.kinds.customers import Customers, Entities
from xinheng.exchange.kinds.goods import Deliveries, Returns
from xinheng.exchange.kinds.invoices import Invoices
from xinheng.exchange.kinds.lines import Lines
from xinheng.exchange.kinds.money import Instruments, Receipts
from xinheng.exchange.kinds.orders import Orders
from xinheng.exchange.kinds.rates import Rates

#: Kind of file → what takes it in.
MAKERS: dict[str, type[Intake]] = {
    "entities": Entities,
    "rates": Rates,
    "customers": Customers,
    "lines": Lines,
    "orders": Orders,
    "deliveries": Deliveries,
    "returns": Returns,
    "invoices": Invoices,
    "credit-notes": CreditNotes,
    "receipts": Receipts,
    "instruments": Instruments,
    "allocations": Allocations,
}
