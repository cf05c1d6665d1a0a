"""Where files that people bring are kept: under their own digest, in the home, where no web server looks.

A name from outside is never a path.  The same file twice is kept once; nothing here is ever changed or taken away.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from xinheng.base.errors import BadInput
from xinheng.exchange.sheets.errors import TooLarge

#: The endings of tables; what is inside is looked at as well (``sheets.signatures``).
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")


class BadEnding(BadInput):
    """By its name the file is no table.  params: path, endings."""

    code = "FILE_ENDING"


def keep(name: str, size: int, parts: Iterable[bytes]) -> str:
    """Keep the bytes and answer their digest (SHA-256).

    Raises:
        BadEnding, TooLarge.
    """
    if not name.lower().endswith(ENDINGS):
        raise BadEnding(path=name, endings=list(ENDINGS))
    if size > settings.IMPORT_MAX_BYTES:
        raise TooLarge(path=name, size=size, most=settings.IMPORT_MAX_BYTES)
    folder = _folder()
    digest = hashlib.sha256()
    handle, scratch = tempfile.mkstemp(dir=folder, prefix=".coming-")  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path_of(digest.hexdigest()))
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def path_of(digest: str) -> Path:
    """Where the file with this digest is."""
    return _folder() / digest


def rejects_of(upload_id: int) -> Path:
    """Where the bad rows of an upload are put aside."""
    return _folder() / f"rejects-{upload_id}.xlsx"


def _folder() -> Path:
    folder = settings.HOME / "files" / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
