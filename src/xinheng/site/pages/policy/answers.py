"""What a form of the policy sends, as plain values: right or wrong, the schema says which.

A field that was not on the page the form came from stays as it is: rows may have been added elsewhere meanwhile.
"""

import re
import unicodedata
from typing import Any

from django.http import QueryDict

from xinheng.base.policy_drafts import Plain
from xinheng.rules.policy.business_kinds import Amounts, Signers
from xinheng.rules.policy.kinds import NONE, Choice, Flag, Kind, Listing, Table, Text, Whole
from xinheng.rules.policy.knobs import Record, knobs
from xinheng.rules.signers import SignerKind

_WHOLE = r"-?[0-9]{1,9}"
#: The longest text a field keeps while it is wrong.
_LONGEST = 500


def has(path: str) -> str:
    """The name of the mark that says a field was on the page."""
    return f"has:{path}"


class Answer:
    """Reads what was sent over what stood there."""

    def __init__(self, sent: QueryDict) -> None:
        self.sent = sent

    def read(self, kind: Kind, path: str, old: Any) -> Any:
        """What stands at a path now."""
        inside = isinstance(kind, Record | Table | Amounts) or (
            isinstance(kind, Listing) and isinstance(kind.of, Record)
        )
        return self._inside(kind, path, old) if inside else self._field(kind, path, old)

    def _field(self, kind: Kind, path: str, old: Any) -> Any:
        """What was typed in one field."""
        if has(path) not in self.sent:
            return old
        match kind:
            case Whole():
                return self._whole(kind, path)
            case Flag():
                return path in self.sent
            case Text() | Choice():
                return self._text(path)
            case Listing(of=Whole()):
                parts = re.split(r"[\s,、]+", _narrow(self._text(path)))
                return [int(one) if re.fullmatch(_WHOLE, one) else one for one in parts if one]
            case Listing(of=Text(is_free=True)):
                return [one.strip() for one in re.split(r"[,，、;；]", self._text(path)) if one.strip()]
            case Listing():
                return self._ticked(path, old)
            case Signers():
                return self._signers(path, old)
        return old

    def _inside(self, kind: Kind, path: str, old: Any) -> Any:
        """What was typed in the fields of something that holds others."""
        match kind:
            case Listing():
                rows = old if isinstance(old, list) else []
                return [self.read(kind.of, f"{path}[{at}]", one) for at, one in enumerate(rows)]
            case Amounts():
                return {key: self._amount(f"{path}.{key}", one) for key, one in _pairs(old)}
            case Table(of=Table()):
                return self._weights(kind, path, old)
            case Table():
                return {key: self.read(kind.of, f"{path}.{key}", one) for key, one in _pairs(old)}
            case Record():
                was = dict(_pairs(old))
                return {
                    one.name: self.read(one.kind, f"{path}.{one.name}", was.get(one.name)) for one in knobs(kind.of)
                }
        return old

    def _text(self, path: str) -> str:
        return self.sent.get(path, "").replace("\x00", "").strip()[:_LONGEST]

    def _whole(self, kind: Whole, path: str) -> Any:
        typed = _narrow(self._text(path))
        if re.fullmatch(_WHOLE, typed):
            return int(typed)
        return NONE if not typed and kind.optional else typed

    def _amount(self, path: str, old: Any) -> Any:
        if has(path) not in self.sent:
            return old
        typed = _narrow(self._text(path))
        # Digits in groups of three are one amount; any other comma is left for the schema to refuse.
        return typed.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", typed) else typed

    def _ticked(self, path: str, old: Any) -> list[str]:
        sent = [one.replace("\x00", "")[:_LONGEST] for one in self.sent.getlist(path)]
        before = [one for one in old if one in sent] if isinstance(old, list) else []
        return [*before, *(one for one in dict.fromkeys(sent) if one not in before)]

    def _signers(self, path: str, old: Any) -> Plain:
        was = dict(_pairs(old))
        made: Plain = {"kind": self._text(f"{path}.kind"), "roles": self._ticked(f"{path}.roles", was.get("roles"))}
        if made["kind"] == SignerKind.N_OF:
            made["n"] = self._whole(Whole(1, 9), f"{path}.n")
        return made

    def _weights(self, kind: Table, path: str, old: Any) -> Plain:
        """Per kind and acceptor; an empty cell names nothing, and a row of empty cells is none."""
        if has(path) not in self.sent:
            return dict(_pairs(old))
        inner = kind.of
        assert isinstance(inner, Table)  # noqa: S101 - for the type checker
        was = dict(_pairs(old))
        found: Plain = {}
        for key in [*was, *(one for one in map(str, kind.keys) if one not in was)]:
            row = {one: self._whole(Whole(0, 100), f"{path}.{key}.{one}") for one in map(str, inner.keys)}
            if kept := {one: value for one, value in row.items() if value != ""}:
                found[key] = kept
        return found


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _narrow(typed: str) -> str:
    """Full-width digits and signs as the others."""
    return unicodedata.normalize("NFKC", typed)


def blank(kind: Kind) -> Any:
    """What a new row begins with: as strict as its kind can be, and for people to fill in."""
    match kind:
        case Whole():
            return NONE if kind.optional else kind.low
        case Flag():
            return False
        case Choice():
            return str(kind.choices[0])
        case Listing():
            return []
        case Amounts():
            return {"*": "0"} if kind.every else {}
        case Signers():
            return {"kind": str(SignerKind.ALL_OF), "roles": []}
        case Table():
            return {}
        case Record():
            return {one.name: blank(one.kind) for one in knobs(kind.of)}
    return ""


def key_fits(kind: Kind, key: str) -> bool:
    """Whether a row may be called that."""
    if isinstance(kind, Amounts):
        return bool(re.fullmatch(r"[A-Z]{3}|\*", key))
    if not isinstance(kind, Table):
        raise LookupError(key)
    return key in kind.keys if kind.keys else bool(re.fullmatch(kind.pattern, key))


def row_of(kind: Kind) -> Any:
    """What a new row of a table, a list or amounts begins with."""
    return "0" if isinstance(kind, Amounts) else blank(kind.of)  # type: ignore[attr-defined]


def parted(path: str) -> tuple[str, str]:
    """A path and its last step: ``release.tiers[0]`` is the 0 of ``release.tiers``."""
    found = re.fullmatch(r"(.+?)(?:\[(\d{1,4})\]|\.([^.\[\]]+))", path)
    if found is None:
        raise LookupError(path)
    return found[1], found[2] or found[3]


def place(kind: Kind, value: Any, path: str) -> tuple[Kind, Any]:
    """The kind and the value at a path inside a section, given as ``tiers[0].above``.

    Raises:
        LookupError: there is no such place.
    """
    for step in re.findall(r"\[(\d{1,4})\]|([^.\[\]]+)", path):
        index, name = step
        if isinstance(kind, Record):
            kind = next((one.kind for one in knobs(kind.of) if one.name == name), None)  # type: ignore[assignment]
        elif isinstance(kind, Table | Listing):
            kind = kind.of
        if kind is None or isinstance(kind, Signers):
            raise LookupError(path)
        value = value[int(index)] if index and isinstance(value, list) else dict(_pairs(value))[name]
    return kind, value
