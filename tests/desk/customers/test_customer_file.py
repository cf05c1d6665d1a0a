"""The customer file: what may stand in it, what its change does, who sees whom."""

import pytest

from tests import books
from xinheng.base.errors import Conflict, Refused, Unknown
from xinheng.base.models import AuditLine, Branch
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.actions import BadStatus
from xinheng.desk.customers.names import BadTaxId, checked_tax_id
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales.public import Order
from xinheng.rules.currencies import UnknownCurrency
from xinheng.rules.terms import UnknownTerm
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    books.found()
    return books.person("admin", "CREDIT_ADMINISTRATOR")


def test_a_file_keeps_what_was_stated_and_the_audit_line_says_who(clerk):
    made = customers.enter_customer(
        "0042",
        by=clerk,
        name="宝鸡渭滨机械",
        name_en="Weibin",
        tax_id="9150 0000 2028 7756 6t",
        group="G1",
        branch="西安",
        salesperson="S01",
        currency="CNY",
        term="月结 30 天",
        customer_class="A",
    )
    found = customers.by_code("0042")
    assert (found.tax_id, found.term, found.currency) == ("91500000202877566T", "月结30", "CNY")
    assert found.customer_class == "A"
    assert (found.group.code, found.branch.code, found.status) == ("G1", "西安", "ACTIVE")
    line = AuditLine.objects.get(subject="customer:0042")
    assert (line.actor, line.data["name"]) == (clerk, "宝鸡渭滨机械")
    assert made == found


def test_a_code_is_taken_once_and_a_name_may_come_again(clerk):
    customers.enter_customer("1", by=clerk, name="Twin")
    customers.enter_customer("01", by=clerk, name="Twin")
    with pytest.raises(Conflict):
        customers.enter_customer("1", by=clerk, name="Other")


def test_what_a_file_said_before_stays_in_the_trail_and_a_field_may_be_emptied(clerk):
    customer = customers.enter_customer("1", by=clerk, name="One", group="G1", term="30D")
    customers.change_customer(customer, by=clerk, name="Uno", group="", term="", status="")
    fresh = customers.by_code("1")
    assert (fresh.name, fresh.group, fresh.term, fresh.status) == ("Uno", None, "", "ACTIVE")
    line = AuditLine.objects.get(verb="customers.customer.changed")
    assert line.data["before"] == {"name": "One", "group": "G1", "term": "30D", "status": "ACTIVE"}
    assert line.data["after"]["group"] == ""


def test_a_change_that_changes_nothing_leaves_no_line(clerk):
    customer = customers.enter_customer("1", by=clerk, name="One")
    customers.change_customer(customer, by=clerk, name="One")
    assert not AuditLine.objects.filter(verb="customers.customer.changed").exists()


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("tax_id", "915000002028775660", BadTaxId),
        ("currency", "XXX", UnknownCurrency),
        ("term", "some day", UnknownTerm),
        ("status", "asleep", BadStatus),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_and_nothing_is_written(clerk, field, value, refusal):
    with pytest.raises(refusal):
        customers.enter_customer("1", by=clerk, name="One", **{field: value})
    with pytest.raises(Unknown):
        customers.by_code("1")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("91500000202877566T", "91500000202877566T"),
        ("91500000-2028-77566t", "91500000202877566T"),
        ("９１５００００0202877566T", "91500000202877566T"),
        ("DE 136 695 976", "DE136695976"),
        ("213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
        ("110101196001010015", None),
        ("91500000202877566Y", None),
        ("DE123456789", None),
        ("213800KUD8LAJWSQ9D16", None),
        ("150000202877566", "150000202877566"),
        ("GST 12/34", "GST 12/34"),
        ("", ""),
    ],
)
def test_a_tax_id_is_checked_by_its_kind(value, kept):
    if kept is None:
        with pytest.raises(BadTaxId):
            checked_tax_id(value)
    else:
        assert checked_tax_id(value) == kept


def test_who_may_not_edit_is_refused(clerk):
    seller = books.person("seller", "SALESPERSON")
    with pytest.raises(Refused):
        customers.enter_customer("1", by=seller, name="One")


def _held(customer, number, amount):
    """An order of a customer that its line does not carry."""
    from xinheng.desk.control import public as control
    from xinheng.desk.sales import public as sales

    account = exposure.account(customer.pk, exposure.entity())
    row = sales.OrderRow(
        entity_id=account.entity_id,
        account_id=account.pk,
        number=number,
        dated_on=books.DAY,
        currency="USD",
        amount=amount,
    )
    order = sales.enter_order(row, customer_id=customer.pk, by=founding.console())
    control.check_order(order, on=books.DAY, by=founding.console())
    order.refresh_from_db()
    return order


def test_a_customer_that_joins_a_group_draws_on_its_line_and_its_held_order_is_looked_at_again(clerk):
    from xinheng.desk.limits import public as limits

    parent = books.customer("P", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=100_00, group_id=parent.group_id)
    limits.set_line(row, on=books.DAY, by=founding.console())
    alone = customers.enter_customer("A", by=clerk, name="Alone")
    order = _held(alone, "S1", 60_00)
    assert order.state == Order.State.HELD
    customers.change_customer(alone, by=clerk, group="G")
    order.refresh_from_db()
    assert order.state == Order.State.APPROVED
    second = _held(parent, "S2", 60_00)
    assert second.state == Order.State.HELD
    customers.change_customer(customers.by_code("A"), by=clerk, group="")
    second.refresh_from_db()
    assert second.state == Order.State.APPROVED
    assert list(verification.differences()) == []


def test_one_who_is_active_again_gets_its_held_order_looked_at(clerk):
    customer = books.customer("A", status="INACTIVE")
    books.line(customer, 100_00)
    order = _held(customer, "S1", 1_00)
    assert order.state == Order.State.HELD
    customers.change_customer(customer, by=clerk, status="ACTIVE")
    order.refresh_from_db()
    assert order.state == Order.State.APPROVED


#: role, branch, whether the person leads S01 → whose customers are seen (A: own, B: S01's, C: S02's of the branch E)
SEEN = [
    ("SALESPERSON", "", False, {"A"}),
    ("SALES_SUPERVISOR", "", True, {"A", "B"}),
    ("SALES_SUPERVISOR", "", False, {"A"}),
    ("SALES_MANAGER", "E", False, {"A", "C"}),
    ("SALES_MANAGER", "", True, {"A", "B"}),
    ("FINANCE_MANAGER", "", False, {"A", "B", "C"}),
    ("AUDITOR", "", False, {"A", "B", "C"}),
]


@pytest.mark.covers("OC-012")
@pytest.mark.parametrize(("role", "branch", "leads", "codes"), SEEN)
def test_who_sees_whom(clerk, role, branch, leads, codes):
    east = Branch.objects.create(code="E", name="East")
    me = books.person("me", role, code="ME", branch=east if branch else None)
    books.person("s01", "SALESPERSON", code="S01", supervisor=me if leads else None)
    books.customer("A", salesperson="ME")
    books.customer("B", salesperson="S01")
    books.customer("C", salesperson="S02", branch="E")
    assert {one.code for one in customers.visible_to(me)} == codes


def test_several_roles_see_as_widely_as_the_widest(clerk):
    me = books.person("me", "SALESPERSON", "AUDITOR")
    books.customer("B", salesperson="S01")
    assert customers.visible_to(me).count() == 1


def test_who_was_let_go_sees_only_what_is_under_his_own_name(clerk):
    me = books.person("me", "AUDITOR", is_active=False)
    books.customer("B", salesperson="S01")
    assert customers.visible_to(me).count() == 0
