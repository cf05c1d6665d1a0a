"""Real files as they lie beside the project, against counts made without the product."""

import csv
import tarfile
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path

import pytest

from tests import books
from xinheng.base import sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.importing import Options, run_import
from xinheng.rules.ageing import By, parse_bounds
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


def into_books(kind, path, **options):
    return run_import(kind, path, Options(**options), by=founding.console())


class TestAccountsReceivable:
    """1,725 invoices with due and settled days: the ageing of a day in the middle."""

    AS_OF = date(2013, 3, 31)

    @pytest.fixture
    def path(self, shared):
        return shared("data/ibm_accounts_receivable") / "invoices_before_2013-05-06.csv"

    def rows(self, path):
        def day(text):
            return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone

        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield (
                    day(row["InvoiceDate"]),
                    day(row["DueDate"]),
                    day(row["SettledDate"]),
                    Decimal(row["InvoiceAmount"]),
                )

    def independent(self, path):
        counts, amounts = Counter(), defaultdict(Decimal)
        for issued, due, settled, amount in self.rows(path):
            if issued <= self.AS_OF < settled:
                late = (self.AS_OF - due).days
                label = (
                    "not due"
                    if late <= 0
                    else "1-30"
                    if late <= 30
                    else "31-60"
                    if late <= 60
                    else "61-90"
                    if late <= 90
                    else ">90"
                )
                counts[label] += 1
                amounts[label] += amount
        return counts, amounts

    @pytest.mark.covers("AR-007", "AR-008")
    def test_the_ageing_is_that_of_an_independent_count(self, path):
        books.found()
        mapped = {"customer": "customerID", "amount": "InvoiceAmount"}
        common = {"date_format": "MDY"}
        invoices = {"number": "invoiceNumber", "issue_date": "InvoiceDate", "due_date": "DueDate", **mapped}
        found = into_books("invoices", path, mapping=invoices, create_customers=True, **common)
        assert (found.errors, found.accepted) == ([], 1725)
        settled = {"number": "invoiceNumber", "date": "SettledDate", **mapped}
        assert into_books("receipts", path, mapping=settled, **common).accepted == 1725
        both = {
            "receipt": "invoiceNumber",
            "invoice": "invoiceNumber",
            "date": "SettledDate",
            "amount": "InvoiceAmount",
        }
        assert into_books("allocations", path, mapping=both, **common).accepted == 1725
        counts, amounts = self.independent(path)
        answer = receivables.ageing(
            exposure.Moment(self.AS_OF), by=By.DUE, bounds=parse_bounds("30,60,90"), scope=receivables.AgeingScope()
        )
        buckets = answer["currencies"]["USD"]["buckets"]
        assert {one["label"]: one["count"] for one in buckets} == {
            one["label"]: counts[one["label"]] for one in buckets
        }
        assert {one["label"]: Decimal(one["amount"]) for one in buckets} == {
            one["label"]: amounts[one["label"]] for one in buckets
        }
        outstanding = answer["currencies"]["USD"]["outstanding"]
        assert (outstanding["count"], Decimal(outstanding["amount"])) == (counts.total(), sum(amounts.values()))
        assert counts == {"not due": 85, "1-30": 9}
        assert list(verification.differences()) == []


@pytest.fixture(scope="module")
def purchases(shared, tmp_path_factory) -> Path:
    """The 123 files as one, in the order of their names."""
    packed = shared("data/cumcm2020c") / "credit_history_enterprise_input_invoice.tar.gz"
    into = tmp_path_factory.mktemp("cumcm") / "purchases.csv"
    with tarfile.open(packed) as archive, into.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        members = sorted((one for one in archive if one.isfile()), key=lambda one: one.name)
        for place, member in enumerate(members):
            rows = csv.reader(TextIOWrapper(archive.extractfile(member), "utf-8-sig", newline=""))
            heads = next(rows)
            if not place:
                writer.writerow(heads)
            writer.writerows(rows)
    return into


@pytest.fixture(scope="module")
def counted(purchases):
    """What stands in the file, counted without the product."""
    found = {"void": 0, "bad": {}, "blue": defaultdict(Decimal), "red": defaultdict(Decimal), "good": 0, "rows": 0}
    seen = set()
    with purchases.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            found["rows"] += 1
            if "作废" in row["发票状态"]:
                found["void"] += 1
                continue
            net, tax, amount = (Decimal(row[name]) for name in ("金额", "税额", "价税合计"))
            misses = abs(net + tax - amount) > Decimal("0.06")
            repeated = row["发票号码"] in seen
            seen.add(row["发票号码"])
            if misses or repeated:
                found["bad"][line] = "NET_AND_TAX" if misses else "REPEATED"
                continue
            found["good"] += 1
            found["red" if amount < 0 else "blue"][row["企业代号"]] += abs(amount)
    return found


class TestPurchaseInvoices:
    """210,947 invoices of 123 firms: void ones in two spellings, red ones, repeated numbers, sums that miss."""

    def load(self, path, **options):
        books.found("CNY")
        return into_books("invoices", path, mapping={"customer": "企业代号"}, create_customers=True, **options)

    def test_the_file_is_refused_whole_with_every_bad_row_named(self, purchases, counted):
        found = self.load(purchases)
        assert (found.rows, found.void) == (210_947, counted["void"]) == (counted["rows"], counted["void"])
        assert {one.line: one.code for one in found.errors} == counted["bad"]
        assert (found.refused, found.accepted) == (True, 0)
        assert not exposure.Document.objects.exists()
        assert {"NET_AND_TAX", "REPEATED"} == set(counted["bad"].values())

    def test_the_rest_lands_when_asked_and_the_red_ones_are_credited(self, purchases, counted):
        found = self.load(purchases, keep_good=True)
        assert (found.accepted, found.rejected, found.void) == (counted["good"], len(counted["bad"]), counted["void"])
        for component, wanted in ((4, counted["blue"]), (7, counted["red"])):
            rows = sql.fetch(
                "SELECT c.code, SUM(b.amount) FROM exposure_balance b JOIN exposure_account a ON a.id = b.account_id "
                "JOIN customers_customer c ON c.id = a.customer_id WHERE b.component = %s AND b.amount > 0 "
                "GROUP BY c.code",
                [component],
            )
            assert {code: Decimal(int(amount)) / 100 for code, amount in rows} == {
                code: amount for code, amount in wanted.items() if amount
            }
        assert receivables.InvoiceTax.objects.count() == counted["good"]
        assert list(verification.differences()) == []
