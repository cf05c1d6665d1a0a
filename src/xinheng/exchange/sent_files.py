"""Files that come over HTTP: of a kind that can be read and not too large, kept until their import is through."""

import secrets
import shutil
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from xinheng.exchange.sheets.errors import NotATable, TooLarge

#: What a table may come as.
ENDINGS = (".csv", ".tsv", ".txt", ".xls", ".xlsx")
_NAME_MAX = 120


def keep(file: UploadedFile) -> Path:
    """Put a file that was sent where the import finds it, under its own name in a folder of its own.

    Raises:
        NotATable, TooLarge: nothing is kept.
    """
    name = PurePath((file.name or "").replace("\\", "/")).name[-_NAME_MAX:]
    if not name.lower().endswith(ENDINGS) or not name.isprintable():
        raise NotATable(path=name, what=PurePath(name).suffix)
    if (file.size or 0) > settings.IMPORT_MAX_BYTES:
        raise TooLarge(path=name, size=file.size or 0, most=settings.IMPORT_MAX_BYTES)
    folder = Path(settings.HOME) / "uploads" / secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True)
    with (folder / name).open("xb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return folder / name


def forget(path: Path) -> None:
    """Drop a kept file with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)
