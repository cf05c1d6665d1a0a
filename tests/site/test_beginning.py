"""My company: founded in the browser by whoever holds the code of the start, once, and never in the demo's books."""

import pytest
from django.test import Client

from tests import books
from tests.site.visits import words
from xinheng.base.models import AuditLine, Company, User
from xinheng.desk.exposure.public import Entity
from xinheng.site import beginning, founding

pytestmark = pytest.mark.django_db
GOOD = "correct-horse-battery-7"


@pytest.fixture
def empty(settings, tmp_path, monkeypatch):
    """Books with nothing in them."""
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "home"))
    founding.begin(currency="CNY", name="")


def asked(*people, **stated) -> dict[str, str]:
    """What the form sends."""
    sent = {
        "code": beginning.code(),
        "name": "Acme 有限公司",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        **stated,
    }
    sent |= {"people-TOTAL_FORMS": "4", "people-INITIAL_FORMS": "1"}
    for number, (username, role, password) in enumerate(people):
        for name, value in {"username": username, "role": role, "password": password, "name": ""}.items():
            sent[f"people-{number}-{name}"] = value
    return sent


ADMIN, MANAGER = ("boss", "ADMINISTRATOR", GOOD), ("he", "FINANCE_MANAGER", GOOD)


def go(language="en") -> Client:
    client = Client()
    client.cookies["django_language"] = {"zh": "zh-hans", "en": "en"}[language]
    return client


def test_empty_books_lead_everybody_to_their_beginning(empty):
    answer = go().get("/customers/")
    assert (answer.status_code, answer.url) == (302, "/begin/")
    assert "These books are empty" in words(go().get("/begin/").content.decode())
    assert "账本还是空的" in words(go("zh").get("/begin/").content.decode())
    shown = go().get("/begin/", {"code": "abc"}).content.decode()
    assert 'value="abc"' in shown


def test_a_company_begins_with_its_name_currency_time_zone_and_people(empty):
    client = go()
    answer = client.post("/begin/", asked(ADMIN, MANAGER))
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    company = Company.objects.get()
    assert (company.name, company.currency, company.time_zone) == ("Acme 有限公司", "EUR", "Europe/Berlin")
    assert Entity.objects.get(code="MAIN").name == "Acme 有限公司"
    assert dict(User.objects.exclude(username="console").values_list("username", "roles")) == {
        "boss": ["ADMINISTRATOR"],
        "he": ["FINANCE_MANAGER"],
    }
    assert AuditLine.objects.get(verb="base.company.begun").data["currency"] == "EUR"
    assert "“Acme 有限公司” begins." in words(client.get("/accounts/login/").content.decode())
    assert client.post("/accounts/login/", {"login": "he", "password": GOOD}).status_code == 302
    assert client.get("/customers/").status_code == 200


def test_it_begins_once(empty):
    go().post("/begin/", asked(ADMIN))
    assert go().get("/begin/").url == "/accounts/login/"
    assert go().post("/begin/", asked(("late", "ADMINISTRATOR", GOOD), name="Mine")).url == "/accounts/login/"
    assert Company.objects.get().name == "Acme 有限公司"
    with pytest.raises(beginning.AlreadyBegun):
        people = [beginning.Person("late", GOOD, ["ADMINISTRATOR"])]
        beginning.begin(beginning.Start("Mine", "EUR", "Europe/Berlin", people))


@pytest.mark.parametrize("touch", ["customer", "person", "demo"])
def test_books_in_which_something_stands_do_not_begin(empty, touch):
    if touch == "customer":
        books.customer("A")
    elif touch == "person":
        books.person("fm", "FINANCE_MANAGER")
    else:
        Company.objects.update(simulated="演示数据")
    assert go().get("/begin/").url == "/accounts/login/"
    assert go().get("/customers/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("people", "stated", "said"),
    [
        ([ADMIN], {"code": "guessed"}, ("This is not the code.", "起始码不正确")),
        ([MANAGER], {}, ("has to be the administrator", "必须有一位是系统管理员")),
        ([("boss", "ADMINISTRATOR", "123")], {}, ("password", "密码")),
        ([ADMIN, ADMIN], {}, ("exists already", "已存在")),
        ([ADMIN], {"name": "   "}, ("required", "必填")),
        ([ADMIN], {"currency": "XX1"}, ("Select a valid choice", "选择一个有效的选项")),
        ([ADMIN, ("he", "", GOOD)], {}, ("required", "必填")),
    ],
)
def test_what_cannot_begin_is_told_and_nothing_is_written(empty, people, stated, said, language):
    answer = go(language).post("/begin/", asked(*people, **stated))
    assert answer.status_code == 422
    assert said[language == "zh"] in words(answer.content.decode())
    assert not User.objects.exclude(username="console").exists()
    assert Company.objects.get().currency == "CNY"


def test_passwords_are_never_shown_again(empty):
    page = go().post("/begin/", asked(ADMIN, code="guessed")).content.decode()
    assert GOOD not in page


def test_the_code_is_told_to_whoever_starts_the_server(founded):
    said = founded.run("manage", "shell", "-c", "from xinheng.site import demo; print(*demo.welcome('http://x/'))").out
    assert "http://x/begin/?code=" in said
