"""Receivables by age."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base import clock, policies
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Day, Line, MaybeCode, Person
from xinheng.base.api.rooms import Room
from xinheng.base.stated import read_date, read_moment
from xinheng.desk.exposure.public import Moment
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.shapes import AgeingShape
from xinheng.rules.ageing import By, parse_bounds

room = Room("Receivables 应收账款")


@room.read("/ageing", AgeingShape, right="receivables.view")
def show_ageing(  # noqa: PLR0913, PLR0917 - one parameter for each thing the list is narrowed by
    request: HttpRequest,
    as_of: Day = "",
    known_on: Day = "",
    by: Literal["due", "issue"] = "due",
    bounds: Line = "",
    customer: MaybeCode = "",
    group: MaybeCode = "",
    branch: MaybeCode = "",
    salesperson: Person = "",
    entity: MaybeCode = "",
) -> Any:
    """Receivables by age; the bounds in days or months (30,60,90 or 1M,2M), the policy's without any."""
    on = read_date(as_of)
    text = bounds or ",".join(map(str, policies.in_force(clock.business_date()).policy.business.ageing_bounds_days))
    scope = receivables.AgeingScope(
        customer=customer,
        group=group,
        branch=branch,
        salesperson=salesperson,
        entity=entity,
        seen_by=caller(request),
    )
    return receivables.ageing(Moment(on, read_moment(known_on)), by=By(by), bounds=parse_bounds(text), scope=scope)
