"""Customers and entities: who buys, and which of our companies sells."""

from collections.abc import Iterator, Sequence
from typing import Any

from xinheng.base.errors import XinhengError
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Entry
from xinheng.exchange.cells import Cells
from xinheng.exchange.intake import Locked
from xinheng.exchange.kinds.lists import Kept, Lists
from xinheng.exchange.kinds.taking import NUMBER_MAX, SALESPERSON_MAX, TERM_MAX, kept_term
from xinheng.rules import terms
from xinheng.rules.currencies import decimals

_NAME_MAX = 200
_TEXTS = {"name": _NAME_MAX, "name_en": _NAME_MAX, "tax_id": 40, "group": NUMBER_MAX, "branch": 32}
_TEXTS |= {"salesperson": SALESPERSON_MAX, "currency": 3, "term": TERM_MAX, "customer_class": 16}
STATUSES = {
    "active": "ACTIVE",
    "正常": "ACTIVE",
    "启用": "ACTIVE",
    "有效": "ACTIVE",
    "inactive": "INACTIVE",
    "停用": "INACTIVE",
    "禁用": "INACTIVE",
    "无效": "INACTIVE",
}


class Customers(Lists):
    """One file of customers."""

    right = "customers.edit"

    def read(self, cells: Cells) -> Iterator[Kept]:
        codes = cells.texts("code", longest=NUMBER_MAX, required=True)
        columns = {
            name: cells.texts(name, longest=longest, required=name == "name")
            for name, longest in _TEXTS.items()
            if name == "name" or cells.has(name)
        }
        if cells.has("currency"):
            cells.check("currency", decimals)
        if cells.has("term"):
            cells.check("term", terms.parse_term)
            columns["term"] = [kept_term(one) for one in columns["term"]]
        if cells.has("tax_id"):
            self._look_at_tax_ids(cells)
        if cells.has("status"):
            columns["status"] = [one or "" for one in cells.choices("status", STATUSES)]
        for index, line in enumerate(cells.lines):
            stated = {name: column[index] for name, column in columns.items() if column[index]}
            yield Kept(line, codes[index], {"code": codes[index], **stated}, shown=codes[index])

    def _look_at_tax_ids(self, cells: Cells) -> None:
        for index, value in enumerate(cells.raw("tax_id")):
            if value:
                try:
                    customers.checked_tax_id(value)
                except XinhengError as error:
                    cells.refuse(index, "tax_id", error.code, **error.params)

    def look_up(self, rows: Sequence[Kept]) -> None:
        known = customers.by_codes([row.stated["code"] for row in rows])
        seen = None if customers.sees_all(self.setting.by) else customers.visible_among(self.setting.by, known)
        refused = []
        for row in rows:
            row.found = known.get(row.stated["code"])
            if row.found is not None and seen is not None and row.found.pk not in seen:
                refused.append(self.finding(row.line, "code", "UNKNOWN", row.shown, what="customer", number=row.shown))
        self.refuse(refused)

    def differing(self, row: Kept) -> str:
        for name, value in row.stated.items():
            wanted = customers.checked_tax_id(value) if name == "tax_id" else value
            if name != "code" and customers.described(row.found, name) != wanted:
                return name
        return ""

    def before(self) -> list[Any]:
        """Code and what the file said before; nothing for a customer that is new."""
        return [
            [row.shown, {name: customers.described(row.found, name) for name in row.stated} if row.found else None]
            for row in self.landing()
        ]

    def land(self, entry: Entry, held: Locked) -> None:
        made = customers.write_customers(row.stated for row in self.landing())
        exposure.ensure_holders(
            customer_ids=[one.pk for one in made], group_ids={one.group_id for one in made if one.group_id}
        )


class Entities(Lists):
    """One file of entities."""

    right = "entities.edit"

    def read(self, cells: Cells) -> Iterator[Kept]:
        codes = cells.texts("code", longest=32, required=True)
        names = cells.texts("name", longest=_NAME_MAX, required=True)
        for line, code, name in zip(cells.lines, codes, names, strict=True):
            yield Kept(line, code, {"code": code, "name": name}, shown=code)

    def look_up(self, rows: Sequence[Kept]) -> None:
        known = {one.code: one for one in Entity.objects.filter(code__in=[row.stated["code"] for row in rows])}
        for row in rows:
            row.found = known.get(row.stated["code"])

    def differing(self, row: Kept) -> str:
        return "" if row.found.name == row.stated["name"] else "name"

    def before(self) -> list[Any]:
        return [[row.shown, {"name": row.found.name} if row.found else None] for row in self.landing()]

    def land(self, entry: Entry, held: Locked) -> None:
        exposure.write_entities([(row.stated["code"], row.stated["name"]) for row in self.landing()])
