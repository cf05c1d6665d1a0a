"""Where this installation keeps what is its own: the embedded database, its secrets, its backups (XINHENG_HOME)."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse


class BadSetting(Exception):
    """What the environment says cannot be used.  Raised before there is a language to say it in, so in both."""

    code = "BAD_SETTING"


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number of the environment.

    Raises:
        BadSetting
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name}={text}: must be a whole number from {least} to {most}. 须为该范围内的整数。")
    return int(text)


def home() -> Path:
    """XINHENG_HOME, ./var by default."""
    return Path(os.environ.get("XINHENG_HOME") or "var").resolve()


def make() -> Path:
    """The home, made when missing and then open to its owner only: what customers owe is nobody else's business."""
    place = home()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"XINHENG_HOME={place}: {error.strerror}. 该目录无法使用。") from None
    return place


def secret(name: str = "secret", *, bytes_long: int = 50) -> str:
    """A secret made at first start and readable by its owner only."""
    path = home() / name
    try:
        if not path.exists():
            _write_secret(path, secrets.token_urlsafe(bytes_long))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadSetting(f"XINHENG_HOME={path.parent}: {error.strerror}. 该目录无法使用。") from None


def _write_secret(path: Path, value: str) -> None:
    make()
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
    with suppress(FileExistsError):  # somebody else started at the same moment: theirs counts
        os.link(scratch, path)
    Path(scratch).unlink()


def database(url: str | None, *, wait_seconds: int) -> dict[str, object]:
    """Django's description of the database: PostgreSQL by URL, else SQLite inside the home.

    A writer waits ``wait_seconds`` for its lock (semantics.md 3).

    Raises:
        BadSetting
    """
    if not url:
        return _sqlite(home() / "xinheng.sqlite3", wait_seconds)
    try:
        parts = urlparse(url)
        port = str(parts.port or "")
    except ValueError as error:  # the address itself stays unsaid: there may be a password in it
        raise BadSetting(f"DATABASE_URL: {error}. 不是有效的数据库地址。") from None
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)), wait_seconds)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(f"DATABASE_URL: {parts.scheme}:// is neither postgresql:// nor sqlite://. 两者皆非。")
    options = dict(parse_qsl(parts.query))
    options["options"] = f"{options.get('options', '')} -c lock_timeout={wait_seconds * 1000}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path, wait_seconds: int) -> dict[str, object]:
    if path.parent == home():
        make()
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
