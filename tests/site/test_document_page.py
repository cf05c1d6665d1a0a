"""The page of one document says when it is due, what that still waits for, and whether the day may yet move."""

from datetime import date

import pytest

from tests import books
from tests.site.visits import browse, read, words
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("term", "issued_on", "english", "chinese"),
    [
        ("30D", date(2026, 3, 2), "is open, due on 2026-04-01.", "2026-04-01 到期。"),
        (
            "30D from DELIVERY",
            date(2026, 3, 2),
            "it falls due after the goods have come.",
            "货到后起算到期日。",
        ),
        ("30D from ACCEPTANCE", date(2026, 3, 2), "accepted the goods.", "客户签收（验收）后起算到期日。"),
        ("滚结", date(2026, 3, 2), "it falls due with the next batch.", "下一批发货时到期。"),
        ("30D roll=NEXT", date(2026, 3, 2), "is open, due on 2026-04-01.", "2026-04-01 到期。"),
        ("360D roll=NEXT", date(2026, 3, 2), "provisional: the days off of 2027", "暂定：2027 年"),
    ],
)
def test_it_says_when_an_invoice_is_due(term, issued_on, english, chinese):
    books.found()
    limits.CalendarDay.objects.filter(on__year=2027).delete()
    who, seller = books.customer("A"), exposure.entity()
    row = receivables.InvoiceRow(
        entity_id=seller.pk,
        account_id=exposure.account(who.pk, seller).pk,
        number="I-1",
        issued_on=issued_on,
        currency="USD",
        amount=100_00,
        term=term,
    )
    (invoice,) = receivables.post_invoice(row, by=founding.console())
    reader = books.person("fm", "FINANCE_MANAGER")
    for language, said in (("en", english), ("zh", chinese)):
        assert said in words(read(browse(reader, language), f"/documents/{invoice.pk}/"))
