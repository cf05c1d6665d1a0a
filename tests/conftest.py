"""What all tests share: the coverage map on request, the data beside the project, hypothesis without a stop-watch."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from scripts import coverage_map

SHARED = coverage_map.ROOT.parent / "shared"

# The machine that runs the tests may be busy with something else; CI's own profile (derandomised) is left as it is.
settings.register_profile("xinheng", deadline=None)
#: For a night: ``pytest --hypothesis-profile=long tests/desk/conservation``.
settings.register_profile("long", deadline=None, max_examples=2000)
if not os.environ.get("CI"):
    settings.load_profile("xinheng")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-coverage-map",
        action="store_true",
        help="write docs/rulebook/coverage.md from the covers marks at the end",
    )


#: Begun first, so that no core waits for them at the end.
LONGEST = frozenset({"test_benchmarks.py", "test_backup.py"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the other database are left out, whatever asked for them; the longest begin."""
    other = "sqlite" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_sessionfinish(session: pytest.Session) -> None:
    on_a_worker = hasattr(session.config, "workerinput")
    if session.config.getoption("--write-coverage-map") and not on_a_worker:
        coverage_map.write()


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """``shared("data/cumcm2020c")``: a path beside the project; where it is absent the test is skipped."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"../shared/{name} is absent")
        return path

    return find
