"""The file a backup is: a gzipped tar of named parts, closed by a page with what they are and their fingerprints.

An archive comes from outside, so nothing in it is believed: only names known here are taken out, only plain files,
never a link, never a path that leads elsewhere, and every byte must be the one that was put in.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

ABOUT = "about.json"
#: The folder of the home that may hold any number of files.
FILES = "files"
_ABOUT_BYTES_MAX = 16 << 20
_PIECE = 1 << 20
#: Whoever runs the server may read what was restored, nobody else.
_OWNER_ONLY = 0o600


class Damaged(Exception):
    """Not an archive of ours, or not as it was written."""


class _Hashing(io.RawIOBase):
    """Reads a file and knows the fingerprint of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def pack(into: Path, parts: Mapping[str, Path], about: Mapping[str, Any]) -> None:
    """Write ``parts`` (name in the archive → file or folder) and the closing page, and wait for the disk."""
    digests: dict[str, str] = {}
    with into.open("wb") as raw:
        # Level 1: a backup must not take the machine away from whoever is waiting for a decision.
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as archive:
            for name, path in _single_files(parts):
                with path.open("rb") as file:
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mode = os.fstat(file.fileno()).st_size, _OWNER_ONLY
                    hashing = _Hashing(file)
                    archive.addfile(entry, hashing)  # type: ignore[arg-type]
                    digests[name] = hashing.hexdigest()
            page = json.dumps({**about, "parts": digests}, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(ABOUT)
            entry.size, entry.mode = len(page), _OWNER_ONLY
            archive.addfile(entry, io.BytesIO(page))
        raw.flush()
        os.fsync(raw.fileno())


def _single_files(parts: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, path in parts.items():
        if path.is_file():
            yield name, path
        elif path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and not file.is_symlink():
                    yield f"{name}/{file.relative_to(path).as_posix()}", file


def unpack(file: Path, into: Path, *, known: frozenset[str]) -> dict[str, Any]:
    """Take the archive apart into an empty folder; what its closing page says.

    Only the names in ``known`` and whatever lies in ``files/`` are taken.

    Raises:
        Damaged
    """
    digests: dict[str, str] = {}
    page: bytes | None = None
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            for entry in archive:
                if page is not None or entry.name in digests or not entry.isreg():
                    raise Damaged(entry.name)
                stream = archive.extractfile(entry)
                if stream is None:
                    raise Damaged(entry.name)
                if entry.name == ABOUT:
                    page = stream.read(_ABOUT_BYTES_MAX)
                else:
                    digests[entry.name] = _take_out(stream, into / _safe(entry.name, known))
        about = json.loads(page or b"")
    except (OSError, tarfile.TarError, zlib.error, EOFError, ValueError, RecursionError) as error:
        raise Damaged(str(error)) from error
    if not isinstance(about, dict) or about.get("parts") != digests:
        raise Damaged(ABOUT)
    return about


def _safe(name: str, known: frozenset[str]) -> PurePosixPath:
    """The name as a path inside the folder.

    Raises:
        Damaged: a name we do not write, or a path that leads elsewhere.
    """
    path = PurePosixPath(name)
    in_files = len(path.parts) > 1 and path.parts[0] == FILES and ".." not in path.parts
    if (name in known or in_files) and str(path) == name and "\\" not in name and "\0" not in name:
        return path
    raise Damaged(name)


def _take_out(stream: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as out:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def digest(path: Path) -> str:
    """The fingerprint of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
