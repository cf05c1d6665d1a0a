"""What is said about rows of a file that cannot land, or land with a remark."""

from django.utils.translation import gettext_lazy

from xinheng.base import messages

WORDS = {
    "MISSING": gettext_lazy("“%(field)s” must not be blank."),
    "TOO_LONG": gettext_lazy("The text is longer than %(longest)s characters."),
    "NOT_WHOLE": gettext_lazy("A whole number from %(low)s to %(high)s is needed here."),
    "NOT_A_CHOICE": gettext_lazy("This is none of: %(choices)s."),
    "NEGATIVE": gettext_lazy(
        "The amount is below zero. Only an invoice file may hold negative rows (red invoices); a refund is a document "
        "of its own."
    ),
    "NOT_POSITIVE": gettext_lazy("An allocation needs an amount above zero."),
    "REPEATED": gettext_lazy("“%(number)s” stands in an earlier row of this file already."),
    "CONFLICT_ROW": gettext_lazy(
        "“%(number)s” is in the books and says something else (%(field)s). Correct the row, or let it correct the "
        "books with --update."
    ),
    "CONFLICT_FIXED": gettext_lazy(
        "“%(number)s” is in the books for another customer, in another currency, or as the opposite of it. That "
        "cannot be corrected: reverse it and enter it anew."
    ),
    "FAMILY_OF_OTHER_CUSTOMER": gettext_lazy(
        "“%(number)s” names, or is named by, a document of another customer. Check the customer and the number named."
    ),
    "FAMILY_OF_OTHER_CURRENCY": gettext_lazy(
        "“%(number)s” names, or is named by, a document in another currency. Check the currency and the number named."
    ),
    "NET_AND_TAX": gettext_lazy("Net %(net)s and tax %(tax)s do not make the amount %(amount)s."),
    "DUE_BEFORE_ISSUE": gettext_lazy("The due day %(due)s lies before the issue on %(issued)s."),
    "MATURES_BEFORE_DATE": gettext_lazy("It matures on %(maturity)s, before it was received on %(date)s."),
    "MORE_THAN_DELIVERED": gettext_lazy(
        "More comes back than of “%(delivery)s” is delivered and not invoiced; what was invoiced needs a credit note."
    ),
    "NOT_OF_GROUP": gettext_lazy("Customer “%(customer)s” is no member of group “%(number)s”."),
    "ENDS_BEFORE_IT_BEGINS": gettext_lazy("It would end before it begins on %(valid_from)s."),
    "SAME_CURRENCY": gettext_lazy("A rate needs two currencies; both are %(currency)s."),
    "INSTALMENTS_UNCLEAR": gettext_lazy(
        "“%(number)s” has instalments with days of their own. State each instalment in a row, or a term that makes "
        "them."
    ),
    "LEFT_UNAPPLIED": gettext_lazy(
        "%(amount)s %(currency)s of “%(receipt)s” found no room on “%(invoice)s” any more and is unapplied."
    ),
    "MORE_THAN_RECEIVED": gettext_lazy("Of “%(number)s” only %(open)s is left, not %(amount)s."),
    "OTHER_CUSTOMER": gettext_lazy("“%(number)s” and “%(invoice)s” belong to different customers."),
    "INVOICE_OF_OTHER_ENTITY": gettext_lazy(
        "“%(number)s” is owed to entity %(choices)s, not to %(entity)s. Money of one entity does not pay an invoice of "
        "another: settle an invoice of %(entity)s with it, or have %(choices)s paid."
    ),
    "OTHER_CURRENCY": gettext_lazy("The money is in %(currency)s, the invoice in %(invoice_currency)s."),
    "NOT_CLEARED": gettext_lazy("“%(number)s” has not cleared: it is not money yet."),
    "DEPOSIT_NOT_APPLICABLE": gettext_lazy("“%(number)s” is a deposit; deposits settle no invoices."),
    "FILE_ENDING": gettext_lazy("“%(path)s” is not taken: bring a table, a file that ends in one of %(endings)s."),
    "NO_FILE": gettext_lazy("No file came. Choose one, or drop it on the field."),
    "BAD_CORRECTION": gettext_lazy(
        "Row %(line)s, “%(heading)s”: this cell cannot be corrected so. Look at the file again."
    ),
    "BAD_MAPPING": gettext_lazy("“%(value)s” is no mapping. Write it as field=heading."),
}


def install() -> None:
    """Called once when the app is ready."""
    messages.add_words(WORDS)
