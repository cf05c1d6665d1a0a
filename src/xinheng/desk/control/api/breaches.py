"""Breaches: debt over the limit or overdue beyond the policy, and what is made of it."""

from typing import Any

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Id, Reason
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.desk.control import public as control
from xinheng.desk.control.shapes import BreachShape, TurnedShape
from xinheng.desk.exposure import public as exposure

room = Room("Breaches 违约")


def current(request: HttpRequest, id: int, **_stated: Any) -> BreachShape:
    """The breach as it stands, its holder locked until the transaction ends."""
    found = control.breach_for(caller(request), id)
    exposure.lock([found.customer_id] if found.customer_id else [], [found.group_id] if found.group_id else [])
    return control.breach_shape(control.breach_for(caller(request), id))


@room.read("/breaches", Page[BreachShape], right="lines.view")
def list_breaches(request: HttpRequest, ended: bool = False, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Who is in breach, and what is proposed; ended ones only when they are asked for."""
    found = control.breaches_seen_by(caller(request))
    found = found if ended else found.filter(ended_on=None)
    return page(found, control.breach_shape, cursor=cursor, limit=limit)


@room.read("/breaches/{id}", BreachShape, right="lines.view")
def show_breach(request: HttpRequest, id: Id) -> Any:
    """One breach."""
    return control.breach_shape(control.breach_for(caller(request), id))


@room.write("/breaches/{id}/revocations", TurnedShape, current=current)
def revoke_credit(request: HttpRequest, id: Id, body: Reason) -> Any:
    """Turn the customer to cash."""
    return _done(control.turn_to_cash, request, id, body)


@room.write("/breaches/{id}/refusals", TurnedShape, current=current)
def decline_breach(request: HttpRequest, id: Id, body: Reason) -> Any:
    """Leave the line; deliveries stay stopped."""
    return _done(control.decline, request, id, body)


@room.write("/breaches/{id}/keepings", TurnedShape, current=current)
def keep_credit(request: HttpRequest, id: Id, body: Reason) -> Any:
    """Keep credit despite the breach."""
    return _done(control.keep_credit, request, id, body)


def _done(act: Any, request: HttpRequest, id: int, body: Reason) -> Any:
    by = caller(request)
    done = act(control.breach_for(by, id), reason=body.reason, on=clock.business_date(), by=by)
    return control.turned_shape(done)
