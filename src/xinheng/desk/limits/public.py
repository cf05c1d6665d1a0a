"""What later chapters may ask of lines and holds and tell them."""

from xinheng.desk.limits.actions import (
    BadLine,
    checked_line,
    lift_by_rule,
    lift_hold,
    place_hold,
    record_lines,
    set_line,
    withdraw_credit,
    withdraw_line,
    withdraw_lines,
)
from xinheng.desk.limits.calendar import install_calendar, set_day, working_calendar
from xinheng.desk.limits.models import CalendarDay, Hold, Line
from xinheng.desk.limits.queries import (
    AnyLine,
    LineNow,
    LineState,
    choose,
    hold_for,
    holds_seen_by,
    holds_standing,
    line_in_force,
    standing_lines,
    states_of,
)
from xinheng.desk.limits.rows import LineRow
from xinheng.desk.limits.shapes import HoldShape, LineShape, SetLineShape, hold_shape, line_shape, set_line_shape
from xinheng.desk.limits.words import HOLD_CAUSES, HOLD_SCOPES, LINE_KINDS, LINE_STATE_TONES, LINE_STATES

__all__ = [
    "HOLD_CAUSES",
    "HOLD_SCOPES",
    "LINE_KINDS",
    "LINE_STATES",
    "LINE_STATE_TONES",
    "AnyLine",
    "BadLine",
    "CalendarDay",
    "Hold",
    "HoldShape",
    "Line",
    "LineNow",
    "LineRow",
    "LineShape",
    "LineState",
    "SetLineShape",
    "checked_line",
    "choose",
    "hold_for",
    "hold_shape",
    "holds_seen_by",
    "holds_standing",
    "install_calendar",
    "lift_by_rule",
    "lift_hold",
    "line_in_force",
    "line_shape",
    "place_hold",
    "record_lines",
    "set_day",
    "set_line",
    "set_line_shape",
    "standing_lines",
    "states_of",
    "withdraw_credit",
    "withdraw_line",
    "withdraw_lines",
    "working_calendar",
]
