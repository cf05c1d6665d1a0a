"""Due days of the invoices in a file that states none: each follows from its term, worked out a page at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xinheng.base import sql
from xinheng.base.database import is_postgres
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.staging import TABLE, State
from xinheng.rules.dates import DateOutOfRange
from xinheng.rules.road import Kind

if TYPE_CHECKING:
    from xinheng.exchange.kinds.invoices import Invoices

_PAGE = 5_000
type Row = Mapping[str, Any]
type Dated = tuple[Row, list[receivables.InvoiceRow]]


def derive(invoices: "Invoices", *, unclear: Collection[str]) -> None:
    """Write down the due days; an invoice that its term splits into instalments lands through its chapter.

    ``unclear`` are the columns of the file that may leave it open: no due day, or a term beside one.  Rows that land
    through their chapter anyway are derived there again; here those are refused whose due day no calendar has.
    """
    open_ = ["due_on IS NULL"] if "due_on" in unclear else ["1 = 1"]
    open_ += ["term IS NOT NULL"] if "term" in unclear else []
    condition = f"state IN ({State.BULK:d}, {State.WALK:d}) AND kind = {Kind.INVOICE:d} AND ({' OR '.join(open_)})"
    due = "CAST(changed.due_on AS date)" if is_postgres() else "changed.due_on"
    for page in invoices.stage.pages(condition, size=_PAGE):
        found, split = [], []
        for row, parts in _dated(invoices, page):
            if len(parts) == 1:
                found.append((row["line"], parts[0].due_on, parts[0].term, parts[0].nature or "PLAIN"))
            else:
                split.append(row["line"])
        invoices.stage.mark(split, State.WALK)
        sql.update(
            f"UPDATE {TABLE} SET found_due = {due}, found_term = changed.term, "
            f"nature = changed.nature FROM changed WHERE {TABLE}.line = changed.line",
            "changed(line, due_on, term, nature)",
            found,
        )


def _dated(invoices: "Invoices", page: Sequence[Row]) -> Iterator[Dated]:
    """The rows of a page with their instalments; a row whose due day no calendar has is refused.

    Code: DATE_OUT_OF_RANGE.
    """
    try:
        yield from _together(invoices, page)
    except DateOutOfRange as error:
        if len(page) == 1:
            row = page[0]
            issued = str(row["dated_on"])
            invoices.refuse([invoices.finding(row["line"], "issue_date", error.code, issued, **error.params)])
            return
        half = len(page) // 2
        yield from _dated(invoices, page[:half])
        yield from _dated(invoices, page[half:])


def _together(invoices: "Invoices", page: Sequence[Row]) -> list[Dated]:
    by_key: dict[str, list[receivables.InvoiceRow]] = {}
    for one in receivables.with_due_days([invoices.invoice_row(row) for row in page]):
        key = f"{one.entity_id} {one.number} {one.part if invoices.part else ''}"
        by_key.setdefault(key, []).append(one)
    dated = []
    for row in page:
        key = f"{invoices.whose.entity_of(row['ref'])} {row['number']} "
        dated.append((row, by_key.get(key + str(row.get("part") or 1 if invoices.part else "")) or by_key[key]))
    return dated
