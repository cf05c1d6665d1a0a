"""Steps of one way out put together, so that nobody is asked twice: one payment per payer, one limit per holder."""

from collections.abc import Iterable, Mapping
from typing import Any

from xinheng.rules.order_check.decision import Step, StepKind
from xinheng.rules.order_check.facts import HolderKind
from xinheng.rules.order_check.payments import pay_step

_Asked = dict[str, dict[str, Any]]


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps with payments of one payer added up, and of two limits for one holder only the later, higher one."""
    done: dict[str, Step] = {}
    for step in steps:
        once = step.kind in (StepKind.PAY, StepKind.RAISE_LIMIT)
        key = f"{step.kind} {step.params['holder'] if once else step.params}"
        before = done.get(key)
        done[key] = step if before is None or step.kind is not StepKind.PAY else _together(before, step)
    return tuple(done.values())


def _together(first: Step, second: Step) -> Step:
    """One payment instead of two, each item named once."""
    items: _Asked = {}
    due: _Asked = {}
    on_account: dict[str, int] = {}
    for step in (first, second):
        params: Mapping[str, Any] = step.params
        for one in params["items"]:
            _add(items, one)
        for one in params["due"]:
            _add(due, one)
        for currency, amount in params["on_account"].items():
            on_account[currency] = on_account.get(currency, 0) + amount
    return pay_step(HolderKind(str(first.params["holder"])), items.values(), due.values(), on_account)


def _add(kept: _Asked, one: Mapping[str, Any]) -> None:
    key = str({**one, "amount": 0})
    kept[key] = {**one, "amount": one["amount"] + kept.get(key, {"amount": 0})["amount"]}
