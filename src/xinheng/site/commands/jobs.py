"""``jobs``: what is done in the background, by whom, how far it is; and the worker that does it."""

import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.db import connection
from django.utils.translation import gettext as _

from xinheng.base.jobs import actions
from xinheng.base.jobs.keeping import keep
from xinheng.base.jobs.kinds import kind_of
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import Job
from xinheng.base.shapes import JobShape, job_file_shape, job_shape
from xinheng.exchange.importing import KINDS, Options
from xinheng.exchange.jobs import ask_for_import
from xinheng.site import founding
from xinheng.site.commands.common import NotFounded, actor, answered, as_json, write_json

_LISTED = 50
_number = click.argument("number", type=click.IntRange(1, 2**63 - 1))


@click.group()
def jobs() -> None:
    """Work in the background. 后台任务。"""


@jobs.command(name="list")
@as_json
@answered
def list_jobs(json_: bool) -> None:
    """The last jobs, the newest first. 任务列表。"""
    found = [job_shape(job) for job in actions.visible_to(actor())[:_LISTED]]
    if json_:
        write_json({"jobs": found})
        return
    for one in found:
        _say(one)


@jobs.command()
@_number
@as_json
@answered
def show(number: int, json_: bool) -> None:
    """One job with its arguments and what came of it. 查看任务。"""
    job = actions.job_by_number(number, by=actor())
    if json_:
        write_json(job_file_shape(job))
        return
    _say(job_shape(job))
    told = kind_of(job.kind).told(job)
    for line in (told.about, *told.came):
        if line:
            click.echo(f"  {line}")
    for said, rows in told.lists:
        click.echo(f"  {said}")
        for row in rows:
            click.echo(f"    {row}")


@jobs.command()
@_number
@as_json
@answered
def stop(number: int, json_: bool) -> None:
    """Stop a job at its next safe point. 停止任务。"""
    answer_with(actions.stop(number, by=actor()), json_)


@jobs.command()
@_number
@as_json
@answered
def again(number: int, json_: bool) -> None:
    """Begin a failed or stopped job again. 重新执行。"""
    answer_with(actions.again(number, by=actor()), json_)


@jobs.command(name="import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep-good", is_flag=True, help="Land the good rows all the same. 只写入正确的行。")
@click.option("--dry-run", is_flag=True, help="Look, write nothing. 试运行。")
@click.option("--update", is_flag=True, help="Let differing rows correct the books. 以文件更正。")
@as_json
@answered
def import_(kind: str, file: Path, json_: bool, **chosen: Any) -> None:
    """Let a worker import a file. 后台导入文件。"""
    answer_with(ask_for_import(kind, file, Options(**chosen), by=actor()), json_)


@jobs.command()
@click.option("--until-empty", is_flag=True, help="End when nothing waits. 做完即止。")
@click.option(
    "--beside", is_flag=True, help="Keep one going as long as this one's parent lives. 随服务运行,中断后自动重启。"
)
@answered
def run(until_empty: bool, beside: bool) -> None:
    """The worker: do what waits. 启动后台工作进程。"""
    if not founding.is_founded():
        raise NotFounded
    connection.close()  # a worker beside the server is a copy of this process and opens its own
    if beside:
        server = os.getppid()
        keep(partial(_work, until_empty, os.getpid()), alive=lambda: os.getppid() == server)
    else:
        _work(until_empty)


def _work(until_empty: bool, with_process: int = 0) -> None:
    """Work; where it is told, no longer than the process that started it lives."""
    worker = Worker()
    if with_process:
        threading.Thread(target=_leave_with, args=(worker, with_process), daemon=True).start()
    worker.work(until_empty=until_empty, owner=founding.console())


def _leave_with(worker: Worker, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    worker.stop()


def answer_with(job: Job, json_: bool) -> None:
    """Say how a job stands."""
    write_json(job_shape(job)) if json_ else _say(job_shape(job))


def _say(one: JobShape) -> None:
    share = f" {one['share']:.0%}" if one["share"] is not None else ""
    said = f": {one['error']['message']}" if one["error"] else ""
    state = Job.State(one["state"]).label
    line = _("job %(job)s, %(title)s, by %(by)s: %(state)s")
    title = kind_of(one["kind"]).title
    click.echo(line % {"job": one["job"], "title": title, "by": one["by"], "state": state} + share + said)
