"""The sentence a person reads for each error code: what happened, where, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinheng.base import message_words, names
from xinheng.base.errors import XinhengError
from xinheng.rules.errors import RuleError

EVENTS = message_words.EVENTS
#: Every code with its sentence; chapters add their own.
_WORDS = dict(message_words.WORDS)
_NAMED = {
    "what": message_words.WHATS,
    "state": message_words.STATES,
    "event": message_words.EVENTS,
    "match": message_words.MATCHES,
}


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(error: XinhengError | RuleError) -> str:
    """The error in the reader's language; unknown codes show themselves with their parameters."""
    return text(error.code, error.params)


def text(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code, its parameters filled in."""
    if code not in _WORDS:
        details = ", ".join(f"{name}: {_listed(value)}" for name, value in params.items())
        return f"{code} ({details})" if details else code
    said = _(str(_WORDS[code])) % _Shown({name: _named(name, value) for name, value in params.items()})
    return said[:1].upper() + said[1:]  # it may begin with what it is about


def _named(name: str, value: Any) -> str:
    """A parameter as people read it: codes by their words, a right and the roles that carry it by their names."""
    language = get_language() or "zh"
    if name == "right":
        return f"{names.right(str(value), language)} ({value})"
    if name == "who":
        return _listed([names.role(code, language) for code in str(value).split(", ")])
    return str(_NAMED.get(name, {}).get(str(value), _listed(value)))


def add_words(words: Mapping[str, str | Promise]) -> None:
    """A chapter's own sentences."""
    _WORDS.update(words)


def known_codes() -> frozenset[str]:
    return frozenset(_WORDS)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else str(value)
