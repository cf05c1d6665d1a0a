"""``nightly``: begin a business day by hand or from cron; beside the server it seals each minute."""

import os
import time
from collections.abc import Callable
from contextlib import suppress

import click
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from xinheng.base.errors import XinhengError
from xinheng.base.messages import sentence
from xinheng.desk.control import public as control
from xinheng.site import verification
from xinheng.site.commands.common import actor, answered, as_json, read_date, write_json
from xinheng.site.pages import history

#: How often what was recorded meanwhile is sealed.
_LOOK_EVERY_SECONDS = 60


@click.command()
@click.option("--date", "date_", help="Another day than the business date. 与业务日期不同的日期。")
@click.option(
    "--keep-going", is_flag=True, help="Seal every minute, beside the server. 与服务同时持续运行,每分钟封存记录。"
)
@as_json
@answered
def nightly(date_: str | None, keep_going: bool, json_: bool) -> None:
    """Begin a business day: late debt, releases that ran out, lines that begin.

    开始一个业务日:逾期、过期的放行、新生效的额度。
    """
    by = actor()
    if keep_going:
        alive = _parent_lives()
        with suppress(KeyboardInterrupt):  # Ctrl-C reaches the server and this one alike
            keep_sealing(alive=alive, pause=lambda: _wait(alive))
        return
    begun = control.start_day(read_date(date_), by=by)
    if json_:
        write_json({"date": begun.on.isoformat(), **begun.found})
        return
    said = _(
        "%(date)s: %(breaches_begun)s breaches found, %(breaches_ended)s ended, %(releases_run_out)s releases ran out, "
        "%(checked_again)s waiting orders checked again."
    )
    click.echo(said % {"date": begun.on.isoformat(), **begun.found})


def keep_sealing(*, alive: Callable[[], bool], pause: Callable[[], None]) -> None:
    """Seal the audit chains at every look as long as the server lives; a failure waits for next time."""
    while alive():
        try:
            history.invoiced(history.EVERYBODY)  # so that no reader waits for what has gathered
            verification.seal()
        except XinhengError as error:
            click.echo(f"nightly: {sentence(error)}", err=True)
        except DatabaseError as error:
            click.echo(f"nightly: {str(error).strip()}", err=True)
        if not connection.in_atomic_block:  # a server may restart its database overnight
            connection.close()
        pause()


def _wait(alive: Callable[[], bool]) -> None:
    """Until it is time to look again, or the server has gone."""
    for _second in range(_LOOK_EVERY_SECONDS):
        if not alive():
            return
        time.sleep(1)


def _parent_lives() -> Callable[[], bool]:
    """Whether the process that started this one still runs."""
    parent = os.getppid()
    return lambda: os.getppid() == parent
