"""A policy tried before it is signed: by a worker, told in sentence, picture and table, stopped and begun again."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals
from tests.site.policy_forms import POLICY, keep
from tests.site.visits import browse, read, words
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import Company, Job
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafting(manager):
    """A finance manager with a draft."""
    client = browse(manager)
    client.post(f"{POLICY}draft/begin/")
    return client


@pytest.fixture
def months(acme):
    """A limit of 100: one order fits, the second is held."""
    books.line(acme, 100_00)
    deals.checked(acme, "O1", 60_00)
    deals.checked(acme, "O2", 70_00)


@pytest.mark.covers("LM-001")
def test_a_policy_is_tried_by_a_worker_and_told_in_sentence_picture_and_table(drafting, months):
    keep(drafting, "check_points", check_points__over_limit__order="NOTICE")
    month = DAY.isoformat()[:7]
    answer = drafting.post(f"{POLICY}try/", {"what": "draft", "since": month, "until": month})
    where = answer.url
    assert "It waits for a worker." in words(read(drafting, where))
    Worker().one()
    page = words(read(drafting, where))
    assert "It frees 1 order, $70.00 at stake; none of their customers later paid late." in page
    assert "With the goods nothing changes sides." in page
    assert "O2" in page and "over the limit" in page
    assert "Over the limit › Order holds gives a notice" in page
    job = Job.objects.get(kind="policy-trial")
    assert job.result["orders"] | {"held": 0, "freed": 0} == {
        "asked": 2, "happened": 1, "signed": 1, "tried": 0, "held": 0, "freed": 0,
    }  # fmt: skip
    assert "A draft, 2026-03-01 to 2026-03-02" in words(read(drafting, f"{POLICY}try/"))
    assert drafting.get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_trial_says_whose_customers_later_paid_late(drafting, manager, acme, months):
    """B is as large and pays; the order of A, who does not, stands first and is counted."""
    other = books.customer("B", salesperson="S01")
    books.line(other, 100_00)
    deals.checked(other, "P1", 90_00)
    deals.checked(other, "P2", 80_00)
    books.add(books.document(acme, Kind.INVOICE, "I1", 5_00, due_on=DAY + timedelta(days=10)))
    Company.objects.update(business_date=DAY + timedelta(days=20))
    keep(drafting, "check_points", check_points__over_limit__order="NOTICE")
    month = DAY.isoformat()[:7]
    where = drafting.post(f"{POLICY}try/", {"what": "draft", "since": month, "until": month}).url
    Worker().one()
    page = words(read(drafting, where))
    assert "It frees 2 orders, $150.00 at stake; the customer of 1 of them later paid late." in page
    rows = Job.objects.get(kind="policy-trial").result["orders"]["freed"]["rows"]
    assert [(one["order"], one["late"]) for one in rows] == [("O2", True), ("P2", False)]
    chinese = words(read(browse(manager, "zh"), where))
    assert "多放行 2 张订单，涉及 US$150.00；其中 1 张的客户后来逾期付款。" in chinese


def test_a_trial_is_stopped_and_begun_again(drafting, months):
    month = DAY.isoformat()[:7]
    where = drafting.post(f"{POLICY}try/", {"what": "1", "since": month, "until": month}).url
    assert "It was stopped." in words(drafting.post(f"{where}stop/", follow=True).content.decode())
    drafting.post(f"{where}again/")
    Worker().one()
    assert "No order changes sides." in words(read(drafting, where))


def test_a_draft_with_mistakes_is_not_tried(drafting):
    keep(drafting, "overdue", overdue__grace_days="soon")
    month = DAY.isoformat()[:7]
    answer = drafting.post(f"{POLICY}try/", {"what": "draft", "since": month, "until": month})
    assert (answer.status_code, "correct them before it is tried" in answer.content.decode()) == (422, True)
    backwards = drafting.post(f"{POLICY}try/", {"what": "1", "since": month, "until": "2026-01"})
    assert (backwards.status_code, "before the first one" in backwards.content.decode()) == (422, True)
    assert drafting.get(f"{POLICY}try/999/").status_code == 404
