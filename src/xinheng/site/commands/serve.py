"""``run`` starts the house; ``manage`` hands a command to Django."""

import errno
import os
import socket
import subprocess
import sys

import click
from django.utils.translation import gettext as _

from xinheng.base.errors import BadInput
from xinheng.site import demo as demo_company
from xinheng.site import founding
from xinheng.site.commands.common import answered

#: What a shell calls a program that Ctrl-C ended.
_INTERRUPTED = 130


class PortInUse(BadInput):
    """params: address."""

    code = "PORT_IN_USE"


class AddressRefused(BadInput):
    """The host is not this machine's, or the port is not ours to take.  params: address, said."""

    code = "ADDRESS_REFUSED"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens. 监听地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port. 端口。")
@click.option("--demo/--no-demo", default=True, help="Fill empty books with the demo company. 在空账本中载入演示公司。")
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer. 工作进程数。"
)
@answered
def run(host: str, port: int, demo: bool, workers: int) -> None:
    """Found the books when there are none, then serve. 尚无账本时先建账,然后启动服务。"""
    door = _door(host, port)  # first, so that nobody waits for the demo and then hears that the port is taken
    try:
        _prepare(demo)
    except KeyboardInterrupt:
        _say(_("Stopped. The next start goes on from here."))
        sys.exit(_INTERRUPTED)
    door.listen(128)  # from now on a browser waits for the first worker instead of being turned away
    for line in demo_company.welcome(f"http://{_named(host)}:{port}/"):
        click.echo(line)
    sys.stdout.flush()
    _start_beside("nightly", "--keep-going")  # seals every minute
    _start_beside("jobs", "run", "--beside")  # works in the background, begins every business day
    door.set_inheritable(True)
    command = [sys.executable, "-m", "gunicorn", "xinheng.site.wsgi:application", "--bind", f"fd://{door.fileno()}"]
    command += ["--worker-class", "xinheng.site.worker.Worker", "--limit-request-line", "8190"]
    command += ["--workers", str(workers), "--threads", "4", "--timeout", "120", "--graceful-timeout", "10"]
    os.execv(sys.executable, [*command, "--log-level", "warning", "--no-control-socket"])  # noqa: S606


def _prepare(demo: bool) -> None:
    """Books, the demo company in empty ones (or the rest of it, when its loading was interrupted), static files."""
    empty = not founding.is_founded()
    _say(_("making the books …") if empty else _("bringing the books up to date …"))
    founding.found(currency=demo_company.CURRENCY if demo and empty else "CNY")
    if demo and (empty or demo_company.is_unfinished()):
        demo_company.load(today="", say=_say)
    _say(_("collecting static files …"))
    _collect_static()


def _start_beside(*words: str) -> None:
    """Start one of our own commands beside the server; it ends with it."""
    command = [sys.executable, "-m", "xinheng.site.cli", *words]
    subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def _door(host: str, port: int) -> socket.socket:
    """The address taken, not yet open.

    Raises:
        PortInUse, AddressRefused.
    """
    address = f"{_named(host)}:{port}"
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(where)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(address=address) from None
        raise AddressRefused(address=address, said=error.strerror) from None
    return door


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    click.echo(f"  {line}", err=True)


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands, for maintenance. 维护用的 Django 命令。"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xinheng manage", *words])
