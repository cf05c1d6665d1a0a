"""Credit lines and holds: what a customer or a group may owe, and what stops it."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, Days, Id, Line, MaybeCode, Reason, Stated, Words
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.base.stated import read_amount, read_currency, read_date
from xinheng.desk.control import public as control
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.limits.public import HoldShape, LineShape
from xinheng.rules.policy import HoldKind

room = Room("Credit lines and holds 授信额度与冻结")
#: What a rule of the house places, nobody by hand.
_BY_RULE = {HoldKind.BREACH, HoldKind.WRITE_OFF, HoldKind.DISHONOUR}
_BY_HAND = tuple(kind.value for kind in HoldKind if kind not in _BY_RULE)
Holder = Literal["customers", "groups"]


class NewLine(Stated):
    """A line to set: an amount, "unlimited" or "none"; for one entity, or shared over all without one."""

    limit: Amount
    currency: MaybeCode = ""
    term: Line = ""
    term_days: Days | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    extra: Amount = "0"
    extra_until: Day | None = None
    initial_stock: Amount = "0"
    initial_stock_until: Day | None = None
    instruments: list[Line] = []
    reason: Words = ""
    entity: MaybeCode = ""


class NewHold(Reason):
    """Why somebody is stopped; what it stops is the policy's to say."""

    kind: Literal[_BY_HAND] = HoldKind.MANUAL.value  # type: ignore[valid-type]


def _holder(of: Holder, code: str, by: User) -> tuple[str, Any]:
    """('customer' | 'group', whoever it is)."""
    if of == "customers":
        return "customer", customers.whose(code, by)
    found = customers.group_by_code(code)
    if not customers.visible_to(by).filter(group=found).exists() and not customers.sees_all(by):
        raise Unknown(what="group", number=code)
    return "group", found


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None


def current(request: HttpRequest, of: Holder, code: str, **_stated: Any) -> Any:
    """The lines that stand, their holder locked until the transaction ends."""
    kind, found = _holder(of, code, caller(request))
    exposure.lock([found.pk] if kind == "customer" else [], [found.pk] if kind == "group" else [])
    return _lines(kind, found)


def _lines(kind: str, found: Any) -> list[LineShape]:
    rows = limits.Line.objects.filter(replaced_at=None, **{kind: found}).order_by("-pk")
    return [limits.line_shape(one) for one in rows.select_related("customer", "group", "entity", "set_by")]


@room.read("/{of}/{path:code}/lines", list[LineShape], right="lines.view")
def list_lines(request: HttpRequest, of: Holder, code: Code) -> Any:
    """The lines of a customer or a group that no newer one has replaced."""
    return _lines(*_holder(of, code, caller(request)))


@room.write("/{of}/{path:code}/lines", LineShape, right="lines.set", makes=True, current=current)
def set_line(request: HttpRequest, of: Holder, code: Code, body: NewLine) -> Any:
    """Give a customer or a group a line; If-Match takes the tag of its list of lines."""
    by = caller(request)
    holder, found = _holder(of, code, by)
    own = found.currency if holder == "customer" else ""
    currency = read_currency(body.currency or own or clock.company().currency)
    kinds = {"unlimited": limits.Line.Kind.UNLIMITED, "none": limits.Line.Kind.NONE}
    kind = kinds.get(body.limit, limits.Line.Kind.AMOUNT)
    row = limits.LineRow(
        kind=kind.value,
        currency=currency,
        amount=read_amount(body.limit, currency) if kind == limits.Line.Kind.AMOUNT else None,
        entity_id=exposure.entity(body.entity).pk if body.entity else None,
        term=body.term,
        term_days=body.term_days,
        extra=read_amount(body.extra, currency),
        initial_stock=read_amount(body.initial_stock, currency),
        instruments=tuple(map(control.instrument, body.instruments)) or None,
        reason=body.reason,
        valid_from=_day(body.valid_from),
        valid_until=_day(body.valid_until),
        extra_until=_day(body.extra_until),
        initial_stock_until=_day(body.initial_stock_until),
        **{f"{holder}_id": found.pk},
    )
    return limits.line_shape(limits.set_line(row, on=clock.business_date(), by=by))


@room.write("/{of}/{path:code}/holds", HoldShape, makes=True)
def place_hold(request: HttpRequest, of: Holder, code: Code, body: NewHold) -> Any:
    """Stop a customer or a group."""
    by = caller(request)
    holder, found = _holder(of, code, by)
    return limits.hold_shape(limits.place_hold(by=by, reason=body.reason, cause=body.kind, **{holder: found}))


@room.read("/holds", Page[HoldShape], right="lines.view")
def list_holds(request: HttpRequest, lifted: bool = False, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The holds that stand; lifted ones too where they are asked for."""
    found = limits.holds_seen_by(caller(request))
    found = found if lifted else found.filter(lifted_at=None)
    return page(found, limits.hold_shape, cursor=cursor, limit=limit)


def current_hold(request: HttpRequest, id: int, **_stated: Any) -> HoldShape:
    """The hold as it stands, its holder locked until the transaction ends."""
    found = limits.hold_for(caller(request), id)
    exposure.lock([found.customer_id] if found.customer_id else [], [found.group_id] if found.group_id else [])
    return limits.hold_shape(limits.hold_for(caller(request), id))


@room.read("/holds/{id}", HoldShape, right="lines.view")
def show_hold(request: HttpRequest, id: Id) -> Any:
    """One hold."""
    return limits.hold_shape(limits.hold_for(caller(request), id))


@room.write("/holds/{id}/liftings", HoldShape, right="holds.lift", current=current_hold)
def lift_hold(request: HttpRequest, id: Id, body: Reason) -> Any:
    """Let a customer or group go on; what waits is looked at again."""
    by = caller(request)
    found = limits.hold_for(by, id)
    return limits.hold_shape(limits.lift_hold(found, by=by, reason=body.reason, on=clock.business_date()))
