"""What one page asks again and again is read once: whose books these are, what day it is, which policy is in force.

Only while a page is shown (nothing is written then); an action always reads afresh.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Everything asked ``once`` inside is made at most one time."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once[Answer](key: Hashable, make: Callable[[], Answer]) -> Answer:
    """The answer of this page; made anew outside of one."""
    known = _known.get()
    if known is None:
        return make()
    if key not in known:
        known[key] = make()
    answer: Answer = known[key]
    return answer
