"""The command line: ``xinheng …`` (semantics.md 5 and 6).

With ``--json`` standard output is one JSON value even on failure; progress goes to standard error.
"""

import json
import os
import sys
from typing import NoReturn

import click

from xinheng.site.home import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")

#: command → (module, attribute); a module is loaded only when its command runs, so that every start is quick.
_COMMANDS = {
    "init": ("found", "init"),
    "run": ("serve", "run"),
    "demo": ("found", "demo"),
    "import": ("files", "import_group"),
    "ageing": ("read", "ageing"),
    "exposure": ("read", "exposure"),
    "order": ("orders", "order"),
    "decisions": ("decisions", "decisions"),
    "policy": ("policies", "policy"),
    "verify": ("keep", "verify"),
    "seal": ("keep", "seal"),
    "backup": ("keep", "backup"),
    "restore": ("keep", "restore"),
    "user": ("people", "user"),
    "token": ("people", "token"),
    "manage": ("serve", "manage"),
}


class Commands(click.Group):
    """Finds a command by name and loads only its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        _prepare()
        module, attribute = _COMMANDS[name]
        loaded = __import__(f"xinheng.site.commands.{module}", fromlist=[attribute])
        command: click.Command = getattr(loaded, attribute)
        return command


def _prepare() -> None:
    import django
    from django.apps import apps
    from django.utils import translation

    if not apps.ready:
        try:
            django.setup()
        except BadSetting as error:
            _refuse(error)
    translation.activate("en" if os.environ.get("XINHENG_LANG", "zh").lower().startswith("en") else "zh-hans")


def _refuse(error: BadSetting) -> NoReturn:
    """Stop before anything has begun, as every command answers (semantics.md 6)."""
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{error.code}: {error}", err=True)
    sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def xinheng() -> None:
    """Xinheng 信衡: customer credit management. 客户信用管理。"""


def main() -> None:
    """The entry point; a pipe closed by the reader is no failure."""
    try:
        xinheng(prog_name="xinheng")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
