"""People as the room of settings has them: let in, changed, shut out; passwords and tokens that are shown once."""

import re

import pytest
from django.test import Client

from tests import books
from tests.site.visits import browse, read, words
from xinheng.base import people, staff
from xinheng.base.errors import Refused, WrongState
from xinheng.base.models import AuditLine, Branch, Token, User
from xinheng.site import founding

pytestmark = pytest.mark.django_db
SECRET = re.compile(r'<code class="secret" id="secret">([^<]+)</code>')


@pytest.fixture
def admin(acme):
    return books.person("admin", "ADMINISTRATOR", name_en="Lu Yuan")


@pytest.fixture
def lin(acme):
    Branch.objects.get_or_create(code="SH", defaults={"name": "Shanghai"})
    return people.add_user("lin", "correct-horse-battery", by=founding.console(), roles=["SALESPERSON"], code="S01")


def sign_in(username, password) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def test_somebody_entered_comes_in_with_the_password_shown_once_and_chooses_another(admin):
    typed = {"username": "chen", "name_zh": "陈舟", "name_en": "Chen Zhou", "roles": ["AUDITOR"], "language": "en"}
    answer = browse(admin).post("/settings/people/new/", typed)
    secret = SECRET.search(answer.content.decode()).group(1)
    assert answer["Cache-Control"] == "no-store"
    chen = sign_in("chen", secret)
    there = chen.get("/customers/")
    assert (there.status_code, there.url) == (302, "/accounts/password/change/")
    assert "somebody else knows" in read(chen, "/accounts/password/change/")
    own = {"oldpassword": secret, "password1": "quite-another-horse", "password2": "quite-another-horse"}
    assert chen.post("/accounts/password/change/", own).status_code == 302
    assert chen.get("/customers/").status_code == 200
    done = list(AuditLine.objects.filter(subject="user:chen").order_by("pk").values_list("verb", flat=True))
    assert done == ["base.user.added", "base.user.password-changed"]
    assert secret not in str(list(AuditLine.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "lin"}, "exists already"),
        ({"username": "a b"}, "Enter a valid value"),
        ({"roles": []}, "Give at least one role"),
        ({"roles": ["CONSOLE"]}, "not one of the available choices"),
        ({"code": "S01"}, "borne by “lin” already"),
    ],
)
def test_what_cannot_be_is_told_beside_what_was_typed(admin, lin, wrong, said):
    typed = {"username": "new", "name_en": "Somebody New", "roles": ["AUDITOR"], **wrong}
    answer = browse(admin).post("/settings/people/new/", typed)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())
    assert "Somebody New" in answer.content.decode()
    assert not User.objects.filter(username="new").exists()


def test_a_change_keeps_before_and_after_and_the_same_again_leaves_no_line(admin, lin):
    page = f"/settings/people/{lin.pk}/change/"
    typed = {"name_en": "Lin Xiao", "roles": ["SALESPERSON", "CUSTOMER_SERVICE"], "branch": "SH", "code": "S01"}
    for _ in range(2):
        assert browse(admin).post(page, typed).status_code == 302
    (line,) = AuditLine.objects.filter(verb="base.user.changed")
    assert line.data["before"]["roles"] == ["SALESPERSON"]
    assert line.data["after"] == {"branch": "SH", "name_en": "Lin Xiao", "roles": typed["roles"]}
    said = words(read(browse(admin), f"/settings/people/{lin.pk}/"))
    assert "Lin Xiao lin in" in said
    assert "Customer service" in said


def test_nobody_gives_roles_to_themselves_or_shuts_themselves_out(admin):
    client = browse(admin)
    typed = {"roles": ["ADMINISTRATOR", "GENERAL_MANAGER"], "name_en": "Lu Yuan"}
    answer = client.post(f"/settings/people/{admin.pk}/change/", typed)
    assert "Nobody changes their own roles" in answer.content.decode()
    assert "Nobody changes their own roles" in client.post(f"/settings/people/{admin.pk}/shut-out/").content.decode()
    admin.refresh_from_db()
    assert (admin.roles, admin.is_active) == (["ADMINISTRATOR"], True)


def test_the_operator_of_the_server_is_nobodys_to_change(admin):
    console = founding.console()
    assert browse(admin).get(f"/settings/people/{console.pk}/").status_code == 404
    with pytest.raises(staff.ConsoleStays):
        staff.deactivate("console", by=admin)


def test_whoever_is_shut_out_is_out_at_once_with_every_token_and_may_be_let_in_again(admin, lin):
    at_work = sign_in("lin", "correct-horse-battery")
    secret, _ = people.new_token("lin", days=9, label="till", by=lin)
    assert at_work.get("/customers/").status_code == 200
    browse(admin).post(f"/settings/people/{lin.pk}/shut-out/")
    assert at_work.get("/customers/").status_code == 302
    with pytest.raises(people.BadToken):
        people.owner_of(secret)
    assert sign_in("lin", "correct-horse-battery").get("/customers/").status_code == 302
    browse(admin).post(f"/settings/people/{lin.pk}/let-in/")
    assert sign_in("lin", "correct-horse-battery").get("/customers/").status_code == 200
    with pytest.raises(people.BadToken):
        people.owner_of(secret)
    with pytest.raises(WrongState):
        staff.activate("lin", by=admin)


def test_a_new_password_ends_the_old_one_and_every_browser(admin, lin):
    at_work = sign_in("lin", "correct-horse-battery")
    answer = browse(admin).post(f"/settings/people/{lin.pk}/password/")
    secret = SECRET.search(answer.content.decode()).group(1)
    assert at_work.get("/customers/").status_code == 302
    assert sign_in("lin", "correct-horse-battery").get("/").url.startswith("/accounts/login/")
    assert sign_in("lin", secret).get("/").url == "/accounts/password/change/"


def test_one_browser_is_signed_out_and_the_other_stays(lin):
    here, there = sign_in("lin", "correct-horse-battery"), sign_in("lin", "correct-horse-battery")
    page = read(here, "/account/sessions/")
    numbers = re.findall(r"/account/sessions/(\d+)/end/", page)
    assert len(numbers) == 2
    here.post(f"/account/sessions/{min(map(int, numbers))}/end/")  # the first to come in is here
    assert here.get("/account/sessions/").status_code == 302
    assert there.get("/account/sessions/").status_code == 200
    assert AuditLine.objects.get(verb="base.session.ended").actor == lin


def test_somebody_elses_browser_and_token_are_not_there(admin, lin):
    sign_in("lin", "correct-horse-battery")
    _, token = people.new_token("lin", days=9, label="till", by=lin)
    page = read(browse(admin), f"/settings/people/{lin.pk}/")
    number = re.search(r"/account/sessions/(\d+)/end/", page).group(1)
    other = browse(books.person("other", "AUDITOR"))
    assert other.post(f"/account/sessions/{number}/end/").status_code == 404
    assert other.post(f"/account/tokens/{token.pk}/end/").status_code == 404
    assert browse(admin).post(f"/account/sessions/{number}/end/").url == f"/settings/people/{lin.pk}/"


def test_a_token_of_ones_own_is_shown_once_acts_and_ends(lin):
    client = sign_in("lin", "correct-horse-battery")
    answer = client.post("/account/tokens/new/", {"label": "till", "days": "30"})
    secret = SECRET.search(answer.content.decode()).group(1)
    assert people.owner_of(secret) == lin
    listed = read(client, "/account/tokens/")
    assert "till" in listed
    assert secret not in listed
    client.post(f"/account/tokens/{Token.objects.get().pk}/end/")
    with pytest.raises(people.BadToken):
        people.owner_of(secret)
    assert "None that still opens anything" in read(client, "/account/tokens/")
    for days in ("0", "3651", "x"):
        assert client.post("/account/tokens/new/", {"label": "till", "days": days}).status_code == 422


def test_the_list_is_picked_by_words_role_and_state(admin, lin, manager):
    staff.deactivate("lin", by=admin)
    client = browse(admin)
    for query, shown in (
        ({"q": "he li"}, {"fm"}),
        ({"q": "S01"}, {"lin"}),
        ({"role": "SALESPERSON"}, {"lin"}),
        ({"state": "in"}, {"admin", "fm"}),
        ({"state": "out"}, {"lin"}),
    ):
        said = read(client, "/settings/people/", **query)
        assert {name for name in ("admin", "lin", "fm") if f'<span class="below">{name}</span>' in said} == shown, query
    assert "1 is shut out" in read(client, "/settings/people/")


@pytest.mark.covers("OC-012")
def test_roles_stand_with_their_rights_in_words(admin, manager):
    said = words(read(browse(admin), "/settings/roles/"))
    assert "Finance manager FINANCE_MANAGERsees all customers He Li" in said
    assert "close a month" in said


def test_the_first_page_shows_only_what_the_reader_may_use(admin, lin):
    def links(user):
        return set(re.findall(r'class="card tile" href="([^"]+)"', read(browse(user), "/settings/")))

    own = {"/account/sessions/", "/account/tokens/", "/accounts/password/change/", "/settings/jobs/"}
    assert own | {"/settings/people/", "/settings/tokens/", "/settings/audit/"} <= links(admin)
    read_by_all = {f"/settings/{page}/" for page in ("months", "places", "calendar", "rates", "terms")}
    assert links(lin) == own | read_by_all
    assert links(books.person("shi", "WAREHOUSE")) == own


def test_the_actions_ask_for_the_right_themselves(lin, manager):
    for act in (staff.deactivate, staff.activate, staff.renew_password, staff.end_seats):
        with pytest.raises(Refused):
            act("lin", by=manager)
    with pytest.raises(Refused):
        staff.change_user("lin", by=manager, name_en="x")
