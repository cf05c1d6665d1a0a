"""Where this installation keeps what is its own: the embedded database, its secrets, its backups (XINHENG_HOME)."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse


def home() -> Path:
    """XINHENG_HOME, ./var by default."""
    return Path(os.environ.get("XINHENG_HOME") or "var").resolve()


def secret(name: str = "secret") -> str:
    """A secret made at first start and readable by its owner only."""
    path = home() / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        value = secrets.token_urlsafe(50)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # somebody else started at the same moment
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(value)
        return value


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
    path.parent.mkdir(parents=True, exist_ok=True)
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
