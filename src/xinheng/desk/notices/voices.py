"""How a notice speaks: its sentence and what it opens are known to the chapter that tells it.

A chapter gives its kinds a voice when it starts; the inbox only asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from xinheng.base import formats
from xinheng.desk.notices.models import Notice
from xinheng.rules.policy import NoticeKind


@dataclass(frozen=True, slots=True)
class Voice:
    """``said`` is what happened, in a sentence; ``why`` what only those read who may see decisions; ``address`` what it
    opens.  ``many`` says how often it happened where many arose together (``ngettext_lazy`` by "count", with
    "number" to show), and ``list_address`` is their list."""

    said: Callable[[Notice], str]
    address: Callable[[Notice], str]
    many: Any
    list_address: Callable[[], str]
    why: Callable[[Notice], str] = lambda notice: ""

    def said_of(self, count: int) -> str:
        """What happened so many times."""
        return str(self.many % {"count": count, "number": formats.count(count)})


_voices: dict[str, str] = {}


def give_voice(kind: NoticeKind, path: str) -> None:
    """Let notices of this kind speak through the ``Voice`` at a dotted path."""
    _voices[kind] = path


def voice_of(kind: str) -> Voice:
    """The voice of a kind of notice."""
    voice: Voice = import_string(_voices[kind])
    return voice
