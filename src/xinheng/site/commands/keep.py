"""``verify``, ``seal``, ``backup``, ``restore``: keeping the books whole."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.site import backup as safe
from xinheng.site import verification
from xinheng.site.commands.common import actor, answered, as_json, write_json


@click.command()
@as_json
@answered
def verify(json_: bool) -> None:
    """Compute everything again; exit 1 on any difference. 全部重新计算并核对账本;有差异时退出码为 1。"""
    rights.require(actor(), "ledger.verify")
    found = list(verification.differences())
    if json_:
        write_json({"differences": found})
    else:
        for line in found:
            click.echo(line)
    if found:
        sys.exit(1)


@click.command()
@as_json
@answered
def seal(json_: bool) -> None:
    """Put all audit chains under one root. 把所有审计链封存于一个根值之下。"""
    rights.require(actor(), "ledger.verify")
    sealed = verification.seal()
    if json_:
        write_json({"root": sealed.root, "at": sealed.at.isoformat()} if sealed else {"root": None, "at": None})
    else:
        click.echo(sealed.root if sealed else _("Nothing was recorded since the last seal."))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@answered
def backup(file: Path, json_: bool) -> None:
    """Write everything into one file. 把全部数据备份到一个文件。"""
    done = safe.backup(file, by=actor())
    if json_:
        write_json(done)
    else:
        click.echo(f"{done['file']}  {done['bytes']}  {done['sha256']}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@answered
def restore(file: Path, json_: bool) -> None:
    """Bring a backup back into an empty XINHENG_HOME or database. 把备份恢复到空的 XINHENG_HOME 或空数据库。"""
    done = safe.restore(file)
    if json_:
        write_json(done)
    else:
        click.echo(f"{done['file']}  {done['company']}")
