"""滚结: so many batches may stand open; the next one goes when the oldest beyond them are paid (LM-010)."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk.money import allocation_row, invoice
from tests.site.visits import an_order, money
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-010")]


@pytest.fixture
def who(db):
    books.found()
    return books.customer("A")


def pay(number, amount, who):
    """Money that is allocated to one invoice."""
    money(who, f"R-{number}", amount)
    receipt = exposure.Document.objects.get(number=f"R-{number}")
    row = allocation_row(receipt.number, number, amount)
    receivables.allocate(row, receipt, on=DAY, by=founding.console())


def asked(order):
    """(reason codes, what the first way out asks to be paid: number → amount)."""
    result = Decision.objects.filter(document=order.document).order_by("-id").first().outcome
    pays = [step for free in result["frees"][:1] for step in free["steps"] if step["kind"] == "PAY"]
    return (
        [reason["code"] for reason in result["reasons"]],
        {one["number"]: one["amount"] for step in pays for one in step["params"]["items"]},
    )


@pytest.mark.parametrize(
    ("term", "days", "to_pay"),
    [
        ("滚结", [], {}),
        ("滚结", [1], {"B1": 100}),
        ("滚结", [2, 1], {"B1": 100, "B2": 100}),
        ("滚结 2", [1], {}),
        ("滚结 2", [2, 1], {"B1": 100}),
        ("滚结 2", [3, 2, 1], {"B1": 100, "B2": 100}),
        ("滚结 3", [2, 1], {}),
        ("滚结 3", [3, 2, 1], {"B1": 100}),
        ("滚结 2 latest 60D", [2, 1], {"B1": 100}),
    ],
)
def test_the_oldest_batches_beyond_those_allowed_are_paid_first(who, term, days, to_pay):
    books.line(who, 100_000, term=term)
    for nth, ago in enumerate(days, 1):
        invoice(who, f"B{nth}", 100, DAY - timedelta(ago))
    order = an_order(who, "O-1", 50)
    codes, found = asked(order)
    assert found == to_pay
    assert codes == (["ROLLING_BATCH_UNPAID"] if to_pay else [])
    for number, amount in to_pay.items():
        before = Decision.objects.count()
        pay(number, amount, who)
        assert Decision.objects.count() > before, "money that comes has the order looked at again"
    order.refresh_from_db()
    assert order.state == "APPROVED"


def test_one_unit_less_is_not_enough(who):
    books.line(who, 100_000, term="滚结 2")
    for number in ("B1", "B2"):
        invoice(who, number, 100)
    order = an_order(who, "O-1", 50)
    pay("B1", 99, who)
    order.refresh_from_db()
    assert order.state == "HELD"
    assert asked(order) == (["ROLLING_BATCH_UNPAID"], {"B1": 1})


def test_instalments_are_one_batch(who):
    books.line(who, 100_000, term="滚结 2")
    invoice(who, "B1", 60, part=1, term="滚结 2")
    invoice(who, "B1", 40, part=2, term="滚结 2")
    assert an_order(who, "O-1", 50).state == "APPROVED"


def test_invoices_with_another_term_are_no_batches(who):
    books.line(who, 100_000, term="滚结")
    invoice(who, "B1", 100, term="30D")
    assert an_order(who, "O-1", 50).state == "APPROVED"


def test_a_late_batch_is_asked_for_once(who):
    books.line(who, 100_000, term="滚结")
    invoice(who, "B1", 100_00, DAY - timedelta(90), due_on=DAY - timedelta(60), term="滚结")
    order = an_order(who, "O-1", 50)
    codes, found = asked(order)
    assert codes == ["OVERDUE_DAYS", "ROLLING_BATCH_UNPAID"]
    assert found == {"B1": 100_00}


def test_a_replay_says_the_same(who):
    books.line(who, 100_000, term="滚结 2")
    for number in ("B1", "B2"):
        invoice(who, number, 100)
    an_order(who, "O-1", 50)
    (again,) = control.replay(Decision.objects.iterator())
    assert (again.verdict, again.differs) == ("held", False)
