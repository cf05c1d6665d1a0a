"""The sentence a person reads for each error code: what happened, where, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinheng.base.errors import XinhengError
from xinheng.rules.errors import RuleError

_WORDS: dict[str, str | Promise] = {
    "FAILED": gettext_lazy("It could not be done."),
    "BAD_INPUT": gettext_lazy("The input cannot be used. Correct it and try again."),
    "UNKNOWN": gettext_lazy("Nobody knows %(what)s “%(number)s”. Check the number or enter it first."),
    "AMBIGUOUS": gettext_lazy("Several entities know %(what)s “%(number)s”: %(choices)s. Say which one with --entity."),
    "PERMISSION_DENIED": gettext_lazy("You lack the right “%(right)s”. It is held by: %(who)s."),
    "SAME_PERSON": gettext_lazy(
        "You already stand on the other side of %(what)s “%(number)s”. Somebody else has to do this."
    ),
    "LOCK_TIMEOUT": gettext_lazy("Somebody else is working on this account. Nothing was written; try again."),
    "WRONG_STATE": gettext_lazy("%(what)s “%(number)s” is %(state)s, so this cannot be done with it."),
    "CONFLICT": gettext_lazy("%(what)s “%(number)s” exists already and says something else."),
    "BAD_POLICY": gettext_lazy("The policy document has mistakes: %(problems)s"),
    "BAD_TAX_ID": gettext_lazy("The tax id “%(value)s” has a wrong check digit or form."),
    "UNKNOWN_CURRENCY": gettext_lazy("“%(currency)s” is not a currency code of ISO 4217."),
    "NOT_FOUNDED": gettext_lazy("There are no books here yet. Run “xinheng init” first."),
    "NOT_RELEASABLE": gettext_lazy("Order “%(number)s” cannot be released while this stands: %(reasons)s."),
    "STILL_HELD": gettext_lazy("Order “%(number)s” may not leave: %(reasons)s."),
    "BAD_TOKEN": gettext_lazy("The token in XINHENG_TOKEN is unknown or has expired. Ask the administrator for one."),
    "FILE_ABSENT": gettext_lazy("The file “%(path)s” cannot be read. Check its name and rights."),
    "BAD_DATE": gettext_lazy("“%(value)s” is not a date. Write it as 2026-11-24."),
    "BAD_AMOUNT": gettext_lazy("“%(value)s” is not an amount in %(currency)s. Write it as 1234.56."),
    "BAD_BACKUP": gettext_lazy("“%(path)s” is not a backup of these books, or it is damaged."),
    "BACKUP_TOO_NEW": gettext_lazy(
        "“%(path)s” was written by Xinheng %(version)s, which is newer than this one. Install that version first."
    ),
    "NOT_EMPTY": gettext_lazy("There are books here already. Restore into an empty XINHENG_HOME or database."),
    "FILE_NOT_WRITTEN": gettext_lazy("“%(path)s” cannot be written: %(said)s. Check the folder, its rights, its room."),
    "PROGRAM_FAILED": gettext_lazy("%(program)s did not do it: %(said)s"),
    "PORT_IN_USE": gettext_lazy("%(address)s is taken by another program. Choose another port with --port."),
    "ADDRESS_REFUSED": gettext_lazy("This machine cannot listen at %(address)s: %(said)s"),
    "HAS_ALLOCATIONS": gettext_lazy("%(what)s “%(number)s” is settled in part. Undo its allocations first."),
    "BATCH_IN_USE": gettext_lazy("Batch %(number)s cannot be undone: later entries depend on it: %(reasons)s."),
    "UNKNOWN_TERM": gettext_lazy("“%(term)s” is not a term. Write it as 30D, 月结30 or 30%%@0D+70%%@60D."),
    "UNKNOWN_ROLE": gettext_lazy("The policy in force knows no role “%(role)s”."),
    "WEAK_PASSWORD": gettext_lazy("The password is too weak. %(problems)s"),
    "BAD_LINE": gettext_lazy(
        "The credit line cannot be set like that (%(field)s). An amount needs a number, a temporary increase and "
        "initial stock need their last day, and it cannot end before it begins."
    ),
    "BAD_STATUS": gettext_lazy("“%(value)s” is no status of a customer: ACTIVE or INACTIVE."),
    "BAD_RATE": gettext_lazy("“%(value)s” is not a rate between two currencies."),
    "MORE_THAN_OPEN": gettext_lazy("More is asked for than is open on “%(number)s”."),
    "BAD_DEMO_DAY": gettext_lazy("“%(value)s” lies outside the demo company's data."),
    "VERIFY_FAILED": gettext_lazy("The books differ from what their movements say."),
}


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(error: XinhengError | RuleError) -> str:
    """The error in the reader's language; unknown codes show themselves with their parameters."""
    return text(error.code, error.params)


def text(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code, its parameters filled in."""
    if code not in _WORDS:
        details = ", ".join(f"{name}: {_listed(value)}" for name, value in params.items())
        return f"{code} ({details})" if details else code
    return _(str(_WORDS[code])) % _Shown({name: _listed(value) for name, value in params.items()})


def add_words(words: Mapping[str, str | Promise]) -> None:
    """A chapter's own sentences."""
    _WORDS.update(words)


def known_codes() -> frozenset[str]:
    return frozenset(_WORDS)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else str(value)
