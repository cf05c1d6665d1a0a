"""The doors of allocation 收款核销: which open items money settles, or which money settles an invoice; and its undoing.

What is suggested is the oldest first; every amount can be written over, and the sum follows while one types.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed, ReasonForm, ask
from xinheng.base.errors import Unknown
from xinheng.base.inputs import AmountField, PastDayField
from xinheng.base.screens import needs
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import allocating
from xinheng.desk.receivables.acting import document_for
from xinheng.desk.receivables.allocating import Offer
from xinheng.desk.receivables.models import Allocation
from xinheng.rules.allocation import Match
from xinheng.rules.currencies import decimals
from xinheng.rules.road import Component, Kind

#: More than this is no longer chosen on one page.
_MOST = 200
_AMOUNT = "amount-"


class AllocationForm(forms.Form):
    """An amount beside every item that is offered, and the day of the allocation."""

    dated_on = PastDayField(label=pgettext_lazy("allocation", "Day of the allocation"))

    def __init__(self, stated: Any, *, offers: Sequence[Offer], currency: str, whole: int) -> None:
        super().__init__(stated, initial={"dated_on": clock.business_date()})
        self.offers, self.currency, self.whole = offers, currency, whole
        for one in offers:
            field = AmountField(currency, required=False, initial=one.suggested or None)
            field.widget.attrs["data-part"] = True
            field.widget.attrs["aria-label"] = one.document.number
            self.fields[f"{_AMOUNT}{one.document.pk}"] = field

    @property
    def rows(self) -> list[tuple[Offer, forms.BoundField]]:
        """Each item with its field."""
        return [(one, self[f"{_AMOUNT}{one.document.pk}"]) for one in self.offers]

    @property
    def choices(self) -> list[tuple[Document, int]]:
        """What was chosen."""
        written = [(one.document, self.cleaned_data.get(f"{_AMOUNT}{one.document.pk}")) for one in self.offers]
        return [(document, amount) for document, amount in written if amount]

    @property
    def sum(self) -> int:
        """What is written in the fields now, as far as it can be read."""
        if self.is_bound:
            return sum(amount for _, amount in self.choices) if hasattr(self, "cleaned_data") else 0
        return sum(one.suggested for one in self.offers)

    @property
    def rest(self) -> int:
        """What would be left of the money, or of the invoice."""
        return self.whole - self.sum

    def clean(self) -> dict[str, Any]:
        written = {name for name, typed in self.data.items() if name.startswith(_AMOUNT) and str(typed).strip()}
        if written - set(self.fields):
            raise forms.ValidationError(
                _("An item you wrote an amount at was settled meanwhile. Look at the list again.")
            )
        return self.cleaned_data


@needs("receivables.allocate")
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what money settles, or with what an invoice is settled."""
    user: Any = request.user
    found = document_for(user, pk, Kind.INVOICE, Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
    debt, today = found.kind == Kind.INVOICE, clock.business_date()
    offers, count = (allocating.credits_for if debt else allocating.items_for)(found, most=_MOST)
    stated = request.POST if request.method == "POST" else None
    component = Component.INVOICED if debt else Component.UNAPPLIED
    left = exposure.amounts_by_position([found.pk]).get((found.pk, component), 0)
    form = AllocationForm(stated, offers=offers, currency=found.currency, whole=left)

    def act(cleaned: dict[str, Any]) -> str:
        verb = allocating.settle_by_hand if debt else allocating.allocate_by_hand
        return _done(verb(found, form.choices, dated_on=cleaned["dated_on"], on=today, by=user), found.currency)

    context = {
        "document": found,
        "debt": debt,
        "offers_count": count,
        "offers_shown": len(offers),
        "decimals": decimals(found.currency),
        "today": today,
        "match": "" if debt or count > _MOST else allocating.find_exact(found).match,
        "ONE": Match.ONE,
    }
    return ask(request, _deed(found, left, debt), form, act, template="receivables/allocate.html", more=context)


@needs("receivables.allocate")
def allocate_exact(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle the one set of items that comes to exactly what is left."""
    user: Any = request.user
    found = document_for(user, pk, Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
    today = clock.business_date()
    form = _DayForm(request.POST if request.method == "POST" else None, initial={"dated_on": today})

    def act(cleaned: dict[str, Any]) -> str:
        made = allocating.allocate_exact(found, dated_on=cleaned["dated_on"], on=today, by=user)
        return _done(made, found.currency)

    items = {one.document.pk: one.document for one in allocating.items_for(found, most=_MOST)[0]}
    lines = [(items[line.item], line.amount) for line in allocating.find_exact(found).lines if line.item in items]
    deed = Deed(
        title=_("Settle exactly: %(number)s") % {"number": found.number},
        consequence=_("What is left of it is exactly what these items come to. They are settled in full."),
        button=pgettext_lazy("allocation", "Settle them"),
        back=reverse("document", args=[found.pk]),
        back_name=found.number,
        facts=tuple((_shown(one), formats.full(amount, found.currency)) for one, amount in lines),
    )
    return ask(request, deed, form, act)


class _DayForm(forms.Form):
    dated_on = PastDayField(label=pgettext_lazy("allocation", "Day of the allocation"))


@needs("receivables.allocate")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one allocation back, and go to the document one came from."""
    user: Any = request.user
    found = Allocation.objects.select_related("credit", "invoice").filter(pk=pk).first()
    if found is None:
        raise Unknown(what="allocation", number=str(pk))
    document_for(user, found.credit_id, Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
    if found.undone_by_id is not None and request.method != "POST":
        messages.info(request, _("This allocation was undone already."))
        return redirect("document", found.credit_id)
    currency = found.credit.currency
    words = {"amount": formats.full(found.amount, currency), "invoice": _shown(found.invoice)}
    words["credit"] = found.credit.number

    def act(cleaned: dict[str, Any]) -> str:
        allocating.undo_allocation(found, reason=cleaned["reason"], by=user)
        return _("%(amount)s of %(credit)s settles %(invoice)s no more.") % words

    here = found.invoice if request.GET.get("from") == "invoice" else found.credit
    consequence = _("%(amount)s of %(invoice)s is owed again, and as much of %(credit)s is unapplied.") % words
    deed = Deed(
        title=_("Undo the allocation of %(credit)s to %(invoice)s") % words,
        consequence=f"{consequence}{_late(found.effective_on, found.credit.entity_id)}",
        button=pgettext_lazy("allocation", "Undo the allocation"),
        back=reverse("document", args=[here.pk]),
        back_name=here.number,
        icon="x",
        grave=True,
    )
    return ask(request, deed, ReasonForm(request.POST if request.method == "POST" else None), act)


def _deed(found: Document, left: int, debt: bool) -> Deed:
    words = {"number": found.number, "amount": formats.full(left, found.currency)}
    if debt:
        title = _("Settle invoice %(number)s") % words
        said = _("%(amount)s of it is open. Choose the customer's money that settles it.") % words
    else:
        title = _("Allocate %(number)s") % words
        said = _("%(amount)s of it is not applied yet. Choose what it settles; the oldest items are suggested.") % words
    return Deed(
        title=title,
        consequence=said,
        button=gettext_lazy("Settle what is written"),
        back=reverse("document", args=[found.pk]),
        back_name=found.number,
    )


def _done(made: Sequence[Allocation], currency: str) -> str:
    """What was settled, and from which day on where that is not today or not the day that was asked for."""
    total = formats.full(sum(one.amount for one in made), currency)
    said = _("%(amount)s is settled.") % {"amount": total}
    last = max((one.effective_on for one in made), default=date.min)
    wanted = max((one.dated_on for one in made), default=date.min)
    if {last, wanted} != {clock.business_date()}:
        said = _("%(amount)s is settled, in effect from %(day)s.") % {"amount": total, "day": last.isoformat()}
    return said


def _late(on: date, entity_id: int) -> str:
    """That something of a closed month takes effect later."""
    opened = exposure.open_from(entity_id)
    if opened is None or opened <= on:
        return ""
    return _(" The month is closed, so it takes effect on %(day)s.") % {"day": opened.isoformat()}


def _shown(invoice: Document) -> str:
    return f"{invoice.number}/{invoice.part}" if invoice.part > 1 else invoice.number
