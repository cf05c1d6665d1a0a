"""Write the typed Python client of the API from its description (`make client`); `--check` only tells whether it fits.

One class with one method for each route, one TypedDict for each shape, the standard library only: whoever wants to ask
Xinheng from Python copies the file. It is written, never edited: a test writes it again and compares.
"""

import argparse
import builtins
import json
import keyword
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "clients" / "python" / "xinheng_client.py"
SCHEMA = ROOT / "clients" / "openapi.json"
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = Path(__file__).with_name("api_client_head.py.txt")


def schema() -> dict[str, Any]:
    """The description of the API."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
    import django

    django.setup()
    from xinheng.site.api import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    return found


def described(found: dict[str, Any]) -> str:
    """The description as it is kept."""
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def client(found: dict[str, Any]) -> str:
    """The client of a description."""
    schemas = found["components"]["schemas"]
    shapes = [_shape(name, schemas[name]) for name in _in_order(schemas)]
    methods = [
        _method(path, verb, operation, found)
        for path, verbs in found["paths"].items()
        for verb, operation in verbs.items()
    ]
    text = _HEAD.read_text(encoding="utf-8").replace("# SHAPES", "\n\n".join(shapes)) + "\n".join(methods)
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(CLIENT), "-"]
    return subprocess.run(ruff, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _in_order(schemas: dict[str, Any]) -> list[str]:
    """The shapes by name, each after those it is made of."""
    order: list[str] = []

    def add(name: str) -> None:
        if name not in order:
            for part in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schemas[name])):
                add(part)
            order.append(name)

    for name in schemas:
        add(name)
    return order


def _type(schema: dict[str, Any]) -> str:
    """A schema as Python writes it."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if "enum" in schema or "const" in schema:
        return f"Literal[{', '.join(json.dumps(one) for one in schema.get('enum', [schema.get('const')]))}]"
    if schema.get("type") == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        more = schema.get("additionalProperties")
        return f"dict[str, {_type(more)}]" if isinstance(more, dict) and more else "dict[str, Any]"
    return _SIMPLE.get(str(schema.get("type")), "Any")


def _shape(name: str, schema: dict[str, Any]) -> str:
    """A shape as a TypedDict; what need not be there says so."""
    needed = set(schema.get("required", []))
    fields = [
        f"    {json.dumps(field)}: {_type(one) if field in needed else f'NotRequired[{_type(one)}]'},"
        for field, one in schema.get("properties", {}).items()
    ]
    about = " ".join(str(schema.get("description", "")).split())
    head = f"#: {about}\n" if about else ""
    return f'{head}{name} = TypedDict("{name}", {{\n' + "\n".join(fields) + "\n})"


def _method(path: str, verb: str, operation: dict[str, Any], found: dict[str, Any]) -> str:
    """A route as a method: what stands in the address first, then what is stated, each by its name."""
    places = [one for one in operation.get("parameters", []) if one["in"] == "path"]
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    ((_status, answer),) = [(code, one) for code, one in operation["responses"].items() if code.startswith("2")]
    shape = _type(answer["content"]["application/json"]["schema"])
    words = [f"{_name(one['name'])}: {_type(one['schema'])}" for one in places]
    named, call = [], [f'"{verb.upper()}"', 'f"' + _address(path) + '"']
    if "requestBody" in operation:
        more, sent = _body(operation["requestBody"], found)
        named += more
        call += sent
    for one in asked:
        kind = _type(one["schema"])
        named.append(f"{_name(one['name'])}: {kind}" + ("" if one["required"] else _unsaid(kind)))
    if asked:
        pairs = ", ".join(f'"{one["name"]}": {_name(one["name"])}' for one in asked)
        call.append(f"query={{{pairs}}}")
    header = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
    for title, word in (("Idempotency-Key", "key"), ("If-Match", "match")):
        if title in header:
            named.append(f'{word}: str = ""')
            call.append(f"{word}={word}")
    signature = ", ".join(["self", *words, *(["*", *_needed_first(named)] if named else [])])
    about = str(operation["summary"]).replace('"', "'")
    return (
        f"\n    def {operation['operationId']}({signature}) -> {shape}:\n"
        f'        """{about}"""\n'
        f"        found: {shape} = self._ask({', '.join(call)})\n"
        f"        return found\n"
    )


def _body(body: dict[str, Any], found: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What a body's fields are as parameters, and how they are sent."""
    kind, content = next(iter(body["content"].items()))
    schema = content["schema"]
    if "$ref" in schema:
        schema = found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed, named, pairs, files = set(schema.get("required", [])), [], [], ""
    for name, one in schema.get("properties", {}).items():
        if one.get("format") == "binary":
            named.append("file_name: str")
            named.append("content: bytes")
            files = ", file=(file_name, content)"
            continue
        said = _type(one)
        named.append(f"{_name(name)}: {said}" + ("" if name in needed else _unsaid(said)))
        pairs.append(f'"{name}": {_name(name)}')
    field = "form" if kind == "multipart/form-data" else "body"
    return named, [f"{field}={{{', '.join(pairs)}}}{files}"]


def _needed_first(named: list[str]) -> list[str]:
    return [one for one in named if "=" not in one] + [one for one in named if "=" in one]


def _unsaid(kind: str) -> str:
    return " = None" if "None" in kind else " | None = None"


def _name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name in dir(builtins) else name


def _address(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda one: "{_part(" + _name(one[1]) + ")}", path)


def main() -> int:
    """Write both files, or tell whether they fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_check = parser.parse_args().check
    found = schema()
    made = {SCHEMA: described(found), CLIENT: client(found)}
    old = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in old:
        print(f"{path.relative_to(ROOT)} {'differs from the API' if only_check else 'written'}")
        if not only_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    return 1 if old and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
