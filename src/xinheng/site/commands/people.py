"""``user`` and ``token``: who may come in, and by which key."""

import sys
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, people
from xinheng.base.errors import BadInput
from xinheng.base.models import Token
from xinheng.site.commands.common import actor, answered, as_json, write_json


class NoPassword(BadInput):
    """Nobody typed one."""

    code = "NO_PASSWORD"


@click.group()
def user() -> None:
    """People. 用户。"""


@user.command("add")
@click.argument("username")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    help="A role code of the policy; may be repeated. 政策中的角色代码;可重复。",
)
@click.option("--name-zh", default="", help="The name in Chinese. 中文姓名。")
@click.option("--name-en", default="", help="The name in English. 英文姓名。")
@click.option("--branch", default="", help="Branch code. 分支机构代码。")
@click.option("--supervisor", default="", help="User name of the supervisor. 主管的用户名。")
@click.option("--code", default="", help="The salesperson code on customers and orders. 业务员代码。")
@click.option(
    "--password", help="Asked for without it, or read from standard input. 密码;不写则询问,或从标准输入读取。"
)
@as_json
@answered
def add(json_: bool, username: str, password: str | None, **stated: object) -> None:
    """Let a person in. 新增用户。"""
    by = actor()
    made = people.add_user(username, password or _password(), by=by, **stated)  # type: ignore[arg-type]
    if json_:
        write_json({"user": made.username, "roles": made.roles})
    else:
        click.echo(f"{made.username}  {', '.join(made.roles)}")


def _password() -> str:
    """Typed twice and not shown by a person; one line from a program, which has no terminal to hide it on.

    Raises:
        NoPassword
    """
    if sys.stdin.isatty():
        return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True, err=True))
    found = sys.stdin.readline().rstrip("\r\n")
    if not found:
        raise NoPassword
    return found


@click.group()
def token() -> None:
    """Keys for the command line and other systems. 命令行和其他系统用的令牌。"""


@token.command("new")
@click.argument("username")
@click.option("--days", default=90, show_default=True, help="Days it is good for. 有效天数。")
@click.option("--label", default="", help="What the key is for. 用途。")
@as_json
@answered
def new(username: str, days: int, label: str, json_: bool) -> None:
    """Make a key; it is shown once. 新建令牌;只显示一次。"""
    secret, made = people.new_token(username, days=days, label=label, by=actor())
    if json_:
        write_json({"token": secret, "id": made.pk, "expires_at": made.expires_at.isoformat()})
    else:
        click.echo(secret)


@token.command("list")
@as_json
@answered
def list_(json_: bool) -> None:
    """Your keys, everybody's for those who manage users; newest first. 令牌清单,最新在前;管理用户者可见所有人的。"""
    keys = [_shown(key) for key in people.tokens_for(actor())]
    if json_:
        write_json(keys)
        return
    for key in keys:
        click.echo(f"{key['id']}  {key['user']}  {key['state']}  {key['expires_at']}  {key['label']}")


@token.command("end")
@click.argument("number", type=int)
@as_json
@answered
def end(number: int, json_: bool) -> None:
    """End a key before its time; the number is that of the list. 提前停用令牌;编号见令牌清单。"""
    ended = _shown(people.end_token(number, by=actor()))
    if json_:
        write_json(ended)
    else:
        click.echo(f"{ended['id']}  {ended['user']}  {ended['state']}")


def _shown(key: Token) -> dict[str, Any]:
    """A key as told: never its secret, which nobody has kept."""
    state = "ended" if key.ended_at else "expired" if key.expires_at <= clock.now() else "valid"
    return {
        "id": key.pk,
        "user": key.user.username,
        "label": key.label,
        "state": state,
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "ended_at": key.ended_at.isoformat() if key.ended_at else None,
    }
