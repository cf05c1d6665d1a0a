"""How a section of the policy describes itself: every field carries its words, its range and where it comes from.

The same description reads the document, draws the form, prints the help and names the source article, so none of them
can say something else than the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from xinheng.rules.policy.kinds import Kind, ProblemCode, Reading


@dataclass(frozen=True, slots=True)
class Words:
    """A label and one sentence of help, in both languages."""

    zh: str
    en: str
    help_zh: str
    help_en: str


@dataclass(frozen=True, slots=True)
class Knob:
    """One field of the policy: what may stand in it, its words, its source article and its requirement ids."""

    name: str
    kind: Kind
    words: Words
    source: str
    covers: tuple[str, ...]


def knob(kind: Kind, words: tuple[str, str, str, str], source: str = "", covers: str = "") -> Any:
    """A dataclass field with its description; ``covers`` names requirement ids, separated by spaces."""
    return field(metadata={"kind": kind, "words": Words(*words), "source": source, "covers": tuple(covers.split())})


def knobs(record: type) -> Iterator[Knob]:
    """The described fields of a section or a record inside one, in their order."""
    for one in fields(record):
        if about := one.metadata:
            yield Knob(one.name, about["kind"], about["words"], about["source"], about["covers"])


@dataclass(frozen=True, slots=True)
class Record(Kind):
    """A table with fixed fields: a section, or a record inside one."""

    of: type
    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> Any:
        """The record, or None when it is not a table; fields left out are taken from ``base`` if there is one."""
        if not isinstance(raw, Mapping):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
            return None
        own = list(knobs(self.of))
        known = {one.name for one in own}
        for name in raw:
            if name not in known:
                reading.refuse(f"{at}.{name}", raw[name], ProblemCode.UNKNOWN_FIELD)
        values = {}
        for one in own:
            default = None if base is None else getattr(base, one.name)
            path = f"{at}.{one.name}"
            if one.name in raw:
                values[one.name] = one.kind.read(raw[one.name], path, reading, default)
            elif base is not None:
                values[one.name] = default
            else:
                reading.refuse(path, "", ProblemCode.MISSING, one.kind.expected)
        return self.of(**values) if len(values) == len(own) else None

    @property
    def expected(self) -> str:
        """Its fields."""
        return "{" + ", ".join(f"{one.name} = …" for one in knobs(self.of)) + "}"

    def write(self, value: Any) -> Any:
        """A mapping with every field."""
        return {one.name: one.kind.write(getattr(value, one.name)) for one in knobs(self.of)}
