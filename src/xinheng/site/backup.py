"""One file holds everything: the tables as they stand at one moment, and the company's secrets and files beside them.

SQLite is copied with its own backup interface while people work; PostgreSQL through pg_dump, which reads one snapshot.
A restore is whole or does not happen: secrets and files are put in place first and taken back when the tables cannot be
brought in, which is one transaction.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic, is_postgres
from xinheng.base.errors import BadInput, XinhengError
from xinheng.base.files import NotWritten, why
from xinheng.base.models import Company, User
from xinheng.site import archive, founding, home, postgres_programs

_SQLITE, _POSTGRES = "xinheng.sqlite3", "xinheng.pgdump"
#: What of the home goes along: the secrets made at first start and the files people attached.
_KEPT = ("secret", "demo-password", archive.FILES)
_KNOWN = frozenset({_SQLITE, _POSTGRES, *_KEPT}) - {archive.FILES}
_FORMAT = 1


class BadBackup(BadInput):
    """Not a backup, damaged, or of another engine.  params: path."""

    code = "BAD_BACKUP"


class BackupTooNew(BadInput):
    """Written by a newer Xinheng than this one.  params: path, version."""

    code = "BACKUP_TOO_NEW"


class NotEmpty(XinhengError):
    """There are books, or somebody else's tables, here already."""

    code = "NOT_EMPTY"


def backup(file: Path, *, by: User) -> dict[str, object]:
    """Write a backup; the file appears, readable by its owner only, when it is complete.

    Raises:
        Refused, NotWritten, ProgramFailed (pg_dump).
    """
    rights.require(by, "admin.settings")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".xinheng-backup-") as scratch:
            packed = Path(scratch) / "packed"
            about = _about()
            parts = _dump(Path(scratch)) | {name: settings.HOME / name for name in _KEPT}
            archive.pack(packed, parts, about)
            packed.chmod(0o600)
            packed.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise NotWritten(path=str(file), said=why(error) if isinstance(error, OSError) else error) from None
    digest = archive.digest(file)
    with atomic():
        data = {"file": file.name, "sha256": digest}
        audit.record("settings", "base.backup.made", "backup", by=by, data=data)
    return {"file": str(file), "bytes": file.stat().st_size, "sha256": digest}


def _about() -> dict[str, object]:
    return {
        "format": _FORMAT,
        "version": version("xinheng"),
        "made_at": clock.now().isoformat(),
        "engine": connection.vendor,
        "company": clock.company().name,
        "migrations": sorted(map(".".join, MigrationLoader(connection).applied_migrations)),
    }


def _dump(inside: Path) -> dict[str, Path]:
    """The tables as they stand at one moment, whoever writes meanwhile."""
    if is_postgres():
        target = inside / _POSTGRES
        postgres_programs.dump(target)
        return {_POSTGRES: target}
    target = inside / _SQLITE
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)  # all pages in one step: one snapshot
    finally:
        copy.close()
    return {_SQLITE: target}


def restore(file: Path) -> dict[str, object]:
    """Bring a backup back where there are no books yet; one of an older version is brought up to date.

    Raises:
        BadBackup, BackupTooNew, NotEmpty, ProgramFailed (pg_restore).
    """
    if connection.introspection.table_names():
        raise NotEmpty
    try:
        with tempfile.TemporaryDirectory(dir=home.make(), prefix=".xinheng-restore-") as scratch:
            inside = Path(scratch)
            dump = _checked(file, inside)
            with _in_place(inside):
                postgres_programs.restore(dump) if is_postgres() else _restore_sqlite(dump)
    except (archive.Damaged, sqlite3.Error, FileNotFoundError):
        raise BadBackup(path=str(file)) from None
    founding.bring_up_to_date()
    with atomic():
        data = {"file": file.name, "sha256": archive.digest(file)}
        audit.record("settings", "base.backup.restored", "backup", by=founding.console(), data=data)
    return {"file": str(file), "company": Company.objects.get().name}


def _checked(file: Path, inside: Path) -> Path:
    """Take the archive apart; the dump in it, if these books can take it."""
    about = archive.unpack(file, inside, known=_KNOWN)
    dump = inside / (_POSTGRES if is_postgres() else _SQLITE)
    if about.get("engine") != connection.vendor or not dump.is_file():
        raise BadBackup(path=str(file))
    if about.get("format") != _FORMAT or _unknown_migrations(about):
        raise BackupTooNew(path=str(file), version=about.get("version", "?"))
    return dump


def _unknown_migrations(about: dict[str, Any]) -> set[str]:
    """What was done to those tables and is not known here."""
    here = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    return set(about.get("migrations", ())) - here


@contextmanager
def _in_place(inside: Path) -> Iterator[None]:
    """Put secrets and files where they belong; if the block fails, what was there before comes back."""
    before = inside / "before"
    before.mkdir()
    moved = [name for name in _KEPT if (inside / name).exists()]
    for name in moved:
        target = settings.HOME / name
        if target.exists():
            target.rename(before / name)
        (inside / name).rename(target)
    try:
        yield
    except BaseException:
        for name in moved:
            target = settings.HOME / name
            shutil.rmtree(target) if target.is_dir() else target.unlink()
            if (before / name).exists():
                (before / name).rename(target)
        raise


def _restore_sqlite(dump: Path) -> None:
    """Into the database file of this home, in one transaction of SQLite's own."""
    connection.ensure_connection()
    source = sqlite3.connect(dump)
    try:
        source.backup(connection.connection)
    finally:
        source.close()
        connection.close()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise sqlite3.DatabaseError(str(error)) from error
