"""Whoever asks for the documents that name a number reaches them by the index of names, however long the books are."""

import pytest
from django.db import connection

from tests import books
from xinheng.base import sql
from xinheng.desk.control import reading
from xinheng.desk.exposure import public as exposure
from xinheng.rules.road import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def plans(ask):
    """How SQLite answers each statement that ``ask`` sends and that reads documents."""
    sent = []

    def keep(execute, statement, params, many, context):
        if "exposure_document" in statement and statement.startswith("SELECT"):
            sent.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    return [row[3] for statement, params in sent for row in sql.fetch(f"EXPLAIN QUERY PLAN {statement}", params)]


@pytest.fixture
def order(acme):
    books.line(acme, 100_00)
    return books.add(books.document(acme, Kind.ORDER, "S1", 50_00))[0]


def test_a_family_is_walked_without_reading_every_document(acme, order):
    delivery = books.document(acme, Kind.DELIVERY, "D1", 10_00, order_number="S1")
    steps = plans(lambda: books.add(delivery))
    assert not [one for one in steps if one.startswith("SCAN exposure_document")]
    assert any("document_names_order" in one for one in steps)


def test_what_names_an_order_is_found_by_its_name(order):
    steps = plans(lambda: exposure.naming("order_number", "S1", entity_id=order.entity_id))
    assert any("document_names_order" in one for one in steps)


def test_a_decision_reads_its_orders_family_by_name(order):
    batch = sql.Batch()
    reading._ask(batch, order.pk)
    steps = plans(batch.run)
    assert any("document_names_order" in one for one in steps)
    assert not [one for one in steps if one.startswith(("SCAN d", "SCAN f", "SCAN o", "SCAN exposure"))]
