"""What doors and later chapters may ask of control and tell it."""

from xinheng.desk.control.backtesting import Backtest, backtest, backtest_json
from xinheng.desk.control.checking import Asked, check_order, decide, recheck_waiting
from xinheng.desk.control.models import Decision, Signature
from xinheng.desk.control.releasing import (
    NotReleasable,
    Released,
    StillHeld,
    change_order,
    force_hold,
    lift_forced_hold,
    reject,
    ship,
    sign_release,
)
from xinheng.desk.control.replaying import Replayed, decision_by_id, decision_json, every_decision, replay
from xinheng.desk.control.standing import Share, Standing, as_json, standing

__all__ = [
    "Asked",
    "Backtest",
    "Decision",
    "NotReleasable",
    "Released",
    "Replayed",
    "Share",
    "Signature",
    "Standing",
    "StillHeld",
    "as_json",
    "backtest",
    "backtest_json",
    "change_order",
    "check_order",
    "decide",
    "decision_by_id",
    "decision_json",
    "every_decision",
    "force_hold",
    "lift_forced_hold",
    "recheck_waiting",
    "reject",
    "replay",
    "ship",
    "sign_release",
    "standing",
]
