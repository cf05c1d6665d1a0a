"""Documents put value on the road whatever their order, and give it back when they are reversed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests import books
from tests.books import DAY
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.models import DueTotal, Movement
from xinheng.rules.road import Kind
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    books.found()
    return books.customer("A")


@pytest.mark.covers("LM-003", "OC-006")
def test_an_order_delivered_and_invoiced_in_part_stands_once(acme):
    books.add(books.document(acme, Kind.ORDER, "S1", 200_00))
    books.add(books.document(acme, Kind.DELIVERY, "D1", 120_00, order_number="S1"))
    books.add(books.document(acme, Kind.INVOICE, "I1", 120_00, delivery_number="D1", due_on=DAY))
    assert books.stands(acme) == {"ORDERED": 80_00, "INVOICED": 120_00}
    assert list(exposure.differences()) == []


def test_an_invoice_may_come_before_its_delivery_and_its_order(acme):
    books.add(books.document(acme, Kind.INVOICE, "I1", 60_00, DAY + timedelta(1), delivery_number="D1"))
    books.add(books.document(acme, Kind.DELIVERY, "D1", 60_00, DAY + timedelta(3), order_number="S1"))
    books.add(books.document(acme, Kind.ORDER, "S1", 100_00))
    assert books.stands(acme) == {"ORDERED": 40_00, "INVOICED": 60_00}
    assert books.stands(acme, exposure.Moment(DAY)) == {"ORDERED": 100_00}
    assert list(exposure.differences()) == []


def test_a_reversed_invoice_gives_its_goods_back_and_its_number_may_come_again(acme):
    books.add(books.document(acme, Kind.DELIVERY, "D1", 60_00))
    invoice = books.add(books.document(acme, Kind.INVOICE, "I1", 60_00, delivery_number="D1", due_on=DAY))
    exposure.reverse(exposure.open_entry("undo", by=founding.console()), invoice)
    assert books.stands(acme) == {"DELIVERED": 60_00}
    books.add(books.document(acme, Kind.INVOICE, "I1", 50_00, delivery_number="D1"))
    assert books.stands(acme) == {"DELIVERED": 10_00, "INVOICED": 50_00}
    assert list(exposure.differences()) == []


def test_a_number_that_is_present_is_refused(acme):
    books.add(books.document(acme, Kind.INVOICE, "I1", 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        books.add(books.document(acme, Kind.INVOICE, "I1", 1))


def test_what_is_known_later_does_not_change_what_was_known(acme):
    first = books.add(books.document(acme, Kind.INVOICE, "I1", 100_00))[0]
    known = Movement.objects.get().recorded_at
    books.add(books.document(acme, Kind.INVOICE, "I0", 30_00, DAY - timedelta(9)))
    assert books.stands(acme, exposure.Moment(DAY)) == {"INVOICED": 130_00}
    assert books.stands(acme, exposure.Moment(DAY, known)) == {"INVOICED": 100_00}
    assert first.effective_on == DAY


def test_totals_by_due_day_follow_every_posting(acme):
    books.add(
        books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=DAY),
        books.document(acme, Kind.INVOICE, "I2", 20_00, due_on=DAY),
    )
    total = DueTotal.objects.get()
    assert (total.amount, total.count) == (50_00, 2)


@pytest.mark.parametrize("table", ["exposure_movement", "exposure_entry", "base_auditline"])
def test_the_database_itself_refuses_to_change_what_happened(acme, table):
    books.line(acme, 1)
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00))
    for statement in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_position_below_zero_cannot_be_written(acme):
    document = books.add(books.document(acme, Kind.INVOICE, "I1", 30_00))[0]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exposure_position SET amount = -1 WHERE document_id = %s", [document.pk])


def test_nothing_takes_effect_in_a_closed_month(acme):
    gm, director = books.person("gm", "GENERAL_MANAGER"), books.person("fd", "FINANCE_DIRECTOR")
    invoice = books.add(books.document(acme, Kind.INVOICE, "I1", 100_00))
    books.close_month(DAY, by=director)
    late = books.add(books.document(acme, Kind.INVOICE, "I2", 10_00))[0]
    assert (late.dated_on, late.effective_on) == (DAY, DAY.replace(month=4, day=1))
    exposure.reverse(exposure.open_entry("undo", by=founding.console()), invoice)
    assert books.stands(acme, exposure.Moment(DAY)) == {"INVOICED": 100_00}
    assert books.stands(acme) == {"INVOICED": 10_00}
    exposure.reopen_month(exposure.entity(), by=gm)
    exposure.reopen_month(exposure.entity(), by=director)
    assert list(exposure.differences()) == []


def test_a_broken_balance_and_a_missing_movement_are_found(acme):
    books.add(books.document(acme, Kind.INVOICE, "I1", 100_00, due_on=DAY))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exposure_balance SET amount = amount + 2")
        cursor.execute("UPDATE exposure_duetotal SET count = count + 1")
        cursor.execute("UPDATE exposure_position SET amount = amount + 1")
    found = "\n".join(exposure.differences())
    for word in ("balance", "total by due day", "position", "invoice I1/1"):
        assert word in found
