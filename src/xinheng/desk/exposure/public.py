"""What later chapters may ask of the ledger and tell it."""

from xinheng.desk.exposure.documents import NewDocument, add, items, reverse, walk
from xinheng.desk.exposure.ledger import Item, add_to_balances, add_to_due_totals, open_entry, post
from xinheng.desk.exposure.locks import Held, account, ensure_accounts, ensure_holders, lock, note
from xinheng.desk.exposure.periods import close_month, open_from, reopen_month

__all__ = [
    "Held",
    "Item",
    "NewDocument",
    "account",
    "add",
    "add_to_balances",
    "add_to_due_totals",
    "close_month",
    "ensure_accounts",
    "ensure_holders",
    "items",
    "lock",
    "note",
    "open_entry",
    "open_from",
    "post",
    "reopen_month",
    "reverse",
    "walk",
]
