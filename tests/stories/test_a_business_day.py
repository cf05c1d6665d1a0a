"""One business day, told across the chapters and through the doors people use."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.site.commandline import CommandLine
from xinheng.base import audit
from xinheng.base.models import AuditLine, Company
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def people(run):
    roles = {
        "seller": "SALESPERSON",
        "checker": "CREDIT_CHECKER",
        "manager": "FINANCE_MANAGER",
        "settler": "SETTLEMENT_CLERK",
        "biller": "BILLING_CLERK",
        "warehouse": "WAREHOUSE",
        "auditor": "AUDITOR",
    }
    codes = {"seller": "S01"}
    return {name: books.person(name, role, code=codes.get(name, "")) for name, role in roles.items()}


def customer(code, people):
    """A customer of the branch where all of these people work."""
    made = books.customer(code, salesperson="S01", branch="SH")
    for person in people.values():
        person.branch = made.branch
        person.save()
    return made


def money_comes(who, number, amount, *, by, on=DAY):
    row = cash.ReceiptRow(number=number, dated_on=on, amount=amount, currency="USD", **account_of(who))
    return cash.post_receipt(row, on=on, by=by)


def account_of(who):
    seller = exposure.entity()
    return {"entity_id": seller.pk, "account_id": exposure.account(who.pk, seller).pk}


@pytest.mark.covers("OC-003", "OC-006", "OC-007", "OC-009")
def test_an_order_is_held_freed_shipped_invoiced_paid_and_the_books_are_closed(run, people):
    who = customer("A", people)

    # The finance manager grants 1,000; an old invoice of 700 is still open.
    assert (
        run("line", "set", "A", "1000", "--term", "30D", "--reason", "two good years", by=people["manager"]).exit == 0
    )
    old = run("invoice", "new", "I-OLD", "A", "700", "--date", "2026-02-20", "--json", by=people["biller"]).json
    assert old["parts"][0]["due"] == "2026-03-22"

    # The salesperson enters an order, the checker looks at it: 200 too much, and everybody can see why.
    assert run("order", "new", "O-1", "A", "500", "--json", by=people["seller"]).json["state"] == "ENTERED"
    assert run("exposure", "A", "--json", by=people["seller"]).json["exposure"] == "700.00"
    held = run("order", "check", "O-1", "--json", by=people["checker"])
    assert (held.exit, [one["code"] for one in held.json["reasons"]]) == (3, ["OVER_LIMIT"])
    assert held.json["frees"][0]["steps"][0]["params"]["total"] == {"USD": 200_00}
    seen = run("decisions", "show", held.json["decision"], "--json", by=people["seller"]).json
    assert seen["facts"]["order"]["amount"] == 500_00
    assert run("order", "deliver", "O-1", by=people["warehouse"]).exit == 3
    assert run("order", "release", "O-1", "--reason", "mine", by=people["seller"]).exit == 1

    # Money arrives: the order is free by itself, the moment it is posted.
    paid = money_comes(who, "R-1", 200_00, by=people["settler"])
    assert run("order", "list", "--json", by=people["seller"]).json[0]["state"] == "APPROVED"
    newest = run("decisions", "list", "--order", "O-1", "--json", by=people["checker"]).json[0]
    assert newest["verdict"] == "watch"  # to the brim

    # The warehouse gets a shipping order and sends part of it, then the rest.
    token = run("order", "shipping-order", "O-1", "--json", by=people["checker"]).json["token"]
    part = run("order", "deliver", "O-1", "--amount", "300", "--token", token, "--json", by=people["warehouse"]).json
    assert (part["delivery"], part["remaining"]) == ("O-1-D1", "200.00")
    assert (
        run("order", "deliver", "O-1", "--token", token, "--json", by=people["warehouse"]).json["remaining"] == "0.00"
    )
    assert run("order", "unreleased", "--json", by=people["warehouse"]).json == []
    parts = run("exposure", "A", "--json").json["components"]
    assert (parts["ordered"], parts["delivered"], parts["invoiced"], parts["unapplied"]) == (
        "0.00",
        "500.00",
        "700.00",
        "200.00",
    )

    # Both loads are invoiced; nothing is owed twice.
    for number, amount in (("1", "300"), ("2", "200")):
        words = ("invoice", "new", f"I-{number}", "A", amount, "--delivery", f"O-1-D{number}", "--json")
        assert run(*words, by=people["biller"]).exit == 0
    assert run("exposure", "A", "--json").json["exposure"] == "1000.00"

    # The rest is paid, and the settlement clerk allocates the oldest first.
    rest = money_comes(who, "R-2", 1000_00, by=people["settler"])
    for receipt in (paid, rest):
        receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=people["settler"])
    nothing = run("exposure", "A", "--json", by=people["seller"]).json
    assert (nothing["exposure"], nothing["available"]) == ("0.00", "1000.00")
    ageing = run("ageing", "--json", by=people["settler"]).json["currencies"]["USD"]
    assert (ageing["outstanding"]["count"], ageing["unapplied"]) == (0, "0.00")

    # The month is closed, the first of all; the books are whole, and every decision follows from what it saw.
    Company.objects.update(business_date=DAY.replace(month=4, day=1))
    closed = receivables.close_months(exposure.entity(), DAY, by=people["manager"])
    assert [f"{one.month:%m}" for one in closed] == ["03"]
    assert run("verify", "--json", by=people["auditor"]).json == {"differences": []}
    assert run("decisions", "replay", "--json", by=people["auditor"]).json["differs"] == 0
    assert list(audit.differences(verification.heads())) == []
    done = AuditLine.objects.order_by("id").values_list("verb", flat=True)
    assert {"limits.line.set", "sales.order.entered", "control.order.checked", "control.order.shipped"} <= set(done)


@pytest.mark.covers("OC-001", "OC-008", "OC-010", "OC-011", "OC-013")
def test_a_customer_that_pays_late_is_stopped_kept_and_in_the_end_turned_to_cash(run, people):
    who, by = customer("A", people), founding.console()
    sales_director = books.person("sd", "SALES_DIRECTOR")
    finance_director = books.person("fd", "FINANCE_DIRECTOR")
    run("line", "set", "A", "1000", by=people["manager"])
    run("invoice", "new", "I-1", "A", "300", "--due", "2026-03-10")
    run("order", "new", "O-1", "A", "100", by=people["seller"])
    run("order", "check", "O-1", by=people["checker"])
    token = run("order", "shipping-order", "O-1", "--json", by=people["checker"]).json["token"]

    # Six days after the due day the morning run finds it, takes the shipping order back and proposes cash.
    morning = DAY + timedelta(14)
    Company.objects.update(business_date=morning)
    assert run("nightly", "--json").json["breaches_begun"] == 1
    (found,) = run("breach", "list", "--json", by=people["checker"]).json
    assert (found["holder"], found["proposal"], found["causes"]) == ("A", "open", ["OVERDUE_DAYS"])
    gone = run("order", "deliver", "O-1", "--token", token, "--json", by=people["warehouse"])
    assert (gone.exit, gone.error) == (2, "BAD_SHIPPING_ORDER")
    assert run("order", "deliver", "O-1", by=people["warehouse"]).exit == 3

    # Both directors keep the credit for a month: the goods leave, with a notice.
    assert run("breach", "keep", found["id"], "--reason", "a strike", by=sales_director).exit == 3
    assert run("breach", "keep", found["id"], "--reason", "a strike", by=finance_director).exit == 0
    assert run("order", "deliver", "O-1", by=people["warehouse"]).exit == 0

    # The month passes and nobody pays: deliveries stop again, the finance director takes the credit away.
    end = morning + timedelta(31)
    Company.objects.update(business_date=end)
    run("nightly")
    assert run("breach", "list", "--json").json[0]["proposal"] == "open"
    assert run("breach", "revoke", found["id"], "--reason", "no answer", by=finance_director).exit == 0
    run("order", "new", "O-2", "A", "10", by=people["seller"])
    refused = run("order", "check", "O-2", "--json", by=people["checker"])
    assert "CREDIT_WITHDRAWN" in {one["code"] for one in refused.json["reasons"]}

    # Everything is paid: the breach ends by itself, the customer stays a cash customer and may pay beforehand.
    receipt = money_comes(who, "R-1", 500_00, by=people["settler"], on=end)
    receivables.allocate(
        receivables.AllocationRow(
            entity_id=exposure.entity().pk,
            credit_number="R-1",
            invoice_number="I-1",
            dated_on=end,
            amount=300_00,
        ),
        receipt,
        on=end,
        by=by,
    )
    assert run("breach", "list", "--json").json == []
    assert run("exposure", "A", "--json").json["status"] == "cash"
    assert run("order", "change", "O-2", "--payment", "prepaid", by=people["seller"]).exit == 0
    assert run("order", "deliver", "O-2", by=people["warehouse"]).exit == 0
    assert run("verify").exit == 0


@pytest.mark.covers("OC-018")
def test_a_cash_on_delivery_load_comes_back_or_somebody_answers_for_it(run, people):
    who = customer("B", people)  # no line at all
    run("order", "new", "O-1", "B", "80", "--payment", "cod", by=people["seller"])
    assert run("order", "check", "O-1", by=people["checker"]).exit == 0
    delivery = run("order", "deliver", "O-1", "--json", by=people["warehouse"]).json["delivery"]
    Company.objects.update(business_date=DAY + timedelta(1))
    (mine,) = run("order", "cod-unpaid", "--json", by=people["seller"]).json
    assert (mine["salesperson"], mine["amount"]) == ("S01", "80.00")
    row = sales.ReturnRow(
        number="B-1",
        dated_on=DAY + timedelta(1),
        currency="USD",
        amount=80_00,
        delivery_number=delivery,
        **account_of(who),
    )
    sales.record_returns(exposure.open_entry("test", by=people["warehouse"]), [row])
    assert run("order", "cod-unpaid", "--json", by=people["seller"]).json == []
    assert exposure.document(Kind.RETURN, "B-1").amount == 80_00
    assert control.cod_unpaid(DAY + timedelta(9)) == []
