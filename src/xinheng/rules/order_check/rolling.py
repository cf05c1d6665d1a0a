"""Rolling settlement 滚结: how many batches may stand open, and which ones are to be paid before the next one goes.

A batch is an invoice whose term is 滚结; its instalments belong together.  With 滚结 N the newest N − 1 of those that
are open may go on standing, all older ones fall due with the next batch (LM-010; 滚结 alone: n needs n − 1 paid).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from xinheng.rules.order_check.facts import DueSum, HolderFacts, OpenItem
from xinheng.rules.policy import ItemNature
from xinheng.rules.terms import Mode, Term


def batches_allowed(term: Term | None) -> int:
    """How many batches a term lets stand open; 0 when it is no rolling settlement."""
    rules = [part.rule for part in term.parts if part.rule.mode is Mode.ROLLING] if term else []
    return max((rule.batches for rule in rules), default=0)


def with_batches_due(holder: HolderFacts, waiting: Sequence[OpenItem], most: int, on: date) -> HolderFacts:
    """The holder with those batches among its due sums that have to be paid before the next one goes."""
    numbers = list(dict.fromkeys(one.number for one in waiting))
    due_now = set(numbers[: max(0, len(numbers) - most + 1)])
    asked = [one for one in waiting if one.number in due_now]
    sums = {(one.due_on, one.currency, one.nature): one.amount for one in holder.due if not _later_batch(one, on)}
    for one in asked:
        if one.due_on >= on:  # the late ones are among the late sums already
            key = (one.due_on, one.currency, one.nature)
            sums[key] = sums.get(key, 0) + one.amount
    listed = {(one.number, one.part) for one in holder.items}
    return replace(
        holder,
        due=tuple(DueSum(due_on, currency, amount, nature) for (due_on, currency, nature), amount in sums.items()),
        items=(*holder.items, *(one for one in asked if (one.number, one.part) not in listed)),
    )


def _later_batch(one: DueSum, on: date) -> bool:
    """A batch whose own day has not passed: whether it is due is said by those that came after it."""
    return one.nature is ItemNature.ROLLING and one.due_on >= on
