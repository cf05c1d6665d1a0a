"""``import``: files in, a batch undone, what was imported so far (semantics.md 5 and 6)."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.base.errors import BadInput
from xinheng.base.files import NotWritten
from xinheng.base.messages import sentence
from xinheng.base.models import Batch
from xinheng.exchange import mappings, shapes
from xinheng.exchange.findings import Finding
from xinheng.exchange.importing import KINDS, Options, Result, run_import, seconds_of_landing
from xinheng.exchange.options import said
from xinheng.exchange.sheets import BadFile
from xinheng.exchange.undoing import batch_by_number, undo_batch
from xinheng.site import usage
from xinheng.site.commands.common import actor, answered, as_json, limit_option, write_json

#: So many errors are listed where nobody asked for JSON.
_LISTED = 50
#: Larger landings on SQLite say beforehand how long they keep others waiting.
_WAIT_TOLD_FROM = 50_000


class BadMapping(BadInput):
    """params: value."""

    code = "BAD_MAPPING"


class Kinds(click.Group):
    """One command for each kind of file, and what can be done with batches."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*KINDS, *self.commands]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in KINDS:
            return super().get_command(ctx, name)
        command = _of_kind(name)
        usage.in_one_language(command, "en" if get_language() == "en" else "zh")
        return command


@click.group(cls=Kinds, name="import")
def import_group() -> None:
    """Files in: xinheng import KIND FILE. 导入文件。

    One file is one batch. A bad row and nothing is written; every bad row is named with line, column, value and reason.
    一个文件为一个批次；有一行错误则整份不写入，并逐行列出原因。
    """


def _of_kind(kind: str) -> click.Command:
    """The command of one kind."""

    @click.command(name=kind, help=f"Import {kind}. 导入 {kind}。")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--keep-good", is_flag=True, help="Land the good rows all the same. 只写入正确的行。")
    @click.option(
        "--rejects",
        type=click.Path(path_type=Path),
        help="Write the bad rows here (.csv, .xlsx). 错误行写到此文件(.csv、.xlsx)。",
    )
    @click.option("--dry-run", is_flag=True, help="Look, write nothing. 试运行,不写入。")
    @click.option("--update", is_flag=True, help="Let differing rows correct the books. 允许以文件更正账中不同的行。")
    @click.option("--create-customers", is_flag=True, help="Make unknown customers. 自动新建未知客户。")
    @click.option("--opening", is_flag=True, help="History as it stands. 作为期初历史数据导入。")
    @click.option("--check", is_flag=True, help="Check orders in file order. 按文件顺序对订单做信用检查。")
    @click.option("--map", "maps", multiple=True, metavar="FIELD=HEADING", help="Name a heading. 指定某列对应的表头。")
    @click.option("--mapping", default="", help="Use a saved mapping. 使用已存的列对应。")
    @click.option("--save-mapping", default="", help="Keep this mapping under a name. 以此名称保存列对应。")
    @click.option(
        "--date-format", default="", help="DMY, MDY, YMD or like %d.%m.%Y. 日期格式:DMY、MDY、YMD 或如 %d.%m.%Y。"
    )
    @click.option("--entity", default="", help="Entity code. 公司主体代码。")
    @click.option("--encoding", default="", help="How the text is encoded. 文本编码。")
    @click.option("--delimiter", default="", help="What divides cells. 分隔符。")
    @click.option("--sheet", default="", help="Which sheet of a workbook. 工作簿中的工作表。")
    @as_json
    @answered
    def command(json_: bool, file: Path, maps: tuple[str, ...], mapping: str, save_mapping: str, **chosen: Any) -> None:
        by = actor()
        fields = mappings.mapping_by_name(kind, mapping) if mapping else {}
        fields |= _fields(maps)
        options = Options(mapping=fields, **chosen)
        try:
            result = run_import(kind, file, options, by=by, tick=_Progress(quiet=json_ and not sys.stderr.isatty()))
        except (BadFile, NotWritten) as refused:
            _refused_whole(kind, refused, json_)
        if save_mapping and fields:
            mappings.save_mapping(kind, save_mapping, fields, by=by)
        _tell(result, json_)
        if result.errors and (result.refused or result.dry_run or result.batch is None):
            sys.exit(2)

    return command


def _refused_whole(kind: str, refused: BadFile | NotWritten, json_: bool) -> NoReturn:
    """Nothing was taken from the file; one JSON answer has the shape of every import's."""
    if json_:
        params = refused.params
        line = int(params.get("line") or 1) if isinstance(refused, BadFile) else 0
        one = Finding(line, str(params.get("column", "")), "", refused.code, params)
        write_json(Result(kind, errors=[one]).as_json())
    else:
        click.echo(f"{refused.code}: {sentence(refused)}", err=True)
        click.echo(_("Nothing was written."), err=True)
    sys.exit(2)


def _fields(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in maps:
        field, equals, heading = one.partition("=")
        if not equals or not field.strip() or not heading.strip():
            raise BadMapping(value=one)
        found[field.strip()] = heading.strip()
    return found


class _Progress:
    """Progress on standard error, at most a few times a second; only where somebody looks."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self._last = 0.0
        self._told: set[str] = set()

    def __call__(self, stage: str, done: float, of: float) -> None:
        if stage == "landing" and not done and of > _WAIT_TOLD_FROM and (wait := seconds_of_landing(int(of))):
            self._once(_("Landing: other writers wait for about %(seconds)s seconds.") % {"seconds": round(wait)})
        now = time.monotonic()
        if self.quiet or not sys.stderr.isatty() or now - self._last < 0.2:
            return
        self._last = now
        share = f" {done / of:4.0%}" if of else ""
        click.echo(f"\r{_STAGES[stage]()}{share}   ", nl=False, err=True)

    def _once(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            click.echo(words, err=True)


_STAGES = {
    "reading": lambda: _("reading"),
    "judging": lambda: _("comparing with the books"),
    "landing": lambda: _("writing"),
    "checking": lambda: _("checking orders"),
}


def _tell(result: Result, json_: bool) -> None:
    if json_:
        write_json(result.as_json())
        return
    if sys.stderr.isatty():
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    for words, count in _counts(result).items():
        click.echo(f"{words}: {count}")
    for one in result.warnings[:_LISTED]:
        click.echo(said(one), err=True)
    for one in result.errors[:_LISTED]:
        click.echo(said(one), err=True)
    if len(result.errors) > _LISTED:
        more = len(result.errors) - _LISTED
        click.echo(ngettext("… %(count)s more error", "… %(count)s more errors", more) % {"count": more}, err=True)
    if result.refused:
        click.echo(_("Nothing was written."), err=True)


def _counts(result: Result) -> Mapping[str, object]:
    found: dict[str, object] = {
        _("batch"): result.batch or "—",
        _("rows"): result.rows,
        _("accepted"): result.accepted,
        _("already present"): result.already_present,
        _("updated"): result.updated,
        _("rejected"): result.rejected,
    }
    return found | ({_("void, left out"): result.void} if result.void else {})


@import_group.command()
@click.argument("batch")
@click.option("--reason", default="", help="Why. 原因。")
@as_json
@answered
def undo(batch: str, reason: str, json_: bool) -> None:
    """Take a whole batch back. 撤销整批导入。"""
    by = actor()
    rights.require(by, "import.undo")
    done = undo_batch(batch_by_number(batch), on=clock.business_date(), by=by, reason=reason)
    if json_:
        write_json(shapes.undone_batch_shape(done))
    else:
        click.echo(_("Batch %(number)s is undone.") % {"number": done.pk})


@import_group.command("list")
@limit_option(100)
@as_json
@answered
def list_(limit: int, json_: bool) -> None:
    """What was imported, newest first. 导入批次,最新在前。"""
    rights.require(actor(), "reports.view")
    rows = [shapes.batch_shape(one) for one in Batch.objects.select_related("recorded_by").order_by("-id")[:limit]]
    if json_:
        write_json(rows)
        return
    for row in rows:
        undone = f"  {_('undone')}" if row["undone_at"] else ""
        brought = row["accepted"] + row["updated"]
        click.echo(f"{row['batch']:>6}  {row['kind']:14} {brought:>9}  {row['at'][:19]}  {row['file']}{undone}")


@import_group.command("mappings")
@as_json
@answered
def mappings_(json_: bool) -> None:
    """Saved mappings of headings. 已保存的列对应。"""
    rights.require(actor(), "import.run")
    rows = [shapes.mapping_shape(one) for one in mappings.saved_mappings()]
    if json_:
        write_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['kind']:14} {row['name']}: " + ", ".join(f"{a}={b}" for a, b in row["fields"].items()))
