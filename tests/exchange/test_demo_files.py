"""The demo company's files agree with one another, with their sources, and with what a reader is told of them."""

import re
import runpy
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from scripts.coverage_map import ROOT
from xinheng.exchange import demo
from xinheng.exchange.demo import profiles, source

TODAY = demo.DEFAULT_TODAY
DAYS = (demo.EARLIEST_TODAY, date(2010, 7, 10), TODAY, demo.LATEST_TODAY)
KINDS = (
    *("entities", "rates", "customers", "lines", "invoices", "credit-notes", "receipts", "allocations"),
    *("orders", "deliveries", "instruments"),
)


def pence(amount: str) -> int:
    assert re.fullmatch(r"\d+\.\d\d", amount), amount
    return int(amount.replace(".", ""))


def keyed(rows, field="number"):
    found = {row[field]: row for row in rows}
    assert len(found) == len(rows), f"one {field} twice"
    return found


@pytest.fixture(scope="module", params=DAYS, ids=str)
def files(request):
    return demo.files(request.param) | {"today": request.param.isoformat()}


def test_the_kinds_come_in_the_order_in_which_they_can_be_read():
    assert tuple(demo.files()) == KINDS
    assert [b.kind for b in demo.batches() if b.opening] == ["orders", "deliveries"]


def test_the_same_bytes_come_out_on_every_machine():
    assert demo.digest() == "0e90c5f15ecd2807f36faecda7b3ebe4354ea999c8c45ac8edbe439780c6106f"


def test_there_is_no_demo_company_outside_its_invoices():
    for day in (demo.EARLIEST_TODAY - timedelta(days=1), demo.LATEST_TODAY + timedelta(days=1)):
        with pytest.raises(ValueError, match="2010-03-01 to 2010-12-09"):
            demo.company(day)


def test_the_real_documents_are_those_of_the_source():
    documents = source.documents()
    invoices = [d for d in documents if not d.is_credit_note]
    notes = [d for d in documents if d.is_credit_note]
    assert (len(invoices), sum(d.amount for d in invoices)) == (19_213, 883_200_326)
    assert (len(notes), sum(d.amount for d in notes)) == (4_372, 48_379_470)
    assert len({d.customer for d in documents}) == 4_381
    shown = demo.files(demo.LATEST_TODAY)
    assert {(r["number"], r["customer"], r["issue_date"], pence(r["amount"])) for r in shown["invoices"]} == {
        (d.number, d.customer, d.day.isoformat(), d.amount) for d in invoices
    }
    assert {(r["number"], r["customer"], r["date"], pence(r["amount"])) for r in shown["credit-notes"]} == {
        (d.number, d.customer, d.day.isoformat(), d.amount) for d in notes
    }


def test_simulated_documents_say_so_in_their_number(files):
    for kind in ("receipts", "orders", "deliveries", "instruments"):
        assert all(number.startswith(demo.SIMULATED_PREFIX) for number in keyed(files[kind]))
    for kind in ("invoices", "credit-notes"):
        assert not any(number.startswith(demo.SIMULATED_PREFIX) for number in keyed(files[kind]))


def test_the_whole_company_can_be_loaded_at_a_first_start():
    assert 40_000 < sum(map(len, demo.files().values())) < 70_000
    extract = source.files(source.__package__) / "data" / "online_retail_ii_documents.csv.gz"
    assert len(extract.read_bytes()) < 300_000


def test_every_customer_is_known_and_bears_a_name_of_its_own(files):
    customers = keyed(files["customers"], "code")
    for kind in ("invoices", "credit-notes", "receipts", "orders", "instruments"):
        assert {row["customer"] for row in files[kind]} <= set(customers)
    assert {row["customer"] for row in files["lines"]} <= set(customers) | {""}
    assert len({row["name"] for row in customers.values()}) == len({r["name_en"] for r in customers.values()})
    assert len({row["name"] for row in customers.values()}) == len(customers)
    assert all("演示" in row["name"] and "(Demo)" in row["name_en"] for row in customers.values())


def test_every_customer_belongs_to_a_salesperson_of_its_branch(files):
    branch_of = {person.code: person.branch for person in demo.STAFF if person.code}
    for row in files["customers"]:
        assert branch_of[row["salesperson"]] == row["branch"]
        assert row["branch"] in demo.BRANCHES
        assert row["group"] in {"", *demo.GROUPS}
    assert len({row["salesperson"] for row in files["customers"]}) == len(branch_of)


def test_dates_are_in_order_and_none_is_after_today(files):
    for row in files["invoices"]:
        assert row["issue_date"] <= row["due_date"]
    dated = [
        *(row["issue_date"] for row in files["invoices"]),
        *(row["date"] for kind in (*KINDS[5:], "rates") for row in files[kind]),
    ]
    assert max(dated) <= files["today"]
    assert all(date.fromisoformat(day) for day in set(dated))


def test_a_credit_note_names_an_earlier_invoice_of_the_same_customer(files):
    invoices = keyed(files["invoices"])
    named = [row for row in files["credit-notes"] if row["invoice"]]
    assert len(named) > len(files["credit-notes"]) / 2
    for row in named:
        invoice = invoices[row["invoice"]]
        assert (invoice["customer"], invoice["issue_date"] <= row["date"]) == (row["customer"], True)


def test_nothing_is_allocated_before_it_is_there_or_beyond_what_is_open(files):
    """Day by day: no invoice below zero, no receipt used for more than it is, and only on its own customer's."""
    invoices = keyed(files["invoices"])
    sources = keyed([*files["receipts"], *(r for r in files["credit-notes"] if not r["invoice"])])
    changes: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for number, row in invoices.items():
        changes[number].append((row["issue_date"], 0, pence(row["amount"])))
    for number, row in sources.items():
        changes[number].append((row["date"], 0, pence(row["amount"])))
    for row in files["credit-notes"]:
        if row["invoice"]:
            changes[row["invoice"]].append((row["date"], 1, -pence(row["amount"])))
    for row in files["instruments"]:
        changes[row["invoice"]].append((row["date"], 1, -pence(row["amount"])))
    for row in files["allocations"]:
        assert invoices[row["invoice"]]["customer"] == sources[row["receipt"]]["customer"]
        assert sources[row["receipt"]].get("purpose") != "deposit"
        assert pence(row["amount"]) > 0
        changes[row["invoice"]].append((row["date"], 1, -pence(row["amount"])))
        changes[row["receipt"]].append((row["date"], 1, -pence(row["amount"])))
    for number, steps in changes.items():
        left = 0
        for _, _, change in sorted(steps):
            left += change
            assert left >= 0, number


def test_no_allocation_stands_twice(files):
    seen = Counter(tuple(row.values()) for row in files["allocations"])
    assert set(seen.values()) == {1}


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(DAYS)), ids=str)
def test_an_earlier_day_has_the_books_of_a_later_one_with_the_end_torn_off(earlier, later):
    for kind in ("rates", "invoices", "credit-notes", "allocations", "receipts"):
        before, after = demo.files(earlier)[kind], demo.files(later)[kind]
        day = "issue_date" if kind == "invoices" else "date"
        # Advances and deposits belong to the open orders of one day only.
        rows = [row for row in after if row[day] <= earlier.isoformat() and not is_advance(row)]
        assert [row for row in before if not is_advance(row)] == rows


def is_advance(row):
    return row.get("number", "").startswith(("SIM-ADV", "SIM-DEP"))


def ageing(files, today):
    """Buckets of open amounts by days overdue, what is unapplied, and open amounts by customer: from the rows alone."""
    left = {row["number"]: pence(row["amount"]) for row in files["invoices"]}
    unapplied = sum(pence(row["amount"]) for row in files["receipts"] if row["purpose"] == "payment")
    for row in files["credit-notes"]:
        if row["invoice"]:
            left[row["invoice"]] -= pence(row["amount"])
        else:
            unapplied += pence(row["amount"])
    for row in files["allocations"]:
        left[row["invoice"]] -= pence(row["amount"])
        unapplied -= pence(row["amount"])
    buckets, customers = Counter(), Counter()
    for row in files["invoices"]:
        late = (today - date.fromisoformat(row["due_date"])).days
        label = (
            "not due" if late <= 0 else ">90" if late > 90 else f"{(late - 1) // 30 * 30 + 1}-{(late + 29) // 30 * 30}"
        )
        buckets[label] += left[row["number"]]
        customers[row["customer"]] += left[row["number"]]
    return buckets, unapplied, customers


def test_the_ageing_looks_like_that_of_a_wholesaler():
    buckets, unapplied, customers = ageing(demo.files(), TODAY)
    outstanding = sum(buckets.values())
    assert 90_000_000 < outstanding < 150_000_000
    assert 0.24 < 1 - buckets["not due"] / outstanding < 0.45
    assert all(buckets[label] > 0.015 * outstanding for label in ("1-30", "31-60", "61-90", ">90"))
    assert buckets["1-30"] > buckets["31-60"] > buckets["61-90"]
    assert 0 < unapplied < outstanding / 4
    assert sum(amount for _, amount in customers.most_common(20)) > outstanding / 6
    assert {"18102", "14646", "14156", "14911", "16754"} <= {code for code, _ in customers.most_common(10)}


def test_what_customers_owe_is_computed_alike_from_the_rows():
    from xinheng.exchange.demo.books import standings

    _, unapplied, customers = ageing(demo.files(), TODAY)
    found = standings(TODAY)
    assert {code: standing.invoiced for code, standing in found.items() if standing.invoiced} == {
        code: amount for code, amount in customers.items() if amount
    }
    advances = sum(pence(r["amount"]) for r in demo.files()["receipts"] if is_advance(r) and r["purpose"] == "payment")
    assert sum(standing.unapplied for standing in found.values()) == unapplied - advances


def test_customers_pay_as_the_sample_was_measured():
    """Days from a 30-day invoice to its last allocation: the median of each class within four days of the sample's."""
    files, people = demo.files(demo.LATEST_TODAY), profiles.profiles()
    settled = {row["invoice"]: row["date"] for row in files["allocations"]}
    days = defaultdict(list)
    for row in files["invoices"]:
        profile = people[row["customer"]]
        if profile.term_days == 30 and row["number"] in settled and row["issue_date"] < "2010-09-01":
            taken = date.fromisoformat(settled[row["number"]]) - date.fromisoformat(row["issue_date"])
            days[profile.behaviour].append(taken.days)
    for row in source.table("payment_behaviour.csv"):
        if row["disputed"] == "no":
            middle = sorted(days[row["class"]])[len(days[row["class"]]) // 2]
            assert abs(middle - int(row["d50"])) <= 4, (row["class"], middle)


def test_there_is_a_rate_for_each_published_day_and_none_for_yen():
    rates = demo.files()["rates"]
    assert {(row["from"], row["to"]) for row in rates} == {("EUR", "GBP"), ("USD", "GBP"), ("CNY", "GBP")}
    last = {row["from"]: row["rate"] for row in rates if row["date"] == "2010-11-30"}
    # 0.83765 pounds for a euro, 1.2998 dollars and 8.6658 yuan for a euro: as the European Central Bank published them.
    assert last == {"EUR": "0.837650", "USD": "0.644445", "CNY": "0.096662"}
    assert min(row["date"] for row in rates) < min(row["issue_date"] for row in demo.files()["invoices"])


@pytest.mark.parametrize(
    ("what", "folder", "pattern", "table"),
    [
        ("measure", "ibm_accounts_receivable", "*.csv", "payment_behaviour.csv"),
        ("rates", "fx_rates", "eurofxref-hist.zip", "ecb_rates.csv"),
    ],
)
def test_the_small_tables_are_what_their_script_makes(shared, what, folder, pattern, table):
    [found] = shared(f"data/{folder}").glob(pattern)
    script = runpy.run_path(str(ROOT / "scripts/measure_demo_sources.py"))
    rows = script[what](str(found))
    assert [[str(cell) for cell in row] for row in rows] == [list(row.values()) for row in source.table(table)]


def test_text_for_the_importer_starts_with_its_headings():
    text = demo.csv_text([{"code": "MAIN", "name": "甲, 乙"}])
    assert text == 'code,name\nMAIN,"甲, 乙"\n'


def test_every_page_can_name_the_source():
    assert "CC BY 4.0" in demo.ATTRIBUTION["zh"]
    assert "everything else simulated" in demo.ATTRIBUTION["en"]
    assert "10.24432/C5CG6D" in demo.CITATION
    note = (source.files(source.__package__) / "data" / "SOURCE.md").read_text(encoding="utf-8")
    assert "10.24432/C5CG6D" in note
    assert "European Central Bank" in note
