"""The inbox: what a person reads there, what it opens, and how it is put aside."""

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals
from tests.site.visits import browse, read, words
from xinheng.desk.control import public as control
from xinheng.desk.notices.models import Notice
from xinheng.rules.policy import NoticeKind

pytestmark = pytest.mark.django_db
PAGE = "/inbox/"


@pytest.fixture
def seller():
    return books.person("wang", "SALESPERSON", code="S01")


@pytest.fixture
def chief():
    return books.person("chief", "GENERAL_MANAGER")


@pytest.fixture
def held(seller, chief):
    books.found()
    who = books.customer("ACME", salesperson="S01")
    books.line(who, 100_00)
    return deals.checked(who, "O-1", 150_00)


@pytest.mark.covers("OC-008")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 notice waits for you.", "Order O-1 is held.", "Over the limit", "Customer ACME")),
        ("zh", ("您有 1 条未读通知。", "订单 O-1 信用待审", "Customer ACME")),
    ],
)
def test_a_held_order_waits_in_the_inbox_and_on_the_bell(held, seller, language, said):
    page = read(browse(seller, language), PAGE)
    for one in said:
        assert one in words(page)
    assert 'class="bell-count"' in page
    assert 'class="bell-count"' in read(browse(seller, language), "/")


def test_whoever_may_not_see_decisions_reads_what_happened_and_not_why(held):
    keeper = books.person("keeper", "WAREHOUSE", code="S01")
    Notice.objects.update(told=",WAREHOUSE,", at=keeper.date_joined)
    page = words(read(browse(keeper), PAGE))
    assert "Order O-1 is held." in page
    assert "over the limit" not in page


def test_opening_a_notice_leads_to_the_order_and_puts_it_aside(held, seller):
    client, told = browse(seller), Notice.objects.get()
    answer = client.get(f"{PAGE}{told.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/control/orders/{held.pk}/")
    assert "Nothing new" in words(read(client, PAGE))
    assert "Order O-1 is held." in words(read(client, PAGE, state="all"))
    assert 'class="bell-count"' not in read(client, f"{PAGE}count/")


def test_a_notice_for_others_is_not_there(held):
    stranger = books.person("li", "SALESPERSON", code="S02")
    assert browse(stranger).get(f"{PAGE}{Notice.objects.get().pk}/").status_code == 404


def test_lines_are_put_aside_by_choice_or_all_at_once(held, seller):
    deals.checked(held.document.account.customer, "O-2", 150_00)
    client = browse(seller)
    first = Notice.objects.order_by("id").first()
    page = client.post(f"{PAGE}seen/", {"chosen": [first.pk, "x"]}, follow=True).content.decode()
    assert "1 notice was marked as read." in words(page)
    assert "Order O-2 is held." in words(page)
    assert "Order O-1 is held." not in words(page)
    page = client.post(f"{PAGE}seen/", {"all": "1"}, follow=True).content.decode()
    assert "Nothing new" in words(page)


def test_it_is_found_by_number_customer_and_kind(held, seller):
    client = browse(seller)
    for query, there in (
        ({"q": "O-1"}, True),
        ({"q": "acme"}, True),
        ({"q": "O-7"}, False),
        ({"kind": "BREACH_BEGAN"}, False),
    ):
        assert ("Order O-1 is held." in words(read(client, PAGE, **query))) == there, query


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_speaks_and_opens(held, seller, language, kind):
    """Alone, and as one line for many that arose together."""
    subject = f"order:{held.pk}"
    customer = held.document.account.customer_id
    data = {"number": "X-1", "reasons": ["OVER_LIMIT"], "reason": "why", "count": 1, "amount": 1, "currency": "USD"}
    data |= {"cause": "MANUAL", "scope": "ALL"}
    more = {"told": ",SALESPERSON,", "on": DAY, "at": Notice.objects.get().at, "by": books.person("somebody")}
    one = Notice.objects.create(kind=kind, subject=subject, customer_id=customer, data=data, **more)
    client = browse(seller, language)
    assert "X-1" in words(read(client, PAGE, kind=kind)) or "X-1" not in str(kind)
    assert client.get(f"{PAGE}{one.pk}/").status_code == 302
    bundle = {"kind": kind, "subject": subject, "customer_id": customer, "data": data, "bundle": "0" * 32, **more}
    Notice.objects.bulk_create([Notice(**bundle) for _ in range(21)])
    page = words(read(client, PAGE, kind=kind))
    assert "21" in page
    first = Notice.objects.filter(bundle__isnull=False).order_by("id").first()
    assert client.get(f"{PAGE}{first.pk}/").headers["Location"].startswith(("/control/", "/customers/"))


@pytest.mark.covers("LM-002", "OC-008")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_salesperson_asks_for_the_release_and_the_signer_reads_why(held, seller, chief, language):
    client = browse(seller, language)
    page = read(client, f"/control/orders/{held.pk}/")
    assert 'value="ask"' in page
    assert 'value="release"' not in page
    client.post(f"/control/orders/{held.pk}/verdict/", {"verb": "ask", "reason": "they pay tomorrow"}, follow=True)
    assert "they pay tomorrow" in read(browse(chief, language), PAGE)
    assert "they pay tomorrow" in read(browse(chief, language), f"/control/orders/{held.pk}/")
    assert "wang" in words(read(browse(chief, language), "/control/held/"))
    assert 'value="ask"' not in read(client, f"/control/orders/{held.pk}/"), "once is enough"


def test_several_are_asked_for_at_once(held, seller, chief):
    other = deals.checked(held.document.account.customer, "O-2", 150_00)
    sent = {"verb": "ask", "reason": "please", "chosen": [held.pk, other.pk]}
    browse(seller).post("/control/held/many/", sent, follow=True)
    assert control.ReleaseRequest.objects.count() == 2


def test_asking_needs_a_reason_and_the_right(held, seller):
    auditor = books.person("audit", "AUDITOR")
    assert browse(seller).post(f"/control/orders/{held.pk}/verdict/", {"verb": "ask"}).status_code == 422
    answer = browse(auditor).post(f"/control/orders/{held.pk}/verdict/", {"verb": "ask", "reason": "x"})
    assert answer.status_code == 403
    assert not control.ReleaseRequest.objects.exists()
