"""Facts and decisions as plain JSON, so that a decision can be kept for years and decided again.

The shape follows the dataclasses field by field; days are ISO texts, rates texts, amounts whole numbers.  A field that
did not exist yet when the facts were stored takes its default.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from xinheng.rules.order_check.decision import Decision
from xinheng.rules.order_check.facts import Facts


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Facts as plain values."""
    plain: dict[str, Any] = _plain(facts)
    return plain


def facts_from_json(stored: Mapping[str, Any]) -> Facts:
    """The facts that were stored."""
    facts: Facts = _reader(Facts)(stored)
    return facts


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """A decision as plain values."""
    plain: dict[str, Any] = _plain(decision)
    return plain


def canonical(plain: Mapping[str, Any]) -> str:
    """The one text of stored facts: keys sorted, no blanks."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """What the audit line keeps of the facts: SHA-256 in hex of their canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


#: Types whose values stand in JSON as they are.
_AS_THEY_ARE = frozenset({str, int, bool, NoneType})


def _plain(value: Any) -> Any:
    kind = value.__class__
    return value if kind in _AS_THEY_ARE else _writer(kind)(value)


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """How a value of a type is written; asked once a type, for every decision writes hundreds of values."""
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, tuple | list):
        return lambda value: [_plain(one) for one in value]
    if issubclass(kind, Mapping):
        return lambda value: {str(_plain(key)): _plain(one) for key, one in value.items()}
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, Decimal):
        return lambda value: format(value, "f")
    names = kind.__slots__  # type: ignore[attr-defined]  # the fields of a dataclass
    return lambda value: {name: _plain(getattr(value, name)) for name in names}


@cache
def _reader(declared: Hashable) -> Callable[[Any], Any]:
    """How a stored value of a declared type is read."""
    kind: Any = declared
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        inner = _reader(next(one for one in args if one is not NoneType))
        return lambda stored: None if stored is None else inner(stored)
    if origin is tuple:
        each = _reader(args[0])
        return lambda stored: tuple(each(one) for one in stored)
    if origin is not None:  # a mapping from text
        value = _reader(args[1])
        return lambda stored: {key: value(one) for key, one in stored.items()}
    if is_dataclass(declared):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda stored: kind(**{name: readers[name](one) for name, one in stored.items() if name in readers})
    if kind is date:
        return date.fromisoformat
    return kind if issubclass(kind, Enum | Decimal) else lambda stored: stored
