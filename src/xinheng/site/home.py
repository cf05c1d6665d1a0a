"""Where this installation keeps what is its own: the embedded database, its secrets, its backups (XINHENG_HOME)."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse


def home() -> Path:
    """XINHENG_HOME, ./var by default."""
    return Path(os.environ.get("XINHENG_HOME") or "var").resolve()


def make() -> Path:
    """The home, made when missing and then open to its owner only: what customers owe is nobody else's business."""
    place = home()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def secret(name: str = "secret", *, bytes_long: int = 50) -> str:
    """A secret made at first start and readable by its owner only."""
    path = home() / name
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    make()
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(bytes_long))
    with suppress(FileExistsError):  # somebody else started at the same moment: theirs counts
        os.link(scratch, path)
    Path(scratch).unlink()
    return path.read_text(encoding="ascii").strip()


def database(url: str | None, *, wait_seconds: int) -> dict[str, object]:
    """Django's description of the database: PostgreSQL by URL, else SQLite inside the home.

    A writer waits ``wait_seconds`` for its lock (semantics.md 3).
    """
    if not url:
        return _sqlite(home() / "xinheng.sqlite3", wait_seconds)
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)), wait_seconds)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL: {parts.scheme}:// is neither postgresql:// nor sqlite://")
    options = dict(parse_qsl(parts.query))
    options["options"] = f"{options.get('options', '')} -c lock_timeout={wait_seconds * 1000}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path, wait_seconds: int) -> dict[str, object]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Immediate: two checks on one account queue up instead of failing half way (stack.md, trap 2).
            "transaction_mode": "IMMEDIATE",
            "timeout": wait_seconds,
            # FULL: what was promised to a customer survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=FILE; PRAGMA cache_size=-65536;",
        },
    }
