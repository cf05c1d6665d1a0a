"""Who signs a held order through, what the signature covers, and for how long."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Signature
from xinheng.desk.customers.public import change_customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db
State = Order.State
BOTH = (
    'special_sale = { kind = "ANY_OF", roles = ["GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER"] }',
    'special_sale = { kind = "ALL_OF", roles = ["FINANCE_MANAGER", "SALES_MANAGER"] }',
)
TWO_OF = (
    BOTH[0],
    BOTH[1].replace('"ALL_OF"', '"N_OF", n = 2').replace('"SALES_MANAGER"', '"SALES_MANAGER", "SALES_DIRECTOR"'),
)


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


@pytest.fixture
def staff(acme):
    roles = {
        "fm": "FINANCE_MANAGER",
        "sm": "SALES_MANAGER",
        "sd": "SALES_DIRECTOR",
        "fd": "FINANCE_DIRECTOR",
        "gm": "GENERAL_MANAGER",
    }
    return {name: books.person(name, role) for name, role in roles.items()}


def sign(one, who, on=DAY, reason="the customer is good for it"):
    return control.sign_release(deals.again(one), reason=reason, on=on, by=who)


@pytest.mark.covers("LM-002")
def test_any_one_of_three_managers_may_allow_a_special_sale_in_writing(acme, staff):
    for name in ("gm", "fm", "sm"):
        one = deals.checked(acme, f"O-{name}", 150_00)
        assert sign(one, staff[name]).missing.count == 0
        assert deals.state(one) == State.RELEASED
        kept = Signature.objects.get(document=one.pk)
        assert (kept.signer.username, kept.reason, kept.amount) == (name, "the customer is good for it", 150_00)
        control.force_hold(deals.again(one), reason="make room", on=DAY, by=founding.console())


def test_a_release_without_the_role_is_refused_by_name(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    with pytest.raises(Refused) as refused:
        sign(one, staff["sd"])
    assert "FINANCE_MANAGER" in refused.value.params["who"]
    with pytest.raises(Refused):
        sign(one, founding.console())
    assert not Signature.objects.exists()


@pytest.mark.covers("OC-011")
@pytest.mark.parametrize("order_of_signing", [("fm", "sm"), ("sm", "fm")])
def test_all_of_several_have_to_sign(acme, staff, order_of_signing):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    first, second = (staff[name] for name in order_of_signing)
    halfway = sign(one, first)
    assert (halfway.missing.count, deals.state(one)) == (1, State.HELD)
    assert sign(one, second).missing.count == 0
    assert deals.state(one) == State.RELEASED


def test_two_hats_are_one_person(acme, staff):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    both_hats = books.person("hats", "FINANCE_MANAGER", "SALES_MANAGER")
    assert sign(one, both_hats).missing.count == 1
    with pytest.raises(control.SignedAlready):
        sign(one, both_hats)


def test_a_signature_that_brings_nothing_is_refused(acme, staff):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    with pytest.raises(Refused) as refused:
        sign(one, books.person("fm2", "FINANCE_MANAGER"))
    assert refused.value.params["who"] == "SALES_MANAGER"


def test_so_many_of_several_have_to_sign(acme, staff):
    deals.policy(TWO_OF)
    one = deals.checked(acme, "O", 150_00)
    assert sign(one, staff["sd"]).missing.count == 1
    assert sign(one, staff["fm"]).missing.count == 0


def test_large_releases_go_to_another_tier(acme, staff):
    tier = 'tiers = [{ above = { "*" = "120" }, signers = { kind = "ANY_OF", roles = ["GENERAL_MANAGER"] } }]'
    deals.policy(("tiers = []", tier))
    one = deals.checked(acme, "O", 120_01)
    with pytest.raises(Refused):
        sign(one, staff["fm"])
    assert sign(one, staff["gm"]).missing.count == 0


def test_nobody_on_the_selling_side_signs(acme, staff):
    entered = deals.checked(acme, "O1", 150_00, by=books.person("clerk", "CUSTOMER_SERVICE", "SALES_MANAGER"))
    for person in (
        books.person("own", "SALES_MANAGER", code="S01"),
        entered.document.entry.actor,
    ):
        with pytest.raises(SamePerson):
            sign(entered, person)
    other = deals.checked(acme, "O2", 150_00, salesperson="S02")
    for code in ("S02", "S01"):  # the order's, and the customer's
        with pytest.raises(SamePerson):
            sign(other, books.person(f"seller {code}", "SALES_MANAGER", code=code))


def test_who_let_it_grow_does_not_sign(acme, staff):
    one = deals.checked(acme, "O", 110_00)
    grower = books.person("grower", "CUSTOMER_SERVICE", "SALES_MANAGER")
    control.change_order(one, control.Change(amount=150_00), on=DAY, by=grower)
    with pytest.raises(SamePerson):
        sign(one, grower)


def test_a_signature_still_counts_while_nothing_has_got_worse(acme, staff):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    deals.check(one)
    assert sign(one, staff["sm"]).missing.count == 0


@pytest.mark.parametrize("worse", ["more is owed", "it grows", "a new reason", "the limit falls", "it was long ago"])
def test_a_signature_given_before_things_got_worse_counts_no_more(acme, staff, worse):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    on = DAY
    if worse == "more is owed":
        money.invoice(acme, "I", 1_00, due_on=DAY + timedelta(30))
    elif worse == "it grows":
        deals.change(one, amount=150_01)
    elif worse == "a new reason":
        change_customer(acme, by=founding.console(), status="INACTIVE")
        change_customer(acme, by=founding.console(), status="ACTIVE")
        one.instrument = "LETTER_OF_CREDIT"
        one.save()
    elif worse == "the limit falls":
        books.line(acme, 90_00)
    else:
        on = DAY + timedelta(8)
    deals.check(one, on)
    assert sign(one, staff["sm"], on).missing.count == 1
    assert deals.state(one) == State.HELD


def test_a_refusal_wipes_what_was_signed_before(acme, staff):
    deals.policy(BOTH)
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    control.reject(deals.again(one), reason="no", by=staff["sm"])
    control.reopen_order(deals.again(one), reason="asked again", on=DAY, by=founding.console())
    assert sign(one, staff["sm"]).missing.count == 1


@pytest.mark.covers("LM-002")
def test_growing_checks_a_released_order_again_and_the_release_does_not_stretch(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    grown = deals.change(one, amount=150_01)
    assert grown.verdict == "held"
    assert deals.reasons(grown) == ["OVER_LIMIT", "RELEASE_EXPIRED"]
    assert deals.change(one, amount=150_00).verdict == "watch"
    assert deals.state(one) == State.RELEASED


def test_opening_again_checks_again_and_no_release_binds_any_more(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    sales.cancel_order(deals.again(one), on=DAY, by=founding.console())
    assert books.stands(acme) == {}
    opened = control.reopen_order(deals.again(one), reason="wanted after all", on=DAY, by=founding.console())
    assert (opened.verdict, opened.cause) == ("held", "REOPENED")
    assert books.stands(acme) == {}
    with pytest.raises(WrongState):
        control.reopen_order(deals.again(one), reason="again", on=DAY, by=founding.console())
    books.line(acme, 200_00)
    assert books.stands(acme) == {"ORDERED": 150_00}
    assert list(verification.differences()) == []


def test_a_release_runs_out(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    assert deals.check(one, DAY + timedelta(7)).verdict == "watch"
    expired = deals.check(one, DAY + timedelta(8))
    assert expired.verdict == "held"
    assert "RELEASE_EXPIRED" in deals.reasons(expired)


def test_a_release_covers_what_its_signers_saw_and_nothing_that_came_later(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    sign(one, staff["fm"])
    money.invoice(acme, "I", 20_00, DAY - timedelta(60), due_on=DAY - timedelta(30))
    with pytest.raises(control.StillHeld) as held:
        deals.ship(one)
    assert set(held.value.params["reasons"]) == {"OVERDUE_DAYS", "BREACH"}
    stopped = deals.last(one)
    assert (stopped.point, stopped.verdict) == ("DELIVERY", "held")


@pytest.mark.covers("OC-011")
def test_goods_of_a_customer_in_breach_leave_only_if_both_directors_sign(acme, staff):
    one = deals.checked(acme, "O", 50_00)
    money.invoice(acme, "I", 20_00, DAY - timedelta(60), due_on=DAY - timedelta(30))
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    with pytest.raises(Refused):
        sign(one, staff["fm"])
    assert sign(one, staff["sd"]).missing.count == 1
    assert sign(one, staff["fd"]).missing.count == 0
    assert deals.last(one).verdict == "watch"
    delivery = deals.ship(one)
    assert delivery.amount == 50_00


def test_stopped_goods_that_wait_for_money_leave_when_it_comes(acme, staff):
    one = deals.checked(acme, "O", 50_00)
    money.invoice(acme, "I", 20_00, DAY - timedelta(60), due_on=DAY - timedelta(30))
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    receipt = cash.post_receipt(money.receipt_row(acme, "R", 20_00), on=DAY, by=founding.console())
    assert deals.last(one).verdict == "held"  # nobody said yet what it is for
    receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=founding.console())
    looked = deals.last(one)
    assert (looked.point, looked.cause, looked.verdict) == ("DELIVERY", "ALLOCATION", "approved")
    assert deals.again(one).stopped_goods is None
    with pytest.raises(WrongState):
        sign(one, staff["fm"])


def test_what_no_release_overcomes_is_told(acme, staff):
    one = deals.checked(acme, "O", 150_00)
    control.force_hold(one, reason="wait", on=DAY, by=founding.console())
    with pytest.raises(control.NotReleasable) as refused:
        sign(one, staff["fm"])
    assert refused.value.params["reasons"] == ["FORCED_HOLD"]
    two = deals.order(acme, "P", 10_00)
    change_customer(acme, by=founding.console(), status="INACTIVE")
    deals.check(two)
    with pytest.raises(control.NotReleasable):
        sign(two, staff["fm"])


def test_an_order_that_is_not_held_needs_no_signature(acme, staff):
    one = deals.checked(acme, "O", 50_00)
    with pytest.raises(WrongState):
        sign(one, staff["fm"])
    two = deals.order(acme, "P", 150_00)
    with pytest.raises(WrongState):
        sign(two, staff["fm"])


def test_rejecting_needs_a_right_and_a_waiting_order(acme, staff):
    one = deals.checked(acme, "O", 50_00)
    with pytest.raises(WrongState):
        control.reject(one, reason="no", by=staff["sm"])
    two = deals.checked(acme, "P", 150_00)
    with pytest.raises(Refused):
        control.reject(two, reason="no", by=books.person("seller", "SALESPERSON"))
    control.reject(two, reason="no", by=staff["sm"])
    books.line(acme, 500_00)
    assert deals.state(two) == State.REJECTED
    assert list(exposure.differences()) == []
