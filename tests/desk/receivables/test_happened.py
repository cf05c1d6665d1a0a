"""Somebody says when the customer accepted the goods, agreed the statement or reported the sale: then it falls due."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Refused, WrongState
from xinheng.base.models import AuditLine
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Moment
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.ageing import Bounds, By
from xinheng.rules.road import Kind
from xinheng.rules.terms import Base
from xinheng.site import verification

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-010")]
DAYS = timedelta
ISSUED, LEFT, SIGNED = DAY - DAYS(10), DAY - DAYS(5), DAY - DAYS(2)
FROM_ACCEPTANCE = "30D from ACCEPTANCE"


def invoice(who, number="I1", term=FROM_ACCEPTANCE, **more):
    return money.invoice(who, number, 100_00, ISSUED, term=term, **more)


def goods(who, number="D1", *, on=LEFT, order=""):
    row = sales.DeliveryRow(
        number=number, dated_on=on, amount=100_00, order_number=order, currency="USD", **money.of(who)
    )
    return sales.record_deliveries(money.entry(), [row])[0]


def present(number="I1"):
    return Document.objects.filter(kind=Kind.INVOICE, number=number, reversed_by=None).order_by("part")


def due(number="I1"):
    """The due days of the present instalments."""
    return [one.due_on for one in present(number)]


def whole():
    return list(verification.differences()) == []


def written():
    """How much there is in the books that an action would add to."""
    return Document.objects.count(), exposure.Entry.objects.count(), AuditLine.objects.count()


def refusal(error, action):
    """What an action is refused with; nothing was written."""
    before = written()
    with pytest.raises(error) as refused:
        action()
    assert written() == before
    return refused.value.params


@pytest.mark.parametrize(
    ("event", "term", "before", "after"),
    [
        (Base.ACCEPTANCE, FROM_ACCEPTANCE, None, SIGNED + DAYS(30)),
        (Base.ACCEPTANCE, "30D from ACCEPTANCE latest 60D", ISSUED + DAYS(60), SIGNED + DAYS(30)),
        (Base.ACCEPTANCE, "90D from ACCEPTANCE latest 60D", ISSUED + DAYS(60), ISSUED + DAYS(60)),
        (Base.STATEMENT, "15D from STATEMENT", None, SIGNED + DAYS(15)),
        (Base.SALE_REPORT, "代销 30", ISSUED + DAYS(30), SIGNED + DAYS(30)),
    ],
)
def test_the_due_day_follows_and_waits_again_when_the_day_is_taken_back(acme, console, event, term, before, after):
    made = invoice(acme, term=term)
    assert due() == [before]
    followed = receivables.happened(made, event, on=SIGNED, by=console)
    assert due() == [after]
    assert followed.documents == list(present())
    assert [one.due_on for one in followed.moved] == ([after] if after != before else [])
    assert whole()
    receivables.not_happened(followed.documents[0], event, reason="wrong day", by=console)
    assert due() == [before]
    assert whole()


def test_only_the_instalments_that_wait_for_it_follow(acme, console):
    made = invoice(acme, term="20%@0D+50%@30D from ACCEPTANCE+30%@60D from STATEMENT")
    receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    assert due() == [ISSUED, SIGNED + DAYS(30), None]
    receivables.happened(present()[0], Base.STATEMENT, on=DAY, by=console)
    assert due() == [ISSUED, SIGNED + DAYS(30), DAY + DAYS(60)]
    assert whole()


def test_it_is_in_the_audit_trail_with_what_followed(acme, console):
    made = invoice(acme)
    receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    receivables.not_happened(made, Base.ACCEPTANCE, reason="another lorry", by=console)
    said, back = AuditLine.objects.filter(verb__startswith="receivables.term-day").order_by("id")
    day, falls_due = SIGNED.isoformat(), (SIGNED + DAYS(30)).isoformat()
    assert (said.verb, said.subject) == ("receivables.term-day.said", "invoice:I1")
    assert said.data == {"event": "ACCEPTANCE", "on": day, "due": [f"I1/1 {falls_due}"]}
    assert back.data == {"event": "ACCEPTANCE", "on": day, "reason": "another lorry", "due": ["I1/1 —"]}


def test_said_again_it_changes_nothing(acme, console):
    made = invoice(acme)
    receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    before = written()
    again = receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    assert (written(), again.moved) == (before, [])


def test_another_day_needs_the_first_to_be_taken_back(acme, console):
    made = invoice(acme)
    receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    params = refusal(receivables.OtherDay, lambda: receivables.happened(made, Base.ACCEPTANCE, on=DAY, by=console))
    assert params["on"] == SIGNED.isoformat()
    receivables.not_happened(made, Base.ACCEPTANCE, reason="wrong", by=console)
    receivables.happened(made, Base.ACCEPTANCE, on=DAY, by=console)
    assert due() == [DAY + DAYS(30)]


@pytest.mark.parametrize(
    ("term", "stated"), [("30D", {}), ("30D from DELIVERY", {}), (FROM_ACCEPTANCE, {"due_on": DAY}), ("", {})]
)
def test_an_invoice_that_waits_for_no_such_day_refuses_it(acme, console, term, stated):
    made = invoice(acme, term=term, **stated)
    params = refusal(receivables.NotAwaited, lambda: receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console))
    assert params == {"what": "invoice", "number": "I1", "event": "ACCEPTANCE", "term": term or "—"}


@pytest.mark.parametrize(
    ("on", "error"),
    [(DAY + DAYS(1), receivables.NotYet), (ISSUED - DAYS(1), receivables.BeforeDocument)],
)
def test_a_day_ahead_or_before_the_invoice_is_refused(acme, console, on, error):
    made = invoice(acme)
    refusal(error, lambda: receivables.happened(made, Base.ACCEPTANCE, on=on, by=console))


@pytest.mark.parametrize("named", ["delivery_number", "order_number"])
def test_goods_may_be_accepted_before_they_are_invoiced_but_not_before_they_leave(acme, console, named):
    goods(acme, on=ISSUED - DAYS(9), order="O1")
    made = invoice(acme, **{named: {"delivery_number": "D1", "order_number": "O1"}[named]})
    early = ISSUED - DAYS(10)
    params = refusal(
        receivables.BeforeDocument,
        lambda: receivables.happened(made, Base.ACCEPTANCE, on=early, by=console),
    )
    assert (params["what"], params["number"]) == ("delivery", "D1")
    receivables.happened(made, Base.ACCEPTANCE, on=ISSUED - DAYS(4), by=console)
    assert due() == [ISSUED + DAYS(26)]


def test_a_day_nobody_said_cannot_be_taken_back(acme, console):
    made = invoice(acme)
    refusal(
        receivables.NotSaid,
        lambda: receivables.not_happened(made, Base.ACCEPTANCE, reason="x", by=console),
    )


def test_it_takes_the_right_to_enter_invoices(acme):
    made = invoice(acme)
    by = books.person("warehouse", "WAREHOUSE")
    refusal(Refused, lambda: receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=by))
    refusal(Refused, lambda: receivables.not_happened(made, Base.ACCEPTANCE, reason="x", by=by))


class TestADelivery:
    """The customer signs for goods: every invoice of these goods counts from that day."""

    @pytest.mark.parametrize("named", [{"delivery_number": "D1"}, {"order_number": "O1"}], ids=str)
    @pytest.mark.parametrize("first", ["invoice", "day"])
    def test_its_invoices_follow_whichever_comes_first(self, acme, console, named, first):
        sent = goods(acme, order="O1")
        if first == "invoice":
            invoice(acme, **named)
        receivables.happened(sent, Base.ACCEPTANCE, on=SIGNED, by=console)
        if first == "day":
            invoice(acme, **named)
        assert due() == [SIGNED + DAYS(30)]
        receivables.not_happened(sent, Base.ACCEPTANCE, reason="wrong", by=console)
        assert due() == [None]
        assert whole()

    def test_where_goods_of_an_order_came_in_parts_the_last_acceptance_counts(self, acme, console):
        first, last = goods(acme, order="O1"), goods(acme, "D2", order="O1")
        invoice(acme, order_number="O1")
        receivables.happened(last, Base.ACCEPTANCE, on=DAY, by=console)
        receivables.happened(first, Base.ACCEPTANCE, on=SIGNED, by=console)
        assert due() == [DAY + DAYS(30)]
        receivables.not_happened(last, Base.ACCEPTANCE, reason="wrong", by=console)
        assert due() == [SIGNED + DAYS(30)]

    def test_what_is_said_of_the_invoice_itself_goes_first(self, acme, console):
        sent = goods(acme)
        receivables.happened(sent, Base.ACCEPTANCE, on=SIGNED, by=console)
        made = invoice(acme, delivery_number="D1")
        receivables.happened(made, Base.ACCEPTANCE, on=DAY, by=console)
        assert due() == [DAY + DAYS(30)]
        receivables.not_happened(made, Base.ACCEPTANCE, reason="wrong", by=console)
        assert due() == [SIGNED + DAYS(30)]

    def test_invoices_of_somebody_else_and_stated_days_stay(self, acme, console):
        sent, other = goods(acme), books.customer("B")
        invoice(acme, delivery_number="D1", due_on=DAY)
        invoice(other, "I2", delivery_number="D1")
        receivables.happened(sent, Base.ACCEPTANCE, on=SIGNED, by=console)
        assert due() == [DAY]
        assert due("I2") == [None]

    @pytest.mark.parametrize("from_", ["invoice", "customer"])
    def test_what_its_due_days_count_from_is_known_before_an_invoice_comes(self, acme, from_):
        sent = goods(acme)
        assert receivables.told_of(sent) == []
        if from_ == "invoice":
            invoice(acme, delivery_number="D1", term="50%@30D from STATEMENT+50%@30D from ACCEPTANCE")
            assert receivables.told_of(sent) == [Base.ACCEPTANCE, Base.STATEMENT]
        else:
            customers.Customer.objects.update(term=FROM_ACCEPTANCE)
            assert receivables.told_of(sent) == [Base.ACCEPTANCE]


class TestItLasts:
    """What was said of an invoice outlives its corrections, and ends with it."""

    @pytest.fixture
    def accepted(self, acme, console):
        receivables.happened(invoice(acme), Base.ACCEPTANCE, on=SIGNED, by=console)
        return acme

    def test_a_corrected_invoice_still_has_its_day(self, accepted):
        row = money.invoice_row(accepted, "I1", 90_00, ISSUED, term="45D from ACCEPTANCE")
        receivables.repost_invoices(money.entry(), list(present()), [row])
        assert due() == [SIGNED + DAYS(45)]
        assert whole()

    def test_money_and_credit_notes_come_along_both_ways(self, accepted, console):
        money.receipt(accepted, "R1", 30_00)
        money.allocate("R1", "I1", 30_00)
        money.credit_note(accepted, "C1", 20_00, invoice_number="I1")
        receivables.not_happened(present()[0], Base.ACCEPTANCE, reason="wrong", by=console)
        receivables.happened(present()[0], Base.ACCEPTANCE, on=DAY, by=console)
        assert (due(), books.stands(accepted)) == ([DAY + DAYS(30)], {"INVOICED": 50_00})
        standing = receivables.Allocation.objects.filter(undone_by=None).order_by("id")
        assert [(one.amount, one.automatic) for one in standing] == [(30_00, False), (20_00, True)]
        assert whole()

    def test_taken_back_for_good_it_leaves_no_day_to_a_later_one_of_its_number(self, accepted, console):
        receivables.reverse_invoice(present()[0], reason="wrong", by=console)
        invoice(accepted)
        assert due() == [None]
        assert receivables.days_said(present()[0]) == []

    def test_an_invoice_that_was_taken_back_accepts_nothing(self, acme, console):
        made = invoice(acme)
        receivables.reverse_invoice(made, reason="wrong", by=console)
        refusal(WrongState, lambda: receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console))


def overdue(on, known_on=None):
    moment = Moment(on, known_on)
    found = receivables.ageing(moment, by=By.DUE, bounds=Bounds(), scope=receivables.AgeingScope())
    return [one["amount"] for one in found["currencies"]["USD"]["buckets"]][:2]


def test_it_ages_from_then_on_and_what_was_known_before_stays_known(acme, console):
    made = invoice(acme)
    later = SIGNED + DAYS(31)
    assert overdue(later) == ["100.00", "0.00"]
    known = made.entry.at
    receivables.happened(made, Base.ACCEPTANCE, on=SIGNED, by=console)
    assert overdue(later) == ["0.00", "100.00"]
    assert overdue(SIGNED + DAYS(30)) == ["100.00", "0.00"]
    assert overdue(later, known) == ["100.00", "0.00"]


def test_a_day_in_a_closed_month_counts_and_the_month_stays_as_it_was_told(acme, console):
    made = invoice(acme)
    books.close_month(ISSUED, by=console)
    end = DAY.replace(day=1) - DAYS(1)
    told = (books.stands(acme, Moment(end)), overdue(end))
    signed = ISSUED + DAYS(2)
    receivables.happened(made, Base.ACCEPTANCE, on=signed, by=console)
    (stands,) = present()
    assert (stands.due_on, stands.dated_on, stands.effective_on) == (signed + DAYS(30), ISSUED, DAY.replace(day=1))
    assert (books.stands(acme, Moment(end)), overdue(end)) == told
    assert whole()
