"""What doors and later chapters may ask of control and tell it."""

from xinheng.desk.control.backtest import KIND as TRIAL
from xinheng.desk.control.backtest import (
    Backtest,
    ask_for_backtest,
    ask_for_trial,
    backtest,
    backtest_json,
    backtest_lines,
)
from xinheng.desk.control.breaching import look_for_breaches
from xinheng.desk.control.changing import Change, change_order, force_hold, instrument, lift_forced_hold, reopen_order
from xinheng.desk.control.checking import Asked, check_order, decide, decide_imported, recheck_waiting, reread
from xinheng.desk.control.daily import day_started, start_day
from xinheng.desk.control.entered import enter_and_check
from xinheng.desk.control.facts import rule_line
from xinheng.desk.control.invoicing import enter_invoice
from xinheng.desk.control.looking import look
from xinheng.desk.control.models import Breach, DayStart, Decision, ReleaseRequest, Signature
from xinheng.desk.control.releasing import Released, SignedAlready, reject, sign_release
from xinheng.desk.control.replaying import Replayed, decision_by_id, decision_json, every_decision, replay
from xinheng.desk.control.requesting import AskedAlready, ask_release
from xinheng.desk.control.sentences import hold_reason
from xinheng.desk.control.shapes import (
    breach_shape,
    cod_unpaid_shape,
    decision_row_shape,
    decision_shape,
    entered_invoice_shape,
    released_shape,
    replay_shape,
    turned_shape,
)
from xinheng.desk.control.shipping import StillHeld, let_go, ship
from xinheng.desk.control.signing import NotReleasable
from xinheng.desk.control.standing import Share, Standing, as_json, standing
from xinheng.desk.control.turning import Turned, decline, keep_credit, turn_to_cash
from xinheng.desk.control.unpaid import CodUnpaid, cod_unpaid
from xinheng.desk.control.waiting import (
    breach_for,
    breaches_of,
    breaches_seen_by,
    orders_seen_by,
    unreleased_for,
    unreleased_of,
)

__all__ = [
    "TRIAL",
    "Asked",
    "AskedAlready",
    "Backtest",
    "Breach",
    "Change",
    "CodUnpaid",
    "DayStart",
    "Decision",
    "NotReleasable",
    "ReleaseRequest",
    "Released",
    "Replayed",
    "Share",
    "Signature",
    "SignedAlready",
    "Standing",
    "StillHeld",
    "Turned",
    "as_json",
    "ask_for_backtest",
    "ask_for_trial",
    "ask_release",
    "backtest",
    "backtest_json",
    "backtest_lines",
    "breach_for",
    "breach_shape",
    "breaches_of",
    "breaches_seen_by",
    "change_order",
    "check_order",
    "cod_unpaid",
    "cod_unpaid_shape",
    "day_started",
    "decide",
    "decide_imported",
    "decision_by_id",
    "decision_json",
    "decision_row_shape",
    "decision_shape",
    "decline",
    "enter_and_check",
    "enter_invoice",
    "entered_invoice_shape",
    "every_decision",
    "force_hold",
    "hold_reason",
    "instrument",
    "keep_credit",
    "let_go",
    "lift_forced_hold",
    "look",
    "look_for_breaches",
    "orders_seen_by",
    "recheck_waiting",
    "reject",
    "released_shape",
    "reopen_order",
    "replay",
    "replay_shape",
    "reread",
    "rule_line",
    "ship",
    "sign_release",
    "standing",
    "start_day",
    "turn_to_cash",
    "turned_shape",
    "unreleased_for",
    "unreleased_of",
]
