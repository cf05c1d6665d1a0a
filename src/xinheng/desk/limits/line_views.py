"""The doors through which lines are set and taken away, and customers and groups are stopped and let go on."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, enter
from xinheng.base.errors import Unknown
from xinheng.base.screens import needs
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import actions
from xinheng.desk.limits.line_forms import HoldForm, LineForm, WhyForm, as_it_stands
from xinheng.desk.limits.models import Hold, Line
from xinheng.desk.limits.words import LINE_KINDS


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


class Whose:
    """The customer or group a line or hold is about, as far as the reader may see it."""

    def __init__(self, request: HttpRequest, *, customer: int | None = None, group: int | None = None) -> None:
        visible = customers.visible_to(request.user)  # type: ignore[arg-type]
        if customer is not None:
            self.customer: Customer | None = visible.filter(pk=customer).first()
            self.group: Group | None = None
        else:
            seen = visible.filter(group=group).exists()
            self.customer, self.group = None, Group.objects.filter(pk=group).first() if seen else None
        holder = self.customer or self.group
        if holder is None:
            kind, number = ("customer", customer) if customer is not None else ("group", group)
            raise Unknown(what=kind, number=str(number))
        self.id: dict[str, int] = {("customer_id" if self.customer else "group_id"): holder.pk}
        self.code = holder.code
        self.name = self.customer.name_in(get_language() or "zh") if self.customer else holder.name
        self.currency = (self.customer.currency if self.customer else "") or clock.company().currency

    @property
    def page(self) -> str:
        """Where one comes from and goes back to."""
        if self.customer:
            return reverse("customer-tab", args=[self.customer.pk, "lines"])
        return f"{reverse('customers')}?group={self.code}"

    def lines(self) -> QuerySet[Line]:
        """The lines that stand, the last one first."""
        return Line.objects.filter(replaced_at=None, **self.id).order_by("-id")

    def lock(self) -> None:
        """Nobody changes what it may owe meanwhile."""
        exposure.lock([self.id["customer_id"]] if self.customer else [], [self.id["group_id"]] if self.group else [])


def said(line: Line) -> str:
    """A limit in words."""
    return str(LINE_KINDS[Line.Kind(line.kind)]) if line.amount is None else formats.full(line.amount, line.currency)


@needs("lines.set")
def customer_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a customer's line."""
    return _line(request, Whose(request, customer=pk))


@needs("lines.set")
def group_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a group's line."""
    return _line(request, Whose(request, group=pk))


def _line(request: HttpRequest, whose: Whose) -> HttpResponse:
    user: Any = request.user
    form = LineForm(_posted(request), line=_present(whose, request), currency=whose.currency)

    def act(_cleaned: dict[str, Any]) -> Done:
        whose.lock()
        now = _present(whose, request)
        form.refuse_changed(as_it_stands(now, whose.currency), what="line", number=whose.code)
        made = actions.set_line(form.row(whose.id), on=clock.business_date(), by=user)
        words = {"name": whose.name, "limit": said(made)}
        return Done(_("The credit line of %(name)s is %(limit)s. Orders it may free were checked.") % words, whose.page)

    about = {"name": whose.name}
    deed = Deed(
        title=_("Credit line of %(name)s") % about,
        consequence=_("It counts from the moment it is set; the one before stays on file as replaced."),
        button=_("Set the line"),
        back=whose.page,
        back_name=whose.name,
        icon="credit-card",
    )
    return enter(request, deed, form, act)


def _present(whose: Whose, request: HttpRequest) -> Line | None:
    """The line the page is about: the one in the address, else the last that was set for all entities."""
    wanted = request.GET.get("line", "")
    if wanted.isdecimal() and len(wanted) < 19:
        return whose.lines().filter(pk=wanted).first()
    return whose.lines().filter(entity=None).first()


@needs("lines.set")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line away."""
    user: Any = request.user
    found = Line.objects.filter(pk=pk).first()
    if found is None:
        raise Unknown(what="line", number=str(pk))
    whose = Whose(request, customer=found.customer_id, group=found.group_id)
    about = {"name": whose.name, "limit": said(found)}

    def act(cleaned: dict[str, Any]) -> Done:
        whose.lock()
        found.refresh_from_db()
        actions.withdraw_line(found, reason=cleaned["reason"], on=clock.business_date(), by=user)
        return Done(_("The credit line of %(name)s over %(limit)s is withdrawn.") % about, whose.page)

    deed = Deed(
        title=_("Withdraw the credit line of %(name)s") % about,
        consequence=_("%(limit)s is no longer granted: new orders on credit are held until another line is set.")
        % about,
        button=_("Withdraw the line"),
        back=whose.page,
        back_name=whose.name,
        icon="ban",
        grave=True,
    )
    return enter(request, deed, WhyForm(_posted(request)), act)


@needs("holds.place")
def customer_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a customer."""
    return _hold(request, Whose(request, customer=pk))


@needs("holds.place")
def group_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a group."""
    return _hold(request, Whose(request, group=pk))


def _hold(request: HttpRequest, whose: Whose) -> HttpResponse:
    user: Any = request.user

    def act(cleaned: dict[str, Any]) -> Done:
        actions.place_hold(by=user, customer=whose.customer, group=whose.group, **_stated(cleaned))
        return Done(_("%(name)s is stopped.") % {"name": whose.name}, _after(request, whose))

    deed = Deed(
        title=_("Stop %(name)s") % {"name": whose.name},
        consequence=_(
            "Orders and deliveries are held until somebody lifts it; a hold placed by hand never frees itself."
        ),
        button=_("Place the hold"),
        back=whose.page,
        back_name=whose.name,
        icon="hand-stop",
        grave=True,
    )
    return enter(request, deed, HoldForm(_posted(request)), act)


def _stated(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {name: cleaned[name] for name in ("cause", "reason")}


def _after(request: HttpRequest, whose: Whose) -> str:
    """The page on which what was done shows, for somebody who may open it."""
    if whose.customer and "customers.view" in request.powers.rights:  # type: ignore[attr-defined]
        return reverse("customer", args=[whose.customer.pk])
    return whose.page


@needs("holds.lift")
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody go on."""
    user: Any = request.user
    found = Hold.objects.filter(pk=pk).first()
    if found is None:
        raise Unknown(what="hold", number=str(pk))
    whose = Whose(request, customer=found.customer_id, group=found.group_id)

    def act(cleaned: dict[str, Any]) -> Done:
        actions.lift_hold(found, by=user, reason=cleaned["reason"], on=clock.business_date())
        return Done(_("The hold on %(name)s is lifted; what waited was checked again.") % {"name": whose.name}, page)

    page = _after(request, whose)
    deed = Deed(
        title=_("Lift the hold on %(name)s") % {"name": whose.name},
        consequence=_("It was placed because: %(why)s. Orders that wait are checked again at once.")
        % {"why": found.reason},
        button=_("Lift the hold"),
        back=page,
        back_name=whose.name,
    )
    return enter(request, deed, WhyForm(_posted(request)), act)
