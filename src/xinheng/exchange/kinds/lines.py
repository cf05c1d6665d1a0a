"""Credit lines taken over: an amount, unlimited, none, or not set; of a customer, of a group, or a sub-limit of both.

A blank limit is a statement (not set), every other blank cell says nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from xinheng.base import events
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.desk.limits import public as limits
from xinheng.exchange.cells import Cells
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Locked, Setting
from xinheng.exchange.kinds.lists import Kept, Lists
from xinheng.exchange.kinds.taking import NUMBER_MAX, TERM_MAX, day_or_none, kept_term
from xinheng.exchange.staging import State
from xinheng.rules import terms
from xinheng.rules.currencies import DECIMALS, decimals

_KINDS = {"unlimited": "unlimited", "无限": "unlimited", "不限": "unlimited", "无限额": "unlimited"}
_KINDS |= {"none": "none", "无": "none", "无信用": "none", "现款": "none", "无额度": "none"}
_TERM_DAYS_MAX = 3650


class Lines(Lists):
    """One file of lines."""

    right = "lines.set"
    key_field = "customer"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._entities = dict(exposure.Entity.objects.values_list("code", "id"))
        self._only = exposure.entity(setting.options.entity).pk if setting.options.entity else None

    def read(self, cells: Cells) -> Iterator[Kept]:
        codes = cells.texts("customer", longest=NUMBER_MAX)
        groups = cells.texts("group", longest=NUMBER_MAX)
        known = customers.by_codes(set(codes) - {""})
        currencies = self._currencies(cells, known)
        limits_ = self._limits(cells, currencies)
        from_, until = cells.days("valid_from", self.days), cells.days("valid_until", self.days)
        more = self._more(cells, currencies)
        entities = self._entity_ids(cells)
        for index, line in enumerate(cells.lines):
            if not codes[index] and not groups[index]:
                cells.refuse(index, "customer", "MISSING", field=cells.heading("customer"))
            if from_[index] and until[index] and until[index] < from_[index]:  # type: ignore[operator]
                cells.refuse(index, "valid_until", "ENDS_BEFORE_IT_BEGINS", valid_from=from_[index])
            kind, amount = limits_[index]
            stated: dict[str, Any] = {"kind": kind, "amount": amount, "valid_from": day_or_none(from_[index])}
            if cells.has("currency") and cells.raw("currency")[index]:
                stated["currency"] = currencies[index]
            if until[index]:
                stated["valid_until"] = day_or_none(until[index])
            stated |= {name: column[index] for name, column in more.items() if column[index] not in (None, "")}
            key = (codes[index], "" if codes[index] else groups[index], entities[index], stated["valid_from"])
            kept = Kept(line, key, stated, shown=codes[index] or groups[index])
            kept.stated |= {"_group": groups[index], "_currency": currencies[index]}
            yield kept

    def _currencies(self, cells: Cells, known: dict[str, customers.Customer]) -> list[str]:
        stated = cells.raw("currency")
        if cells.has("currency"):
            cells.check("currency", decimals)
        usual = self.setting.currency
        return [
            said or (known[code].currency if code in known else "") or usual
            for said, code in zip(stated, cells.raw("customer"), strict=True)
        ]

    def _limits(self, cells: Cells, currencies: Sequence[str]) -> list[tuple[str, int | None]]:
        """Kind and amount of every limit."""
        words = [_KINDS.get("".join(cell.lower().split())) or ("" if cell else "unset") for cell in cells.raw("limit")]
        places = [DECIMALS.get(one, 2) for one in currencies]
        amounts = cells.amounts_where("limit", [not word for word in words], places, currencies=currencies)
        for index, amount in enumerate(amounts):
            if amount is not None and amount < 0:
                cells.refuse(index, "limit", "NEGATIVE")
        return [(word or "amount", amount) for word, amount in zip(words, amounts, strict=True)]

    def _more(self, cells: Cells, currencies: Sequence[str]) -> dict[str, Sequence[Any]]:
        places = [DECIMALS.get(one, 2) for one in currencies]
        more: dict[str, Sequence[Any]] = {"term_days": cells.wholes("term_days", 0, _TERM_DAYS_MAX)}
        if cells.has("term"):
            cells.check("term", terms.parse_term)
            more["term"] = [kept_term(one) for one in cells.texts("term", longest=TERM_MAX)]
        for name in ("extra", "initial_stock"):
            if cells.has(name):
                more[name] = cells.amounts(name, places, currencies=currencies)
            if cells.has(f"{name}_until"):
                more[f"{name}_until"] = [day_or_none(one) for one in cells.days(f"{name}_until", self.days)]
        if cells.has("withdrawn"):
            more["withdrawn"] = cells.flags("withdrawn")
        if cells.has("reason"):
            more["reason"] = cells.texts("reason", longest=1000)
        return more

    def _entity_ids(self, cells: Cells) -> list[int | None]:
        """The entity a line is towards; none: over all of them."""
        found: list[int | None] = []
        for index, code in enumerate(cells.raw("entity")):
            if code and code not in self._entities:
                cells.refuse(index, "entity", "UNKNOWN", what="entity", number=code)
            found.append(self._entities.get(code, self._only))
        return found

    def look_up(self, rows: Sequence[Kept]) -> None:
        codes = {row.key[0] for row in rows} - {""}  # type: ignore[index]
        known = customers.by_codes(codes)
        if not customers.sees_all(self.setting.by):
            seen = customers.visible_among(self.setting.by, codes)
            known = {code: one for code, one in known.items() if one.pk in seen}
        groups = {
            one.code: one for one in customers.Group.objects.filter(code__in={row.stated["_group"] for row in rows})
        }
        refused = []
        for row in rows:
            customer, group = known.get(row.key[0]), groups.get(row.stated["_group"])  # type: ignore[index]
            if row.key[0] and customer is None:  # type: ignore[index]
                refused.append(
                    self.finding(row.line, "customer", "UNKNOWN", row.shown, what="customer", number=row.shown)
                )
            elif row.stated["_group"] and (group is None or (customer and customer.group_id != group.pk)):
                number = row.stated["_group"]
                code, params = (
                    ("UNKNOWN", {"what": "group"}) if group is None else ("NOT_OF_GROUP", {"customer": row.shown})
                )
                refused.append(self.finding(row.line, "group", code, number, number=number, **params))
            row.stated["_customer_id"] = customer.pk if customer else None
            row.stated["_group_id"] = group.pk if group and not customer else None
        self.refuse(refused)
        self._find(rows)
        self.refuse(wrong for row in rows if row.state is State.BULK for wrong in self._wrong(row))

    def _wrong(self, row: Kept) -> Iterator[Finding]:
        """What the line as it would stand is not allowed to say."""
        try:
            limits.checked_line(self._row(row))
        except limits.BadLine as error:
            field = error.params["field"]
            params = {**error.params, "field": self.setting.heading(field)}
            yield self.finding(row.line, field, error.code, row.shown, **params)

    def _find(self, rows: Sequence[Kept]) -> None:
        """The standing line of the same holder, entity and first day."""
        found = limits.standing_lines(
            customer_ids={row.stated["_customer_id"] for row in rows} - {None},
            group_ids={row.stated["_group_id"] for row in rows} - {None},
        )
        for row in rows:
            stated = row.stated
            place = (stated["_customer_id"], stated["_group_id"], row.key[2], stated["valid_from"])  # type: ignore[index]
            row.found = found.get(place)

    def differing(self, row: Kept) -> str:
        names = {"kind": "limit", "amount": "limit"}
        for name, value in row.stated.items():
            if not name.startswith("_") and getattr(row.found, name) != value:
                return names.get(name, name)
        return ""

    def prepare(self) -> tuple[list[int], list[int]]:
        rows = self.landing()
        own = sorted({row.stated["_customer_id"] for row in rows} - {None})
        groups = sorted({row.stated["_group_id"] for row in rows} - {None})
        exposure.ensure_holders(customer_ids=own, group_ids=groups)
        return own, groups

    def land(self, entry: Entry, held: Locked) -> None:
        limits.record_lines(
            [self._row(row) for row in self.landing()], by=entry.actor, at=entry.at, batch_id=entry.batch_id
        )

    def _row(self, row: Kept) -> limits.LineRow:
        """What the row states; a correction keeps what it says nothing of."""
        stated = {name: value for name, value in row.stated.items() if not name.startswith("_")}
        kept: dict[str, Any] = {}
        if row.found is not None:
            kept = {name: getattr(row.found, name) for name in limits.LineRow.__slots__}
        return limits.LineRow(
            **{
                **kept,
                "customer_id": row.stated["_customer_id"],
                "group_id": row.stated["_group_id"],
                "entity_id": row.key[2],  # type: ignore[index]
                "currency": row.found.currency if row.found is not None else row.stated["_currency"],
                **stated,
            }
        )

    def tell(self, entry: Entry) -> None:
        own = {row.stated["_customer_id"] for row in self.landing()} - {None}
        groups = {row.stated["_group_id"] for row in self.landing()} - {None}
        if groups:
            own |= set(customers.Customer.objects.filter(group_id__in=groups).values_list("id", flat=True))
        if own:
            events.tell(events.CreditChanged(frozenset(own), "LINE", self.setting.on, entry.actor))
