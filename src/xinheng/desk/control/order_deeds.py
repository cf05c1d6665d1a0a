"""The doors through which an order is changed, closed, opened again, stopped by hand, let go and shipped."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed, Offered
from xinheng.base.entering import Done, EntryForm, enter
from xinheng.base.inputs import AmountField
from xinheng.base.screens import needs
from xinheng.desk.control import changing, shipping, waiting, words
from xinheng.desk.control.models import Decision
from xinheng.desk.control.order_forms import ChangeOrderForm, OnceForm, WhyForm, as_it_stands
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order


def offered(order: Order, rights: Collection[str]) -> list[Offered]:
    """The buttons of an order's page, for somebody with these rights: the next thing first."""
    closed = order.state in sales.CLOSED
    goes = order.state in sales.OCCUPYING
    left = sales.remaining(order) if goes else 0
    buttons = [
        (goes and left, "deliveries.ship", pgettext("goods", "Ship"), "truck", "ship-order", "btn-primary"),
        (goes and left, "orders.check", _("Shipping order"), "truck-delivery", "let-go", ""),
        (not closed, "orders.enter", pgettext("verb", "Change"), "pencil", "change-order", ""),
        (order.forced_hold, "holds.lift", _("Lift the stop"), "check", "lift-stop", ""),
        (not closed and not order.forced_hold, "holds.place", pgettext("verb", "Stop"), "hand-stop", "stop-order", ""),
        (closed, "orders.enter", _("Open it again"), "refresh", "reopen-order", "btn-primary"),
        (not closed, "orders.cancel", pgettext("verb", "Close"), "ban", "close-order", "btn-bad"),
    ]
    return [
        Offered(said, icon, reverse(f"control:{page}", args=[order.pk]), tone)
        for fits, right, said, icon, page, tone in buttons
        if fits and right in rights
    ]


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _deed(found: Order, title: str, consequence: str, button: Any, **more: Any) -> Deed:
    back, number = reverse("control:order", args=[found.pk]), found.document.number
    return Deed(title=title, consequence=consequence, button=button, back=back, back_name=number, **more)


def _here(found: Order) -> str:
    return reverse("control:order", args=[found.pk])


def _answer(decision: Decision | None, request: HttpRequest, without: str) -> str:
    if decision is None:
        return without
    held = request.powers.rights  # type: ignore[attr-defined]
    return words.answer(decision) if "decisions.view" in held else words.verdict(decision)


@needs("orders.enter")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an order grow or shrink, or be paid otherwise."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    form = ChangeOrderForm(_posted(request), order=found)
    about = {"number": found.document.number}

    def act(_cleaned: dict[str, Any]) -> Done:
        exposure.lock([found.document.account.customer_id])
        form.refuse_changed(as_it_stands(waiting.order_for(user, pk)), what="order", number=about["number"])
        asked = changing.Change(**form.stated())
        decision = changing.change_order(found, asked, on=clock.business_date(), by=user)
        return Done(_answer(decision, request, _("Order %(number)s is changed.") % about), _here(found))

    said = _("An order that was checked is checked again, and what was released for it does not stretch.")
    deed = _deed(found, _("Change order %(number)s") % about, said, _("Change the order"), icon="pencil")
    return enter(request, deed, form, act)


@needs("orders.cancel")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an order: what has not left is cancelled."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    about = {"number": found.document.number, "amount": formats.full(sales.remaining(found), found.document.currency)}

    def act(_cleaned: dict[str, Any]) -> Done:
        sales.cancel_order(found, on=clock.business_date(), by=user)
        return Done(_("Order %(number)s is closed.") % about, _here(found))

    said = _("%(amount)s of it has not left and is called off; what has left stays. It can be opened again.") % about
    title = _("Close order %(number)s") % about
    deed = _deed(found, title, said, _("Close the order"), icon="ban", grave=True)
    return enter(request, deed, OnceForm(_posted(request)), act)


@needs("orders.enter")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a rejected or closed order again."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    about = {"number": found.document.number}

    def act(cleaned: dict[str, Any]) -> Done:
        decision = changing.reopen_order(found, reason=cleaned["reason"], on=clock.business_date(), by=user)
        return Done(_answer(decision, request, ""), _here(found))

    said = _("It is checked anew; no release it had binds any more.")
    deed = _deed(found, _("Open order %(number)s again") % about, said, _("Open it again"), icon="refresh")
    return enter(request, deed, WhyForm(_posted(request)), act)


@needs("holds.place")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an order until a person lets it go."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    about = {"number": found.document.number}

    def act(cleaned: dict[str, Any]) -> Done:
        changing.force_hold(found, reason=cleaned["reason"], on=clock.business_date(), by=user)
        return Done(_("Order %(number)s is stopped until somebody lifts it.") % about, _here(found))

    said = _("It waits whatever the rules say, frees what it occupied, and never frees itself.")
    deed = _deed(found, _("Stop order %(number)s") % about, said, _("Stop it"), icon="hand-stop", grave=True)
    return enter(request, deed, WhyForm(_posted(request)), act)


@needs("holds.lift")
def let_be_judged(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a stopped order be judged by the rules again."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    about = {"number": found.document.number}

    def act(cleaned: dict[str, Any]) -> Done:
        decision = changing.lift_forced_hold(found, reason=cleaned["reason"], on=clock.business_date(), by=user)
        return Done(_answer(decision, request, ""), _here(found))

    said = _("The rules decide about it again, at once.")
    deed = _deed(found, _("Lift the stop of order %(number)s") % about, said, _("Lift the stop"), icon="check")
    return enter(request, deed, WhyForm(_posted(request)), act)


class GoodsForm(EntryForm):
    """How much is to leave."""

    errors_at = {"BAD_SHIPPING_ORDER": "token", "WRONG_STATE": "amount"}

    def __init__(self, stated: Any, *, currency: str, left: int, token: bool) -> None:
        super().__init__(stated)
        self.fields["amount"] = AmountField(currency, label=pgettext_lazy("figure", "Amount"), initial=left or None)
        if token:
            label = pgettext_lazy("goods", "Shipping order")
            said = gettext_lazy("The number the goods leave on, if any.")
            self.fields["token"] = forms.CharField(label=label, required=False, max_length=64, help_text=said)


@needs("orders.check")
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Check what is to leave and issue the warehouse's shipping order."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    on, currency = clock.business_date(), found.document.currency
    left = max(0, sales.remaining(found) - sales.standing_for(found, on=on))
    form = GoodsForm(_posted(request), currency=currency, left=left, token=False)

    def act(cleaned: dict[str, Any]) -> Done:
        issued = shipping.let_go(found, on=on, by=user, amount=cleaned["amount"])
        about = {"token": issued.token, "amount": formats.full(issued.amount, currency)}
        return Done(_("Shipping order %(token)s over %(amount)s is issued.") % about, _here(found))

    about = {"number": found.document.number, "amount": formats.full(left, currency)}
    said = _("%(amount)s is covered by no shipping order yet. What is to leave is checked first.") % about
    title = _("Shipping order for %(number)s") % about
    return enter(request, _deed(found, title, said, _("Check and issue"), icon="truck-delivery"), form, act)


@needs("deliveries.ship")
def ship(request: HttpRequest, pk: int) -> HttpResponse:
    """Check what leaves and record the delivery."""
    user: Any = request.user
    found = waiting.order_for(user, pk)
    currency, left = found.document.currency, sales.remaining(found)
    form = GoodsForm(_posted(request), currency=currency, left=left, token=True)

    def act(cleaned: dict[str, Any]) -> Done:
        on, token = clock.business_date(), cleaned["token"].strip()
        made = shipping.ship(found, on=on, by=user, amount=cleaned["amount"], token=token)
        about = {"delivery": made.number, "amount": formats.full(made.amount, currency)}
        return Done(_("Delivery %(delivery)s of %(amount)s has left.") % about, _here(found))

    about = {"number": found.document.number, "amount": formats.full(left, currency)}
    said = _("%(amount)s of it has not left. The goods are checked at this moment.") % about
    title = _("Ship order %(number)s") % about
    return enter(request, _deed(found, title, said, pgettext("goods", "Ship"), icon="truck"), form, act)
