"""An invoice that came before its goods falls due when they arrive."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.site.visits import money
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.ageing import Bounds, By
from xinheng.rules.road import Kind
from xinheng.site import founding, verification

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-010")]
FROM_DELIVERY = "30D from DELIVERY"
CAME = DAY - timedelta(3)


@pytest.fixture
def who(db):
    books.found()
    return books.customer("A")


def of(who):
    seller = exposure.entity()
    return {"entity_id": seller.pk, "account_id": exposure.account(who.pk, seller).pk, "currency": "USD"}


def invoice(who, *, number="I-1", amount=100, term=FROM_DELIVERY, **more):
    row = receivables.InvoiceRow(
        number=number, issued_on=DAY - timedelta(10), amount=amount, term=term, **of(who), **more
    )
    return receivables.post_invoice(row, by=founding.console())


def goods(who, number="D-1", *, on=CAME, amount=100, order=""):
    entry = exposure.open_entry("test", by=founding.console())
    row = sales.DeliveryRow(number=number, dated_on=on, amount=amount, order_number=order, **of(who))
    return sales.record_deliveries(entry, [row])


def due(number="I-1"):
    """The due days of the present instalments."""
    found = exposure.Document.objects.filter(kind=Kind.INVOICE, number=number, reversed_by=None).order_by("part")
    return [one.due_on for one in found]


@pytest.mark.parametrize(
    ("term", "before", "after"),
    [
        (FROM_DELIVERY, None, CAME + timedelta(30)),
        ("30D from DELIVERY latest 60D", DAY + timedelta(50), CAME + timedelta(30)),
        ("90D from DELIVERY latest 60D", DAY + timedelta(50), DAY + timedelta(50)),
        ("30D", DAY + timedelta(20), DAY + timedelta(20)),
        ("30D from ACCEPTANCE", None, None),
    ],
)
@pytest.mark.parametrize("named", ["delivery", "order"])
def test_the_day_follows_from_the_goods(who, term, before, after, named):
    names = {"delivery_number": "D-1"} if named == "delivery" else {"order_number": "O-1"}
    invoice(who, term=term, **names)
    assert due() == [before]
    goods(who, order="O-1" if named == "order" else "")
    assert due() == [after]
    assert list(verification.differences()) == []


def test_goods_that_came_first_are_counted_from_at_once(who):
    goods(who, order="O-1")
    invoice(who, order_number="O-1")
    assert due() == [CAME + timedelta(30)]


def test_each_instalment_has_its_own_day(who):
    invoice(who, term="50%@0D+50%@30D from DELIVERY", delivery_number="D-1")
    assert due() == [DAY - timedelta(10), None]
    goods(who)
    assert due() == [DAY - timedelta(10), CAME + timedelta(30)]


def test_it_ages_from_then_on_and_was_not_due_before(who):
    invoice(who, delivery_number="D-1")

    def overdue(on):
        found = receivables.ageing(exposure.Moment(on), by=By.DUE, bounds=Bounds(), scope=receivables.AgeingScope())
        return [one["amount"] for one in found["currencies"]["USD"]["buckets"]][:2]

    later = CAME + timedelta(31)
    assert overdue(later) == ["1.00", "0.00"]
    goods(who)
    assert overdue(later) == ["0.00", "1.00"]
    assert overdue(CAME) == ["1.00", "0.00"]


def test_what_was_paid_of_it_stays_paid(who):
    invoice(who, delivery_number="D-1")
    money(who, "R-1", 40)
    receipt = exposure.Document.objects.get(number="R-1")
    receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=founding.console())
    goods(who)
    assert due() == [CAME + timedelta(30)]
    assert books.stands(who) == {"INVOICED": 60}
    assert list(verification.differences()) == []


@pytest.mark.parametrize("stated", [DAY, DAY + timedelta(9)])
def test_a_day_that_was_stated_wins(who, stated):
    invoice(who, delivery_number="D-1", due_on=stated)
    goods(who)
    assert due() == [stated]


def test_goods_of_somebody_else_are_no_matter(who):
    invoice(who, delivery_number="D-1")
    goods(books.customer("B"))
    assert due() == [None]


def test_tax_and_salesperson_come_along(who):
    tax = receivables.TaxRow(net=88, tax=12, tax_rate="13%", fapiao_code="01", fapiao_number="0002")
    invoice(who, delivery_number="D-1", salesperson="S01", tax=tax)
    goods(who)
    (found,) = exposure.Document.objects.filter(kind=Kind.INVOICE, reversed_by=None)
    assert (found.salesperson, found.tax.fapiao_number, found.tax.net) == ("S01", "0002", 88)
