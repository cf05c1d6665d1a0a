"""Why an order is held or noticed, as sentences: every reason of a decision with its figures, in the reader's language.

The rule book speaks in codes and whole minor units; here they become sentences.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import formats
from xinheng.desk.limits.public import HOLD_CAUSES
from xinheng.desk.sales.public import INSTRUMENTS, PAYMENTS
from xinheng.rules.policy import ReasonCode

Params = Mapping[str, Any]


def money(amount: int | None, currency: str) -> str:
    """An amount with its currency, as the reader's language writes it; a dash where a rate is missing."""
    return formats.full(amount, currency)


def sums(amounts: Mapping[str, int]) -> str:
    """Amounts of several currencies."""
    return " + ".join(money(amount, currency) for currency, amount in amounts.items()) or "0"


def reason(one: Params) -> str:
    """One reason of a stored decision as a sentence."""
    code, params = one["code"], one["params"]
    said = str(_IN_DETAIL.get((code, _detail(code, params)), REASONS[code])) % filled(params)
    of_group = one.get("holder") == "GROUP" and code not in _OF_GROUP
    return _("The group: %(said)s") % {"said": said} if of_group else said


def _detail(code: str, params: Params) -> str:
    """Which sentence fits where a reason has more than one."""
    if code in {"OVER_LIMIT", "OVER_GROUP_LIMIT"}:
        return "ZERO" if params["limit"] <= 0 else ""
    if code == "TERM_NOT_ALLOWED":
        return "ENDLESS" if params["days"] is None else ""
    if code == "COD_OVERDUE":
        return "SOLD" if params.get("salespeople") else ""
    return str(params.get("why", ""))


class _Missing(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def filled(params: Params) -> dict[str, Any]:
    """Parameters as people read them: minor units become amounts, lists become enumerations."""
    currency = params.get("currency", "")
    shown: dict[str, Any] = _Missing()
    for name, value in params.items():
        if name in _AMOUNTS:
            shown[name] = money(value, currency)
        elif name == "amounts":
            shown[name] = sums(value)
        elif name == "blinds":
            shown[name] = REASON_NAMES[ReasonCode(value)]
        elif isinstance(value, list):
            shown[name] = formats.listed(named(one) for one in value)
        else:
            shown[name] = named(value)
    return shown


def named(value: Any) -> Any:
    """A code by its name; anything else as it is."""
    return _CODES.get(value, value) if isinstance(value, str) else value


def hold_reason(text: str) -> str:
    """Why a hold stands: what a person wrote, or the causes that the product found, in words."""
    causes = [one.strip() for one in text.split(",")]
    return formats.listed(_CODES[one] for one in causes) if all(one in _CODES for one in causes) else text


#: Codes inside parameters: why a hold stands, how an order is paid, what a breach rests on.
_CODES: dict[Any, Any] = {
    **HOLD_CAUSES,
    **PAYMENTS,
    **INSTRUMENTS,
    "DEBT_OVER_LIMIT": gettext_lazy("debt above the limit"),
    "OVERDUE_DAYS": gettext_lazy("overdue too long"),
    "OVERDUE_AMOUNT": gettext_lazy("too much overdue"),
    "OVERDUE_SHARE": gettext_lazy("too large a share overdue"),
    "COD_OVERDUE": gettext_lazy("cash on delivery unpaid"),
}
_AMOUNTS = frozenset({"limit", "exposure", "after", "over", "money", "amount", "short", "overdue", "debt"})

REASONS = {
    "CUSTOMER_INACTIVE": gettext_lazy("Customer %(customer)s is inactive."),
    "FORCED_HOLD": gettext_lazy("A forced hold stands; only a person can lift it."),
    "ON_HOLD": gettext_lazy("The customer is on hold (%(kinds)s)."),
    "GROUP_ON_HOLD": gettext_lazy("The customer's group is on hold (%(kinds)s)."),
    "MISSING_APPROVAL": gettext_lazy("Approval is missing: %(documents)s."),
    "INSTRUMENT_NOT_ALLOWED": gettext_lazy("%(instrument)s is not accepted; accepted: %(allowed)s."),
    "TERM_NOT_ALLOWED": gettext_lazy("The term of %(days)s days is longer than the %(days_max)s days allowed."),
    "GRADE_NOT_ALLOWED": gettext_lazy("The customer's grade allows %(loosest)s at most, not %(payment)s."),
    "CREDIT_WITHDRAWN": gettext_lazy("Credit was withdrawn."),
    "NO_CREDIT": gettext_lazy("There is no credit line: a cash customer."),
    "LINE_UNSIGNED": gettext_lazy("The credit line is not signed."),
    "LINE_NOT_YET_VALID": gettext_lazy("The credit line begins on %(day)s only."),
    "LINE_EXPIRED": gettext_lazy("The credit line ran out on %(day)s."),
    "RATE_MISSING": gettext_lazy(
        "The exchange rate of %(from)s into %(into)s is missing on %(on)s, so one rule cannot be judged: %(blinds)s."
    ),
    "OVER_LIMIT": gettext_lazy("With this order the exposure is %(after)s, %(over)s above the limit of %(limit)s."),
    "OVER_GROUP_LIMIT": gettext_lazy(
        "With this order the group's exposure is %(after)s, %(over)s above its limit of %(limit)s."
    ),
    "NEAR_LIMIT": gettext_lazy(
        "With this order the exposure is %(after)s, above %(watch_percent)s %% of the limit of %(limit)s."
    ),
    "PREPAYMENT_SHORT": gettext_lazy("%(money)s of free money has come in, %(short)s less than the order."),
    "OVERDUE_DAYS": gettext_lazy("%(amounts)s is overdue, the oldest by %(days)s days (grace %(grace_days)s)."),
    "OVERDUE_AMOUNT": gettext_lazy("%(amounts)s is overdue, more than the policy allows."),
    "OVERDUE_SHARE": gettext_lazy("%(overdue)s of %(exposure)s is overdue, more than %(percent_max)s %%."),
    "OVERDUE_NOTICE": gettext_lazy("%(amounts)s is past its due day."),
    "COD_OVERDUE": gettext_lazy("%(amounts)s of cash on delivery was not paid on arrival."),
    "ROLLING_BATCH_UNPAID": gettext_lazy("The batch before is not paid: %(amounts)s."),
    "GROUP_OVERDUE": gettext_lazy("Other members of the group owe %(amounts)s overdue."),
    "BREACH": gettext_lazy("Debt is in breach (%(causes)s): deliveries stop, the turn to cash is proposed."),
    "RELEASE_EXPIRED": gettext_lazy("The release does not cover this any more."),
}
#: Reasons whose sentence speaks of the group already.
_OF_GROUP = frozenset({"GROUP_ON_HOLD", "OVER_GROUP_LIMIT", "GROUP_OVERDUE"})
_IN_DETAIL = {
    ("NO_CREDIT", "NONE"): gettext_lazy("No credit is given."),
    ("NO_CREDIT", "CASH"): gettext_lazy("The customer was turned to cash."),
    ("OVER_LIMIT", "ZERO"): gettext_lazy("The limit is nought: no order passes on credit."),
    ("OVER_GROUP_LIMIT", "ZERO"): gettext_lazy("The group's limit is nought: no order passes on credit."),
    ("TERM_NOT_ALLOWED", "ENDLESS"): gettext_lazy(
        "The term %(term)s has no latest day; %(days_max)s days are allowed."
    ),
    ("COD_OVERDUE", "SOLD"): gettext_lazy(
        "%(amounts)s of cash on delivery was not paid on arrival; it stands against %(salespeople)s."
    ),
    ("RELEASE_EXPIRED", "CUSTOMER"): gettext_lazy("The release was signed for another customer."),
    ("RELEASE_EXPIRED", "CURRENCY"): gettext_lazy("The release was signed for another currency."),
    ("RELEASE_EXPIRED", "AMOUNT"): gettext_lazy("The release covers %(amount)s only."),
    ("RELEASE_EXPIRED", "EXPIRED"): gettext_lazy("The release ran out on %(expires_on)s."),
}
#: Reasons as short as a chip; the sentence with its figures is ``reason``.
REASON_NAMES = {
    ReasonCode.CUSTOMER_INACTIVE: pgettext_lazy("reason", "Customer inactive"),
    ReasonCode.FORCED_HOLD: pgettext_lazy("reason", "Forced hold"),
    ReasonCode.ON_HOLD: pgettext_lazy("reason", "Customer on hold"),
    ReasonCode.GROUP_ON_HOLD: pgettext_lazy("reason", "Group on hold"),
    ReasonCode.MISSING_APPROVAL: pgettext_lazy("reason", "Approval missing"),
    ReasonCode.INSTRUMENT_NOT_ALLOWED: pgettext_lazy("reason", "Means of payment"),
    ReasonCode.TERM_NOT_ALLOWED: pgettext_lazy("reason", "Term too long"),
    ReasonCode.GRADE_NOT_ALLOWED: pgettext_lazy("reason", "Grade"),
    ReasonCode.CREDIT_WITHDRAWN: pgettext_lazy("reason", "Credit withdrawn"),
    ReasonCode.NO_CREDIT: pgettext_lazy("reason", "Cash customer"),
    ReasonCode.LINE_UNSIGNED: pgettext_lazy("reason", "Line unsigned"),
    ReasonCode.LINE_NOT_YET_VALID: pgettext_lazy("reason", "Line not yet valid"),
    ReasonCode.LINE_EXPIRED: pgettext_lazy("reason", "Line expired"),
    ReasonCode.RATE_MISSING: pgettext_lazy("reason", "Rate missing"),
    ReasonCode.OVER_LIMIT: pgettext_lazy("reason", "Over the limit"),
    ReasonCode.OVER_GROUP_LIMIT: pgettext_lazy("reason", "Over the group's limit"),
    ReasonCode.NEAR_LIMIT: pgettext_lazy("reason", "Near the limit"),
    ReasonCode.PREPAYMENT_SHORT: pgettext_lazy("reason", "Prepayment short"),
    ReasonCode.OVERDUE_DAYS: pgettext_lazy("reason", "Overdue"),
    ReasonCode.OVERDUE_AMOUNT: pgettext_lazy("reason", "Overdue amount"),
    ReasonCode.OVERDUE_SHARE: pgettext_lazy("reason", "Overdue share"),
    ReasonCode.OVERDUE_NOTICE: pgettext_lazy("reason", "Past due"),
    ReasonCode.COD_OVERDUE: pgettext_lazy("reason", "Cash on delivery unpaid"),
    ReasonCode.ROLLING_BATCH_UNPAID: pgettext_lazy("reason", "Batch before unpaid"),
    ReasonCode.GROUP_OVERDUE: pgettext_lazy("reason", "Group overdue"),
    ReasonCode.BREACH: pgettext_lazy("reason", "Debt in breach"),
    ReasonCode.RELEASE_EXPIRED: pgettext_lazy("reason", "Release expired"),
}
