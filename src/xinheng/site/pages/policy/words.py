"""A value of the policy as people say it: codes by their names, figures with their unit, nobody's bound as no bound.

What each field is called and explained with stands beside the field itself (rules/policy); here are only the words for
what may stand in it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from xinheng.base import formats, names
from xinheng.desk.cash.words import ACCEPTORS
from xinheng.desk.control.words import REASON_NAMES
from xinheng.desk.exposure.public import component_name
from xinheng.desk.exposure.words import NATURES
from xinheng.desk.limits.words import HOLD_CAUSES
from xinheng.desk.notices.words import KINDS as NOTICES
from xinheng.desk.sales.words import INSTRUMENTS, PAYMENTS
from xinheng.rules.policy import (
    COMPONENTS,
    EVERYTHING,
    RIGHTS,
    Acceptor,
    CheckPoint,
    Effect,
    HoldKind,
    Instrument,
    ItemNature,
    Matching,
    NoticeKind,
    Payment,
    ReasonCode,
    Scope,
)
from xinheng.rules.policy.business_kinds import Amounts, Signers
from xinheng.rules.policy.kinds import NONE, Choice, Flag, Kind, Listing, Table, Text, Whole
from xinheng.rules.policy.knobs import Knob, Record, Words, knobs
from xinheng.rules.signers import SignerKind

EFFECTS = {
    Effect.BLOCK: pgettext_lazy("effect", "holds"),
    Effect.NOTICE: pgettext_lazy("effect", "gives a notice"),
    Effect.IGNORE: pgettext_lazy("effect", "is not looked at"),
}
MOMENTS = {
    CheckPoint.ORDER: pgettext_lazy("moment", "order"),
    CheckPoint.CHANGE: pgettext_lazy("moment", "change"),
    CheckPoint.DELIVERY: pgettext_lazy("moment", "delivery"),
    CheckPoint.INVOICE: pgettext_lazy("moment", "invoice"),
}
SCOPES = {
    Scope.OWN: pgettext_lazy("scope", "own customers"),
    Scope.TEAM: pgettext_lazy("scope", "the team's customers"),
    Scope.BRANCH: pgettext_lazy("scope", "the branch's customers"),
    Scope.ALL: pgettext_lazy("scope", "all customers"),
}
SCOPES_BY_CODE: dict[str, str | Promise] = {str(code): said for code, said in SCOPES.items()}
MATCHINGS = {
    Matching.NONE: pgettext_lazy("matching", "stay unlinked"),
    Matching.OLDEST: pgettext_lazy("matching", "are matched to the oldest open order"),
}
SIGNERS = {
    SignerKind.ANY_OF: pgettext_lazy("signers", "any one of them"),
    SignerKind.ALL_OF: pgettext_lazy("signers", "all of them together"),
    SignerKind.N_OF: pgettext_lazy("signers", "a number of them"),
}
#: By the type of a code.
_BY_TYPE: dict[type, Mapping[Any, str | Promise]] = {
    Effect: EFFECTS,
    CheckPoint: MOMENTS,
    Scope: SCOPES,
    Matching: MATCHINGS,
    SignerKind: SIGNERS,
    Acceptor: ACCEPTORS,
    HoldKind: HOLD_CAUSES,
    Instrument: INSTRUMENTS,
    ItemNature: NATURES,
    NoticeKind: NOTICES,
    Payment: PAYMENTS,
    ReasonCode: REASON_NAMES,
}


def words(one: Words) -> tuple[str, str]:
    """The label and the help of a field in the reader's language."""
    return (one.zh, one.help_zh) if formats.language() == "zh" else (_capital(one.en), one.help_en)


def label(one: Knob) -> str:
    """What a field is called."""
    return words(one.words)[0]


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def code(value: Any, of: Any = None) -> str:
    """A code by its name; ``of`` is one of the codes it belongs to, whose type says which they are."""
    known = _BY_TYPE.get(type(of))
    if known is not None:
        return str(known.get(value, value))
    if value == EVERYTHING:
        return _("everything")
    if value in RIGHTS:
        return names.right(value, formats.language())
    return component_name(value) if value in COMPONENTS else str(value)


def choices(codes: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their names, in their order."""
    return [(str(one), code(one, one)) for one in codes]


def role(value: str, roles: Mapping[str, Any]) -> str:
    """A role by the name that the document itself gives it."""
    found = roles.get(value)
    if not isinstance(found, dict):
        return value
    return str(found.get("name_zh" if formats.language() == "zh" else "name_en") or value)


def amount(value: Any) -> str:
    """An amount with its digits in groups; what is no amount as it was written."""
    whole, point, rest = str(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdecimal() and len(whole) <= 15 else str(value)


def counted(kind: Whole, value: Any) -> str:
    """A number with its unit."""
    if value == NONE:
        return pgettext("policy", "no bound")
    if not isinstance(value, int):
        return str(value)
    if kind.unit == "percent":
        return f"{value}%"
    if kind.unit == "days":
        return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}
    return formats.count(value)


def say(kind: Kind, value: Any, roles: Mapping[str, Any]) -> str:
    """A value in a short phrase; ``roles`` are those of the document it stands in."""
    if value is None or value in ("", [], {}):
        return pgettext("policy", "no bound") if isinstance(kind, Amounts) else pgettext("policy", "none")
    match kind:
        case Whole():
            return counted(kind, value)
        case Flag():
            return pgettext("policy", "yes") if value else pgettext("policy", "no")
        case Choice():
            return code(value, kind.choices[0] if kind.make is str else kind.make(kind.choices[0]))
        case Listing(of=Record()):
            return pgettext("between rules", "; ").join(say(kind.of, one, roles) for one in value)
        case Listing():
            return formats.listed(say(kind.of, one, roles) for one in value) if isinstance(value, list) else str(value)
        case Text():
            return role(str(value), roles)
        case Amounts():
            return _amounts(value)
        case Signers():
            return signers(value, roles)
        case Table():
            pairs = ((key_name(kind, key), say(kind.of, one, roles)) for key, one in value.items())
        case Record():
            pairs = ((label(one), say(one.kind, value.get(one.name), roles)) for one in knobs(kind.of))
        case _:
            return str(value)
    return pgettext("between rules", "; ").join(_("%(name)s: %(value)s") % {"name": k, "value": v} for k, v in pairs)


def _amounts(value: Mapping[str, Any]) -> str:
    named = [f"{currency} {amount(one)}" for currency, one in value.items() if currency != "*"]
    if "*" not in value:
        return formats.listed(named)
    rest = amount(value["*"])
    return formats.listed([_("%(amount)s in any other currency") % {"amount": rest} if named else rest, *named])


def signers(value: Any, roles: Mapping[str, Any]) -> str:
    """Who has to sign."""
    if not isinstance(value, dict):
        return str(value)
    who = formats.listed(role(str(one), roles) for one in value.get("roles", ()))
    said = {
        "ANY_OF": _("any one of %(roles)s"),
        "ALL_OF": _("all of %(roles)s"),
        "N_OF": _("%(n)s of %(roles)s"),
    }.get(value.get("kind", ""), "%(roles)s")
    return said % {"roles": who or pgettext("policy", "none"), "n": value.get("n", "")}


def key_name(kind: Table, key: str) -> str:
    """What a row of a table is called."""
    return code(key, next(iter(kind.keys))) if kind.keys else key
