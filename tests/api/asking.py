"""Another system that asks the API, in this process; what it hears is held against the description of the API."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.test import Client
from jsonschema_rs import validator_for

from xinheng.base import people
from xinheng.base.models import User
from xinheng.site import founding
from xinheng.site.api import api

ROOT = "/api/v1"


@cache
def schema() -> dict[str, Any]:
    """The description of the API."""
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{ROOT}/")))


@dataclass(frozen=True)
class Heard:
    """What was answered."""

    status: int
    json: Any
    headers: Any

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return self.json["code"]


class Asking:
    """Asks with one person's key: ``ask.get("/orders")``, ``ask.post("/orders", number="A", …)``."""

    def __init__(self, by: User | None, *, language: str = "en") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Accept-Language": language}
        if by is not None:
            secret, self.token = people.new_token(by.username, days=1, label="test", by=founding.console())
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, *, headers: Any = None, **query: Any) -> Heard:
        """Look."""
        answer = self.client.get(ROOT + path, query, headers={**self.headers, **(headers or {})})
        return self._heard("get", path, answer)

    def post(self, path: str, *, key: str = "", match: str = "", language: str = "", **body: Any) -> Heard:
        """Do."""
        return self.send(path, json.dumps(body), key=key, match=match, language=language)

    def send(self, path: str, body: Any, *, key: str = "", match: str = "", language: str = "") -> Heard:
        """Do, with a body as it is."""
        headers = {**self.headers, **({"Accept-Language": language} if language else {})}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": match} if match else {}
        answer = self.client.post(ROOT + path, body, content_type="application/json", headers=headers)
        return self._heard("post", path, answer)

    def _heard(self, method: str, path: str, answer: Any) -> Heard:
        body = json.loads(answer.content) if answer.content else None
        heard = Heard(answer.status_code, body, answer.headers)
        if heard.status < 500 and (operation := _operation(method, path.partition("?")[0])):
            assert str(heard.status) in operation["responses"], (method, path, heard)
            if body is not None:
                _held_against(operation["responses"][str(heard.status)], body)
        return heard


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """What the description says of this route; the longest address that fits."""
    import re

    fitting = [
        (template, methods[method])
        for template, methods in schema()["paths"].items()
        if method in methods and re.fullmatch(re.sub(r"\{\w+\}", ".+", template), ROOT + path)
    ]
    return max(fitting, key=lambda one: len(one[0]))[1] if fitting else None


def _held_against(response: dict[str, Any], body: Any) -> None:
    if "$ref" in response:
        response = schema()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    (content,) = response["content"].values()
    whole = {**content["schema"], "components": {"schemas": _closed()}}
    _validator(json.dumps(whole, sort_keys=True)).validate(body)


@cache
def _closed() -> dict[str, Any]:
    """The shapes, with nothing in them that they do not name."""
    return {
        name: {"additionalProperties": False, **one} if "properties" in one else one
        for name, one in schema()["components"]["schemas"].items()
    }


@cache
def _validator(text: str) -> Any:
    return validator_for(json.loads(text))
