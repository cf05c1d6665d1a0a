"""An invoice entered by hand is checked where the policy says so; one in a file is a fact."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import Conflict, Refused
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Breach, Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


def enter(who, number, amount, **more):
    row = money.invoice_row(who, number, amount, **{"due_on": DAY + timedelta(30), **more})
    return control.enter_invoice(row, on=DAY, by=founding.console())


def after(decision):
    return decision.outcome["measures"][0]["after"]


@pytest.mark.covers("OC-002")
def test_as_shipped_an_invoice_is_noticed_and_never_refused(acme):
    documents, decision = enter(acme, "I", 150_00)
    assert len(documents) == 1
    assert (decision.point, decision.verdict, deals.reasons(decision)) == ("INVOICE", "watch", ["OVER_LIMIT"])
    assert (decision.number, decision.document) == ("I", None)
    assert Breach.objects.get().facts["debt"] == 150_00


def test_a_policy_may_hold_it_and_the_decision_is_kept(acme):
    deals.policy(deals.effect("over_limit", invoice="BLOCK"))
    with pytest.raises(control.StillHeld) as held:
        enter(acme, "I", 100_01)
    assert (held.value.params["number"], held.value.params["reasons"]) == ("I", ["OVER_LIMIT"])
    assert not exposure.Document.objects.exists()
    assert Decision.objects.get().verdict == "held"
    enter(acme, "J", 100_00)
    money.invoice(acme, "K", 500_00)  # a file is a fact
    assert [one.differs for one in control.replay(control.every_decision())] == [False, False]
    assert list(verification.differences()) == []


def test_what_its_goods_already_stand_for_is_not_counted_again(acme):
    one = deals.checked(acme, "O", 100_00)
    deals.ship(one, amount=60_00)
    _, from_goods = enter(acme, "I1", 60_00, delivery_number="O-D1")
    assert (after(from_goods), from_goods.document) == (100_00, one.document)
    _, ahead = enter(acme, "I2", 40_00, order_number="O")
    assert after(ahead) == 100_00
    _, above = enter(acme, "I3", 5_00, order_number="O")
    assert (after(above), deals.reasons(above)) == (105_00, ["OVER_LIMIT"])


def test_goods_without_an_order_are_invoiced_from_their_delivery(acme):
    row = sales.DeliveryRow(number="D", dated_on=DAY, currency="USD", amount=80_00, **money.of(acme))
    sales.record_deliveries(money.entry(), [row])
    _, decision = enter(acme, "I", 90_00, delivery_number="D")
    assert (after(decision), decision.document) == (90_00, None)


def test_a_release_by_order_does_not_read_its_invoices_decision(acme):
    one = deals.checked(acme, "O", 150_00)
    enter(acme, "I", 1_00, order_number="O")
    done = control.sign_release(one, reason="yes", on=DAY, by=books.person("fm", "FINANCE_MANAGER"))
    assert done.order.state == "RELEASED"


def test_the_same_number_again_and_a_stranger_are_refused_before_anything_is_decided(acme):
    enter(acme, "I", 1_00)
    count = Decision.objects.count()
    with pytest.raises(Conflict):
        enter(acme, "I", 1_00)
    row = money.invoice_row(acme, "J", 1_00)
    with pytest.raises(Refused):
        control.enter_invoice(row, on=DAY, by=books.person("s", "SALESPERSON"))
    assert Decision.objects.count() == count
