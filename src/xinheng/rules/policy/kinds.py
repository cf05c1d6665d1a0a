"""What may stand in a field of the policy, and how it is read from a document and written back.

A policy is signed by the general manager, so a document with mistakes must be refused with all of them at once, each
with its place, what stands there and what was expected.  Each kind reads one sort of value and says what it allows, so
that a form can be drawn from it as well.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from re import fullmatch
from typing import Any

#: Stands for "no bound" where a number may be left out: TOML has no empty value, and 0 means nought.
NONE = "none"
#: Stands for "no first day".
ALWAYS = "always"
_LINE = r"[^\x00-\x1f\x7f]{1,200}"


class ProblemCode(StrEnum):
    """What is wrong with one place of a policy document."""

    NOT_TOML = "NOT_TOML"
    MISSING = "MISSING"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    WRONG_TYPE = "WRONG_TYPE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    NOT_A_CHOICE = "NOT_A_CHOICE"
    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    NOT_A_DATE = "NOT_A_DATE"
    NOT_A_CODE = "NOT_A_CODE"
    DUPLICATE = "DUPLICATE"
    EMPTY = "EMPTY"
    NOT_RISING = "NOT_RISING"
    UNKNOWN_CURRENCY = "UNKNOWN_CURRENCY"
    UNKNOWN_ROLE = "UNKNOWN_ROLE"
    UNKNOWN_GRADE = "UNKNOWN_GRADE"
    NOBODY_MAY = "NOBODY_MAY"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where (dotted path), what stands there, the code and what was expected instead."""

    path: str
    value: str
    code: ProblemCode
    expected: str = ""


@dataclass(slots=True)
class Reading:
    """Collects every problem while a document is read."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, at: str, raw: object, code: ProblemCode, expected: str = "") -> None:
        """Note a problem; reading goes on, so that all of them are found."""
        self.problems.append(Problem(at, str(raw)[:200], code, expected))


class Kind(ABC):
    """A sort of value; ``read`` notes problems and returns anything when it did, ``write`` gives plain values."""

    unit: str = ""

    @abstractmethod
    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> Any:
        """The value of ``raw``, found at path ``at``; ``base`` supplies what a nested record leaves unsaid."""

    def write(self, value: Any) -> Any:
        """The value as text, number, boolean, list or mapping."""
        return value

    @property
    def expected(self) -> str:
        """What is allowed, for people and forms."""
        return self.unit


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number between two bounds; an optional one may also be "none": no bound at all."""

    low: int
    high: int
    unit: str = ""
    optional: bool = False

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> int | None:
        if self.optional and raw == NONE:
            return None
        if not isinstance(raw, int) or isinstance(raw, bool):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
            return None
        if not self.low <= raw <= self.high:
            reading.refuse(at, raw, ProblemCode.OUT_OF_RANGE, self.expected)
        return raw

    def write(self, value: Any) -> Any:
        return NONE if value is None else value

    @property
    def expected(self) -> str:
        return f"{self.low}..{self.high}" + (f" | {NONE}" if self.optional else "")


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """True or false."""

    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> bool:
        if not isinstance(raw, bool):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
        return bool(raw)

    @property
    def expected(self) -> str:
        return "true | false"


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A line of text; with a pattern, a code."""

    pattern: str = _LINE
    unit: str = ""

    @property
    def is_free(self) -> bool:
        """Whether anything may stand there that fits on a line, no code."""
        return self.pattern == _LINE

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> str:
        if not isinstance(raw, str):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
        elif not fullmatch(self.pattern, raw):
            reading.refuse(at, raw, ProblemCode.NOT_A_CODE, self.expected)
        return str(raw)

    @property
    def expected(self) -> str:
        return "text" if self.is_free else self.pattern


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A date, as TOML's own or as 2026-11-24; "always" has no first day."""

    unit: str = "date"

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> date | None:
        if raw == ALWAYS:
            return None
        if type(raw) is date:
            return raw
        try:
            return date.fromisoformat(raw if isinstance(raw, str) and fullmatch(r"[0-9-]{10}", raw) else "")
        except ValueError:
            reading.refuse(at, raw, ProblemCode.NOT_A_DATE, self.expected)
            return None

    def write(self, value: Any) -> Any:
        return ALWAYS if value is None else value.isoformat()

    @property
    def expected(self) -> str:
        return f"YYYY-MM-DD | {ALWAYS}"


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a set of codes."""

    choices: tuple[str, ...]
    make: Callable[[str], Any] = str
    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> Any:
        if raw not in self.choices:
            reading.refuse(at, raw, ProblemCode.NOT_A_CHOICE, self.expected)
            return None
        return self.make(str(raw))

    def write(self, value: Any) -> Any:
        return str(value)

    @property
    def expected(self) -> str:
        return " | ".join(self.choices)


@dataclass(frozen=True, slots=True)
class Listing(Kind):
    """A list of values of one kind, each at most once; ``rising`` ones must grow."""

    of: Kind
    low: int = 0
    rising: bool = False
    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> tuple[Any, ...]:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, f"[{self.expected}]")
            return ()
        if len(raw) < self.low:
            reading.refuse(at, raw, ProblemCode.EMPTY, f"[{self.expected}]")
        before = len(reading.problems)
        values = tuple(self.of.read(one, f"{at}[{index}]", reading) for index, one in enumerate(raw))
        if len(reading.problems) == before:
            if any(value in values[:index] for index, value in enumerate(values)):
                reading.refuse(at, raw, ProblemCode.DUPLICATE)
            elif self.rising and list(values) != sorted(values):
                reading.refuse(at, raw, ProblemCode.NOT_RISING)
        return values

    def write(self, value: Any) -> Any:
        return [self.of.write(one) for one in value]

    @property
    def expected(self) -> str:
        return self.of.expected


@dataclass(frozen=True, slots=True)
class Table(Kind):
    """Values of one kind under keys; the keys are codes from a set, or match a pattern."""

    of: Kind
    keys: Collection[str] = ()
    pattern: str = r"[A-Z][A-Z0-9_]{0,39}"
    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
            return {}
        for key in raw:
            if self.keys and key not in self.keys:
                reading.refuse(f"{at}.{key}", key, ProblemCode.UNKNOWN_FIELD, " | ".join(self.keys))
            elif not self.keys and not fullmatch(self.pattern, str(key)):
                reading.refuse(f"{at}.{key}", key, ProblemCode.NOT_A_CODE, self.pattern)
        return {str(key): self.of.read(one, f"{at}.{key}", reading) for key, one in raw.items()}

    def write(self, value: Any) -> Any:
        return {str(key): self.of.write(one) for key, one in value.items()}

    @property
    def expected(self) -> str:
        return f"{{… = {self.of.expected}}}"
