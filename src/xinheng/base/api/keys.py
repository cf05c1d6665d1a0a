"""Who asks: the owner of the key in ``Authorization: Bearer``, never a signed-in browser; and how often they may.

The pace is a value of the signed policy.  It is counted for each key in a small file beside the books, so that all
processes of a server count together and no request waits for the database's one writer.
"""

import fcntl
import math
import os
import struct
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from xinheng.base import people, policies
from xinheng.base.api.problems import TooMany
from xinheng.base.models import Token, User

_MINUTE = 60.0
_KEPT = struct.Struct("d")


class Key(HttpBearer):
    """Bearer: a token made by ``xinheng token new`` or on the page of people."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """Whose key this is.

        Raises:
            BadToken, TooMany.
        """
        found = people.token_of(token)
        keep_pace(found, most=policies.current().policy.api.requests_per_minute, now=time.time())
        return found.user


def caller(request: HttpRequest) -> User:
    """Who asks."""
    owner: User = request.auth  # type: ignore[attr-defined]
    return owner


def keep_pace(token: Token, *, most: int, now: float) -> None:
    """Count one more request: ``most`` in a minute, at once or spread; ``now`` in seconds.

    Kept is the moment up to which what was asked so far is paid for; each request moves it on by its share of a minute,
    and it may be a minute ahead at most.

    Raises:
        TooMany: with the whole seconds to wait.
    """
    share = _MINUTE / most
    file = os.open(_file_of(token), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = os.pread(file, _KEPT.size, 0)
        paid = _KEPT.unpack(kept)[0] if len(kept) == _KEPT.size else 0.0
        paid = max(min(paid, now + _MINUTE), now) + share
        ahead = paid - now - _MINUTE
        if ahead > 1e-6:
            raise TooMany(most=most, seconds=max(1, math.ceil(ahead)))
        os.pwrite(file, _KEPT.pack(paid), 0)
    finally:
        os.close(file)


def _file_of(token: Any) -> Path:
    folder = Path(settings.HOME) / "pace"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / token.digest[:32]
