"""What happened with a customer, newest first: documents that came and what people did, from the audit trail."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse

from xinheng.base import names
from xinheng.base.models import AuditLine
from xinheng.desk.control import public as control
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Holder, kind_name
from xinheng.rules.road import Kind
from xinheng.site import words

#: Subjects of the audit trail that have a page: their names there → in addresses.
_KINDS = {one: one.replace("-", "_") for one in ("invoice", "receipt", "credit-note", "instrument", "delivery")}
#: Lines on the page; the audit tab has the rest.
MOST = 10


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, what, by whom, why, and what it opens; amount and currency where there is one."""

    at: datetime | date
    what: Any
    who: str
    why: str = ""
    address: str = ""
    number: str = ""
    tone: str = "closed"
    amount: int | None = None
    currency: str = ""


def timeline(customer: Customer, language: str, kinds: list[Kind]) -> list[Happening]:
    """Documents of these kinds and audit lines together."""
    found = [
        *_documents(customer, language, kinds),
        *(_line(one, customer, language) for one in audit_lines(customer)[:MOST]),
    ]
    return sorted(found, key=_moment, reverse=True)[:MOST]


def _moment(one: Happening) -> datetime:
    """Documents count by their own day, whenever they were recorded."""
    return one.at if isinstance(one.at, datetime) else datetime.combine(one.at, time.max, UTC)


def _documents(customer: Customer, language: str, kinds: list[Kind]) -> list[Happening]:
    accounts = exposure.accounts_of(customer_id=customer.pk)
    rows = Document.objects.filter(account__in=accounts).select_related("entry__actor").order_by("-dated_on", "-id")
    # Kind by kind, each along its index: a customer may have a hundred thousand documents.
    newest = [one for kind in kinds for one in rows.filter(kind=kind)[:MOST]]
    return [
        Happening(
            at=one.dated_on,
            what=kind_name(one.kind),
            who=names.of(one.entry.actor, language),
            address=reverse("control:order" if one.kind == Kind.ORDER else "document", args=[one.pk]),
            number=one.number,
            tone="in" if one.kind == Kind.RECEIPT else "closed",
            amount=one.amount,
            currency=one.currency,
        )
        for one in newest
    ]


def audit_lines(customer: Customer) -> Any:
    """Everything the audit trail holds about a customer: its own chain, and changes of its file; newest first."""
    holders = Holder.objects.filter(customer=customer).values_list("pk", flat=True)
    streams = [f"holder:{pk}" for pk in holders]
    about = Q(stream__in=streams) | Q(stream="customers", subject=f"customer:{customer.code}")
    return AuditLine.objects.filter(about).select_related("actor").order_by("-at", "-id")


def _line(one: AuditLine, customer: Customer, language: str) -> Happening:
    kind, _colon, number = one.subject.partition(":")
    address = ""
    if kind == "order":
        address = reverse("control:by-number", args=[number])
    elif kind in _KINDS and number:
        address = reverse("document-by-number", args=[_KINDS[kind], number])
    return Happening(
        at=one.at,
        what=words.done(one.verb),
        who=names.of(one.actor, language),
        why=control.hold_reason(str(one.data.get("reason", ""))),
        address=address,
        number=number if kind != "customer" else "",
        tone=words.tone(one.verb) if one.data.get("verdict") != "held" else "bad",
    )


def described(lines: list[AuditLine], customer: Customer, language: str) -> list[dict[str, Any]]:
    """Audit lines for the audit tab, each with its fingerprint and what it kept."""
    return [{"line": one, "said": _line(one, customer, language), "data": words.kept(one.data)} for one in lines]
