"""Rolling settlement 滚结: how many batches may stand open, and which ones are to be paid before the next one goes.

A batch is an invoice whose term is 滚结; its instalments belong together.  What of a delivery is not invoiced yet is a
batch as well, as its invoice will be: late invoices give nobody more credit.  With 滚结 N the newest N − 1 of those
that are open may go on standing, all older ones fall due with the next batch (LM-010; 滚结 alone: n needs n − 1
paid).
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
    batches = list(dict.fromkeys(_batch(one) for one in waiting))
    due_now = set(batches[: max(0, len(batches) - most + 1)])
    asked = [one for one in waiting if _batch(one) in due_now]
    sums = {(one.due_on, one.currency, one.nature): one for one in holder.due if not _later_batch(one, on)}
    for one in asked:
        if one.due_on >= on:  # the late ones are among the late sums already
            key = (one.due_on, one.currency, one.nature)
            before = sums.get(key, DueSum(one.due_on, one.currency, 0, one.nature))
            goods = before.goods + one.amount * one.goods
            sums[key] = replace(before, amount=before.amount + one.amount, goods=goods)
    listed = {(*_batch(one), one.part) for one in holder.items}
    more = (one for one in asked if (*_batch(one), one.part) not in listed)
    return replace(holder, due=tuple(sums.values()), items=(*holder.items, *more))


def _batch(one: OpenItem) -> tuple[str, str, bool]:
    """What belongs together: the instalments of one invoice, or what is left of one delivery."""
    return one.entity, one.number, one.goods


def _later_batch(one: DueSum, on: date) -> bool:
    """A batch whose own day has not passed: whether it is due is said by those that came after it."""
    return one.nature is ItemNature.ROLLING and one.due_on >= on
