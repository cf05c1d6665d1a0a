"""A customer with its group as a check sees them: lines, holds, what everybody owes, and what of it fills a limit."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xinheng.desk.limits import public as limits
from xinheng.rules.order_check.facts import DueSum
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component

#: (account, currency, component)
Place = tuple[int, str, Component]


@dataclass(frozen=True, slots=True)
class HoldNow:
    """A hold that stands."""

    id: int
    cause: str
    forced: bool
    of_group: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """What fills one holder's limit: amounts of ``accounts``, and what is late or always counts of ``owing``.

    ``stock`` is the unpaid 铺底 of ``accounts``, by currency.
    """

    accounts: Sequence[int]
    owing: Sequence[int]
    amounts: dict[Place, int]
    due: tuple[DueSum, ...]
    stock: Mapping[str, int]


@dataclass(slots=True)
class Around:
    """A customer with its group: lines, holds, what everybody owes; ``kept`` are the days until which credit is kept
    despite the breaches that stand, None for one that nobody keeps."""

    customer_id: int
    lines: list[limits.AnyLine] = field(default_factory=list)
    holds: list[HoldNow] = field(default_factory=list)
    kept: list[date | None] = field(default_factory=list)
    owners: dict[int, tuple[int, int]] = field(default_factory=dict)  # account → (customer, entity)
    balances: dict[Place, int] = field(default_factory=dict)
    due: list[tuple[int, date, str, str, Component, int]] = field(default_factory=list)
    entities: dict[int, str] = field(default_factory=dict)  # their codes

    def lines_of(self, holder: str, entity_id: int) -> list[limits.AnyLine]:
        """The lines of the customer or the group that count towards an entity."""
        wanted = [line for line in self.lines if (line.group_id is None) == (holder == "customer")]
        return [line for line in wanted if line.entity_id in (None, entity_id)]

    def customer_sums(self, entity_id: int | None, left_out: Mapping[Place, int]) -> Sums:
        """The customer's own accounts, towards one entity or all."""
        mine = self._accounts(lambda customer: customer == self.customer_id, entity_id)
        return self._sums(mine, mine, left_out)

    def group_sums(self, entity_id: int | None, left_out: Mapping[Place, int]) -> Sums:
        """All members' accounts; late are those of the others."""
        every = self._accounts(lambda _: True, entity_id)
        others = [one for one in every if self.owners[one][0] != self.customer_id]
        return self._sums(every, others, left_out)

    def by_entity(self, sums: Sums) -> dict[str, tuple[list[int], dict[Place, int]]]:
        """Entity → accounts and amounts, where several have a part in a sum; nothing where it is one."""
        parts: dict[str, tuple[list[int], dict[Place, int]]] = {}
        for place, amount in sums.amounts.items():
            code = self.entities.get(self.owners[place[0]][1], "")
            if amount and code:
                accounts, amounts = parts.setdefault(code, ([], {}))
                accounts += [] if place[0] in accounts else [place[0]]
                amounts[place] = amount
        return dict(sorted(parts.items())) if len(parts) > 1 else {}

    @property
    def kept_until(self) -> date | None:
        """The last day for which credit is kept despite every breach that stands; None without any, or where one is
        not kept."""
        days = [day for day in self.kept if day is not None]
        return min(days) if days and len(days) == len(self.kept) else None

    def _accounts(self, wanted: Callable[[int], bool], entity_id: int | None) -> list[int]:
        return sorted(
            account
            for account, (customer, entity) in self.owners.items()
            if wanted(customer) and entity_id in (None, entity)
        )

    def _sums(self, accounts: Sequence[int], owing: Sequence[int], left_out: Mapping[Place, int]) -> Sums:
        inside, late = set(accounts), set(owing)
        amounts = {key: amount for key, amount in self.balances.items() if key[0] in inside}
        for place, amount in left_out.items():
            if place in amounts:
                amounts[place] -= amount
        sums: dict[tuple[date, str, str], int] = defaultdict(int)
        goods: dict[tuple[date, str, str], int] = defaultdict(int)
        stock: dict[str, int] = defaultdict(int)
        for account, due_on, currency, nature, component, amount in self.due:
            if account in late:
                sums[due_on, currency, nature] += amount
                if component is Component.DELIVERED:
                    goods[due_on, currency, nature] += amount
            if account in inside and nature == ItemNature.INITIAL_STOCK:
                stock[currency] += amount
        due = tuple(
            DueSum(day, currency, amount, ItemNature(nature), goods.get((day, currency, nature), 0))
            for (day, currency, nature), amount in sorted(sums.items())
        )
        return Sums(accounts, owing, amounts, due, dict(stock))
