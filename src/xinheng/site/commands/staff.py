"""``user list|change|shut-out|let-in|password|sign-out``: people who are in already, as settings has them."""

from typing import Any

import click

from xinheng.base import rights, seats, staff
from xinheng.base.models import User
from xinheng.site.commands.common import actor, answered, as_json, write_json
from xinheng.site.commands.people import user
from xinheng.site.pages.settings.people import people as everybody


@user.command("list")
@as_json
@answered
def list_(json_: bool) -> None:
    """Everybody who may come in or once could. 用户清单。"""
    rights.require(actor(), "admin.users")
    found = [_about(one) for one in everybody().order_by("username")]
    if json_:
        write_json(found)
        return
    for one in found:
        click.echo(f"{one['user']}  {one['state']}  {', '.join(one['roles'])}  {one['name_zh'] or one['name_en']}")


@user.command("change")
@click.argument("username")
@click.option("--role", "roles", multiple=True, help="All roles from now on. 此后的全部角色。")
@click.option("--name-zh", default=None, help="The name in Chinese. 中文姓名。")
@click.option("--name-en", default=None, help="The name in English. 英文姓名。")
@click.option("--branch", default=None, help="Branch code. 分支机构代码。")
@click.option("--supervisor", default=None, help="User name of the supervisor. 主管的用户名。")
@click.option("--code", default=None, help="The salesperson code on customers and orders. 业务员代码。")
@click.option("--language", default=None, help="In which language they read: zh-hans or en. 界面语言：zh-hans 或 en。")
@as_json
@answered
def change(username: str, json_: bool, roles: tuple[str, ...], **stated: Any) -> None:
    """Change what is stated of a person; what is not named stays. 修改用户资料;未写的保持不变。"""
    _tell(staff.change_user(username, by=actor(), roles=list(roles) or None, **stated), json_)


@user.command("shut-out")
@click.argument("username")
@as_json
@answered
def shut_out(username: str, json_: bool) -> None:
    """Shut a person out; what they did stays. 停用用户;以往操作保留。"""
    _tell(staff.deactivate(username, by=actor()), json_)


@user.command("let-in")
@click.argument("username")
@as_json
@answered
def let_in(username: str, json_: bool) -> None:
    """Let somebody in again. 恢复用户。"""
    _tell(staff.activate(username, by=actor()), json_)


@user.command("password")
@click.argument("username")
@as_json
@answered
def password(username: str, json_: bool) -> None:
    """Make a new first password; it is shown once. 重置密码;初始密码只显示一次。"""
    secret = staff.renew_password(username, by=actor())
    if json_:
        write_json({"user": username, "password": secret})
    else:
        click.echo(secret)


@user.command("sign-out")
@click.argument("username")
@as_json
@answered
def sign_out(username: str, json_: bool) -> None:
    """Sign a person out of every browser. 让用户在所有浏览器退出登录。"""
    number = staff.end_seats(username, by=actor())
    if json_:
        write_json({"user": username, "ended": number})
    else:
        click.echo(str(number))


def _tell(found: User, json_: bool) -> None:
    about = _about(found)
    if json_:
        write_json(about)
    else:
        click.echo(f"{about['user']}  {about['state']}  {', '.join(about['roles'])}")


def _about(one: User) -> dict[str, Any]:
    return {
        "user": one.username,
        "state": "in" if one.is_active else "out",
        **staff.described(one),
        "last_login": one.last_login.isoformat() if one.last_login else None,
        "sessions": seats.standing().filter(user=one).count(),
    }
