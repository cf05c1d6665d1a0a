"""What a person importing a file chose, and what came of it (semantics.md 5 and 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from xinheng.base.messages import text
from xinheng.exchange.findings import Finding

#: Tells how far an import is: the stage, how much is done, of how much (0: nobody knows).
Tick = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing chose.  ``mapping`` is field → heading in the file."""

    keep_good: bool = False
    rejects: Path | None = None
    dry_run: bool = False
    update: bool = False
    create_customers: bool = False
    opening: bool = False
    check: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    entity: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    #: Line → heading → what stands there instead; the file itself stays as it is.
    corrections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    #: What people call the file, where it is kept under another name.
    file_name: str = ""

    def stored(self) -> dict[str, object]:
        """What a batch keeps of it: only what was chosen."""
        plain = {
            name: getattr(self, name)
            for name in ("keep_good", "update", "create_customers", "opening", "check", "date_format", "entity")
        }
        corrected = {str(line): dict(cells) for line, cells in self.corrections.items()}
        kept = {**plain, "mapping": dict(self.mapping), "corrections": corrected}
        return {name: value for name, value in kept.items() if value}


@dataclass(slots=True)
class Result:
    """What came of a file; counts are rows.  ``batch`` is None where nothing was written."""

    kind: str
    batch: int | None = None
    rows: int = 0
    accepted: int = 0
    already_present: int = 0
    updated: int = 0
    rejected: int = 0
    void: int = 0
    dry_run: bool = False
    warnings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    #: With ``dry_run``: what the rows that would land are worth, in minor units by currency.
    money: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether rows were bad and nothing was written because of it."""
        return bool(self.errors) and self.batch is None and not self.dry_run

    def as_json(self) -> dict[str, object]:
        """The answer of every door (semantics.md 6)."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        extra = {"dry_run": True} if self.dry_run else {}
        return {
            "batch": self.batch,
            "kind": self.kind,
            **counts,
            **extra,
            "warnings": [remark(one) for one in self.warnings],
            "errors": [remark(one) for one in self.errors],
        }


_COUNTS = ("rows", "accepted", "already_present", "updated", "rejected", "void")


def said(one: Finding) -> str:
    """Where, what stood there, and why; what the reason says itself is not said twice."""
    told = remark(one)
    reason = str(told["reason"])
    if not one.line:
        return reason
    if one.value and f"“{one.value}”" not in reason:
        if one.column:
            return _("line %(line)s, %(column)s, “%(value)s”: %(reason)s") % told
        return _("line %(line)s, “%(value)s”: %(reason)s") % told
    if one.column and f"“{one.column}”" not in reason:
        return _("line %(line)s, %(column)s: %(reason)s") % told
    return _("line %(line)s: %(reason)s") % told


def remark(one: Finding) -> dict[str, object]:
    """A finding as the doors show it, its reason in the reader's language."""
    return {
        "line": one.line,
        "column": one.column,
        "value": one.value,
        "code": one.code,
        "reason": text(one.code, one.params),
    }
