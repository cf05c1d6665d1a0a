"""What the ledger's kinds and components are called."""

from django.utils.translation import pgettext_lazy

from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

KINDS = {
    Kind.ORDER: pgettext_lazy("document", "Order"),
    Kind.ORDER_CHANGE: pgettext_lazy("document", "Change of order"),
    Kind.ORDER_CLOSE: pgettext_lazy("document", "Closing of order"),
    Kind.DELIVERY: pgettext_lazy("document", "Delivery"),
    Kind.DELIVERY_CLOSE: pgettext_lazy("document", "Closing of delivery"),
    Kind.RETURN: pgettext_lazy("document", "Return of goods"),
    Kind.INVOICE: pgettext_lazy("document", "Invoice"),
    Kind.CREDIT_NOTE: pgettext_lazy("document", "Credit note"),
    Kind.RECEIPT: pgettext_lazy("document", "Receipt"),
    Kind.INSTRUMENT: pgettext_lazy("document", "Bill or cheque"),
}
KIND_ICONS = {
    Kind.ORDER: "shopping-cart",
    Kind.DELIVERY: "truck-delivery",
    Kind.RETURN: "truck",
    Kind.INVOICE: "file-invoice",
    Kind.CREDIT_NOTE: "file-text",
    Kind.RECEIPT: "cash",
    Kind.INSTRUMENT: "receipt",
}
COMPONENTS = {
    Component.ORDERED: pgettext_lazy("component", "Ordered"),
    Component.DELIVERED: pgettext_lazy("component", "Delivered, not invoiced"),
    Component.CONSIGNED: pgettext_lazy("component", "On consignment"),
    Component.INVOICED: pgettext_lazy("component", "Invoiced"),
    Component.INSTRUMENT: pgettext_lazy("component", "Bills and cheques"),
    Component.CONTINGENT: pgettext_lazy("component", "Bills passed on"),
    Component.UNAPPLIED: pgettext_lazy("component", "Unapplied money"),
    Component.DEPOSIT: pgettext_lazy("component", "Deposit"),
    Component.SETTLED: pgettext_lazy("component", "Settled"),
    Component.CANCELLED: pgettext_lazy("component", "Cancelled"),
    Component.WRITTEN_OFF: pgettext_lazy("component", "Written off"),
}
#: Where value comes from before the first document: rules/road.py writes it None.
OUTSIDE = pgettext_lazy("component", "Outside")
NATURES = {
    ItemNature.COD: pgettext_lazy("nature", "cash on delivery"),
    ItemNature.ROLLING: pgettext_lazy("nature", "rolling batch"),
    ItemNature.DISPUTED: pgettext_lazy("nature", "disputed"),
    ItemNature.RETENTION: pgettext_lazy("nature", "retention money"),
    ItemNature.INITIAL_STOCK: pgettext_lazy("nature", "initial stock"),
}


def kind(value: int) -> str:
    """The name of a kind of document."""
    return str(KINDS[Kind(value)])


def component(value: int | str | None) -> str:
    """The name of a component, given by number or by name; OUTSIDE for None."""
    if value is None:
        return str(OUTSIDE)
    return str(COMPONENTS[Component[value.upper()] if isinstance(value, str) else Component(value)])


def nature(code: str) -> str:
    """What is special about an item; an empty text for an ordinary one."""
    return str(NATURES[ItemNature(code)]) if code in set(NATURES) else ""
