"""A worker that dies: ``python -m tests.site.working STOP_AT`` is killed before so many statements (0: never).

``landing`` is the moment when everything is written and nothing committed, ``landed`` the first one after the commit.

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

    stop_at, done, landing = sys.argv[1], 0, False

    def count(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal done, landing
        done += 1
        if str(done) == stop_at or (landing and stop_at == "landed"):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(*words)
        landing = landing or words[0].startswith('UPDATE "base_job" SET "result"')
        if landing and stop_at == "landing":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    owner = founding.console()
    with connection.execute_wrapper(count):
        Worker(dead_after=0, look_every=0.05).work(until_empty=True, owner=owner)
    print(done)


if __name__ == "__main__":
    main()
