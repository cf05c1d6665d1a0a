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


def _plain(value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return {name: _plain(getattr(value, name)) for name in value.__slots__}  # the fields of a dataclass


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
