"""Whose a row is: its customer, the entity it is towards, and the currency it is in when it does not say.

Customers are looked up as their codes appear, so a file of one row asks for one customer.  The credit accounts of all
rows stand in a small temporary table beside the staged rows; those that do not exist yet are made when the file lands.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from xinheng.base import sql
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.exchange.cells import Cells
from xinheng.rules.currencies import DECIMALS

WHOSE = "import_whose"
_COLUMNS = ("ref", "customer_id", "entity_id", "account_id", "opens_on", "currency", "salesperson")


@dataclass(slots=True)
class Party:
    """A customer a row names; ``id`` is None for one that the import will make."""

    code: str
    id: int | None
    currency: str
    group: str = ""
    salesperson: str = ""


class Whose:
    """The customers and entities of one file; ``by`` sees only the customers that are his to see."""

    def __init__(self, *, currency: str, create: bool, entity: str, by: User) -> None:
        self.currency = currency
        self.create = create
        self.by = by
        self.entities = dict(exposure.Entity.objects.order_by("id").values_list("code", "id"))
        self.main = exposure.entity(entity).pk
        self.refs: dict[tuple[str, int], int] = {}
        self._parties: dict[str, Party | None] = {}
        self._of_main: dict[str, int] = {}  # customer code → ref, for the entity of most rows
        self._keys: list[tuple[str, int]] = []
        self.accounts: list[int | None] = []  # ref → account, None while there is none
        self.close()
        sql.execute(
            f"CREATE TEMPORARY TABLE {WHOSE} (ref integer PRIMARY KEY, customer_id bigint, entity_id bigint NOT NULL, "
            "account_id bigint, opens_on date, currency text NOT NULL, salesperson text NOT NULL)"
        )

    def learn(self, codes: Iterable[str]) -> None:
        """Look up customers not asked for yet."""
        new = sorted(set(codes) - self._parties.keys() - {""})
        if not new:
            return
        visible = None if customers.sees_all(self.by) else customers.visible_among(self.by, new)
        for code, id, currency, group, salesperson in sql.fetch_in(
            "SELECT c.code, c.id, c.currency, g.code, c.salesperson FROM customers_customer c "
            "LEFT JOIN customers_group g ON g.id = c.group_id WHERE c.code IN ({values})",
            new,
        ):
            seen = visible is None or id in visible
            self._parties[code] = Party(code, id, currency or self.currency, group or "", salesperson) if seen else None
        for code in new:
            if code not in self._parties:
                self._parties[code] = Party(code, None, self.currency) if self.create else None

    def party(self, code: str) -> Party | None:
        """The customer with this code, looked up before; None when nobody knows it."""
        return self._parties.get(code)

    def party_of(self, ref: int) -> Party:
        """The customer behind a number that ``rows`` gave."""
        party = self._parties[self._keys[ref][0]]
        assert party is not None  # noqa: S101 - only customers that are known get a number
        return party

    def entity_of(self, ref: int) -> int:
        """The entity behind a number that ``rows`` gave."""
        return self._keys[ref][1]

    def entity_column(self, cells: Cells) -> list[int]:
        """The entity of every row: its own, else the one asked for.  Code: UNKNOWN."""
        if not cells.has("entity"):
            return [self.main] * cells.count
        found = []
        for index, code in enumerate(cells.raw("entity")):
            id = self.entities.get(code) if code else self.main
            if id is None:
                cells.refuse(index, "entity", "UNKNOWN", what="entity", number=code)
            found.append(id or self.main)
        return found

    def rows(self, cells: Cells, codes: Sequence[str], entities: Sequence[int], field: str) -> list[int | None]:
        """The number under which each row's account stands beside the rows.  Code: UNKNOWN."""
        self.learn(codes)
        if not cells.has("entity"):
            known = self._of_main
            found: list[int | None] = [known.get(code) for code in codes]
            if None not in found:
                return found
        else:
            found = [None] * cells.count
        for index, ref in enumerate(found):
            if ref is None and cells.is_good(index):
                found[index] = self._ref(codes[index], entities[index])
                if found[index] is None:
                    cells.refuse(index, field, "UNKNOWN", codes[index], what="customer", number=codes[index])
        return found

    def _ref(self, code: str, entity_id: int) -> int | None:
        if self._parties.get(code) is None:
            return None
        key = (code, entity_id)
        ref = self.refs.get(key)
        if ref is None:
            ref = self.refs[key] = len(self.refs)
            self._keys.append(key)
        if entity_id == self.main:
            self._of_main[code] = ref
        return ref

    def currencies(self, cells: Cells, refs: Sequence[int | None]) -> tuple[Sequence[str], int | list[int]]:
        """The currency of every row and its decimals (one number when they all have as many).

        Code: UNKNOWN_CURRENCY.
        """
        usual = [self._currency_of(ref) for ref in refs]
        if cells.has("currency"):
            stated = cells.raw("currency")
            usual = [one or other for one, other in zip(stated, usual, strict=True)]
            for currency in set(stated) - {""} - DECIMALS.keys():
                for index, one in enumerate(stated):
                    if one == currency:
                        cells.refuse(index, "currency", "UNKNOWN_CURRENCY", currency=one)
        different = {one: DECIMALS.get(one, 2) for one in set(usual)}
        if len(set(different.values())) == 1:
            return usual, next(iter(different.values()))
        return usual, [different[one] for one in usual]

    def _currency_of(self, ref: int | None) -> str:
        if ref is None:
            return self.currency
        party = self._parties[self._keys[ref][0]]
        return party.currency if party else self.currency

    def write(self) -> None:
        """Put what is known about the accounts beside the rows; outside any lock."""
        known = self._known_accounts()
        rows = []
        for ref, (_, entity_id) in enumerate(self._keys):
            party = self.party_of(ref)
            rows.append((ref, party.id, entity_id, known.get((party.id, entity_id)), None, *_defaults(party)))
        self.accounts = [row[3] for row in rows]
        self._keep(rows)

    def settle(self) -> None:
        """Make customers and accounts that are missing, and note the first open days; the landing has begun."""
        self._make_customers()
        ids = self.customer_ids()
        exposure.ensure_holders(customer_ids=ids, group_ids=self.group_ids(ids))
        pairs = [(self.party_of(ref).id, entity_id) for ref, (_, entity_id) in enumerate(self._keys)]
        accounts = exposure.ensure_accounts(pairs)  # type: ignore[arg-type]
        self.accounts = [accounts[pair] for pair in pairs]  # type: ignore[index]
        opens = {entity_id: exposure.open_from(entity_id) for entity_id in {entity for _, entity in pairs}}
        self._keep(
            (ref, pair[0], pair[1], accounts[pair], opens[pair[1]], *_defaults(self.party_of(ref)))  # type: ignore[index]
            for ref, pair in enumerate(pairs)
        )

    def customer_ids(self) -> list[int]:
        """The customers of all rows that exist by now."""
        parties = (self._parties[code] for code, _ in self._keys)
        return sorted({party.id for party in parties if party and party.id is not None})

    def group_ids(self, ids: Collection[int]) -> list[int]:
        """The groups these customers belong to."""
        rows = sql.fetch_in(
            "SELECT DISTINCT group_id FROM customers_customer WHERE group_id IS NOT NULL AND id IN ({values})", ids
        )
        return sorted(group for (group,) in rows)

    def close(self) -> None:
        sql.execute(f"DROP TABLE IF EXISTS {WHOSE}")

    def _keep(self, rows: Iterable[tuple]) -> None:
        sql.execute(f"DELETE FROM {WHOSE}")
        sql.insert(WHOSE, _COLUMNS, rows)

    def _known_accounts(self) -> dict[tuple[int | None, int], int]:
        rows = sql.fetch_in(
            "SELECT customer_id, entity_id, id FROM exposure_account WHERE customer_id IN ({values})",
            self.customer_ids(),
        )
        return {(customer, entity): id for customer, entity, id in rows}

    def _make_customers(self) -> None:
        parties = (self._parties[code] for code, _ in self._keys)
        codes = sorted({party.code for party in parties if party and party.id is None})
        if not codes:
            return
        for made in customers.write_customers({"code": code, "name": code} for code in codes):
            party = self._parties[made.code]
            if party is not None:
                party.id = made.pk


def _defaults(party: Party) -> tuple[str, str]:
    return party.currency, party.salesperson
