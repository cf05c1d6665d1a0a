"""Two entities on one shared line: the figures of every door reconcile, and what frees an order names whom to pay."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from tests.site.visits import browse, read, words
from xinheng.desk.control import public as control
from xinheng.desk.control import words as said
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(acme):
    books.line(acme, 1000_00)
    exposure.write_entities([("EAST", "East Company")])
    return exposure.entity("EAST")


def owes(who, number, amount, entity=None, **more):
    return money.invoice(who, number, amount, **money.of(who, entity), **more)


@pytest.mark.covers("LM-003")
def test_limit_less_what_fills_it_is_what_is_available(acme, east):
    owes(acme, "I1", 180_00)
    owes(acme, "I2", 400_00, east)
    answer = control.as_json(control.standing(acme, exposure.entity()))
    assert (answer["exposure"], answer["limit"], answer["available"]) == ("180.00", "1000.00", "420.00")
    assert (answer["limit_exposure"], answer["limit_currency"]) == ("580.00", "USD")
    assert answer["limit_exposure_of"] == [
        {"customer": "A", "entity": "MAIN", "exposure": "180.00"},
        {"customer": "A", "entity": "EAST", "exposure": "400.00"},
    ]
    other = control.as_json(control.standing(acme, east))
    assert (other["exposure"], other["limit_exposure"]) == ("400.00", "580.00")


def test_the_customers_page_says_who_fills_the_limit(acme, east, manager):
    owes(acme, "I1", 180_00)
    assert "Who fills the limit" not in read(browse(manager), f"/customers/{acme.pk}/")
    owes(acme, "I2", 400_00, east)
    page = words(read(browse(manager), f"/customers/{acme.pk}/"))
    assert "Who fills the limit of A: $580.00 in all A · MAIN $180.00" in page
    assert "A · EAST $400.00" in page
    assert "towards other entities" in page
    assert "A · EAST $400.00" in words(read(browse(manager), f"/customers/{acme.pk}/credit-sheet/"))


def test_a_decision_tells_what_each_entity_is_owed_and_whose_invoice_is_to_be_paid(acme, east, manager):
    late = {"due_on": DAY - timedelta(30)}
    owes(acme, "I1", 500_00, on=DAY - timedelta(60), **late)
    owes(acme, "I1", 400_00, east, on=DAY - timedelta(60), due_on=DAY - timedelta(40))
    order = deals.checked(acme, "O", 300_00)
    decision = deals.last(order)
    (measure,) = decision.outcome["measures"]
    assert measure["by_entity"] == {"EAST": 400_00, "MAIN": 500_00}
    assert measure["exposure"] == 900_00
    (first, *_others) = decision.outcome["frees"]
    (step,) = first["steps"]
    assert [(one["number"], one["entity"], one["amount"]) for one in step["params"]["items"]] == [
        ("I1", "EAST", 200_00)
    ]
    assert "$200.00 on I1 of EAST" in said.free(first)
    page = words(read(browse(manager), f"/control/orders/{order.pk}/"))
    assert "EAST $400.00" in page
    assert "MAIN $500.00" in page


def test_a_company_of_one_entity_never_sees_the_word(acme, manager):
    books.line(acme, 100_00)
    owes(acme, "I1", 90_00, on=DAY - timedelta(60), due_on=DAY - timedelta(30))
    decision = deals.last(deals.checked(acme, "O", 30_00))
    assert decision.outcome["measures"][0]["by_entity"] == {}
    assert "entity" not in str(decision.outcome["frees"])
    assert "MAIN" not in said.free(decision.outcome["frees"][0])


def test_money_of_one_entity_does_not_pay_an_invoice_of_another_and_it_is_said_so(acme, east):
    money.receipt(acme, "R1", 100_00)
    here, there = owes(acme, "I1", 100_00), owes(acme, "I2", 100_00, east)
    row = receivables.AllocationRow(east.pk, "R1", "I2", DAY, 1_00)
    with pytest.raises(receivables.BadRows) as refused:
        receivables.allocate_many(money.entry(), [row])
    assert (refused.value.code, refused.value.params["entity"]) == ("OTHER_ENTITY", "MAIN")
    credit = exposure.Document.objects.get(number="R1")
    stated = {"dated_on": DAY, "on": DAY, "by": founding.console()}
    with pytest.raises(receivables.OtherEntity):
        receivables.allocate_by_hand(credit, [(there, 1_00)], **stated)
    assert receivables.allocate_by_hand(credit, [(here, 1_00)], **stated)
