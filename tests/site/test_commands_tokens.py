"""``token`` as somebody types it: keys are made, listed with their state, and ended before their time."""

import pytest

from tests import books
from tests.site.commandline import CommandLine
from xinheng.base import people
from xinheng.base.errors import WrongState
from xinheng.base.models import AuditLine, Token
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, monkeypatch, capsys):
    books.found()
    books.person("fm", "FINANCE_MANAGER")
    return CommandLine(monkeypatch, capsys)


def key_of(username: str, *, days: int = 1) -> tuple[str, Token]:
    return people.new_token(username, days=days, label="till", by=founding.console())


def test_a_key_is_listed_with_its_state_and_never_with_its_secret(run):
    made = run("token", "new", "fm", "--days", "0", "--label", "late", "--json").json
    secret, good = key_of("fm")
    _, gone = key_of("fm")
    people.end_token(gone.pk, by=founding.console())
    said = run("token", "list", "--json")
    states = {key["id"]: (key["user"], key["state"]) for key in said.json}
    assert states == {made["id"]: ("fm", "expired"), good.pk: ("fm", "valid"), gone.pk: ("fm", "ended")}
    assert secret not in said.out
    assert made["token"] not in said.out
    assert good.digest not in said.out
    assert f"{good.pk}  fm  valid" in run("token", "list").out


def test_an_ended_key_opens_nothing_and_stands_in_the_trail(run):
    secret, key = key_of("fm")
    assert people.owner_of(secret).username == "fm"
    said = run("token", "end", key.pk, "--json")
    assert (said.exit, said.json["state"]) == (0, "ended")
    with pytest.raises(people.BadToken):
        people.owner_of(secret)
    line = AuditLine.objects.get(verb="base.token.ended")
    assert (line.subject, line.data["token"]) == ("user:fm", key.pk)


def test_a_key_ends_once(run):
    _, key = key_of("fm")
    run("token", "end", key.pk)
    again = run("token", "end", key.pk, "--json")
    assert (again.exit, again.error) == (1, "WRONG_STATE")
    assert AuditLine.objects.filter(verb="base.token.ended").count() == 1
    with pytest.raises(WrongState):
        people.end_token(key.pk, by=founding.console())


def test_everybody_ends_their_own_keys_and_sees_no_others(run):
    clerk = books.person("lin", "SALESPERSON")
    _, others = key_of("fm")
    _, own = key_of("lin")
    seen = run("token", "list", "--json", by=clerk).json
    assert {key["user"] for key in seen} == {"lin"}
    said = run("token", "end", others.pk, "--json", by=clerk)
    assert (said.exit, said.error) == (2, "UNKNOWN")
    assert Token.objects.get(pk=others.pk).ended_at is None
    assert run("token", "end", own.pk, by=clerk).exit == 0


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x"])
def test_a_number_that_is_no_keys_is_bad_input(run, number):
    assert run("token", "end", "--json", "--", number).exit == 2


@pytest.mark.parametrize("days", [-1, 10_000_000, 10**30])
def test_a_key_is_good_for_days_that_the_calendar_has(run, days):
    said = run("token", "new", "fm", f"--days={days}", "--json")
    assert (said.exit, said.error) == (2, "BAD_DAYS")
    assert not Token.objects.exists()


@pytest.mark.parametrize("secret", ["", "x", "令牌", "\udcff"])
def test_what_is_nobodys_key_opens_nothing(run, secret):
    with pytest.raises(people.BadToken):
        people.owner_of(secret)
