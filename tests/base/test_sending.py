"""A form that is sent twice lands once, also when both clicks come at the same moment."""

import pytest

from tests import books
from xinheng.base import sending
from xinheng.base.errors import WrongState
from xinheng.base.models import Branch, SentForm
from xinheng.base.sending import Done, SentAlready
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    books.found()
    return founding.console()


def branch(code):
    def act():
        Branch.objects.create(code=code, name=code)
        return Done(f"{code} made", f"/{code}/")

    return act


def test_the_second_is_told_what_came_of_the_first(by):
    assert sending.land("k", branch("A"), by=by).address == "/A/"
    with pytest.raises(SentAlready) as told:
        sending.land("k", branch("B"), by=by)
    assert told.value.done == Done("A made", "/A/")
    assert list(Branch.objects.values_list("code", flat=True)) == ["A"]


def test_of_two_at_the_same_moment_one_lands(by, monkeypatch):
    sending.land("k", branch("A"), by=by)
    look, looks = sending._taken, []

    def too_early(key, who):
        looks.append(key)
        return look(key, who) if len(looks) > 1 else None

    monkeypatch.setattr(sending, "_taken", too_early)
    with pytest.raises(SentAlready):
        sending.land("k", branch("B"), by=by)
    assert Branch.objects.count() == 1


def test_a_refusal_frees_the_key_and_leaves_what_the_action_kept(by):
    def act():
        branch("KEPT")()
        raise WrongState(what="order", number="1", state="HELD")

    with pytest.raises(WrongState):
        sending.land("k", act, by=by)
    assert Branch.objects.filter(code="KEPT").exists()
    assert sending.land("k", branch("A"), by=by).address == "/A/"


def test_a_fault_leaves_nothing(by):
    def act():
        branch("A")()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sending.land("k", act, by=by)
    assert not Branch.objects.exists()
    assert not SentForm.objects.exists()


def test_a_key_is_a_persons_own(by):
    sending.land("k", branch("A"), by=by)
    assert sending.land("k", branch("B"), by=books.person("other")).address == "/B/"
