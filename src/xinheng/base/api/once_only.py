"""A write that is sent twice is done once.

Whoever loses the line between sending an order and hearing the answer sends it again under the same
``Idempotency-Key``, and gets the answer of the first time.  It is kept in the very transaction of the write, so there
is no moment at which one of them is there without the other.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from xinheng.base import clock, policies, sql
from xinheng.base.api import problems
from xinheng.base.api.keys import caller
from xinheng.base.api.problems import BadKey, Changed, KeyUsed
from xinheng.base.database import enclosing
from xinheng.base.errors import LockTimeout, XinhengError
from xinheng.base.models import Answer, User
from xinheng.rules.errors import RuleError

_KEY_MAX = 200
_REFUSED = 400


def done(request: HttpRequest, act: Callable[[], Any], *, status: int, current: Callable[[], Any]) -> HttpResponse:
    """Do it, or give the answer it got before.

    ``current`` locks what is to change and tells what it is now, for callers who say what they have before them.

    Raises:
        KeyUsed, BadKey, Changed, LockTimeout: nothing was written.
    """
    key, seen = _key_of(request), request.headers.get("If-Match", "").strip()
    if not key and not seen:
        return answer(act(), status)
    by = caller(request)
    with enclosing():
        kept = _begun(by, key, _fingerprint(request)) if key else None
        if kept is not None:
            return kept
        if seen and seen != "*" and etag(current()) not in [one.strip() for one in seen.split(",")]:
            raise Changed
        try:
            made = answer(act(), status)
        except LockTimeout:
            raise  # nothing was decided: the same key may ask again
        except (XinhengError, RuleError) as error:
            made = problems.of(error, request)
        if key:
            Answer.objects.filter(by=by, key=key).update(status=made.status_code, body=made.content.decode())
        return made


def answer(shape: Any, status: int) -> HttpResponse:
    """A shape as JSON with its tag."""
    body = json.dumps(shape, ensure_ascii=False)
    made = HttpResponse(body, status=status, content_type="application/json")
    made["ETag"] = _tag(body)
    return made


def etag(shape: Any) -> str:
    """What stands for this shape in ETag and If-Match."""
    return _tag(json.dumps(shape, ensure_ascii=False))


def _tag(body: str) -> str:
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not 0 < len(key) <= _KEY_MAX or not key.isascii() or not key.isprintable():
        raise BadKey
    return key


def _begun(by: User, key: str, fingerprint: str) -> HttpResponse | None:
    """The answer this key has got already; None, and the key is taken, when it is new.

    Whoever sends it at the same moment waits here until the first one is through.
    """
    now = clock.now()
    kept_days = policies.current().policy.api.answers_kept_days
    Answer.objects.filter(by=by, at__lt=now - timedelta(days=kept_days)).delete()
    row = (by.pk, key, fingerprint, 0, "", now)
    columns = ("by_id", "key", "fingerprint", "status", "body", "at")
    if sql.insert(Answer._meta.db_table, columns, [row], "ON CONFLICT DO NOTHING RETURNING id"):
        return None
    found = Answer.objects.get(by=by, key=key)
    if found.fingerprint != fingerprint:
        raise KeyUsed(number=key)
    kind = problems.MEDIA_TYPE if found.status >= _REFUSED else "application/json"
    again = HttpResponse(found.body, status=found.status, content_type=kind)
    if found.status < _REFUSED:
        again["ETag"] = _tag(found.body)
    again["Idempotency-Replayed"] = "true"
    return again


def _fingerprint(request: HttpRequest) -> str:
    """What tells one request from another: the address and all that is sent, files by what is in them."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        found.update(request.body)
        return found.hexdigest()
    for name, values in sorted(request.POST.lists()):
        found.update(json.dumps([name, values]).encode())
    for name, file in sorted(request.FILES.items()):
        found.update(json.dumps([name, file.name]).encode())
        for chunk in file.chunks():
            found.update(chunk)
        file.seek(0)
    return found.hexdigest()
