"""The open orders of the demo company stand for what their names say, on any day the company can be asked for."""

import re
from collections import Counter, defaultdict
from datetime import date

import pytest

from xinheng.exchange import demo

DAYS = (demo.EARLIEST_TODAY, date(2010, 7, 10), demo.DEFAULT_TODAY, demo.LATEST_TODAY)
PARTS = {
    "delivering": 14,
    "ordinary": 36,
    "over-limit": 1,
    "over-limit-by-a-penny": 1,
    "over-limit-already": 2,
    "no-credit": 2,
    "credit-withdrawn": 1,
    "line-expired": 2,
    "prepaid-without-money": 1,
    "term-too-long": 2,
    "group-limit": 1,
    "group-limit-below-own": 1,
    "rate-missing": 1,
    "in-euro": 3,
    "overdue": 3,
    "exactly-at-the-limit": 1,
    "near-the-limit": 5,
    "unlimited": 1,
    "prepaid-with-money": 2,
    "on-delivery": 1,
}
HELD = set(list(PARTS)[2:13])


def pence(amount):
    return int(amount.replace(".", ""))


class Books:
    """What everybody owes and may owe on a day, from the rows alone."""

    def __init__(self, today):
        self.company, self.files, self.today = demo.company(today), demo.files(today), today.isoformat()
        self.orders = {row["number"]: row for row in self.files["orders"]}
        self.group = {row["code"]: row["group"] for row in self.files["customers"]}
        self.owed = self._owed()
        self.lines, self.group_lines = {}, {}
        for row in sorted(self.files["lines"], key=lambda row: row["valid_from"]):
            if row["valid_from"] <= self.today:
                (self.lines if row["customer"] else self.group_lines)[row["customer"] or row["group"]] = row

    def _owed(self):
        owed = Counter()
        for row in self.files["invoices"]:
            owed[row["customer"]] += pence(row["amount"])
        for kind in ("credit-notes", "receipts"):
            for row in self.files[kind]:
                if row.get("purpose") != "deposit":
                    owed[row["customer"]] -= pence(row["amount"])
        ordered = Counter()
        for batch in self.company.batches:
            for row in batch.rows:
                if batch.kind == "orders" and batch.opening:
                    ordered[row["number"]] += pence(row["amount"])
                    owed[row["customer"]] += pence(row["amount"])
                elif batch.kind == "deliveries" and batch.opening:
                    ordered[row["order"]] -= pence(row["amount"])
                    owed[self.orders[row["order"]]["customer"]] -= min(ordered[row["order"]], 0)
                elif batch.kind == "deliveries":
                    owed[row["customer"]] += pence(row["amount"])
        return owed

    def overdue(self, customer):
        """Pence that are open on invoices past their due day, and the days of the oldest."""
        left = {r["number"]: r for r in self.files["invoices"] if r["customer"] == customer}
        open_of = {number: pence(row["amount"]) for number, row in left.items()}
        for kind, amount_of in (("credit-notes", "invoice"), ("allocations", "invoice"), ("instruments", "invoice")):
            for row in self.files[kind]:
                if row[amount_of] in open_of:
                    open_of[row[amount_of]] -= pence(row["amount"])
        late = {n: a for n, a in open_of.items() if a and left[n]["due_date"] < self.today}
        today = date.fromisoformat(self.today)
        days = [(today - date.fromisoformat(left[number]["due_date"])).days for number in late]
        return sum(late.values()), max(days, default=0)

    def room(self, order):
        line = self.lines[order["customer"]]
        return int(line["limit"]) * 100 - self.owed[order["customer"]]

    def group_room(self, order):
        group = self.group[order["customer"]]
        members = [code for code, of in self.group.items() if of == group]
        return int(self.group_lines[group]["limit"]) * 100 - sum(self.owed[code] for code in members)

    def playing(self, *keys):
        return [self.orders[number] for key in keys for number in self.company.examples[key]]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def books(request):
    return Books(request.param)


def test_every_part_is_played_and_the_held_ones_are_named(books):
    examples = books.company.examples
    assert {key: len(numbers) for key, numbers in examples.items()} == PARTS
    assert books.company.held == {number for key in HELD for number in examples[key]}
    assert len({order["customer"] for order in books.orders.values()}) == len(books.orders) == sum(PARTS.values())
    unchecked = [b for b in books.company.batches if b.kind == "orders" and not b.opening]
    assert {row["number"] for row in unchecked[0].rows} == set(books.orders) - set(examples["delivering"])


def test_orders_over_the_limit_are_over_it(books):
    for order in books.playing("over-limit", "over-limit-by-a-penny", "over-limit-already"):
        assert pence(order["amount"]) > books.room(order)
    for order in books.playing("over-limit-by-a-penny"):
        assert pence(order["amount"]) == books.room(order) + 1
    for order in books.playing("over-limit-already"):
        assert books.room(order) < 0


def test_orders_that_should_pass_fit_and_have_nothing_overdue(books):
    for order in books.playing("ordinary", "near-the-limit", "exactly-at-the-limit", "delivering"):
        line = books.lines[order["customer"]]
        delivering = 0 if order not in books.playing("delivering") else pence(order["amount"])
        assert 0 < pence(order["amount"]) <= books.room(order) + delivering
        assert int(line["term_days"]) <= 30
        assert line["valid_until"] == "" or line["valid_until"] >= books.today
        assert books.overdue(order["customer"])[0] == 0
    for order in books.playing("exactly-at-the-limit"):
        assert pence(order["amount"]) == books.room(order)
    for order in books.playing("near-the-limit"):
        used = pence(order["amount"]) + books.owed[order["customer"]]
        assert 0.9 < used / (int(books.lines[order["customer"]]["limit"]) * 100) < 1


def test_overdue_orders_fit_and_their_customers_are_overdue(books):
    for order in books.playing("overdue"):
        amount, days = books.overdue(order["customer"])
        assert amount > 20_000
        assert days > 15
        assert 0 < pence(order["amount"]) <= books.room(order)


def test_who_has_no_credit_has_none(books):
    for order in books.playing("no-credit", "prepaid-with-money", "prepaid-without-money", "on-delivery"):
        assert order["customer"] not in books.lines
        assert books.group[order["customer"]] == ""
    for order in books.playing("credit-withdrawn"):
        assert books.lines[order["customer"]]["limit"] == "none"
    for order in books.playing("unlimited"):
        assert books.lines[order["customer"]]["limit"] == "unlimited"
    for order in books.playing("line-expired"):
        assert books.lines[order["customer"]]["valid_until"] < books.today
    assert {int(books.lines[order["customer"]]["term_days"]) for order in books.playing("term-too-long")} == {45, 60}


def test_money_before_the_goods_is_there_only_where_it_is_said(books):
    free = Counter()
    for row in books.files["receipts"]:
        if row["purpose"] == "payment":
            free[row["customer"]] += pence(row["amount"])
    receipts = {row["number"] for row in books.files["receipts"]}
    customer_of = {row["number"]: row["customer"] for row in books.files["receipts"]}
    for row in books.files["allocations"]:
        if row["receipt"] in receipts:
            free[customer_of[row["receipt"]]] -= pence(row["amount"])
    with_money = [free[order["customer"]] - pence(order["amount"]) for order in books.playing("prepaid-with-money")]
    assert sorted(with_money) == [0, 5_000]
    assert [free[order["customer"]] for order in books.playing("prepaid-without-money")] == [0]
    payments = Counter(order["payment"] for order in books.orders.values())
    assert (payments["prepaid"], payments["cod"]) == (3, 1)


def test_the_group_refuses_what_a_member_may_have_had(books):
    for order in books.playing("group-limit"):
        assert order["customer"] not in books.lines
        assert pence(order["amount"]) > books.group_room(order)
    for order in books.playing("group-limit-below-own"):
        assert pence(order["amount"]) <= books.room(order)
        assert pence(order["amount"]) > books.group_room(order)


def test_orders_in_euro_fit_at_the_last_rate_and_yen_have_none(books):
    rate = [row["rate"] for row in books.files["rates"] if row["from"] == "EUR"][-1]
    for order in books.playing("in-euro"):
        assert order["currency"] == "EUR"
        assert pence(order["amount"]) * float(rate) < books.room(order)
        if books.group[order["customer"]]:
            assert pence(order["amount"]) * float(rate) < books.group_room(order)
    [yen] = books.playing("rate-missing")
    assert (yen["currency"], "JPY" in {row["from"] for row in books.files["rates"]}) == ("JPY", False)
    assert re.fullmatch(r"\d+", yen["amount"])


def test_deliveries_follow_their_orders_and_one_has_none(books):
    delivered = defaultdict(int)
    loose = [row for row in books.files["deliveries"] if not row["order"]]
    for row in books.files["deliveries"]:
        if row["order"]:
            order = books.orders[row["order"]]
            assert row["order"] in books.company.examples["delivering"]
            assert order["date"] <= row["date"] <= books.today
            delivered[row["order"]] += pence(row["amount"])
    assert len(loose) == 1
    assert loose[0]["customer"] not in {order["customer"] for order in books.orders.values()}
    shares = [delivered[order["number"]] / pence(order["amount"]) for order in books.playing("delivering")]
    assert sum(share == 1 for share in shares) == 2
    assert sum(share == 0 for share in shares) == 2
    assert all(share <= 1 for share in shares)


def test_lines_are_keyed_once_and_never_end_before_they_begin(books):
    keys = Counter((row["customer"], row["group"], row["valid_from"]) for row in books.files["lines"])
    assert set(keys.values()) == {1}
    for row in books.files["lines"]:
        assert row["valid_until"] == "" or row["valid_from"] < row["valid_until"]
        assert re.fullmatch(r"\d+|unlimited|none|", row["limit"])
    kinds = Counter(row["limit"] if not row["limit"].isdigit() else "amount" for row in books.files["lines"])
    assert {"amount", "unlimited", "none", ""} == set(kinds)


def test_some_customers_owe_more_than_they_may_and_most_do_not(books):
    amounts = {code: int(row["limit"]) * 100 for code, row in books.lines.items() if row["limit"].isdigit()}
    over = [code for code, limit in amounts.items() if books.owed[code] > limit]
    assert 3 < len(over) < len(amounts) / 20


def test_cheques_cover_a_whole_overdue_invoice_and_fall_due_later(books):
    invoices = {row["number"]: row for row in books.files["invoices"]}
    assert len(books.files["instruments"]) == 6
    for row in books.files["instruments"]:
        assert invoices[row["invoice"]]["customer"] == row["customer"]
        assert invoices[row["invoice"]]["due_date"] < books.today < row["maturity"]
        assert pence(row["amount"]) > 0
