"""Who may do what, as a table: every command × every role that ships, and every page × every role.

Each line says what is done and the right it takes.  Whoever holds the right is not refused (what they ask may still be
unknown or come too early); everybody else is, with the same code, and nothing is written.
"""

from datetime import date
from decimal import Decimal

import click
import pytest
from django.test import Client

from tests import books
from tests.desk import money
from tests.site.commandline import CommandLine
from tests.site.visits import browse
from xinheng.base.models import AuditLine, User
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Movement
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import shipped
from xinheng.rules.road import Kind
from xinheng.site import cli, founding
from xinheng.site.pages.settings import lists

pytestmark = pytest.mark.django_db

ROLES = sorted(shipped().roles)
FILES = {
    "entities": "entities.edit",
    "rates": "rates.set",
    "customers": "customers.edit",
    "lines": "lines.set",
    "orders": "orders.enter",
    "deliveries": "deliveries.enter",
    "returns": "deliveries.enter",
    "invoices": "receivables.post",
    "credit-notes": "receivables.post",
    "receipts": "cash.post",
    "instruments": "instruments.post",
    "allocations": "receivables.allocate",
}
#: Words of a command → the rights it takes.  C is a customer everybody sees, H an order of his that is held.
COMMANDS: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("ageing",), ("receivables.view",)),
    (("exposure", "C"), ("lines.view",)),
    (("order", "new", "N", "C", "1"), ("orders.enter",)),
    (("order", "check", "H"), ("orders.check",)),
    (("order", "change", "H", "2"), ("orders.enter",)),
    (("order", "release", "H", "--reason", "x"), ("orders.release",)),
    (("order", "ask", "H", "--reason", "x"), ("orders.enter",)),
    (("order", "reject", "H", "--reason", "x"), ("orders.reject",)),
    (("order", "cancel", "H"), ("orders.cancel",)),
    (("order", "reopen", "H"), ("orders.enter",)),
    (("order", "hold", "H", "--reason", "x"), ("holds.place",)),
    (("order", "unhold", "H", "--reason", "x"), ("holds.lift",)),
    (
        (
            "order",
            "list",
        ),
        ("orders.view",),
    ),
    (("order", "unreleased"), ("deliveries.view",)),
    (("order", "cod-unpaid"), ("receivables.view",)),
    (("invoice", "new", "I", "C", "1"), ("receivables.post",)),
    (("invoice", "happened", "I", "acceptance"), ("receivables.post",)),
    (("invoice", "not-happened", "I", "acceptance", "--reason", "x"), ("receivables.post",)),
    (("invoice", "write-off", "I", "--reason", "x"), ("receivables.write_off",)),
    (("invoice", "undo-write-off", "I", "--reason", "x"), ("receivables.write_off",)),
    (("invoice", "recover", "I", "1", "--receipt", "R"), ("receivables.allocate",)),
    (("invoice", "recover", "I", "1", "--receipt", "R", "--new"), ("cash.post",)),
    (("receipt", "allocate", "R", "--oldest-first"), ("receivables.allocate",)),
    (("receipt", "allocate", "R", "--exact"), ("receivables.allocate",)),
    (("receipt", "allocate", "R", "--to", "I", "--amount", "1"), ("receivables.allocate",)),
    (("allocation", "list", "R"), ("receivables.view",)),
    (("allocation", "undo", "1", "--reason", "x"), ("receivables.allocate",)),
    (("document", "reverse", "invoice", "I", "--reason", "x"), ("receivables.post",)),
    (("document", "reverse", "credit-note", "N", "--reason", "x"), ("receivables.post",)),
    (("document", "reverse", "receipt", "R", "--reason", "x"), ("cash.post",)),
    (("document", "reverse", "instrument", "B", "--reason", "x"), ("instruments.post",)),
    (("line", "set", "C", "5"), ("lines.set",)),
    (("hold", "place", "C", "--reason", "x"), ("holds.place",)),
    (("hold", "lift", "1", "--reason", "x"), ("holds.lift",)),
    (("hold", "list"), ("lines.view",)),
    (("breach", "list"), ("lines.view",)),
    (("decisions", "list"), ("decisions.view",)),
    (("decisions", "show", "1"), ("decisions.view",)),
    (("decisions", "replay"), ("decisions.replay",)),
    (("policy", "show"), ("policy.view",)),
    (("policy", "diff", "1", "1"), ("policy.view",)),
    (("policy", "list"), ("policy.view",)),
    (("policy", "draft", "--like", "1"), ("policy.propose",)),
    (("policy", "withdraw", "1", "--reason", "x"), ("policy.sign",)),
    (("policy", "try", "1", "--from", "2026-03-01"), ("policy.backtest",)),
    (("nightly",), ("orders.check",)),
    (("month", "close", "2026-02"), ("periods.close",)),
    (("month", "reopen"), ("periods.reopen",)),
    (("month", "list"), ("receivables.view",)),
    (("month", "show", "2026-01"), ("receivables.view",)),
    (("jobs", "import", "customers", "nothing.csv"), ("import.run",)),
    (("import", "list"), ("reports.view",)),
    (("import", "mappings"), ("import.run",)),
    (("import", "undo", "1"), ("import.undo",)),
    (("verify",), ("ledger.verify",)),
    (("seal",), ("ledger.verify",)),
    (("user", "add", "new", "--role", "AUDITOR", "--password", "long enough 1"), ("admin.users",)),
    (("user", "list"), ("admin.users",)),
    (("user", "change", "other", "--name-en", "x"), ("admin.users",)),
    (("user", "shut-out", "other"), ("admin.users",)),
    (("user", "let-in", "other"), ("admin.users",)),
    (("user", "password", "other"), ("admin.users",)),
    (("user", "sign-out", "other"), ("admin.users",)),
    (("token", "new", "console"), ("admin.users",)),
    (("audit", "list"), ("audit.read",)),
    (("audit", "check", "users"), ("ledger.verify",)),
    (("calendar", "set", "2026-05-04", "--off", "--name", "x"), ("calendar.edit",)),
    (("entity", "new", "E", "x"), ("entities.edit",)),
    (("entity", "rename", "MAIN", "x"), ("entities.edit",)),
    (("branch", "new", "B", "x"), ("entities.edit",)),
    (("branch", "rename", "SH", "x"), ("entities.edit",)),
    (("rate", "set", "2026-03-02", "EUR", "USD", "1.1"), ("rates.set",)),
    *((("import", kind, "nothing.csv"), ("import.run", right)) for kind, right in FILES.items()),
]
#: Reading what documents lean on takes any one of several rights.
COMMANDS_ANY_OF: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("calendar", "list", "2026"), lists.CALENDAR_READERS),
    (("entity", "list"), lists.PLACE_READERS),
    (("branch", "list"), lists.PLACE_READERS),
    (("rate", "list"), lists.RATE_READERS),
    (("term", "due", "30D", "2026-03-02"), lists.TERM_READERS),
]
REFUSED = "PERMISSION_DENIED"


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def somebody(run):
    """``somebody(role)``: a person of C's branch with that role, who is C's salesperson where it is about their own."""
    who = books.customer("C", salesperson="S01", branch="SH", group="G")
    assert run("order", "new", "H", "C", "1").exit == 0
    assert run("order", "check", "H").exit == 3

    books.person("other", "AUDITOR")

    def make(role):
        made = books.person("somebody", role, code="S01")
        made.branch = who.branch
        made.save()
        return made

    return make


def written():
    """How much has been recorded, keys of the test's own apart."""
    lines = AuditLine.objects.exclude(verb="base.token.made").count()
    return lines, Document.objects.count(), Movement.objects.count(), Decision.objects.count()


@pytest.mark.covers("OC-009", "OC-012")
@pytest.mark.parametrize("role", ROLES)
def test_every_command_asks_for_its_right(run, somebody, role, tmp_path):
    by, allowed = somebody(role), shipped().roles[role]
    empty = tmp_path / "nothing.csv"
    empty.write_text("code\n", encoding="utf-8")
    wrong = []
    for words, rights in COMMANDS:
        typed = [str(empty) if word == "nothing.csv" else word for word in words]
        before = written()
        said = run(*typed, "--json", by=by)
        refused = said.exit == 1 and "error" in said.json and said.error == REFUSED
        assert said.exit == 0 or "error" not in said.json or said.error != "USAGE", said.out
        if refused != (not all(map(allowed.allows, rights))):
            wrong.append((words, said.out[:200]))
        if refused and written() != before:
            wrong.append((words, "wrote although refused"))
    for words, rights in COMMANDS_ANY_OF:
        said = run(*words, "--json", by=by)
        refused = "error" in said.json and said.error == REFUSED
        if refused == any(map(allowed.allows, rights)):
            wrong.append((words, said.out[:200]))
    assert wrong == []


def test_the_table_names_every_command(run):
    """A new command must say here what it takes."""
    every = [*COMMANDS, *COMMANDS_ANY_OF]
    told = {words[:2] if words[0] in GROUPS else words[:1] for words, _ in every} | ELSEWHERE
    assert told == set(_commands())


GROUPS = {
    "order",
    "invoice",
    "receipt",
    "allocation",
    "document",
    "line",
    "hold",
    "breach",
    "decisions",
    "policy",
    "import",
    "user",
    "token",
    "audit",
    "calendar",
    "entity",
    "branch",
    "rate",
    "term",
    "month",
    "jobs",
}
#: What needs no right or is looked at by tests of its own: founding and serving act on the machine, not in the books;
#: signatures need the matter they sign (test_releases, test_breaches, test_commands_decisions); everybody sees and ends
#: keys of their own, and only who manages users those of others (test_commands_tokens); one's own jobs need no right
#: (test_jobs).
ELSEWHERE = {
    ("token", "list"),
    ("token", "end"),
    ("init",),
    ("run",),
    ("demo",),
    ("backup",),
    ("restore",),
    ("manage",),
    ("breach", "decline"),
    ("breach", "keep"),
    ("breach", "revoke"),
    ("jobs", "again"),
    ("jobs", "list"),
    ("jobs", "run"),
    ("jobs", "show"),
    ("jobs", "stop"),
    ("order", "approve"),
    ("order", "deliver"),
    ("order", "settle"),
    ("order", "shipping-order"),
    ("policy", "backtest"),
    ("policy", "check"),
    ("policy", "propose"),
    ("policy", "sign"),
}


def _commands():
    top = cli.Commands()
    context = click.Context(top)
    for name in top.list_commands(context):
        command = top.get_command(context, name)
        if isinstance(command, click.Group) and name in GROUPS:
            yield from ((name, one) for one in command.list_commands(context))
        else:
            yield (name,)


#: Page → the rights it takes (none: whoever is signed in); ``{…}`` are the ids of C, H, H's document and money of C's.
PAGES: dict[str, tuple[str, ...]] = {
    "/": (),
    "/search/": (),
    "/begin/": (),
    "/inbox/": (),
    "/inbox/count/": (),
    "/movements/": ("receivables.view",),
    "/customers/": ("customers.view",),
    "/customers/{customer}/": ("customers.view",),
    "/customers/{customer}/credit-sheet/": ("customers.view",),
    "/customers/{customer}/receivables/": ("customers.view", "receivables.view"),
    "/customers/{customer}/orders/": ("customers.view", "orders.view"),
    "/customers/code/C": ("customers.view",),
    "/documents/{document}/": ("orders.view",),
    "/documents/order/H": ("orders.view",),
    "/receivables/ageing/": ("receivables.view",),
    "/receivables/items/": ("receivables.view",),
    "/receivables/documents/{invoice}/allocate/": ("receivables.allocate",),
    "/receivables/documents/{receipt}/allocate/": ("receivables.allocate",),
    "/receivables/documents/{receipt}/allocate/exact/": ("receivables.allocate",),
    "/receivables/allocations/{allocation}/undo/": ("receivables.allocate",),
    "/receivables/documents/{invoice}/write-off/": ("receivables.write_off",),
    "/receivables/documents/{invoice}/undo-write-off/": ("receivables.write_off",),
    "/receivables/documents/{invoice}/take-back/": ("receivables.post",),
    "/cash/receipts/{receipt}/take-back/": ("cash.post",),
    "/cash/instruments/{paper}/take-back/": ("instruments.post",),
    "/cash/invoices/{invoice}/recover/": ("cash.post",),
    "/settings/jobs/": (),
    "/settings/exports/": ("audit.read",),
    "/control/held/": ("orders.view",),
    "/control/orders/": ("orders.view",),
    "/customers/find/": ("customers.view",),
    "/control/orders/new/": ("orders.enter",),
    "/control/orders/new/several/": ("orders.enter",),
    "/control/orders/{order}/": ("orders.view",),
    "/control/orders/{order}/change/": ("orders.enter",),
    "/control/orders/{order}/close/": ("orders.cancel",),
    "/control/orders/{order}/reopen/": ("orders.enter",),
    "/control/orders/{order}/stop/": ("holds.place",),
    "/control/orders/{order}/lift-stop/": ("holds.lift",),
    "/control/orders/{order}/shipping-order/": ("orders.check",),
    "/control/orders/{order}/ship/": ("deliveries.ship",),
    "/control/orders/{order}/peek/": ("orders.view",),
    "/control/orders/number/H": ("orders.view",),
    "/control/invoices/new/": ("receivables.post",),
    "/receivables/credit-notes/new/": ("receivables.post",),
    "/cash/receipts/new/": ("cash.post",),
    "/cash/receipts/{receipt}/clear/": ("cash.post",),
    "/cash/instruments/new/": ("instruments.post",),
    "/cash/instruments/{paper}/state/": ("instruments.post",),
    "/goods/deliveries/new/": ("deliveries.enter",),
    "/goods/deliveries/{delivery}/return/": ("deliveries.enter",),
    "/limits/customers/{customer}/line/": ("lines.set",),
    "/limits/groups/{group}/line/": ("lines.set",),
    "/limits/lines/{line}/withdraw/": ("lines.set",),
    "/limits/customers/{customer}/hold/": ("holds.place",),
    "/limits/groups/{group}/hold/": ("holds.place",),
    "/limits/holds/{hold}/lift/": ("holds.lift",),
    "/customers/new/": ("customers.edit",),
    "/customers/{customer}/change/": ("customers.edit",),
    "/control/breaches/": ("lines.view",),
    "/control/shadow/": ("decisions.view",),
    "/control/unlinked/": ("deliveries.view",),
    "/control/unreleased/": ("deliveries.view",),
    "/settings/imports/": ("reports.view",),
    "/settings/policy/": ("policy.view",),
    "/settings/policy/sections/overdue/": ("policy.view",),
    "/settings/policy/versions/": ("policy.view",),
    "/settings/policy/versions/1/": ("policy.view",),
    "/settings/policy/versions/1/sign/": ("policy.sign",),
    "/settings/policy/versions/1/withdraw/": ("policy.view",),
    "/settings/policy/versions/1/return/": ("policy.propose",),
    "/settings/policy/draft/": ("policy.propose",),
    "/settings/policy/draft/propose/": ("policy.propose",),
    "/settings/policy/draft/give-up/": ("policy.propose",),
    "/settings/policy/draft/overdue/": ("policy.propose",),
    "/settings/policy/try/": ("policy.backtest",),
    "/account/tokens/": (),
    "/account/tokens/new/": (),
    "/account/sessions/": (),
    "/settings/": (),
    "/settings/people/": ("admin.users",),
    "/settings/people/new/": ("admin.users",),
    "/settings/people/{other}/": ("admin.users",),
    "/settings/people/{other}/change/": ("admin.users",),
    "/settings/people/{other}/password/": ("admin.users",),
    "/settings/people/{other}/sign-out/": ("admin.users",),
    "/settings/people/{other}/shut-out/": ("admin.users",),
    "/settings/people/{other}/let-in/": ("admin.users",),
    "/settings/tokens/": ("admin.users",),
    "/settings/audit/": ("audit.read",),
    "/settings/audit/chains/": ("audit.read",),
    "/settings/calendar/day/": ("calendar.edit",),
    "/settings/places/entities/new/": ("entities.edit",),
    "/settings/places/entities/{entity}/rename/": ("entities.edit",),
    "/settings/places/branches/new/": ("entities.edit",),
    "/settings/places/branches/{branch}/rename/": ("entities.edit",),
    "/settings/rates/new/": ("rates.set",),
    "/settings/months/": ("receivables.view",),
    "/settings/months/{month}/": ("receivables.view",),
    "/settings/months/of/MAIN/close/": ("periods.close",),
    "/settings/months/of/MAIN/reopen/": ("periods.reopen",),
}
#: Pages that open to whoever holds any one of several rights.
ANY_OF: dict[str, tuple[str, ...]] = {
    "/settings/roles/": lists.ROLE_READERS,
    "/settings/places/": lists.PLACE_READERS,
    "/settings/calendar/": lists.CALENDAR_READERS,
    "/settings/rates/": lists.RATE_READERS,
    "/settings/rates/EUR/USD/": lists.RATE_READERS,
    "/settings/terms/": lists.TERM_READERS,
}
#: Pages about one customer: whoever does not see that customer is told the same as for a number nobody knows.
HOUSE = ("/settings/",)
OF_ONE = [page for page in PAGES if ("{" in page or page.endswith(("/C", "/H"))) and not page.startswith(HOUSE)]


@pytest.fixture
def ids(somebody):
    held = Order.objects.select_related("document__account__customer").get(document__number="H")
    who = held.document.account.customer
    exposure.set_rate(exposure.RateRow(books.DAY, "EUR", "USD", Decimal("1.1")), by=founding.console())
    invoice, receipt = money.invoice(who, "I", 5_00), money.receipt(who, "R", 5_00)
    (allocation,) = money.allocate("R", "I", 1_00)
    receivables.write_off(invoice, reason="gone", on=books.DAY, by=founding.console(), amount=1_00)
    delivered = books.add(books.document(who, Kind.DELIVERY, "D", 5_00))[0]
    line = books.line(who, 0)
    return {
        "customer": who.pk,
        "group": who.group_id,
        "line": line.pk,
        "hold": limits.place_hold(by=founding.console(), reason="look first", group=who.group).pk,
        "delivery": delivered.pk,
        "order": held.pk,
        "document": held.document_id,
        "invoice": invoice.pk,
        "receipt": receipt.pk,
        "paper": money.paper(who, "B", 5_00).pk,
        "allocation": allocation.pk,
        "entity": exposure.entity().pk,
        "branch": who.branch_id,
        "other": User.objects.get(username="other").pk,
        "month": books.close_month(date(2026, 2, 1)).pk,
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_page_asks_for_its_right(somebody, ids, role):
    client, allowed = browse(somebody(role)), shipped().roles[role]
    answers = {page: client.get(page.format(**ids), follow=True).status_code for page in PAGES}
    assert answers == {page: 200 if all(map(allowed.allows, rights)) else 403 for page, rights in PAGES.items()}
    answers = {page: client.get(page).status_code for page in ANY_OF}
    assert answers == {page: 200 if any(map(allowed.allows, rights)) else 403 for page, rights in ANY_OF.items()}


@pytest.mark.parametrize("role", [name for name in ROLES if shipped().roles[name].scope != "ALL"])
def test_somebody_elses_customer_is_not_there(somebody, ids, role):
    """Another salesperson, another branch: no page about C opens by guessing its number, and no command answers."""
    stranger = books.person("stranger", role, code="S99")
    client = browse(stranger)
    answers = {page: client.get(page.format(**ids), follow=True).status_code for page in OF_ONE}
    assert set(answers.values()) <= {403, 404}, answers


def test_nobody_comes_in_without_signing_in(somebody, ids):
    client = Client()
    for page in PAGES:
        answer = client.get(page.format(**ids))
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith("/accounts/login/"), page
