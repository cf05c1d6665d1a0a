"""What an action writes last goes to the database with its COMMIT: all of it or nothing, and then it stands."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests import books
from tests.books import DAY
from xinheng.base import database, sql
from xinheng.base.models import Stream
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site import founding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def emptied(transactional_db):
    """Nothing may be deleted in these books but by whoever empties a test's."""
    yield
    database.remove_triggers()


def names() -> list[str]:
    """The streams that a connection of its own sees."""
    connection.close()
    return sorted(Stream.objects.filter(name__startswith="one").values_list("name", flat=True))


def last(*written: str) -> None:
    batch = sql.Batch()
    batch.insert("base_stream", ("name", "sequence", "digest"), [(name, 0, "") for name in written])
    batch.run_last()


def test_what_is_written_last_stands():
    with database.atomic():
        sql.execute("UPDATE base_stream SET sequence = 1 WHERE name = 'nobody'")
        last("one-a", "one-b")
    assert names() == ["one-a", "one-b"]


def test_a_batch_may_begin_and_end_the_transaction():
    ran = []
    with database.atomic():
        transaction.on_commit(lambda: ran.append(1))
        last("one-a")
    assert ran == [1]
    with database.atomic():
        batch = sql.Batch()
        batch.add("SELECT COUNT(*) FROM base_stream WHERE name = %s", ["one-a"])
        assert batch.run() == [[(1,)]]
        last("one-b")
    assert names() == ["one-a", "one-b"]


def test_a_last_batch_that_fails_leaves_nothing_and_the_connection_goes_on():
    with pytest.raises(IntegrityError), database.atomic():
        last("one-c", "one-c")
    with pytest.raises(DatabaseError), database.atomic():
        batch = sql.Batch()
        batch.insert("base_stream", ("name", "sequence", "digest"), [("one-d", 0, "")])
        batch.add("SELECT nothing FROM nowhere")
        batch.run_last()
    with database.atomic():
        last("one-e")
    assert names() == ["one-e"]


def test_inside_another_action_nothing_is_committed_before_its_end():
    with pytest.raises(RuntimeError), database.atomic():
        with transaction.atomic():
            last("one-a")
        raise RuntimeError
    assert names() == []


def test_a_decision_stands_when_it_is_answered():
    books.found()
    who = books.customer("A")
    books.line(who, 500_00)
    row = sales.OrderRow(
        entity_id=exposure.entity().pk,
        account_id=exposure.account(who.pk, exposure.entity()).pk,
        number="S1",
        dated_on=DAY,
        currency="USD",
        amount=100_00,
    )
    order = sales.enter_order(row, customer_id=who.pk, by=founding.console())
    decision = control.check_order(order, on=DAY, by=founding.console())
    connection.close()
    assert books.stands(who) == {"ORDERED": 100_00}
    assert list(control.Decision.objects.values_list("pk", flat=True)) == [decision.pk]
