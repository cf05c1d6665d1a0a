"""Tables as every list shows them: sticky heads, figures to the right, cards on a phone, and the same rows in Excel.

A column says what it is (an amount, a day, a state, a link); how that looks is decided here once.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django_tables2.tables import DeclarativeColumnsMetaclass

from xinheng.base import formats, names
from xinheng.base.templatetags.house import chip
from xinheng.base.templatetags.house import day as written_day
from xinheng.rules.money import to_decimal

PER_PAGE = 50
#: Nobody pages through more; counting further would cost a full scan on every page.
COUNT_MAX = 10_000


class CappedPaginator(Paginator):
    """Counts up to ``COUNT_MAX`` and one more, which is written 10,000+."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.data.data
        if hasattr(rows, "query"):
            return rows.order_by()[: COUNT_MAX + 1].count()
        return len(rows)

    def validate_number(self, number: int | str) -> int:
        """A page beyond the last one is the last one."""
        return min(max(1, int(number)), max(1, self.num_pages))

    @property
    def shown_count(self) -> str:
        return formats.count(self.count, COUNT_MAX)


class Column(tables.Column):
    """A text; empty texts are a dash."""

    css = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", formats.MISSING)
        css = f"{self.css} {kwargs.pop('css', '')}".strip()
        attrs = kwargs.setdefault("attrs", {})
        for place in ("th", "td", "tf"):
            attrs.setdefault(place, {}).setdefault("class", css)
        super().__init__(*args, **kwargs)

    def value(self, **kwargs: Any) -> Any:
        """What Excel gets."""
        return kwargs["value"]

    @property
    def heads_beside(self) -> list[str]:
        """Headings of what a sheet keeps in columns of its own and the page writes below or beside."""
        return []

    def values_beside(self, value: Any, record: Any) -> list[Any]:
        """What stands under them."""
        return []


class NameColumn(Column):
    """Whatever has a name in two languages."""

    def render(self, value: Any) -> str:
        return names.of(value, get_language() or "zh")

    def value(self, **kwargs: Any) -> str:
        return names.of(kwargs["value"], get_language() or "zh")


class SalespersonColumn(Column):
    """Who sells, by name; a sheet also gets the code, which other systems know."""

    def render(self, value: str) -> str:
        return names.salesperson(value, get_language() or "zh")

    def value(self, **kwargs: Any) -> str:
        return names.salesperson(kwargs["value"], get_language() or "zh")

    @property
    def heads_beside(self) -> list[str]:
        return [pgettext("sheet", "Salesperson's code")]

    def values_beside(self, value: Any, record: Any) -> list[Any]:
        return [value or ""]


class LinkColumn(Column):
    """A text that opens its page.

    ``to`` gives the address of a record, ``below`` a second, smaller text (``below_head`` heads it in a sheet),
    ``named`` whoever has the name, by default the value itself, ``right`` what one needs to open it.
    """

    css = "main"

    def __init__(
        self,
        *args: Any,
        to: Callable[[Any], str | None],
        below: Callable[[Any], object] | None = None,
        below_head: Any = "",
        named: Callable[[Any], Any] | None = None,
        right: str = "",
        **kwargs: Any,
    ) -> None:
        self.to, self.below, self.below_head, self.named, self.right = to, below, below_head, named, right
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any, table: Any) -> SafeString:
        words = self._words(value, record)
        address = self.to(record) if not self.right or self.right in table.request.powers.rights else None
        shown = format_html('<a href="{}">{}</a>', address, words) if address else format_html("{}", words)
        if not self.below:
            return shown
        return format_html('{}<span class="below">{}</span>', shown, self.below(record))

    def value(self, **kwargs: Any) -> str:
        return self._words(kwargs["value"], kwargs["record"])

    @property
    def heads_beside(self) -> list[str]:
        return [str(self.below_head)] if self.below_head else []

    def values_beside(self, value: Any, record: Any) -> list[Any]:
        return [str(self.below(record))] if self.below and self.below_head else []

    def _words(self, value: Any, record: Any) -> str:
        return names.of(self.named(record) if self.named else value, get_language() or "zh")


class DayColumn(Column):
    """A date."""

    css = "day"

    def render(self, value: Any) -> SafeString:
        return written_day(value)


class NumberColumn(Column):
    """A figure without currency."""

    css = "num"


class MoneyColumn(Column):
    """An amount in minor units, its currency in the attribute of the record that ``currency`` names.

    Where a list may hold several currencies (``signed``) each amount says its own, unless all on the page are the same:
    then the heading says it once.  ``tone`` colours amounts above zero.
    """

    css = "num money"

    def __init__(
        self, *args: Any, currency: str = "currency", signed: bool = False, tone: str = "", **kwargs: Any
    ) -> None:
        self.currency, self.signed, self.tone = currency, signed, tone
        super().__init__(*args, **kwargs)

    def render(self, value: int, record: Any) -> SafeString:
        css = "below-zero" if value < 0 else "zero" if value == 0 else self.tone
        write = formats.full if self.signed else formats.plain
        return format_html('<span class="{}">{}</span>', css, write(value, _of(record, self.currency)))

    @property
    def heads_beside(self) -> list[str]:
        return [pgettext("document", "Currency")] if self.signed else []

    def values_beside(self, value: Any, record: Any) -> list[Any]:
        return [self.currency_of(record)] if self.signed else []

    def currency_of(self, record: Any) -> str:
        """In which currency a record's amount is."""
        return _of(record, self.currency)

    def settle(self, rows: Iterable[Any]) -> None:
        """Say the currency once, in the heading, where all amounts of a page have the same."""
        found = {self.currency_of(row) for row in rows} if self.signed else set()
        if len(found) == 1:
            self.signed, self.verbose_name = False, f"{self.verbose_name} ({found.pop()})"

    def value(self, **kwargs: Any) -> Decimal | None:
        amount = kwargs["value"]
        return None if amount is None else to_decimal(amount, _of(kwargs["record"], self.currency))


class ChipColumn(Column):
    """A state in words on its colour; ``tones`` maps codes to colours, ``words`` codes to words."""

    def __init__(self, *args: Any, tones: Mapping[str, str], words: Mapping[str, Any], **kwargs: Any) -> None:
        self.tones, self.words = tones, words
        super().__init__(*args, **kwargs)

    def render(self, value: str) -> SafeString:
        return chip(self.words.get(value, value), self.tones.get(value, "normal"))

    def value(self, **kwargs: Any) -> str:
        return str(self.words.get(kwargs["value"], kwargs["value"]))


def _of(record: Any, path: str) -> str:
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else getattr(record, part)
    return str(record)


class ChooseColumn(tables.Column):
    """A box to choose the row for the form called ``many``; ``label`` names a record to screen readers."""

    def __init__(self, *, label: Callable[[Any], object]) -> None:
        self.label = label
        cell = {"class": "check"}
        super().__init__(accessor="pk", orderable=False, exclude_from_export=True, attrs={"th": cell, "td": cell})

    @property
    def header(self) -> SafeString:
        return format_html('<input type="checkbox" data-all aria-label="{}">', _("Choose all rows"))

    def render(self, value: int, record: Any) -> SafeString:
        label = _("Choose %(number)s") % {"number": self.label(record)}
        return format_html('<input type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">', value, label)


class _Inheriting(DeclarativeColumnsMetaclass):
    """Options are those of the parent where a table states none; the library forgets them."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **more: Any) -> type:
        stated = next((base.Meta for base in bases if hasattr(base, "Meta")), None)
        if stated and "Meta" not in attrs:
            attrs["Meta"] = stated
        return super().__new__(cls, name, bases, attrs, **more)


class Table(tables.Table, metaclass=_Inheriting):
    """The table of a list.  ``decorate`` adds to the rows of one page what would be too dear for all of them."""

    class Meta:
        template_name = "base/table.html"
        attrs = {"class": "table list"}
        empty_text = formats.MISSING

    def decorate(self, rows: list[Any]) -> None:
        """Set further attributes on the records of one page, in a fixed number of queries."""

    def address_of(self, record: Any) -> str | None:
        """What opens when a row is opened with Enter or touched."""
        return None

    def before_render(self, request: Any) -> None:
        """Called by django-tables2 once rows are known."""
        page = getattr(self, "page", None)
        rows = list(page.object_list.data if page is not None else self.data.data)
        self.decorate(rows)
        for bound in self.columns:
            if isinstance(bound.column, MoneyColumn):
                bound.column.settle(rows)

    def addressed_rows(self) -> Iterable[tuple[Any, str | None]]:
        """The rows of the page, each with what it opens."""
        for row in self.paginated_rows:
            yield row, self.address_of(row.record)
