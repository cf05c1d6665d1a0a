"""Debt over the limit or overdue beyond the policy: noticed, deliveries stopped, cash proposed, ended by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base import audit, events
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.base.models import AuditLine
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Breach
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.site import founding

pytestmark = pytest.mark.django_db
LONG_AGO, LATE = DAY - timedelta(60), DAY - timedelta(30)
Proposal = Breach.Proposal


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


@pytest.fixture
def directors(acme):
    return {name: books.person(name, role) for name, role in (("sd", "SALES_DIRECTOR"), ("fd", "FINANCE_DIRECTOR"))}


def post(who, number, amount, on=DAY, **more):
    """An invoice entered by hand."""
    row = money.invoice_row(who, number, amount, on, **{"due_on": on + timedelta(30), **more})
    return receivables.post_invoice(row, by=founding.console())


def pay(who, number, amount):
    """Money that comes and is allocated to the oldest debt."""
    receipt = cash.post_receipt(money.receipt_row(who, number, amount), on=DAY, by=founding.console())
    return receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=founding.console())


def the_breach():
    return Breach.objects.select_related("hold").get()


@pytest.mark.covers("OC-008", "OC-010")
def test_debt_above_the_limit_stops_deliveries_and_proposes_cash_the_moment_it_lands(acme):
    one = deals.checked(acme, "O", 40_00)
    post(acme, "I", 110_00)
    breach = the_breach()
    assert (breach.customer, breach.found_on, breach.proposal) == (acme, DAY, Proposal.OPEN)
    assert breach.facts["causes"] == ["DEBT_OVER_LIMIT"]
    assert (breach.facts["debt"], breach.facts["limit"]) == (110_00, 100_00)
    hold = breach.hold
    assert (hold.cause, hold.scope, hold.forced, hold.lifted_at) == ("BREACH", "DELIVERIES", False, None)
    with pytest.raises(control.StillHeld) as held:
        deals.ship(one)
    assert "BREACH" in held.value.params["reasons"]


def test_an_order_that_is_merely_refused_is_no_breach(acme):
    deals.checked(acme, "O", 500_00)
    deals.checked(acme, "P", 100_00)
    assert deals.check(deals.order(acme, "Q", 1)).verdict == "held"
    control.start_day(DAY, by=founding.console())
    assert not Breach.objects.exists()


def test_debt_that_equals_the_limit_is_no_breach(acme):
    post(acme, "I", 100_00)
    assert not Breach.objects.exists()


@pytest.mark.covers("OC-001", "OC-010")
@pytest.mark.parametrize(("days_late", "is_breach"), [(5, False), (6, True)])
def test_debt_overdue_beyond_grace_is_a_breach(acme, days_late, is_breach):
    post(acme, "I", 20_00, LONG_AGO, due_on=DAY - timedelta(days_late))
    assert Breach.objects.exists() == is_breach


def test_goods_that_leave_may_cause_it(acme):
    entry = money.entry()
    rows = [
        sales.DeliveryRow(number=n, dated_on=DAY, currency="USD", amount=60_00, **money.of(acme)) for n in ("D1", "D2")
    ]
    sales.record_deliveries(entry, rows)  # a file is a fact; whoever lands it tells
    events.tell(events.DebtGrew(frozenset({acme.pk}), "IMPORT", DAY, founding.console()))
    assert the_breach().facts["debt"] == 120_00


def test_goods_shipped_by_hand_are_looked_at(acme):
    deals.policy(deals.effect("over_limit", delivery="IGNORE"), deals.effect("near_limit", delivery="IGNORE"))
    one = deals.checked(acme, "O", 100_00)
    books.line(acme, 60_00)
    assert not Breach.objects.exists()
    deals.ship(one)
    assert the_breach().facts["debt"] == 100_00


@pytest.mark.covers("OC-010")
def test_it_ends_by_itself_when_money_comes(acme):
    one = deals.checked(acme, "O", 40_00)
    post(acme, "I", 110_00)
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    pay(acme, "R", 60_00)
    breach = the_breach()
    assert (breach.ended_on, breach.proposal) == (DAY, Proposal.LAPSED)
    assert breach.hold.lifted_at is not None
    assert deals.again(one).stopped_goods is None
    assert deals.ship(one).amount == 40_00
    assert control.as_json(control.standing(acme, exposure.entity()))["status"] == "credit"


@pytest.mark.parametrize("how", ["credit note", "line", "write-off", "invoice taken back"])
def test_other_things_end_it_too(acme, how):
    (invoice,) = post(acme, "I", 110_00)
    by = founding.console()
    if how == "credit note":
        receivables.post_credit_note(money.credit_note_row(acme, "C", 10_00, invoice_number="I"), on=DAY, by=by)
    elif how == "line":
        books.line(acme, 110_00)
    elif how == "write-off":
        receivables.write_off(invoice, reason="gone", on=DAY, by=by, amount=10_00)
    else:
        receivables.reverse_invoice(invoice, reason="wrong", by=by)
    assert the_breach().ended_on == DAY


@pytest.mark.parametrize("how", ["receipt taken back", "allocation undone", "paper dishonoured", "line lowered"])
def test_what_takes_money_back_is_noticed(acme, how):
    by = founding.console()
    post(acme, "I", 100_00, LONG_AGO, due_on=DAY)
    if how == "receipt taken back":
        cash.post_receipt(money.receipt_row(acme, "R", 50_00), on=DAY, by=by)
        post(acme, "J", 50_00)
        assert not Breach.objects.exists()
        cash.reverse_receipt(exposure.document(60, "R"), reason="bounced", by=by)
    elif how == "allocation undone":
        made = pay(acme, "R", 100_00)
        later = DAY + timedelta(30)
        company = books.found(today=later)
        assert company.business_date == later
        control.start_day(later, by=by)
        assert not Breach.objects.exists()
        receivables.undo_allocation(made[0], reason="for another", by=by)
    elif how == "paper dishonoured":
        paper = cash.post_instrument(money.paper_row(acme, "B", 100_00, invoice_number="I"), by=by)
        post(acme, "J", 50_00)
        assert not Breach.objects.exists()
        cash.dishonour_instrument(paper, dishonoured_on=DAY, by=by)
    else:
        books.line(acme, 90_00)
    assert the_breach().ended_on is None


@pytest.mark.covers("OC-010")
def test_the_finance_director_turns_the_customer_to_cash(acme, directors):
    post(acme, "I", 110_00)
    done = control.turn_to_cash(the_breach(), reason="no answer", on=DAY, by=directors["fd"])
    assert (done.missing.count, the_breach().proposal) == (0, Proposal.ACCEPTED)
    refused = deals.check(deals.order(acme, "O", 1))
    assert "CREDIT_WITHDRAWN" in deals.blocks(refused)
    assert control.as_json(control.standing(acme, exposure.entity()))["status"] == "hold"
    pay(acme, "R", 110_00)
    assert control.as_json(control.standing(acme, exposure.entity()))["status"] == "cash"
    assert (the_breach().ended_on, the_breach().proposal) == (DAY, Proposal.ACCEPTED)
    assert "CREDIT_WITHDRAWN" in deals.blocks(deals.check(deals.order(acme, "P", 1)))
    books.line(acme, 100_00)
    assert deals.check(deals.order(acme, "Q", 1)).verdict == "approved"


def test_a_member_that_drew_on_its_group_is_turned_to_cash_alone(directors):
    member, other = books.customer("M1", group="G"), books.customer("M2", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=500_00, group_id=member.group_id)
    limits.set_line(row, on=DAY, by=founding.console())
    post(member, "I", 20_00, LONG_AGO, due_on=LATE)
    breach = the_breach()
    assert breach.customer == member
    control.turn_to_cash(breach, reason="late again", on=DAY, by=directors["fd"])
    assert "CREDIT_WITHDRAWN" in deals.blocks(deals.check(deals.order(member, "O1", 1)))
    assert "CREDIT_WITHDRAWN" not in deals.reasons(deals.check(deals.order(other, "O2", 1)))


def test_a_group_over_its_limit_is_in_breach_itself(directors):
    member, other = books.customer("M1", group="G"), books.customer("M2", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=100_00, group_id=member.group_id)
    limits.set_line(row, on=DAY, by=founding.console())
    one = deals.checked(other, "O", 10_00)
    post(member, "I", 60_00)
    post(other, "J", 60_00)
    breach = the_breach()
    assert (breach.group, breach.customer) == (member.group, None)
    assert breach.hold.group == member.group
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    pay(member, "R", 60_00)
    assert the_breach().ended_on == DAY


@pytest.mark.covers("OC-011")
def test_both_directors_keep_the_credit_for_the_policys_days(acme, directors):
    one = deals.checked(acme, "O", 10_00)
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    half = control.keep_credit(the_breach(), reason="old friend", on=DAY, by=directors["sd"])
    assert (half.missing.count, half.missing.roles) == (1, ("FINANCE_DIRECTOR",))
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    done = control.keep_credit(the_breach(), reason="pays in May", on=DAY, by=directors["fd"])
    assert done.missing.count == 0
    breach = the_breach()
    assert (breach.proposal, breach.kept_until, breach.ended_on) == (Proposal.KEPT, DAY + timedelta(30), None)
    assert breach.hold.lifted_at is not None
    assert deals.ship(one).amount == 10_00
    noticed = deals.last(one)
    assert (noticed.verdict, set(deals.reasons(noticed))) == ("watch", {"OVERDUE_DAYS", "BREACH"})


def test_kept_credit_is_kept_to_its_last_day_and_no_longer(acme, directors):
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    for person in directors.values():
        control.keep_credit(the_breach(), reason="until May", on=DAY, by=person)
    last = DAY + timedelta(30)
    control.start_day(last, by=founding.console())
    assert the_breach().proposal == Proposal.KEPT
    one = deals.checked(acme, "O", 10_00, last)
    with pytest.raises(control.StillHeld):
        deals.ship(one, last + timedelta(1))  # even before anybody looked
    control.start_day(last + timedelta(1), by=founding.console())
    breach = the_breach()
    assert (breach.proposal, breach.kept_until, breach.hold.lifted_at) == (Proposal.OPEN, None, None)
    again = control.keep_credit(breach, reason="once more", on=last + timedelta(1), by=directors["sd"])
    assert again.missing.count == 1  # what was signed for the first time counts no more


def test_a_breach_after_a_kept_one_is_not_kept(acme, directors):
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    for person in directors.values():
        control.keep_credit(the_breach(), reason="until May", on=DAY, by=person)
    pay(acme, "R", 20_00)
    post(acme, "J", 110_00)
    one, two = Breach.objects.order_by("id")
    assert (one.ended_on, two.proposal, two.kept_until) == (DAY, Proposal.OPEN, None)
    with pytest.raises(control.StillHeld):
        deals.ship(deals.checked(acme, "O", 1, payment="cod"))


def test_the_proposal_may_be_declined_and_deliveries_stay_stopped(acme, directors):
    one = deals.checked(acme, "O", 10_00)
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    control.decline(the_breach(), reason="they will pay", on=DAY, by=directors["fd"])
    assert the_breach().proposal == Proposal.DECLINED
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    with pytest.raises(WrongState):
        control.decline(the_breach(), reason="again", on=DAY, by=directors["fd"])
    control.turn_to_cash(the_breach(), reason="they did not", on=DAY, by=directors["fd"])
    with pytest.raises(WrongState):
        control.keep_credit(the_breach(), reason="too late", on=DAY, by=directors["sd"])


def test_only_the_signers_of_the_policy_and_nobody_for_his_own_customers(acme, directors):
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    breach, console = the_breach(), founding.console()
    for act in (control.turn_to_cash, control.keep_credit, control.decline):
        with pytest.raises(Refused):
            act(breach, reason="me", on=DAY, by=console)
    with pytest.raises(Refused):
        control.turn_to_cash(breach, reason="me", on=DAY, by=books.person("gm", "GENERAL_MANAGER"))
    with pytest.raises(SamePerson):
        own = books.person("own", "FINANCE_DIRECTOR", code="S01")
        control.turn_to_cash(breach, reason="me", on=DAY, by=own)
    control.keep_credit(breach, reason="one", on=DAY, by=directors["sd"])
    with pytest.raises(control.SignedAlready):
        control.keep_credit(breach, reason="two", on=DAY, by=directors["sd"])


def test_a_policy_may_propose_nothing(acme):
    deals.policy(("propose_cash = true", "propose_cash = false"))
    post(acme, "I", 110_00)
    assert the_breach().proposal == Proposal.NONE


def test_a_cash_customer_has_no_credit_to_lose(acme):
    who = books.customer("C")
    post(who, "I", 20_00, LONG_AGO, due_on=LATE)
    assert (the_breach().customer, the_breach().proposal) == (who, Proposal.NONE)


def test_a_policy_may_let_the_hold_stop_orders_too(acme):
    deals.policy(('BREACH = ["DELIVERY"]', 'BREACH = ["ORDER", "CHANGE", "DELIVERY"]'))
    post(acme, "I", 20_00, LONG_AGO, due_on=LATE)
    assert the_breach().hold.scope == "ALL"
    held = deals.check(deals.order(acme, "O", 1))
    assert deals.blocks(held) == ["BREACH"]
    pay(acme, "R", 20_00)
    assert deals.state(deals.Order.objects.get()) == "APPROVED"


def test_a_breach_hold_is_not_lifted_by_hand(acme):
    post(acme, "I", 110_00)
    with pytest.raises(WrongState):
        limits.lift_hold(the_breach().hold, by=founding.console(), reason="please", on=DAY)


def test_a_missing_rate_neither_begins_nor_ends_one(acme):
    post(acme, "I", 110_00)
    money.invoice(acme, "E", 1_00, currency="EUR", due_on=DAY + timedelta(30))
    cash.post_receipt(money.receipt_row(acme, "R", 50_00), on=DAY, by=founding.console())
    assert the_breach().ended_on is None
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal("1.1")), by=founding.console())
    control.start_day(DAY, by=founding.console())
    assert the_breach().ended_on == DAY


def test_lines_for_one_entity_are_in_breach_for_that_entity(acme):
    other = exposure.Entity.objects.create(code="EU", name="Europe")
    exposure.account(acme.pk, other)
    limits.Line.objects.all().delete()
    for entity, amount in ((exposure.entity(), 100_00), (other, 50_00)):
        books.line(acme, amount, entity_id=entity.pk)
    post(acme, "I", 60_00, **money.of(acme, other))
    assert the_breach().entity == other
    post(acme, "J", 90_00)
    assert Breach.objects.count() == 1
    books.line(acme, 200_00)  # shared over all; the entities' own still go before
    assert the_breach().ended_on is None


def test_everything_about_it_is_in_the_audit_trail(acme, directors):
    post(acme, "I", 110_00)
    control.turn_to_cash(the_breach(), reason="no answer", on=DAY, by=directors["fd"])
    pay(acme, "R", 110_00)
    said = [line.verb for line in AuditLine.objects.filter(verb__contains="breach").order_by("id")]
    assert said == [
        "control.breach.found",
        "control.breach.revocation-signed",
        "control.breach.turned-to-cash",
        "control.breach.ended",
    ]
    assert list(audit.differences(exposure.heads())) == []


def test_of_many_customers_in_a_file_each_is_looked_at(acme, django_capture_on_commit_callbacks):
    many = [books.customer(f"C{n:03}") for n in range(205)]
    for who in many[::50]:
        money.invoice(who, f"I-{who.code}", 20_00, LONG_AGO, due_on=LATE)
    event = events.DebtGrew(frozenset(who.pk for who in many), "IMPORT", DAY, founding.console())
    with django_capture_on_commit_callbacks(execute=True):
        events.tell(event)
        assert not Breach.objects.exists()
    assert sorted(Breach.objects.values_list("customer__code", flat=True)) == [who.code for who in many[::50]]
