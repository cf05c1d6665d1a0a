"""A worker that dies twice and ends well the third time: ``python -m tests.site.kept LOG`` keeps it going."""

import os
import signal
import sys
from pathlib import Path

from xinheng.base.jobs.keeping import keep

DEATHS = 2


def work() -> None:
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"{os.getpid()}\n")
    if len(log.read_text(encoding="utf-8").splitlines()) <= DEATHS:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    log = Path(sys.argv[1])
    keep(work, alive=lambda: True, pause=0)
