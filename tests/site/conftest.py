"""Installations for tests of the house's own commands."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import installation
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
