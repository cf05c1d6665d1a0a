"""Founded books with one customer, for the tests of the chapters."""

import pytest

from tests import books
from xinheng.base.models import User
from xinheng.desk.customers.public import Customer
from xinheng.site import founding


@pytest.fixture
def acme(db: None) -> Customer:
    """A customer of books in US dollars; the business date is books.DAY."""
    books.found()
    return books.customer("A")


@pytest.fixture
def console(db: None) -> User:
    """The console operator, who may do everything here."""
    return founding.console()
