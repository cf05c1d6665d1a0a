"""Beside a server somebody always works: when a worker is killed or breaks, another one begins."""

import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable

#: The worker is a copy of this process, so that what is loaded is loaded once.
_FORK = multiprocessing.get_context("fork")
#: How often it is looked whether the server still lives.
_LOOK_SECONDS = 1.0
logger = logging.getLogger(__name__)


def keep(work: Callable[[], None], *, alive: Callable[[], bool], pause: float = 1) -> None:
    """Let ``work`` go on in a process of its own, begun again ``pause`` seconds after it died.

    It ends when the work ends by itself, when ``alive`` says no, and when this process is told to go; the worker is
    then asked to go at its next safe point.  Nobody may have a connection to the database yet.
    """
    leave = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_about: leave.set())
    while alive() and not leave.is_set():
        worker = _FORK.Process(target=work)
        worker.start()
        while worker.is_alive():
            if leave.is_set() or not alive():
                worker.terminate()
            worker.join(_LOOK_SECONDS)
        if worker.exitcode == 0:
            return
        logger.warning("the worker ended with %s, another one begins", worker.exitcode)
        leave.wait(pause)
