"""Lines and holds as every door writes them."""

from typing import Any, TypedDict

from xinheng.desk.limits.models import Hold, Line
from xinheng.rules.money import to_text


class SetLineShape(TypedDict):
    """A line that was set; ``signed`` says whether it binds already."""

    holder: str
    limit_kind: str
    limit: str | None
    currency: str
    signed: bool


class LineShape(SetLineShape):
    """A line in full; without an entity it is shared over all."""

    id: int
    of: str
    entity: str | None
    term: str
    term_days: int | None
    valid_from: str | None
    valid_until: str | None
    extra: str
    extra_until: str | None
    initial_stock: str
    initial_stock_until: str | None
    withdrawn: bool
    instruments: list[str] | None
    reason: str
    set_by: str
    set_at: str
    replaced_at: str | None


class HoldShape(TypedDict):
    """What stops a customer or group."""

    id: int
    holder: str
    of: str
    kind: str
    stops: str
    forced: bool
    reason: str
    placed_at: str
    lifted_at: str | None


def set_line_shape(one: Line, *, code: str) -> SetLineShape:
    """A line in short."""
    return {
        "holder": code,
        "limit_kind": one.kind,
        "limit": None if one.amount is None else to_text(one.amount, one.currency),
        "currency": one.currency,
        "signed": one.signed,
    }


def line_shape(one: Line) -> LineShape:
    """A line in full."""

    def day(value: Any) -> str | None:
        return value.isoformat() if value else None

    holder = one.customer or one.group
    return {
        "id": one.pk,
        **set_line_shape(one, code=holder.code if holder else ""),
        "of": "customer" if one.customer_id else "group",
        "entity": one.entity.code if one.entity else None,
        "term": one.term,
        "term_days": one.term_days,
        "valid_from": day(one.valid_from),
        "valid_until": day(one.valid_until),
        "extra": to_text(one.extra, one.currency),
        "extra_until": day(one.extra_until),
        "initial_stock": to_text(one.initial_stock, one.currency),
        "initial_stock_until": day(one.initial_stock_until),
        "withdrawn": one.withdrawn,
        "instruments": one.instruments,
        "reason": one.reason,
        "set_by": one.set_by.username,
        "set_at": one.set_at.isoformat(),
        "replaced_at": day(one.replaced_at),
    }


def hold_shape(one: Hold) -> HoldShape:
    """A hold, lifted or not."""
    holder = one.customer or one.group
    return {
        "id": one.pk,
        "holder": holder.code if holder else "",
        "of": "customer" if one.customer_id else "group",
        "kind": one.cause,
        "stops": one.scope.lower(),
        "forced": one.forced,
        "reason": one.reason,
        "placed_at": one.placed_at.isoformat(),
        "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
    }
