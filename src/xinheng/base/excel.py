"""A list as an Excel sheet: texts stay texts (never a live formula or link), amounts and days are real ones."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import clock, formats
from xinheng.base.models import Company
from xinheng.base.tables import Column, Table

#: Beyond this nobody waits for a page's file.
ROWS_MAX = 100_000
#: What a sheet holds below its head.
_SHEET_MAX = (1 << 20) - 1
_CHUNK = 1000
Tick = Callable[[str, float, float], None]
_tick: ContextVar[Tick | None] = ContextVar("tick", default=None)
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def background(tick: Tick) -> Iterator[None]:
    """Files made inside are made by a job: as long as a sheet can be, and it is told how far they are."""
    token = _tick.set(tick)
    try:
        yield
    finally:
        _tick.reset(token)


def in_background() -> bool:
    """Whether a job makes the file."""
    return _tick.get() is not None


def rows_max() -> int:
    """How many rows a file may have now."""
    return _SHEET_MAX if in_background() else ROWS_MAX


def answer(table: Table, name: str, about: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The table's rows as a file to download; rows are decorated by the thousand."""
    return file(list(_heads(table)), _rows(table), name, about)


def file(
    heads: Sequence[str], rows: Iterable[Sequence[Any]], name: str, about: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Heads and rows as a file to download; ``about`` are further lines of the sheet that says what it is."""
    counted = _Counted(rows)
    response = download(workbook(heads, counted, about), name)
    response.rows_written = counted.number  # type: ignore[attr-defined]
    return response


def download(content: bytes, name: str) -> HttpResponse:
    """A finished sheet as a file to download."""
    response = HttpResponse(content, content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class _Counted:
    """Rows that know how many they were."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.number += 1
            yield row


def workbook(heads: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """One sheet with a frozen head; a second one says whose it is, of which day, and whether it is simulated."""
    import xlsxwriter

    into = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(into, {"in_memory": True, "constant_memory": True, **safe})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    amount = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, max(12, min(40, len(head) * 2)))
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), amount)
            elif isinstance(value, bool) or value is None:
                sheet.write_string(line, column, "" if value is None else str(value))
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(line, column, _local(value), moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            else:
                sheet.write_string(line, column, str(value))
    _about(book, about)
    book.close()
    return into.getvalue()


def _local(value: datetime) -> datetime:
    """A moment as the company's clocks show it; sheets know no time zones."""
    company = Company.objects.first()
    zone = ZoneInfo(company.time_zone) if company else ZoneInfo("UTC")
    return value.astimezone(zone).replace(tzinfo=None)


def _about(book: Any, more: Sequence[tuple[str, str]]) -> None:
    """The sheet that says what the file is."""
    company = Company.objects.first()
    if company is None:
        return
    chinese = formats.language() == "zh"
    notice = company.simulated if chinese else company.simulated_en or company.simulated
    made = timezone.now().astimezone(ZoneInfo(company.time_zone)).strftime("%Y-%m-%d %H:%M")
    lines = [
        (pgettext("sheet", "Company"), company.name),
        (_("Business date"), clock.business_date().isoformat()),
        (pgettext("sheet", "Made"), made),
        *more,
        *([(pgettext("sheet", "Notice"), notice)] if notice else []),
    ]
    sheet = book.add_worksheet(pgettext("sheet", "About"))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    for line, (name, said) in enumerate(lines):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, said)


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if not column.column.exclude_from_export]


def _heads(table: Table) -> Iterable[str]:
    """The headings; behind a column come those of what it says beside itself: a currency, a code."""
    for column in _columns(table):
        yield str(column.header)
        yield from _beside(column).heads_beside if _beside(column) else ()


def _beside(column: Any) -> Column | None:
    return column.column if isinstance(column.column, Column) else None


def _rows(table: Table) -> Iterable[list[Any]]:
    columns = _columns(table)
    records, tick, of = table.data.data, _tick.get(), 0
    if hasattr(records, "iterator"):
        of = records.order_by().count() if tick else 0
        records = records[: rows_max()].iterator(chunk_size=_CHUNK)
    for number, chunk in enumerate(batched(records, _CHUNK)):
        if tick:
            tick("writing", number * _CHUNK, of)
        table.decorate(list(chunk))
        for record in chunk:
            row = table.rows.__class__([record], table=table)[0]
            yield [cell for column in columns for cell in _cells(column, row, record)]


def _cells(column: Any, row: Any, record: Any) -> Iterable[Any]:
    value = row.get_cell_value(column.name)
    yield str(column.default) if value is None and column.default != formats.MISSING else _plain(value)
    if beside := _beside(column):
        yield from beside.values_beside(column.accessor.resolve(record, quiet=True), record)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (Decimal, int, date, datetime)) or value is None else str(value)
