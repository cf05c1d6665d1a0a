# Written by scripts/api_client.py from the description of the API; never edited.
# ruff: noqa
"""Asking Xinheng 信衡 from Python, with the standard library only.

    from xinheng_client import Xinheng

    ask = Xinheng("https://credit.example.com", token="…")
    ask.enter_order(number="SO-1", customer="C001", amount="1200.00", key="SO-1 entered")
    print(ask.check_order("SO-1")["verdict"])

Amounts and days are texts. A refusal raises ``Refused`` with the house's stable code. A write that is given a ``key``
may be sent again under the same key: it is done once. ``match`` is the ETag (``ask.tag``) of what you have read.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any, Literal, NotRequired, TypedDict
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

#: (method, address, headers, body) → (status, headers, body)
Send = Callable[[str, str, dict[str, str], bytes | None], tuple[int, dict[str, str], bytes]]


class Refused(Exception):
    """What was asked cannot be done: the HTTP status, the stable code, and the words."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", ""))
        super().__init__(f"{status} {self.code}: {problem.get('detail', '')}")


#: A refusal (RFC 9457). `code` is stable; `title` and `detail` are in the language asked for.
Problem = TypedDict(
    "Problem",
    {
        "type": str,
        "title": str,
        "status": int,
        "detail": str,
        "instance": str,
        "code": str,
        "errors": NotRequired[list[dict[str, Any]]],
    },
)

#: One age.
Bucket = TypedDict(
    "Bucket",
    {
        "count": int,
        "amount": str,
        "label": str,
    },
)

#: How many instalments, and what they come to.
Side = TypedDict(
    "Side",
    {
        "count": int,
        "amount": str,
    },
)

#: The ageing of one currency; unapplied money stands apart.
CurrencyAgeing = TypedDict(
    "CurrencyAgeing",
    {
        "buckets": list[Bucket],
        "outstanding": Side,
        "unapplied": str,
    },
)

#: Receivables by age.
Ageing = TypedDict(
    "Ageing",
    {
        "as_of": str,
        "by": str,
        "currencies": dict[str, CurrencyAgeing],
    },
)

#: What settles what.
Allocation = TypedDict(
    "Allocation",
    {
        "id": int,
        "credit": str,
        "credit_kind": str,
        "invoice": str,
        "instalment": int,
        "amount": str,
        "currency": str,
        "effective_on": str | None,
        "state": str,
    },
)

#: What was settled just now, and what is left unapplied.
Allocated = TypedDict(
    "Allocated",
    {
        "kind": str,
        "number": str,
        "entity": str,
        "currency": str,
        "allocations": list[Allocation],
        "unapplied": str,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
AllocationPage = TypedDict(
    "AllocationPage",
    {
        "items": list[Allocation],
        "next": str | None,
    },
)

#: A document the order needs.
ApprovedPaper = TypedDict(
    "ApprovedPaper",
    {
        "reason": NotRequired[str],
        "date": NotRequired[str | None],
        "document": str,
    },
)

#: One imported file.
Batch = TypedDict(
    "Batch",
    {
        "batch": int,
        "kind": str,
        "file": str,
        "accepted": int,
        "updated": int,
        "at": str,
        "by": str,
        "undone_at": str | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
BatchPage = TypedDict(
    "BatchPage",
    {
        "items": list[Batch],
        "next": str | None,
    },
)

#: What became of a cheque or bill.
Became = TypedDict(
    "Became",
    {
        "date": NotRequired[str | None],
        "state": Literal["cleared", "dishonoured", "endorsed", "discounted"],
    },
)

#: Debt over the limit or overdue beyond the policy.
Breach = TypedDict(
    "Breach",
    {
        "id": int,
        "holder": str,
        "of": str,
        "entity": str | None,
        "since": str,
        "causes": list[str],
        "debt": NotRequired[str],
        "limit": NotRequired[str],
        "overdue": NotRequired[dict[str, str]],
        "oldest_due_on": NotRequired[str | None],
        "currency": str,
        "proposal": str,
        "kept_until": str | None,
        "ended": str | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
BreachPage = TypedDict(
    "BreachPage",
    {
        "items": list[Breach],
        "next": str | None,
    },
)

#: What is to be otherwise; what is left out stays.
ChangedOrder = TypedDict(
    "ChangedOrder",
    {
        "date": NotRequired[str | None],
        "amount": NotRequired[str | None],
        "payment": NotRequired[Literal["credit", "prepaid", "cod"] | None],
        "term": NotRequired[str | None],
        "instrument": NotRequired[str | None],
    },
)

#: Why, as a code with what it was measured by, and in words.
Reason = TypedDict(
    "Reason",
    {
        "code": str,
        "effect": str,
        "params": dict[str, Any],
        "text": str,
    },
)

#: One way in which it would be free.
Free = TypedDict(
    "Free",
    {
        "text": str,
        "steps": list[dict[str, Any]],
    },
)

#: What a credit check found.
Check = TypedDict(
    "Check",
    {
        "order": str,
        "verdict": str,
        "reasons": list[Reason],
        "currency": str,
        "exposure": str | None,
        "limit": str | None,
        "available": str | None,
        "frees": list[Free],
        "decision": str,
        "policy": int,
        "policy_signed": bool,
        "shadow": bool,
        "date": str,
    },
)

#: Where it is checked, and for which day.
CheckAt = TypedDict(
    "CheckAt",
    {
        "date": NotRequired[str | None],
        "at": NotRequired[Literal["order", "delivery"]],
    },
)

#: One mistake of a document: where, what stands there, what was expected, and that in words.
Mistake = TypedDict(
    "Mistake",
    {
        "path": str,
        "value": str,
        "code": str,
        "expected": str,
        "said": str,
    },
)

#: The mistakes of a document.
Checked = TypedDict(
    "Checked",
    {
        "problems": list[Mistake],
    },
)

#: An order after a change, and the check it went through; null where it was not checked before.
CheckedOrder = TypedDict(
    "CheckedOrder",
    {
        "order": str,
        "customer": str,
        "entity": str,
        "date": str,
        "amount": str,
        "currency": str,
        "payment": str,
        "state": str,
        "check": Check | None,
    },
)

#: How the file is to be taken, as at the command line; ``map`` is a JSON object field → heading.
Chosen = TypedDict(
    "Chosen",
    {
        "keep_good": NotRequired[bool],
        "dry_run": NotRequired[bool],
        "update": NotRequired[bool],
        "create_customers": NotRequired[bool],
        "opening": NotRequired[bool],
        "check": NotRequired[bool],
        "map": NotRequired[str],
        "mapping": NotRequired[str],
        "date_format": NotRequired[str],
        "entity": NotRequired[str],
        "encoding": NotRequired[str],
        "delimiter": NotRequired[str],
        "sheet": NotRequired[str],
    },
)

#: A month that was closed just now: what was owed at its end, and the months closed before it on the way.
ClosedMonth = TypedDict(
    "ClosedMonth",
    {
        "entity": str,
        "month": str,
        "state": str,
        "closed_at": str,
        "closed_by": str,
        "reopening_asked_by": str | None,
        "reopening_reason": str,
        "reopened_by": str | None,
        "outstanding": dict[str, Side],
        "earlier": NotRequired[list[dict[str, Any]]],
    },
)

#: Which month; with ``with_earlier`` those before it that are open are closed first.
Closing = TypedDict(
    "Closing",
    {
        "month": str,
        "with_earlier": NotRequired[bool],
        "entity": NotRequired[str],
    },
)

#: Cash on delivery that was not paid on arrival; ``kind`` is the document's number of kind.
CodUnpaid = TypedDict(
    "CodUnpaid",
    {
        "salesperson": str,
        "customer": str,
        "document": str,
        "kind": int,
        "due": str,
        "amount": str,
        "currency": str,
    },
)

#: What stands in each component; null where a rate is missing.
Components = TypedDict(
    "Components",
    {
        "ordered": str | None,
        "delivered": str | None,
        "consigned": str | None,
        "invoiced": str | None,
        "instrument": str | None,
        "contingent": str | None,
        "unapplied": str | None,
    },
)

#: A customer; group and branch by code.
Customer = TypedDict(
    "Customer",
    {
        "code": str,
        "name": str,
        "name_en": str,
        "tax_id": str,
        "group": str | None,
        "branch": str | None,
        "salesperson": str,
        "currency": str,
        "term": str,
        "customer_class": str,
        "status": str,
    },
)

#: What is stated of a customer; what is left out stays as it is, an empty text empties it.
CustomerFile = TypedDict(
    "CustomerFile",
    {
        "name": NotRequired[str | None],
        "name_en": NotRequired[str | None],
        "tax_id": NotRequired[str | None],
        "group": NotRequired[str | None],
        "branch": NotRequired[str | None],
        "salesperson": NotRequired[str | None],
        "currency": NotRequired[str | None],
        "term": NotRequired[str | None],
        "customer_class": NotRequired[str | None],
        "status": NotRequired[Literal["ACTIVE", "INACTIVE"] | None],
    },
)

#: Rows, and the cursor of the next page; null on the last one.
CustomerPage = TypedDict(
    "CustomerPage",
    {
        "items": list[Customer],
        "next": str | None,
    },
)

#: What was written off or recovered of an invoice, and what of it is open and written off now.
Debt = TypedDict(
    "Debt",
    {
        "invoice": str,
        "entity": str,
        "customer": str,
        "currency": str,
        "amount": str,
        "open": str,
        "written_off": str,
    },
)

#: A check with everything it saw.
Decision = TypedDict(
    "Decision",
    {
        "order": str,
        "verdict": str,
        "reasons": list[Reason],
        "currency": str,
        "exposure": str | None,
        "limit": str | None,
        "available": str | None,
        "frees": list[Free],
        "decision": str,
        "policy": int,
        "policy_signed": bool,
        "shadow": bool,
        "date": str,
        "point": str,
        "cause": str,
        "by": str,
        "facts": dict[str, Any],
        "outcome": dict[str, Any],
        "at": str,
    },
)

#: A check in a list.
DecisionRow = TypedDict(
    "DecisionRow",
    {
        "id": str,
        "order": str,
        "date": str,
        "verdict": str,
        "point": str,
        "policy": int,
        "policy_signed": bool,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
DecisionRowPage = TypedDict(
    "DecisionRowPage",
    {
        "items": list[DecisionRow],
        "next": str | None,
    },
)

#: Goods that left.
Delivery = TypedDict(
    "Delivery",
    {
        "order": str,
        "delivery": str,
        "amount": str,
        "currency": str,
        "remaining": str,
        "state": str,
    },
)

#: One field in which two versions differ.
Difference = TypedDict(
    "Difference",
    {
        "section": str,
        "field": str,
        "old": Any,
        "new": Any,
    },
)

#: A document of the ledger; one that was taken back says so.
Document = TypedDict(
    "Document",
    {
        "kind": str,
        "number": str,
        "instalment": int,
        "entity": str,
        "customer": str,
        "date": str,
        "due": str | None,
        "amount": str,
        "currency": str,
        "term": str,
        "salesperson": str,
        "order": str,
        "delivery": str,
        "invoice": str,
        "reversed": bool,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
DocumentPage = TypedDict(
    "DocumentPage",
    {
        "items": list[Document],
        "next": str | None,
    },
)

#: A policy document (TOML).
Draft = TypedDict(
    "Draft",
    {
        "document": str,
    },
)

#: One instalment of an invoice.
InvoicePart = TypedDict(
    "InvoicePart",
    {
        "instalment": int,
        "due": str | None,
        "amount": str,
    },
)

#: An invoice with its instalments and the check it passed.
EnteredInvoice = TypedDict(
    "EnteredInvoice",
    {
        "invoice": str,
        "parts": list[InvoicePart],
        "check": Check,
    },
)

#: A legal company that sells.
Entity = TypedDict(
    "Entity",
    {
        "code": str,
        "name": str,
    },
)

#: Who fills the limit that binds.
Filling = TypedDict(
    "Filling",
    {
        "customer": str,
        "entity": str,
        "exposure": str | None,
    },
)

#: What a customer owes or is about to owe, against the limit that binds.
Exposure = TypedDict(
    "Exposure",
    {
        "customer": str,
        "entity": str,
        "as_of": str,
        "currency": str,
        "components": Components,
        "by_currency": dict[str, Components],
        "exposure": str | None,
        "limit_kind": str,
        "limit": str | None,
        "limit_of": str | None,
        "status": str,
        "available": str | None,
        "limit_currency": str | None,
        "limit_exposure": str | None,
        "limit_exposure_of": list[Filling],
    },
)

#: One instalment of an invoice.
Instalment = TypedDict(
    "Instalment",
    {
        "invoice": str,
        "instalment": int,
        "due": str | None,
        "amount": str,
    },
)

#: A day that was told or taken back, and the instalments that follow it.
Followed = TypedDict(
    "Followed",
    {
        "invoice": NotRequired[str],
        "delivery": NotRequired[str],
        "event": str,
        "on": str | None,
        "parts": list[Instalment],
    },
)

#: A month with its list as it was frozen.
FrozenMonth = TypedDict(
    "FrozenMonth",
    {
        "entity": str,
        "month": str,
        "state": str,
        "closed_at": str,
        "closed_by": str,
        "reopening_asked_by": str | None,
        "reopening_reason": str,
        "reopened_by": str | None,
        "ageing": dict[str, Any],
    },
)

#: Goods that leave, and the shipping order they leave on.
GoodsOnToken = TypedDict(
    "GoodsOnToken",
    {
        "date": NotRequired[str | None],
        "amount": NotRequired[str | None],
        "token": NotRequired[str],
    },
)

#: What happened, and when.
Happened = TypedDict(
    "Happened",
    {
        "date": NotRequired[str | None],
        "event": Literal["acceptance", "statement", "sale-report"],
    },
)

#: What stops a customer or group.
Hold = TypedDict(
    "Hold",
    {
        "id": int,
        "holder": str,
        "of": str,
        "kind": str,
        "stops": str,
        "forced": bool,
        "reason": str,
        "placed_at": str,
        "lifted_at": str | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
HoldPage = TypedDict(
    "HoldPage",
    {
        "items": list[Hold],
        "next": str | None,
    },
)

#: A cheque or bill.
Instrument = TypedDict(
    "Instrument",
    {
        "kind": str,
        "number": str,
        "instalment": int,
        "entity": str,
        "customer": str,
        "date": str,
        "due": str | None,
        "amount": str,
        "currency": str,
        "term": str,
        "salesperson": str,
        "order": str,
        "delivery": str,
        "invoice": str,
        "reversed": bool,
        "paper": str,
        "acceptor": str,
        "maturity": str,
        "state": str,
        "state_on": str,
    },
)

#: One instalment with what of it is open.
OpenPart = TypedDict(
    "OpenPart",
    {
        "instalment": int,
        "due": str | None,
        "amount": str,
        "open": str,
        "written_off": str,
    },
)

#: An invoice with its instalments.
Invoice = TypedDict(
    "Invoice",
    {
        "invoice": str,
        "entity": str,
        "customer": str,
        "date": str,
        "currency": str,
        "amount": str,
        "open": str,
        "term": str,
        "order": str,
        "delivery": str,
        "salesperson": str,
        "parts": list[OpenPart],
    },
)

#: A code and its words.
Said = TypedDict(
    "Said",
    {
        "code": str,
        "message": str,
    },
)

#: Work in the background: how far it is and what came of it; ``share`` is of 1.
Job = TypedDict(
    "Job",
    {
        "job": int,
        "kind": str,
        "by": str,
        "state": str,
        "recorded_at": str,
        "started_at": str | None,
        "ended_at": str | None,
        "stage": str,
        "share": float | None,
        "attempts": int,
        "stop_asked": bool,
        "error": Said | None,
    },
)

#: A job with its arguments and its result.
JobFile = TypedDict(
    "JobFile",
    {
        "job": int,
        "kind": str,
        "by": str,
        "state": str,
        "recorded_at": str,
        "started_at": str | None,
        "ended_at": str | None,
        "stage": str,
        "share": float | None,
        "attempts": int,
        "stop_asked": bool,
        "error": Said | None,
        "arguments": dict[str, Any],
        "result": dict[str, Any] | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
JobPage = TypedDict(
    "JobPage",
    {
        "items": list[Job],
        "next": str | None,
    },
)

#: How much is to leave; all that is left without an amount.
LeavingGoods = TypedDict(
    "LeavingGoods",
    {
        "date": NotRequired[str | None],
        "amount": NotRequired[str | None],
    },
)

#: A line in full; without an entity it is shared over all.
Line = TypedDict(
    "Line",
    {
        "holder": str,
        "limit_kind": str,
        "limit": str | None,
        "currency": str,
        "signed": bool,
        "id": int,
        "of": str,
        "entity": str | None,
        "term": str,
        "term_days": int | None,
        "valid_from": str | None,
        "valid_until": str | None,
        "extra": str,
        "extra_until": str | None,
        "initial_stock": str,
        "initial_stock_until": str | None,
        "withdrawn": bool,
        "instruments": list[str] | None,
        "reason": str,
        "set_by": str,
        "set_at": str,
        "replaced_at": str | None,
    },
)

#: A saved mapping: field → heading.
Mapping = TypedDict(
    "Mapping",
    {
        "kind": str,
        "name": str,
        "fields": dict[str, str],
    },
)

#: What did not happen on that day after all, and why.
Mistaken = TypedDict(
    "Mistaken",
    {
        "reason": NotRequired[str],
        "event": Literal["acceptance", "statement", "sale-report"],
    },
)

#: One closing of a month.
Month = TypedDict(
    "Month",
    {
        "entity": str,
        "month": str,
        "state": str,
        "closed_at": str,
        "closed_by": str,
        "reopening_asked_by": str | None,
        "reopening_reason": str,
        "reopened_by": str | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
MonthPage = TypedDict(
    "MonthPage",
    {
        "items": list[Month],
        "next": str | None,
    },
)

#: An invoice and an amount; or the way: the oldest due items, or those that come to exactly what is left.
NewAllocation = TypedDict(
    "NewAllocation",
    {
        "date": NotRequired[str | None],
        "way": NotRequired[Literal["invoice", "oldest", "exact"]],
        "invoice": NotRequired[str],
        "instalment": NotRequired[int | None],
        "amount": NotRequired[str | None],
    },
)

#: A credit note to enter; it reduces the invoice it names at once.
NewCreditNote = TypedDict(
    "NewCreditNote",
    {
        "number": str,
        "customer": str,
        "amount": str,
        "currency": NotRequired[str],
        "date": NotRequired[str | None],
        "invoice": NotRequired[str],
        "entity": NotRequired[str],
    },
)

#: A customer to enter.
NewCustomer = TypedDict(
    "NewCustomer",
    {
        "name": NotRequired[str | None],
        "name_en": NotRequired[str | None],
        "tax_id": NotRequired[str | None],
        "group": NotRequired[str | None],
        "branch": NotRequired[str | None],
        "salesperson": NotRequired[str | None],
        "currency": NotRequired[str | None],
        "term": NotRequired[str | None],
        "customer_class": NotRequired[str | None],
        "status": NotRequired[Literal["ACTIVE", "INACTIVE"] | None],
        "code": str,
    },
)

#: Why somebody is stopped; what it stops is the policy's to say.
NewHold = TypedDict(
    "NewHold",
    {
        "reason": NotRequired[str],
        "kind": NotRequired[Literal["MANUAL", "DELIVERY_STOP", "COLLECTION", "WARNING"]],
    },
)

#: A cheque or bill that came; with an invoice it is earmarked for it.
NewInstrument = TypedDict(
    "NewInstrument",
    {
        "number": str,
        "customer": str,
        "kind": Literal[
            "CASH",
            "REMITTANCE",
            "CHEQUE",
            "DRAFT",
            "BANK_ACCEPTANCE",
            "COMMERCIAL_ACCEPTANCE",
            "PROMISSORY_NOTE",
            "LETTER_OF_CREDIT",
        ],
        "amount": str,
        "maturity": str,
        "currency": NotRequired[str],
        "date": NotRequired[str | None],
        "acceptor": NotRequired[Literal["", "LARGE_BANK", "SMALL_BANK", "COMPANY", "OTHER"]],
        "invoice": NotRequired[str],
        "entity": NotRequired[str],
    },
)

#: An invoice to enter; without a due day it follows from the term: its own, the order's or the line's.
NewInvoice = TypedDict(
    "NewInvoice",
    {
        "number": str,
        "customer": str,
        "amount": str,
        "currency": NotRequired[str],
        "date": NotRequired[str | None],
        "due": NotRequired[str | None],
        "term": NotRequired[str],
        "order": NotRequired[str],
        "delivery": NotRequired[str],
        "salesperson": NotRequired[str],
        "entity": NotRequired[str],
    },
)

#: A line to set: an amount, "unlimited" or "none"; for one entity, or shared over all without one.
NewLine = TypedDict(
    "NewLine",
    {
        "limit": str,
        "currency": NotRequired[str],
        "term": NotRequired[str],
        "term_days": NotRequired[int | None],
        "valid_from": NotRequired[str | None],
        "valid_until": NotRequired[str | None],
        "extra": NotRequired[str],
        "extra_until": NotRequired[str | None],
        "initial_stock": NotRequired[str],
        "initial_stock_until": NotRequired[str | None],
        "instruments": NotRequired[list[str]],
        "reason": NotRequired[str],
        "entity": NotRequired[str],
    },
)

#: An order to enter; without a currency the customer's, else the company's.
NewOrder = TypedDict(
    "NewOrder",
    {
        "number": str,
        "customer": str,
        "amount": str,
        "currency": NotRequired[str],
        "payment": NotRequired[Literal["credit", "prepaid", "cod"]],
        "date": NotRequired[str | None],
        "ship_date": NotRequired[str | None],
        "term": NotRequired[str],
        "instrument": NotRequired[str],
        "salesperson": NotRequired[str],
        "needs": NotRequired[list[str]],
        "entity": NotRequired[str],
    },
)

#: One unit of ``source`` is worth so much of ``target`` from a day on.
NewRate = TypedDict(
    "NewRate",
    {
        "source": str,
        "target": str,
        "rate": str,
        "date": NotRequired[str | None],
    },
)

#: Money that came; it settles nothing by itself.
NewReceipt = TypedDict(
    "NewReceipt",
    {
        "number": str,
        "customer": str,
        "amount": str,
        "currency": NotRequired[str],
        "date": NotRequired[str | None],
        "method": NotRequired[Literal["transfer", "cash", "cheque", "draft", "bank_acceptance"]],
        "purpose": NotRequired[Literal["payment", "deposit"]],
        "order": NotRequired[str],
        "entity": NotRequired[str],
    },
)

#: Nothing needs to be said.
Nothing = TypedDict("Nothing", {})

Odd = TypedDict(
    "Odd",
    {
        "id": str,
        "was": str,
        "is": str,
    },
)

#: For which day; the business date without one.
OnDay = TypedDict(
    "OnDay",
    {
        "date": NotRequired[str | None],
    },
)

#: An order; amounts as text with the decimals of their currency.
Order = TypedDict(
    "Order",
    {
        "order": str,
        "customer": str,
        "entity": str,
        "date": str,
        "amount": str,
        "currency": str,
        "payment": str,
        "state": str,
    },
)

#: An order with what was agreed for it and what of it has not left.
OrderFile = TypedDict(
    "OrderFile",
    {
        "order": str,
        "customer": str,
        "entity": str,
        "date": str,
        "amount": str,
        "currency": str,
        "payment": str,
        "state": str,
        "salesperson": str,
        "term": str,
        "instrument": str,
        "ship_date": str | None,
        "remaining": str,
        "forced_hold": bool,
        "released_until": str | None,
        "goods_stopped": str | None,
        "needs": list[str],
    },
)

#: Rows, and the cursor of the next page; null on the last one.
OrderPage = TypedDict(
    "OrderPage",
    {
        "items": list[Order],
        "next": str | None,
    },
)

#: A version with its document, every value spelled out.
Policy = TypedDict(
    "Policy",
    {
        "version": int,
        "status": str,
        "signed_by": str | None,
        "effective_from": str,
        "document": dict[str, Any],
    },
)

#: A version of the policy.
PolicyRow = TypedDict(
    "PolicyRow",
    {
        "version": int,
        "status": str,
        "effective_from": str,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
PolicyRowPage = TypedDict(
    "PolicyRowPage",
    {
        "items": list[PolicyRow],
        "next": str | None,
    },
)

#: A new version, the day from which it is to hold, and what it changes and why.
Proposal = TypedDict(
    "Proposal",
    {
        "document": str,
        "effective_from": NotRequired[str | None],
        "note": NotRequired[str],
    },
)

#: One unit of ``from`` is worth so much of ``to`` from a day on.
Rate = TypedDict(
    "Rate",
    {
        "date": str,
        "source": str,
        "target": str,
        "rate": str,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
RatePage = TypedDict(
    "RatePage",
    {
        "items": list[Rate],
        "next": str | None,
    },
)

#: Why, and for which day; the business date without one.
ReasonOn = TypedDict(
    "ReasonOn",
    {
        "reason": NotRequired[str],
        "date": NotRequired[str | None],
    },
)

#: Money received; ``unapplied`` is what of it settles nothing yet.
Receipt = TypedDict(
    "Receipt",
    {
        "kind": str,
        "number": str,
        "instalment": int,
        "entity": str,
        "customer": str,
        "date": str,
        "due": str | None,
        "amount": str,
        "currency": str,
        "term": str,
        "salesperson": str,
        "order": str,
        "delivery": str,
        "invoice": str,
        "reversed": bool,
        "method": str,
        "purpose": str,
        "cleared": str | None,
        "unapplied": str,
    },
)

#: How much came after all, and the receipt it came with.
Recovered = TypedDict(
    "Recovered",
    {
        "date": NotRequired[str | None],
        "amount": str,
        "receipt": str,
    },
)

#: Money that came after all for debt that was written off: the number of the new receipt, and the invoice.
RecoveredMoney = TypedDict(
    "RecoveredMoney",
    {
        "number": str,
        "invoice": str,
        "amount": str,
        "date": NotRequired[str | None],
        "method": NotRequired[Literal["transfer", "cash"]],
        "entity": NotRequired[str],
    },
)

#: An order after a signature: how many more are missing, and of which roles.
Released = TypedDict(
    "Released",
    {
        "order": str,
        "customer": str,
        "entity": str,
        "date": str,
        "amount": str,
        "currency": str,
        "payment": str,
        "state": str,
        "missing": int,
        "by": list[str],
    },
)

#: Of which entity, and why; whoever asks says it, whoever agrees may leave it out.
Reopening = TypedDict(
    "Reopening",
    {
        "entity": NotRequired[str],
        "reason": NotRequired[str],
    },
)

#: What came of deciding again on the stored facts.
Replay = TypedDict(
    "Replay",
    {
        "replayed": int,
        "differs": int,
        "rule_changed": int,
        "decisions": list[Odd],
    },
)

#: A document that was taken back, and from when that counts.
Reversal = TypedDict(
    "Reversal",
    {
        "kind": str,
        "number": str,
        "entity": str,
        "amount": str,
        "currency": str,
        "effective_on": str | None,
    },
)

#: What the warehouse may let go, and until when.
ShippingOrder = TypedDict(
    "ShippingOrder",
    {
        "order": str,
        "token": str,
        "amount": str,
        "currency": str,
        "expires_on": str | None,
    },
)

#: A breach after a signature: how many more are missing, and of which roles.
Turned = TypedDict(
    "Turned",
    {
        "id": int,
        "holder": str,
        "of": str,
        "entity": str | None,
        "since": str,
        "causes": list[str],
        "debt": NotRequired[str],
        "limit": NotRequired[str],
        "overdue": NotRequired[dict[str, str]],
        "oldest_due_on": NotRequired[str | None],
        "currency": str,
        "proposal": str,
        "kept_until": str | None,
        "ended": str | None,
        "missing": int,
        "by": list[str],
    },
)

#: A batch that was taken back.
UndoneBatch = TypedDict(
    "UndoneBatch",
    {
        "batch": int,
        "kind": str,
        "undone_at": str | None,
    },
)

#: Goods that left without a release; ``settled`` says why the case is closed.
Unreleased = TypedDict(
    "Unreleased",
    {
        "delivery": str,
        "customer": str,
        "date": str,
        "amount": str,
        "currency": str,
        "responsible": str,
        "reason": str,
        "settled": str | None,
    },
)

#: Rows, and the cursor of the next page; null on the last one.
UnreleasedPage = TypedDict(
    "UnreleasedPage",
    {
        "items": list[Unreleased],
        "next": str | None,
    },
)

#: How much of it; all that is open without an amount.
WrittenOff = TypedDict(
    "WrittenOff",
    {
        "reason": NotRequired[str],
        "date": NotRequired[str | None],
        "amount": NotRequired[str | None],
    },
)


def _over_the_net(
    method: str, address: str, headers: dict[str, str], body: bytes | None
) -> tuple[int, dict[str, str], bytes]:
    request = Request(address, data=body, headers=headers, method=method)
    try:
        with urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()


def _part(value: object) -> str:
    return quote(str(value), safe="/")


def _form(fields: dict[str, Any], file: tuple[str, bytes]) -> tuple[str, bytes]:
    mark = uuid.uuid4().hex
    lines = []
    for name, value in fields.items():
        if value is not None:
            text = json.dumps(value) if isinstance(value, bool) else str(value)
            lines.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
    about = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quote(file[0])}"\r\n'
    lines.append(about.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + file[1] + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(lines) + f"--{mark}--\r\n".encode()


class Xinheng:
    """The API of one installation, asked with one person's token."""

    def __init__(self, address: str, *, token: str, language: str = "en", send: Send = _over_the_net) -> None:
        self.address, self._send = address.rstrip("/"), send
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        #: The ETag of the last answer.
        self.tag = ""

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        form: dict[str, Any] | None = None,
        file: tuple[str, bytes] | None = None,
        key: str = "",
        match: str = "",
    ) -> Any:
        asked = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in (query or {}).items()
        }
        words = urlencode({name: value for name, value in asked.items() if value is not None})
        headers = {
            **self._headers,
            **({"Idempotency-Key": key} if key else {}),
            **({"If-Match": match} if match else {}),
        }
        sent: bytes | None = None
        if file is not None:
            headers["Content-Type"], sent = _form(form or {}, file)
        elif body is not None:
            headers["Content-Type"] = "application/json"
            sent = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        status, heard, answer = self._send(method, self.address + path + (f"?{words}" if words else ""), headers, sent)
        found = json.loads(answer) if answer else {}
        if status >= 400:
            raise Refused(status, found)
        self.tag = next((value for name, value in heard.items() if name.lower() == "etag"), "")
        return found

    def issue_shipping_order(
        self,
        number: str,
        *,
        date: str | None = None,
        amount: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> ShippingOrder:
        """Check what is to leave and issue the warehouse's shipping order."""
        found: ShippingOrder = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/shipping-orders",
            body={"date": date, "amount": amount},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def deliver(
        self,
        number: str,
        *,
        date: str | None = None,
        amount: str | None = None,
        token: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Delivery:
        """Check at the moment of delivery and send what is left."""
        found: Delivery = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/deliveries",
            body={"date": date, "amount": amount, "token": token},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def list_unreleased(
        self, *, settled: bool | None = None, cursor: str | None = None, limit: int | None = None
    ) -> UnreleasedPage:
        """Goods that left without a release, by name; settled cases only when they are asked for."""
        found: UnreleasedPage = self._ask(
            "GET", f"/api/v1/unreleased-deliveries", query={"settled": settled, "cursor": cursor, "limit": limit}
        )
        return found

    def settle_unreleased(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
    ) -> Unreleased:
        """Close the case of goods that left without a release."""
        found: Unreleased = self._ask(
            "POST",
            f"/api/v1/unreleased-deliveries/{_part(number)}/settlements",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
        )
        return found

    def list_cod_unpaid(self, *, as_of: str | None = None) -> list[CodUnpaid]:
        """Cash on delivery that was not paid on arrival, by salesperson."""
        found: list[CodUnpaid] = self._ask("GET", f"/api/v1/cod-unpaid", query={"as_of": as_of})
        return found

    def list_orders(
        self,
        *,
        state: Literal["entered", "held", "approved", "released", "rejected", "cancelled"] | None = None,
        customer: str | None = None,
        salesperson: str | None = None,
        since: str | None = None,
        until: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> OrderPage:
        """Orders, the newest first."""
        found: OrderPage = self._ask(
            "GET",
            f"/api/v1/orders",
            query={
                "state": state,
                "customer": customer,
                "salesperson": salesperson,
                "since": since,
                "until": until,
                "cursor": cursor,
                "limit": limit,
            },
        )
        return found

    def enter_order(
        self,
        *,
        number: str,
        customer: str,
        amount: str,
        currency: str | None = None,
        payment: Literal["credit", "prepaid", "cod"] | None = None,
        date: str | None = None,
        ship_date: str | None = None,
        term: str | None = None,
        instrument: str | None = None,
        salesperson: str | None = None,
        needs: list[str] | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Order:
        """Enter an order, unchecked."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders",
            body={
                "number": number,
                "customer": customer,
                "amount": amount,
                "currency": currency,
                "payment": payment,
                "date": date,
                "ship_date": ship_date,
                "term": term,
                "instrument": instrument,
                "salesperson": salesperson,
                "needs": needs,
                "entity": entity,
            },
            key=key,
        )
        return found

    def check_order(
        self,
        number: str,
        *,
        date: str | None = None,
        at: Literal["order", "delivery"] | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Check:
        """May this order go ahead on credit? A held order is an answer, not a refusal."""
        found: Check = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/credit-checks",
            body={"date": date, "at": at},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def change_order(
        self,
        number: str,
        *,
        date: str | None = None,
        amount: str | None = None,
        payment: Literal["credit", "prepaid", "cod"] | None = None,
        term: str | None = None,
        instrument: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> CheckedOrder:
        """Let an order grow or shrink, or be paid otherwise; it is checked again."""
        found: CheckedOrder = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/changes",
            body={"date": date, "amount": amount, "payment": payment, "term": term, "instrument": instrument},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def release_order(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Released:
        """Sign a held order, or stopped goods, through; `missing` says how many more have to sign."""
        found: Released = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/releases",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def ask_release(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Order:
        """Ask those who may sign to let a held order go."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/release-requests",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def reject_order(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Order:
        """Turn an order down."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/rejections",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def cancel_order(
        self, number: str, *, date: str | None = None, entity: str | None = None, key: str = "", match: str = ""
    ) -> Order:
        """Close an order; what has not left is cancelled."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/cancellations",
            body={"date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def reopen_order(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Check:
        """Open a rejected or cancelled order again; it is checked anew."""
        found: Check = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/reopenings",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def hold_order(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Order:
        """Stop an order until a person lets it go."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/holds",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def unhold_order(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Check:
        """Let a stopped order be judged by the rules again."""
        found: Check = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/unholds",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def approve_paper(
        self,
        number: str,
        *,
        document: str,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Order:
        """Approve a document the order needs."""
        found: Order = self._ask(
            "POST",
            f"/api/v1/orders/{_part(number)}/approvals",
            body={"reason": reason, "date": date, "document": document},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def show_order(self, number: str, *, entity: str | None = None) -> OrderFile:
        """One order, with what was agreed for it and what of it has not left."""
        found: OrderFile = self._ask("GET", f"/api/v1/orders/{_part(number)}", query={"entity": entity})
        return found

    def show_exposure(
        self, customer: str, *, as_of: str | None = None, known_on: str | None = None, entity: str | None = None
    ) -> Exposure:
        """What a customer owes or is about to owe, against its limit."""
        found: Exposure = self._ask(
            "GET",
            f"/api/v1/customers/{_part(customer)}/exposure",
            query={"as_of": as_of, "known_on": known_on, "entity": entity},
        )
        return found

    def list_decisions(
        self,
        *,
        order: str | None = None,
        customer: str | None = None,
        verdict: Literal["approved", "watch", "held"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> DecisionRowPage:
        """Credit checks, the newest first."""
        found: DecisionRowPage = self._ask(
            "GET",
            f"/api/v1/decisions",
            query={"order": order, "customer": customer, "verdict": verdict, "cursor": cursor, "limit": limit},
        )
        return found

    def show_decision(self, id_: str) -> Decision:
        """One decision with everything it saw."""
        found: Decision = self._ask("GET", f"/api/v1/decisions/{_part(id_)}")
        return found

    def replay_decision(self, id_: str) -> Replay:
        """Decide again on the stored facts."""
        found: Replay = self._ask("GET", f"/api/v1/decisions/{_part(id_)}/replay")
        return found

    def list_breaches(
        self, *, ended: bool | None = None, cursor: str | None = None, limit: int | None = None
    ) -> BreachPage:
        """Who is in breach, and what is proposed; ended ones only when they are asked for."""
        found: BreachPage = self._ask(
            "GET", f"/api/v1/breaches", query={"ended": ended, "cursor": cursor, "limit": limit}
        )
        return found

    def show_breach(self, id_: int) -> Breach:
        """One breach."""
        found: Breach = self._ask("GET", f"/api/v1/breaches/{_part(id_)}")
        return found

    def revoke_credit(
        self, id_: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = "", match: str = ""
    ) -> Turned:
        """Turn the customer to cash."""
        found: Turned = self._ask(
            "POST",
            f"/api/v1/breaches/{_part(id_)}/revocations",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
            match=match,
        )
        return found

    def decline_breach(
        self, id_: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = "", match: str = ""
    ) -> Turned:
        """Leave the line; deliveries stay stopped."""
        found: Turned = self._ask(
            "POST",
            f"/api/v1/breaches/{_part(id_)}/refusals",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
            match=match,
        )
        return found

    def keep_credit(
        self, id_: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = "", match: str = ""
    ) -> Turned:
        """Keep credit despite the breach."""
        found: Turned = self._ask(
            "POST",
            f"/api/v1/breaches/{_part(id_)}/keepings",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
            match=match,
        )
        return found

    def list_lines(self, of: Literal["customers", "groups"], code: str) -> list[Line]:
        """The lines of a customer or a group that no newer one has replaced."""
        found: list[Line] = self._ask("GET", f"/api/v1/{_part(of)}/{_part(code)}/lines")
        return found

    def set_line(
        self,
        of: Literal["customers", "groups"],
        code: str,
        *,
        limit: str,
        currency: str | None = None,
        term: str | None = None,
        term_days: int | None = None,
        valid_from: str | None = None,
        valid_until: str | None = None,
        extra: str | None = None,
        extra_until: str | None = None,
        initial_stock: str | None = None,
        initial_stock_until: str | None = None,
        instruments: list[str] | None = None,
        reason: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Line:
        """Give a customer or a group a line; If-Match takes the tag of its list of lines."""
        found: Line = self._ask(
            "POST",
            f"/api/v1/{_part(of)}/{_part(code)}/lines",
            body={
                "limit": limit,
                "currency": currency,
                "term": term,
                "term_days": term_days,
                "valid_from": valid_from,
                "valid_until": valid_until,
                "extra": extra,
                "extra_until": extra_until,
                "initial_stock": initial_stock,
                "initial_stock_until": initial_stock_until,
                "instruments": instruments,
                "reason": reason,
                "entity": entity,
            },
            key=key,
            match=match,
        )
        return found

    def place_hold(
        self,
        of: Literal["customers", "groups"],
        code: str,
        *,
        reason: str | None = None,
        kind: Literal["MANUAL", "DELIVERY_STOP", "COLLECTION", "WARNING"] | None = None,
        key: str = "",
    ) -> Hold:
        """Stop a customer or a group."""
        found: Hold = self._ask(
            "POST", f"/api/v1/{_part(of)}/{_part(code)}/holds", body={"reason": reason, "kind": kind}, key=key
        )
        return found

    def list_holds(
        self, *, lifted: bool | None = None, cursor: str | None = None, limit: int | None = None
    ) -> HoldPage:
        """The holds that stand; lifted ones too where they are asked for."""
        found: HoldPage = self._ask("GET", f"/api/v1/holds", query={"lifted": lifted, "cursor": cursor, "limit": limit})
        return found

    def show_hold(self, id_: int) -> Hold:
        """One hold."""
        found: Hold = self._ask("GET", f"/api/v1/holds/{_part(id_)}")
        return found

    def lift_hold(
        self, id_: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = "", match: str = ""
    ) -> Hold:
        """Let a customer or group go on; what waits is looked at again."""
        found: Hold = self._ask(
            "POST",
            f"/api/v1/holds/{_part(id_)}/liftings",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
            match=match,
        )
        return found

    def enter_invoice(
        self,
        *,
        number: str,
        customer: str,
        amount: str,
        currency: str | None = None,
        date: str | None = None,
        due: str | None = None,
        term: str | None = None,
        order: str | None = None,
        delivery: str | None = None,
        salesperson: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> EnteredInvoice:
        """Check an invoice and enter it; 409 when the policy holds it."""
        found: EnteredInvoice = self._ask(
            "POST",
            f"/api/v1/invoices",
            body={
                "number": number,
                "customer": customer,
                "amount": amount,
                "currency": currency,
                "date": date,
                "due": due,
                "term": term,
                "order": order,
                "delivery": delivery,
                "salesperson": salesperson,
                "entity": entity,
            },
            key=key,
        )
        return found

    def show_ageing(
        self,
        *,
        as_of: str | None = None,
        known_on: str | None = None,
        by: Literal["due", "issue"] | None = None,
        bounds: str | None = None,
        customer: str | None = None,
        group: str | None = None,
        branch: str | None = None,
        salesperson: str | None = None,
        entity: str | None = None,
    ) -> Ageing:
        """Receivables by age; the bounds in days or months (30,60,90 or 1M,2M), the policy's without any."""
        found: Ageing = self._ask(
            "GET",
            f"/api/v1/ageing",
            query={
                "as_of": as_of,
                "known_on": known_on,
                "by": by,
                "bounds": bounds,
                "customer": customer,
                "group": group,
                "branch": branch,
                "salesperson": salesperson,
                "entity": entity,
            },
        )
        return found

    def allocate(
        self,
        of: Literal["receipts", "credit-notes", "instruments"],
        number: str,
        *,
        date: str | None = None,
        way: Literal["invoice", "oldest", "exact"] | None = None,
        invoice: str | None = None,
        instalment: int | None = None,
        amount: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Allocated:
        """Settle invoices with a receipt, a credit note or cleared paper."""
        found: Allocated = self._ask(
            "POST",
            f"/api/v1/{_part(of)}/{_part(number)}/allocations",
            body={"date": date, "way": way, "invoice": invoice, "instalment": instalment, "amount": amount},
            query={"entity": entity},
            key=key,
        )
        return found

    def list_allocations(
        self,
        *,
        customer: str | None = None,
        credit: str | None = None,
        invoice: str | None = None,
        undone: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> AllocationPage:
        """Allocations, the newest first; undone ones too where they are asked for."""
        found: AllocationPage = self._ask(
            "GET",
            f"/api/v1/allocations",
            query={
                "customer": customer,
                "credit": credit,
                "invoice": invoice,
                "undone": undone,
                "cursor": cursor,
                "limit": limit,
            },
        )
        return found

    def undo_allocation(
        self, id_: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = ""
    ) -> Allocation:
        """Take one allocation back."""
        found: Allocation = self._ask(
            "POST",
            f"/api/v1/allocations/{_part(id_)}/undoings",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
        )
        return found

    def enter_credit_note(
        self,
        *,
        number: str,
        customer: str,
        amount: str,
        currency: str | None = None,
        date: str | None = None,
        invoice: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Document:
        """Enter a credit note; what finds no room on its invoice stays unapplied."""
        found: Document = self._ask(
            "POST",
            f"/api/v1/credit-notes",
            body={
                "number": number,
                "customer": customer,
                "amount": amount,
                "currency": currency,
                "date": date,
                "invoice": invoice,
                "entity": entity,
            },
            key=key,
        )
        return found

    def reverse_credit_note(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
    ) -> Reversal:
        """Take a credit note back; what it settles is undone first."""
        found: Reversal = self._ask(
            "POST",
            f"/api/v1/credit-notes/{_part(number)}/reversals",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
        )
        return found

    def reverse_invoice(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Reversal:
        """Take an invoice back with all its instalments; what settles it is undone first."""
        found: Reversal = self._ask(
            "POST",
            f"/api/v1/invoices/{_part(number)}/reversals",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def write_off(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        amount: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Debt:
        """Give up what is open of an invoice; its customer is put on hold."""
        found: Debt = self._ask(
            "POST",
            f"/api/v1/invoices/{_part(number)}/write-offs",
            body={"reason": reason, "date": date, "amount": amount},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def undo_write_off(
        self,
        number: str,
        *,
        reason: str | None = None,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Debt:
        """Take a write-off back: what was not recovered is owed again. The hold stays."""
        found: Debt = self._ask(
            "POST",
            f"/api/v1/invoices/{_part(number)}/write-off-undoings",
            body={"reason": reason, "date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def recover(
        self,
        number: str,
        *,
        amount: str,
        receipt: str,
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Debt:
        """Settle written-off debt with money that came after all."""
        found: Debt = self._ask(
            "POST",
            f"/api/v1/invoices/{_part(number)}/recoveries",
            body={"date": date, "amount": amount, "receipt": receipt},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def say_happened(
        self,
        of: Literal["invoices", "deliveries"],
        number: str,
        *,
        event: Literal["acceptance", "statement", "sale-report"],
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Followed:
        """Say when something happened that the due day counts from."""
        found: Followed = self._ask(
            "POST",
            f"/api/v1/{_part(of)}/{_part(number)}/events",
            body={"date": date, "event": event},
            query={"entity": entity},
            key=key,
        )
        return found

    def say_not_happened(
        self,
        of: Literal["invoices", "deliveries"],
        number: str,
        *,
        event: Literal["acceptance", "statement", "sale-report"],
        reason: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Followed:
        """Take such a day back: it was wrong."""
        found: Followed = self._ask(
            "POST",
            f"/api/v1/{_part(of)}/{_part(number)}/event-undoings",
            body={"reason": reason, "event": event},
            query={"entity": entity},
            key=key,
        )
        return found

    def show_invoice(self, number: str, *, entity: str | None = None) -> Invoice:
        """One invoice with what is open of each instalment."""
        found: Invoice = self._ask("GET", f"/api/v1/invoices/{_part(number)}", query={"entity": entity})
        return found

    def list_months(
        self, *, entity: str | None = None, cursor: str | None = None, limit: int | None = None
    ) -> MonthPage:
        """All closings, the newest first."""
        found: MonthPage = self._ask(
            "GET", f"/api/v1/months", query={"entity": entity, "cursor": cursor, "limit": limit}
        )
        return found

    def close_month(
        self, *, month: str, with_earlier: bool | None = None, entity: str | None = None, key: str = ""
    ) -> ClosedMonth:
        """Close a month that is over; nothing takes effect in it any more."""
        found: ClosedMonth = self._ask(
            "POST", f"/api/v1/months", body={"month": month, "with_earlier": with_earlier, "entity": entity}, key=key
        )
        return found

    def reopen_month(self, *, entity: str | None = None, reason: str | None = None, key: str = "") -> Month:
        """Ask to re-open the last closed month; another person's call opens it."""
        found: Month = self._ask(
            "POST", f"/api/v1/months/reopenings", body={"entity": entity, "reason": reason}, key=key
        )
        return found

    def show_month(self, month: str, *, entity: str | None = None) -> FrozenMonth:
        """The month-end list as it was frozen; whoever sees some customers sees theirs."""
        found: FrozenMonth = self._ask("GET", f"/api/v1/months/{_part(month)}", query={"entity": entity})
        return found

    def enter_receipt(
        self,
        *,
        number: str,
        customer: str,
        amount: str,
        currency: str | None = None,
        date: str | None = None,
        method: Literal["transfer", "cash", "cheque", "draft", "bank_acceptance"] | None = None,
        purpose: Literal["payment", "deposit"] | None = None,
        order: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Receipt:
        """Receive money; what is cleared counts at once, the rest when it clears."""
        found: Receipt = self._ask(
            "POST",
            f"/api/v1/receipts",
            body={
                "number": number,
                "customer": customer,
                "amount": amount,
                "currency": currency,
                "date": date,
                "method": method,
                "purpose": purpose,
                "order": order,
                "entity": entity,
            },
            key=key,
        )
        return found

    def clear_receipt(
        self, number: str, *, date: str | None = None, entity: str | None = None, key: str = "", match: str = ""
    ) -> Receipt:
        """Say that a cheque or draft received as money has cleared."""
        found: Receipt = self._ask(
            "POST",
            f"/api/v1/receipts/{_part(number)}/clearings",
            body={"date": date},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def reverse_receipt(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Reversal:
        """Take a receipt back; what it settles is undone first."""
        found: Reversal = self._ask(
            "POST",
            f"/api/v1/receipts/{_part(number)}/reversals",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def show_receipt(self, number: str, *, entity: str | None = None) -> Receipt:
        """One receipt with what of it is unapplied."""
        found: Receipt = self._ask("GET", f"/api/v1/receipts/{_part(number)}", query={"entity": entity})
        return found

    def recover_with_new_receipt(
        self,
        *,
        number: str,
        invoice: str,
        amount: str,
        date: str | None = None,
        method: Literal["transfer", "cash"] | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Debt:
        """Receive money and settle written-off debt with it in one step."""
        found: Debt = self._ask(
            "POST",
            f"/api/v1/recoveries",
            body={
                "number": number,
                "invoice": invoice,
                "amount": amount,
                "date": date,
                "method": method,
                "entity": entity,
            },
            key=key,
        )
        return found

    def enter_instrument(
        self,
        *,
        number: str,
        customer: str,
        kind: Literal[
            "CASH",
            "REMITTANCE",
            "CHEQUE",
            "DRAFT",
            "BANK_ACCEPTANCE",
            "COMMERCIAL_ACCEPTANCE",
            "PROMISSORY_NOTE",
            "LETTER_OF_CREDIT",
        ],
        amount: str,
        maturity: str,
        currency: str | None = None,
        date: str | None = None,
        acceptor: Literal["", "LARGE_BANK", "SMALL_BANK", "COMPANY", "OTHER"] | None = None,
        invoice: str | None = None,
        entity: str | None = None,
        key: str = "",
    ) -> Instrument:
        """Receive a cheque or bill; it is not money until it is paid."""
        found: Instrument = self._ask(
            "POST",
            f"/api/v1/instruments",
            body={
                "number": number,
                "customer": customer,
                "kind": kind,
                "amount": amount,
                "maturity": maturity,
                "currency": currency,
                "date": date,
                "acceptor": acceptor,
                "invoice": invoice,
                "entity": entity,
            },
            key=key,
        )
        return found

    def change_instrument(
        self,
        number: str,
        *,
        state: Literal["cleared", "dishonoured", "endorsed", "discounted"],
        date: str | None = None,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Instrument:
        """Say that a cheque or bill was paid, dishonoured, passed on or discounted."""
        found: Instrument = self._ask(
            "POST",
            f"/api/v1/instruments/{_part(number)}/changes",
            body={"date": date, "state": state},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def reverse_instrument(
        self,
        number: str,
        *,
        code: str,
        effect: str,
        params: dict[str, Any],
        text: str,
        entity: str | None = None,
        key: str = "",
        match: str = "",
    ) -> Reversal:
        """Take a cheque or bill back that should not have been entered."""
        found: Reversal = self._ask(
            "POST",
            f"/api/v1/instruments/{_part(number)}/reversals",
            body={"code": code, "effect": effect, "params": params, "text": text},
            query={"entity": entity},
            key=key,
            match=match,
        )
        return found

    def show_instrument(self, number: str, *, entity: str | None = None) -> Instrument:
        """One cheque or bill."""
        found: Instrument = self._ask("GET", f"/api/v1/instruments/{_part(number)}", query={"entity": entity})
        return found

    def list_documents(
        self,
        *,
        kind: Literal[
            "order",
            "order-change",
            "delivery",
            "return",
            "invoice",
            "delivery-close",
            "order-close",
            "credit-note",
            "receipt",
            "instrument",
        ]
        | None = None,
        customer: str | None = None,
        number: str | None = None,
        order: str | None = None,
        salesperson: str | None = None,
        entity: str | None = None,
        since: str | None = None,
        until: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> DocumentPage:
        """Documents of the ledger, the last recorded first; those that were taken back say so."""
        found: DocumentPage = self._ask(
            "GET",
            f"/api/v1/documents",
            query={
                "kind": kind,
                "customer": customer,
                "number": number,
                "order": order,
                "salesperson": salesperson,
                "entity": entity,
                "since": since,
                "until": until,
                "cursor": cursor,
                "limit": limit,
            },
        )
        return found

    def list_entities(self) -> list[Entity]:
        """The legal companies that sell."""
        found: list[Entity] = self._ask("GET", f"/api/v1/entities")
        return found

    def list_rates(
        self,
        *,
        source: str | None = None,
        target: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> RatePage:
        """Exchange rates, the last stated first."""
        found: RatePage = self._ask(
            "GET", f"/api/v1/rates", query={"source": source, "target": target, "cursor": cursor, "limit": limit}
        )
        return found

    def set_rate(self, *, source: str, target: str, rate: str, date: str | None = None, key: str = "") -> Rate:
        """State an exchange rate; what waits for it is looked at again."""
        found: Rate = self._ask(
            "POST", f"/api/v1/rates", body={"source": source, "target": target, "rate": rate, "date": date}, key=key
        )
        return found

    def list_customers(
        self,
        *,
        q: str | None = None,
        salesperson: str | None = None,
        group: str | None = None,
        branch: str | None = None,
        status: Literal["ACTIVE", "INACTIVE"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> CustomerPage:
        """Customers; `q` finds them by code, name, pinyin, initials or tax id."""
        found: CustomerPage = self._ask(
            "GET",
            f"/api/v1/customers",
            query={
                "q": q,
                "salesperson": salesperson,
                "group": group,
                "branch": branch,
                "status": status,
                "cursor": cursor,
                "limit": limit,
            },
        )
        return found

    def enter_customer(
        self,
        *,
        code: str,
        name: str | None = None,
        name_en: str | None = None,
        tax_id: str | None = None,
        group: str | None = None,
        branch: str | None = None,
        salesperson: str | None = None,
        currency: str | None = None,
        term: str | None = None,
        customer_class: str | None = None,
        status: Literal["ACTIVE", "INACTIVE"] | None = None,
        key: str = "",
    ) -> Customer:
        """Open a customer file."""
        found: Customer = self._ask(
            "POST",
            f"/api/v1/customers",
            body={
                "name": name,
                "name_en": name_en,
                "tax_id": tax_id,
                "group": group,
                "branch": branch,
                "salesperson": salesperson,
                "currency": currency,
                "term": term,
                "customer_class": customer_class,
                "status": status,
                "code": code,
            },
            key=key,
        )
        return found

    def change_customer(
        self,
        code: str,
        *,
        name: str | None = None,
        name_en: str | None = None,
        tax_id: str | None = None,
        group: str | None = None,
        branch: str | None = None,
        salesperson: str | None = None,
        currency: str | None = None,
        term: str | None = None,
        customer_class: str | None = None,
        status: Literal["ACTIVE", "INACTIVE"] | None = None,
        key: str = "",
        match: str = "",
    ) -> Customer:
        """Change what the file says."""
        found: Customer = self._ask(
            "POST",
            f"/api/v1/customers/{_part(code)}/changes",
            body={
                "name": name,
                "name_en": name_en,
                "tax_id": tax_id,
                "group": group,
                "branch": branch,
                "salesperson": salesperson,
                "currency": currency,
                "term": term,
                "customer_class": customer_class,
                "status": status,
            },
            key=key,
            match=match,
        )
        return found

    def show_customer(self, code: str) -> Customer:
        """One customer."""
        found: Customer = self._ask("GET", f"/api/v1/customers/{_part(code)}")
        return found

    def import_file(
        self,
        kind: Literal[
            "entities",
            "rates",
            "customers",
            "lines",
            "orders",
            "deliveries",
            "returns",
            "invoices",
            "credit-notes",
            "receipts",
            "instruments",
            "allocations",
        ],
        *,
        file_name: str,
        content: bytes,
        keep_good: bool | None = None,
        dry_run: bool | None = None,
        update: bool | None = None,
        create_customers: bool | None = None,
        opening: bool | None = None,
        check: bool | None = None,
        map_: str | None = None,
        mapping: str | None = None,
        date_format: str | None = None,
        entity: str | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
        key: str = "",
    ) -> Job:
        """Send a file; a worker imports it with your rights, and `/jobs/{number}` tells how far it is."""
        found: Job = self._ask(
            "POST",
            f"/api/v1/imports/{_part(kind)}",
            form={
                "keep_good": keep_good,
                "dry_run": dry_run,
                "update": update,
                "create_customers": create_customers,
                "opening": opening,
                "check": check,
                "map": map_,
                "mapping": mapping,
                "date_format": date_format,
                "entity": entity,
                "encoding": encoding,
                "delimiter": delimiter,
                "sheet": sheet,
            },
            file=(file_name, content),
            key=key,
        )
        return found

    def list_batches(
        self,
        *,
        kind: Literal[
            "entities",
            "rates",
            "customers",
            "lines",
            "orders",
            "deliveries",
            "returns",
            "invoices",
            "credit-notes",
            "receipts",
            "instruments",
            "allocations",
        ]
        | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> BatchPage:
        """What was imported, the newest first."""
        found: BatchPage = self._ask("GET", f"/api/v1/imports", query={"kind": kind, "cursor": cursor, "limit": limit})
        return found

    def undo_import(
        self, batch: int, *, code: str, effect: str, params: dict[str, Any], text: str, key: str = ""
    ) -> UndoneBatch:
        """Take a whole batch back while nothing later depends on it."""
        found: UndoneBatch = self._ask(
            "POST",
            f"/api/v1/imports/{_part(batch)}/undoings",
            body={"code": code, "effect": effect, "params": params, "text": text},
            key=key,
        )
        return found

    def list_mappings(self) -> list[Mapping]:
        """Saved mappings of headings."""
        found: list[Mapping] = self._ask("GET", f"/api/v1/import-mappings")
        return found

    def list_jobs(
        self,
        *,
        kind: str | None = None,
        state: Literal["waiting", "running", "done", "failed", "stopped"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> JobPage:
        """One's own jobs, everybody's for those who manage them; the newest first."""
        found: JobPage = self._ask(
            "GET", f"/api/v1/jobs", query={"kind": kind, "state": state, "cursor": cursor, "limit": limit}
        )
        return found

    def show_job(self, number: int) -> JobFile:
        """One job with what came of it."""
        found: JobFile = self._ask("GET", f"/api/v1/jobs/{_part(number)}")
        return found

    def stop_job(self, number: int, *, key: str = "") -> Job:
        """Stop a job: at once while it waits, at its next safe point while it runs."""
        found: Job = self._ask("POST", f"/api/v1/jobs/{_part(number)}/stops", body={}, key=key)
        return found

    def restart_job(self, number: int, *, key: str = "") -> Job:
        """Begin a failed or stopped job again."""
        found: Job = self._ask("POST", f"/api/v1/jobs/{_part(number)}/restarts", body={}, key=key)
        return found

    def show_policy_in_force(self) -> Policy:
        """The policy in force."""
        found: Policy = self._ask("GET", f"/api/v1/policy")
        return found

    def list_policy_versions(self, *, cursor: str | None = None, limit: int | None = None) -> PolicyRowPage:
        """All versions, the newest first."""
        found: PolicyRowPage = self._ask("GET", f"/api/v1/policy/versions", query={"cursor": cursor, "limit": limit})
        return found

    def propose_policy(
        self, *, document: str, effective_from: str | None = None, note: str | None = None, key: str = ""
    ) -> PolicyRow:
        """Put a new version forward."""
        found: PolicyRow = self._ask(
            "POST",
            f"/api/v1/policy/versions",
            body={"document": document, "effective_from": effective_from, "note": note},
            key=key,
        )
        return found

    def show_policy_version(self, version: int) -> Policy:
        """One version with every value spelled out."""
        found: Policy = self._ask("GET", f"/api/v1/policy/versions/{_part(version)}")
        return found

    def compare_policies(self, *, first: int, second: int) -> list[Difference]:
        """What two versions say differently."""
        found: list[Difference] = self._ask(
            "GET", f"/api/v1/policy/differences", query={"first": first, "second": second}
        )
        return found

    def check_policy(self, *, document: str, key: str = "") -> Checked:
        """Look for mistakes in a document; nothing is kept."""
        found: Checked = self._ask("POST", f"/api/v1/policy/checks", body={"document": document}, key=key)
        return found

    def sign_policy(self, version: int, *, key: str = "") -> PolicyRow:
        """Bring a proposed version into force; whoever proposed it does not sign it."""
        found: PolicyRow = self._ask("POST", f"/api/v1/policy/versions/{_part(version)}/signatures", body={}, key=key)
        return found
