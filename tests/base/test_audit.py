"""The audit trail cannot be mended unnoticed: a changed line, a missing one, a cut tail, a forged seal are found."""

import pytest
from django.db import transaction

from tests.desk import money
from xinheng.base import audit, database, sql
from xinheng.base.models import AuditLine, Seal, Stream
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(acme, console):
    """Three lines on a customer's chain, one on a stream of the house; the chain's name."""
    for number in ("I1", "I2", "I3"):
        receivables.post_invoice(money.invoice_row(acme, number, 10_00), by=console)
    audit.record("settings", "limits.calendar.set", "day:2026-03-02", by=console)
    return next(name for name in verification.heads() if name.startswith("holder:"))


def tamper(statement, *params):
    """What somebody with the keys of the database could do: the triggers are off meanwhile."""
    database.remove_triggers()
    with transaction.atomic():
        sql.execute(statement, params)
    database.install_triggers()


def found():
    return list(verification.differences())


def test_a_whole_trail_is_silent(trail):
    verification.seal()
    assert found() == []
    lines = AuditLine.objects.filter(stream=trail).order_by("sequence")
    assert [line.sequence for line in lines] == [1, 2, 3]
    assert {line.subject for line in lines} == {"invoice:I1", "invoice:I2", "invoice:I3"}


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'receivables.invoice.reversed'",
        "subject = 'invoice:I9'",
        "actor_id = actor_id + 1",
        "data = '{\"amount\": 1}'",
        "stream = 'holder:999'",
    ],
)
def test_a_changed_line_is_found(trail, change):
    tamper(f"UPDATE base_auditline SET {change} WHERE stream = %s AND sequence = 2", trail)
    assert any(line.startswith(f"audit chain {trail}: broken at line") for line in found())


def test_a_line_taken_out_is_found(trail):
    tamper("DELETE FROM base_auditline WHERE stream = %s AND sequence = 2", trail)
    assert found() == [f"audit chain {trail}: broken at line 3"]


def test_the_last_line_taken_away_is_found_by_the_head(trail):
    tamper("DELETE FROM base_auditline WHERE stream = %s AND sequence = 3", trail)
    assert found() == [f"audit chain {trail}: its head does not match its last line"]


def cut(trail, to):
    """Take the tail of a chain away and set the head back, as if it had never been longer."""
    tamper("DELETE FROM base_auditline WHERE stream = %s AND sequence > %s", trail, to)
    digest = AuditLine.objects.get(stream=trail, sequence=to).digest
    exposure.Holder.objects.filter(pk=trail.partition(":")[2]).update(sequence=to, digest=digest)


def test_a_tail_cut_with_its_head_is_found_once_it_was_sealed(trail):
    verification.seal()
    cut(trail, 2)
    assert found() == [f"audit chain {trail}: shorter or other than when it was sealed"]


def test_a_tail_cut_and_written_anew_is_found_once_it_was_sealed(trail, acme, console):
    verification.seal()
    cut(trail, 2)
    for number in ("I4", "I5"):
        receivables.post_invoice(money.invoice_row(acme, number, 99_00), by=console)
    assert found() == [f"audit chain {trail}: shorter or other than when it was sealed"]


def test_a_chain_of_the_house_that_was_emptied_is_found(trail):
    verification.seal()
    tamper("DELETE FROM base_auditline WHERE stream = 'settings'")
    Stream.objects.filter(name="settings").delete()
    assert found() == ["audit chain settings: shorter or other than when it was sealed"]


def test_a_seal_holds_what_moved_and_the_root_before_it(trail, acme, console):
    first = verification.seal()
    assert set(first.heads) == {name for name, (sequence, _) in verification.heads().items() if sequence}
    receivables.post_invoice(money.invoice_row(acme, "I4", 10_00), by=console)
    second = verification.seal()
    assert (set(second.heads), second.previous) == ({trail}, first.root)
    assert found() == []


def test_where_nothing_was_recorded_nothing_is_sealed(trail):
    verification.seal()
    assert verification.seal() is None
    assert Seal.objects.count() == 1


@pytest.mark.parametrize("change", ["root = 'f00'", "heads = '{}'", "previous = 'f00'"])
def test_a_forged_seal_is_found(trail, acme, console, change):
    first = verification.seal()
    receivables.post_invoice(money.invoice_row(acme, "I4", 10_00), by=console)
    verification.seal()
    tamper(f"UPDATE base_seal SET {change} WHERE id = %s", first.pk)
    assert f"seal {first.pk}: changed" in found() or "changed" in "".join(found())


def test_a_seal_taken_out_is_found(trail, acme, console):
    first = verification.seal()
    receivables.post_invoice(money.invoice_row(acme, "I4", 10_00), by=console)
    second = verification.seal()
    tamper("DELETE FROM base_seal WHERE id = %s", first.pk)
    assert f"seal {second.pk}: changed" in found()


def test_the_order_of_fields_in_a_line_means_nothing(trail):
    line = AuditLine.objects.filter(stream=trail).first()
    line.data = dict(reversed(line.data.items()))
    assert audit.content(line)["data"] == line.data
    assert found() == []


def test_the_console_seals_from_the_command_line(trail, capsys):
    from click.testing import CliRunner

    from xinheng.site.commands.keep import seal

    assert founding.console()
    first = CliRunner().invoke(seal, ["--json"])
    again = CliRunner().invoke(seal, ["--json"])
    assert first.exit_code == again.exit_code == 0
    assert Seal.objects.get().root in first.output
    assert '"root": null' in again.output
