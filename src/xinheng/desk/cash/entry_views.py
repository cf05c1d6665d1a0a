"""The doors through which money and paper come in, and through which it is told what became of them at the bank."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, enter
from xinheng.base.errors import WrongState
from xinheng.base.screens import needs
from xinheng.desk.cash import instruments, receipts
from xinheng.desk.cash.entry_forms import ClearingForm, PaperForm, ReceiptForm, StateForm
from xinheng.desk.cash.models import Instrument, Receipt
from xinheng.desk.cash.words import PAPER_STATES
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind

State = Instrument.State


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _about(found: Document) -> dict[str, str]:
    return {"number": found.number, "amount": formats.full(found.amount, found.currency)}


@needs("cash.post")
def new_receipt(request: HttpRequest) -> HttpResponse:
    """Enter one receipt; whoever may allocate comes to the page where it settles something."""
    user: Any = request.user
    preset = exposure.preset(request, "entity", "order", "amount", "currency", "purpose")
    form = ReceiptForm(_posted(request), reader=user, initial=preset)

    def act(_cleaned: dict[str, Any]) -> Done:
        made = receipts.post_receipt(form.row(), on=clock.business_date(), by=user)
        receipt = Receipt.objects.get(pk=made.pk)
        if receipt.cleared_on is None:
            said = _("Receipt %(number)s over %(amount)s is entered; it counts once the bank has paid it.")
        elif receipt.purpose == Receipt.Purpose.DEPOSIT:
            said = _("Deposit %(number)s over %(amount)s is entered and kept apart.")
        else:
            said = _("Receipt %(number)s over %(amount)s is entered. Nothing is settled with it yet.")
        return Done(said % _about(made), reverse("document", args=[made.pk]))

    back, name = exposure.came_from(request, preset, "receivables:items", _("Open items"))
    deed = Deed(
        title=_("New receipt"),
        consequence=_("Cash and transfers are money at once; a cheque or draft counts when the bank has paid it."),
        button=_("Enter the receipt"),
        back=back,
        back_name=name,
        icon="cash",
    )
    return enter(request, deed, form, act)


@needs("cash.post")
def clear_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank has paid a cheque or draft."""
    user: Any = request.user
    found = receivables.document_for(user, pk, Kind.RECEIPT)

    def act(cleaned: dict[str, Any]) -> Done:
        receipts.clear_receipt(found, cleared_on=cleaned["happened_on"], on=clock.business_date(), by=user)
        return Done(_("%(number)s over %(amount)s has cleared.") % _about(found), reverse("document", args=[pk]))

    deed = Deed(
        title=_("Receipt %(number)s has cleared") % _about(found),
        consequence=_("From that day on %(amount)s is money that can settle what is owed.") % _about(found),
        button=_("It has cleared"),
        back=reverse("document", args=[pk]),
        back_name=found.number,
    )
    form = ClearingForm(_posted(request), initial={"happened_on": clock.business_date()})
    return enter(request, deed, form, act)


@needs("instruments.post")
def new_instrument(request: HttpRequest) -> HttpResponse:
    """Enter one cheque or bill."""
    user: Any = request.user
    preset = exposure.preset(request, "entity", "invoice", "amount", "currency")
    form = PaperForm(_posted(request), reader=user, initial=preset)

    def act(_cleaned: dict[str, Any]) -> Done:
        made = instruments.post_instrument(form.row(), by=user)
        said = _("Cheque or bill %(number)s over %(amount)s is entered.") % _about(made)
        return Done(said, reverse("document", args=[made.pk]))

    back, name = exposure.came_from(request, preset, "receivables:items", _("Open items"))
    deed = Deed(
        title=_("New cheque or bill"),
        consequence=_("Paper is not money until the bank has paid it."),
        button=_("Enter the paper"),
        back=back,
        back_name=name,
        icon="receipt",
    )
    return enter(request, deed, form, act)


def _cleared(found: Document, cleaned: dict[str, Any], user: Any) -> None:
    instruments.clear_instrument(found, cleared_on=cleaned["happened_on"], on=clock.business_date(), by=user)


def _dishonoured(found: Document, cleaned: dict[str, Any], user: Any) -> None:
    instruments.dishonour_instrument(found, dishonoured_on=cleaned["happened_on"], by=user)


def _endorsed(found: Document, cleaned: dict[str, Any], user: Any) -> None:
    instruments.endorse_instrument(found, endorsed_on=cleaned["happened_on"], by=user)


def _discounted(found: Document, cleaned: dict[str, Any], user: Any) -> None:
    instruments.discount_instrument(found, discounted_on=cleaned["happened_on"], by=user)


_ACTS: dict[str, Callable[[Document, dict[str, Any], Any], None]] = {
    State.CLEARED: _cleared,
    State.DISHONOURED: _dishonoured,
    State.ENDORSED: _endorsed,
    State.DISCOUNTED: _discounted,
}


@needs("instruments.post")
def instrument_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what became of a cheque or bill."""
    user: Any = request.user
    found = receivables.document_for(user, pk, Kind.INSTRUMENT)
    paper = Instrument.objects.get(pk=pk)
    next_ = instruments.NEXT.get(State(paper.state), set())
    if not next_ and request.method != "POST":
        raise WrongState(what="instrument", number=found.number, state=paper.state)
    states = [one.value for one in _ACTS if one in next_] if request.method != "POST" else [one.value for one in State]
    form = StateForm(_posted(request), states=states, initial={"happened_on": clock.business_date()})

    def act(cleaned: dict[str, Any]) -> Done:
        verb = _ACTS.get(cleaned["state"])
        if verb is None:
            raise WrongState(what="instrument", number=found.number, state=paper.state)
        verb(found, cleaned, user)
        words = {**_about(found), "state": PAPER_STATES[State(cleaned["state"])]}
        return Done(_("%(number)s over %(amount)s: %(state)s.") % words, reverse("document", args=[pk]))

    deed = Deed(
        title=_("What became of %(number)s") % _about(found),
        consequence=_(
            "Paid, it settles what it stood for. Refused, the invoices are owed again, due when they were due, and the "
            "customer is put on hold. Passed on, it may still come back."
        ),
        button=_("Record it"),
        back=reverse("document", args=[pk]),
        back_name=found.number,
    )
    return enter(request, deed, form, act)
