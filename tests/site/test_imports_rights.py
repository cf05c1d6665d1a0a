"""Who may see and do what with imported files, as a table: every page of one's own file × every role that ships."""

import pytest

from tests import books
from tests.site.uploading import LIST
from tests.site.visits import browse
from xinheng.base import clock
from xinheng.base.models import Batch
from xinheng.exchange.models import Upload
from xinheng.exchange.uploads import store
from xinheng.rules.policy import shipped

pytestmark = pytest.mark.django_db

ROLES = sorted(shipped().roles)
#: Page → the rights it takes; the file and the batch are the reader's own, and hold invoices.
PAGES = {
    "": ("reports.view",),
    "{batch}/": ("reports.view",),
    "{batch}/undo/": ("reports.view", "import.undo"),
    "{batch}/original/": ("reports.view", "receivables.view"),
    "files/{upload}/": ("import.run",),
    "files/{upload}/original/": ("import.run",),
}
#: What only takes what a form sends.
FORMS = ("describe", "correct", "look", "land", "stop", "give-up")


@pytest.fixture
def mine(db, settings, tmp_path):
    """``mine(role)``: a person of that role with a batch and a file on its way."""
    settings.HOME = tmp_path
    books.found()

    def make(role):
        who = books.person("somebody", role)
        digest = store.keep("rows.csv", 2, [b"a\n"])
        told = {"kind": "invoices", "file_name": "rows.csv", "recorded_at": clock.now(), "recorded_by": who}
        table = {"headings": ["a"], "samples": [[]], "likeness": [["invoices", 9]]}
        batch = Batch.objects.create(file_digest=digest, **told)
        shared = {"digest": digest, "size": 2, "table": table, **told}
        Upload.objects.create(batch=batch, state=Upload.State.LANDED, **shared)
        upload = Upload.objects.create(**shared)
        return browse(who), {"batch": batch.pk, "upload": upload.pk}

    return make


@pytest.mark.parametrize("role", ROLES)
def test_every_page_asks_for_its_right(mine, role):
    client, ids = mine(role)
    allowed = shipped().roles[role]
    answers = {page: client.get(LIST + page.format(**ids)).status_code == 200 for page in PAGES}
    expected = {page: all(map(allowed.allows, rights)) for page, rights in PAGES.items()}
    if allowed.scope == "ALL" and not allowed.allows("receivables.post"):  # then only kinds one could bring oneself
        expected |= dict.fromkeys((page for page in PAGES if page.startswith("files/")), False)
    assert answers == expected


@pytest.mark.parametrize("role", [role for role in ROLES if not shipped().roles[role].allows("import.run")])
def test_nobody_sends_anything_about_a_file_without_the_right(mine, role):
    client, ids = mine(role)
    sent = {what: client.post(f"{LIST}files/{ids['upload']}/{what}/").status_code for what in FORMS}
    assert sent == dict.fromkeys(FORMS, 403)
    assert client.post(f"{LIST}bring/").status_code == 403
    assert Upload.objects.filter(pk=ids["upload"], state=Upload.State.OPEN).exists()
