"""The demo company's invoices: one row per document out of Online Retail II.

The committed file `src/xinheng/exchange/demo/data/online_retail_ii_documents.csv.gz` was made with this script
from the sheet "Year 2009-2010" of Online Retail II (Chen, D. (2019), UCI Machine Learning Repository,
https://doi.org/10.24432/C5CG6D, CC BY 4.0), stored as Parquet with the sheet's own column names.

DuckDB reads the sheet. It is needed for this extraction only and is no dependency of the project; use an
environment of its own:

    python3 -m venv /somewhere && /somewhere/bin/pip install duckdb
    /somewhere/bin/python scripts/extract_online_retail.py SHEET.parquet [OUTPUT.csv.gz]

What is kept and what is not:

* A document is an `Invoice` number. Its amount is the sum of quantity times price over its lines, added up as exact
  decimals (prices have up to three places) and rounded half up to pence once. Credit notes ('C...') stay negative.
* Rows without a customer are left out; with them go the three bad-debt adjustments ('A...').
* Documents of exactly 0.00 are left out: nothing is owed on them.
* Repeated rows are kept. Neither the seller nor the publisher calls them errors, an invoice may well carry the same
  article twice, and the customer was billed what the lines add up to. The script reports what they amount to.
* Every document lies on one day and has one customer and one country; the script stops if that ever fails.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

import duckdb  # only here: see above

OUTPUT = Path(__file__).parent.parent / "src/xinheng/exchange/demo/data/online_retail_ii_documents.csv.gz"

LINES = """
create table line as
select "Invoice" as number, cast("Customer ID" as integer) as customer, trim("Country") as country,
       cast(cast("InvoiceDate" as timestamp) as date) as day, "StockCode" as article, "InvoiceDate" as moment,
       "Quantity" as quantity, cast("Price" as decimal(12, 3)) as price
from read_parquet(?)
"""
DOCUMENTS = """
select number, min(customer) as customer, min(country) as country, min(day) as day,
       cast(sum(quantity * price) as decimal(18, 3)) as exact,
       count(distinct customer) * count(distinct country) * count(distinct day) as distinct_keys
from line where customer is not null
group by number order by cast(regexp_replace(number, '[^0-9]', '', 'g') as integer), number
"""
REPEATED = """
select count(*) - count(distinct row(number, article, quantity, price, moment, customer, country)),
       (select sum(quantity * price) from line where customer is not null)
       - (select sum(quantity * price) from (select distinct * from line where customer is not null))
from line where customer is not null
"""


def pence(exact: str) -> int:
    """Whole pence of a decimal with three places, rounded half up away from zero."""
    thousandths = int(exact.replace(".", ""))
    magnitude = (abs(thousandths) + 5) // 10
    return -magnitude if thousandths < 0 else magnitude


def extract(sheet: str) -> tuple[list[tuple[str, ...]], dict[str, object]]:
    """Rows number, customer, country, date, amount in the order of their numbers, and the counts to report."""
    database = duckdb.connect()
    database.execute(LINES, [sheet])
    counts: dict[str, object] = {
        "lines": database.execute("select count(*) from line").fetchone()[0],
        "lines without a customer": database.execute("select count(*) from line where customer is null").fetchone()[0],
        "documents of lines without a customer": database.execute(
            "select count(distinct number) from line where customer is null"
        ).fetchone()[0],
    }
    counts["repeated lines kept"], counts["their amount"] = database.execute(REPEATED).fetchone()
    rows, empty = [], 0
    for number, customer, country, day, exact, distinct_keys in database.execute(DOCUMENTS).fetchall():
        if distinct_keys != 1:
            raise SystemExit(f"{number}: more than one customer, country or day")
        amount = pence(str(exact))
        if amount == 0:
            empty += 1
            continue
        if (amount < 0) != number.startswith("C"):
            raise SystemExit(f"{number}: the sign of {exact} does not fit the number")
        sign = "-" if amount < 0 else ""
        rows.append((number, str(customer), country, str(day), f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"))
    counts["documents of 0.00 left out"] = empty
    counts["invoices"] = sum(not row[0].startswith("C") for row in rows)
    counts["credit notes"] = sum(row[0].startswith("C") for row in rows)
    counts["customers"] = len({row[1] for row in rows})
    return rows, counts


def main(sheet: str, output: str | None = None) -> None:
    """Write the extract (no time stamp inside, so the same sheet gives the same file) and say what was counted."""
    rows, counts = extract(sheet)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("number", "customer", "country", "date", "amount"))
    writer.writerows(rows)
    target = Path(output) if output else OUTPUT
    target.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    for what, count in counts.items():
        sys.stdout.write(f"{what}: {count}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
