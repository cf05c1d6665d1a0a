"""Going through the HTML doors without a browser."""

import html
import re

from django.test import Client

from tests.books import DAY
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site import founding


def browse(user, language="en") -> Client:
    """A signed-in visitor."""
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = {"zh": "zh-hans", "en": "en"}[language]
    return client


def read(client, path, **query) -> str:
    """A page's text; it opens."""
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def words(page: str) -> str:
    """What a person reads of a page: without its tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def money(who, number, amount, on=DAY):
    """Money that came in."""
    seller = exposure.entity()
    row = cash.ReceiptRow(
        entity_id=seller.pk,
        account_id=exposure.account(who.pk, seller).pk,
        number=number,
        dated_on=on,
        currency="USD",
        amount=amount,
    )
    cash.record_receipts(exposure.open_entry("test", by=founding.console()), [row])


def an_order(who, number, amount, *, by=None, **more):
    """An order that was entered and checked."""
    seller = exposure.entity()
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(who.pk, seller).pk,
        number=number,
        dated_on=DAY,
        currency="USD",
        amount=amount,
        salesperson=who.salesperson,
        **more,
    )
    order = sales.enter_order(row, customer_id=who.pk, by=by or founding.console())
    control.check_order(order, on=DAY, by=founding.console())
    return order
