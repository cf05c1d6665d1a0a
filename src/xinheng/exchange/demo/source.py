"""What of the demo company is real, read from the committed extracts, and the words every page owes their owners.

Invoices and credit notes come from Online Retail II (a British wholesaler of gifts, December 2009 to December 2010),
exchange rates from the European Central Bank. `data/SOURCE.md` names licence and changes.
"""

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

ATTRIBUTION = {
    "zh": "发票：UCI Online Retail II，CC BY 4.0；其余均为模拟数据",
    "en": "invoices: UCI Online Retail II, CC BY 4.0; everything else simulated",
}
CITATION = (
    "Chen, D. (2019). Online Retail II. UCI Machine Learning Repository. "
    "https://doi.org/10.24432/C5CG6D. Licence: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). "
    "Changed: lines added up to one row per document, rows without a customer left out."
)
SIMULATED_PREFIX = "SIM-"
CURRENCY = "GBP"
DEFAULT_TODAY = date(2010, 11, 30)
# The extract has three months behind the first of these days, enough to age, and nothing after the second.
EARLIEST_TODAY, LATEST_TODAY = date(2010, 3, 1), date(2010, 12, 9)


@dataclass(frozen=True, slots=True)
class Document:
    """A real invoice or credit note. `amount` is in pence and positive for both."""

    number: str
    customer: str
    country: str
    day: date
    amount: int

    @property
    def is_credit_note(self) -> bool:
        """Credit notes bear a C before the number they would have had as an invoice."""
        return self.number.startswith("C")


def _text(name: str) -> str:
    content = (files(__package__) / "data" / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode()


def table(name: str) -> list[dict[str, str]]:
    """The rows of a committed table by its file name."""
    return list(csv.DictReader(io.StringIO(_text(name))))


def minor(amount: str) -> int:
    """Pence of a plain decimal with two places; the sign is dropped."""
    return int(amount.lstrip("-").replace(".", ""))


def plain(amount: int) -> str:
    """A plain decimal with two places of an amount in hundredths."""
    return f"{amount // 100}.{amount % 100:02d}"


@cache
def documents() -> tuple[Document, ...]:
    """All real documents in the order in which they were numbered, which is the order in time."""
    return tuple(
        Document(row["number"], row["customer"], row["country"], date.fromisoformat(row["date"]), minor(row["amount"]))
        for row in table("online_retail_ii_documents.csv.gz")
    )


def _millionths(quote: str) -> int:
    """Whole millionths of a published quotation, so that no float decides a last digit."""
    whole, _, fraction = quote.partition(".")
    return int(whole + fraction.ljust(6, "0"))


def _quote(millionths: int) -> str:
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


def rate_rows(today: date) -> list[dict[str, str]]:
    """Rates into pounds for each published day up to today: the euro as published, dollar and yuan through the euro."""
    rows = []
    for day in table("ecb_rates.csv"):
        if day["date"] > today.isoformat():
            continue
        pounds = _millionths(day["GBP"])
        rows.append({"date": day["date"], "from": "EUR", "to": CURRENCY, "rate": _quote(pounds)})
        for currency in ("USD", "CNY"):
            units = _millionths(day[currency])
            crossed = (2 * pounds * 1_000_000 + units) // (2 * units)  # rounded half up
            rows.append({"date": day["date"], "from": currency, "to": CURRENCY, "rate": _quote(crossed)})
    return rows
