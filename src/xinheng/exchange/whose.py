"""Whose a row is: its customer, the entity it is towards, and the currency it is in when it does not say.

Customers are looked up as their codes appear, so a file of one row asks for one customer.  The credit accounts of all
rows stand in a small temporary table beside the staged rows; those that do not exist yet are made when the file lands.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xinheng.base import sql
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure

WHOSE = "import_whose"


@dataclass(slots=True)
class Party:
    """A customer a row names; ``id`` is None for one that the import will make."""

    code: str
    id: int | None
    currency: str
    group: str = ""
    salesperson: str = ""


class Whose:
    """The customers and entities of one file."""

    def __init__(self, *, currency: str, create: bool) -> None:
        self.currency = currency
        self.create = create
        self.entities = dict(exposure.Entity.objects.order_by("id").values_list("code", "id"))
        self.main = next(iter(self.entities.values()))
        self._parties: dict[str, Party | None] = {}
        self._refs: dict[tuple[str, int], int] = {}
        self.close()
        sql.execute(
            f"CREATE TEMPORARY TABLE {WHOSE} (ref integer PRIMARY KEY, customer_id bigint, entity_id bigint NOT NULL, "
            "account_id bigint, opens_on date)"
        )

    def learn(self, codes: Iterable[str]) -> None:
        """Look up customers not asked for yet."""
        new = sorted(set(codes) - self._parties.keys())
        if not new:
            return
        for code, id, currency, group, salesperson in sql.fetch_in(
            "SELECT c.code, c.id, c.currency, g.code, c.salesperson FROM customers_customer c "
            "LEFT JOIN customers_group g ON g.id = c.group_id WHERE c.code IN ({values})",
            new,
        ):
            self._parties[code] = Party(code, id, currency or self.currency, group or "", salesperson)
        for code in new:
            if code not in self._parties:
                self._parties[code] = Party(code, None, self.currency) if self.create else None

    def party(self, code: str) -> Party | None:
        """The customer with this code, looked up before; None when nobody knows it."""
        return self._parties[code]

    def ref(self, party: Party, entity_id: int) -> int:
        """The number under which this customer's account towards this entity stands beside the rows."""
        key = (party.code, entity_id)
        found = self._refs.get(key)
        if found is None:
            found = self._refs[key] = len(self._refs)
        return found

    def write(self) -> None:
        """Put what is known about the accounts beside the rows; outside any lock."""
        known = self._known_accounts()
        rows = []
        for (code, entity_id), ref in self._refs.items():
            id = self._id(code)
            rows.append((ref, id, entity_id, known.get((id, entity_id)), None))
        sql.execute(f"DELETE FROM {WHOSE}")
        sql.insert(WHOSE, ("ref", "customer_id", "entity_id", "account_id", "opens_on"), rows)

    def settle(self) -> None:
        """Make customers and accounts that are missing, and note the first open days; the landing has begun."""
        self._make_customers()
        ids = self.customer_ids()
        exposure.ensure_holders(customer_ids=ids, group_ids=self._group_ids(ids))
        pairs = [(self._id(code), entity_id) for code, entity_id in self._refs]
        accounts = exposure.ensure_accounts(pairs)  # type: ignore[arg-type]
        opens = {entity_id: exposure.open_from(entity_id) for _, entity_id in pairs}
        sql.execute(f"DELETE FROM {WHOSE}")
        sql.insert(
            WHOSE,
            ("ref", "customer_id", "entity_id", "account_id", "opens_on"),
            [
                (ref, pair[0], pair[1], accounts[pair], opens[pair[1]])  # type: ignore[index]
                for pair, ref in zip(pairs, self._refs.values(), strict=True)
            ],
        )

    def customer_ids(self) -> list[int]:
        """The customers of all rows that exist by now."""
        return sorted({id for code, _ in self._refs if (id := self._id(code)) is not None})

    def close(self) -> None:
        sql.execute(f"DROP TABLE IF EXISTS {WHOSE}")

    def _id(self, code: str) -> int | None:
        party = self._parties[code]
        return party.id if party else None

    def _known_accounts(self) -> dict[tuple[int | None, int], int]:
        rows = sql.fetch_in(
            "SELECT customer_id, entity_id, id FROM exposure_account WHERE customer_id IN ({values})",
            self.customer_ids(),
        )
        return {(customer, entity): id for customer, entity, id in rows}

    def _make_customers(self) -> None:
        codes = sorted({code for code, _ in self._refs if self._id(code) is None})
        if not codes:
            return
        for made in customers.write_customers({"code": code, "name": code} for code in codes):
            party = self._parties[made.code]
            if party is not None:
                party.id = made.pk

    def _group_ids(self, ids: Collection[int]) -> list[int]:
        rows = sql.fetch_in(
            "SELECT DISTINCT group_id FROM customers_customer WHERE group_id IS NOT NULL AND id IN ({values})", ids
        )
        return sorted(group for (group,) in rows)
