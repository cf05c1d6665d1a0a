"""A finance desk at work, by chance: what it did can be done again, step by step, in other books."""

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import XinhengError
from xinheng.base.models import Company, User
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import founding

#: One thing that was done: the verb and what was said.
Step = tuple[str, tuple[Any, ...]]
AMOUNTS = (10_00, 40_00, 60_00, 90_00, 150_00)
#: How often what happens.
OFTEN = {
    "order": 10,
    "ship": 5,
    "night": 4,
    "receipt": 4,
    "invoice": 4,
    "release": 3,
    "check": 2,
    "allocate": 2,
    "goods": 2,
    "change": 1,
    "payment": 1,
    "cancel": 1,
    "stop": 1,
    "let_go": 1,
    "reject": 1,
    "reopen": 1,
    "shipping_order": 1,
    "undo": 1,
    "gone": 1,
    "back": 1,
    "note": 1,
    "bill": 1,
    "line": 1,
    "hold": 1,
    "lift": 1,
    "status": 1,
    "rate": 1,
    "approve": 1,
    "keep": 1,
}


class Desk:
    """Books with four customers, two of them of one group, and somebody who does things to them."""

    def __init__(self) -> None:
        self.today, self.by = DAY, founding.console()
        for code, group in (("A", ""), ("B", ""), ("GA", "G"), ("GB", "G")):
            books.customer(code, salesperson="S01", **({"group": group} if group else {}))
        for code in "AB":
            books.line(self.customer(code), 200_00)
        row = limits.LineRow(kind="amount", currency="USD", amount=300_00, group_id=self.customer("GA").group_id)
        limits.set_line(row, on=DAY, by=self.by)
        roles = {"fm": "FINANCE_MANAGER", "sm": "SALES_MANAGER", "sd": "SALES_DIRECTOR", "fd": "FINANCE_DIRECTOR"}
        self.staff = {name: books.person(name, role) for name, role in roles.items()}

    def do(self, step: Step) -> bool:
        """Do one thing; whether it could be done."""
        verb, said = step
        with transaction.atomic():
            try:
                getattr(self, f"_{verb}")(*said)
            except control.StillHeld:
                return True  # the decision is kept
            except XinhengError:
                return False
        return True

    @staticmethod
    def customer(code: str) -> Customer:
        return customers.by_code(code)

    def signer(self, name: str) -> User:
        return self.staff[name]

    # What can be done

    def _order(self, code: str, number: str, amount: int, more: dict[str, Any]) -> None:
        deals.checked(self.customer(code), number, amount, self.today, **more)

    def _check(self, number: str) -> None:
        deals.check(sales.order_by_number(number), self.today)

    def _ship(self, number: str, amount: int | None) -> None:
        control.ship(sales.order_by_number(number), on=self.today, by=self.by, amount=amount)

    def _shipping_order(self, number: str) -> None:
        control.let_go(sales.order_by_number(number), on=self.today, by=self.by)

    def _change(self, number: str, amount: int) -> None:
        change = control.Change(amount=amount)
        control.change_order(sales.order_by_number(number), change, on=self.today, by=self.by)

    def _payment(self, number: str, payment: str) -> None:
        change = control.Change(payment=payment)
        control.change_order(sales.order_by_number(number), change, on=self.today, by=self.by)

    def _cancel(self, number: str) -> None:
        sales.cancel_order(sales.order_by_number(number), on=self.today, by=self.by)

    def _stop(self, number: str) -> None:
        control.force_hold(sales.order_by_number(number), reason="wait", on=self.today, by=self.by)

    def _let_go(self, number: str) -> None:
        control.lift_forced_hold(sales.order_by_number(number), reason="go", on=self.today, by=self.by)

    def _release(self, number: str, signer: str) -> None:
        control.sign_release(sales.order_by_number(number), reason="yes", on=self.today, by=self.signer(signer))

    def _reject(self, number: str) -> None:
        control.reject(sales.order_by_number(number), reason="no", by=self.signer("fm"))

    def _reopen(self, number: str) -> None:
        control.reopen_order(sales.order_by_number(number), reason="again", on=self.today, by=self.by)

    def _approve(self, number: str) -> None:
        order = sales.order_by_number(number)
        sales.approve_paper(order, "contract", reason="sealed", on=self.today, by=self.signer("sd"))

    def _invoice(self, code: str, number: str, amount: int, days: int, named: dict[str, str]) -> None:
        due = self.today + timedelta(days)
        row = money.invoice_row(self.customer(code), number, amount, min(self.today, due), due_on=due, **named)
        receivables.post_invoice(row, by=self.by)

    def _back(self, number: str) -> None:
        receivables.reverse_invoice(exposure.document(Kind.INVOICE, number), reason="wrong", by=self.by)

    def _receipt(self, code: str, number: str, amount: int, more: dict[str, Any]) -> None:
        row = money.receipt_row(self.customer(code), number, amount, self.today, **more)
        cash.post_receipt(row, on=self.today, by=self.by)

    def _allocate(self, number: str) -> None:
        paid = exposure.document(Kind.RECEIPT, number)
        receivables.allocate_oldest(paid, dated_on=self.today, on=self.today, by=self.by)

    def _undo(self, place: int) -> None:
        made = list(receivables.Allocation.objects.order_by("pk"))
        receivables.undo_allocation(made[place], reason="wrong", by=self.by)

    def _gone(self, number: str) -> None:
        cash.reverse_receipt(exposure.document(Kind.RECEIPT, number), reason="bounced", by=self.by)

    def _note(self, code: str, number: str) -> None:
        row = money.credit_note_row(self.customer(code), number, 20_00, self.today)
        receivables.post_credit_note(row, on=self.today, by=self.by)

    def _bill(self, invoice: str, number: str, kind: str, acceptor: str, fate: str) -> None:
        who = exposure.document(Kind.INVOICE, invoice).account.customer
        more = {"kind": kind, "acceptor": acceptor, "invoice_number": invoice, "maturity": self.today + timedelta(5)}
        paper = cash.post_instrument(money.paper_row(who, number, 30_00, self.today, **more), by=self.by)
        if fate == "cleared":
            cash.clear_instrument(paper, cleared_on=self.today, on=self.today, by=self.by)
        elif fate == "dishonoured":
            cash.dishonour_instrument(paper, dishonoured_on=self.today, by=self.by)

    def _line(self, code: str, amount: int, begins_in: int, term: str) -> None:
        more = {"valid_from": self.today + timedelta(begins_in)} if begins_in else {}
        books.line(self.customer(code), amount, term=term, **more)

    def _hold(self, code: str, kind: str) -> None:
        limits.place_hold(customer=self.customer(code), by=self.by, reason="look", cause=kind)

    def _lift(self, place: int) -> None:
        placed = limits.Hold.objects.exclude(cause="BREACH").order_by("pk")
        limits.lift_hold(placed[place], by=self.by, reason="fine", on=self.today)

    def _goods(self, code: str, number: str, order: str) -> None:
        """Goods that left without asking: a fact in any books."""
        row = sales.DeliveryRow(
            number=number,
            dated_on=self.today,
            currency="USD",
            amount=20_00,
            order_number=order,
            **money.of(self.customer(code)),
        )
        sales.record_deliveries(money.entry(), [row])

    def _status(self, code: str, status: str) -> None:
        customers.change_customer(self.customer(code), by=self.by, status=status)

    def _rate(self, value: str) -> None:
        exposure.set_rate(exposure.RateRow(self.today, "EUR", "USD", Decimal(value)), by=self.by)

    def _keep(self, place: int) -> None:
        breach = control.Breach.objects.order_by("pk")[place]
        for name in ("sd", "fd"):
            control.keep_credit(breach, reason="old friend", on=self.today, by=self.signer(name))

    def _night(self, days: int) -> None:
        self.today += timedelta(days)
        Company.objects.update(business_date=self.today)
        control.start_day(self.today, by=self.by)


class Chance:
    """Thinks of something to do at a desk."""

    def __init__(self, seed: int, desk: Desk, *, leaving_out: Sequence[str] = ()) -> None:
        self.random, self.desk, self.count = random.Random(seed), desk, 0
        self.verbs = [verb for verb, often in OFTEN.items() for _ in range(often) if verb not in leaving_out]

    def steps(self, count: int) -> list[Step]:
        """So many attempts; those that could be done."""
        done = []
        for _ in range(count):
            verb = self.random.choice(self.verbs)
            said = getattr(self, f"_{verb}", self._about_an_order)()
            if said is not None and self.desk.do((verb, said)):
                done.append((verb, said))
        return done

    def _number(self, code: str) -> str:
        self.count += 1
        return f"{code[0]}{self.count:03}"

    def _code(self) -> str:
        return self.random.choice(("A", "B", "GA", "GB"))

    def _of(self, kind: Kind, **more: Any) -> Document | None:
        found = Document.objects.filter(kind=kind, reversed_by=None, **more).select_related("account__customer")
        there = list(found.order_by("pk"))
        return self.random.choice(there) if there else None

    def _about_an_order(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.ORDER)
        return found and (found.number,)

    def _order(self) -> tuple[Any, ...]:
        code = self._code()
        more = self.random.choice(
            ({}, {}, {}, {"payment": "prepaid"}, {"payment": "cod"}, {"currency": "EUR"}, {"needs": ("contract",)})
        )
        return code, self._number(code), self.random.choice(AMOUNTS), more

    def _ship(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.ORDER)
        return found and (found.number, self.random.choice((None, None, 20_00)))

    def _change(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.ORDER)
        return found and (found.number, self.random.choice(AMOUNTS))

    def _payment(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.ORDER)
        return found and (found.number, self.random.choice(("credit", "prepaid", "cod")))

    def _release(self) -> tuple[Any, ...] | None:
        held = self._of(Kind.ORDER, order__state="HELD") or self._of(Kind.ORDER)
        return held and (held.number, self.random.choice(("fm", "sm", "fd", "sd")))

    def _invoice(self) -> tuple[Any, ...]:
        code, named = self._code(), {}
        order = self._of(Kind.ORDER)
        if order is not None and self.random.random() < 0.6:
            code = order.account.customer.code
            named = self.random.choice(({"order_number": order.number}, {"delivery_number": f"{order.number}-D1"}))
        days = self.random.choice((-20, 1, 10))
        return code, f"I{self._number(code)}", self.random.choice(AMOUNTS), days, named

    def _back(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.INVOICE)
        return found and (found.number,)

    def _receipt(self) -> tuple[Any, ...]:
        code, more = self._code(), {}
        order = self._of(Kind.ORDER)
        if order is not None and self.random.random() < 0.3:
            more["order_number"] = order.number
        if self.random.random() < 0.1:
            more["purpose"] = "deposit"
        return code, f"R{self._number(code)}", self.random.choice(AMOUNTS), more

    def _allocate(self) -> tuple[Any, ...] | None:
        found = self._of(Kind.RECEIPT)
        return found and (found.number,)

    _gone = _allocate

    def _undo(self) -> tuple[Any, ...] | None:
        count = receivables.Allocation.objects.count()
        return (self.random.randrange(count),) if count else None

    def _note(self) -> tuple[Any, ...]:
        code = self._code()
        return code, f"C{self._number(code)}"

    def _bill(self) -> tuple[Any, ...] | None:
        invoice = self._of(Kind.INVOICE)
        if invoice is None:
            return None
        kind = self.random.choice(("BANK_ACCEPTANCE", "CHEQUE"))
        acceptor = self.random.choice(("LARGE_BANK", "SMALL_BANK"))
        fate = self.random.choice(("kept", "cleared", "dishonoured"))
        return invoice.number, f"P{self._number('P')}", kind, acceptor, fate

    def _line(self) -> tuple[Any, ...]:
        amount, begins_in = self.random.choice((100_00, 200_00, 400_00)), self.random.choice((0, 0, 3))
        return self._code(), amount, begins_in, self.random.choice(("", "滚结", "滚结 2"))

    def _hold(self) -> tuple[Any, ...]:
        return self._code(), self.random.choice(("DELIVERY_STOP", "WARNING", "COLLECTION", "MANUAL"))

    def _lift(self) -> tuple[Any, ...] | None:
        count = limits.Hold.objects.exclude(cause="BREACH").count()
        return (self.random.randrange(count),) if count else None

    def _goods(self) -> tuple[Any, ...]:
        code = self._code()
        order = self._of(Kind.ORDER, account__customer__code=code)
        named = order.number if order is not None and self.random.random() < 0.5 else ""
        return code, f"D{self._number(code)}", named

    def _status(self) -> tuple[Any, ...]:
        return self._code(), self.random.choice(("ACTIVE", "ACTIVE", "INACTIVE"))

    def _rate(self) -> tuple[Any, ...]:
        return (self.random.choice(("1.1", "0.9")),)

    def _keep(self) -> tuple[Any, ...] | None:
        count = control.Breach.objects.count()
        return (self.random.randrange(count),) if count else None

    def _night(self) -> tuple[Any, ...]:
        return (self.random.choice((1, 1, 4)),)
