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
class Told:
    """A job in the reader's words: what it is about, what came of it (a sentence each), and lists below that."""

    about: str = ""
    came: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: what people call it, the function that does it (given a ``Running``, answering JSON), and the
    one that tells of a job (given a ``Job``, answering ``Told``)."""

    code: str
    title: str | Promise
    path: str
    telling: str

    def work(self) -> Callable[..., dict[str, Any]]:
        return _named(self.path)

    def told(self, job: Any) -> Told:
        found: Told = _named(self.telling)(job)
        return found


def _named(path: str) -> Callable[..., Any]:
    module, _dot, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


_KINDS: dict[str, Kind] = {}


def register(code: str, title: str | Promise, path: str, *, told: str) -> None:
    """Called once for each kind when its app is ready; ``path`` does the work, ``told`` tells of it."""
    _KINDS[code] = Kind(code, title, path, told)


def titles() -> dict[str, str | Promise]:
    """What every kind is called."""
    return {code: kind.title for code, kind in _KINDS.items()}


def kind_of(code: str) -> Kind:
    """The kind with this code.

    Raises:
        Unknown
    """
    if code not in _KINDS:
        raise Unknown(what="job", number=code)
    return _KINDS[code]
