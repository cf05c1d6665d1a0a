"""A worker that dies: ``python -m tests.site.working STOP_AT`` is killed before so many statements (0: never).

It thinks others dead at once, so that nobody has to wait for their silence; it says how many statements it made.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from xinheng.base.jobs.worker import Worker
    from xinheng.site import founding

    stop_at, done = int(sys.argv[1]), 0

    def count(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal done
        done += 1
        if done == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*words)

    owner = founding.console()
    with connection.execute_wrapper(count):
        Worker(dead_after=0, look_every=0.05).work(until_empty=True, owner=owner)
    print(done)


if __name__ == "__main__":
    main()
