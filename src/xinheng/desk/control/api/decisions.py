"""Decisions, and what a customer owes against the limit that binds."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Code, Day, MaybeCode
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.errors import Unknown
from xinheng.base.stated import read_date, read_moment
from xinheng.desk.control import public as control
from xinheng.desk.control.public import Decision
from xinheng.desk.control.shapes import DecisionRowShape, DecisionShape, ExposureShape, ReplayShape
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure

room = Room("Decisions 信用检查记录")


@room.read("/customers/{path:customer}/exposure", ExposureShape, right="lines.view")
def show_exposure(
    request: HttpRequest, customer: Code, as_of: Day = "", known_on: Day = "", entity: MaybeCode = ""
) -> Any:
    """What a customer owes or is about to owe, against its limit."""
    moment = exposure.Moment(read_date(as_of), read_moment(known_on))
    found = customers.whose(customer, caller(request))
    return control.as_json(control.standing(found, exposure.entity(entity), moment))


@room.read("/decisions", Page[DecisionRowShape], right="decisions.view")
def list_decisions(
    request: HttpRequest,
    order: MaybeCode = "",
    customer: MaybeCode = "",
    verdict: Literal["approved", "watch", "held"] | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Credit checks, the newest first."""
    found = Decision.objects.filter(customers.sees(caller(request), "account__customer__"))
    asked = {"number": order, "account__customer__code": customer, "verdict": verdict}
    found = found.filter(**{name: value for name, value in asked.items() if value})
    return page(found, control.decision_row_shape, cursor=cursor, limit=limit)


@room.read("/decisions/{id}", DecisionShape, right="decisions.view")
def show_decision(request: HttpRequest, id: Code) -> Any:
    """One decision with everything it saw."""
    return control.decision_shape(_decision(request, id))


@room.read("/decisions/{id}/replay", ReplayShape, right="decisions.replay")
def replay_decision(request: HttpRequest, id: Code) -> Any:
    """Decide again on the stored facts."""
    return control.replay_shape(control.replay([_decision(request, id)]))


def _decision(request: HttpRequest, id: str) -> Decision:
    found = control.decision_by_id(id)
    if not customers.visible_to(caller(request)).filter(accounts=found.account_id).exists():
        raise Unknown(what="decision", number=id)
    return found
