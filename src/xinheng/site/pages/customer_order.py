"""The customers in the order of what they owe or use: the figures of the list, told to the database, which sorts all.

A page shows fifty customers, but whoever asks for the largest debts means all of them.  The amounts are those of
``figures`` in company currency; where a rate is missing there is no figure, and such customers stand last, whichever
way one sorts.  Positions are the present ones: what is dated ahead of today is sorted as if it had happened.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from xinheng.base import clock, policies
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits.public import Line
from xinheng.rules.currencies import decimals
from xinheng.rules.policy import ItemNature
from xinheng.rules.policy.sections import ExposureRules
from xinheng.rules.road import Component

#: What can be asked for.
OWED, OVERDUE, EXPOSURE, USED = "owed", "overdue", "exposure", "used"
#: Less than any amount there is; so small a limit is none.
_NEXT_TO_NOTHING = 0.000001


def ordered(rows: QuerySet[Customer], by: str, *, descending: bool) -> QuerySet[Customer]:
    """The customers by one of their figures, those without it last, equal ones by code."""
    value = _Worth(clock.business_date()).of(by)
    key = F("figure").desc(nulls_last=True) if descending else F("figure").asc(nulls_last=True)
    return rows.annotate(figure=value).order_by(key, "code")


class _Worth:
    """Figures of a customer on a day as expressions over its row."""

    def __init__(self, on: date) -> None:
        self.on, self.currency = on, clock.company().currency
        self.rates: Mapping[str, Decimal] = exposure.rates_on(on, self.currency)
        self.used_currencies = set(exposure.Balance.objects.values_list("currency", flat=True).distinct())

    def of(self, by: str) -> Any:
        if by == OWED:
            return self._sum(exposure.Balance.objects.filter(component=Component.INVOICED))
        if by == OVERDUE:
            return self._sum(exposure.DueTotal.objects.filter(component=Component.INVOICED, due_on__lt=self.on))
        return self._exposure() if by == EXPOSURE else self._used()

    def _sum(self, rows: QuerySet[Any], weight: Any = None) -> Any:
        """The worth of rows of the customer's accounts; 0 without any, none where a rate is missing."""
        mine = rows.filter(account__customer=OuterRef("pk")).order_by()
        rate = Value(1.0) if self.used_currencies <= {self.currency} else self._rate()
        worth = F("amount") * rate * (Value(1.0) if weight is None else weight)
        total = mine.values("account__customer").annotate(worth=Sum(worth, output_field=FloatField()))
        whole = Coalesce(Subquery(total.values("worth")), Value(0.0), output_field=FloatField())
        if not (unknown := self.used_currencies - self.rates.keys()):
            return whole
        return Case(When(Exists(mine.filter(currency__in=unknown).exclude(amount=0)), then=None), default=whole)

    def _rate(self) -> Any:
        """What one minor unit of a row's currency is worth in minor units of the company's; none without a rate."""
        home = decimals(self.currency)
        each = [
            When(currency=code, then=Value(float(rate) * 10.0 ** (home - decimals(code))))
            for code, rate in self.rates.items()
        ]
        return Case(*each, default=None, output_field=FloatField())

    def _exposure(self) -> Any:
        weights = dict(_weights(policies.in_force(self.on).policy.exposure))
        weight = Case(*(When(component=one, then=Value(of)) for one, of in weights.items()), default=Value(0.0))
        return self._sum(exposure.Balance.objects.filter(component__in=list(weights)), weight)

    def _used(self) -> Any:
        """Exposure as a share of the customer's own limit; without an amount of its own there is none."""
        return ExpressionWrapper(self._exposure() / self._limit(), output_field=FloatField())

    def _limit(self) -> Any:
        """What the customer's own line carries on the day; a limit of nothing is as good as nothing, so that whoever
        owes something against it stands at the top."""
        began = Case(When(Q(valid_from=None) | Q(valid_from__lte=self.on), then=F("valid_from")), default=None)
        lines = Line.objects.filter(customer=OuterRef("pk"), replaced_at=None).order_by(
            Case(When(Q(valid_from=None) | Q(valid_from__lte=self.on), then=0), default=1),
            F("entity").asc(nulls_last=True),
            began.desc(nulls_last=True),
            "valid_from",
        )
        extra = Case(When(extra_until__gte=self.on, then=F("extra")), default=0)
        amount = ExpressionWrapper(F("amount") + extra, output_field=FloatField())
        worth = amount * self._rate() + self._stock() + Value(_NEXT_TO_NOTHING)
        carried = Case(When(kind=Line.Kind.AMOUNT, then=worth), default=None, output_field=FloatField())
        return Subquery(lines.values_list(carried)[:1])

    def _stock(self) -> Any:
        """The unpaid initial stock (铺底) that a line carries beside its amount."""
        if not Line.objects.filter(initial_stock__gt=0, replaced_at=None).exists():
            return Value(0.0)
        owed = exposure.DueTotal.objects.filter(
            account__entity=Coalesce(OuterRef("entity"), F("account__entity")),
            account__customer=OuterRef("customer"),
            nature=ItemNature.INITIAL_STOCK.value,
        ).order_by()
        unpaid = owed.values("account__customer").annotate(worth=Sum(F("amount") * self._rate()))
        whole = Coalesce(Subquery(unpaid.values("worth"), output_field=FloatField()), Value(0.0))
        carries = Least(F("initial_stock") * self._rate(), whole, output_field=FloatField())
        return Case(When(initial_stock_until__gte=self.on, then=carries), default=Value(0.0), output_field=FloatField())


def _weights(rules: ExposureRules) -> Iterable[tuple[Component, float]]:
    """How much of each component counts."""
    for name in rules.components:
        if name == "UNAPPLIED":
            yield Component[name], -1.0
        elif name == "CONTINGENT":
            yield Component[name], rules.contingent_weight_percent / 100
        else:
            yield Component[name], 1.0
