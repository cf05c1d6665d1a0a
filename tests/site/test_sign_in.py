"""The door itself: what is said to whoever cannot come in."""

import pytest
from django.test import Client

from tests import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone(acme):
    user = books.person("fm", "FINANCE_MANAGER")
    user.set_password("correct-horse-battery")
    user.save()
    return user


def knock(client, password, user="fm"):
    return client.post("/accounts/login/", {"login": user, "password": password})


def at_the_door(language):
    client = Client()
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize(
    ("language", "wrong", "locked"),
    [
        ("en", "The user name or the password is wrong.", "locked for this user for five minutes"),
        ("zh-hans", "用户名或密码不正确", "该用户五分钟内不能登录"),
    ],
)
def test_a_wrong_password_is_told_and_the_sixth_locks_the_user(someone, language, wrong, locked):
    client = at_the_door(language)
    said = [knock(client, "guess").content.decode() for _ in range(6)]
    assert all(wrong in one for one in said[:5])
    assert locked in said[5]
    assert locked in knock(client, "correct-horse-battery").content.decode()


def test_an_unknown_user_is_told_the_same_as_a_wrong_password(someone):
    assert "The user name or the password is wrong." in knock(at_the_door("en"), "x", "nobody").content.decode()


def test_a_flood_from_one_place_is_told_to_wait(someone, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    client = at_the_door("zh-hans")
    answers = [knock(client, "guess", f"user{number}") for number in range(3)]
    assert answers[-1].status_code == 429
    assert "请等几分钟再试" in answers[-1].content.decode()


def test_the_right_password_opens_and_goes_where_one_wanted_to_go(someone):
    client = at_the_door("en")
    answer = client.post("/accounts/login/?next=/customers/", {"login": "fm", "password": "correct-horse-battery"})
    assert (answer.status_code, answer.url) == (302, "/customers/")


def test_nobody_is_told_plainly_that_an_address_is_wrong(someone):
    said = Client().get("/no/such/page/").content.decode()
    assert "Sign out" not in said
    assert "退出登录" not in said
