"""Old debt at the check: overdue after grace, by amount, by share, cash on delivery, batches, the group."""

from decimal import Decimal

import pytest

from tests.rules.order_check.making import (
    CHANGE,
    DELIVERY,
    INVOICE,
    ON,
    ORDER,
    codes,
    effects,
    facts,
    holder,
    item,
    late,
    line,
    params,
    policy,
    rule,
    verdict,
)
from xinheng.rules.exposure import Components
from xinheng.rules.order_check import check
from xinheng.rules.order_check.facts import HolderKind, LineKind
from xinheng.rules.policy import ItemNature, Payment, shipped

MUCH = 100_00
BIG = holder(10**9).line
COD, ROLLING, DISPUTED = ItemNature.COD, ItemNature.ROLLING, ItemNature.DISPUTED
RETENTION, STOCK = ItemNature.RETENTION, ItemNature.INITIAL_STOCK


def owing(*due, **more):
    """A customer far below its limit who owes these sums."""
    return holder(more.pop("line", BIG), MUCH, due=due, **more)


class TestDays:
    """超期: debt that is unpaid beyond the days of grace and above the minimum amount."""

    pytestmark = pytest.mark.covers("OC-001", "OC-007", "OC-013")

    @pytest.mark.parametrize(
        ("point", "effect"), [(ORDER, "NOTICE"), (CHANGE, "NOTICE"), (DELIVERY, "BLOCK"), (INVOICE, "NOTICE")]
    )
    def test_a_notice_at_the_order_and_a_hold_at_the_delivery(self, point, effect):
        decision = check(facts(100, owing(late(6, MUCH)), point=point), shipped())
        assert effects(decision)["OVERDUE_DAYS"] == effect
        assert decision.verdict == ("held" if effect == "BLOCK" else "watch")

    @pytest.mark.parametrize(
        ("days", "expected"),
        [(-30, "approved"), (0, "approved"), (1, "approved"), (5, "approved"), (6, "held"), (400, "held")],
    )
    def test_five_days_are_forgiven_counted_without_the_first(self, days, expected):
        assert verdict(facts(100, owing(late(days, MUCH)), point=DELIVERY)) == expected

    @pytest.mark.parametrize(
        ("grace", "days", "expected"), [(0, 0, "approved"), (0, 1, "held"), (30, 30, "approved"), (30, 31, "held")]
    )
    def test_the_days_of_grace_are_the_policys(self, grace, days, expected):
        under = policy(overdue={"grace_days": grace})
        assert verdict(facts(100, owing(late(days, MUCH)), point=DELIVERY), under) == expected

    @pytest.mark.parametrize(
        ("sums", "expected"),
        [
            ([late(9, 10_00)], "approved"),  # not above the minimum
            ([late(9, 10_01)], "held"),
            ([late(9, 6_00), late(8, 4_01)], "held"),  # together
            ([late(9, 6_00), late(5, 4_01)], "approved"),  # in grace it does not count
            ([late(9, 1000, currency="JPY")], "approved"),
            ([late(9, 1001, currency="JPY")], "held"),
            ([late(9, 5_00), late(9, 5_00, currency="USD")], "approved"),  # half and half of what is forgiven
            ([late(9, 5_00), late(9, 5_01, currency="USD")], "held"),
            ([late(9, 0)], "approved"),
            ([late(9, -5)], "approved"),
        ],
    )
    def test_trifles_are_forgiven(self, sums, expected):
        assert verdict(facts(100, owing(*sums), point=DELIVERY)) == expected

    @pytest.mark.parametrize(
        ("minimum", "amount", "currency", "expected"),
        [
            ({}, 1, "CNY", "held"),
            ({"CNY": "10"}, 1, "USD", "held"),  # a currency for which no minimum was said
            ({"CNY": "10"}, 10_00, "CNY", "approved"),
            ({"*": "0"}, 1, "CNY", "held"),
            ({"*": "10", "USD": "20"}, 20_00, "USD", "approved"),
            ({"CNY": "10.005"}, 10_01, "CNY", "held"),
        ],
    )
    def test_the_minimum_is_the_policys_by_currency(self, minimum, amount, currency, expected):
        under = policy(overdue={"minimum_amounts": minimum})
        assert verdict(facts(100, owing(late(9, amount, currency=currency)), point=DELIVERY), under) == expected

    def test_the_reason_tells_how_much_and_how_long(self):
        decision = check(facts(100, owing(late(9, 20_00), late(20, 15_00), late(7, 3_00, currency="USD"))), shipped())
        assert params(decision, "OVERDUE_DAYS") == {
            "amounts": {"CNY": 35_00, "USD": 3_00},
            "days": 20,
            "grace_days": 5,
        }

    @pytest.mark.parametrize("payment", Payment)
    def test_it_is_looked_at_however_the_order_is_paid(self, payment):
        found = facts(100, owing(late(9, MUCH)), point=DELIVERY, payment=payment, prepaid_money=100)
        assert "OVERDUE_DAYS" in codes(check(found, shipped()))


class TestLeftOut:
    """What is not overdue: approved disputes, retention money before its day, initial stock while its line runs."""

    pytestmark = pytest.mark.covers("OC-001", "LM-010")

    def test_an_approved_dispute(self):
        assert verdict(facts(100, owing(late(90, MUCH, DISPUTED)), point=DELIVERY)) == "approved"
        counting = policy(overdue={"excluded": []})
        assert verdict(facts(100, owing(late(90, MUCH, DISPUTED)), point=DELIVERY), counting) == "held"

    @pytest.mark.parametrize(("days", "expected"), [(-300, "approved"), (5, "approved"), (6, "held")])
    def test_retention_money_is_due_when_its_own_period_is_over(self, days, expected):
        assert verdict(facts(100, owing(late(days, MUCH, RETENTION)), point=DELIVERY)) == expected

    @pytest.mark.parametrize(
        ("stock", "until", "expected"),
        [
            (MUCH, ON, "approved"),
            (MUCH, None, "approved"),
            (MUCH, ON.replace(day=1), "held"),  # its line has ended: it had to be paid or given back
            (0, None, "held"),  # nothing carries it: its own due day counts
        ],
    )
    def test_initial_stock_has_an_end_of_its_own(self, stock, until, expected):
        carrying = line(10**9, initial_stock=stock, initial_stock_until=until)
        customer = owing(late(60, MUCH, STOCK), line=carrying, initial_stock={"CNY": MUCH})
        assert verdict(facts(100, customer, point=DELIVERY)) == expected

    def test_initial_stock_counts_where_the_policy_leaves_nothing_out(self):
        customer = owing(late(60, MUCH, STOCK), line=line(10**9, initial_stock=MUCH))
        assert verdict(facts(100, customer, point=DELIVERY), policy(overdue={"excluded": ["DISPUTED"]})) == "held"


class TestAmount:
    """逾期金额: all that is late, grace or not, against a bound; none as shipped."""

    pytestmark = pytest.mark.covers("OC-001")

    @pytest.mark.parametrize(
        ("bounds", "sums", "bites"),
        [
            ({}, [late(1, 10**9)], False),
            ({"*": "100"}, [late(1, 100_00)], False),
            ({"*": "100"}, [late(1, 100_01)], True),
            ({"*": "100"}, [late(0, 100_01)], False),
            ({"*": "100"}, [late(1, 60_00), late(9, 40_01)], True),
            ({"*": "100"}, [late(1, 50_00), late(1, 50_01, currency="USD")], True),
            ({"CNY": "100"}, [late(1, 100_00), late(1, 10**9, currency="USD")], False),  # no bound for dollars
            ({"CNY": "0"}, [late(1, 1)], True),
        ],
    )
    def test_against_its_bound(self, bounds, sums, bites):
        decision = check(facts(100, owing(*sums)), policy(overdue={"amount_max": bounds}))
        assert ("OVERDUE_AMOUNT" in codes(decision)) == bites
        if bites:
            assert params(decision, "OVERDUE_AMOUNT")["amounts_max"] == bounds


class TestShare:
    """逾期占比: overdue debt as a share of exposure; no bound as shipped."""

    pytestmark = pytest.mark.covers("OC-001")
    TENTH = policy(overdue={"share_percent_max": 10})

    @pytest.mark.parametrize(
        ("owes", "overdue", "bites"),
        [(200_00, 20_00, False), (200_00, 20_01, True), (-5, 20_00, True), (0, 20_00, True), (50_00, 5_01, False)],
    )
    def test_against_its_bound(self, owes, overdue, bites):
        customer = holder(BIG, owes, due=(late(9, overdue),))
        decision = check(facts(100, customer), self.TENTH)
        assert ("OVERDUE_SHARE" in codes(decision)) == bites
        if bites:
            said = {"overdue": overdue, "exposure": owes, "percent_max": 10, "currency": "CNY"}
            assert params(decision, "OVERDUE_SHARE") == said

    def test_cash_on_delivery_counts_too(self):
        customer = holder(BIG, 200_00, due=(late(1, 20_01, COD),))
        assert codes(check(facts(100, customer), self.TENTH)) == ["OVERDUE_SHARE", "COD_OVERDUE"]

    @pytest.mark.parametrize(
        ("components", "due", "missing"),
        [
            ({"USD": Components(invoiced=1)}, late(9, 20_00), ["USD"]),
            ({"CNY": Components(invoiced=1)}, late(9, 20_00, currency="USD"), ["USD"]),
            ({"JPY": Components(invoiced=1)}, late(9, 20_00, currency="USD"), ["JPY", "USD"]),
        ],
    )
    def test_without_a_rate_it_cannot_be_told(self, components, due, missing):
        customer = holder(line(LineKind.UNLIMITED), components=components, due=(due,))
        said = params(check(facts(0, customer), self.TENTH), "RATE_MISSING")
        assert (said["blinds"], said["from"]) == ("OVERDUE_SHARE", missing)

    def test_with_one_it_can(self):
        customer = holder(BIG, 200_00, due=(late(9, 20_00, currency="USD"),), rates={"USD": Decimal(7)})
        assert params(check(facts(0, customer), self.TENTH), "OVERDUE_SHARE")["overdue"] == 140_00


class TestNotice:
    """逾期提醒: debt that is late but that no other rule speaks of; not looked at as shipped."""

    NOTICING = policy(check_points=rule("overdue_notice", "NOTICE"))

    def test_debt_in_grace(self):
        found = facts(100, owing(late(2, MUCH)))
        assert codes(check(found, shipped())) == []
        assert params(check(found, self.NOTICING), "OVERDUE_NOTICE") == {"amounts": {"CNY": MUCH}}

    def test_not_beside_another_overdue_rule(self):
        assert codes(check(facts(100, owing(late(9, MUCH))), self.NOTICING)) == ["OVERDUE_DAYS"]
        silent = policy(check_points=rule("overdue_notice", "NOTICE") | rule("overdue_days", "IGNORE"))
        assert codes(check(facts(100, owing(late(9, MUCH))), silent)) == ["OVERDUE_NOTICE"]


class TestCashOnDelivery:
    """货到结款: exempt from the limit, due when the goods arrive, overdue the day after without grace (OC-018)."""

    pytestmark = pytest.mark.covers("OC-018")

    @pytest.mark.parametrize("point", [ORDER, DELIVERY])
    def test_it_needs_no_limit_and_no_line(self, point):
        poor = holder(line(0), 0)
        assert verdict(facts(10**6, poor, payment=Payment.COD, point=point)) == "approved"

    @pytest.mark.parametrize(("days", "expected"), [(0, "approved"), (1, "held"), (90, "held")])
    def test_unpaid_on_the_day_after_it_is_overdue_without_grace_or_minimum(self, days, expected):
        assert verdict(facts(100, owing(late(days, 1, COD)), point=DELIVERY)) == expected

    def test_at_the_order_it_is_a_notice(self):
        assert effects(check(facts(100, owing(late(1, 1, COD))), shipped())) == {"COD_OVERDUE": "NOTICE"}

    def test_it_stands_against_whoever_sold_it_not_whoever_sells_now(self):
        items = (
            item("1", 9, 10_00, COD, salesperson="S1"),
            item("2", 9, 10_00, COD, salesperson="S2"),
            item("3", 9, 10_00, COD),
            item("4", 9, 10_00, salesperson="S3"),
            item("5", 0, 10_00, COD, salesperson="S4"),
            item("6", 9, 10_00, COD, salesperson="S1"),
        )
        customer = owing(late(9, 40_00, COD), late(0, 10_00, COD), items=items)
        decision = check(facts(100, customer, salesperson="S9"), shipped())
        assert params(decision, "COD_OVERDUE") == {"amounts": {"CNY": 40_00}, "salespeople": ["S1", "S2"]}

    def test_the_policy_may_give_grace(self):
        under = policy(overdue={"cod_grace_days": 2})
        assert verdict(facts(100, owing(late(2, 1, COD)), point=DELIVERY), under) == "approved"
        assert verdict(facts(100, owing(late(3, 1, COD)), point=DELIVERY), under) == "held"

    def test_it_is_no_overdue_debt_on_credit(self):
        assert "OVERDUE_DAYS" not in codes(check(facts(100, owing(late(90, MUCH, COD))), shipped()))


class TestRolling:
    """滚结: batch n needs batch n−1 paid (LM-010)."""

    pytestmark = pytest.mark.covers("LM-010")

    @pytest.mark.parametrize("days", [-30, 0, 3, 90])
    def test_the_next_batch_waits_until_the_last_is_paid_whatever_its_day(self, days):
        customer = owing(late(days, 10_00, ROLLING))
        decision = check(facts(100, customer, rolling=True), shipped())
        assert params(decision, "ROLLING_BATCH_UNPAID") == {"amounts": {"CNY": 10_00}}
        assert decision.held

    @pytest.mark.parametrize("due", [(), (late(0, 0, ROLLING),), (late(0, 10_00),)])
    def test_nothing_left_of_it_lets_the_next_one_go(self, due):
        assert verdict(facts(100, owing(*due), rolling=True)) == "approved"

    def test_an_order_that_does_not_settle_by_batches_does_not_wait(self):
        assert verdict(facts(100, owing(late(0, 10_00, ROLLING)))) == "approved"

    def test_a_late_batch_is_overdue_debt_as_well(self):
        found = facts(100, owing(late(9, MUCH, ROLLING)), rolling=True, point=DELIVERY)
        assert codes(check(found, shipped())) == ["OVERDUE_DAYS", "ROLLING_BATCH_UNPAID", "BREACH"]

    def test_the_policy_may_look_away(self):
        blind = policy(check_points=rule("rolling_batch_unpaid", "IGNORE"))
        assert verdict(facts(100, owing(late(0, 10_00, ROLLING)), rolling=True), blind) == "approved"


class TestGroup:
    """One member's overdue is a notice to the others, from a set amount a hold."""

    pytestmark = pytest.mark.covers("OC-004")

    @pytest.mark.parametrize(
        ("sums", "effect"),
        [
            ([late(6, 10_00)], None),
            ([late(5, 10**9)], None),
            ([late(6, 10_01)], "NOTICE"),
            ([late(6, 99_999_99)], "NOTICE"),
            ([late(6, 100_000_00)], "BLOCK"),
            ([late(6, 50_000_00), late(9, 50_000_00, currency="USD")], "BLOCK"),
            ([late(6, 10_000_000, currency="JPY")], "BLOCK"),
            ([late(1, 100_000_00, COD)], "BLOCK"),
            ([late(90, 10**9, DISPUTED)], None),
        ],
    )
    def test_of_the_other_members(self, sums, effect):
        decision = check(facts(100, group=holder(10**12, code="G", due=tuple(sums))), shipped())
        assert effects(decision) == ({} if effect is None else {"GROUP_OVERDUE": effect})

    def test_the_reason_is_the_groups_and_names_amount_and_bound(self):
        under = policy(group={"overdue_hold_amounts": {"CNY": "50"}})
        decision = check(facts(100, group=holder(10**12, code="G", due=(late(6, 60_00),))), under)
        assert decision.reasons[0].holder is HolderKind.GROUP
        assert params(decision, "GROUP_OVERDUE") == {"amounts": {"CNY": 60_00}, "amounts_hold": {"CNY": "50"}}

    def test_without_a_set_amount_it_never_holds(self):
        under = policy(group={"overdue_hold_amounts": {}})
        decision = check(facts(100, group=holder(10**12, code="G", due=(late(6, 10**11),))), under)
        assert effects(decision) == {"GROUP_OVERDUE": "NOTICE"}

    def test_the_policy_may_look_away_or_only_warn(self):
        group = holder(10**12, code="G", due=(late(6, 10**11),))
        assert verdict(facts(group=group), policy(check_points=rule("group_overdue", "IGNORE"))) == "approved"
        assert verdict(facts(group=group), policy(check_points=rule("group_overdue", "NOTICE"))) == "watch"
