"""``run`` starts the house; ``manage`` hands a command to Django."""

import os
import sys

import click

from xinheng.site import demo as demo_company
from xinheng.site import founding
from xinheng.site.commands.common import answered


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--demo/--no-demo", default=True, help="Fill empty books with the demo company. 演示公司。")
@click.option("--workers", default=2, show_default=True)
@answered
def run(host: str, port: int, demo: bool, workers: int) -> None:
    """Found the books when there are none, then serve. 启动。"""
    if not founding.is_founded():
        founding.found(currency=demo_company.CURRENCY if demo else "CNY")
        if demo:
            demo_company.load(today="", say=_say)
    else:
        founding.found(currency="CNY")
    _collect_static()
    for line in demo_company.welcome(f"http://{host}:{port}/"):
        click.echo(line)
    sys.stdout.flush()
    command = [sys.executable, "-m", "gunicorn", "xinheng.site.wsgi:application", "--bind", f"{host}:{port}"]
    command += ["--workers", str(workers), "--threads", "4", "--timeout", "120", "--graceful-timeout", "10"]
    os.execv(sys.executable, [*command, "--log-level", "warning", "--no-control-socket"])  # noqa: S606


def _say(line: str) -> None:
    click.echo(line, err=True)


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands, for maintenance. Django 管理命令。"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xinheng manage", *words])
