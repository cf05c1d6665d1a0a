"""Books to measure on: a home and a database, copied where several measurements begin alike, removed at the end."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Books:
    """One home with one database; ``url`` is empty on SQLite."""

    place: Path
    name: str
    server: str = ""

    @property
    def url(self) -> str:
        return f"{self.server}/{self.name}" if self.server else ""

    @property
    def surroundings(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("XINHENG_", "DATABASE_URL"))}
        own = {"XINHENG_HOME": str(self.place / self.name), "DJANGO_SETTINGS_MODULE": "xinheng.site.settings"}
        return plain | own | ({"DATABASE_URL": self.url} if self.server else {})

    def ask(self, part: str, **words: Any) -> Any:
        """What a part of parts.py answers about these books, in a process of its own."""
        with self.start(part, **words) as process:
            out, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{part} {words}: exit {process.returncode}")
        return json.loads(out.strip().splitlines()[-1])

    def start(self, part: str, **words: Any) -> subprocess.Popen[str]:
        """Start a part; it ends when its standard input is closed, if it is one that goes on."""
        command = [sys.executable, "-m", "benchmarks.parts", part, json.dumps(words)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def copy(self, name: str) -> "Books":
        """The same books once more; nobody works in these meanwhile."""
        made = Books(self.place, name, self.server)
        shutil.copytree(self.place / self.name, self.place / name)
        if self.server:
            _administer(self.server, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return made

    def remove(self) -> None:
        shutil.rmtree(self.place / self.name, ignore_errors=True)
        if self.server:
            _administer(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")


def make(place: Path, name: str, server: str) -> Books:
    """Empty books."""
    if server:
        _administer(server, f"CREATE DATABASE {name}")
    made = Books(place, name, server)
    made.ask("found")
    return made


def _administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def servers(engines: list[str]) -> Iterator[dict[str, str]]:
    """Engine → server address ("" for SQLite); PostgreSQL waits for the disk, as in production."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import postgres

    found = dict.fromkeys(engines, "")
    if "postgresql" not in found:
        yield found
        return
    with postgres.cluster(durable=True) as server:
        os.environ.update(server.environment)
        yield found | {"postgresql": server.url}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for homes and files, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="xinheng-bench-") as place:
        yield Path(place)
