"""Books with one customer, and other systems that ask about it."""

import pytest

from tests import books
from tests.api.asking import Asking


@pytest.fixture
def acme(db):
    books.found()
    return books.customer("A", salesperson="S01", name="远东贸易", name_en="Far East Trading", branch="SH")


@pytest.fixture
def line(acme):
    return books.line(acme, 100_00)


@pytest.fixture
def ask(acme):
    """Somebody who enters, checks and turns down orders and sees everything."""
    roles = ("CREDIT_CHECKER", "SALES_SUPERVISOR", "FINANCE_MANAGER", "CUSTOMER_SERVICE", "WAREHOUSE")
    return Asking(books.person("clerk", *roles))
