"""Lines of the audit trail as any page shows them: what was done, to what, by whom, and what was kept with it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base import names
from xinheng.base.models import AuditLine, User
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure.public import Holder
from xinheng.site import words

#: As many digits as every database can hold as a row's number.
_ID_DIGITS = 18
#: Whose customers a role sees.
SCOPES = {
    "OWN": _("own customers"),
    "TEAM": _("the customers of the team"),
    "BRANCH": _("the customers of the branch"),
    "ALL": _("all customers"),
}
#: Documents by what the trail calls them → what addresses call them.
_DOCUMENTS = {one: one.replace("-", "_") for one in ("invoice", "receipt", "credit-note", "instrument", "delivery")}
#: What a subject's first word means.
KINDS = {
    "order": pgettext_lazy("subject", "order"),
    "customer": pgettext_lazy("subject", "customer"),
    "group": pgettext_lazy("subject", "group"),
    "invoice": pgettext_lazy("subject", "invoice"),
    "receipt": pgettext_lazy("subject", "receipt"),
    "credit-note": pgettext_lazy("subject", "credit note"),
    "instrument": pgettext_lazy("subject", "bill or cheque"),
    "delivery": pgettext_lazy("subject", "delivery"),
    "user": pgettext_lazy("subject", "person"),
    "policy": pgettext_lazy("subject", "policy"),
    "batch": pgettext_lazy("subject", "imported file"),
    "rate": pgettext_lazy("subject", "exchange rate"),
    "day": pgettext_lazy("subject", "day of the calendar"),
    "entity": pgettext_lazy("subject", "entity"),
    "branch": pgettext_lazy("subject", "branch"),
    "job": pgettext_lazy("subject", "job"),
    "breach": pgettext_lazy("subject", "breach"),
    "hold": pgettext_lazy("subject", "hold"),
    "mapping": pgettext_lazy("subject", "saved mapping"),
    "chain": pgettext_lazy("subject", "audit chain"),
}
#: Streams that belong to no holder of a limit.
STREAMS = {
    "customers": pgettext_lazy("stream", "customers"),
    "files": pgettext_lazy("stream", "files"),
    "jobs": pgettext_lazy("stream", "jobs"),
    "periods": pgettext_lazy("stream", "months"),
    "policy": pgettext_lazy("stream", "policy"),
    "rates": pgettext_lazy("stream", "exchange rates"),
    "settings": pgettext_lazy("stream", "settings"),
    "users": pgettext_lazy("stream", "people"),
}


class About:
    """What lines are about, looked up for all of them at once: two or three questions, however many lines."""

    def __init__(self, lines: Iterable[AuditLine]) -> None:
        pairs = [(one.stream, *one.subject.partition(":")[::2]) for one in lines]
        held = {(kind, int(id)) for stream, kind, id in pairs if stream.startswith("holder:") and id.isdecimal()}
        users = {id for _, kind, id in pairs if kind == "user"}
        self._of = {
            "customer": dict(_coded(Customer, {id for kind, id in held if kind == "customer"})),
            "group": dict(_coded(Group, {id for kind, id in held if kind == "group"})),
        }
        people = User.objects.filter(username__in=users) if users else User.objects.none()
        self._users = {one.username: one.pk for one in people if "CONSOLE" not in one.roles}

    def number(self, line: AuditLine) -> str:
        """The number people know it by: a chain of a customer keeps the number of its row."""
        kind, _colon, id = line.subject.partition(":")
        if line.stream.startswith("holder:") and id.isdecimal():
            return str(self._of.get(kind, {}).get(int(id), id))
        return id

    def words(self, line: AuditLine) -> str:
        """Kind and number."""
        kind, colon, _id = line.subject.partition(":")
        return f"{KINDS.get(kind, kind)} {self.number(line)}" if colon else line.subject

    def address(self, line: AuditLine) -> str:
        """Its page; an empty text where there is none."""
        kind, number = line.subject.partition(":")[0], self.number(line)
        if not number:
            return ""
        if kind == "order":
            return reverse("control:by-number", args=[number])
        if kind in _DOCUMENTS:
            return reverse("document-by-number", args=[_DOCUMENTS[kind], number])
        if kind == "customer":
            return reverse("customer-by-code", args=[number])
        return reverse("settings:person", args=[self._users[number]]) if number in self._users else ""


def _coded(model: Any, ids: set[int]) -> list[tuple[int, str]]:
    return list(model.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else []


def described(found: Iterable[AuditLine], reader: str) -> list[dict[str, Any]]:
    """Lines ready to be shown."""
    lines = list(found)
    about = About(lines)
    return [
        {
            "line": one,
            "what": words.done(one.verb),
            "who": names.of(one.actor, reader),
            "subject": about.words(one),
            "address": about.address(one),
            "data": words.kept(one.data),
        }
        for one in lines
    ]


def chain(name: str) -> str:
    """What a chain is called."""
    return chains([name])[name]


def chains(wanted: Iterable[str]) -> dict[str, str]:
    """What chains are called: streams of the house by their words, a customer's or group's by its code."""
    names = list(wanted)
    ids = {name: name.removeprefix("holder:") for name in names if name.startswith("holder:")}
    numbers = {int(id) for id in ids.values() if id.isdecimal() and len(id) <= _ID_DIGITS}
    holders = Holder.objects.select_related("customer", "group").filter(pk__in=numbers) if numbers else []
    codes = {f"holder:{one.pk}": (one.customer or one.group).code for one in holders}  # type: ignore[union-attr]
    return {name: codes.get(name) or str(STREAMS.get(name, name)) for name in names}
