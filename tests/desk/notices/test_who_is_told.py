"""Who is told of what, when it is written, and when it stops counting (OC-008, OC-013)."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.desk.control import public as control
from xinheng.desk.limits import public as limits
from xinheng.desk.notices.actions import News, mark_seen, open_notice, tell_people, together
from xinheng.desk.notices.models import Notice, Seen
from xinheng.desk.notices.queries import TOGETHER_MAX, count_unread, in_lines, inbox, stands_for, unread
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.policy import NoticeKind, shipped
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """The salesperson of ACME with his supervisor, another salesperson, and those who see everything."""
    boss = books.person("lead", "SALES_SUPERVISOR")
    return {
        "seller": books.person("wang", "SALESPERSON", code="S01", supervisor=boss),
        "lead": boss,
        "other": books.person("li", "SALESPERSON", code="S02"),
        "finance": books.person("fin", "FINANCE_MANAGER"),
        "auditor": books.person("audit", "AUDITOR"),
    }


@pytest.fixture
def acme(people):
    books.found()
    who = books.customer("ACME", salesperson="S01")
    books.line(who, 100_00)
    return who


def kinds(user):
    return [one.kind for one in unread(user)]


def tell(*news, by=None):
    tell_people(news, policy=shipped(), on=DAY, by=by or founding.console())


@pytest.mark.covers("OC-008")
def test_an_order_that_is_held_is_told_to_sales_and_finance_and_to_nobody_elses_salesperson(acme, people):
    one = deals.checked(acme, "O-1", 150_00)
    assert {name: kinds(user) for name, user in people.items()} == {
        "seller": ["ORDER_HELD"],
        "lead": ["ORDER_HELD"],
        "other": [],
        "finance": ["ORDER_HELD"],
        "auditor": [],
    }
    told = Notice.objects.get()
    assert (told.subject, told.customer_id, told.data) == (
        f"order:{one.pk}",
        acme.pk,
        {"number": "O-1", "reasons": ["OVER_LIMIT"]},
    )


def test_an_order_that_passes_tells_nobody(acme, people):
    deals.checked(acme, "O-1", 50_00)
    assert not Notice.objects.exists()


def test_checking_a_held_order_again_tells_nothing_new(acme, people):
    deals.check(deals.checked(acme, "O-1", 150_00))
    assert Notice.objects.count() == 1


@pytest.mark.covers("OC-008")
def test_what_is_free_again_is_told_and_the_old_word_no_longer_counts(acme, people):
    one = deals.checked(acme, "O-1", 150_00)
    books.line(acme, 200_00)
    control.recheck_waiting([acme.pk], on=DAY, by=founding.console(), cause="LINE")
    assert deals.state(one) == "APPROVED"
    assert kinds(people["seller"]) == ["ORDER_FREED"]
    assert kinds(people["finance"]) == []
    assert [one.kind for one in inbox(people["finance"])] == ["ORDER_HELD"], "it stays in the list"


def test_a_rejected_and_a_cancelled_order_wait_for_nobody(acme, people):
    first, second = deals.checked(acme, "O-1", 150_00), deals.checked(acme, "O-2", 150_00)
    control.reject(first, reason="not now", by=people["finance"])
    sales.cancel_order(second, on=DAY, by=founding.console())
    assert kinds(people["finance"]) == []
    assert [(one.kind, one.data["reason"]) for one in unread(people["seller"])] == [("ORDER_REJECTED", "not now")]


@pytest.mark.covers("OC-008", "OC-009")
def test_goods_that_are_stopped_are_told_to_the_warehouse(acme, people):
    keeper = books.person("keeper", "WAREHOUSE", code="S01")
    one = deals.checked(acme, "O-1", 50_00)
    books.line(acme, 10_00)
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    assert kinds(keeper) == ["GOODS_STOPPED"]
    books.line(acme, 100_00)
    control.recheck_waiting([acme.pk], on=DAY, by=founding.console(), cause="LINE")
    assert kinds(keeper) == []


@pytest.mark.covers("OC-008", "OC-010")
def test_a_breach_is_told_when_it_begins_and_when_it_ends(acme, people):
    receivables.post_invoice(money.invoice_row(acme, "I-1", 130_00), by=founding.console())
    assert kinds(people["finance"]) == ["BREACH_BEGAN"], "its hold is not told a second time"
    assert kinds(people["other"]) == []
    books.line(acme, 200_00)
    control.look_for_breaches([acme.pk], on=DAY, by=founding.console())
    assert kinds(people["finance"]) == ["BREACH_ENDED"]


@pytest.mark.covers("OC-013")
def test_a_stop_of_deliveries_reaches_the_warehouse_with_its_reason(acme, people):
    keeper = books.person("keeper", "WAREHOUSE", code="S01")
    hold = limits.place_hold(by=people["finance"], reason="overdue", customer=acme, cause="DELIVERY_STOP")
    (told,) = unread(keeper)
    assert (told.kind, told.data["reason"], told.data["scope"]) == ("HOLD_PLACED", "overdue", "DELIVERIES")
    assert kinds(people["finance"]) == [], "who did it knows"
    limits.lift_hold(hold, by=people["finance"], reason="paid", on=DAY)
    assert kinds(keeper) == ["HOLD_LIFTED"]


@pytest.mark.covers("OC-009")
def test_goods_gone_without_a_release_are_told_once_for_each_customer(acme, people):
    rows = [
        sales.DeliveryRow(number=f"D-{n}", dated_on=DAY, amount=1_00, currency="USD", **money.of(acme)) for n in (1, 2)
    ]
    sales.record_deliveries(money.entry(), rows)
    told = Notice.objects.get(kind="SHIPPED_UNRELEASED")
    assert told.data == {"number": "D-1", "count": 2}
    assert "SHIPPED_UNRELEASED" in kinds(people["finance"])


@pytest.mark.covers("OC-008", "LM-002")
def test_asking_for_a_release_tells_those_who_may_sign(acme, people):
    one = deals.checked(acme, "O-1", 150_00)
    chief = books.person("chief", "GENERAL_MANAGER")
    control.ask_release(one, reason="they paid this morning", on=DAY, by=people["seller"])
    assert kinds(chief) == ["RELEASE_ASKED"]
    assert kinds(people["finance"]) == ["RELEASE_ASKED", "ORDER_HELD"]
    assert deals.state(one) == "HELD"
    with pytest.raises(control.AskedAlready):
        control.ask_release(one, reason="please", on=DAY, by=people["seller"])
    with pytest.raises(Refused):
        control.ask_release(one, reason="please", on=DAY, by=people["auditor"])


def test_nobody_is_asked_to_sign_what_no_signature_frees(acme, people):
    one = deals.checked(acme, "O-1", 50_00)
    control.force_hold(one, reason="stop", on=DAY, by=people["finance"])
    with pytest.raises(control.NotReleasable):
        control.ask_release(deals.again(one), reason="please", on=DAY, by=people["seller"])


def test_the_policy_says_who_hears_of_what(acme, people):
    deals.policy(
        ('ORDER_REJECTED = ["SALESPERSON", "SALES_SUPERVISOR", "CUSTOMER_SERVICE"]', 'ORDER_REJECTED = ["AUDITOR"]')
    )
    one = deals.checked(acme, "O-1", 150_00)
    control.reject(one, reason="no", by=people["finance"])
    assert kinds(people["auditor"]) == ["ORDER_REJECTED"]
    assert kinds(people["seller"]) == []


def test_what_was_told_before_somebody_came_or_too_long_ago_does_not_wait_for_them(acme, people, monkeypatch):
    deals.checked(acme, "O-1", 150_00)
    assert kinds(books.person("newcomer", "FINANCE_MANAGER")) == []
    later = clock.now() + timedelta(days=shipped().notices.days + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert kinds(people["finance"]) == []
    assert inbox(people["finance"]).count() == 1


def test_seen_is_kept_for_each_person(acme, people):
    deals.checked(acme, "O-1", 150_00)
    told = unread(people["finance"]).get()
    assert open_notice(people["finance"], told) == 1
    open_notice(people["finance"], told)
    assert Seen.objects.count() == 1
    assert (count_unread(people["finance"]), count_unread(people["seller"])) == (0, 1)


def test_many_that_arose_together_are_one_line_and_are_seen_together(acme, people):
    many = [
        News(NoticeKind.ORDER_HELD, f"order:{n}", acme.pk, data={"number": str(n)}) for n in range(TOGETHER_MAX + 1)
    ]
    with together():
        tell(*many)
        with together():
            tell(News(NoticeKind.BREACH_BEGAN, "breach:1", acme.pk))
    tell(News(NoticeKind.ORDER_HELD, "order:999", acme.pk))
    lines = list(in_lines(unread(people["finance"])))
    assert [(one.kind, stands_for(one)) for one in lines] == [
        ("ORDER_HELD", 1),
        ("BREACH_BEGAN", 1),
        ("ORDER_HELD", 21),
    ]
    assert mark_seen(people["finance"], [lines[-1].pk]) == TOGETHER_MAX + 1
    assert count_unread(people["finance"]) == 2
    assert mark_seen(people["finance"]) == 2
    assert count_unread(people["finance"]) == 0
    assert open_notice(people["seller"], lines[-1]) == TOGETHER_MAX + 1


def test_a_few_that_arose_together_stand_one_by_one(acme, people):
    with together():
        tell(*(News(NoticeKind.ORDER_HELD, f"order:{n}", acme.pk) for n in range(TOGETHER_MAX)))
    assert len(in_lines(unread(people["finance"]))) == TOGETHER_MAX


def test_what_concerns_a_group_reaches_whoever_sees_a_member(acme, people):
    member = books.customer("SUB", salesperson="S02", group="G")
    tell(News(NoticeKind.BREACH_BEGAN, "breach:1", group_id=member.group_id))
    assert kinds(people["other"]) == ["BREACH_BEGAN"]
    assert kinds(people["seller"]) == []


def test_as_many_as_a_file_brings_are_told_at_once(acme, people):
    """More than one statement may hold: what is newest about each of them still settles what was said before."""
    many = [News(NoticeKind.SHIPPED_UNRELEASED, f"delivery:{n}", acme.pk, data={"count": 1}) for n in range(33_000)]
    with together():
        tell(*many)
        tell(*many)
    assert (Notice.objects.count(), Notice.objects.filter(settled_at=None).count()) == (66_000, 33_000)
