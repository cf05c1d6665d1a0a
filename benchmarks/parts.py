"""One measurement in a process of its own: ``python -m benchmarks.parts NAME '{"word": …}'`` answers in JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any

import django


def found() -> None:
    from tests import books
    from xinheng.site import founding

    founding.bring_up_to_date()
    books.found(today=_decisions().DAY)


def _decisions() -> Any:
    from benchmarks import decisions

    return decisions


def _imports() -> Any:
    from benchmarks import imports

    return imports


def _ageing() -> Any:
    from benchmarks import ageing

    return ageing.measure()


def analyse() -> None:
    """What the database does by itself after a while."""
    from django.db import connection

    connection.cursor().execute("ANALYZE")


PARTS: dict[str, Callable[..., Any]] = {
    "found": found,
    "analyse": analyse,
    "customer": lambda **words: _decisions().customer(**words),
    "seconds_each": lambda **words: _decisions().seconds_each(**words),
    "rate": lambda **words: _decisions().rate(**words),
    "raw_rate": lambda **words: _decisions().raw_rate(**words),
    "costs": lambda **words: _decisions().costs(**words),
    "ageing": _ageing,
    "customers": lambda **words: _imports().customers(**words),
    "land": lambda **words: _imports().land(**words),
    "land_raw": lambda **words: _imports().land_raw(**words),
    "probe": lambda **words: _imports().probe(**words),
}


def main() -> None:
    django.setup()
    name, words = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(PARTS[name](**words)), flush=True)


if __name__ == "__main__":
    main()
