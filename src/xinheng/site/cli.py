"""The command line: ``xinheng …`` (semantics.md 5 and 6).

With ``--json`` standard output is one JSON value even on failure; progress goes to standard error.
"""

import json
import os
import sys
from typing import NoReturn

import click

from xinheng.site import usage
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
    "order": ("goods", "order"),
    "invoice": ("bad_debt", "invoice"),
    "receipt": ("money", "receipt"),
    "allocation": ("money", "allocation"),
    "document": ("money", "document"),
    "line": ("credit", "line"),
    "hold": ("credit", "hold"),
    "breach": ("credit", "breach"),
    "nightly": ("days", "nightly"),
    "jobs": ("jobs", "jobs"),
    "month": ("months", "month"),
    "decisions": ("decisions", "decisions"),
    "policy": ("policies", "policy"),
    "verify": ("keep", "verify"),
    "seal": ("keep", "seal"),
    "audit": ("trail", "audit"),
    "backup": ("keep", "backup"),
    "restore": ("keep", "restore"),
    "user": ("staff", "user"),
    "token": ("people", "token"),
    "calendar": ("places", "calendar"),
    "entity": ("places", "entity"),
    "branch": ("places", "branch"),
    "rate": ("places", "rate"),
    "term": ("places", "term"),
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
        usage.in_one_language(command, _language())
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
    translation.activate("en" if _language() == "en" else "zh-hans")


def _language() -> str:
    return "en" if os.environ.get("XINHENG_LANG", "zh").lower().startswith("en") else "zh"


def _refuse(error: BadSetting) -> NoReturn:
    """Stop before anything has begun, as every command answers (semantics.md 6)."""
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{error.code}: {error}", err=True)
    sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def xinheng() -> None:
    """Xinheng 信衡: customer credit management. 信衡:客户信用管理。"""


def main() -> None:
    """The entry point; a pipe closed by the reader is no failure."""
    usage.speak(_language())
    usage.in_one_language(xinheng, _language())
    try:
        xinheng.main(prog_name="xinheng", standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
    except click.ClickException as wrong:
        _mistyped(wrong)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _mistyped(wrong: click.ClickException) -> NoReturn:
    """A verb, option or value that there is not; with ``--json`` that is one value on standard output as well."""
    if "--json" in sys.argv:
        answer = {"error": {"code": "USAGE", "message": wrong.format_message()}}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        wrong.show()
    sys.exit(2)


if __name__ == "__main__":
    main()
