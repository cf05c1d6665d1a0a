"""Views of lists kept under a name, alone or for a role, and the columns one person looks at."""

import io
import zipfile

import pytest

from tests import books
from tests.site.visits import an_order, browse, read, words
from xinheng.base import lists
from xinheng.base.models import AuditLine, SavedView, ShownColumns

pytestmark = pytest.mark.django_db
VIEWS, COLUMNS = "/lists/views/", "/lists/columns/"


def keep(client, name, query, **more):
    return client.post(VIEWS, {"screen": "customers", "name": name, "query": query, **more})


def heads(page: str) -> list[str]:
    """The headings of the table of a page."""
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    return [words(f"<th{cell}") for cell in head.split("<th")[1:]]


def sheet(client, path, **query) -> str:
    """All texts of a list's Excel file."""
    answer = client.get(path, {**query, "format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return "".join(parts.read(one).decode() for one in parts.namelist() if one.endswith(".xml"))


def test_a_view_keeps_filters_order_and_columns_and_leads_back_to_them(acme, manager):
    client = browse(manager)
    answer = keep(client, " Late  ones ", "?only=overdue&sort=-overdue&columns=owed,overdue&page=3&format=xlsx&group=")
    assert answer.url == "/customers/?only=overdue&sort=-overdue&columns=owed%2Coverdue"
    said = read(client, "/customers/")
    assert "Late ones" in words(said)
    assert 'href="/customers/?only=overdue&amp;sort=-overdue&amp;columns=owed%2Coverdue"' in said
    assert "Late ones" not in words(read(client, "/control/orders/"))
    assert AuditLine.objects.get(verb="base.view.saved").data["name"] == "Late ones"


def test_a_view_of_the_same_name_is_replaced(acme, manager):
    client = browse(manager)
    keep(client, "mine", "sort=-owed")
    keep(client, "mine", "sort=owed")
    assert [one.query for one in SavedView.objects.all()] == ["sort=owed"]


def test_a_view_is_for_oneself_unless_shared_with_a_role_one_has(acme, manager):
    keep(browse(manager), "private", "sort=owed")
    keep(browse(manager), "ours", "sort=-owed", role="FINANCE_MANAGER")
    colleague = browse(books.person("fm2", "FINANCE_MANAGER"))
    said = words(read(colleague, "/customers/"))
    assert "oursfrom He Li" in said
    assert "private" not in said
    assert "ours" not in words(read(browse(books.person("sp", "SALESPERSON", code="S01")), "/customers/"))
    assert "shared with: Finance manager" in words(read(browse(manager), "/customers/"))
    theirs = SavedView.objects.get(name="ours")
    assert colleague.post(f"{VIEWS}{theirs.pk}/drop/").status_code == 404
    assert SavedView.objects.filter(pk=theirs.pk).exists()


def test_a_forgotten_view_is_gone_and_the_trail_tells_it(acme, manager):
    client = browse(manager)
    keep(client, "mine", "sort=-owed")
    answer = client.post(f"{VIEWS}{SavedView.objects.get().pk}/drop/")
    assert answer.url == "/customers/"
    assert "The view “mine” is forgotten." in words(read(client, "/customers/"))
    assert not SavedView.objects.exists()
    assert AuditLine.objects.get(verb="base.view.dropped").data["query"] == "sort=-owed"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"name": " "}, 422, {"en": "Give the view a name of at most 60", "zh": "请给视图起个名称"}),
        ({"name": "n" * 61}, 422, {"en": "Give the view a name of at most 60", "zh": "请给视图起个名称"}),
        ({"name": "x", "role": "GENERAL_MANAGER"}, 422, {"en": "with a role that you have", "zh": "只能共享给您自己"}),
        ({"name": "x", "query": "q=" + "y" * 2001}, 422, {"en": "So many filters", "zh": "筛选条件太多"}),
        ({"name": "x", "screen": "customer"}, 404, {"en": "nothing here", "zh": "这里没有内容"}),
        ({"name": "x", "screen": "//evil.example"}, 404, {"en": "nothing here", "zh": "这里没有内容"}),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_a_sentence(acme, manager, sent, status, said, language):
    answer = browse(manager, language).post(VIEWS, {"screen": "customers", "query": "", **sent})
    assert answer.status_code == status
    assert said[language] in words(answer.content.decode())
    assert not SavedView.objects.exists()


def test_columns_are_chosen_by_each_person_and_go_into_excel_and_the_address(acme, manager):
    client = browse(manager)
    assert "Exposure" in heads(read(client, "/customers/"))
    answer = client.post(COLUMNS, {"screen": "customers", "query": "sort=-owed&page=2", "column": ["owed", "status"]})
    assert answer.url == "/customers/?sort=-owed&columns=owed%2Cstatus"
    assert heads(read(client, "/customers/")) == ["Customer", "Owed", "Status"]
    assert "Exposure" not in sheet(client, "/customers/")
    assert "Owed" in sheet(client, "/customers/")
    assert "Exposure" in read(browse(books.person("fm2", "FINANCE_MANAGER")), "/customers/").split("<thead>")[1]
    shared = browse(books.person("fm3", "FINANCE_MANAGER"))
    assert len(heads(read(shared, "/customers/", columns="owed,status"))) == 3
    client.post(COLUMNS, {"screen": "customers", "query": "columns=owed", "usual": "1", "column": ["owed"]})
    assert not ShownColumns.objects.exists()
    assert len(heads(read(client, "/customers/"))) == 10


def test_a_column_beyond_ones_rights_is_not_to_be_had_by_asking(acme):
    client = browse(books.person("wh", "WAREHOUSE", code="S01"))
    an_order(acme, "ORD-1", 90_00)
    page = read(client, "/control/held/", columns="reasons,frees,amount")
    assert "What frees it" not in page.split("<thead>")[1]
    assert "Over the limit" not in words(page)


def test_columns_nobody_has_and_no_columns_at_all_show_the_usual_ones(acme, manager):
    client = browse(manager)
    for asked in ("nothing", ",", "name", "choose"):
        assert len(heads(read(client, "/customers/", columns=asked))) == 10, asked


def test_what_only_excel_had_can_be_shown(acme, manager):
    an_order(acme, "ORD-1", 90_00)
    client = browse(manager)
    assert "Who may release" not in read(client, "/control/held/").split("<thead>")[1]
    assert "Who may release" in read(client, "/control/held/", columns="reasons,signers").split("<thead>")[1]


@pytest.mark.parametrize("path", ["/receivables/items/", "/receivables/ageing/", "/inbox/", "/movements/"])
def test_every_list_can_be_kept(acme, manager, path):
    client = browse(manager)
    said = read(client, path)
    screen = said.split('name="screen" value="')[1].split('"')[0]
    assert client.post(VIEWS, {"screen": screen, "name": "mine", "query": ""}).url == path
    assert "mine" in words(read(client, path))


def test_the_question_of_an_address_is_what_does_not_pass():
    assert lists.asked_of("?a=1&page=2&format=xlsx&b=&c=x%26y") == "a=1&c=x%26y"


@pytest.mark.parametrize(
    "path", ["/customers/", "/receivables/items/", "/receivables/ageing/", "/movements/", "/control/orders/"]
)
def test_who_took_which_list_home_is_kept(acme, manager, path):
    an_order(acme, "ORD-1", 90_00)
    assert (
        browse(manager)
        .get(path, {"customer" if path != "/customers/" and "orders" not in path else "q": "A", "format": "xlsx"})
        .status_code
        == 200
    )
    line = AuditLine.objects.get(verb="base.list.exported")
    assert line.actor == manager
    assert line.data["query"].replace("&format=xlsx", "") in ("customer=A", "q=A")
    assert line.subject.startswith("list:")


def test_without_the_right_nothing_goes_into_a_file_and_nothing_is_kept(acme):
    answer = browse(books.person("wh", "WAREHOUSE", code="S01")).get("/control/orders/", {"format": "xlsx"})
    assert answer.status_code == 403
    assert not AuditLine.objects.filter(verb="base.list.exported").exists()
