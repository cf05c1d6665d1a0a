"""Dear answers are kept a while: a page over a million items must not count them again for every reader.

An answer is good while nothing was posted since; when something was, a dear one may be a little old, so that making it
costs at most about a hundredth of the time.  Cheap answers are always made anew.
"""

import hashlib
import time
from collections.abc import Callable

from django.core.cache import cache

#: Answers that take less than this are not worth keeping.
_CHEAP_SECONDS = 0.2
#: How many times its own cost an answer may be old.
_PATIENCE = 100
_DAY = 24 * 3600


def remembered[Answer](name: str, stamp: object, make: Callable[[], Answer]) -> Answer:
    """The answer called ``name``; ``stamp`` changes whenever the books do (the last entry's id)."""
    key = f"remembered:{hashlib.sha256(name.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        then, made_at, took, answer = kept
        if then == stamp or time.time() - made_at < took * _PATIENCE:
            return answer
    started = time.monotonic()
    answer = make()
    took = time.monotonic() - started
    if took > _CHEAP_SECONDS:
        cache.set(key, (stamp, time.time(), took, answer), _DAY)
    elif kept is not None:
        cache.delete(key)
    return answer
