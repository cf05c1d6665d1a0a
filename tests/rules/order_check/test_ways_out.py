"""What would free a held order, told as steps: what to put right, what to pay, how far to cut, who raises or signs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.order_check.making import (
    DELIVERY,
    NO_LINE,
    ON,
    facts,
    hold,
    holder,
    item,
    kinds,
    late,
    line,
    paid,
    policy,
    rule,
    standing,
    step,
    ways,
)
from xinheng.rules.exposure import Components
from xinheng.rules.order_check import StepKind, check
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.facts import Credit, HolderKind, LineKind
from xinheng.rules.policy import ItemNature, Payment, shipped

PLAIN, COD, ROLLING, DISPUTED = ItemNature.PLAIN, ItemNature.COD, ItemNature.ROLLING, ItemNature.DISPUTED
BIG = line(10**9)


def out(found, under=None):
    return check(found, under or shipped())


def asked(number, days, amount, nature=PLAIN, currency="CNY", part=1):
    """What a payment says of a listed item."""
    due_on = (late(days, 0)).due_on.isoformat()
    return {"number": number, "part": part, "due_on": due_on, "currency": currency, "nature": nature, "amount": amount}


def every(decision):
    """The kinds of steps of all ways."""
    return {kind for way in kinds(decision) for kind in way}


def test_an_order_that_passes_needs_no_way_out():
    assert out(facts()).frees == ()
    assert out(facts(100, holder(1000, 850))).frees == ()


class TestOverTheLimit:
    """Pay, cut, pay beforehand, raise, sign: in this order."""

    def test_all_five_ways(self):
        decision = out(facts(300, holder(1000, 900)))
        assert kinds(decision) == [
            ["PAY"],
            ["REDUCE_ORDER"],
            ["CHANGE_PAYMENT", "PREPAY"],
            ["RAISE_LIMIT"],
            ["SIGN"],
        ]
        assert ways(decision)[0][0][1]["on_account"] == {"CNY": 200}
        assert ways(decision)[1][0][1] == {"to": 100, "currency": "CNY"}
        assert ways(decision)[2] == [
            ("CHANGE_PAYMENT", {"to": "PREPAID"}),
            ("PREPAY", {"amount": 300, "currency": "CNY"}),
        ]
        assert ways(decision)[3][0][1] == {"holder": "CUSTOMER", "code": "A", "to": 1200, "currency": "CNY"}

    def test_money_that_is_there_already_need_not_come_again(self):
        assert step(out(facts(300, holder(1000, 900), prepaid_money=120)), "PREPAY")["amount"] == 180
        assert ["CHANGE_PAYMENT"] in kinds(out(facts(300, holder(1000, 900), prepaid_money=300)))

    def test_invoices_are_named_the_oldest_first_and_the_last_only_as_far_as_needed(self):
        items = (item("I1", 9, 50), item("I2", 3, 100), item("I3", -20, 500))
        pay = step(out(facts(300, holder(1000, 900, items=items))), "PAY")
        assert pay["items"] == [asked("I1", 9, 50), asked("I2", 3, 100), asked("I3", -20, 50)]
        assert (pay["on_account"], pay["total"], pay["holder"]) == ({}, {"CNY": 200}, "CUSTOMER")

    def test_disputes_retention_and_initial_stock_are_not_asked_for(self):
        items = tuple(
            item(str(place), 9, 500, nature)
            for place, nature in enumerate((DISPUTED, ItemNature.RETENTION, ItemNature.INITIAL_STOCK))
        )
        pay = step(out(facts(300, holder(1000, 900, items=items))), "PAY")
        assert (pay["items"], pay["on_account"]) == ([], {"CNY": 200})

    def test_nothing_is_left_to_cut_to(self):
        assert ["REDUCE_ORDER"] not in kinds(out(facts(300, holder(1000, 1000))))

    def test_no_payment_and_no_cut_meets_a_limit_of_zero(self):
        decision = out(facts(300, holder(0, -500)))
        assert kinds(decision) == [["CHANGE_PAYMENT", "PREPAY"], ["RAISE_LIMIT"], ["SIGN"]]
        assert step(decision, "RAISE_LIMIT")["to"] == 1

    def test_what_stands_beside_the_limit_stays(self):
        customer = holder(line(800, extra=100, initial_stock=50), 900, initial_stock={"CNY": 70})
        assert step(out(facts(300, customer)), "RAISE_LIMIT")["to"] == 1050

    def test_in_another_currency_the_cut_and_the_payment_are_the_least_that_rounds_to_the_limit(self):
        rates = {"JPY": Decimal("0.05")}  # one yen is worth 5 fen
        decision = out(facts(30, holder(102, 0, rates=rates), currency="JPY"))
        assert step(decision, "REDUCE_ORDER") == {"to": 20, "currency": "JPY"}
        items = (item("I1", 9, 400, currency="JPY"),)
        owing = holder(102, components={"CNY": Components(invoiced=103)}, items=items, rates={"JPY": Decimal("0.003")})
        pay = step(out(facts(0, owing)), "PAY")  # ten yen are worth three fen: two are 0.6, and 102.4 rounds to 102
        assert pay["items"] == [asked("I1", 9, 2, currency="JPY")]

    def test_money_that_the_policy_does_not_count_frees_nothing(self):
        gross = policy(exposure={"components": ["ORDERED", "INVOICED"]})
        decision = out(facts(300, holder(1000, 900)), gross)
        assert kinds(decision)[0] == ["REDUCE_ORDER"]

    def test_an_item_without_a_rate_is_passed_over(self):
        items = (item("I1", 9, 10**6, currency="USD"), item("I2", 9, 500))
        pay = step(out(facts(300, holder(1000, 900, items=items))), "PAY")
        assert [one["number"] for one in pay["items"]] == ["I2"]

    def test_the_group_and_the_customer_are_both_paid_down(self):
        decision = out(facts(300, holder(1000, 900), group=holder(1000, 1100, code="G")))
        assert step(decision, "PAY")["total"] == {"CNY": 400}
        assert [way for way in kinds(decision) if "REDUCE_ORDER" in way] == []
        raised = [params for way in ways(decision) for kind, params in way if kind == "RAISE_LIMIT"]
        assert [(one["holder"], one["to"]) for one in raised] == [("CUSTOMER", 1200), ("GROUP", 1400)]

    def test_the_smaller_room_of_the_two_is_what_the_order_is_cut_to(self):
        decision = out(facts(300, holder(1000, 900), group=holder(1000, 950, code="G")))
        assert step(decision, "REDUCE_ORDER")["to"] == 50

    def test_a_part_that_has_left_stays_in_the_order_that_is_cut(self):
        decision = out(facts(300, holder(1000, 900), passed=50))
        assert step(decision, "REDUCE_ORDER")["to"] == 150
        assert apply_free(facts(300, passed=50), decision.frees[1]).order.amount == 100


class TestLateDebt:
    """What is late is asked for whole; a bound that lets some stand only as far as it is exceeded."""

    def test_all_of_it_beyond_grace_the_listed_invoices_by_name(self):
        due = (late(20, 50_00), late(9, 30_00), late(2, 40_00))
        items = (item("I1", 20, 20_00), item("I2", 20, 10_00), item("I3", 9, 90_00))
        decision = out(facts(100, holder(BIG, due=due, items=items), point=DELIVERY))
        pay = step(decision, "PAY")
        assert pay["items"] == [asked("I1", 20, 20_00), asked("I2", 20, 10_00), asked("I3", 9, 30_00)]
        assert pay["due"] == [
            {"due_on": late(20, 0).due_on.isoformat(), "currency": "CNY", "nature": PLAIN, "amount": 20_00}
        ]
        assert pay["total"] == {"CNY": 80_00}
        assert kinds(decision) == [["PAY"], ["SIGN"]]

    def test_not_the_trifles_the_policy_forgives(self):
        due = (late(20, 50_00), late(9, 4_00), late(8, 3_00))
        assert step(out(facts(100, holder(BIG, due=due), point=DELIVERY)), "PAY")["total"] == {"CNY": 50_00}

    def test_cash_on_delivery_and_the_last_batch(self):
        due = (late(1, 50_00, COD), late(-3, 30_00, ROLLING))
        decision = out(facts(100, holder(BIG, due=due), point=DELIVERY, rolling=True))
        assert step(decision, "PAY")["total"] == {"CNY": 80_00}

    def test_a_late_batch_is_asked_for_once(self):
        due = (late(9, 50_00, ROLLING),)
        decision = out(facts(100, holder(BIG, due=due), point=DELIVERY, rolling=True))
        assert step(decision, "PAY")["total"] == {"CNY": 50_00}

    def test_of_an_amount_only_what_is_above_its_bound(self):
        bounded = policy(overdue={"amount_max": {"*": "50"}})
        due = (late(4, 20_00), late(2, 60_00))
        pay = step(out(facts(100, holder(BIG, due=due), point=DELIVERY), bounded), "PAY")
        assert [one["amount"] for one in pay["due"]] == [20_00, 10_00]

    def test_in_two_currencies_each_uses_its_share_of_the_bound(self):
        bounded = policy(overdue={"amount_max": {"*": "50"}})
        due = (late(4, 30_00, currency="USD"), late(2, 40_00))
        pay = step(out(facts(100, holder(BIG, due=due), point=DELIVERY), bounded), "PAY")
        assert pay["total"] == {"USD": 20_00}

    def test_what_goes_for_the_days_counts_for_the_amount(self):
        bounded = policy(overdue={"amount_max": {"*": "50"}})
        due = (late(9, 40_00), late(2, 60_00))
        pay = step(out(facts(100, holder(BIG, due=due), point=DELIVERY), bounded), "PAY")
        assert pay["total"] == {"CNY": 50_00}

    def test_of_a_share_the_oldest_until_it_is_small_enough(self):
        tenth = policy(
            overdue={"share_percent_max": 10},
            check_points=rule("overdue_days", "NOTICE"),
            holds={"points": {"BREACH": []}},
        )
        due = (late(20, 50_00), late(9, 30_00))
        decision = out(facts(0, holder(BIG, 500_00, due=due), point=DELIVERY), tenth)
        assert step(decision, "PAY")["total"] == {"CNY": 50_00}

    def test_where_no_rate_tells_the_share_all_of_it(self):
        tenth = policy(overdue={"share_percent_max": 10}, check_points=rule("overdue_days", "NOTICE"))
        customer = holder(
            LineKind.UNLIMITED, components={"USD": Components(invoiced=1)}, due=(late(20, 50_00), late(9, 30_00))
        )
        assert step(out(facts(0, customer, point=DELIVERY), tenth), "PAY")["total"] == {"CNY": 80_00}

    def test_of_the_other_members_only_down_to_what_is_a_notice(self):
        due, items = (late(20, 60_000_00), late(9, 50_000_00)), (item("I1", 20, 60_000_00),)
        decision = out(facts(group=holder(10**12, code="G", due=due, items=items)))
        pay = step(decision, "PAY")
        assert (pay["holder"], pay["total"]) == ("GROUP", {"CNY": 10_000_01})
        assert pay["items"] == [asked("I1", 20, 10_000_01)]

    def test_or_to_what_is_too_little_to_count_at_all(self):
        under = policy(group={"overdue_hold_amounts": {"*": "1"}})
        decision = out(facts(group=holder(10**12, code="G", due=(late(9, 11_00),))), under)
        assert step(decision, "PAY")["total"] == {"CNY": 1_00}

    def test_one_payment_for_what_is_late_and_what_is_over(self):
        due, items = (late(9, 200),), (item("I1", 9, 200), item("I2", -9, 500))
        strict = policy(overdue={"minimum_amounts": {}})
        decision = out(facts(500, holder(1000, 900, due=due, items=items), point=DELIVERY), strict)
        assert ways(decision)[0] == [
            (
                "PAY",
                {
                    "holder": "CUSTOMER",
                    "total": {"CNY": 400},
                    "items": [asked("I1", 9, 200), asked("I2", -9, 200)],
                    "due": [],
                    "on_account": {},
                },
            )
        ]
        assert kinds(decision)[1] == ["PAY", "REDUCE_ORDER"]
        assert ways(decision)[1][1][1]["to"] == 300


class TestBreach:
    """Debt above the limit has to be paid down whatever becomes of the order."""

    def test_it_is_paid_down_to_the_limit(self):
        decision = out(facts(0, holder(1000, 1300), point=DELIVERY))
        assert kinds(decision) == [["PAY"], ["CHANGE_PAYMENT", "PAY"], ["RAISE_LIMIT"], ["SIGN"]]
        assert step(decision, "PAY")["total"] == {"CNY": 300}

    def test_even_where_the_order_itself_has_no_room(self):
        members = holder(1500, Components(ordered=100, invoiced=1300), code="G")
        decision = out(facts(300, holder(1000, 1300), group=members, point=DELIVERY))
        assert step(decision, "PAY")["total"] == {"CNY": 600}
        assert "REDUCE_ORDER" not in every(decision)
        blind = policy(check_points=rule("over_limit", "IGNORE"), breach={"components": ["INVOICED"]})
        rich = holder(1000, Components(invoiced=1300, unapplied=900), items=(item("I1", -9, 5000),))
        both = facts(700, rich, group=holder(750, Components(invoiced=400), code="G"), point=DELIVERY)
        assert kinds(out(both, blind))[:2] == [["PAY"], ["PAY", "REDUCE_ORDER"]]

    def test_the_limit_is_raised_to_the_debt_or_to_the_order_whichever_is_more(self):
        decision = out(facts(0, holder(1000, Components(invoiced=1300, unapplied=0)), point=DELIVERY))
        assert step(decision, "RAISE_LIMIT")["to"] == 1300
        less = out(facts(0, holder(1000, Components(ordered=50, invoiced=1300)), point=DELIVERY))
        assert step(less, "RAISE_LIMIT")["to"] == 1350

    def test_both_directors_may_keep_the_credit(self):
        decision = out(facts(0, holder(1000, 1300), point=DELIVERY))
        assert kinds(decision)[-1] == ["SIGN"]
        assert step(decision, "SIGN")["action"] == "KEEP_CREDIT_DESPITE_BREACH"


class TestRates:
    """A missing rate has to be added; how high it may be is said."""

    def test_the_highest_rate_that_fits(self):
        customer = holder(1000, components={"USD": Components(invoiced=100), "CNY": Components(invoiced=200)})
        decision = out(facts(100, customer))
        assert step(decision, "ADD_RATE") == {
            "to": "CNY",
            "rates": [{"from": "USD", "rate_max": "7"}],
            "on": ON.isoformat(),
        }

    def test_several_share_the_room_and_money_of_the_customers_takes_any(self):
        owes = {"USD": Components(invoiced=100), "EUR": Components(invoiced=50), "HKD": Components(unapplied=9)}
        rates = step(out(facts(400, holder(1000, components=owes))), "ADD_RATE")["rates"]
        assert rates == [
            {"from": "USD", "rate_max": "3"},
            {"from": "EUR", "rate_max": "6"},
            {"from": "HKD", "rate_max": None},
        ]

    def test_the_stricter_of_two_limits_in_one_currency(self):
        owes = {"USD": Components(invoiced=100)}
        found = facts(0, holder(1000, components=owes), group=holder(600, code="G", components=owes))
        assert step(out(found), "ADD_RATE")["rates"] == [{"from": "USD", "rate_max": "6"}]

    def test_limits_in_two_currencies_need_a_rate_each(self):
        own = holder(1000, components={"USD": Components(invoiced=100)})
        group = holder(500, code="G", currency="USD", components={"CNY": Components(invoiced=100)})
        (way, *_) = [way for way in ways(out(facts(0, own, group=group))) if way[0][0] == "ADD_RATE"]
        assert [params["to"] for _, params in way] == ["CNY", "USD"]

    def test_nothing_fits_any_more(self):
        customer = holder(100, components={"USD": Components(invoiced=100), "CNY": Components(invoiced=100)})
        assert kinds(out(facts(1, customer))) == [["CHANGE_PAYMENT", "PREPAY"], ["SIGN"]]

    def test_beside_a_group_that_is_over_its_limit(self):
        own = holder(1000, components={"USD": Components(invoiced=100)})
        decision = out(facts(100, own, group=holder(1000, 950, code="G")))
        assert kinds(decision)[0] == ["ADD_RATE", "PAY"]

    def test_the_debt_of_a_breach_fits_as_well(self):
        owes = {"USD": Components(invoiced=100), "CNY": Components(unapplied=500)}
        only_breach = policy(check_points=rule("over_limit", "IGNORE"), breach={"components": ["INVOICED"]})
        decision = out(facts(0, holder(1000, components=owes), point=DELIVERY), only_breach)
        assert step(decision, "ADD_RATE")["rates"] == [{"from": "USD", "rate_max": "10"}]

    def test_money_in_a_foreign_currency_needs_no_bound_for_one_limit_but_for_another(self):
        owes = {"USD": Components(unapplied=100)}
        group = holder(600, code="G", components={"USD": Components(invoiced=100)})
        decision = out(facts(0, holder(1000, components=owes), group=group))
        assert step(decision, "ADD_RATE")["rates"] == [{"from": "USD", "rate_max": "6"}]


class TestPutRight:
    """What is not a matter of amounts has one remedy each."""

    @pytest.mark.parametrize(
        ("more", "remedy"),
        [
            ({"standing": standing(active=False)}, ("REACTIVATE", {"customer": "A"})),
            ({"holds": (hold(forced=True),)}, ("LIFT_HOLD", {"holds": ["1"]})),
            ({"holds": (hold(),)}, ("LIFT_HOLD", {"holds": ["1"]})),
            ({"holds": (hold(of=HolderKind.GROUP),)}, ("LIFT_HOLD", {"holds": ["1"]})),
            ({"missing_approvals": ("contract",)}, ("APPROVE_DOCUMENT", {"documents": ["contract"]})),
            ({"term_days": 31}, ("CHANGE_TERM", {"days_max": 30})),
            ({"term": "滚结 1"}, ("CHANGE_TERM", {"days_max": 30})),
            ({"standing": standing(credit=Credit.WITHDRAWN)}, ("RESTORE_CREDIT", {"holder": "CUSTOMER"})),
            ({"standing": standing(credit=Credit.CASH)}, ("RESTORE_CREDIT", {"holder": "CUSTOMER"})),
            ({"customer": holder(line(withdrawn=True))}, ("RESTORE_CREDIT", {"holder": "CUSTOMER"})),
            ({"group": holder(line(withdrawn=True), code="G")}, ("RESTORE_CREDIT", {"holder": "GROUP"})),
            ({"customer": holder(line(valid_until=ON.replace(day=1)))}, ("RENEW_LINE", {"holder": "CUSTOMER"})),
            ({"customer": holder(line(valid_from=ON.replace(day=9)))}, ("RENEW_LINE", {"holder": "CUSTOMER"})),
            ({"group": holder(line(valid_until=ON.replace(day=1)), code="G")}, ("RENEW_LINE", {"holder": "GROUP"})),
        ],
    )
    def test_alone(self, more, remedy):
        found = facts(100, **more)
        decision = out(found)
        assert ways(decision)[0] == [remedy]
        assert not out(apply_free(found, decision.frees[0])).held

    def test_an_accepted_means_of_payment(self):
        decision = out(facts(instrument="PROMISSORY_NOTE", standing=standing(instruments_allowed=("CASH", "CHEQUE"))))
        assert ways(decision)[0] == [("CHANGE_INSTRUMENT", {"allowed": ["CASH", "CHEQUE"]})]

    def test_none_where_nothing_is_accepted(self):
        decision = out(facts(instrument="CASH", standing=standing(instruments_allowed=())))
        assert kinds(decision) == [["SIGN"]]

    def test_a_signature_on_the_line(self):
        strict = policy(check_points=rule("line_unsigned", "BLOCK"))
        decision = out(facts(100, holder(line(signed=False))), strict)
        assert ways(decision)[0] == [("SIGN_LINE", {"holder": "CUSTOMER"})]

    def test_payment_as_the_grade_allows(self):
        binding = {"D": {"loosest_payment": "COD", "term_days_max": "none"}}
        decision = out(facts(standing=standing(grades=("D",))), policy(grades={"bindings": binding}))
        assert ways(decision)[0] == [("CHANGE_PAYMENT", {"to": "COD"})]
        assert ways(decision)[1] == [
            ("CHANGE_PAYMENT", {"to": "PREPAID"}),
            ("PREPAY", {"amount": 100, "currency": "CNY"}),
        ]

    def test_several_at_once_are_one_way(self):
        found = facts(300, holder(line(1000, withdrawn=True), 900), missing_approvals=("contract",), holds=(hold(),))
        assert kinds(out(found))[0] == ["LIFT_HOLD", "APPROVE_DOCUMENT", "RESTORE_CREDIT", "PAY"]

    def test_what_has_the_same_remedy_is_asked_once(self):
        found = facts(100, holder(line(withdrawn=True)), standing=standing(credit=Credit.CASH))
        assert kinds(out(found))[0] == ["RESTORE_CREDIT"]


class TestNoCredit:
    """A customer without a line pays beforehand, is granted one, or is signed through."""

    @pytest.mark.parametrize("limit", [NO_LINE, LineKind.NONE])
    def test_three_ways(self, limit):
        decision = out(facts(100, holder(limit, 50)))
        assert kinds(decision) == [["CHANGE_PAYMENT", "PREPAY"], ["RAISE_LIMIT"], ["SIGN"]]
        assert step(decision, "RAISE_LIMIT") == {"holder": "CUSTOMER", "code": "A", "to": 150, "currency": "CNY"}

    def test_restored_credit_still_needs_a_line(self):
        decision = out(facts(100, holder(NO_LINE), standing=standing(credit=Credit.CASH)))
        assert kinds(decision) == [["CHANGE_PAYMENT", "PREPAY"], ["RESTORE_CREDIT", "RAISE_LIMIT"], ["SIGN"]]

    def test_without_a_rate_nobody_knows_how_large_a_line(self):
        decision = out(facts(100, holder(LineKind.NONE, components={"USD": Components(invoiced=1)})))
        assert "RAISE_LIMIT" not in every(decision)

    def test_a_line_for_an_order_over_nothing_may_be_nothing(self):
        assert step(out(facts(0, holder(NO_LINE))), "RAISE_LIMIT")["to"] == 0

    def test_a_line_raised_twice_is_told_once(self):
        strict = policy(breach={"components": ["INVOICED"]})
        found = facts(0, holder(NO_LINE, Components(invoiced=300, unapplied=100)), point=DELIVERY)
        raised = [params for way in ways(out(found, strict)) for kind, params in way if kind == "RAISE_LIMIT"]
        assert [one["to"] for one in raised] == [300]

    def test_a_line_granted_again_has_to_be_in_force(self):
        decision = out(facts(100, holder(line(LineKind.NONE, valid_until=ON.replace(day=1)))))
        assert ["RAISE_LIMIT", "RENEW_LINE"] in kinds(decision)


class TestPrepaid:
    """A prepaid order needs money, a smaller amount, or credit after all."""

    def test_four_ways(self):
        decision = out(paid(Payment.PREPAID, 100, prepaid_money=30))
        assert kinds(decision) == [["PREPAY"], ["REDUCE_ORDER"], ["CHANGE_PAYMENT"], ["SIGN"]]
        assert step(decision, "PREPAY") == {"amount": 70, "currency": "CNY"}
        assert step(decision, "REDUCE_ORDER") == {"to": 30, "currency": "CNY"}
        assert step(decision, "CHANGE_PAYMENT") == {"to": "CREDIT"}

    def test_credit_only_where_there_is_some(self):
        decision = out(paid(Payment.PREPAID, 100, holder(NO_LINE), prepaid_money=30))
        assert ["CHANGE_PAYMENT"] not in kinds(decision)

    def test_without_any_money_there_is_nothing_to_cut_to(self):
        assert "REDUCE_ORDER" not in every(out(paid(Payment.PREPAID, 100)))

    def test_a_part_that_has_left_needs_its_money_too(self):
        decision = out(paid(Payment.PREPAID, 40, passed=60, prepaid_money=80))
        assert step(decision, "PREPAY")["amount"] == 20
        assert step(decision, "REDUCE_ORDER")["to"] == 80

    def test_money_that_comes_fills_the_account_of_the_customer_and_its_group(self):
        found = paid(Payment.PREPAID, 100, group=holder(10**6, code="G"))
        after = apply_free(found, out(found).frees[0])
        assert after.prepaid_money == 100
        assert after.customer.components["CNY"].unapplied == after.group.components["CNY"].unapplied == 100


class TestPaying:
    """What happens to the books when somebody pays as asked."""

    def test_the_money_goes_to_the_items_the_rest_stays_on_account(self):
        items = (item("I1", 9, 30_00), item("I2", 9, 20_00))
        found = facts(1000, holder(1000, 100_00, due=(late(9, 60_00),), items=items), point=DELIVERY)
        after = apply_free(found, out(found).frees[0]).customer
        assert (after.items, after.due) == ((), ())
        assert after.components["CNY"] == Components(invoiced=40_00, unapplied=40_00)

    def test_what_is_paid_in_part_stays_with_the_rest(self):
        found = facts(200, holder(1000, 900, due=(late(1, 300),), items=(item("I1", 1, 300),)))
        after = apply_free(found, out(found).frees[0]).customer
        assert (after.items[0].amount, after.due[0].amount) == (200, 200)

    def test_initial_stock_that_is_paid_is_no_longer_carried(self):
        stock = line(10**9, initial_stock=50_00, initial_stock_until=ON.replace(day=1))
        due = (late(60, 50_00, ItemNature.INITIAL_STOCK),)
        found = facts(100, holder(stock, 50_00, due=due, initial_stock={"CNY": 50_00}), point=DELIVERY)
        assert apply_free(found, out(found).frees[0]).customer.initial_stock == {"CNY": 0}

    def test_other_members_pay_into_the_group_only(self):
        found = facts(group=holder(10**12, 10**9, code="G", due=(late(9, 10**8),)))
        after = apply_free(found, out(found).frees[0])
        assert after.customer == found.customer
        assert after.group.components["CNY"].invoiced < 10**9

    def test_a_step_changes_nothing_else(self):
        found = facts(300, holder(1000, 900))
        cut = next(free for free in out(found).frees if free.steps[0].kind is StepKind.REDUCE_ORDER)
        assert apply_free(found, cut) == replace(found, order=replace(found.order, amount=100))


def test_a_payment_names_the_entity_that_is_owed():
    """Two entities may have an invoice of one number; whoever pays has to know which is meant."""
    items = (item("I1", 9, 30_00, entity="E2"),)
    found = facts(100, holder(1000_00, 30_00, due=(late(9, 30_00),), items=items), point=DELIVERY)
    (free, *_) = out(found).frees
    assert [one["entity"] for one in free.steps[0].params["items"]] == ["E2"]
    assert apply_free(found, free).customer.items == ()


class TestNeedlessMoney:
    """What a later payment does by itself is not asked for before it."""

    pytestmark = pytest.mark.covers("OC-011")
    TENTH = policy(overdue={"share_percent_max": 10}, check_points=rule("OVERDUE_SHARE", "BLOCK"))

    @pytest.mark.parametrize(
        ("owes", "overdue", "order", "total", "on_account"),
        [
            # Over by 60; with 60 on account the late 104 are more than a tenth, and paying them leaves room for all.
            (1050_00, 104_00, 10_00, 104_00, {}),
            # Over by 140: 30 are missing when the late 110 are paid.
            (1110_00, 110_00, 30_00, 140_00, {"CNY": 30_00}),
        ],
    )
    def test_paying_what_is_late_makes_room_by_itself(self, owes, overdue, order, total, on_account):
        found = facts(order, holder(1000_00, owes, due=(late(9, overdue),)))
        first, *_ = ways(check(found, self.TENTH))
        assert [(kind, said["total"], said["on_account"]) for kind, said in first] == [
            ("PAY", {"CNY": total}, on_account)
        ]

    def test_money_paid_beforehand_is_money_on_account_as_well(self):
        """Debt of 200 above the limit stops the goods of a prepaid order of 10: 200 in all are asked for."""
        found = paid(Payment.PREPAID, 10_00, holder(1000_00, 1200_00), point=DELIVERY)
        first, *_ = ways(check(found, shipped()))
        assert {kind: said.get("on_account", said.get("amount")) for kind, said in first} == {
            "PREPAY": 10_00,
            "PAY": {"CNY": 190_00},
        }
