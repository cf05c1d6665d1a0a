"""An order from a page, outside of a test's own transaction: the form's key and the order land together."""

from collections.abc import Iterator

import pytest

from tests import books
from tests.books import DAY
from tests.site.visits import browse
from xinheng.base import database
from xinheng.base.models import SentForm
from xinheng.desk.sales.public import Order

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/control/orders/new/"


@pytest.fixture(autouse=True)
def emptied(transactional_db) -> Iterator[None]:
    """What never changes is emptied after the test like everything else."""
    yield
    database.remove_triggers()


def stated(**more):
    return {"customer": "A", "number": "SO-1", "amount": "100", "payment": "credit", "dated_on": DAY.isoformat()} | more


def test_the_key_and_the_order_are_one_transaction():
    books.found()
    who = books.customer("A", salesperson="S01")
    client = browse(books.person("lin", "SALESPERSON", code="S01"))
    books.line(who, 500_00)
    assert client.post(NEW, stated(sent="k")).status_code == 302
    assert client.post(NEW, stated(sent="k2")).status_code == 422
    assert client.post(NEW, stated(sent="k2", number="SO-2")).status_code == 302
    assert client.post(NEW, stated(sent="k2", number="SO-3")).status_code == 302
    assert sorted(SentForm.objects.values_list("key", flat=True)) == ["k", "k2"]
    assert sorted(Order.objects.values_list("document__number", "state")) == [
        ("SO-1", "APPROVED"),
        ("SO-2", "APPROVED"),
    ]
