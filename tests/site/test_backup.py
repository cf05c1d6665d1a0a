"""Backup and restore, one command each: everything comes back, or nothing does."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests import installation
from xinheng.site import archive

#: Two customers who owe, one of them with a decision on an order.
BOOKS = """
from tests import books
from tests.site.test_doors import an_order
from xinheng.rules.road import Kind
books.found()
for code in ("A", "B"):
    who = books.customer(code)
    books.line(who, 500_00)
    books.add(books.document(who, Kind.INVOICE, f"I-{code}", 120_00, due_on=books.DAY))
    an_order(who, f"S-{code}", 80_00)
"""
#: Somebody who posts invoices, one transaction each, until told to stop.
WRITER = """
import itertools, sys, threading
from tests import books
from xinheng.base import database
from xinheng.desk.customers.public import Customer
from xinheng.rules.road import Kind
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
who = Customer.objects.get(code="A")
for n in itertools.count():
    with database.atomic():
        books.add(books.document(who, Kind.INVOICE, f"W-{n}", 1_00, due_on=books.DAY))
    if n == 20:
        print("writing", flush=True)
    if stop.is_set():
        break
"""
_VERIFY = {"differences": []}
KNOWN = frozenset({"xinheng.sqlite3", "xinheng.pgdump", "secret", "demo-password"})


@pytest.fixture
def lived_in(founded):
    founded.python(BOOKS)
    (founded.home / "files" / "contracts").mkdir(parents=True)
    (founded.home / "files" / "contracts" / "合同.pdf").write_bytes(b"signed")
    return founded


def test_what_was_backed_up_stands_elsewhere_afterwards(lived_in, empty, tmp_path):
    file = tmp_path / "all.tar.gz"
    made = lived_in.does("backup", file, "--json").json()
    assert made["file"] == str(file)
    assert file.stat().st_mode & 0o777 == 0o600
    elsewhere = empty()
    elsewhere.does("restore", file)
    for words in (("exposure", "A", "--json"), ("ageing", "--json"), ("decisions", "list", "--json")):
        assert elsewhere.does(*words).json() == lived_in.does(*words).json()
    assert elsewhere.does("verify", "--json").json() == _VERIFY
    assert (elsewhere.home / "files" / "contracts" / "合同.pdf").read_bytes() == b"signed"
    secret = elsewhere.home / "secret"
    assert secret.read_text() == (lived_in.home / "secret").read_text()
    assert secret.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in elsewhere.home.iterdir() if path.name.startswith(".")] == []
    lines = (
        "from xinheng.base.models import AuditLine as L; print(*L.objects.filter(stream='settings')"
        ".values_list('verb', flat=True))"
    )
    assert lived_in.python(lines).split() == ["base.backup.made"]
    assert elsewhere.python(lines).split() == ["base.backup.restored"]


def test_a_backup_taken_while_people_write_is_of_one_moment(lived_in, empty, tmp_path):
    file = tmp_path / "all.tar.gz"
    command = lived_in.command()
    code = f"import django; django.setup()\n{WRITER}"
    writer = subprocess.Popen(
        [command[0], "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=lived_in.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings"),
    )  # fmt: skip
    assert writer.stdout.readline() == "writing\n"
    lived_in.does("backup", file)
    writer.communicate("stop\n")
    assert writer.returncode == 0
    elsewhere = empty()
    elsewhere.does("restore", file)
    assert elsewhere.does("verify", "--json").json() == _VERIFY
    counted = [
        int(where.python("from xinheng.desk.exposure.models import Document as D; print(D.objects.count())"))
        for where in (elsewhere, lived_in)
    ]
    assert 20 < counted[0] < counted[1]


def test_nothing_is_restored_over_books(lived_in, tmp_path):
    file = tmp_path / "all.tar.gz"
    lived_in.does("backup", file)
    before = lived_in.does("exposure", "A", "--json").out
    answer = lived_in.run("restore", file, "--json")
    assert (answer.code, answer.json()["error"]["code"]) == (1, "NOT_EMPTY")
    assert lived_in.does("exposure", "A", "--json").out == before


def test_only_who_may_manage_settings_takes_everything_away(founded, tmp_path):
    founded.does("user", "add", "lin", "--role", "SALESPERSON", "--password", "correct-horse-battery")
    token = founded.does("token", "new", "lin").out.strip()
    answer = founded.run("backup", tmp_path / "mine.tar.gz", "--json", XINHENG_TOKEN=token)
    assert (answer.code, answer.json()["error"]["code"]) == (1, "PERMISSION_DENIED")
    assert list(tmp_path.glob("*.tar.gz")) == []


def test_a_backup_that_cannot_be_written_is_a_sentence(founded, tmp_path):
    answer = founded.run("backup", tmp_path / "nowhere" / "all.tar.gz", "--json")
    assert (answer.code, answer.json()["error"]["code"]) == (1, "FILE_NOT_WRITTEN")


def _members(file):
    with tarfile.open(file) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def _write(file, members, *, also=()):
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in also:
            archive.addfile(entry)


def _with_about(members, **changes):
    about = json.loads(members["about.json"]) | changes
    return {**members, "about.json": json.dumps(about).encode()}


def _turned(content, at=2000):
    """The same with one byte another: behind the heading of the first part, so inside it."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _link(name, target):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def _first(members, **new):
    """New members before those that were there: the closing page stays the last."""
    return {**{name.replace("__", "/"): content for name, content in new.items()}, **members}


#: What is done to a good archive, and what the restore says to it.
SPOILT = {
    "cut short": lambda file, _: file.write_bytes(file.read_bytes()[:-4000]),
    "a byte changed": lambda file, _: file.write_bytes(gzip.compress(_turned(gzip.decompress(file.read_bytes())))),
    "not an archive": lambda file, _: file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300)),
    "empty": lambda file, _: file.write_bytes(b""),
    "an archive of something else": lambda file, _: _write(file, {"README": b"hello"}),
    "without its closing page": lambda file, m: _write(file, {n: c for n, c in m.items() if n != "about.json"}),
    "a closing page that is no JSON": lambda file, m: _write(file, m | {"about.json": b"{"}),
    "a closing page of another kind": lambda file, m: _write(file, m | {"about.json": b"[]"}),
    "a file outside": lambda file, m: _write(file, _first(m, **{"files/../../outside": b"x"})),
    "an absolute path": lambda file, m: _write(file, _first(m, **{"/tmp/outside": b"x"})),
    "a file we do not know": lambda file, m: _write(file, _first(m, **{"static/evil.js": b"x"})),
    "a part that the page does not name": lambda file, m: _write(file, _first(m, **{"files/more": b"x"})),
    "a link": lambda file, m: _write(file, m, also=[_link("files/link", "/etc")]),
}


@pytest.fixture(scope="session")
def good(template, tmp_path_factory):
    """A backup with nothing wrong in it."""
    file = tmp_path_factory.mktemp("good") / "all.tar.gz"
    with installation.copied(template, file.parent) as books:
        books.does("backup", file)
    return file


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_or_foreign_archive_is_taken_apart_no_further(how, good, tmp_path):
    file, inside = tmp_path / "all.tar.gz", tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    shutil.copy(good, file)
    assert archive.unpack(file, inside, known=KNOWN)["format"] == 1
    shutil.rmtree(inside)
    inside.mkdir()
    SPOILT[how](file, _members(file))
    with pytest.raises(archive.Damaged):
        archive.unpack(file, inside, known=KNOWN)
    assert [path for path in tmp_path.rglob("*outside*") if path != file] == []
    assert not Path("/tmp/outside").exists()
    assert [path for path in inside.rglob("*") if path.is_symlink()] == []


FOREIGN = {
    "cut short": SPOILT["cut short"],
    "not an archive": SPOILT["not an archive"],
    "of the other engine": lambda file, m: _write(file, _with_about(m, engine="oracle")),
    "not there": lambda file, _: file.unlink(),
}


@pytest.mark.parametrize("how", FOREIGN)
def test_a_spoilt_or_foreign_archive_restores_nothing(how, good, empty, tmp_path):
    file = tmp_path / "all.tar.gz"
    shutil.copy(good, file)
    FOREIGN[how](file, _members(file))
    elsewhere = empty()
    answer = elsewhere.run("restore", file, "--json")
    assert (answer.code, answer.json()["error"]["code"]) == (2, "BAD_BACKUP")
    assert answer.err == ""
    assert {path.name.split(".sqlite3")[0] for path in elsewhere.home.iterdir()} <= {"secret", "xinheng"}
    elsewhere.does("init")


@pytest.mark.parametrize("about", [{"format": 2}, {"migrations": ["exposure.0999_tomorrow"]}])
def test_a_backup_of_a_newer_version_says_so(good, empty, tmp_path, about):
    file = tmp_path / "all.tar.gz"
    shutil.copy(good, file)
    _write(file, _with_about(_members(file), version="9.0", **about))
    answer = empty().run("restore", file, "--json")
    assert (answer.code, answer.json()["error"]["code"]) == (2, "BACKUP_TOO_NEW")
    assert "9.0" in answer.json()["error"]["message"]


def test_secrets_come_back_when_the_tables_cannot_be_brought_in(good, empty, tmp_path):
    """A dump with the right fingerprint that the engine refuses."""
    file = tmp_path / "all.tar.gz"
    members = _members(good)
    dump = next(iter(members))
    members[dump] = b"not a database" * 1000
    parts = json.loads(members["about.json"])["parts"] | {dump: hashlib.sha256(members[dump]).hexdigest()}
    _write(file, _with_about(members, parts=parts))
    elsewhere = empty()
    elsewhere.home.mkdir()
    (elsewhere.home / "secret").write_text("mine")
    answer = elsewhere.run("restore", file, "--json")
    assert answer.code in {1, 2}
    assert answer.json()["error"]["code"] in {"BAD_BACKUP", "PROGRAM_FAILED"}
    assert (elsewhere.home / "secret").read_text() == "mine"
    elsewhere.does("init")
