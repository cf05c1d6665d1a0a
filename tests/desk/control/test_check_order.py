"""Orders against their limit: what passes, what is held, what it reserves, what frees it."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from xinheng.base import policies
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.rules.policy.shipped import SHIPPED
from xinheng.rules.road import Kind
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


def order(who, number, amount, *, by=None, **more):
    seller = exposure.entity()
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(who.pk, seller).pk,
        number=number,
        dated_on=DAY,
        currency="USD",
        amount=amount,
        **more,
    )
    return sales.enter_order(row, customer_id=who.pk, by=by or founding.console())


def check(one, on=DAY):
    return control.check_order(one, on=on, by=founding.console())


@pytest.fixture
def acme():
    books.found()
    return books.customer("A", salesperson="S01")


@pytest.mark.covers("LM-003", "OC-002", "OC-007")
def test_exposure_equal_to_the_limit_passes_and_a_cent_more_is_held(acme):
    books.line(acme, 200_00)
    assert check(order(acme, "1", 200_00)).verdict in {"approved", "watch"}
    assert books.stands(acme) == {"ORDERED": 200_00}
    held = check(order(acme, "2", 1))
    assert held.verdict == "held"
    assert [reason["code"] for reason in held.outcome["reasons"]] == ["OVER_LIMIT"]
    assert held.outcome["frees"]
    assert books.stands(acme) == {"ORDERED": 200_00}
    assert list(verification.differences()) == []


@pytest.mark.covers("LM-012")
def test_without_a_line_every_customer_is_a_cash_customer(acme):
    held = check(order(acme, "1", 1))
    assert [reason["code"] for reason in held.outcome["reasons"]] == ["NO_CREDIT"]


def test_a_second_check_never_reserves_twice(acme):
    books.line(acme, 100_00)
    one = order(acme, "1", 100_00)
    check(one)
    assert check(one).verdict in {"approved", "watch"}
    assert books.stands(acme) == {"ORDERED": 100_00}


@pytest.mark.covers("OC-002")
def test_a_larger_line_frees_the_held_order_by_itself(acme):
    books.line(acme, 100_00)
    one = order(acme, "1", 150_00)
    check(one)
    books.line(acme, 150_00)
    one.refresh_from_db()
    assert one.state == sales.Order.State.APPROVED
    assert Decision.objects.order_by("-id").first().cause == "LINE"


@pytest.mark.covers("LM-002", "OC-011")
def test_a_release_binds_its_amount_and_needs_somebody_else(acme):
    books.line(acme, 100_00)
    manager = books.person("fm", "FINANCE_MANAGER")
    seller = books.person("sm", "SALES_MANAGER", code="S01")
    one = order(acme, "1", 150_00)
    check(one)
    with pytest.raises(SamePerson):
        control.sign_release(one, reason="I sold it", on=DAY, by=seller)
    with pytest.raises(Refused):
        control.sign_release(one, reason="console", on=DAY, by=founding.console())
    released = control.sign_release(one, reason="paid tomorrow", on=DAY, by=manager)
    assert released.order.state == sales.Order.State.RELEASED
    assert books.stands(acme) == {"ORDERED": 150_00}
    grown = control.change_order(one, control.Change(amount=160_00), on=DAY, by=founding.console())
    assert grown.verdict == "held"
    assert books.stands(acme) == {}


@pytest.mark.covers("OC-009", "OC-013")
def test_a_forced_hold_never_frees_itself(acme):
    books.line(acme, 100_00)
    one = order(acme, "1", 50_00)
    check(one)
    control.force_hold(one, reason="ask the customer", on=DAY, by=founding.console())
    assert books.stands(acme) == {}
    books.line(acme, 500_00)
    one.refresh_from_db()
    assert one.state == sales.Order.State.HELD
    assert control.lift_forced_hold(one, reason="clear", on=DAY, by=founding.console()).verdict == "approved"


def test_a_rejected_order_is_not_checked_again(acme):
    one = order(acme, "1", 50_00)
    check(one)
    control.reject(one, reason="no", by=founding.console())
    with pytest.raises(WrongState):
        check(one)


@pytest.mark.covers("OC-009", "OC-001")
def test_goods_leave_only_with_a_shipping_order_and_not_while_debt_is_overdue(acme):
    books.line(acme, 500_00)
    one = order(acme, "1", 50_00)
    check(one)
    delivery = control.ship(one, on=DAY, by=founding.console())
    assert not sales.Unreleased.objects.exists()
    assert [use.shipping_order.order for use in delivery.left_on.all()] == [one]
    books.add(books.document(acme, Kind.INVOICE, "I1", 60_00, DAY - timedelta(90), due_on=DAY - timedelta(60)))
    two = order(acme, "2", 50_00)
    assert check(two).verdict == "watch"
    with pytest.raises(control.StillHeld):
        control.ship(two, on=DAY, by=founding.console())
    assert books.stands(acme)["DELIVERED"] == 50_00


@pytest.mark.covers("OC-009")
def test_goods_gone_without_a_release_are_listed_by_name(acme):
    books.line(acme, 500_00)
    one = order(acme, "1", 50_00)
    check(one)
    row = sales.DeliveryRow(
        entity_id=one.document.entity_id,
        account_id=one.document.account_id,
        number="D9",
        dated_on=DAY,
        currency="USD",
        amount=50_00,
        order_number="1",
    )
    entry = exposure.open_entry("test", by=founding.console())
    order_document = exposure.Document.objects.get(pk=one.pk)
    order_document.salesperson = "S01"
    order_document.save()
    sales.record_deliveries(entry, [row])
    flagged = sales.Unreleased.objects.get()
    assert (flagged.delivery.number, flagged.responsible, flagged.reason) == ("D9", "S01", "NO_RELEASE")


def test_a_member_draws_on_the_groups_line_and_both_must_pass(acme):
    member = books.customer("M1", group="G")
    other = books.customer("M2", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=100_00, group_id=member.group_id)
    limits.set_line(row, on=DAY, by=founding.console())
    assert check(order(member, "1", 60_00)).verdict == "approved"
    held = check(order(other, "2", 60_00))
    assert [reason["code"] for reason in held.outcome["reasons"]] == ["OVER_GROUP_LIMIT"]
    standing = control.as_json(control.standing(other, exposure.entity()))
    assert (standing["limit_of"], standing["limit"], standing["available"]) == ("G", "100.00", "40.00")


@pytest.mark.covers("LM-001")
def test_a_decision_tells_its_policy_and_replays(acme):
    books.line(acme, 100_00)
    for number in range(3):
        check(order(acme, str(number), 60_00))
    replayed = list(control.replay(control.every_decision()))
    assert [one.differs for one in replayed] == [False] * 3
    assert {one.decision.outcome["policy_signed"] for one in replayed} == {False}


def test_a_missing_rate_holds_and_leaves_a_total_open(acme):
    books.line(acme, 100_00)
    seller = exposure.entity()
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(acme.pk, seller).pk,
        number="E",
        dated_on=DAY,
        currency="EUR",
        amount=10_00,
    )
    held = check(sales.enter_order(row, customer_id=acme.pk, by=founding.console()))
    assert [reason["code"] for reason in held.outcome["reasons"]] == ["RATE_MISSING"]


@pytest.mark.covers("OC-009")
def test_prepaid_passes_up_to_the_money_that_is_there(acme):
    one = order(acme, "P", 40_00, payment="prepaid")
    held = check(one)
    assert [reason["code"] for reason in held.outcome["reasons"]] == ["PREPAYMENT_SHORT"]


@pytest.mark.covers("LM-009")
@pytest.mark.parametrize(("customer_class", "verdict"), [("", "held"), ("A", "approved"), ("B", "held")])
def test_the_class_of_a_customer_decides_how_long_its_term_may_be(db, customer_class, verdict):
    """The policy grants class A sixty days; everybody else has thirty."""
    books.found()
    gm, manager = books.person("gm", "GENERAL_MANAGER"), books.person("fm", "FINANCE_MANAGER")
    document = SHIPPED.replace("days_max_by_class = {}", "days_max_by_class = { A = 60 }")
    policies.sign(policies.propose(document, by=manager, effective_from=DAY).version, by=gm)
    who = books.customer("C-1", customer_class=customer_class)
    books.line(who, 1_000_00)
    assert check(order(who, "O-1", 100, term="45D")).verdict == verdict
