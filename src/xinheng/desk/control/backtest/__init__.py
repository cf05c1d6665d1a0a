"""Back-test 政策试算: the sequence of events run again under another policy, and what would have come of it.

``happened`` reads what happened, ``past`` keeps the books of the run, ``purse`` the money prepaid orders rest on,
``rerun`` lets one event after the other happen again, ``trying`` decides, ``report`` compares, ``told``
says it, ``job`` lets a worker do it.  Nothing is written.  ``trial`` does it for two policies beside each other.
"""

from xinheng.desk.control.backtest.job import ask_for_backtest
from xinheng.desk.control.backtest.report import Backtest, backtest, backtest_json
from xinheng.desk.control.backtest.told import backtest_lines
from xinheng.desk.control.backtest.trial import KIND, ask_for_trial

__all__ = [
    "KIND",
    "Backtest",
    "ask_for_backtest",
    "ask_for_trial",
    "backtest",
    "backtest_json",
    "backtest_lines",
]
