"""A list as an Excel sheet: texts stay texts (never a live formula or link), amounts and days are real ones."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.http import HttpResponse

from xinheng.base.tables import Table

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
    """One sheet with a frozen head."""
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
    book.close()
    return into.getvalue()


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if not column.column.exclude_from_export]


def _heads(table: Table) -> Iterable[str]:
    return (str(column.header) for column in _columns(table))


def _rows(table: Table) -> Iterable[list[Any]]:
    columns = _columns(table)
    records = table.data.data
    if hasattr(records, "iterator"):
        records = records[:ROWS_MAX].iterator(chunk_size=1000)
    for chunk in batched(records, 1000):
        table.decorate(list(chunk))
        for record in chunk:
            row = table.rows.__class__([record], table=table)[0]
            yield [_plain(row.get_cell_value(column.name)) for column in columns]


def _plain(value: Any) -> Any:
    return value if isinstance(value, (Decimal, int, date, datetime)) or value is None else str(value)
