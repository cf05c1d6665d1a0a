"""``user`` and ``token``: who may come in, and by which key."""

import click

from xinheng.base import people
from xinheng.site.commands.common import actor, answered, as_json, write_json


@click.group()
def user() -> None:
    """People. 用户。"""


@user.command("add")
@click.argument("username")
@click.option(
    "--role", "roles", multiple=True, required=True, help="A role code of the policy; may be repeated. 角色。"
)
@click.option("--name-zh", default="")
@click.option("--name-en", default="")
@click.option("--branch", default="", help="Branch code. 分支机构。")
@click.option("--supervisor", default="", help="User name of the supervisor. 主管。")
@click.option("--code", default="", help="The salesperson code on customers and orders. 业务员代码。")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@as_json
@answered
def add(json_: bool, username: str, password: str, **stated: object) -> None:
    """Let a person in. 新增用户。"""
    made = people.add_user(username, password, by=actor(), **stated)  # type: ignore[arg-type]
    if json_:
        write_json({"user": made.username, "roles": made.roles})
    else:
        click.echo(f"{made.username}  {', '.join(made.roles)}")


@click.group()
def token() -> None:
    """Keys for the command line and other systems. 令牌。"""


@token.command("new")
@click.argument("username")
@click.option("--days", default=90, show_default=True, help="Days it is good for. 有效天数。")
@click.option("--label", default="")
@as_json
@answered
def new(username: str, days: int, label: str, json_: bool) -> None:
    """Make a key; it is shown once. 新建令牌。"""
    secret, made = people.new_token(username, days=days, label=label, by=actor())
    if json_:
        write_json({"token": secret, "expires_at": made.expires_at.isoformat()})
    else:
        click.echo(secret)
