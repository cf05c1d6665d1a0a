"""A section of the policy as a form: one node for each field, drawn from what the schema says may stand in it.

Every node knows its mistakes in words and what the signed policy says instead, so that both stand at the field.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from xinheng.base.policy_drafts import Plain
from xinheng.base.policy_problems import beside
from xinheng.rules.policy import Problem
from xinheng.rules.policy.business_kinds import Amounts, Signers
from xinheng.rules.policy.checking import Effects
from xinheng.rules.policy.kinds import NONE, Choice, Flag, Kind, Listing, Table, Text, Whole
from xinheng.rules.policy.knobs import Record, knobs
from xinheng.rules.signers import SignerKind
from xinheng.site.pages.policy import words
from xinheng.site.pages.policy.differences import SECTIONS

Choices = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Node:
    """One field, or one that holds others.  ``shape`` names its template; ``was`` is what the signed policy says."""

    shape: str
    path: str
    label: str
    help: str = ""
    source: str = ""
    value: Any = ""
    choices: Choices = ()
    nodes: list["Node"] = field(default_factory=list)
    heads: Sequence[str] = ()
    errors: list[str] = field(default_factory=list)
    was: str | None = None
    unit: str = ""
    removable: bool = False
    addable: bool = False
    hint: str = ""
    address: str = ""

    @property
    def id(self) -> str:
        """Its place on the page."""
        return "f-" + re.sub(r"[^A-Za-z0-9_-]", lambda found: f"-{ord(found[0]):x}-", self.path)

    @property
    def chosen(self) -> list[str]:
        """What is ticked, of a list."""
        return [str(one) for one in self.value] if isinstance(self.value, list) else []

    def slots(self) -> Iterator["Node"]:
        """The nodes with a place of their own for what is wrong with them."""
        if self.shape not in {"matrix", "link", "amount"}:
            yield self
        if self.shape in {"fields", "rows", "matrix"}:
            for one in self.nodes:
                yield from one.slots()


class Drawing:
    """Draws a section of a draft beside the signed policy."""

    def __init__(self, draft: Plain, signed: Plain, problems: Sequence[Problem]) -> None:
        self.draft, self.signed, self.problems = draft, signed, problems
        roles = draft.get("roles")
        self.roles: Plain = roles if isinstance(roles, dict) else {}

    def section(self, name: str, row: str = "") -> Node:
        """One section as a form, or one row of it."""
        knob = SECTIONS[name]
        kind, path = knob.kind, name
        new, old = self.draft.get(name), self.signed.get(name)
        if row and isinstance(kind, Table):
            kind, path = kind.of, f"{name}.{row}"
            new, old = (side.get(row) if isinstance(side, dict) else None for side in (new, old))
        label, help_ = words.words(knob.words)
        return self._node(kind, path, new, old, Node("", path, label, help_, knob.source))

    def _node(self, kind: Kind, path: str, new: Any, old: Any, made: Node) -> Node:
        made.path, made.value = path, "" if new is None else new
        _SHAPES[type(kind)](self, kind, made, new, old)
        whole = made.shape in _LEAVES
        made.errors = [beside(one) for one in self.problems if _at(one.path, path, inside=whole)]
        if whole and new != old:
            made.was = "—" if old is None else words.say(kind, old, self._signed_roles())
        return made

    def _signed_roles(self) -> Plain:
        return self.signed.get("roles") or {}

    def _whole(self, kind: Whole, made: Node, new: Any, _old: Any) -> None:
        made.shape, made.value = "number", "" if new == NONE or new is None else new
        made.unit = {"percent": "%", "days": _("days"), "items": _("items")}.get(kind.unit, kind.unit)
        made.hint = _("%(low)s to %(high)s") % {"low": kind.low, "high": kind.high}
        if kind.optional:
            made.hint += " · " + _("empty: no bound")

    def _flag(self, _kind: Flag, made: Node, new: Any, _old: Any) -> None:
        made.shape, made.value = "flag", new is True

    def _text(self, _kind: Text, made: Node, _new: Any, _old: Any) -> None:
        made.shape = "text"

    def _choice(self, kind: Choice, made: Node, new: Any, _old: Any) -> None:
        of = kind.choices[0] if kind.make is str else kind.make(kind.choices[0])
        made.shape, made.value = "choice", str(new)
        made.choices = [(str(one), words.code(one, of)) for one in kind.choices]

    def _listing(self, kind: Listing, made: Node, new: Any, old: Any) -> None:
        if isinstance(kind.of, Whole):
            made.shape, made.hint = "text", _("numbers that rise, with commas between them")
            made.value = ", ".join(map(str, new)) if isinstance(new, list) else new
        elif isinstance(kind.of, Text) and kind.of.is_free:
            made.shape, made.hint = "text", _("several with commas between them; * for all")
            made.value = ", ".join(map(str, new)) if isinstance(new, list) else new
        elif isinstance(kind.of, Record):
            made.shape, made.addable = "rows", True
            made.nodes = [
                self._row(kind.of, f"{made.path}[{at}]", one, _nth(old, at), str(at + 1))
                for at, one in enumerate(new or ())
            ]
        else:
            made.shape = "choices"
            if isinstance(kind.of, Choice):
                inner = Node("", "", "")
                self._choice(kind.of, inner, "", None)
                made.choices = inner.choices
            else:
                made.choices = self._role_choices(new)

    def _role_choices(self, new: Any) -> Choices:
        named = [str(one) for one in new if one not in self.roles] if isinstance(new, list) else []
        return [(code, words.role(code, self.roles)) for code in [*self.roles, *named]]

    def _row(self, kind: Kind, path: str, new: Any, old: Any, label: str) -> Node:
        made = self._node(kind, path, new, old, Node("", path, label))
        made.removable = True
        return made

    def _amounts(self, _kind: Amounts, made: Node, new: Any, _old: Any) -> None:
        made.shape, made.addable, made.hint = "amounts", True, _("CNY, or * for all others")
        for currency, amount in (new or {}).items():
            path = f"{made.path}.{currency}"
            label = _("any other currency") if currency == "*" else currency
            made.nodes.append(Node("amount", path, label, value=amount, removable=True))

    def _signers(self, _kind: Signers, made: Node, new: Any, _old: Any) -> None:
        stated = new if isinstance(new, dict) else {}
        made.shape, made.value = "signers", stated
        made.choices = words.choices(SignerKind)
        path = f"{made.path}.roles"
        roles = stated.get("roles", [])
        made.nodes = [Node("choices", path, _("Roles"), value=roles, choices=self._role_choices(roles))]

    def _table(self, kind: Table, made: Node, new: Any, old: Any) -> None:
        rows = new if isinstance(new, dict) else {}
        was = old if isinstance(old, dict) else {}
        if isinstance(kind.of, Table) and isinstance(kind.of.of, Whole):
            self._weights(kind, made, rows, was)
            return
        made.shape, made.addable = "rows", True
        made.choices = (
            [(code, name) for code, name in words.choices(kind.keys) if code not in rows] if kind.keys else ()
        )
        made.addable = bool(made.choices) or not kind.keys
        made.hint = "" if kind.keys else _("a code: capital letters, digits and _")
        for key, one in rows.items():
            path = f"{made.path}.{key}"
            if made.path == "roles":  # each on a page of its own
                made.nodes.append(self._role(path, key, one, was.get(key)))
            else:
                made.nodes.append(self._row(kind.of, path, one, was.get(key), words.key_name(kind, key)))

    def _role(self, path: str, key: str, new: Any, old: Any) -> Node:
        errors = [beside(one) for one in self.problems if _at(one.path, path, inside=True)]
        made = Node(
            "link", path, words.role(key, self.roles), scope_of(new), removable=True, address=key, errors=errors
        )
        made.was = _("new") if old is None else _("changed") if new != old else None
        return made

    def _weights(self, kind: Table, made: Node, rows: Plain, was: Plain) -> None:
        inner = kind.of
        assert isinstance(inner, Table)  # noqa: S101 - for the type checker
        made.shape, made.heads, made.unit = "matrix", [words.code(one, one) for one in inner.keys], "%"
        for key in map(str, kind.keys):
            row = Node("line", f"{made.path}.{key}", words.key_name(kind, key))
            for column in map(str, inner.keys):
                path = f"{row.path}.{column}"
                value = rows.get(key, {}).get(column, "") if isinstance(rows.get(key, {}), dict) else ""
                row.nodes.append(Node("number", path, words.key_name(inner, column), value=value, unit="%"))
            self._compare_line(row, inner, rows.get(key, {}), was.get(key, {}))
            made.nodes.append(row)

    def _compare_line(self, row: Node, kind: Kind, new: Any, old: Any) -> None:
        row.errors = [beside(one) for one in self.problems if _at(one.path, row.path, inside=True)]
        if new != old:
            row.was = words.say(kind, old, self._signed_roles())

    def _record(self, kind: Record, made: Node, new: Any, old: Any) -> None:
        new, old = new or {}, old or {}
        made.shape = "fields"
        fields = list(knobs(kind.of))
        if all(isinstance(one.kind, Record) and issubclass(one.kind.of, Effects) for one in fields):
            self._check_points(fields, made, new, old)
            return
        for one in fields:
            label, help_ = words.words(one.words)
            path = f"{made.path}.{one.name}"
            node = Node("", path, label, help_, one.source)
            made.nodes.append(self._node(one.kind, path, new.get(one.name), old.get(one.name), node))

    def _check_points(self, fields: Sequence[Any], made: Node, new: Plain, old: Plain) -> None:
        made.shape, made.heads = "matrix", [words.label(one) for one in knobs(Effects)]
        for rule in fields:
            label, help_ = words.words(rule.words)
            row = Node("line", f"{made.path}.{rule.name}", label, help_, rule.source)
            stated = new.get(rule.name) or {}
            for moment in knobs(rule.kind.of):
                cell = Node("", f"{row.path}.{moment.name}", words.label(moment), value=stated.get(moment.name, ""))
                self._choice(moment.kind, cell, stated.get(moment.name), None)  # type: ignore[arg-type]
                row.nodes.append(cell)
            self._compare_line(row, rule.kind, stated, old.get(rule.name))
            made.nodes.append(row)


_SHAPES: dict[type, Any] = {
    Whole: Drawing._whole,
    Flag: Drawing._flag,
    Text: Drawing._text,
    Choice: Drawing._choice,
    Listing: Drawing._listing,
    Amounts: Drawing._amounts,
    Signers: Drawing._signers,
    Table: Drawing._table,
    Record: Drawing._record,
}
#: Shapes that tell the mistakes of everything inside them.
_LEAVES = frozenset({"number", "flag", "text", "choice", "choices", "amounts", "signers"})


def scope_of(role: Any) -> str:
    """Whose customers a role sees, in words."""
    return str(words.SCOPES_BY_CODE.get(str(role.get("scope")), "")) if isinstance(role, dict) else ""


def _at(problem: str, path: str, *, inside: bool) -> bool:
    return problem == path or (inside and problem.startswith((f"{path}.", f"{path}[")))


def _nth(values: Any, at: int) -> Any:
    return values[at] if isinstance(values, list) and at < len(values) else None
