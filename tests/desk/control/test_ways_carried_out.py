"""What frees an order is done for real, and frees it; one unit less does not (semantics.md 3)."""

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from tests.site.visits import an_order
from tests.site.visits import money as money_comes
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales.public import Order
from xinheng.site import founding

pytestmark = pytest.mark.django_db


def ways(order):
    """The ways out of the newest decision: kind of step → its params, without signatures."""
    outcome = Decision.objects.filter(document=order.document).order_by("-id").first().outcome
    found = [{step["kind"]: step["params"] for step in free["steps"]} for free in outcome["frees"]]
    return [one for one in found if "SIGN" not in one]


def state(order):
    order.refresh_from_db()
    return order.state


@pytest.mark.covers("OC-002", "LM-012")
@pytest.mark.parametrize(("there", "missing"), [(0, 100), (60, 40), (100, 0), (150, 0)])
def test_turned_to_prepaid_an_order_rests_on_the_money_that_is_there(there, missing):
    books.found()
    who = books.customer("A")
    if there:
        money_comes(who, "R-1", there)
    order = an_order(who, "O-1", 100)
    (way,) = [one for one in ways(order) if "CHANGE_PAYMENT" in one]
    assert way.get("PREPAY", {"amount": 0})["amount"] == missing
    control.change_order(order, control.Change(payment="prepaid"), on=DAY, by=founding.console())
    if missing:
        assert state(order) == "HELD"
        for number, amount in (("R-2", missing - 1), ("R-3", 1)):
            money_comes(who, number, amount)
            control.check_order(Order.objects.get(pk=order.pk), on=DAY, by=founding.console())
            assert state(order) == ("HELD" if number == "R-2" else "APPROVED")
    assert state(order) == "APPROVED"


@pytest.mark.covers("LM-003", "OC-002")
@pytest.mark.parametrize("owed", [[70], [30, 40], [10, 60]])
def test_paying_what_it_says_makes_room_under_the_limit(owed):
    books.found()
    who = books.customer("A")
    books.line(who, 100)
    for number, amount in enumerate(owed):
        money.invoice(who, f"I-{number}", amount)
    order = an_order(who, "O-1", 50)
    (pay,) = [one["PAY"] for one in ways(order) if set(one) == {"PAY"}]
    assert pay["total"] == {"USD": 20}
    money_comes(who, "R-1", 19)
    receivables.allocate_oldest(Document.objects.get(number="R-1"), dated_on=DAY, on=DAY, by=founding.console())
    assert state(order) == "HELD"
    money_comes(who, "R-2", 1)
    receivables.allocate_oldest(Document.objects.get(number="R-2"), dated_on=DAY, on=DAY, by=founding.console())
    assert state(order) == "APPROVED"


@pytest.mark.covers("LM-003", "OC-002")
def test_raising_the_limit_or_cutting_the_order_to_what_it_says_frees_it():
    books.found()
    raised, cut = books.customer("A"), books.customer("B")
    orders = {}
    for who in (raised, cut):
        books.line(who, 100)
        money.invoice(who, f"I-{who.code}", 70)
        orders[who.code] = an_order(who, f"O-{who.code}", 50)
    found = ways(orders["A"])
    (to,) = [one["RAISE_LIMIT"]["to"] for one in found if set(one) == {"RAISE_LIMIT"}]
    books.line(raised, to - 1)
    assert state(orders["A"]) == "HELD"
    books.line(raised, to)
    assert state(orders["A"]) == "APPROVED"
    (to,) = [one["REDUCE_ORDER"]["to"] for one in ways(orders["B"]) if set(one) == {"REDUCE_ORDER"}]
    for amount, after in ((to + 1, "HELD"), (to, "APPROVED")):
        control.change_order(orders["B"], control.Change(amount=amount), on=DAY, by=founding.console())
        assert state(orders["B"]) == after
