"""Who may do what over HTTP, as a table: every route × every role that ships, rows included.

Whoever holds the rights is not refused (what they ask may still be unknown or wrong); everybody else is, with the same
code, and nothing is written.
"""

import pytest

from tests import books
from tests.api.asking import ROOT, Asking, schema
from xinheng.base.models import AuditLine
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure.public import Document, Movement
from xinheng.rules.policy import shipped

pytestmark = pytest.mark.django_db
ROLES = sorted(shipped().roles)
#: Route → the rights it takes; what is stated where something must be.  H is a held order of C's, I an invoice.
ROUTES: dict[tuple[str, str], tuple[tuple[str, ...], dict[str, object]]] = {
    ("GET", "/orders"): (("orders.view",), {}),
    ("POST", "/orders"): (("orders.enter",), {"number": "N", "customer": "C", "amount": "1"}),
    ("GET", "/orders/H"): (("orders.view",), {}),
    ("POST", "/orders/H/credit-checks"): (("orders.check",), {}),
    ("POST", "/orders/H/changes"): (("orders.enter",), {"amount": "2"}),
    ("POST", "/orders/H/release-requests"): (("orders.enter",), {"reason": "x"}),
    ("POST", "/orders/H/rejections"): (("orders.reject",), {"reason": "x"}),
    ("POST", "/orders/H/cancellations"): (("orders.cancel",), {}),
    ("POST", "/orders/H/reopenings"): (("orders.enter",), {"reason": "x"}),
    ("POST", "/orders/H/holds"): (("holds.place",), {"reason": "x"}),
    ("POST", "/orders/H/unholds"): (("holds.lift",), {"reason": "x"}),
    ("POST", "/orders/H/releases"): (("orders.release",), {"reason": "x"}),
    ("GET", "/unreleased-deliveries"): (("deliveries.view",), {}),
    ("GET", "/cod-unpaid"): (("receivables.view",), {}),
    ("GET", "/customers/C/exposure"): (("lines.view",), {}),
    ("GET", "/decisions"): (("decisions.view",), {}),
    ("GET", "/decisions/1"): (("decisions.view",), {}),
    ("GET", "/decisions/1/replay"): (("decisions.replay",), {}),
    ("GET", "/breaches"): (("lines.view",), {}),
    ("GET", "/breaches/1"): (("lines.view",), {}),
    ("GET", "/customers/C/lines"): (("lines.view",), {}),
    ("POST", "/customers/C/lines"): (("lines.set",), {"limit": "5"}),
    ("POST", "/customers/C/holds"): (("holds.place",), {"reason": "x"}),
    ("GET", "/holds"): (("lines.view",), {}),
    ("GET", "/holds/1"): (("lines.view",), {}),
    ("POST", "/holds/1/liftings"): (("holds.lift",), {"reason": "x"}),
    ("POST", "/invoices"): (("receivables.post",), {"number": "I", "customer": "C", "amount": "1"}),
    ("GET", "/ageing"): (("receivables.view",), {}),
    ("POST", "/receipts/R/allocations"): (("receivables.allocate",), {"way": "oldest"}),
    ("GET", "/allocations"): (("receivables.view",), {}),
    ("POST", "/allocations/1/undoings"): (("receivables.allocate",), {"reason": "x"}),
    ("POST", "/credit-notes"): (("receivables.post",), {"number": "CN", "customer": "C", "amount": "1"}),
    ("POST", "/credit-notes/CN/reversals"): (("receivables.post",), {"reason": "x"}),
    ("POST", "/invoices/I/reversals"): (("receivables.post",), {"reason": "x"}),
    ("POST", "/invoices/I/write-offs"): (("receivables.write_off",), {"reason": "x"}),
    ("POST", "/invoices/I/write-off-undoings"): (("receivables.write_off",), {"reason": "x"}),
    ("POST", "/invoices/I/recoveries"): (("receivables.allocate",), {"amount": "1", "receipt": "R"}),
    ("POST", "/invoices/I/events"): (("receivables.post",), {"event": "acceptance"}),
    ("POST", "/invoices/I/event-undoings"): (("receivables.post",), {"event": "acceptance", "reason": "x"}),
    ("GET", "/invoices/I"): (("receivables.view",), {}),
    ("GET", "/months"): (("receivables.view",), {}),
    ("POST", "/months"): (("periods.close",), {"month": "2026-02"}),
    ("POST", "/months/reopenings"): (("periods.reopen",), {}),
    ("GET", "/months/2026-01"): (("receivables.view",), {}),
    ("POST", "/receipts"): (("cash.post",), {"number": "R", "customer": "C", "amount": "1"}),
    ("POST", "/receipts/R/clearings"): (("cash.post",), {}),
    ("POST", "/receipts/R/reversals"): (("cash.post",), {"reason": "x"}),
    ("GET", "/receipts/R"): (("receivables.view",), {}),
    ("POST", "/recoveries"): (("cash.post",), {"number": "R9", "invoice": "I", "amount": "1"}),
    ("POST", "/instruments"): (
        ("instruments.post",),
        {"number": "B", "customer": "C", "amount": "1", "kind": "CHEQUE", "maturity": "2026-03-09"},
    ),
    ("POST", "/instruments/B/changes"): (("instruments.post",), {"state": "cleared"}),
    ("POST", "/instruments/B/reversals"): (("instruments.post",), {"reason": "x"}),
    ("GET", "/instruments/B"): (("receivables.view",), {}),
    ("GET", "/documents"): (("receivables.view",), {}),
    ("GET", "/entities"): ((), {}),
    ("GET", "/rates"): (("lines.view",), {}),
    ("POST", "/rates"): (("rates.set",), {"source": "EUR", "target": "USD", "rate": "1.1"}),
    ("GET", "/customers"): (("customers.view",), {}),
    ("POST", "/customers"): (("customers.edit",), {"code": "NEW"}),
    ("POST", "/customers/C/changes"): (("customers.edit",), {"name": "C"}),
    ("GET", "/customers/C"): (("customers.view",), {}),
    ("GET", "/imports"): (("reports.view",), {}),
    ("POST", "/imports/1/undoings"): (("import.undo",), {"reason": "x"}),
    ("GET", "/import-mappings"): (("import.run",), {}),
    ("GET", "/jobs"): ((), {}),
    ("GET", "/jobs/1"): ((), {}),
    ("POST", "/jobs/1/stops"): ((), {}),
    ("POST", "/jobs/1/restarts"): ((), {}),
    ("GET", "/policy"): (("policy.view",), {}),
    ("GET", "/policy/versions"): (("policy.view",), {}),
    ("GET", "/policy/versions/1"): (("policy.view",), {}),
    ("GET", "/policy/differences?first=1&second=1"): (("policy.view",), {}),
    ("POST", "/policy/checks"): (("policy.view",), {"document": "x = 1"}),
    ("POST", "/policy/versions"): (("policy.propose",), {"document": "x = 1"}),
    ("POST", "/policy/versions/1/signatures"): (("policy.sign",), {}),
}
#: Signatures and goods need the matter they sign or send (test_orders, test_other_rooms); a file is sent as a form.
ELSEWHERE = {
    ("POST", "/orders/{number}/approvals"),
    ("POST", "/orders/{number}/deliveries"),
    ("POST", "/orders/{number}/shipping-orders"),
    ("POST", "/unreleased-deliveries/{number}/settlements"),
    ("POST", "/breaches/{id}/revocations"),
    ("POST", "/breaches/{id}/refusals"),
    ("POST", "/breaches/{id}/keepings"),
    ("POST", "/imports/{kind}"),
}
#: Routes about one customer.
OF_ONE = [route for route in ROUTES if route[1].startswith(("/orders/H", "/customers/C"))]
REFUSED = "PERMISSION_DENIED"


@pytest.fixture
def somebody(db):
    """``somebody(role)``: a person of C's branch with that role, who is C's salesperson where it is about their own."""
    books.found()
    who = books.customer("C", salesperson="S01", branch="SH")
    clerk = Asking(books.person("clerk", "CONSOLE"))
    assert clerk.post("/orders", number="H", customer="C", amount="1").status == 201
    assert clerk.post("/orders/H/credit-checks").json["verdict"] == "held"

    def make(role, code="S01"):
        made = books.person("somebody", role, code=code)
        if code == "S01":
            made.branch = who.branch
            made.save()
        return Asking(made)

    return make


def asked(ask, route, stated):
    method, path = route
    return ask.get(path) if method == "GET" else ask.post(path, **stated)


def written():
    lines = AuditLine.objects.exclude(verb="base.token.made").count()
    return lines, Document.objects.count(), Movement.objects.count(), Decision.objects.count()


@pytest.mark.covers("OC-009", "OC-012")
@pytest.mark.parametrize("role", ROLES)
def test_every_route_asks_for_its_right(somebody, role):
    ask, allowed = somebody(role), shipped().roles[role]
    wrong = []
    for route, (rights, stated) in ROUTES.items():
        before = written()
        heard = asked(ask, route, stated)
        refused = heard.status == 403 and heard.code == REFUSED
        if refused != (not all(map(allowed.allows, rights))):
            wrong.append((route, heard.status, heard.json))
        if refused and written() != before:
            wrong.append((route, "wrote although refused"))
    assert wrong == []


@pytest.mark.parametrize("role", [name for name in ROLES if shipped().roles[name].scope != "ALL"])
def test_somebody_elses_customer_is_not_there(somebody, role):
    """Another salesperson, another branch: no route about C answers to whoever guesses its number."""
    ask = somebody(role, code="S99")
    answers = {route: asked(ask, route, ROUTES[route][1]).status for route in OF_ONE}
    assert set(answers.values()) <= {403, 404}, answers
    assert ask.get("/orders").json.get("items", []) == []
    assert ask.get("/documents").json.get("items", []) == []


def test_the_table_names_every_route():
    """A new route must say here what it takes."""
    import re

    described = {(verb.upper(), path.removeprefix(ROOT)) for path, verbs in schema()["paths"].items() for verb in verbs}
    told = set()
    for method, path in ROUTES:
        plain = path.partition("?")[0]
        fitting = [
            one for one in described if one[0] == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one[1]), plain)
        ]
        assert fitting, path
        told.add(min(fitting, key=lambda one: one[1].count("{")))
    assert described - told == ELSEWHERE
