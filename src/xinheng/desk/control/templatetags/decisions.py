"""Decisions in words: reasons, ways out, verdicts, states."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from xinheng.base.templatetags.house import chip
from xinheng.desk.control import words
from xinheng.desk.control.sentences import hold_reason
from xinheng.desk.control.tables import reason_chips
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales

register = template.Library()
register.filter("reason_words", words.reason)
register.filter("free_words", words.free)
register.filter("step_words", words.step)
register.filter("signer_words", words.signers)
register.filter("reason_chips", reason_chips)
register.filter("hold_reason", hold_reason)


@register.filter
def reason_name(code: str) -> str:
    """A reason as short as a chip."""
    return str(words.REASON_NAMES[code])


@register.filter
def state_chip(state: str) -> SafeString:
    """An order's state."""
    return chip(sales.STATES[state], sales.STATE_TONES[state])


@register.filter
def line_state_chip(state: str) -> SafeString:
    """How a line stands today."""
    return chip(limits.LINE_STATES[state], limits.LINE_STATE_TONES[state])


@register.filter
def verdict_chip(verdict: str) -> SafeString:
    """A decision's verdict."""
    return chip(words.VERDICTS[verdict], words.VERDICT_TONES[verdict])


@register.filter
def payment_name(code: str) -> str:
    """How an order is paid."""
    return str(sales.PAYMENTS[code])


@register.filter
def point_name(code: str) -> str:
    """The moment at which a check was made."""
    return str(words.POINTS[code])


@register.filter
def cause_name(code: str) -> str:
    """Why a check was made."""
    return str(words.CAUSES.get(code, code))


@register.filter
def hold_cause(code: str) -> str:
    """Why a hold stands."""
    return str(limits.HOLD_CAUSES.get(code, code))


@register.filter
def left_of(measure: Any) -> int | None:
    """What a measure leaves free after the order."""
    if measure["limit"] is None or measure["after"] is None:
        return None
    return int(measure["limit"] - measure["after"])


@register.filter
def line_kind(code: str) -> str:
    """What a line says when it is no amount."""
    return str(limits.LINE_KINDS[code.lower()])
