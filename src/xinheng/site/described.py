"""The description of the API (OpenAPI 3.1), completed by what every route shares and names as people read them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils import translation

from xinheng.base.api import problems

#: What any route may answer instead.
_ALWAYS = (401, 403, 404, 405, 409, 422, 429, 500, 503)
_WRITING = (400, 413)
_HEADERS = {
    "Idempotency-Key": "The same key with the same request gets the answer of the first time; nothing is done twice.",
    "If-Match": "The ETag of what you have before you; if it has changed meanwhile, nothing is done (412).",
    "If-None-Match": "The ETag you have; 304 if it is still the same.",
}


def described(schema: Any) -> Any:
    """The schema with problems, headers, and the names of its parts without the house's own suffix."""
    named: dict[str, Any] = json.loads(_renamed(json.dumps(schema)))
    named["components"]["schemas"] = {
        "Problem": problems.SCHEMA,
        **dict(sorted(named["components"]["schemas"].items())),
    }
    named["components"]["responses"] = dict(_refusals())
    for methods in named["paths"].values():
        for operation in methods.values():
            _complete(operation)
    schema.clear()
    schema.update(named)
    return schema


def _refusals() -> Iterator[tuple[str, Any]]:
    """What is answered instead, by status; in English as everything else here."""
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    with translation.override("en"):
        for status, title in problems.TITLES.items():
            yield str(status), {"description": str(title), "content": content}


def _renamed(text: str) -> str:
    text = re.sub(r"Page_([A-Za-z]+?)Shape_", r"\1Page", text)
    return re.sub(r'(["/\[])([A-Za-z]+)Shape(["\]])', r"\1\2\3", text)


def _complete(operation: dict[str, Any]) -> None:
    writes, matches = operation.pop("x-writes", False), operation.pop("x-if-match", False)
    statuses = [*_ALWAYS, *(_WRITING if writes else ()), *((412,) if matches else ())]
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    if not writes:
        operation["responses"]["304"] = {"description": "Not modified"}
    names = ["Idempotency-Key"] if writes else ["If-None-Match"]
    for name in [*names, *(["If-Match"] if matches else [])]:
        schema = {"type": "string", "maxLength": 200}
        about = {"name": name, "in": "header", "required": False, "description": _HEADERS[name], "schema": schema}
        operation.setdefault("parameters", []).append(about)
