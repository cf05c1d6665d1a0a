"""Installations for tests of the commands; one customer and a finance manager for tests of the HTML doors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import books, installation
from tests.installation import Installation


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    """``empty()``: an installation in which nothing has been done yet."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(installation.empty(tmp_path))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Books as ``init`` makes them, made once."""
    with installation.empty(tmp_path_factory.mktemp("template")) as made:
        made.does("init")
        yield made


@pytest.fixture
def founded(template: Installation, tmp_path: Path) -> Iterator[Installation]:
    """An installation after ``init``."""
    with installation.copied(template, tmp_path) as made:
        yield made


@pytest.fixture
def acme(db):
    books.found()
    return books.customer("A", salesperson="S01", name="远东贸易", name_en="Far East Trading")


@pytest.fixture
def manager(acme):
    return books.person("fm", "FINANCE_MANAGER", name_zh="何立", name_en="He Li")
