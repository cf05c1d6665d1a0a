"""A refusal as another system reads it (RFC 9457): the house's stable code, and its words in the reader's language."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base.errors import (
    BadInput,
    Conflict,
    LockTimeout,
    Refused,
    SamePerson,
    Unknown,
    WrongState,
    XinhengError,
)
from xinheng.base.messages import add_words, sentence, text
from xinheng.base.people import BadToken
from xinheng.rules.errors import RuleError

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Nobody is known by this key"),
    403: gettext_lazy("The right is missing"),
    404: gettext_lazy("There is no such thing"),
    405: gettext_lazy("This address does not take this"),
    409: gettext_lazy("It does not fit the books as they stand"),
    412: gettext_lazy("It has changed meanwhile"),
    413: gettext_lazy("It is too large"),
    422: gettext_lazy("Something stated is wrong"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("A fault of the program"),
    503: gettext_lazy("Busy for the moment"),
}
#: How long to wait for somebody who held a lock too long.
_BUSY_SECONDS = 5

#: The schema every refusal keeps to, as OpenAPI shows it.
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is stable; `title` and `detail` are in the language asked for.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


class TooMany(XinhengError):
    """The key has asked more often than the policy allows.  params: seconds, most."""

    code = "TOO_MANY_REQUESTS"


class Changed(XinhengError):
    """It is not any more what the caller has before them (If-Match)."""

    code = "CHANGED_MEANWHILE"


class KeyUsed(BadInput):
    """The Idempotency-Key stands for another request already.  params: number."""

    code = "IDEMPOTENCY_KEY_USED"


class BadKey(BadInput):
    """An Idempotency-Key is up to 200 printable characters."""

    code = "IDEMPOTENCY_KEY_BAD"


class BadCursor(BadInput):
    """The cursor is not one we gave.  params: value."""

    code = "BAD_CURSOR"


add_words(
    {
        "TOO_MANY_REQUESTS": gettext_lazy(
            "More than %(most)s requests in a minute with this key. Ask again in %(seconds)s seconds."
        ),
        "CHANGED_MEANWHILE": gettext_lazy("Somebody has changed it meanwhile; nothing was done. Read it again first."),
        "IDEMPOTENCY_KEY_USED": gettext_lazy(
            "The Idempotency-Key “%(number)s” stands for another request already; nothing was done."
        ),
        "IDEMPOTENCY_KEY_BAD": gettext_lazy("An Idempotency-Key is one to 200 printable characters."),
        "BAD_CURSOR": gettext_lazy("“%(value)s” is not the cursor of a next page."),
        "BAD_JSON": gettext_lazy("The body cannot be read: send one JSON object, or a form where a file is sent."),
        "BAD_FIELDS": gettext_lazy("Some fields are missing or wrong; each is named with what is wrong with it."),
        "UNKNOWN_PARAMETER": gettext_lazy("This address does not know: %(names)s."),
        "BODY_TOO_LARGE": gettext_lazy("The body is larger than is read; send a file instead."),
        "ONE_WAY": gettext_lazy("Name an invoice and an amount, or say oldest or exact."),
        "NO_TOKEN": gettext_lazy("Send a key: Authorization: Bearer …"),
        "NO_SUCH_ADDRESS": gettext_lazy("The API has no such address; it is described at /api/v1/docs."),
        "METHOD_NOT_ALLOWED": gettext_lazy("This address is not asked that way."),
        "FAULT": gettext_lazy("Something went wrong here, and nothing was written. It is a fault of the program."),
    }
)
#: What a refusal answers: the first class that fits, the most special ones first.
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (BadToken, 401),
    (TooMany, 429),
    (Changed, 412),
    (LockTimeout, 503),
    (Refused, 403),
    (SamePerson, 403),
    (Unknown, 404),
    (WrongState, 409),
    (Conflict, 409),
    (BadInput, 422),
    (RuleError, 422),
    (XinhengError, 409),
)


#: What is wrong with one field, by what the reader of requests calls it.
_WRONG = {
    "missing": gettext_lazy("it is missing"),
    "extra_forbidden": pgettext_lazy("policy", "there is no such field"),
    "string_type": gettext_lazy("it is a text"),
    "string_too_long": gettext_lazy("it is too long"),
    "string_too_short": gettext_lazy("it is too short"),
    "string_pattern_mismatch": gettext_lazy("it holds a character that cannot stand here"),
    "string_unicode": gettext_lazy("it holds a character that cannot stand here"),
    "literal_error": gettext_lazy("it is none of the choices"),
    "int_type": gettext_lazy("it is a whole number"),
    "int_parsing": gettext_lazy("it is a whole number"),
    "int_parsing_size": gettext_lazy("it lies outside the bounds"),
    "int_from_float": gettext_lazy("it is a whole number"),
    "greater_than_equal": gettext_lazy("it lies outside the bounds"),
    "less_than_equal": gettext_lazy("it lies outside the bounds"),
    "bool_type": gettext_lazy("it is true or false"),
    "bool_parsing": gettext_lazy("it is true or false"),
    "list_type": gettext_lazy("it is a list"),
    "model_attributes_type": gettext_lazy("it is an object"),
}


def wrong(kind: str) -> str:
    """What is wrong with a field, in words."""
    return str(_WRONG.get(kind) or _("it cannot be read"))


def of(error: XinhengError | RuleError, request: HttpRequest) -> HttpResponse:
    """The answer to a foreseeable refusal."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    answer = problem(error.code, status, sentence(error), request)
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.params["seconds"])
    elif isinstance(error, LockTimeout):
        answer["Retry-After"] = str(_BUSY_SECONDS)
    elif isinstance(error, BadToken):
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def said(code: str, status: int, request: HttpRequest, **more: Any) -> HttpResponse:
    """The answer to what only the API meets, by its code."""
    return problem(code, status, text(code, more), request)


def problem(
    code: str, status: int, detail: str, request: HttpRequest, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """A problem document."""
    body: dict[str, Any] = {
        "type": f"urn:xinheng:problem:{code.lower().replace('_', '-')}",
        "title": str(TITLES[status]),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
