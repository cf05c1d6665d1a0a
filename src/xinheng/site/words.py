"""What was done, in words: the verbs of entries and audit lines, for timelines over all chapters."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

from xinheng.base import formats
from xinheng.base.messages import EVENTS
from xinheng.desk.cash.public import METHODS
from xinheng.desk.control import words as decisions
from xinheng.desk.limits.public import HOLD_CAUSES, LINE_KINDS
from xinheng.desk.sales.public import PAYMENTS

_VERBS = {
    "base.user.added": pgettext_lazy("done", "person let in"),
    "base.token.made": pgettext_lazy("done", "key made"),
    "base.token.ended": pgettext_lazy("done", "key ended"),
    "base.policy.proposed": pgettext_lazy("done", "policy proposed"),
    "base.policy.signed": pgettext_lazy("done", "policy signed"),
    "base.job.asked_for": pgettext_lazy("done", "background work asked for"),
    "base.job.stopped": pgettext_lazy("done", "background work stopped"),
    "base.job.begun_again": pgettext_lazy("done", "background work begun again"),
    "base.backup.made": pgettext_lazy("done", "backup made"),
    "base.backup.restored": pgettext_lazy("done", "backup restored"),
    "base.demo.loaded": pgettext_lazy("done", "demo company loaded"),
    "customers.customer.entered": pgettext_lazy("done", "customer entered"),
    "customers.customer.changed": pgettext_lazy("done", "customer's file changed"),
    "exposure.rate.set": pgettext_lazy("done", "exchange rate set"),
    "exposure.month.closed": pgettext_lazy("done", "month closed"),
    "exposure.month.reopening-asked": pgettext_lazy("done", "re-opening of a month asked for"),
    "exposure.month.reopened": pgettext_lazy("done", "month re-opened"),
    "limits.line.set": pgettext_lazy("done", "credit line set"),
    "limits.hold.placed": pgettext_lazy("done", "hold placed"),
    "limits.hold.lifted": pgettext_lazy("done", "hold lifted"),
    "limits.calendar.set": pgettext_lazy("done", "calendar day set"),
    "sales.order.entered": pgettext_lazy("done", "order entered"),
    "sales.delivery.closed": pgettext_lazy("done", "delivery closed"),
    "sales.order.cancelled": pgettext_lazy("done", "order cancelled"),
    "sales.paper.approved": pgettext_lazy("done", "document approved"),
    "sales.delivery.settled": pgettext_lazy("done", "unreleased delivery settled"),
    "receivables.invoice.posted": pgettext_lazy("done", "invoice posted"),
    "receivables.invoice.reversed": pgettext_lazy("done", "invoice reversed"),
    "receivables.invoice.fell-due": pgettext_lazy("done", "due day follows from the goods that came"),
    "receivables.term-day.said": pgettext_lazy("done", "day the term counts from recorded"),
    "receivables.term-day.taken-back": pgettext_lazy("done", "day the term counted from taken back"),
    "receivables.invoice.written-off": pgettext_lazy("done", "bad debt written off"),
    "receivables.invoice.write-off-undone": pgettext_lazy("done", "write-off undone"),
    "receivables.invoice.recovered": pgettext_lazy("done", "written-off debt recovered"),
    "receivables.credit-note.posted": pgettext_lazy("done", "credit note posted"),
    "receivables.credit-note.reversed": pgettext_lazy("done", "credit note reversed"),
    "receivables.allocation.made": pgettext_lazy("done", "money allocated"),
    "receivables.allocation.undone": pgettext_lazy("done", "allocation undone"),
    "cash.receipt.posted": pgettext_lazy("done", "receipt posted"),
    "cash.receipt.cleared": pgettext_lazy("done", "receipt cleared"),
    "cash.receipt.reversed": pgettext_lazy("done", "receipt reversed"),
    "cash.receipt.recovered": pgettext_lazy("done", "written-off debt recovered"),
    "cash.instrument.posted": pgettext_lazy("done", "bill or cheque received"),
    "cash.instrument.cleared": pgettext_lazy("done", "bill or cheque cleared"),
    "cash.instrument.dishonoured": pgettext_lazy("done", "bill or cheque dishonoured"),
    "cash.instrument.endorsed": pgettext_lazy("done", "bill endorsed"),
    "cash.instrument.discounted": pgettext_lazy("done", "bill discounted"),
    "cash.instrument.reversed": pgettext_lazy("done", "bill or cheque taken back"),
    "control.order.checked": pgettext_lazy("done", "order checked"),
    "control.order.signed": pgettext_lazy("done", "release signed"),
    "control.order.release-asked": pgettext_lazy("done", "release asked for"),
    "control.order.rejected": pgettext_lazy("done", "order rejected"),
    "control.order.forced-hold": pgettext_lazy("done", "order stopped by hand"),
    "control.order.forced-hold-lifted": pgettext_lazy("done", "stop lifted"),
    "control.order.changed": pgettext_lazy("done", "order changed"),
    "control.order.shipped": pgettext_lazy("done", "goods shipped"),
    "control.order.let-go": pgettext_lazy("done", "shipping order issued"),
    "control.order.reopened": pgettext_lazy("done", "order opened again"),
    "control.breach.found": pgettext_lazy("done", "breach found, deliveries stopped"),
    "control.breach.ended": pgettext_lazy("done", "breach ended"),
    "control.breach.revocation-signed": pgettext_lazy("done", "turn to cash signed"),
    "control.breach.decline-signed": pgettext_lazy("done", "turn to cash declined"),
    "control.breach.keeping-signed": pgettext_lazy("done", "keeping of credit signed"),
    "control.breach.turned-to-cash": pgettext_lazy("done", "turned to cash"),
    "control.breach.credit-kept": pgettext_lazy("done", "credit kept despite the breach"),
    "control.breach.no-longer-kept": pgettext_lazy("done", "credit no longer kept"),
}
_IMPORTED = pgettext_lazy("done", "came in a file")
#: How a line of a timeline is coloured; everything else is plain.
_TONES = {
    "limits.hold.placed": "bad",
    "control.order.rejected": "bad",
    "control.breach.found": "bad",
    "control.breach.turned-to-cash": "bad",
    "control.breach.no-longer-kept": "bad",
    "control.order.forced-hold": "bad",
    "receivables.invoice.written-off": "bad",
    "cash.instrument.dishonoured": "bad",
    "cash.receipt.posted": "in",
    "cash.receipt.cleared": "in",
    "limits.line.set": "normal",
    "control.order.signed": "normal",
}


#: What an audit line keeps beside its verb.
_KEPT = {
    "amount": pgettext_lazy("kept", "amount"),
    "payment": pgettext_lazy("kept", "payment"),
    "method": pgettext_lazy("kept", "method"),
    "reason": pgettext_lazy("kept", "reason"),
    "verdict": pgettext_lazy("kept", "verdict"),
    "point": pgettext_lazy("kept", "check point"),
    "policy": pgettext_lazy("kept", "policy version"),
    "reasons": pgettext_lazy("kept", "reasons"),
    "kind": pgettext_lazy("kept", "kind of line"),
    "valid_from": pgettext_lazy("kept", "valid from"),
    "valid_until": pgettext_lazy("kept", "valid until"),
    "cause": pgettext_lazy("kept", "cause"),
    "causes": pgettext_lazy("kept", "causes"),
    "delivery": pgettext_lazy("kept", "delivery"),
    "document": pgettext_lazy("kept", "document"),
    "until": pgettext_lazy("kept", "until"),
    "needs": pgettext_lazy("kept", "documents needed"),
    "invoice": pgettext_lazy("kept", "invoice"),
    "before": pgettext_lazy("kept", "before"),
    "after": pgettext_lazy("kept", "after"),
    "decision": pgettext_lazy("kept", "decision"),
    "event": pgettext_lazy("kept", "what happened"),
    "on": pgettext_lazy("kept", "day"),
    "due": pgettext_lazy("kept", "due day"),
    "due_on": pgettext_lazy("kept", "due day"),
    "part": pgettext_lazy("kept", "instalment"),
    "facts": pgettext_lazy("kept", "fingerprint of the facts"),
}
_VALUES: dict[str, Mapping[Any, Any]] = {
    "payment": PAYMENTS,
    "verdict": decisions.VERDICTS,
    "point": decisions.POINTS,
    "reasons": decisions.REASON_NAMES,
    "kind": LINE_KINDS,
    "cause": HOLD_CAUSES,
    "method": METHODS,
    "event": EVENTS,
}


def kept(data: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """What an audit line keeps, in words; amounts with their currency, codes by their names, nothing for nothing."""
    said = []
    for name, value in data.items():
        if value in ("", None, [], False) or name in {"currency", "order_id"}:
            continue
        said.append((_KEPT.get(name, name), _said(name, value, data)))
    return said


def _said(name: str, value: Any, data: Mapping[str, Any]) -> str:
    if name == "amount" and isinstance(value, int) and data.get("currency"):
        return formats.full(value, str(data["currency"]))
    names = _VALUES.get(name, {})
    if isinstance(value, list):
        return formats.listed(names.get(one, one) for one in value)
    if isinstance(value, dict):
        return formats.listed(f"{key} {one}" for key, one in value.items())
    return str(names.get(value, value))


def done(verb: str) -> Any:
    """What an entry or audit line did."""
    if verb in _VERBS:
        return _VERBS[verb]
    return _IMPORTED if "import" in verb else verb


def tone(verb: str) -> str:
    """Its colour."""
    return _TONES.get(verb, "closed")
