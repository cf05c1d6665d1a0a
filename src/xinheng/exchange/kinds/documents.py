"""Files of documents: orders, deliveries, invoices, receipts and the like, each row with a number, a day and an amount.

Most rows stand alone and land set-based.  A row that names another document, or is named by one, walks the road of its
family through its chapter, a page of rows at a time.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from xinheng.base import events, sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.exchange import judging
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Judged, Locked, Rejected
from xinheng.exchange.judging import Compared, Question, stated
from xinheng.exchange.kinds.taking import Taking, day
from xinheng.exchange.staging import TABLE, State
from xinheng.exchange.whose import WHOSE
from xinheng.rules.money import to_text
from xinheng.rules.road import Kind

#: Rows that walk through their chapter together: long enough to share the questions, short enough for both engines.
PAGE = 500
#: Typed, because PostgreSQL takes a bare NULL in a relation for a text.
NO_DAY, NOWHERE = "CAST(NULL AS date)", "CAST(NULL AS integer)"


class Documents(Taking):
    """One file of one kind of document."""

    #: What held orders are told when such documents land; '' when it frees none.
    frees: ClassVar[str] = ""
    #: What is told where they make the customer owe more; '' when they do not.
    grows: ClassVar[str] = ""

    @property
    def part(self) -> str | None:
        """The staged column of the instalment."""
        return None

    @property
    def row_kind(self) -> str:
        """The expression for the kind of document a row becomes."""
        return str(int(self.kinds[0]))

    def question(self) -> Question:
        """How rows are found in the books and compared with them."""
        compared = [judging.WHOSE_SAME, stated(self.date_field, "dated_on", "d.dated_on")]
        if "said_currency" in self.columns and self.setting.has("currency"):
            compared.append(stated("currency", "said_currency", "d.currency"))
        compared += [
            stated(field, column, f"d.{column}") for field, (column, _) in self.names.items() if column in self.columns
        ]
        if "salesperson" in self.columns:
            compared.append(stated("salesperson", "salesperson", "d.salesperson"))
        joins, more = self.compared_beside()
        return Question(self.kinds, (*compared, *more), self.row_kind, joins=joins)

    def compared_beside(self) -> tuple[str, list[Compared]]:
        """What a chapter keeps beside the document: how to reach it, and what of it a row may state."""
        return "", []

    def judge(self) -> Judged:
        self.remarks = []
        self.stage.complete()
        self.whose.write()
        self._judge_in_itself()
        question = self.question()
        judging.mark_known(question)
        self._judge_conflicts(question)
        self._judge_families()
        self.judge_more()
        return self._judged()

    def _judge_in_itself(self) -> None:
        twice = judging.repeated(part=self.part, main=self.whose.main)
        self.refuse(self._remarks(twice, "number", "REPEATED"))

    def _remarks(self, lines: Sequence[int], field: str, code: str, **params: Any) -> Iterator[Finding]:
        """The same remark about many rows, each with its number."""
        numbers = self._numbers(lines)
        for line in lines:
            yield self.finding(line, field, code, numbers.get(line, ""), number=numbers.get(line, ""), **params)

    def _numbers(self, lines: Sequence[int]) -> dict[int, str]:
        return dict(sql.fetch_in(f"SELECT line, number FROM {TABLE} WHERE line IN ({{values}})", lines))

    def _judge_conflicts(self, question: Question) -> None:
        """Rows that say something else than the books: an error, or with ``--update`` a correction."""
        found = list(judging.conflicts(question))
        numbers = self._numbers([line for line, _ in found])
        refused = []
        for line, field in found:
            if not self.options.update or field in judging.FIXED:
                code = "CONFLICT_FIXED" if self.options.update else "CONFLICT_ROW"
                params = {"number": numbers[line], "field": self.setting.heading(field)}
                refused.append(self.finding(line, field, code, numbers[line], **params))
        self.refuse(refused)

    def _judge_families(self) -> None:
        """Rows whose family is another customer's are wrong; those that have one walk its road."""
        named = [(column, kind) for column, kind in self.names.values() if column in self.columns]
        if not named and not self.awaited_in:
            return
        numbers: dict[int, str] = {}
        strange = judging.strangers(named=named, awaited_in=self.awaited_in)
        if strange:
            numbers = self._numbers([line for line, _, _ in strange])
        self.refuse(
            self.finding(line, field, f"FAMILY_OF_OTHER_{what.upper()}", numbers[line], number=numbers[line])
            for line, field, what in strange
        )
        goods = [column for column, kind in named if kind in (Kind.ORDER, Kind.DELIVERY)]
        if self.walks_with_names and goods:
            judging.mark_walking(" OR ".join(f"{column} IS NOT NULL" for column in goods))
        if self.awaited_in:
            judging.mark_walking(judging.awaited(self.awaited_in))

    #: Whether naming an order or delivery moves goods along a road; a receipt only remembers it.
    walks_with_names: ClassVar[bool] = True

    def infer_orders(self, condition: str = "1 = 1") -> None:
        """Where the policy says so, rows that name nothing are taken by the oldest open order, marked as inferred."""
        sql.execute(f"UPDATE {TABLE} SET found_order = NULL WHERE found_order IS NOT NULL")
        if not sales.matches_oldest(self.setting.on):
            return
        orders = sales.OpenOrders([account for account in self.whose.accounts if account])
        for page in self.stage.pages(f"state = {State.BULK:d} AND ({condition})"):
            found = []
            for row in page:
                account = self.whose.accounts[row["ref"]] or 0
                number = orders.take(account, self.currency_of(row), day(row["dated_on"]), row["amount"])
                if number:
                    found.append((row["line"], number))
            sql.update(
                f"UPDATE {TABLE} SET found_order = changed.number, state = {State.WALK:d} FROM changed "
                f"WHERE {TABLE}.line = changed.line",
                "changed(line, number)",
                found,
            )

    def money(self) -> dict[str, int]:
        said = judging.currency_of_row("said_currency" in self.columns)
        signed = f"CASE WHEN {self.row_kind} = {int(self.kinds[0])} THEN s.amount ELSE -s.amount END"
        found = sql.fetch(
            f"SELECT {said}, SUM({signed}) FROM {TABLE} s JOIN {WHOSE} w ON w.ref = s.ref "
            f"WHERE s.state IN ({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d}) GROUP BY 1 ORDER BY 1"
        )
        return {currency: int(total) for currency, total in found}  # PostgreSQL adds up to decimals

    def judge_more(self) -> None:
        """What only this kind of file has to look at."""

    def _judged(self) -> Judged:
        counts = self.stage.counts()
        updated = counts[State.CONFLICT]
        return Judged(counts[State.BULK] + counts[State.WALK], counts[State.PRESENT], updated)

    def again(self) -> Judged:
        """The same once more, because somebody else has written meanwhile."""
        self.stage.reset()
        return self.judge()

    def refuse(self, findings: Iterable[Finding]) -> None:
        found = list(findings)
        if found:
            self.findings += found
            self.stage.mark([one.line for one in found], State.BAD)

    def prepare(self) -> tuple[list[int], list[int]]:
        self.whose.settle()
        return self.whose.customer_ids(), []

    def land(self, entry: Entry, held: Locked) -> None:
        self.land_bulk(entry)
        self.walk(entry)
        self.correct(entry, held)

    def source(self) -> str:
        """The relation of rows that land set-based, as ``exposure.bulk`` wants it."""
        given = self.values()
        numbering = exposure.bulk.numbering("s.line")
        given |= {"document_id": numbering.document, "position_id": numbering.position, "opens_on": "w.opens_on"}
        shown = ", ".join(f"{expression} AS {name}" for name, expression in given.items())
        return f"(SELECT {shown} FROM {TABLE} s JOIN {WHOSE} w ON w.ref = s.ref WHERE s.state = {State.BULK:d}) landing"

    def values(self) -> dict[str, str]:
        """Expressions for everything a landing document says, by the names of ``exposure.bulk.STAGED``."""
        texts = {"term", "order_number", "delivery_number", "invoice_number"}
        return {
            **{name: self.column(name, "''") for name in texts},
            "kind": self.row_kind,
            "entity_id": "w.entity_id",
            "account_id": "w.account_id",
            "number": "s.number",
            "part": "1",
            "dated_on": "s.dated_on",
            "due_on": NO_DAY,
            "currency": judging.currency_of_row("said_currency" in self.columns),
            "amount": "s.amount",
            "salesperson": self.column("salesperson", "w.salesperson"),
            "nature": "'PLAIN'",
            "occupies": "(1 = 1)",
            "consigned": "(1 = 0)",
            "component": self.component(),
        }

    def component(self) -> str:
        """The expression for the place where a row's value stands; NULL moves nothing."""
        return NOWHERE

    @abstractmethod
    def land_bulk(self, entry: Entry) -> None:
        """Land the rows that stand alone."""

    def walk(self, entry: Entry) -> None:
        """Land the rows that belong to a family, a page at a time."""
        done = 0
        for page in self.stage.pages(f"state = {State.WALK:d}", columns=self.every_column, size=PAGE):
            self.record(entry, page)
            done += len(page)
            self.setting.tick("landing", done, 0)

    @property
    def every_column(self) -> Sequence[str]:
        return (*self.columns, *dict(self.later()))

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        """Record staged rows through their chapter."""

    def correct(self, entry: Entry, held: Locked) -> None:
        """Let conflicting rows take the place of what is in the books (``--update``)."""
        for page in self.stage.pages(f"state = {State.CONFLICT:d}", size=PAGE):
            self.repost(entry, held, page)

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        """Reverse what is in the books and record what the rows say."""

    def present(
        self, page: Sequence[dict[str, Any]], kinds: Sequence[Kind] = ()
    ) -> dict[tuple[int, str], list[Document]]:
        """The documents that rows are about, by entity and number, instalments in their order.

        Instalments come together whether a row names one or the whole.
        """
        entities = {self.whose.entity_of(row["ref"]) for row in page}
        documents = Document.objects.filter(
            entity_id__in=entities,
            kind__in=[kind.value for kind in kinds or self.kinds],
            number__in=[row["number"] for row in page],
            reversed_by=None,
        )
        found: dict[tuple[int, str], list[Document]] = {}
        for one in documents.order_by("part"):
            found.setdefault((one.entity_id, one.number), []).append(one)
        return found

    def whose_is(self, row: Mapping[str, Any]) -> dict[str, int]:
        """Entity and account of a staged row; before the landing minus the customer's id where none is made yet."""
        ref = row["ref"]
        account = self.whose.accounts[ref]
        if account is None:
            account = -(self.whose.party_of(ref).id or 0)
        return {"entity_id": self.whose.entity_of(ref), "account_id": account}

    def currency_of(self, row: Mapping[str, Any]) -> str:
        """The currency of a staged row."""
        return row.get("said_currency") or self.whose.party_of(row["ref"]).currency

    def salesperson_of(self, row: Mapping[str, Any]) -> str:
        """The salesperson of a staged row."""
        return row.get("salesperson") or self.whose.party_of(row["ref"]).salesperson

    def rejected(self, page: Sequence[Mapping[str, Any]], problems: Iterable[Any], field: str) -> Rejected:
        """What a chapter found wrong with rows of a page, as findings of the file."""
        return Rejected(
            [
                self.finding(
                    page[one.index]["line"],
                    field,
                    one.code,
                    page[one.index].get("number", ""),
                    **receivables.shown(one.params),
                )
                for one in problems
            ]
        )

    def tell_left(self, left: Sequence[receivables.Left], page: Sequence[Mapping[str, Any]]) -> None:
        """What found no room when a corrected document got its allocations back is told."""
        lines = {row["number"]: row["line"] for row in page}
        for one in left:
            line = lines.get(one.invoice_number) or lines.get(one.credit_number) or 0
            amount = to_text(one.amount, one.currency)
            params = {"receipt": one.credit_number, "invoice": one.invoice_number, "currency": one.currency}
            self.warnings.append(self.finding(line, "amount", "LEFT_UNAPPLIED", amount, amount=amount, **params))

    def tell(self, entry: Entry) -> None:
        customers = self._customers_of_rows() if self.frees or self.grows else frozenset()
        if self.frees and customers:
            events.tell(events.CreditChanged(customers, self.frees, self.setting.on, entry.actor))
        elif customers:
            events.tell(events.DebtGrew(customers, self.grows, self.setting.on, entry.actor))

    def _customers_of_rows(self) -> frozenset[int]:
        """Customers of landed rows: whoever listens looks which of them have orders that wait."""
        rows = sql.fetch(
            f"SELECT DISTINCT w.customer_id FROM {TABLE} s JOIN {WHOSE} w ON w.ref = s.ref "
            f"WHERE s.state IN ({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d})"
        )
        return frozenset(customer for (customer,) in rows)

    def digest(self, landed: int) -> str:
        return self.stage.digest(landed)

    def close(self) -> None:
        self.stage.close()
        self.whose.close()
