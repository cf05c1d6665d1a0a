"""The kinds of jobs there are.  Each room registers its own by dotted path; nothing is loaded before it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.functional import Promise

from xinheng.base.errors import Unknown

#: How often a job is begun before it counts as failed, when workers die over it or the database stays busy.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: what people call it and the function that does it (given a ``Running``, answering JSON)."""

    code: str
    title: str | Promise
    path: str

    def work(self) -> Callable[..., dict[str, Any]]:
        module, _dot, name = self.path.rpartition(".")
        found: Callable[..., dict[str, Any]] = getattr(import_module(module), name)
        return found


_KINDS: dict[str, Kind] = {}


def register(code: str, title: str | Promise, path: str) -> None:
    """Called once for each kind when its app is ready."""
    _KINDS[code] = Kind(code, title, path)


def kind_of(code: str) -> Kind:
    """The kind with this code.

    Raises:
        Unknown
    """
    if code not in _KINDS:
        raise Unknown(what="job", number=code)
    return _KINDS[code]
