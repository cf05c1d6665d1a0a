"""A list as an Excel sheet: texts stay texts (never a live formula or link), amounts and days are real ones."""

import io
from collections.abc import Iterable, Sequence
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
from xinheng.base.tables import MoneyColumn, Table

#: Beyond this a sheet is no longer something a person reads.
ROWS_MAX = 100_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(table: Table, name: str) -> HttpResponse:
    """The table's rows as a file to download; rows are decorated by the thousand."""
    return file(list(_heads(table)), _rows(table), name)


def file(heads: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Heads and rows as a file to download."""
    response = HttpResponse(workbook(heads, rows), content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def workbook(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a frozen head; a second one says whose it is, of which day, and whether it is simulated."""
    import xlsxwriter

    into = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(into, {"in_memory": True, "constant_memory": True, **safe})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    amount = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
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
            elif isinstance(value, (date, datetime)):
                sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            else:
                sheet.write_string(line, column, str(value))
    _about(book)
    book.close()
    return into.getvalue()


def _about(book: Any) -> None:
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
    """The headings; behind an amount whose currency differs from row to row comes the currency."""
    for column in _columns(table):
        yield str(column.header)
        if _has_currency(column):
            yield pgettext("document", "Currency")


def _has_currency(column: Any) -> bool:
    return isinstance(column.column, MoneyColumn) and column.column.signed


def _rows(table: Table) -> Iterable[list[Any]]:
    columns = _columns(table)
    records = table.data.data
    if hasattr(records, "iterator"):
        records = records[:ROWS_MAX].iterator(chunk_size=1000)
    for chunk in batched(records, 1000):
        table.decorate(list(chunk))
        for record in chunk:
            row = table.rows.__class__([record], table=table)[0]
            yield [cell for column in columns for cell in _cells(column, row, record)]


def _cells(column: Any, row: Any, record: Any) -> Iterable[Any]:
    yield _plain(row.get_cell_value(column.name))
    if _has_currency(column):
        yield column.column.currency_of(record)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (Decimal, int, date, datetime)) or value is None else str(value)
