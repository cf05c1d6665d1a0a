"""The ageing and its items as Excel sheets, headed in the reader's language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from xinheng.base import excel, names
from xinheng.desk.exposure.public import kind_name
from xinheng.desk.receivables import items as reads
from xinheng.desk.receivables import words
from xinheng.desk.receivables.ageing import Ask
from xinheng.desk.receivables.matrix import Layout, Line
from xinheng.rules.money import to_decimal

type About = Sequence[tuple[str, str]]


def ageing(
    layout: Layout, dimension: str, lines: Iterable[Line], before: Ask | None = None, about: About = ()
) -> HttpResponse:
    """The whole matrix; amounts in its one currency, which the headings name; those of another day behind them."""
    columns = [f"{head.words} ({layout.currency})" for head in layout.heads()]
    if before is not None:
        columns += [f"{one}, {before.on.isoformat()}" for one in columns]
    heads = [str(words.DIMENSIONS[dimension]), pgettext("customer", "Code"), *columns]
    rows = (
        [
            line.name,
            line.below,
            *(_money(one.amount, layout) for one in line.cells),
            *(_money(one.before, layout) for one in line.cells if before is not None),
        ]
        for line in lines
    )
    return excel.file(heads, rows, f"ageing-{_named(layout.ask)}", about)


def _named(ask: Ask) -> str:
    return f"fifo-{ask.on.isoformat()}" if ask.fifo else ask.on.isoformat()


def _money(amount: int | None, layout: Layout) -> Any:
    return None if amount is None else to_decimal(amount, layout.currency)


def items(ask: Ask, part: reads.Slice, about: About = ()) -> HttpResponse:
    """Open items, one row each; what the customer has with us is negative."""
    heads = [
        pgettext("document", "Kind"),
        pgettext("document", "Number"),
        pgettext("document", "Instalment"),
        pgettext("customer", "Code"),
        pgettext("customer", "Customer"),
        pgettext("document", "Entity"),
        pgettext("document", "Date"),
        pgettext("document", "Due"),
        _("Days late"),
        pgettext("document", "Currency"),
        pgettext("figure", "Amount"),
        pgettext("ageing", "Open"),
        pgettext("customer", "Salesperson"),
    ]
    rows = (_row(one, ask) for one in reads.open_items(ask, part))
    return excel.file(heads, rows, f"open-items-{_named(ask)}", about)


def _row(one: reads.Item, ask: Ask) -> list[Any]:
    language = get_language() or "zh"
    owed = one.side == reads.DEBIT
    name = one.customer_name if language.startswith("zh") else one.customer_name_en or one.customer_name
    return [
        kind_name(one.kind),
        one.number,
        one.part,
        one.customer_code,
        name,
        one.entity,
        one.dated_on,
        one.due_on,
        one.days_overdue(ask.on) if owed else None,
        one.currency,
        to_decimal(one.amount, one.currency),
        to_decimal(one.open if owed else -one.open, one.currency),
        names.salesperson(one.salesperson, language),
    ]
