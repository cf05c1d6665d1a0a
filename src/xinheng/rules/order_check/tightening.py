"""The least money of a way out: what a later step made needless is not asked for.

A way is found step by step, and a later payment may do what an earlier one was for: with debt paid down on account the
share of it that is overdue grows, and the overdue invoices that are paid then bring it under the limit by themselves.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.decision import Free, Step, StepKind
from xinheng.rules.order_check.facts import HolderKind
from xinheng.rules.order_check.judge import Judgement, judge
from xinheng.rules.order_check.merging import merged
from xinheng.rules.order_check.payments import pay_step

_MONEY = (StepKind.PAY, StepKind.PREPAY)


def tightened(held: Judgement, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps that together free the order, put together, with no more money on account than it takes."""
    every = tuple(steps)
    found = dict(enumerate(merged(every)))
    if sum(step.kind in _MONEY for step in every) < 2:  # nothing came later
        return tuple(found.values())

    def frees(place: int, currency: str, kept: int) -> bool:
        tried = Free(tuple({**found, place: _less(found[place], currency, kept)}.values()))
        return not judge(apply_free(held.case.facts, tried), held.case.policy).blocks

    for place, step in tuple(found.items()):
        params: Mapping[str, Any] = step.params
        for currency, amount in params["on_account"].items() if step.kind is StepKind.PAY else ():
            least = bisect_left(range(amount), True, key=lambda kept: frees(place, currency, kept))
            found[place] = _less(found[place], currency, least)
    return tuple(step for step in found.values() if step.kind is not StepKind.PAY or step.params["total"])


def _less(step: Step, currency: str, amount: int) -> Step:
    params: Mapping[str, Any] = step.params
    on_account = {one: kept for one, kept in {**params["on_account"], currency: amount}.items() if kept}
    return pay_step(HolderKind(str(params["holder"])), params["items"], params["due"], on_account)
