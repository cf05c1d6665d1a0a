"""What changes how much a customer may owe: a line is set, a hold is placed or lifted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from xinheng.base import clock, events, policies, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits.models import Hold, Line
from xinheng.desk.limits.rows import LineRow
from xinheng.desk.notices.public import News, tell_people
from xinheng.rules.currencies import decimals
from xinheng.rules.policy import CheckPoint, NoticeKind, Policy
from xinheng.rules.terms import parse_term

#: Holds that a rule of the house places; a person needs the right.
_BY_RULE = frozenset({"BREACH", "WRITE_OFF", "DISHONOUR"})


class BadLine(BadInput):
    """A line that cannot be like that.  params: field."""

    code = "BAD_LINE"


def record_lines(rows: Sequence[LineRow], *, by: User, at: datetime, batch_id: int | None = None) -> list[Line]:
    """Set lines inside a locked transaction; a line of the same holder, entity and first day is replaced."""
    for row in rows:
        Line.objects.filter(
            customer_id=row.customer_id,
            group_id=row.group_id,
            entity_id=row.entity_id,
            valid_from=row.valid_from,
            replaced_at=None,
        ).update(replaced_at=at, replaced_by=by)
    signed = policies.current().signed
    lines = [
        Line(
            set_by=by,
            set_at=at,
            batch_id=batch_id,
            signed=signed,
            **{name: getattr(row, name) for name in LineRow.__slots__},
        )
        for row in rows
    ]
    return Line.objects.bulk_create(lines, batch_size=500)


def withdraw_lines(lines: Sequence[Line], *, by: User, at: datetime) -> None:
    """Take lines back inside a locked transaction; what each had replaced when it was set stands again."""
    for line in lines:
        earlier = Line.objects.filter(
            customer_id=line.customer_id,
            group_id=line.group_id,
            entity_id=line.entity_id,
            valid_from=line.valid_from,
            replaced_at=line.set_at,
        ).first()
        line.replaced_at, line.replaced_by = at, by
        line.save(update_fields=["replaced_at", "replaced_by"])
        if earlier is not None:
            earlier.pk, earlier.replaced_at, earlier.replaced_by = None, None, None
            earlier.set_at, earlier.set_by, earlier.batch = at, by, None
            earlier.save(force_insert=True)


def set_line(row: LineRow, *, on: date, by: User) -> Line:
    """Give a customer or group a line; held orders it may free are checked again.

    Raises:
        BadLine, UnknownTerm, UnknownCurrency: the line cannot be like that.
        SamePerson: the salesperson of the customer, or of a member of the group.  Refused, LockTimeout.
    """
    rights.require(by, "lines.set")
    row = checked_line(row)
    with atomic():
        held = _lock(row.customer_id, row.group_id)
        kind, id = ("customer", row.customer_id) if row.customer_id else ("group", row.group_id)
        members = Customer.objects.filter(pk__in=_customers(row.customer_id, row.group_id))
        if by.sales_code in set(members.values_list("salesperson", flat=True)):
            raise SamePerson(what="line", number=_code(row))
        line = record_lines([row], by=by, at=clock.now())[0]
        data = {name: _plain(getattr(row, name)) for name in LineRow.__slots__ if getattr(row, name) not in {None, ""}}
        exposure.note(held[kind, id], "limits.line.set", f"{kind}:{id}", by=by, at=line.set_at, data=data)  # type: ignore[index]
        events.tell(events.CreditChanged(_customers(row.customer_id, row.group_id), "LINE", on, by))
        return line


def withdraw_line(line: Line, *, reason: str, on: date, by: User) -> Line:
    """Take a line away by hand: it stays on file as withdrawn, and whoever had it pays cash until another is set.

    Raises:
        WrongState: it is replaced or withdrawn already.  ReasonMissing.  As ``set_line``.
    """
    reason = reasons.stated(reason)
    if line.replaced_at is not None or line.withdrawn:
        raise WrongState(what="line", number=str(line.pk), state="WITHDRAWN" if line.withdrawn else "REPLACED")
    return set_line(_withdrawn(line, reason), on=on, by=by)


def checked_line(row: LineRow) -> LineRow:
    """The line with its term as it is kept.

    Raises:
        BadLine: an amount where there is none or the other way round, below zero, without the end it needs, or with an
            end before its beginning.  UnknownTerm, UnknownCurrency.
    """
    decimals(row.currency)
    wrong = {
        "limit": (row.kind == Line.Kind.AMOUNT) != (row.amount is not None) or (row.amount or 0) < 0,
        "extra": row.extra < 0 or bool(row.extra) != (row.extra_until is not None),
        "initial_stock": row.initial_stock < 0 or bool(row.initial_stock) != (row.initial_stock_until is not None),
        "valid_until": bool(row.valid_from and row.valid_until and row.valid_until < row.valid_from),
        "kind": row.kind not in Line.Kind,
        "holder": (row.customer_id is None) == (row.group_id is None),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise BadLine(field=name)
    return replace(row, term=str(parse_term(row.term))) if row.term else row


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _code(row: LineRow) -> str:
    holder = Customer.objects.filter(pk=row.customer_id) if row.customer_id else Group.objects.filter(pk=row.group_id)
    return holder.values_list("code", flat=True).get()


def place_hold(
    *,
    by: User,
    reason: str,
    customer: Customer | None = None,
    group: Group | None = None,
    cause: str = "MANUAL",
    forced: bool | None = None,
) -> Hold:
    """Stop a customer or group; what that stops the policy says by the kind of hold.

    A forced hold, which one placed by hand is unless it says otherwise, never frees itself and no release overcomes it.

    Raises:
        Refused: a person places it and lacks the right; a rule needs none.  ReasonMissing.
    """
    if cause not in _BY_RULE:
        rights.require(by, "holds.place")
        reason = reasons.stated(reason)
    with atomic(durable=False):
        here = policies.here()
        customer_id, group_id = (customer.pk if customer else None), (group.pk if group else None)
        held = _lock(customer_id, group_id)
        hold = Hold.objects.create(
            customer=customer,
            group=group,
            forced=cause == "MANUAL" if forced is None else forced,
            cause=cause,
            scope=_scope(cause, here.current.policy),
            reason=reason,
            placed_by=by,
            placed_at=clock.now(),
        )
        kind, id = ("customer", customer_id) if customer_id else ("group", group_id)
        data = {"cause": cause, "forced": hold.forced, "reason": reason}
        exposure.note(held[kind, id], "limits.hold.placed", f"{kind}:{id}", by=by, at=hold.placed_at, data=data)  # type: ignore[index]
        _tell(NoticeKind.HOLD_PLACED, hold, on=here.today, by=by)
        stopped = _customers(customer_id, group_id)
        events.tell(events.HoldPlaced(stopped, cause, forced=hold.forced, on=here.today, by=by))
        return hold


def _scope(cause: str, policy: Policy) -> str:
    """What such a hold stops, as the policy in force says."""
    orders = any(policy.holds.counts(cause, point) for point in CheckPoint if point is not CheckPoint.DELIVERY)
    return Hold.Scope.ALL if orders else Hold.Scope.DELIVERIES


def lift_hold(hold: Hold, *, by: User, reason: str, on: date) -> Hold:
    """Let a customer or group go on; held orders are looked at again.

    Raises:
        WrongState: lifted already, or it stands and falls with a breach.  ReasonMissing, Refused.
    """
    rights.require(by, "holds.lift")
    reason = reasons.stated(reason)
    if hold.cause == "BREACH":
        raise WrongState(what="hold", number=str(hold.pk), state="BREACH")
    with atomic():
        lift_by_rule(hold, by=by, reason=reason)
        events.tell(events.CreditChanged(_customers(hold.customer_id, hold.group_id), "HOLD", on, by))
        return hold


def lift_by_rule(hold: Hold, *, by: User, reason: str) -> Hold:
    """The same inside an action that has its own right: what a hold stood for is gone.

    Raises:
        WrongState: lifted already.
    """
    held = _lock(hold.customer_id, hold.group_id)
    hold.refresh_from_db()
    if hold.lifted_at:
        raise WrongState(what="hold", number=str(hold.pk), state="LIFTED")
    hold.lifted_by, hold.lifted_at, hold.lifted_reason = by, clock.now(), reason
    hold.save()
    kind, id = ("customer", hold.customer_id) if hold.customer_id else ("group", hold.group_id)
    exposure.note(
        held[kind, id], "limits.hold.lifted", f"{kind}:{id}", by=by, at=hold.lifted_at, data={"reason": reason}
    )
    _tell(NoticeKind.HOLD_LIFTED, hold, on=clock.business_date(), by=by)
    return hold


def _tell(kind: NoticeKind, hold: Hold, *, on: date, by: User) -> None:
    """Tell people of a hold; of the one that belongs to a breach the breach tells (OC-013)."""
    if hold.cause != "BREACH":
        reason = hold.lifted_reason if kind is NoticeKind.HOLD_LIFTED else hold.reason
        data = {"cause": hold.cause, "scope": hold.scope, "reason": reason}
        news = News(kind, f"hold:{hold.pk}", hold.customer_id, hold.group_id, data)
        tell_people([news], policy=policies.in_force(on).policy, on=on, by=by)


def withdraw_credit(
    *, customer_id: int | None = None, group_id: int | None = None, currency: str, reason: str, by: User
) -> list[Line]:
    """Turn a customer or group to cash inside the locked transaction of a signed revocation (OC-010).

    Every line of the holder is replaced by the same one withdrawn; a member that only drew on its group's line gets
    one that says so.
    """
    lines = Line.objects.filter(customer_id=customer_id, group_id=group_id, replaced_at=None)
    rows = [_withdrawn(line, reason) for line in lines.order_by("id")]
    if not rows:
        row = LineRow(kind="unset", currency=currency, customer_id=customer_id, group_id=group_id)
        rows = [replace(row, withdrawn=True, reason=reason)]
    return record_lines(rows, by=by, at=clock.now())


def _withdrawn(line: Line, reason: str) -> LineRow:
    stated = {name: getattr(line, name) for name in LineRow.__slots__}
    instruments = None if line.instruments is None else tuple(line.instruments)
    return LineRow(**{**stated, "instruments": instruments, "withdrawn": True, "reason": reason})


def _lock(customer_id: int | None, group_id: int | None) -> exposure.HeldRows:
    return exposure.lock([customer_id] if customer_id else [], [group_id] if group_id else [])


def _customers(customer_id: int | None, group_id: int | None) -> frozenset[int]:
    if customer_id:
        return frozenset({customer_id})
    return frozenset(Customer.objects.filter(group_id=group_id).values_list("id", flat=True))
