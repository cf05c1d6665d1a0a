"""The API: every chapter's rooms under ``/api/v1``, and what is around each of their doors.

A door speaks the language that was asked for, knows people by their key only, and answers a refusal as a problem
document, also where there is no such address.
"""

import functools
import json
import logging
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from xinheng.base.api import problems
from xinheng.base.api.keys import Key
from xinheng.base.errors import XinhengError
from xinheng.base.messages import text
from xinheng.rules.errors import RuleError
from xinheng.site.described import described
from xinheng.site.rooms import ROOMS

_log = logging.getLogger(__name__)
_NOT_ALLOWED = 405
_HTML = "text/html"


class ObjectParser(Parser):
    """A body is one JSON object."""

    def parse_body(self, request: HttpRequest) -> Any:
        found = json.loads(request.body)
        if not isinstance(found, dict):
            raise TypeError
        return found


class Api(NinjaAPI):
    """The API, with its description completed by what all routes share."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        return described(schema)


api = Api(
    title="Xinheng 信衡",
    version="1",
    description="Customer credit management 客户信用管理. Amounts are texts with the decimals of their currency.",
    urls_namespace="api",
    auth=Key(),
    docs=Swagger({"tryItOutEnabled": False, "persistAuthorization": False, "validatorUrl": None}),
    parser=ObjectParser(),
)
for _room in ROOMS:
    api.add_router("", _room)


@api.exception_handler(XinhengError)
@api.exception_handler(RuleError)
def _refused(request: HttpRequest, error: XinhengError | RuleError) -> HttpResponse:
    return problems.of(error, request)


@api.exception_handler(ValidationError)
def _wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _field(one["loc"]), "message": problems.wrong(one["type"])} for one in error.errors]
    return problems.problem("BAD_FIELDS", 422, text("BAD_FIELDS", {}), request, errors)


def _field(place: tuple[object, ...]) -> str:
    """Where it stands: query.limit, body.amount."""
    source, *rest = [str(one) for one in place]
    return ".".join([source, *rest[1:]] if source == "body" and len(rest) > 1 else [source, *rest])


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problems.said("NO_TOKEN", 401, request)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.said("BAD_JSON", 400, request)


@api.exception_handler(DatabaseError)
@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.exception("%s %s", request.method, request.path, exc_info=error)
    return problems.said("FAULT", 500, request)


def _missing(request: HttpRequest, **_parts: str) -> HttpResponse:
    """No route has this address."""
    return problems.said("NO_SUCH_ADDRESS", 404, request)


def door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every route: the language that was asked for, and answers that no cache keeps."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(_language(request)):
            if "\0" in request.path_info:
                return problems.said("NO_SUCH_ADDRESS", 404, request)
            try:
                _with_a_body(request)
            except RequestDataTooBig:
                return problems.said("BODY_TOO_LARGE", 413, request)
            answer = view(request, *args, **kwargs)
            if answer.status_code == _NOT_ALLOWED:
                allowed = ", ".join(sorted(answer.headers.get("Allow", "").split(", ")))
                answer = problems.said("METHOD_NOT_ALLOWED", _NOT_ALLOWED, request)
                answer["Allow"] = allowed
            answer["Content-Language"] = translation.get_language() or ""
        if _HTML not in answer.get("Content-Type", ""):
            answer["Cache-Control"] = "private, no-cache"
            answer["Vary"] = "Authorization, Accept-Language"
        return answer

    opened.login_required = False  # type: ignore[attr-defined]
    return csrf_exempt(opened)


def _with_a_body(request: HttpRequest) -> None:
    """Nothing sent is an object with nothing in it: many deeds need no word more than their address.

    Raises:
        RequestDataTooBig
    """
    if request.method == "POST" and request.content_type != "multipart/form-data" and not request.body:
        request._body = b"{}"


def _language(request: HttpRequest) -> str:
    """English or Chinese, whichever is asked for first; Chinese where nobody says."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if re.match("(en|zh)(-|$)", code):
            return "en" if code.startswith("en") else "zh-hans"
    return "zh-hans"


def addresses() -> tuple[list[URLPattern], str, str]:
    """The routes, each behind its door."""
    patterns, app, namespace = api.urls
    doors = [_behind_its_door(one) for one in patterns]
    doors.append(re_path(r"^.*$", door(_missing), name="missing"))
    return doors, app, namespace


def _behind_its_door(one: URLPattern) -> URLPattern:
    """The same address behind its door."""
    one.callback = door(_missing if one.name == "api-root" else one.callback)
    return one
