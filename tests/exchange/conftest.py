"""Founded books and a loader of files."""

from pathlib import Path

import pytest

from tests import books
from tests.exchange.files import Loader


@pytest.fixture
def load(db: None, tmp_path: Path) -> Loader:
    """``load("invoices", invoice("I1", "A", 100))`` into books in US dollars with customers A and B."""
    books.found()
    books.customer("A", salesperson="S1")
    books.customer("B", salesperson="S2")
    return Loader(tmp_path)
