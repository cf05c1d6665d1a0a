"""One file holds everything: the tables as they stand at one moment, and the company's secrets and files beside them.

SQLite is copied with its own backup interface while people work; PostgreSQL through pg_dump, which reads one snapshot.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection

from xinheng.base import clock
from xinheng.base.database import is_postgres
from xinheng.base.errors import BadInput, XinhengError
from xinheng.base.models import Company
from xinheng.site import founding

_SQLITE, _POSTGRES, _ABOUT = "xinheng.sqlite3", "xinheng.pgdump", "about.json"


class BadBackup(BadInput):
    """Not a backup, damaged, or of another engine.  params: path."""

    code = "BAD_BACKUP"


class NotEmpty(XinhengError):
    """There are books here already."""

    code = "NOT_EMPTY"


def backup(file: Path) -> dict[str, object]:
    """Write a backup; the file appears only when it is complete."""
    with tempfile.TemporaryDirectory(dir=_beside(file)) as scratch:
        inside = Path(scratch)
        dump = _dump_postgres(inside) if is_postgres() else _dump_sqlite(inside)
        about = {
            "made_at": clock.now().isoformat(),
            "engine": connection.vendor,
            "company": clock.company().name,
            "sha256": _digest(dump),
        }
        packed = inside / "packed.tar.gz"
        with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
            _add_text(archive, _ABOUT, json.dumps(about, ensure_ascii=False, indent=2))
            archive.add(dump, dump.name)
            if (secret := settings.HOME / "secret").exists():
                archive.add(secret, "secret")
            if (files := settings.HOME / "files").exists():
                archive.add(files, "files")
        packed.chmod(0o600)
        packed.replace(file)
    return {"file": str(file), "bytes": file.stat().st_size, "sha256": _digest(file)}


def restore(file: Path) -> dict[str, object]:
    """Bring a backup back where there are no books yet.

    Raises:
        BadBackup, NotEmpty.
    """
    if founding.is_founded():
        raise NotEmpty
    with tempfile.TemporaryDirectory(dir=settings.HOME) as scratch:
        inside = Path(scratch)
        about = _unpack(file, inside)
        dump = inside / (_POSTGRES if is_postgres() else _SQLITE)
        if about.get("engine") != connection.vendor or not dump.exists() or _digest(dump) != about.get("sha256"):
            raise BadBackup(path=str(file))
        if is_postgres():
            _pg("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "-d", _pg_name(), str(dump))
        else:
            _restore_sqlite(dump)
        for name in ("secret", "files"):
            if (inside / name).exists():
                target = settings.HOME / name
                shutil.rmtree(target, ignore_errors=True) if target.is_dir() else target.unlink(missing_ok=True)
                shutil.move(inside / name, target)
    return {"file": str(file), "company": Company.objects.get().name}


def _beside(file: Path) -> Path:
    if not file.parent.is_dir():
        raise BadBackup(path=str(file))
    return file.parent.resolve()


def _unpack(file: Path, into: Path) -> Mapping[str, str]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(into, filter="data")
        about: Mapping[str, str] = json.loads((into / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError):
        raise BadBackup(path=str(file)) from None
    return about


def _dump_sqlite(inside: Path) -> Path:
    target = inside / _SQLITE
    connection.ensure_connection()
    with sqlite3.connect(target) as copy:
        connection.connection.backup(copy)
    copy.close()
    return target


def _restore_sqlite(dump: Path) -> None:
    connection.ensure_connection()
    with sqlite3.connect(dump) as source:
        source.backup(connection.connection)
    source.close()
    connection.close()


def _dump_postgres(inside: Path) -> Path:
    target = inside / _POSTGRES
    _pg("pg_dump", "--format=custom", "--no-owner", "--file", str(target), _pg_name())
    return target


def _pg_name() -> str:
    return str(connection.settings_dict["NAME"])


def _pg(*command: str) -> None:
    """Run one of PostgreSQL's own programs with the connection's settings; the password never on the command line."""
    described = connection.settings_dict
    wanted = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {**os.environ, **{name: str(described[key]) for name, key in wanted.items() if described[key]}}
    try:
        subprocess.run(command, env=env, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise XinhengError(program=command[0]) from None
    except subprocess.CalledProcessError as error:
        raise XinhengError(program=command[0], said=error.stderr.strip()[-300:]) from None


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
