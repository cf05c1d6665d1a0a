"""Credit lines: which one counts on a day, who may set it, what it carries beside its amount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Refused, SamePerson
from xinheng.base.models import AuditLine
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.rules.currencies import UnknownCurrency
from xinheng.rules.terms import UnknownTerm
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(acme):
    return books.person("fm", "FINANCE_MANAGER")


def row(who, **stated):
    return limits.LineRow(**{"kind": "amount", "currency": "USD", "amount": 100_00, "customer_id": who.pk, **stated})


def order(who, number, amount, entity=None, **more):
    stated = {"dated_on": DAY, "currency": "USD", **money.of(who, entity), **more}
    entered = sales.OrderRow(number=number, amount=amount, **stated)
    return sales.enter_order(entered, customer_id=who.pk, by=founding.console())


def verdict(who, number, amount, on=DAY, entity=None, **more):
    """Whether an order passes, and the codes that hold it."""
    one = order(who, number, amount, entity, **more)
    decision = control.check_order(one, on=on, by=founding.console())
    return [reason["code"] for reason in decision.outcome["reasons"] if reason["effect"] == "BLOCK"]


@pytest.mark.covers("LM-012")
def test_a_finance_manager_sets_a_line_and_the_trail_keeps_what_it_says(acme, manager):
    line = limits.set_line(row(acme, term="60天", valid_until=date(2026, 12, 31), reason="yearly"), on=DAY, by=manager)
    assert (line.term, line.set_by) == ("60D", manager)
    kept = AuditLine.objects.get(verb="limits.line.set")
    assert kept.actor == manager
    assert kept.data["amount"] == 100_00
    assert (kept.data["valid_until"], kept.data["term"], kept.data["reason"]) == ("2026-12-31", "60D", "yearly")


@pytest.mark.parametrize("role", ["SALESPERSON", "SALES_MANAGER", "GENERAL_MANAGER", "SETTLEMENT_CLERK", "AUDITOR"])
def test_nobody_else_does(acme, role):
    with pytest.raises(Refused):
        limits.set_line(row(acme), on=DAY, by=books.person("x", role))


def test_nobody_sets_the_line_of_his_own_customer(acme):
    mine = books.customer("B", salesperson="FM", group="G")
    other = books.customer("C", group="G")
    manager = books.person("fm", "FINANCE_MANAGER", code="FM")
    with pytest.raises(SamePerson):
        limits.set_line(row(mine), on=DAY, by=manager)
    with pytest.raises(SamePerson):
        limits.set_line(row(mine, customer_id=None, group_id=mine.group_id), on=DAY, by=manager)
    limits.set_line(row(other), on=DAY, by=manager)
    assert limits.Line.objects.count() == 1


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"amount": None}, "limit"),
        ({"amount": -1}, "limit"),
        ({"kind": "unlimited"}, "limit"),
        ({"kind": "some", "amount": None}, "kind"),
        ({"extra": 10_00}, "extra"),
        ({"extra_until": DAY}, "extra"),
        ({"extra": -1, "extra_until": DAY}, "extra"),
        ({"initial_stock": 10_00}, "initial_stock"),
        ({"initial_stock_until": DAY}, "initial_stock"),
        ({"valid_from": DAY, "valid_until": DAY - timedelta(1)}, "valid_until"),
        ({"customer_id": None}, "holder"),
    ],
)
def test_a_line_that_cannot_be_like_that_is_refused(acme, manager, stated, field):
    with pytest.raises(limits.BadLine) as refused:
        limits.set_line(row(acme, **stated), on=DAY, by=manager)
    assert refused.value.params == {"field": field}
    assert not limits.Line.objects.exists()


def test_a_term_or_currency_nobody_knows_is_refused(acme, manager):
    with pytest.raises(UnknownTerm):
        limits.set_line(row(acme, term="later"), on=DAY, by=manager)
    with pytest.raises(UnknownCurrency):
        limits.set_line(row(acme, currency="XXX"), on=DAY, by=manager)


#: kind, amount → what an order of 1.00 is held with
KINDS = [
    ("amount", 1_00, []),
    ("amount", 99, ["OVER_LIMIT"]),
    ("amount", 0, ["OVER_LIMIT"]),
    ("unlimited", None, []),
    ("none", None, ["NO_CREDIT"]),
    ("unset", None, ["NO_CREDIT"]),
]


@pytest.mark.covers("LM-003", "LM-012")
@pytest.mark.parametrize(("kind", "amount", "codes"), KINDS)
def test_what_a_line_of_each_kind_lets_pass(acme, manager, kind, amount, codes):
    limits.set_line(row(acme, kind=kind, amount=amount), on=DAY, by=manager)
    assert verdict(acme, "S1", 1_00) == codes


@pytest.mark.parametrize(
    ("day", "codes"),
    [(-1, ["LINE_NOT_YET_VALID"]), (0, []), (10, []), (11, ["LINE_EXPIRED"])],
)
def test_a_line_counts_on_its_days_both_included(acme, manager, day, codes):
    limits.set_line(row(acme, valid_from=DAY, valid_until=DAY + timedelta(10)), on=DAY, by=manager)
    assert verdict(acme, "S1", 1_00, on=DAY + timedelta(day)) == codes


@pytest.mark.parametrize(("day", "codes"), [(0, []), (5, []), (6, ["OVER_LIMIT"])])
def test_a_temporary_increase_counts_until_its_end(acme, manager, day, codes):
    limits.set_line(row(acme, extra=20_00, extra_until=DAY + timedelta(5)), on=DAY, by=manager)
    assert verdict(acme, "S1", 120_00, on=DAY + timedelta(day)) == codes


def test_of_several_lines_the_latest_that_has_begun_counts_and_one_of_the_same_day_is_replaced(acme, manager):
    later = DAY + timedelta(20)
    for amount, begins in ((50_00, None), (70_00, DAY), (90_00, later), (80_00, DAY)):
        limits.set_line(row(acme, amount=amount, valid_from=begins), on=DAY, by=manager)
    seller = exposure.entity()

    def on(day):
        return limits.line_in_force(day, entity_id=seller.pk, customer_id=acme.pk).amount

    assert [on(DAY - timedelta(1)), on(DAY), on(later)] == [50_00, 80_00, 90_00]
    replaced = limits.Line.objects.get(amount=70_00)
    assert replaced.replaced_by == manager


def test_a_line_towards_one_entity_goes_before_the_shared_one_and_each_counts_its_own(acme, manager):
    east = exposure.Entity.objects.create(code="EAST", name="East")
    limits.set_line(row(acme, amount=100_00), on=DAY, by=manager)
    limits.set_line(row(acme, amount=30_00, entity_id=east.pk), on=DAY, by=manager)
    assert verdict(acme, "E1", 30_00, entity=east) == []
    assert verdict(acme, "E2", 1_00, entity=east) == ["OVER_LIMIT"]
    # The shared line covers all entities, so what is owed to EAST fills it as well.
    assert verdict(acme, "M1", 70_00) == []
    assert verdict(acme, "M2", 1_00) == ["OVER_LIMIT"]


def test_a_member_without_a_line_draws_on_its_groups_and_with_one_both_must_pass(acme, manager):
    first, second = books.customer("G1", group="G"), books.customer("G2", group="G")
    limits.set_line(row(first, customer_id=None, group_id=first.group_id, amount=100_00), on=DAY, by=manager)
    limits.set_line(row(second, amount=80_00), on=DAY, by=manager)
    assert verdict(first, "A1", 40_00) == []
    assert verdict(second, "B1", 81_00) == ["OVER_LIMIT", "OVER_GROUP_LIMIT"]
    assert verdict(second, "B2", 61_00) == ["OVER_GROUP_LIMIT"]
    assert verdict(second, "B3", 60_00) == []
    standing = control.standing(second, exposure.entity())
    assert (standing.binding.holder, standing.binding.available) == ("G", 0)


def test_a_line_in_another_currency_counts_everything_at_the_rate_of_the_day(acme, manager):
    limits.set_line(row(acme, currency="CNY", amount=700_00), on=DAY, by=manager)
    assert verdict(acme, "S1", 100_00) == ["RATE_MISSING"]
    exposure.set_rate(exposure.RateRow(DAY, "USD", "CNY", Decimal(7)), by=manager)
    assert books.stands(acme) == {"ORDERED": 100_00}  # the order that waited for the rate is free by itself
    assert verdict(acme, "S3", 1) == ["OVER_LIMIT"]


STOCK_END = DAY + timedelta(60)


@pytest.fixture
def stocked(acme, manager):
    """A line of 100 with 40 of initial stock beside it, of which 30 has been delivered and invoiced."""
    limits.set_line(row(acme, initial_stock=40_00, initial_stock_until=STOCK_END), on=DAY, by=manager)
    invoice = money.invoice(acme, "F1", 30_00, term="铺底")
    assert (invoice.due_on, invoice.nature) == (STOCK_END, "INITIAL_STOCK")
    return acme


@pytest.mark.covers("LM-010")
def test_initial_stock_is_carried_beside_the_limit(stocked):
    assert verdict(stocked, "S1", 100_00) == []
    assert verdict(stocked, "S2", 1) == ["OVER_LIMIT"]
    standing = control.standing(stocked, exposure.entity())
    assert (standing.own.limit, standing.exposure, standing.own.available) == (130_00, 130_00, 0)


def test_initial_stock_does_not_revolve(stocked):
    money.receipt(stocked, "R1", 30_00)
    money.allocate("R1", "F1", 20_00)
    assert control.standing(stocked, exposure.entity()).own.limit == 110_00
    # Goods of the ordinary kind draw nothing from the line of the initial stock.
    money.invoice(stocked, "I1", 95_00, term="30D")
    assert control.standing(stocked, exposure.entity()).own.limit == 110_00
    assert control.standing(stocked, exposure.entity(), exposure.Moment(DAY - timedelta(1))).own.limit == 100_00


def test_the_line_of_the_initial_stock_ends(stocked):
    assert verdict(stocked, "S1", 100_00, on=STOCK_END) == []
    over = verdict(stocked, "S2", 1, on=STOCK_END + timedelta(1))
    assert "OVER_LIMIT" in over


def test_more_initial_stock_than_its_line_counts_against_the_limit(stocked):
    money.invoice(stocked, "F2", 20_00, term="铺底")
    assert control.standing(stocked, exposure.entity()).own.limit == 140_00
    assert verdict(stocked, "S1", 90_00) == []
    assert verdict(stocked, "S2", 1) == ["OVER_LIMIT"]


def test_the_initial_stock_of_a_group_is_that_of_all_its_members(acme, manager):
    first, second = books.customer("G1", group="G"), books.customer("G2", group="G")
    group = {"customer_id": None, "group_id": first.group_id}
    limits.set_line(row(first, initial_stock=40_00, initial_stock_until=STOCK_END, **group), on=DAY, by=manager)
    money.invoice(first, "F1", 25_00, term="铺底")
    money.invoice(second, "F2", 15_00, term="铺底")
    assert verdict(first, "S1", 100_00) == []
    assert verdict(second, "S2", 1) == ["OVER_GROUP_LIMIT"]


def test_initial_stock_is_not_overdue_before_its_end(stocked):
    one = order(stocked, "S1", 10_00)
    control.check_order(one, on=DAY, by=founding.console())
    assert control.ship(one, on=STOCK_END, by=founding.console()).amount == 10_00


def test_initial_stock_not_given_back_at_its_end_is_overdue(stocked):
    one = order(stocked, "S1", 10_00)
    control.check_order(one, on=DAY, by=founding.console())
    with pytest.raises(control.StillHeld) as refused:
        control.ship(one, on=STOCK_END + timedelta(30), by=founding.console())
    assert "OVERDUE_DAYS" in refused.value.params["reasons"]


def test_the_term_on_the_customers_file_decides_where_nothing_else_does(acme, manager):
    agreed = books.customer("B", term="45D")
    assert money.invoice(agreed, "I1", 1_00).due_on == DAY + timedelta(45)
    limits.set_line(row(agreed, term="10D"), on=DAY, by=manager)
    assert money.invoice(agreed, "I2", 1_00).due_on == DAY + timedelta(10)
    assert money.invoice(acme, "I3", 1_00).due_on == DAY


def test_a_customer_who_settles_by_batches_is_held_while_the_last_one_is_unpaid(acme, manager):
    rolling = books.customer("B", term="滚结 1 latest 60D")
    limits.set_line(row(rolling), on=DAY, by=manager)
    money.invoice(rolling, "I1", 5_00)
    assert verdict(rolling, "S1", 1_00) == ["ROLLING_BATCH_UNPAID"]
